"""Real data that packages ship, unscaled, as float32: nothing is fetched."""

import functools

import numpy as np

from registry import shuffled


class Table:
    """Rows of features and a target, shuffled; six tenths to learn from, the rest held out."""

    def __init__(self, x, y):
        self.x, self.y = shuffled(np.asarray(x, np.float32), np.asarray(y))
        self.cut = len(self.x) * 6 // 10

    train_x = property(lambda self: self.x[: self.cut])
    train_y = property(lambda self: self.y[: self.cut])
    test_x = property(lambda self: self.x[self.cut :])


@functools.lru_cache
def table(name):
    return globals()[name]()


def iris():
    from sklearn.datasets import load_iris

    return Table(*load_iris(return_X_y=True))


def wine():
    from sklearn.datasets import load_wine

    return Table(*load_wine(return_X_y=True))


def breast_cancer():
    from sklearn.datasets import load_breast_cancer

    return Table(*load_breast_cancer(return_X_y=True))


def digits():
    from sklearn.datasets import load_digits

    return Table(*load_digits(return_X_y=True))


def diabetes():
    from sklearn.datasets import load_diabetes

    return Table(*load_diabetes(return_X_y=True, scaled=False))


def statsmodels_frame(name):
    import statsmodels.api as sm

    return getattr(sm.datasets, name).load_pandas().data


def macro():
    """United States, by quarter: this quarter's figures (thousands of millions), next quarter's product."""
    frame = statsmodels_frame("macrodata")
    columns = ["realgdp", "realcons", "realinv", "realgovt", "realdpi", "cpi", "m1", "tbilrate", "unemp", "pop"]
    return Table(frame[columns].to_numpy()[:-1], frame["realgdp"].to_numpy(np.float32)[1:])


def fair():
    """Answers of 1,592 women; target: any affair."""
    frame = statsmodels_frame("fair")
    return Table(frame.drop(columns="affairs").to_numpy()[::4], (frame["affairs"] > 0).to_numpy(np.int64)[::4])


def visits():
    """RAND health insurance: visits to a doctor, a count."""
    frame = statsmodels_frame("randhie").dropna()
    return Table(frame.drop(columns="mdvis").to_numpy()[::10], frame["mdvis"].to_numpy(np.float32)[::10])


def vega_frame(name):
    import vega_datasets

    return getattr(vega_datasets.local_data, name)()


def cars():
    """Displacement (cubic inches), power, weight (lb), acceleration, cylinders; target: miles per gallon."""
    frame = vega_frame("cars").dropna()
    x = frame[["Displacement", "Horsepower", "Weight_in_lbs", "Acceleration", "Cylinders"]].to_numpy()
    return Table(x, frame["Miles_per_Gallon"].to_numpy(np.float32))


def weather():
    """Seattle by day: rain, highest, lowest, wind; target: kind of weather."""
    frame = vega_frame("seattle_weather")
    kinds = {k: i for i, k in enumerate(sorted(frame["weather"].unique()))}
    return Table(
        frame[["precipitation", "temp_max", "temp_min", "wind"]].to_numpy(),
        frame["weather"].map(kinds).to_numpy(np.int64),
    )


def windows(series, length, step=1):
    """Windows over a series, in order of time: the first six tenths are given, the rest held out."""
    series = np.asarray(series, np.float32)
    rows = np.stack([series[i : i + length] for i in range(0, len(series) - length + 1, step)])
    cut = len(rows) * 6 // 10
    return rows[:cut], rows[cut:]


def sunspots():
    return statsmodels_frame("sunspots")["SUNACTIVITY"].to_numpy()


def nile():
    return statsmodels_frame("nile")["volume"].to_numpy()


def stock_prices():
    """Five companies' prices, by month."""
    frame = vega_frame("stocks").pivot(index="date", columns="symbol", values="price").dropna()
    return frame.to_numpy(np.float32)


def temperatures():
    """Seattle, by hour."""
    return vega_frame("seattle_temps")["temp"].to_numpy()


def gdp():
    return statsmodels_frame("macrodata")["realgdp"].to_numpy()
