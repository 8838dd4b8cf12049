"""The CNN playground as a notebook's widget: ``Playground(lab="pixel-shuffle")``."""

from .widget import Playground, PlaygroundError

__all__ = ["Playground", "PlaygroundError"]
