"""Statistics, sorting and aggregates as small ONNX graphs, written in ONNX's own text, on windows of real series."""

import numpy as np
import onnx.parser

from data import gdp, nile, stock_prices, sunspots, table, temperatures, windows
from registry import Export, export

HEAD = '<ir_version: 8, opset_import: ["" : 18]>\n'


def graph(text):
    model = onnx.parser.parse_model(HEAD + text)
    onnx.checker.check_model(model, full_check=True)
    return model


def add(name, series, text, length=32):
    """A window [32] of a series is a sample."""

    def make():
        given, held_out = windows(series(), length)
        return Export(graph(text), [given], [held_out])

    export("analytics", f"{name}, {series.__name__}")(make)


def add_prices(name, text):
    """A window [24, 5] of prices is a sample."""
    add(name, stock_prices, text, 24)


add("mean", gdp, "g (float[32] x) => (float[1] y) { y = ReduceMean (x) }")
add(
    "variance and standard deviation",
    nile,
    """g (float[32] x) => (float[1] v, float[1] s) {
  m = ReduceMean (x)  d = Sub (x, m)  e = Mul (d, d)  v = ReduceMean (e)  s = Sqrt (v) }""",
)
add(
    "sample variance of a product",
    gdp,
    """g (float[32] x) => (float[1] v) {
  m = ReduceMean (x)  d = Sub (x, m)  e = ReduceSumSquare (d)  n = Constant <value_float = 31.0> ()
  v = Div (e, n) }""",
)
add(
    "z-scores",
    sunspots,
    """g (float[32] x) => (float[32] z) {
  m = ReduceMean (x)  d = Sub (x, m)  e = Mul (d, d)  v = ReduceMean (e)  s = Sqrt (v)  z = Div (d, s) }""",
)
add(
    "min-max scaling",
    nile,
    """g (float[32] x) => (float[32] y) {
  lo = ReduceMin (x)  hi = ReduceMax (x)  a = Sub (x, lo)  b = Sub (hi, lo)  y = Div (a, b) }""",
)
add(
    "median by TopK",
    nile,
    """g (float[32] x) => (float[1] y) {
  k = Constant <value_ints = [32]> ()  s, i = TopK (x, k)
  a = Constant <value_ints = [15]> ()  b = Constant <value_ints = [16]> ()
  p = Gather (s, a)  q = Gather (s, b)  r = Add (p, q)  h = Constant <value_float = 0.5> ()  y = Mul (r, h) }""",
)
add(
    "quartiles by TopK",
    temperatures,
    """g (float[32] x) => (float[3] y) {
  k = Constant <value_ints = [32]> ()  s, i = TopK <largest = 0> (x, k)
  at = Constant <value_ints = [8, 16, 24]> ()  y = Gather (s, at) }""",
)
add(
    "order of values",
    sunspots,
    """g (float[32] x) => (int64[32] i) {
  k = Constant <value_ints = [32]> ()  s, i = TopK (x, k) }""",
)
add(
    "three largest",
    gdp,
    """g (float[32] x) => (float[3] s, int64[3] i) {
  k = Constant <value_ints = [3]> ()  s, i = TopK (x, k) }""",
)
add(
    "histogram",
    temperatures,
    """g (float[32] x) => (float[5] n) {
  edges = Constant <value = float[6, 1] {30, 40, 50, 60, 70, 80}> ()
  above = GreaterOrEqual (x, edges)  f = Cast <to = 1> (above)  axis = Constant <value_ints = [1]> ()
  c = ReduceSum <keepdims = 0> (f, axis)
  zero = Constant <value_ints = [0]> ()  one = Constant <value_ints = [1]> ()  five = Constant <value_ints = [5]> ()
  six = Constant <value_ints = [6]> ()  a = Slice (c, zero, five)  b = Slice (c, one, six)  n = Sub (a, b) }""",
)
add(
    "moving average",
    temperatures,
    """g (float[32] x) => (float[26] y) {
  s = Constant <value_ints = [1, 1, 32]> ()  a = Reshape (x, s)  b = AveragePool <kernel_shape = [7], strides = [1]> (a)
  t = Constant <value_ints = [26]> ()  y = Reshape (b, t) }""",
)
add(
    "exponential smoothing",
    sunspots,
    """g (float[32] x) => (float[1] y) {
  w = Constant <value = float[32, 1] {0.0002, 0.0002, 0.0003, 0.0004, 0.0006, 0.0008, 0.001, 0.0013, 0.0017, 0.0022,
  0.003,
    0.004, 0.005, 0.006, 0.008, 0.01, 0.013, 0.017, 0.02, 0.025, 0.03, 0.034, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09,
    0.1, 0.1,
    0.11, 0.12}> ()
  y = MatMul (x, w) }""",
)
add(
    "cumulative sum",
    gdp,
    """g (float[32] x) => (float[32] y) {
  axis = Constant <value_int = 0> ()  y = CumSum (x, axis) }""",
)
add(
    "growth rates",
    gdp,
    """g (float[32] x) => (float[31] y) {
  zero = Constant <value_ints = [0]> ()  one = Constant <value_ints = [1]> ()  last = Constant <value_ints = [31]> ()
  end = Constant <value_ints = [32]> ()  a = Slice (x, zero, last)  b = Slice (x, one, end)  d = Sub (b, a)
  y = Div (d, a) }""",
)
add(
    "log returns",
    nile,
    """g (float[32] x) => (float[31] y) {
  zero = Constant <value_ints = [0]> ()  one = Constant <value_ints = [1]> ()  last = Constant <value_ints = [31]> ()
  end = Constant <value_ints = [32]> ()  l = Log (x)  a = Slice (l, zero, last)  b = Slice (l, one, end)
  y = Sub (b, a) }""",
)
add(
    "autocorrelation",
    sunspots,
    """g (float[32] x) => (float[1] y) {
  m = ReduceMean (x)  d = Sub (x, m)  zero = Constant <value_ints = [0]> ()  one = Constant <value_ints = [1]> ()
  last = Constant <value_ints = [31]> ()  end = Constant <value_ints = [32]> ()  a = Slice (d, zero, last)
  b = Slice (d, one, end)  p = Mul (a, b)  s = ReduceSum (p)  q = ReduceSumSquare (d)  y = Div (s, q) }""",
)
add(
    "geometric and harmonic mean",
    nile,
    """g (float[32] x) => (float[1] a, float[1] b) {
  l = Log (x)  m = ReduceMean (l)  a = Exp (m)  r = Reciprocal (x)  s = ReduceMean (r)  b = Reciprocal (s) }""",
)
add(
    "skewness",
    nile,
    """g (float[32] x) => (float[1] y) {
  m = ReduceMean (x)  d = Sub (x, m)  e = Mul (d, d)  c = Mul (e, d)  v = ReduceMean (e)  t = ReduceMean (c)
  s = Sqrt (v)  u = Mul (v, s)  y = Div (t, u) }""",
)
add(
    "entropy of shares",
    sunspots,
    """g (float[32] x) => (float[1] h) {
  one = Constant <value_float = 1.0> ()  a = Add (x, one)  s = ReduceSum (a)  p = Div (a, s)  l = Log (p)
  t = Mul (p, l)
  r = ReduceSum (t)  h = Neg (r) }""",
)
add(
    "trend by least squares",
    gdp,
    """g (float[32] x) => (float[1] slope, float[1] start) {
  zero = Constant <value_float = 0.0> ()  n = Constant <value_float = 32.0> ()  one = Constant <value_float = 1.0> ()
  t = Range (zero, n, one)  mt = ReduceMean (t)  mx = ReduceMean (x)  dt = Sub (t, mt)  dx = Sub (x, mx)
  p = Mul (dt, dx)
  a = ReduceSum (p)  b = ReduceSumSquare (dt)  slope = Div (a, b)  c = Mul (slope, mt)  start = Sub (mx, c) }""",
)
add(
    "softmax ranking",
    sunspots,
    """g (float[32] x) => (float[32] y) {
  ten = Constant <value_float = 10.0> ()  a = Div (x, ten)  y = Softmax <axis = 0> (a) }""",
)
add(
    "days above the mean",
    temperatures,
    """g (float[32] x) => (int64[1] n) {
  m = ReduceMean (x)  a = Greater (x, m)  b = Cast <to = 7> (a)  n = ReduceSum (b) }""",
)
add(
    "largest fall",
    nile,
    """g (float[32] x) => (float[1] y) {
  zero = Constant <value_ints = [0]> ()  one = Constant <value_ints = [1]> ()  last = Constant <value_ints = [31]> ()
  end = Constant <value_ints = [32]> ()  a = Slice (x, zero, last)  b = Slice (x, one, end)  d = Sub (a, b)
  y = ReduceMax (d) }""",
)

