import torch
from torch import nn


class BasicConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    def __init__(self, in_planes, n1x1, n3x3red, n3x3, n5x5red, n5x5, pool_planes):
        super().__init__()
        self.branch1 = BasicConv2d(in_planes, n1x1, kernel_size=1)
        self.branch2 = nn.Sequential(
            BasicConv2d(in_planes, n3x3red, kernel_size=1),
            BasicConv2d(n3x3red, n3x3, kernel_size=3, padding=1),
        )
        self.branch3 = nn.Sequential(
            BasicConv2d(in_planes, n5x5red, kernel_size=1),
            BasicConv2d(n5x5red, n5x5, kernel_size=5, padding=2),
        )
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), BasicConv2d(in_planes, pool_planes, kernel_size=1))

    def forward(self, x):
        branches = [self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)]
        return torch.cat(branches, 1)


class GoogLeNet(nn.Module):
    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.stem = BasicConv2d(3, 32, kernel_size=3, padding=1)
        self.a3 = Inception(32, 16, 16, 24, 4, 8, 8)
        self.b3 = Inception(56, 24, 24, 32, 8, 16, 16)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.a4 = Inception(88, 32, 24, 48, 8, 16, 16)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.4)
        self.fc = nn.Linear(112, num_classes)

    def forward(self, x):
        x = self.stem(x)
        x = self.b3(self.a3(x))
        x = self.a4(self.maxpool(x))
        x = torch.flatten(self.avgpool(x), 1)
        return self.fc(self.dropout(x))


net = GoogLeNet().to("cuda")
