"""Small networks trained and exported by PyTorch: an LSTM, a GRU, a MobileNet-style CNN and a GPT-style decoder of 4 layers.

Needs (PyPI): torch, onnx, numpy, scikit-learn.

    python3 train_networks.py [NAME ...]
"""
import io
import math
import sys

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

from common import write

KEPT = 16


def fit(model, x, y, epochs, rate=0.01, batch=64):
    optimizer = torch.optim.Adam(model.parameters(), rate)
    for _ in range(epochs):
        for part in torch.randperm(len(x)).split(batch):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[part]), y[part]).backward()
            optimizer.step()
    model.eval()


def export(name, model, x, y, opset=17):
    with torch.no_grad():
        answers = torch.cat([model(s[None]) for s in x]).argmax(dim=1)
    buffer = io.BytesIO()
    torch.onnx.export(model, (x[:1],), buffer, opset_version=opset, input_names=["input"], output_names=["scores"],
                      dynamo=False)
    write(name, buffer.getvalue(), x[:KEPT].numpy(), answers[:KEPT], (answers == y).float().mean().item())


class Recurrent(nn.Module):
    """Reads a sequence, answers from the last hidden state."""

    def __init__(self, kind, features, hidden, classes):
        super().__init__()
        self.cell = kind(features, hidden, batch_first=True)
        self.head = nn.Linear(hidden, classes)

    def forward(self, x):
        states, _ = self.cell(x)
        return self.head(states[:, -1])


def waves(count):
    """Noisy sines, saw teeth and square waves, 12 steps each: which of the three is it?"""
    rng = np.random.default_rng(5)
    kinds = rng.integers(0, 3, count)
    phase = rng.uniform(0, 1, (count, 1)) + np.arange(12) / 6
    shapes = [np.sin(2 * math.pi * phase), 2 * (phase % 1) - 1, np.sign(np.sin(2 * math.pi * phase))]
    x = np.choose(kinds[:, None], shapes) + rng.normal(0, 0.1, (count, 12))
    return torch.tensor(x[:, :, None], dtype=torch.float32), torch.tensor(kinds)


def recurrent(name, kind):
    x, y = waves(1200)
    model = Recurrent(kind, 1, 6, 3)
    fit(model, x[:1000], y[:1000], 60, 0.02)
    export(name, model, x[1000:], y[1000:])


class Separable(nn.Sequential):
    """Depthwise 3x3 convolution, then a pointwise one, each with batch normalization and ReLU6."""

    def __init__(self, channels, out, stride):
        super().__init__(
            nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False), nn.BatchNorm2d(channels),
            nn.ReLU6(), nn.Conv2d(channels, out, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU6())


def mobilenet():
    data = load_digits()
    x = torch.tensor(data.images / 16, dtype=torch.float32)[:, None]
    y = torch.tensor(data.target)
    model = nn.Sequential(nn.Conv2d(1, 6, 3, 1, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU6(), Separable(6, 12, 2),
                          Separable(12, 16, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))
    fit(model, x[:1500], y[:1500], 40)
    export("mobilenet", model, x[1500:], y[1500:])


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x, mask):
        batch, steps, width = x.shape
        q, k, v = (t.view(batch, steps, self.heads, -1).transpose(1, 2) for t in self.qkv(self.norm1(x)).chunk(3, -1))
        scores = q @ k.transpose(-1, -2) / math.sqrt(width // self.heads) + mask
        x = x + self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, steps, width))
        return x + self.down(nn.functional.gelu(self.up(self.norm2(x))))


class Decoder(nn.Module):
    """GPT-style: token and position embeddings, blocks under a causal mask, scores of the next token."""

    def __init__(self, tokens=8, steps=6, width=8, heads=2, layers=4):
        super().__init__()
        self.token, self.position = nn.Embedding(tokens, width), nn.Parameter(torch.randn(steps, width) * 0.1)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, tokens)
        self.register_buffer("mask", torch.triu(torch.full((steps, steps), -8.0), 1))

    def forward(self, ids):
        x = self.token(ids) + self.position
        for block in self.blocks:
            x = block(x, self.mask)
        return self.head(self.norm(x))[:, -1]


def gpt():
    """Sequences that count upwards by a fixed step modulo 8: the next token follows from the last two."""
    rng = np.random.default_rng(9)
    start, step = rng.integers(0, 8, (1200, 1)), rng.integers(1, 8, (1200, 1))
    run = torch.tensor((start + step * np.arange(7)) % 8)
    x, y = run[:, :6].contiguous(), run[:, 6]
    model = Decoder()
    fit(model, x[:1000], y[:1000], 80, 0.005)
    export("gpt", model, x[1000:], y[1000:])


JOBS = {"lstm": lambda: recurrent("lstm", nn.LSTM), "gru": lambda: recurrent("gru", nn.GRU), "mobilenet": mobilenet,
        "gpt": gpt}


def main():
    for name in sys.argv[1:] or JOBS:
        torch.manual_seed(4)
        JOBS[name]()


if __name__ == "__main__":
    main()
