#!/usr/bin/env python3
"""Operations on field elements worked out with Python's integers: prints field_operations.txt.

A line is the operation, its operands and its result, separated by bars; each a list of elements of [2, 3] tensors (the
result: of its own shape), in hexadecimal, most significant digit first.
"""
import random

R = 0x30644E72E131A029B85045B68181585D2833E84879B9709143E1F593F0000001
random.seed(13)
A = [random.randrange(R) for _ in range(6)]
B = [random.randrange(R) for _ in range(6)]
A[1] = B[1]               # equal ones
A[3] = R - 1              # -1
A[4] = 0
B[5] = 2**127             # no signed integer of 127 bits, by one
B[2] = (R + 1) // 2       # one half
MASK = [1, 0, 0, 1, 1, 0]
FACTOR = 2**62 + 1        # the constant of the circuit


def rows(t):
    return [t[:3], t[3:]]


def product(values):
    out = 1
    for v in values:
        out = out * v % R
    return out


def pairwise(f):
    return [f(a, b) % R for a, b in zip(A, B)]


OPERATIONS = {
    "add": pairwise(lambda a, b: a + b),
    "sub": pairwise(lambda a, b: a - b),
    "mult": pairwise(lambda a, b: a * b),
    "times_constant": [a * FACTOR % R for a in A],
    "times_zero": [0] * 6,
    "plus_constant": [(a + FACTOR) % R for a in A],
    "neg": [-a % R for a in A],
    "pow": [pow(a, 5, R) for a in A],
    "sum": [sum(r) % R for r in rows(A)],
    "prod": [product(r) for r in rows(A)],
    "cum_sum": [v % R for r in rows(A) for v in (r[0], r[0] + r[1], sum(r))],
    "einsum": [sum(x * y for x, y in zip(r, s)) % R for r in rows(A) for s in rows(B)],
    "gather": [r[i] for r in rows(A) for i in (2, 0, 2)],
    "slice": [v for r in rows(A) for v in r[1:]],
    "concat": [v for r, s in zip(rows(A), rows(B)) for v in r + s],
    "transpose": [A[3 * i + k] for k in range(3) for i in range(2)],
    "reshape": A,
    "expand": A + A,
    "equals": [int(a == b) for a, b in zip(A, B)],
    "equals_zero": [int(a == 0) for a in A],
    "iff": [a if m else b for m, a, b in zip(MASK, A, B)],
}


def text(values):
    return ",".join(f"0x{v:064x}" for v in values)


for name, result in OPERATIONS.items():
    print("|".join((name, text(A), text(B), text(result))))