add_prices(
    "value of a portfolio",
    """g (float[24, 5] x) => (float[24, 1] y) {
  w = Constant <value = float[5, 1] {120, 35, 900, 12.5, 210}> ()  y = MatMul (x, w) }""",
)
add_prices(
    "covariance",
    """g (float[24, 5] x) => (float[5, 5] c) {
  axis = Constant <value_ints = [0]> ()  m = ReduceMean (x, axis)  d = Sub (x, m)  t = Transpose (d)  p = MatMul (t, d)
  n = Constant <value_float = 23.0> ()  c = Div (p, n) }""",
)
add_prices(
    "correlation",
    """g (float[24, 5] x) => (float[5, 5] c) {
  axis = Constant <value_ints = [0]> ()  m = ReduceMean (x, axis)  d = Sub (x, m)  s = ReduceL2 (d, axis)
  z = Div (d, s)
  t = Transpose (z)  c = MatMul (t, z) }""",
)
add_prices(
    "volatility of returns",
    """g (float[24, 5] x) => (float[1, 5] s) {
  zero = Constant <value_ints = [0]> ()  one = Constant <value_ints = [1]> ()  last = Constant <value_ints = [23]> ()
  end = Constant <value_ints = [24]> ()  a = Slice (x, zero, last, zero)  b = Slice (x, one, end, zero)  q = Div (b, a)
  r = Log (q)  m = ReduceMean (r, zero)  d = Sub (r, m)  e = ReduceSumSquare (d, zero)
  n = Constant <value_float = 22.0> ()
  v = Div (e, n)  s = Sqrt (v) }""",
)
add_prices(
    "cheapest and dearest",
    """g (float[24, 5] x) => (int64[24] a, int64[24] b, float[1, 5] lo, float[1, 5] hi) {
  a = ArgMin <axis = 1, keepdims = 0> (x)  b = ArgMax <axis = 1, keepdims = 0> (x)
  axis = Constant <value_ints = [0]> ()
  lo = ReduceMin (x, axis)  hi = ReduceMax (x, axis) }""",
)
add_prices(
    "distances between days",
    """g (float[24, 5] x) => (float[24, 24] y) {
  one = Constant <value_ints = [1]> ()  two = Constant <value_ints = [0]> ()  a = Unsqueeze (x, one)
  b = Unsqueeze (x, two)
  d = Sub (a, b)  last = Constant <value_ints = [2]> ()  y = ReduceL2 <keepdims = 0> (d, last) }""",
)


