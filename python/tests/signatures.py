"""Writes what torch.nn has, with the arguments of each layer, as ../src/torch.txt: run it where PyTorch is installed."""

import inspect
import pathlib

from torch import nn
from torch.nn import functional


def argument(parameter):
    """`name`, `:int` if it has to be whole, or `:int|str` if it may be a word too, and `=` if it may be left out."""
    kinds = inspect.Parameter
    if parameter.kind in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD):
        return "..."
    said = str(parameter.annotation)
    is_whole = "int" in said and "float" not in said
    kind = (":int|str" if "str" in said else ":int") if is_whole else ""
    after = "*" if parameter.kind is kinds.KEYWORD_ONLY else ""
    return f"{after}{parameter.name}{kind}{'' if parameter.default is kinds.empty else '='}"


def is_layer(value):
    return inspect.isclass(value) and issubclass(value, nn.Module)


names = [name for name in dir(nn) if not name.startswith("_")]
layers = [name for name in names if is_layer(getattr(nn, name))]
others = [name for name in names if name not in layers]
functions = [name for name in dir(functional) if not name.startswith("_") and name.islower() and callable(getattr(functional, name))]
lines = [f"nn {' '.join(others)}", f"functional {' '.join(functions)}"]
for name in layers:
    arguments = [argument(one) for one in inspect.signature(getattr(nn, name)).parameters.values()]
    lines.append(" ".join([name, *arguments]))
path = pathlib.Path(__file__).parent.parent / "src" / "torch.txt"
path.write_text("\n".join(lines) + "\n")
