"""Boosted trees: xgboost and lightgbm as onnxmltools writes them, catboost as it writes itself."""

import os
import tempfile

import onnx

from data import table
from registry import Export, export


def float_input(t):
    from onnxmltools.convert.common.data_types import FloatTensorType

    return [("input", FloatTensorType([None, t.x.shape[1]]))]


def xgboost_model(data, name, **arguments):
    import onnxmltools
    import xgboost

    t = table(data)
    booster = getattr(xgboost, name)(n_estimators=8, max_depth=3, **arguments)
    extra = {"group": [20] * (t.cut // 20)} if name == "XGBRanker" else {}
    rows = t.cut // 20 * 20 if name == "XGBRanker" else t.cut
    booster.fit(t.train_x[:rows], t.train_y[:rows], **extra)
    if name == "XGBRanker":
        booster = booster.get_booster()  # onnxmltools knows the scores, not the class
    return Export(onnxmltools.convert_xgboost(booster, initial_types=float_input(t)), [t.train_x], [t.test_x])


def lightgbm_model(data, name, **arguments):
    import lightgbm
    import onnxmltools

    t = table(data)
    booster = getattr(lightgbm, name)(n_estimators=8, num_leaves=8, verbose=-1, random_state=0, **arguments)
    booster.fit(t.train_x, t.train_y)
    zipped = {"zipmap": False} if name == "LGBMClassifier" else {}
    return Export(
        onnxmltools.convert_lightgbm(booster, initial_types=float_input(t), **zipped), [t.train_x], [t.test_x]
    )


def catboost_model(data, name, **arguments):
    import catboost

    t = table(data)
    booster = getattr(catboost, name)(
        iterations=8, depth=3, verbose=False, random_seed=0, allow_writing_files=False, **arguments
    )
    booster.fit(t.train_x, t.train_y)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        booster.save_model(path, format="onnx")
        return Export(onnx.load(path), [t.train_x], [t.test_x])


for family, make, rows in (
    (
        "xgboost",
        xgboost_model,
        [
            ("XGBClassifier", "breast_cancer", {}),
            ("XGBClassifier", "wine", {}),
            ("XGBRegressor", "macro", {}),
            ("XGBRegressor", "visits", {"objective": "count:poisson"}),
            ("XGBRegressor", "cars", {"objective": "reg:gamma"}),
        ],
    ),
    (
        "lightgbm",
        lightgbm_model,
        [
            ("LGBMClassifier", "breast_cancer", {}),
            ("LGBMClassifier", "weather", {}),
            ("LGBMRegressor", "macro", {}),
            ("LGBMRegressor", "visits", {"objective": "poisson"}),
        ],
    ),
    (
        "catboost",
        catboost_model,
        [("CatBoostClassifier", "fair", {}), ("CatBoostClassifier", "wine", {}), ("CatBoostRegressor", "macro", {})],
    ),
):
    for name, data, arguments in rows:
        export(family, f"{name}{' ' + arguments['objective'] if arguments else ''}, {data}")(
            lambda make=make, name=name, data=data, arguments=arguments: make(data, name, **arguments)
        )