@export("analytics", "sums by group, visits")
def group_sums():
    """A sample is 20 people: their figures and the group each belongs to, summed by a product with one-hot columns."""
    t = table("visits")
    rows = t.x[:1500, [0, 3, 8]].reshape(-1, 20, 3)
    groups = (t.y[:1500].clip(0, 5)).astype(np.int64).reshape(-1, 20)
    model = graph("""g (float[20, 3] x, int64[20] who) => (float[6, 3] sums, float[6, 1] counts) {
      depth = Constant <value_int = 6> ()  off_on = Constant <value = float[2] {0, 1}> ()
      hot = OneHot <axis = -1> (who, depth, off_on)  t = Transpose (hot)  sums = MatMul (t, x)
      axis = Constant <value_ints = [1]> ()  counts = ReduceSum (t, axis) }""")
    return Export(model, [rows[:45], groups[:45]], [rows[45:], groups[45:]])


@export("analytics", "regression by normal equations, cars")
def normal_equations():
    """A sample is 24 cars: weight in lb and miles per gallon; slope and intercept by the closed form."""
    t = table("cars")
    rows = np.stack([t.x[:384, 2].reshape(-1, 24), t.y[:384].reshape(-1, 24)], -1)
    model = graph("""g (float[24, 2] x) => (float[2, 1] w) {
      axis = Constant <value_int = 1> ()  cut = Constant <value_ints = [1, 1]> ()  a, y = Split <axis = 1> (x, cut)
      thousand = Constant <value_float = 1000.0> ()  b = Div (a, thousand)  z = Sub (b, b)  o = Exp (z)
      m = Concat <axis = 1> (b, o)  t = Transpose (m)  n = MatMul (t, m)  r = MatMul (t, y)
      f = Flatten <axis = 0> (n)  four = Constant <value_ints = [1, 1, 1, 1]> ()
      p, q, s, u = Split <axis = 1> (f, four)
      pu = Mul (p, u)  qs = Mul (q, s)  det = Sub (pu, qs)  nq = Neg (q)  ns = Neg (s)
      c = Concat <axis = 1> (u, nq, ns, p)
      shape = Constant <value_ints = [2, 2]> ()  d = Reshape (c, shape)  inv = Div (d, det)  w = MatMul (inv, r) }""")
    return Export(model, [rows[:10]], [rows[10:]])
