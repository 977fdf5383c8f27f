"""scikit-learn's estimators as skl2onnx writes them, on tables as they come."""

import numpy as np

from data import Table, table
from registry import EXACT, Export, export


def converted(estimator, t, options=None):
    import onnx.helper
    from skl2onnx import to_onnx

    if options is None and hasattr(estimator, "predict_proba") and hasattr(estimator, "classes_"):
        options = {id(estimator): {"zipmap": False}}

    def plain(value):
        """skl2onnx hands numpy's numbers, which onnx does not take since 1.20."""
        if isinstance(value, (np.ndarray, list)) and len(value) and isinstance(value[0], (np.generic, int)):
            return np.array(value).tolist()
        return value

    make = onnx.helper.make_attribute
    onnx.helper.make_attribute = lambda key, value, *rest, **more: make(key, plain(value), *rest, **more)
    try:
        model = to_onnx(estimator, t.train_x[:1], options=options, target_opset={"": 18, "ai.onnx.ml": 3})
    finally:
        onnx.helper.make_attribute = make
    return Export(model, [t.train_x], [t.test_x])


def fitted(data, make):
    t = table(data)
    return converted(make().fit(t.train_x, t.train_y), t)


def add(name, data, make):
    export("scikit-learn", f"{name}, {data}")(lambda: fitted(data, make))


def scaled(step):
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), step)


def of(module, name, **arguments):
    def make():
        import importlib

        return getattr(importlib.import_module("sklearn." + module), name)(**arguments)

    return make


# Classifiers that multiply and compare
add("LogisticRegression", "breast_cancer", of("linear_model", "LogisticRegression", max_iter=5000))
add("LogisticRegression", "wine", of("linear_model", "LogisticRegression", max_iter=5000))
add("SGDClassifier", "breast_cancer", of("linear_model", "SGDClassifier", random_state=0, loss="log_loss"))
add("Perceptron", "iris", of("linear_model", "Perceptron", random_state=0))
add("RidgeClassifier", "digits", of("linear_model", "RidgeClassifier"))
add("LinearSVC", "wine", of("svm", "LinearSVC", max_iter=20000))
add("LinearDiscriminantAnalysis", "wine", of("discriminant_analysis", "LinearDiscriminantAnalysis"))
add("QuadraticDiscriminantAnalysis", "iris", of("discriminant_analysis", "QuadraticDiscriminantAnalysis"))
add("QuadraticDiscriminantAnalysis", "wine", of("discriminant_analysis", "QuadraticDiscriminantAnalysis"))
add("SVC rbf", "wine", of("svm", "SVC"))
add("SVC poly", "iris", of("svm", "SVC", kernel="poly", degree=2))
add("SVC linear", "breast_cancer", of("svm", "SVC", kernel="linear"))
add("SVC sigmoid scaled", "iris", lambda: scaled(of("svm", "SVC", kernel="sigmoid")()))
add("SVR rbf", "cars", of("svm", "SVR", C=100))
add("NuSVR linear", "diabetes", of("svm", "NuSVR", kernel="linear"))
add("OneClassSVM", "wine", of("svm", "OneClassSVM", nu=0.2))
add("GaussianNB", "wine", of("naive_bayes", "GaussianNB"))
add("GaussianNB", "iris", of("naive_bayes", "GaussianNB"))
add("MultinomialNB", "digits", of("naive_bayes", "MultinomialNB"))
add("BernoulliNB", "digits", of("naive_bayes", "BernoulliNB", binarize=8.0))
add(
    "MLPClassifier scaled",
    "breast_cancer",
    lambda: scaled(of("neural_network", "MLPClassifier", hidden_layer_sizes=(8,), max_iter=300, random_state=0)()),
)
add(
    "MLPClassifier tanh",
    "digits",
    of("neural_network", "MLPClassifier", hidden_layer_sizes=(12,), activation="tanh", max_iter=100, random_state=0),
)
add(
    "MLPRegressor", "cars", of("neural_network", "MLPRegressor", hidden_layer_sizes=(8,), max_iter=2000, random_state=0)
)
add("KNeighborsClassifier", "iris", of("neighbors", "KNeighborsClassifier"))
add("KNeighborsClassifier", "wine", of("neighbors", "KNeighborsClassifier", n_neighbors=3))
add("KNeighborsRegressor distance", "cars", of("neighbors", "KNeighborsRegressor", weights="distance"))

