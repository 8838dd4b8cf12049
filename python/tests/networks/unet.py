import torch
import torch.nn as nn


class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels, mid_channels=None):
        super().__init__()
        if not mid_channels:
            mid_channels = out_channels
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(mid_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.double_conv(x)


class UNet(nn.Module):
    def __init__(self, n_channels, width=8):
        super().__init__()
        self.inc = DoubleConv(n_channels, width)
        self.downs = nn.ModuleList()
        self.ups = nn.ModuleList()
        self.convs = nn.ModuleList()
        for i in range(2):
            self.downs.append(nn.Sequential(nn.MaxPool2d(2), DoubleConv(width * 2**i, width * 2 ** (i + 1))))
        for i in reversed(range(2)):
            self.ups.append(nn.ConvTranspose2d(width * 2 ** (i + 1), width * 2**i, kernel_size=2, stride=2))
            self.convs.append(DoubleConv(width * 2 ** (i + 1), width * 2**i))
        self.outc = nn.Conv2d(width, 1, kernel_size=1)

    def forward(self, x):
        skips = [self.inc(x)]
        for down in self.downs:
            skips.append(down(skips[-1]))
        x = skips.pop()
        for up, conv, skip in zip(self.ups, self.convs, skips[::-1]):
            x = conv(torch.cat([skip, up(x)], dim=1))
        return torch.sigmoid(self.outc(x))


net = UNet(n_channels=3)
