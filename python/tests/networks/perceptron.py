import torch
import torch.nn as nn


class Perceptron(nn.Module):
    """Batch normalization behind dense layers, which need no bias then."""

    def __init__(self, sizes=(64, 32), classes=10, p=0.2):
        super().__init__()
        layers, before = [], 3 * 32 * 32
        for size in sizes:
            layers += [nn.Linear(before, size, bias=False), nn.BatchNorm1d(size), nn.ReLU(inplace=True), nn.Dropout(p)]
            before = size
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(before, classes)

    def forward(self, x):
        return self.head(self.body(torch.flatten(x, 1)))


net = Perceptron()
