"""Small torch networks, trained for a moment, as both exporters write them."""

import logging
import os
import tempfile
import warnings

import numpy as np
import onnx

from data import sunspots, table, temperatures, windows
from registry import Export, export


def written(net, example, dynamo, inputs=("input",)):
    """The ONNX model of a network."""
    import torch

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = os.path.join(folder, "model.onnx")
        arguments = dict(input_names=list(inputs), output_names=["output"])
        torch.backends.mha.set_fastpath_enabled(False)  # one operator of torch's own, which TorchScript cannot write
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        with torch.no_grad():
            if dynamo:
                torch.onnx.export(net, example, path, dynamo=True, verbose=False, external_data=False, **arguments)
            else:
                torch.onnx.export(
                    net, example, path, dynamo=False, dynamic_axes={n: {0: "batch_size"} for n in inputs}, **arguments
                )
        return onnx.load(path)


def trained(make, x, y, loss, steps=150, rate=0.01):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(3)
    net = make()
    x, y = torch.tensor(x), torch.tensor(y)
    optimizer = torch.optim.Adam(net.parameters(), rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss(net(x), y).backward()
        optimizer.step()
    return net.eval()


def classifier(make, data, shape, dynamo, integer=False, steps=150):
    import torch

    t = table(data)
    kind = np.int64 if integer else np.float32
    train, test = t.train_x.reshape(-1, *shape).astype(kind), t.test_x.reshape(-1, *shape).astype(kind)
    net = trained(make, train[:300], t.train_y[:300].astype(np.int64), torch.nn.CrossEntropyLoss(), steps)
    return Export(written(net, (torch.tensor(train[:1]),), dynamo), [train], [test], scores=0)


def forecaster(make, series, length, dynamo, shape=lambda rows: rows):
    """The next value of a series from those before it."""
    import torch

    given, held_out = windows(series, length + 1)
    x, y, test = shape(given[:, :-1]), given[:, -1:], shape(held_out[:, :-1])
    net = trained(make, x[:200], y[:200], torch.nn.MSELoss(), rate=0.02)
    return Export(written(net, (torch.tensor(x[:1]),), dynamo), [x], [test])


def mlp():
    from torch import nn

    return nn.Sequential(nn.BatchNorm1d(30), nn.Linear(30, 8), nn.ReLU(), nn.Linear(8, 2), nn.Softmax(-1))


def raw_mlp():
    from torch import nn

    return nn.Sequential(nn.Linear(13, 8), nn.ELU(), nn.Linear(8, 3))


def cnn():
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3),
        nn.SiLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 10),
    )


def norm_gelu():
    from torch import nn

    return nn.Sequential(nn.Linear(13, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3), nn.LogSoftmax(-1))


def recurrent(kind):
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = getattr(nn, kind)(1, 4, batch_first=True)
            self.head = nn.Linear(4, 1)

        def forward(self, x):
            return self.head(self.cell(x)[0][:, -1])

    return Net


def transformer():
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Linear(8, 8)
            self.layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, activation="gelu", batch_first=True)
            self.head = nn.Linear(8, 10)

        def forward(self, x):
            return self.head(self.layer(self.embed(x)).mean(1))

    return Net()


def attention():
    """Causal attention over a window."""
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Linear(1, 4)
            self.qkv = nn.Linear(4, 12)
            self.head = nn.Linear(4, 1)
            self.register_buffer("mask", torch.full((8, 8), float("-inf")).triu(1))

        def forward(self, x):
            h = self.embed(x / 100)
            q, k, v = self.qkv(h).chunk(3, -1)
            h = h + torch.softmax(q @ k.transpose(1, 2) / 2 + self.mask, -1) @ v
            return 100 * self.head(h[:, -1])

    return Net()


def embedding():
    """Digits' pixels as words of a vocabulary of 17."""
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(17, 4)
            self.head = nn.Linear(64 * 4, 10)

        def forward(self, x):
            return self.head(self.words(x).flatten(1))

    return Net()


def convolution_1d():
    from torch import nn

    return nn.Sequential(
        nn.Conv1d(1, 4, 5),
        nn.Hardswish(),
        nn.AvgPool1d(2),
        nn.Conv1d(4, 4, 3, dilation=2),
        nn.Mish(),
        nn.Flatten(),
        nn.LazyLinear(1),
    )


def autoencoder():
    from torch import nn

    return nn.Sequential(nn.Linear(64, 8), nn.Tanh(), nn.Linear(8, 64), nn.Softplus())


def as_sequence(rows):
    return rows[:, :, None]


def as_channel(rows):
    return rows[:, None, :]


for dynamo in (False, True):
    which = "dynamo" if dynamo else "TorchScript"

    def both(name, maker, which=which):
        export(f"torch, {which}", f"{name}, {which}")(maker)

    both("BatchNorm MLP, breast_cancer", lambda d=dynamo: classifier(mlp, "breast_cancer", (30,), d))
    both("ELU MLP, wine", lambda d=dynamo: classifier(raw_mlp, "wine", (13,), d))
    both("CNN, digits", lambda d=dynamo: classifier(cnn, "digits", (1, 8, 8), d))
    both("LayerNorm GELU, wine", lambda d=dynamo: classifier(norm_gelu, "wine", (13,), d))
    both("transformer encoder, digits", lambda d=dynamo: classifier(transformer, "digits", (8, 8), d))
    both("Embedding, digits", lambda d=dynamo: classifier(embedding, "digits", (64,), d, integer=True, steps=60))
    both("causal attention, sunspots", lambda d=dynamo: forecaster(attention, sunspots(), 8, d, as_sequence))
    both("Conv1d Hardswish Mish, sunspots", lambda d=dynamo: forecaster(convolution_1d, sunspots(), 20, d, as_channel))
    for kind in ("RNN", "LSTM", "GRU"):
        both(
            f"{kind}, temperatures",
            lambda d=dynamo, kind=kind: forecaster(recurrent(kind), temperatures()[:600], 6, d, as_sequence),
        )


@export("torch, dynamo", "autoencoder, digits")
def encoded():
    import torch

    t = table("digits")
    net = trained(autoencoder, t.train_x[:300], t.train_x[:300], torch.nn.MSELoss())
    return Export(written(net, (torch.tensor(t.train_x[:1]),), True), [t.train_x], [t.test_x])
