"""Counts the parameters of every network beside this file with PyTorch, as counts.json."""

import json
import pathlib

import torch
from torch import nn

here = pathlib.Path(__file__).parent
counts = {}
for path in sorted((here / "networks").glob("*.py")):
    names = {"__name__": "network"}
    exec(compile(path.read_text().replace('.to("cuda")', ""), str(path), "exec"), names)
    found = {name: names[name] for name in ("net", "model") if isinstance(names.get(name), nn.Module)}
    if not found:
        found = {name: names[name]() for name in ("resnet20", "resnet29") if name in names}
    for name, network in found.items():
        output = network(torch.zeros(2, 3, 32, 32))
        counts[f"{path.stem}.{name}"] = {
            "parameters": sum(p.numel() for p in network.parameters()),
            "output": list(output.shape[1:]),
        }
(here / "counts.json").write_text(json.dumps(counts, indent=1) + "\n")
