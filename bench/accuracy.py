"""`python train.py`: trains what a link says until its test is good enough, with all images in memory and no transforms but those of
the link, which is the fastest that PyTorch does it. The network's source comes on standard input, a JSON line goes out.

    python bench/accuracy.py --data FOLDER --threads 2 LINK < network.py
"""
import argparse
import json
import sys
from pathlib import Path

import torch

from exercises import checked, trained

parser = argparse.ArgumentParser()
parser.add_argument('--data', type=Path, required=True)
parser.add_argument('--threads', type=int, required=True)
parser.add_argument('--seed', type=int, default=1)
parser.add_argument('link')
options = parser.parse_args()
torch.set_num_threads(options.threads)
accuracy, epochs = trained(sys.stdin.read(), checked(options.link), options.seed, options.data)
print(json.dumps({'accuracy': accuracy, 'epochs': epochs}))