# Trees
add("DecisionTreeClassifier", "breast_cancer", of("tree", "DecisionTreeClassifier", random_state=0))
add("DecisionTreeRegressor", "diabetes", of("tree", "DecisionTreeRegressor", max_depth=5, random_state=0))
add(
    "RandomForestClassifier",
    "digits",
    of("ensemble", "RandomForestClassifier", n_estimators=5, max_depth=6, random_state=0),
)
add(
    "RandomForestRegressor",
    "visits",
    of("ensemble", "RandomForestRegressor", n_estimators=5, max_depth=5, random_state=0),
)
add("ExtraTreesClassifier", "wine", of("ensemble", "ExtraTreesClassifier", n_estimators=8, max_depth=5, random_state=0))
add(
    "GradientBoostingClassifier",
    "breast_cancer",
    of("ensemble", "GradientBoostingClassifier", n_estimators=10, random_state=0),
)
add("GradientBoostingRegressor", "macro", of("ensemble", "GradientBoostingRegressor", n_estimators=10, random_state=0))
add(
    "HistGradientBoostingClassifier",
    "iris",
    of("ensemble", "HistGradientBoostingClassifier", max_iter=5, random_state=0),
)
add(
    "HistGradientBoostingRegressor", "cars", of("ensemble", "HistGradientBoostingRegressor", max_iter=8, random_state=0)
)
add("AdaBoostClassifier", "iris", of("ensemble", "AdaBoostClassifier", n_estimators=5, random_state=0))
add("AdaBoostRegressor", "diabetes", of("ensemble", "AdaBoostRegressor", n_estimators=5, random_state=0))
add("BaggingClassifier", "wine", of("ensemble", "BaggingClassifier", n_estimators=5, random_state=0))
add("IsolationForest", "iris", of("ensemble", "IsolationForest", n_estimators=5, max_samples=32, random_state=0))


def linear_support_vectors(model, row):
    """Products of 10^7 sum to 10 here: single precision leaves up to 40 % of the sum to chance."""
    attributes = {a.name: np.array(a.floats, np.float64) for a in model.graph.node[0].attribute}
    coefficients = attributes["coefficients"]
    weights = coefficients @ attributes["support_vectors"].reshape(len(coefficients), -1)
    score = weights @ row[0].astype(np.float64) + attributes["rho"][0]
    return [np.array([0 if score > 0 else 1]), np.array([[-score, score]])]


EXACT["SVC linear, breast_cancer"] = linear_support_vectors


@export("scikit-learn", "VotingClassifier soft, wine")
def voting():
    from sklearn.ensemble import VotingClassifier

    parts = [
        ("nb", of("naive_bayes", "GaussianNB")()),
        ("tree", of("tree", "DecisionTreeClassifier", max_depth=3)()),
        ("lr", of("linear_model", "LogisticRegression", max_iter=5000)()),
    ]
    return fitted("wine", lambda: VotingClassifier(parts, voting="soft", flatten_transform=False))


@export("scikit-learn", "StackingRegressor, diabetes")
def stacking():
    from sklearn.ensemble import StackingRegressor

    parts = [("tree", of("tree", "DecisionTreeRegressor", max_depth=3)()), ("ridge", of("linear_model", "Ridge")())]
    return fitted(
        "diabetes", lambda: StackingRegressor(parts, final_estimator=of("linear_model", "LinearRegression")())
    )


@export("scikit-learn", "CalibratedClassifierCV, breast_cancer")
def calibrated():
    from sklearn.calibration import CalibratedClassifierCV

    return fitted(
        "breast_cancer", lambda: CalibratedClassifierCV(of("tree", "DecisionTreeClassifier", max_depth=3)(), cv=2)
    )


@export("scikit-learn", "OneVsRestClassifier, wine")
def one_vs_rest():
    from sklearn.multiclass import OneVsRestClassifier

    return fitted("wine", lambda: OneVsRestClassifier(of("linear_model", "LogisticRegression", max_iter=5000)()))


@export("scikit-learn", "LogisticRegression, iris by name")
def text_labels():
    t = table("iris")
    names = np.array(["setosa", "versicolor", "virginica"])
    return converted(of("linear_model", "LogisticRegression", max_iter=500)().fit(t.train_x, names[t.train_y]), t)


@export("scikit-learn", "LogisticRegression with ZipMap, iris")
def zip_map():
    t = table("iris")
    return converted(of("linear_model", "LogisticRegression", max_iter=500)().fit(t.train_x, t.train_y), t, options={})


