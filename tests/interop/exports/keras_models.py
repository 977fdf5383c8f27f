"""Small Keras networks as Keras writes them."""

import os
import tempfile

import onnx

from data import table
from registry import Export, export


def written(make, data, shape, scores=0):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    t = table(data)
    keras.utils.set_random_seed(1)
    net = make(keras)
    net.compile("adam", "sparse_categorical_crossentropy")
    train, test = t.train_x.reshape(-1, *shape), t.test_x.reshape(-1, *shape)
    net.fit(train[:300], t.train_y[:300], epochs=8, verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        net.export(path, format="onnx", verbose=False)
        return Export(onnx.load(path), [train], [test], scores)


@export("keras", "Dense with Normalization, wine")
def dense():
    def make(keras):
        normal = keras.layers.Normalization()
        normal.adapt(table("wine").train_x)
        return keras.Sequential(
            [keras.Input((13,)), normal, keras.layers.Dense(8, "swish"), keras.layers.Dense(3, "softmax")]
        )

    return written(make, "wine", (13,))


@export("keras", "Conv2D, digits")
def conv():
    def make(keras):
        layers = keras.layers
        return keras.Sequential(
            [
                keras.Input((8, 8, 1)),
                layers.Rescaling(1 / 16),
                layers.Conv2D(4, 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.Flatten(),
                layers.Dense(10, "softmax"),
            ]
        )

    return written(make, "digits", (8, 8, 1))


@export("keras", "LSTM over lines, digits")
def lstm():
    def make(keras):
        return keras.Sequential([keras.Input((8, 8)), keras.layers.LSTM(4), keras.layers.Dense(10, "softmax")])

    return written(make, "digits", (8, 8))
