"""What a playground opens, as the text of a link. What its keys mean, and which values they may have, the playground says."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

__all__ = ["link_text"]


def link_text(link: str = "", choices: Mapping[str, object] | None = None) -> str:
    """A link's text with further choices in it.

    ``link`` is a whole address, the part from its ``#`` on, or the text behind that. Of ``choices``, ``None`` takes a
    key out; truth values are ``on`` and ``off``, and lists have commas, as in every link of the playground.
    """
    said = dict(parse_qsl(link.partition("#")[2] if "#" in link else link, keep_blank_values=True))
    for key, value in (choices or {}).items():
        if value is None:
            said.pop(key, None)
        else:
            said[key] = _text(value)
    said.pop("embed", None)
    said.pop("v", None)
    return urlencode({"v": "1", **said}, safe=",")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (list, tuple)):
        return ",".join(_text(one) for one in value)
    return str(value)