# Regressors
add("LinearRegression", "macro", of("linear_model", "LinearRegression"))
add("Ridge", "diabetes", of("linear_model", "Ridge"))
add("Lasso", "macro", of("linear_model", "Lasso", max_iter=50000))
add("ElasticNet", "cars", of("linear_model", "ElasticNet"))
add("HuberRegressor", "diabetes", of("linear_model", "HuberRegressor", max_iter=5000))
add("QuantileRegressor", "cars", of("linear_model", "QuantileRegressor", quantile=0.8, alpha=0))
add("PoissonRegressor", "visits", of("linear_model", "PoissonRegressor", max_iter=2000))
add("TweedieRegressor", "diabetes", of("linear_model", "TweedieRegressor", power=1.5, link="log", max_iter=5000))
add("BayesianRidge", "cars", of("linear_model", "BayesianRidge"))
add("RANSACRegressor", "macro", of("linear_model", "RANSACRegressor", random_state=0))
add("PLSRegression", "macro", of("cross_decomposition", "PLSRegression"))


@export("scikit-learn", "GaussianProcessRegressor, cars")
def gaussian_process():
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel

    t = table("cars")
    small = Table(t.x[:80], t.y[:80])
    kernel = ConstantKernel(400.0) * RBF([100.0, 50.0, 1000.0, 5.0, 4.0])
    return converted(
        GaussianProcessRegressor(kernel, alpha=4.0, optimizer=None, normalize_y=True).fit(small.train_x, small.train_y),
        small,
    )


# What prepares data
add("PCA", "breast_cancer", of("decomposition", "PCA", n_components=4))
add("TruncatedSVD", "digits", of("decomposition", "TruncatedSVD", n_components=5))
add("KernelPCA rbf", "iris", of("decomposition", "KernelPCA", n_components=3, kernel="rbf"))
add("StandardScaler", "macro", of("preprocessing", "StandardScaler"))
add("MinMaxScaler", "wine", of("preprocessing", "MinMaxScaler"))
add("RobustScaler", "diabetes", of("preprocessing", "RobustScaler"))
add("Normalizer", "cars", of("preprocessing", "Normalizer"))
add("PowerTransformer", "cars", of("preprocessing", "PowerTransformer"))
add("QuantileTransformer", "iris", of("preprocessing", "QuantileTransformer", n_quantiles=20))
add("KBinsDiscretizer", "cars", of("preprocessing", "KBinsDiscretizer", n_bins=4, encode="ordinal"))
add("KMeans", "wine", of("cluster", "KMeans", n_clusters=3, n_init=2, random_state=0))
add("MiniBatchKMeans", "iris", of("cluster", "MiniBatchKMeans", n_clusters=3, n_init=2, random_state=0))
add("GaussianMixture", "iris", of("mixture", "GaussianMixture", n_components=3, random_state=0))
add("LocalOutlierFactor", "iris", of("neighbors", "LocalOutlierFactor", n_neighbors=5, novelty=True))


@export("scikit-learn", "SimpleImputer, PolynomialFeatures, Ridge, cars")
def polynomial():
    from sklearn.pipeline import make_pipeline

    return fitted(
        "cars",
        lambda: make_pipeline(
            of("impute", "SimpleImputer", strategy="median")(),
            of("preprocessing", "PolynomialFeatures", degree=2)(),
            of("linear_model", "Ridge")(),
        ),
    )


@export("scikit-learn", "KNNImputer, iris")
def knn_imputer():
    t = table("iris")
    return converted(of("impute", "KNNImputer", n_neighbors=2)().fit(t.train_x[:30]), t)


@export("scikit-learn", "ColumnTransformer, OneHotEncoder, LogisticRegression, fair")
def columns():
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import make_pipeline

    t = table("fair")
    prepare = ColumnTransformer(
        [
            ("code", of("preprocessing", "OneHotEncoder", handle_unknown="ignore")(), [6, 7]),
            ("scale", of("preprocessing", "StandardScaler")(), [0, 1, 2, 3, 4, 5]),
        ]
    )
    return converted(
        make_pipeline(prepare, of("linear_model", "LogisticRegression", max_iter=2000)()).fit(t.train_x, t.train_y), t
    )


@export("scikit-learn", "SelectKBest, GradientBoostingClassifier, weather")
def selected():
    from sklearn.pipeline import make_pipeline

    return fitted(
        "weather",
        lambda: make_pipeline(
            of("feature_selection", "SelectKBest", k=3)(),
            of("ensemble", "GradientBoostingClassifier", n_estimators=3, max_depth=2, random_state=0)(),
        ),
    )
