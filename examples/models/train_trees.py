"""Trees straight from their libraries' own exporters: scikit-learn, XGBoost and LightGBM.

Needs (PyPI): numpy, scikit-learn, skl2onnx, onnxmltools, xgboost, lightgbm, onnx.

    python3 train_trees.py
"""
import numpy as np
import onnxmltools
from lightgbm import LGBMClassifier
from onnxmltools.convert.common.data_types import FloatTensorType as ToolsFloat
from skl2onnx import to_onnx
from sklearn.datasets import load_iris, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from common import write

KEPT = 32  # samples of the test set that are kept


def split(data):
    x, y = data(return_X_y=True)
    return train_test_split(x.astype(np.float32), y, test_size=0.4, random_state=3)


def finish(name, classifier, test, answers, onnx_model):
    write(name, onnx_model.SerializeToString(), test[0][:KEPT], answers[:KEPT], (answers == test[1]).mean())


def main():
    train_x, test_x, train_y, test_y = split(load_iris)
    test = (test_x, test_y)
    for name, c in (("decision_tree", DecisionTreeClassifier(max_depth=4, random_state=1)),
                    ("random_forest", RandomForestClassifier(n_estimators=6, max_depth=4, random_state=1))):
        c.fit(train_x, train_y)
        model = to_onnx(c, train_x[:1], options={"zipmap": False})
        finish(name, c, test, c.predict(test_x), model)

    c = XGBClassifier(n_estimators=4, max_depth=3, learning_rate=0.5, random_state=1)
    c.fit(train_x, train_y)
    model = onnxmltools.convert_xgboost(c, initial_types=[("input", ToolsFloat([1, train_x.shape[1]]))], target_opset=15)
    finish("xgboost", c, test, c.predict(test_x), model)

    train_x, test_x, train_y, test_y = split(load_wine)
    c = LGBMClassifier(n_estimators=4, max_depth=3, num_leaves=6, learning_rate=0.5, random_state=1, verbose=-1)
    c.fit(train_x, train_y)
    model = onnxmltools.convert_lightgbm(c, initial_types=[("input", ToolsFloat([1, train_x.shape[1]]))],
                                         target_opset=15, zipmap=False)
    finish("lightgbm", c, (test_x, test_y), c.predict(test_x), model)


if __name__ == "__main__":
    main()
