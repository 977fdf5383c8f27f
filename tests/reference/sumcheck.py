#!/usr/bin/env python3
"""Reference of the `sumcheck` proof system (docs/spec/sumcheck.md): prover and verifier of the whole protocol on tiny
tensors.

Standard library only. The group is simulated: a commitment is its exponent modulo r for a secret tau that everybody
here
knows ("toy KZG"), so binding is NOT real; every equation, message, challenge and check is. What enters the transcript
for
a commitment are the coordinates of the real point of BN254 with that exponent where a Channel is told so, which makes
its
proofs those of the program, byte for byte. Prover and verifier run the same text (`protocol`): a Channel writes and
absorbs, or reads and absorbs, so that nothing can be read that is not absorbed. Two channels: Clear sends scalars;
Hiding
sends Pedersen rows of them, records the verifier's checks as equations in the hidden scalars, and proves those at the
end
by one sigma protocol.

    python3 sumcheck.py              # known answers, brute force, honest proofs in both modes, forging tests: minutes
    python3 sumcheck.py --quick      # the same without the forging tests: seconds
    python3 sumcheck.py --attacks    # the forgeries that found holes in earlier forms of the text
    python3 sumcheck.py --vectors F  # writes the known answers for the program's tests into the folder F
    python3 sumcheck.py --check F    # compares them with those in the folder
"""
import itertools, random, sys

R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001
HALF = pow(2, -1, R)
COLS = 3                      # log2 of the row length C; a toy value (8 .. 14 in the program)
C = 1 << COLS
TAU = 0x1d3f5b7a9c2e4f60718293a4b5c6d7e8f90123456789abcdef0123456789abc % R
TAUS = [pow(TAU, i, R) for i in range(4 * C)]


# ---------------------------------------------------------------- Keccak-256 and the transcript (that of EvmHasher)
def keccak256(data):
    rot = [[0, 36, 3, 41, 18], [1, 44, 10, 45, 2], [62, 6, 43, 15, 61], [28, 55, 25, 21, 56], [27, 20, 39, 8, 14]]
    mask = (1 << 64) - 1
    rol = lambda v, n: ((v << n) | (v >> (64 - n))) & mask if n else v
    data = bytearray(data)
    pad = 136 - len(data) % 136
    data += bytes([0x81]) if pad == 1 else bytes([1]) + bytes(pad - 2) + bytes([0x80])
    a = [[0] * 5 for _ in range(5)]
    for block in range(0, len(data), 136):
        for i in range(17):
            a[i % 5][i // 5] ^= int.from_bytes(data[block + 8 * i:block + 8 * i + 8], 'little')
        lfsr = 1
        for _ in range(24):
            c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
            d = [c[x - 1] ^ rol(c[(x + 1) % 5], 1) for x in range(5)]
            a = [[a[x][y] ^ d[x] for y in range(5)] for x in range(5)]
            b = [[0] * 5 for _ in range(5)]
            for x in range(5):
                for y in range(5):
                    b[y][(2 * x + 3 * y) % 5] = rol(a[x][y], rot[x][y])
            a = [[b[x][y] ^ (~b[(x + 1) % 5][y] & b[(x + 2) % 5][y] & mask) for y in range(5)] for x in range(5)]
            for j in range(7):
                if lfsr & 1:
                    a[0][0] ^= 1 << ((1 << j) - 1)
                lfsr = (lfsr << 1) ^ (0x171 if lfsr & 0x80 else 0)
    return b''.join(a[i % 5][i // 5].to_bytes(8, 'little') for i in range(4))


class Reject(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Reject(why)


class Lin:
    """A scalar the verifier sees: constant + sum of coefficients times hidden scalars. In the clear only the
    constant."""
    __slots__ = ('c', 't')

    def __init__(self, c=0, t=None):
        self.c, self.t = c % R, t or {}

    def __add__(self, o):
        o = o if isinstance(o, Lin) else Lin(o)
        t = dict(self.t)
        for k, v in o.t.items():
            t[k] = (t.get(k, 0) + v) % R
        return Lin(self.c + o.c, t)

    def __mul__(self, k):
        return Lin(self.c * k, {i: v * k % R for i, v in self.t.items()})

    def __sub__(self, o):
        return self + (o * -1 if isinstance(o, Lin) else Lin(-o))

    def at(self, z):
        return (self.c + sum(v * z[i] for i, v in self.t.items())) % R


class Channel:
    """One side of a proof. proving: `proof` grows; else it is consumed. Every item passes through `word` or `point`."""

    def __init__(self, proof=None, hiding=False, rng=None, forge=None, real=False):
        self.proving, self.real = proof is None, real
        self.proof = [] if proof is None else list(proof)
        self.at, self.state, self.rng, self.forge = 0, b'', rng or random.Random(1), forge or {}
        self.hiding, self.log, self.manifest = hiding, [], []
        self.z, self.messages, self.checks = [], [], []    # hidden scalars, (start, count, point, blind), equations

    # --- transcript: words of 32 bytes; a squeeze hashes what is pending and keeps the hash as the new prefix
    def absorb(self, *words, name=None):
        if name:
            self.manifest.append(f'absorb {name} {len(words)}')
        self.state += b''.join((w % R).to_bytes(32, 'big') for w in words)

    def challenge(self, name):
        if len(self.state) == 32:
            self.state += b'\x01'
        self.state = keccak256(self.state)
        self.log.append(('challenge', name))
        self.manifest.append(f'challenge {name}')
        return int.from_bytes(self.state, 'big') % R

    def challenges(self, name, n):
        return [self.challenge(f'{name}{i}') for i in range(n)]

    def statement(self, values):
        """What both sides know: absorbed, not sent. Every element canonical, or it is not what the statement says."""
        need(all(0 <= v < R for v in values), 'an instance is no element of the field')
        self.absorb(*values, name='instances')

    # --- items of the proof
    def item(self, kind, name, value):
        if self.proving:
            value = self.forge.get(name, lambda v: v)(value) % R
            self.proof.append((kind, value))
        else:
            need(self.at < len(self.proof), 'proof ends early')
            got, value = self.proof[self.at]
            need(got == kind and 0 <= value < R, 'item of another kind')
            self.at += 1
        self.log.append((kind, name))
        if kind == 'scalar':
            self.absorb(value)
        else:                                        # a real point is two words, the identity two zeros
            self.state += point_bytes(value) if self.real else value.to_bytes(32, 'big') + bytes(31) + bytes([1])
        return value

    def open_scalar(self, name, value=None):
        self.manifest.append(f'scalar {name}')
        return self.item('scalar', name, value)

    def point(self, name, value=None):
        self.manifest.append(f'point {name}')
        return self.item('point', name, value)

    def proof_bytes(self):
        return b''.join(point_bytes(v) if k == 'point' else v.to_bytes(32, 'big') for k, v in self.proof)

    def send(self, name, values, count):
        """Scalars of the prover: in the clear, or as hiding rows of at most C. Gives Lins."""
        if not self.hiding:
            self.manifest.append(f'scalars {name} {count}')
            return [Lin(self.item('scalar', f'{name}.{i}', values[i] if self.proving else None)) for i in range(count)]
        out = []
        chunk = min(C,
                8)                            # the verifier has [tau^0] .. [tau^7] and [tau^C] of the key, no more
        for start in range(0, count, chunk):
            end = min(count, start + chunk)
            part = [self.forge.get(f'{name}.{i}', lambda v: v)(values[i]) % R
                    for i in range(start, end)] if self.proving else [0] * (end - start)
            blind = self.rng.randrange(R) if self.proving else 0
            com = self.point(f'{name}[{start}]', commit(part, blind) if self.proving else None)
            self.messages.append((len(self.z), len(part), com, blind))
            out += [Lin(0, {len(self.z) + i: 1}) for i in range(len(part))]
            self.z += part
        return out

    def require(self, lin, products, why):
        """0 = lin + sum of k*a*b."""
        if self.hiding:
            self.checks.append((lin, products))
        else:
            need((lin.c + sum(k * a.c * b.c for k, a, b in products)) % R == 0, why)

    def finish(self):
        """Hiding only: the hidden scalars satisfy every recorded equation (sigma protocol, 5.1)."""
        if self.hiding:
            rho = self.challenge('batch of checks')
            pw = powers(rho, len(self.checks))
            n = len(self.z)
            mask = [self.rng.randrange(R) for _ in range(n)] if self.proving else [0] * n

            def form(v, e):   # the batched equation, homogenised with e
                s = 0
                for w, (lin, products) in zip(pw, self.checks):
                    hom = lambda l: (e * l.c + sum(k * v[i] for i, k in l.t.items())) % R
                    s += w * (e * hom(lin) + sum(k * hom(a) * hom(b) for k, a, b in products))
                return s % R
            mb, ms = [], []
            for start, count, _, _ in self.messages:
                mb.append(self.rng.randrange(R) if self.proving else 0)
                ms.append(self.point('mask', commit(mask[start:start + count], mb[-1]) if self.proving else None))
            t0 = t1 = 0
            if self.proving:
                t0 = form(mask, 0)
                t1 = (form([a + b for a, b in zip(mask, self.z)], 1) - t0 - form(self.z, 1)) % R
            b0, b1 = self.rng.randrange(R), self.rng.randrange(R)
            c0, c1 = self.point('t0', commit([t0], b0)), self.point('t1', commit([t1], b1))
            e = self.challenge('sigma')
            resp = [(m + e * z) % R for m, z in zip(mask, self.z)] if self.proving else [None] * n
            if self.proving and CHEAT.get('sigma'):
                resp = CHEAT['sigma'](self, resp, e, form, t0, t1)
            v = [self.open_scalar('response', q) for q in resp]
            for (start, count, com, blind), m, b in zip(self.messages, ms, mb):
                s = self.open_scalar('response blind', (b + e * blind) % R if self.proving else None)
                if CHEAT.get('sigma weights'):       # one batched equation, with weights known too early (attack B3)
                    gap = commit(v[start:start + count], s) - m - e * com
                    CHEAT['acc'] = (CHEAT.get('acc', 0) + CHEAT['sigma weights'](e, start) * gap) % R
                else:
                    need(commit(v[start:start + count], s) == (m + e * com) % R, 'hidden scalars do not open')
            if CHEAT.get('sigma weights'):
                need(CHEAT.pop('acc', 0) == 0, 'hidden scalars do not open (batched)')
            s = self.open_scalar('equation blind', (b0 + e * b1) % R if self.proving else None)
            need(commit([form(v, e)], s) == (c0 + e * c1) % R, 'a hidden check fails')
        need(self.proving or self.at == len(self.proof), 'proof is too long')


# ---------------------------------------------------------------- G1 of BN254, y^2 = x^3 + 3, for what enters
# transcripts
Q = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47
DOUBLES = []                  # 2^k G


def g1_add(a, b):
    """Affine points; None is the identity."""
    if a is None or b is None:
        return a if b is None else b
    (x1, y1), (x2, y2) = a, b
    if x1 == x2 and (y1 + y2) % Q == 0:
        return None
    slope = 3 * x1 * x1 * pow(2 * y1, -1, Q) if a == b else (y2 - y1) * pow(x2 - x1, -1, Q)
    x = (slope * slope - x1 - x2) % Q
    return x, (slope * (x1 - x) - y1) % Q


def g1_mul(e):
    """e G, G = (1, 2)"""
    if not DOUBLES:
        DOUBLES.append((1, 2))
        while len(DOUBLES) < 254:
            DOUBLES.append(g1_add(DOUBLES[-1], DOUBLES[-1]))
    out = None
    for k in range(254):
        if e >> k & 1:
            out = g1_add(out, DOUBLES[k])
    return out


def point_bytes(e):
    x, y = g1_mul(e % R) or (0, 0)
    return x.to_bytes(32, 'big') + y.to_bytes(32, 'big')


# ---------------------------------------------------------------- toy KZG rows
def commit(coefficients, blind=0):
    """sum of c_i tau^i, and the blind at tau^C"""
    if len(coefficients) > C:
        return sum(c * TAUS[i] for i, c in enumerate(coefficients)) % R
    return (sum(c * TAUS[i] for i, c in enumerate(coefficients)) + blind * TAUS[C]) % R


def powers(x, n):
    out = [1]
    for _ in range(n - 1):
        out.append(out[-1] * x % R)
    return out[:n]


# ---------------------------------------------------------------- multilinear tables; points most significant bit first
def eq_table(point):
    t = [1]
    for x in point:
        t = [v for a in t for v in (a * (1 - x) % R, a * x % R)]
    return t


def eq(a, b):
    out = 1
    for x, y in zip(a, b):
        out = out * (x * y + (1 - x) * (1 - y)) % R
    return out


def mle(table, point):
    t = list(table)
    for x in point:
        h = len(t) // 2
        t = [(t[i] + x * (t[h + i] - t[i])) % R for i in range(h)]
    return t[0]


def bits_of(n):
    assert n > 0, 'extents of 0 are refused by the recorder'
    return (n - 1).bit_length()


def axis_bits(shape):
    return [bits_of(d) for d in shape]


def size_bits(shape):
    return sum(axis_bits(shape))


def volume(shape):
    n = 1
    for d in shape:
        n *= d
    return n


def indices(shape):
    return itertools.product(*[range(d) for d in shape])


def flat(shape, index):
    f = 0
    for d, i in zip(shape, index):
        f = f * d + i
    return f


def padded_index(shape, index):
    p = 0
    for b, i in zip(axis_bits(shape), index):
        p = p << b | i
    return p


def padded(shape, values):
    """Values on the cube: zero outside the shape, axis by axis."""
    t = [0] * (1 << size_bits(shape))
    for index, v in zip(indices(shape), values):
        t[padded_index(shape, index)] = v % R
    return t


def cube(r, i):
    """A committed tensor on its cube. 'pad' is what a forger puts outside the shape."""
    t = padded(r.s(i), r.v(i))
    for cell, v in r.t[i].get('pad', {}).items():
        t[cell] = v % R
    return t


# Forging tests switch a rule off in UNSAFE, to show that the forgery they try would work without it, and put what a
# forging prover does differently into CHEAT. The program has no such switches.
UNSAFE, CHEAT = set(), {}


def below(n, point):
    """sum of eq(point, i) over i < n, in O(bits): the multilinear [index < n]; 0 for n = 0, 1 for n = 2^bits"""
    if n == 1 << len(point):
        return 1
    out, prefix = 0, 1
    for k, x in enumerate(point):
        bit = n >> (len(point) - 1 - k) & 1
        if bit:
            out = (out + prefix * (1 - x)) % R
        prefix = prefix * (x if bit else 1 - x) % R
    return out


def split_point(shape, point):
    out, at = [], 0
    for b in axis_bits(shape):
        out.append(point[at:at + b])
        at += b
    return out


def ones_at(shape, point):
    out = 1
    for d, p in zip(shape, split_point(shape, point)):
        out = out * below(d, p) % R
    return out


def iota_at(n, lo, point):
    """sum over i < n of eq(point, i)(lo + i): a block of 2^k indices for every bit k of n, each in closed form"""
    whole = lambda p: sum(x << (len(p) - 1 - k) for k, x in enumerate(p))
    if n == 1 << len(point):
        return (lo + whole(point)) % R
    out, prefix, first = 0, 1, lo
    for k, x in enumerate(point):
        left = len(point) - 1 - k
        if n >> left & 1:
            out = (out + prefix * (1 - x) * (first + whole(point[k + 1:]))) % R
            first += 1 << left
        prefix = prefix * (x if n >> left & 1 else 1 - x) % R
    return out

# ---------------------------------------------------------------- claims: a small Writer with evaluation
def signed(c):
    return c % R if c % R < R // 2 else c % R - R


def merged(terms):
    """Terms of one tensor added up, those that vanish dropped."""
    out = {}
    for c, i in terms:
        out[i] = (out.get(i, 0) + c) % R
    return [(signed(c), i) for i, c in out.items() if c]


def normal(axes, loops):
    """Strides of one loop on one axis added up; a loop of extent 1 only ever reads its base."""
    out = []
    for base, ls in axes:
        strides = {}
        for l, s in ls:
            if loops[l] > 1:
                strides[l] = strides.get(l, 0) + s
        out.append((base, tuple((l, s) for l, s in sorted(strides.items()) if s)))
    return tuple(out)


def plain(axis, loops, extent):
    base, ls = axis
    return base == 0 and len(ls) == 1 and ls[0][1] == 1 and loops[ls[0][0]] == extent


def whole(shape):
    """The axis maps of a tensor read as it is."""
    return tuple((0, ((a, 1),)) for a in range(len(shape)))


class Rec:
    """What src/graph/claims records, evaluated as it is written: tensors dict(shape, vals, kind, ...), claims in
    order."""

    def __init__(self):
        self.t, self.claims, self.tables, self.outputs = [], [], {}, []

    def new(self, shape, vals, kind, **kw):
        assert len(vals) == volume(shape)
        self.t.append(dict(shape=tuple(shape), vals=list(vals), kind=kind, **kw))
        return len(self.t) - 1

    def public(self, shape, vals): return self.new(shape, vals, 'public')     # an input that everybody sees
    def secret(self, shape, vals): return self.new(shape, vals, 'input')      # an input that only the prover sees
    def fixed(self, shape, vals): return self.new(shape, vals, 'fixed')
    def param(self, shape, vals): return self.new(shape, vals, 'param')
    def hint(self, shape, vals): return self.new(shape, vals, 'hint')
    def output(self, i): self.outputs.append((i, list(self.v(i))))            # what the statement says it is
    def v(self, i): return self.t[i]['vals']
    def s(self, i): return self.t[i]['shape']

    def linear(self, terms, const=0):
        shape = max((self.s(i) for _, i in terms), key=volume)
        n = volume(shape)
        get = lambda i, j: self.v(i)[j if len(self.v(i)) == n else 0]
        return self.new(shape, [const + sum(c * get(i, j) for c, i in terms) for j in range(n)], 'linear',
                        terms=list(terms), const=const)

    def zero(self, terms, const=0): self.claims.append(('zero', list(terms), const))
    def range(self, i, lo, hi): self.claims.append(('range', i, lo, hi))

    def view(self, src, extents, axes, outside=0):
        """axes: per source axis (base, ((loop, stride), ...))"""
        vals = []
        for o in indices(extents):
            j = [base + sum(st * o[l] for l, st in loops) for base, loops in axes]
            inside = all(0 <= x < d for x, d in zip(j, self.s(src)))
            vals.append(self.v(src)[flat(self.s(src), j)] if inside else outside)
        return self.new(extents, vals, 'view', src=src, axes=axes, outside=outside)

    def reshape(self, src, shape): return self.new(shape, self.v(src), 'reshape', src=src)

    def remap(self, shape, srcs, table, constants=()):
        """element i is element table[i] of the sources one after the other, or constants[-1 - table[i]]"""
        every = [x for i in srcs for x in self.v(i)]
        return self.new(shape, [every[k] if k >= 0 else constants[-1 - k] for k in table], 'remap', srcs=list(srcs),
                        map=list(table), constants=list(constants))

    def sum(self, out, summed, src, axes):
        """out[o] = sum over s of src[..], zero outside"""
        loops, vals = tuple(out) + tuple(summed), []
        for o in indices(out):
            acc = 0
            for s in indices(summed):
                j = [b + sum(st * (o + s)[a] for a, st in ls) for b, ls in axes]
                if all(0 <= x < d for x, d in zip(j, self.s(src))):
                    acc += self.v(src)[flat(self.s(src), j)]
            vals.append(acc)
        return self.new(out, vals, 'sum', src=src, axes=axes, loops=loops, nout=len(out))

    def contract(self, out, summed, x, xaxes, k, kaxes):
        """out[o] = sum over s of X[..] K[..], zero outside."""
        loops, vals = tuple(out) + tuple(summed), []
        for o in indices(out):
            acc = 0
            for s in indices(summed):
                l = o + s
                jx = [b + sum(st * l[a] for a, st in ls) for b, ls in xaxes]
                jk = [b + sum(st * l[a] for a, st in ls) for b, ls in kaxes]
                if all(0 <= i < d for i, d in zip(jx, self.s(x))) and all(0 <= i < d for i, d in zip(jk, self.s(k))):
                    acc += self.v(x)[flat(self.s(x), jx)] * self.v(k)[flat(self.s(k), jk)]
            vals.append(acc)
        return self.new(out, vals, 'con', x=x, xaxes=xaxes, k=k, kaxes=kaxes, loops=loops, nout=len(out))

    def mul(self, a, b, shape=None, aaxes=None, baxes=None):
        shape = shape or self.s(a)
        return self.contract(shape, (), a, aaxes or whole(shape), b, baxes or whole(shape))

    def matmul(self, x, w):   # (m, s) by (n, s) transposed -> (m, n)
        (m, s), n = self.s(x), self.s(w)[0]
        one = lambda l: (0, ((l, 1),))
        return self.contract((m, n), (s,), x, (one(0), one(2)), w, (one(1), one(2)))

    def table(self, name, rows, key):
        """rows: dict key -> value, keys one after the other; gives the tensor of values"""
        assert sorted(rows) == list(range(min(rows), max(rows) + 1))
        self.tables.setdefault(name, sorted(rows.items()))
        y = self.hint(self.s(key), [rows.get(x, 0) for x in self.v(key)])
        self.claims.append(('table', name, key, y))
        return y

    def gather(self, data, index):
        """lines x length, lines x count: per line y = data[index]; the table side is the data itself"""
        (lines, length), count = self.s(data), self.s(index)[1]
        at = lambda l, c: self.v(index)[l * count + c]
        y = self.hint((lines, count), [self.v(data)[l * length + at(l, c)] if 0 <= at(l, c) < length else 0
                                       for l in range(lines) for c in range(count)])
        self.claims.append(('gather', data, index, y))
        return y

    def permute(self, ys, xs): self.claims.append(('permute', list(ys), list(xs)))

    def is_zero(self, x, lo, hi):
        """lo, hi: the proven interval of x"""
        b = self.hint(self.s(x), [int(v == 0) for v in self.v(x)])
        self.claims.append(('is_zero', x, b, lo, hi))
        return b

    # a compound, as src/graph/claims has it
    def divide(self, x, d):
        """half away from zero; gives (q, magnitude m, part n*m)"""
        half, vx, sh = d // 2, self.v(x), self.s(x)
        n = self.hint(sh, [int(v < 0) for v in vx])
        m = self.hint(sh, [(abs(v) + half) // d for v in vx])
        t = self.hint(sh, [(abs(v) + half) % d for v in vx])
        self.range(n, 0, 1)
        self.range(m, 0, 63)
        self.range(t, 0, d - 1)
        self.zero([(1, x), (-2, self.mul(n, x)), (-d, m), (-1, t)], half)
        if d == 2 * half:
            self.zero([(1, self.is_zero(self.linear([(1, m), (1, t)]), 0, 63 + d - 1))])
        part = self.mul(n, m)
        return self.linear([(1, m), (-2, part)]), m, part


# ---------------------------------------------------------------- the plan: what is committed, looked up, multiplied
INLINE = 64                   # a fixed tensor of so few elements, or of equal ones, is evaluated by the verifier itself


class Plan:
    """Follows from the claims alone (values are only carried along for the prover). Section 3.1, step by step."""

    def __init__(self, rec, limb_bits=3, tree_bits=21):
        self.r, self.B, self.tree_bits = rec, 1 << limb_bits, tree_bits
        self.own = len(rec.t)             # tensors from here on are the plan's
        self.defined = {}                 # tensor -> (terms, const): linear tensors, eliminated hints among them
        for i, t in enumerate(rec.t):
            if t['kind'] == 'linear':
                self.defined[i] = (merged(t['terms']), t['const'] % R)
        equations = [(terms, const) for kind, *rest in rec.claims if kind == 'zero' for terms, const in [rest]]
        self.instances = [i for i, t in enumerate(rec.t) if t['kind'] == 'public']
        for i, values in rec.outputs:        # an output is a tensor of its own, tied to what computes it
            p = rec.new(rec.s(i), values, 'public')
            self.instances.append(p)
            equations.append(([(1, i), (-1, p)], 0))
        self.products()
        self.constraints = []             # (terms, const): zero on the shape; terms may be products and contractions
        for terms, const in equations:
            self.eliminate(terms, const)
        self.fold_constants()
        self.lookups, self.squares = [], []  # (table, shape, [key, value] as expressions); (tensor, lo) for lo, lo + 1
        self.tabs = {}                       # name -> rows; ids from 1 in the order of first use
        self.gathers, self.permutes = [], []
        for kind, *claim in rec.claims:
            if kind == 'range':
                self.range(*claim)
            elif kind == 'table':
                name, key, y = claim
                self.tabs.setdefault(('table', name), rec.tables[name])
                self.lookups.append((('table', name), rec.s(key), [([(1, key)], 0), ([(1, y)], 0)]))
            elif kind == 'is_zero':
                self.zero_test(*claim)
            elif kind == 'gather':
                self.gathers.append(claim)
            elif kind == 'permute':
                self.permutes.append(claim)
        self.fold_constants()
        self.settle()
        self.plant()

    def sources(self, i):
        """The tensors that tensor i is made of; none for committed, keyed and public ones."""
        t = self.r.t[i]
        if i in self.defined:
            return [j for _, j in self.defined[i][0]]
        return t.get('srcs') or [t[k] for k in ('a', 'b', 'x', 'k', 'src') if k in t]

    def reaches(self, i, target):
        seen, todo = set(), [i]
        while todo:
            j = todo.pop()
            if j == target:
                return True
            if j not in seen:
                seen.add(j)
                todo += self.sources(j)
        return False

    def products(self):
        """Contractions that sum nothing and whose factors are plain are products; the pivot of the others comes
        first."""
        views = {}
        for i, t in enumerate(list(self.r.t)):
            if t['kind'] == 'sum':
                t['axes'] = normal(t['axes'], t['loops'])
            if t['kind'] == 'view':
                t['axes'] = normal(t['axes'], t['shape'])
            if t['kind'] != 'con':
                continue
            factors, flat_ones = [], []
            for source, axes in ((t['x'], t['xaxes']), (t['k'], t['kaxes'])):
                axes = normal(axes, t['loops'])
                driven = [l for _, ls in axes for l, _ in ls]
                ok = len(driven) == len(set(driven)) and all(
                    (not ls and 0 <= base < d) or plain((base, ls), t['loops'], d)
                    for (base, ls), d in zip(axes, self.r.s(source)))
                factors.append((source, axes))
                flat_ones.append(ok)
            if all(flat_ones) and volume(t['loops'][t['nout']:]) == 1:
                operands = []
                for source, axes in factors:
                    if self.r.s(source) != t['shape'] or axes != normal(whole(t['shape']), t['shape']):
                        if (source, axes, t['shape']) not in views:
                            views[source, axes, t['shape']] = self.r.view(source, t['shape'], axes)
                        source = views[source, axes, t['shape']]
                    operands.append(source)
                for name in ('x', 'xaxes', 'k', 'kaxes', 'loops', 'nout'):
                    del t[name]
                t.update(kind='prod', a=operands[0], b=operands[1])
                continue
            if flat_ones[0] and not flat_ones[1]:
                factors.reverse()
            (t['x'], t['xaxes']), (t['k'], t['kaxes']) = factors

    def eliminate(self, terms, const):
        """A hint that an equation determines is not committed: it becomes the linear tensor the equation makes it."""
        terms = merged(terms)
        if not terms:
            assert const % R == 0, 'an equation that no value satisfies'
            return
        shape = max((self.r.s(i) for _, i in terms), key=volume)
        for c, i in sorted(terms, key=lambda term: (abs(term[0]) != 1, -term[1])):
            others = [(k, j) for k, j in terms if j != i]
            if self.r.t[i]['kind'] == 'hint' and i not in self.defined and volume(self.r.s(i)) == volume(shape) and \
                    not any(self.reaches(j, i) for _, j in others):
                inv = pow(-c, -1, R)
                self.defined[i] = ([(signed(k * inv), j) for k, j in others], const * inv % R)
                return
        self.constraints.append((terms, const))

    def fold_constants(self):
        """A linear tensor without terms is a constant; terms that are constants are folded, a product with one is
        linear."""
        constant = lambda j: j in self.defined and not self.defined[j][0]
        changed = True
        while changed:
            changed = False
            for i, t in enumerate(self.r.t):
                if i in self.defined:
                    terms, const = self.defined[i]
                    rest = [(c, j) for c, j in terms if not constant(j)]
                    if len(rest) < len(terms):
                        const += sum(c * self.defined[j][1] for c, j in terms if constant(j))
                        self.defined[i], changed = (rest, const % R), True
                elif t['kind'] == 'prod':
                    for a, b in ((t['a'], t['b']), (t['b'], t['a'])):
                        if constant(a):
                            factor = signed(self.defined[a][1])
                            self.defined[i], changed = ([(factor, b)] if factor else [], 0), True
                            break

    def range(self, i, lo, hi):
        width, B, shape = hi - lo + 1, self.B, self.r.s(i)
        if width == 1:
            self.constraints.append(([(1, i)], -lo))
            return
        if width == 2:
            self.squares.append((i, lo))
            return
        if width <= B:
            self.lookup_range(width, shape, ([(1, i)], -lo))
            return
        limbs = 1
        while B ** limbs < width:
            limbs += 1
        top = -(-width // B ** (limbs - 1))
        for sign, base in ([(1, lo)] if top * B ** (limbs - 1) == width else [(1, lo), (-1, hi)]):
            rest, terms, scale = [(sign * (v - base)) for v in self.r.v(i)], [(sign, i)], pow(B ** (limbs - 1), -1, R)
            for k in range(limbs - 1):       # the top limb is linear in the others: not committed
                h = self.r.hint(shape, [(v // B ** k) % B for v in rest])
                self.lookup_range(B, shape, ([(1, h)], 0))
                terms.append((-B ** k, h))
            self.lookup_range(top, shape, ([(c * scale % R, j) for c, j in terms], -sign * base * scale % R))

    def lookup_range(self, width, shape, expression):
        self.tabs.setdefault(('range', width), [(j,) for j in range(width)])
        self.lookups.append((('range', width), shape, [expression]))

    def product(self, a, b):
        return self.r.new(self.r.s(a), [x * y for x, y in zip(self.r.v(a), self.r.v(b))], 'prod', a=a, b=b)

    def zero_test(self, x, b, lo, hi):
        r = self.r
        if lo >= 0 or hi <= 0:                # |x| is sign x: b is 0 or 1, b x = 0, |x| + b >= 1
            sign, most = (1, hi) if lo >= 0 else (-1, -lo)
            self.squares.append((b, 0))
            self.constraints.append(([(1, self.product(b, x))], 0))
            s = r.linear([(sign, x), (1, b)])
            self.defined[s] = (merged(r.t[s]['terms']), 0)
            self.range(s, 1, max(most, 1))
        else:                                 # b = 1 - x w and b x = 0
            w = r.hint(r.s(x), [pow(v, -1, R) if v else 0 for v in r.v(x)])
            r.t[w]['inverse'] = x             # free where x = 0, where nothing depends on it
            self.constraints.append(([(1, b), (1, self.product(x, w))], -1))
            self.constraints.append(([(1, self.product(b, x))], 0))

    def flatten_rank(self, i, allow_con):
        """Commits to the products (and contractions, unless allowed) that stand in the way of reading i linearly."""
        if i in self.materialised:
            return
        t = self.r.t[i]
        if i in self.defined:
            for _, j in self.defined[i][0]:
                self.flatten_rank(j, allow_con)
        elif t['kind'] == 'reshape' and aligned(t['shape'], self.r.s(t['src'])):
            self.flatten_rank(t['src'], allow_con)
        elif t['kind'] in ('view', 'sum', 'remap', 'reshape'):
            for j in self.sources(i):
                self.flatten_rank(j, False)
        elif t['kind'] == 'prod' or (t['kind'] == 'con' and not allow_con):
            self.materialised.add(i)

    def settle(self):
        """Which tensors the claims need, and which products among them are committed."""
        r, todo = self.r, []
        todo += [j for terms, _ in self.constraints for _, j in terms] + [i for i, _ in self.squares]
        todo += [j for _, _, expressions in self.lookups for terms, _ in expressions for _, j in terms]
        todo += [j for claim in self.gathers for j in claim] + [j for ys, xs in self.permutes for j in ys + xs]
        self.used = set()
        while todo:
            i = todo.pop()
            if i not in self.used:
                self.used.add(i)
                todo += self.sources(i)
        self.materialised = set()
        for i in [j for claim in self.gathers for j in claim] + [j for ys, xs in self.permutes for j in ys + xs]:
            self.flatten_rank(i, False)
        for i in sorted(self.used):
            t = r.t[i]
            if i in self.defined:
                continue
            if t['kind'] == 'prod':
                self.flatten_rank(t['a'], True)
                self.flatten_rank(t['b'], True)
            elif t['kind'] == 'reshape' and aligned(t['shape'], r.s(t['src'])):
                continue
            else:
                for j in self.sources(i):
                    self.flatten_rank(j, False)
        for i, _ in self.squares:
            self.flatten_rank(i, True)
        self.constraints += [([(1, i), (-1, ('raw', i))], 0) for i in sorted(self.materialised)]
        self.cons = [i for i, t in enumerate(r.t) if t['kind'] == 'con' and i in self.used]

    def plant(self):
        """Trees, and in each the multiplicities of its tables and gathered data: committed before any challenge."""
        r = self.r
        self.tvals = {n: r.fixed((len(rows),), [row[1] for row in rows]) for n,
                rows in self.tabs.items() if n[0] == 'table'}
        cells = lambda i: 1 << size_bits(r.s(i))
        units = [('lookups', k, 1 << size_bits(shape)) for k, (_, shape, _) in enumerate(self.lookups)]
        units += [('gathers', k, cells(data) + cells(index)) for k, (data, index, _) in enumerate(self.gathers)]
        units += [('permutes', k, 2 * cells(ys[0])) for k, (ys, _) in enumerate(self.permutes)]
        self.trees, room = [], 0
        for kind, k, size in units:
            if not self.trees or size > room:
                self.trees.append(dict(lookups=[], gathers=[], permutes=[]))
                room = 1 << self.tree_bits
            room = max(0, room - size)
            self.trees[-1][kind].append(k)
        self.trees = self.trees or [dict(lookups=[], gathers=[], permutes=[])]
        for tree in self.trees:
            tree['tables'] = {}                   # name -> tensor of counts, in the order of ids
            for name, rows in self.tabs.items():
                mine = [self.lookups[k] for k in tree['lookups'] if self.lookups[k][0] == name]
                if not mine:
                    continue
                where, count = {row[0]: k for k, row in enumerate(rows)}, [0] * len(rows)
                for _, shape, expressions in mine:
                    for v in self.evaluate(expressions[0], volume(shape)):
                        if v in where:
                            count[where[v]] += 1
                tree['tables'][name] = r.hint((len(rows),), count)
            tree['counts'] = {}
            for k in tree['gathers']:
                data, index, _ = self.gathers[k]
                (lines, length), c = r.s(data), r.s(index)[1]
                count = [0] * (lines * length)
                for l in range(lines):
                    for j in r.v(index)[l * c:l * c + c]:
                        if 0 <= j < length:
                            count[l * length + j] += 1
                tree['counts'][k] = r.hint((lines, length), count)
        known = lambda t: t['kind'] == 'fixed' and (volume(t['shape']) <= INLINE or len(set(t['vals'])) == 1)
        values = set(self.tvals.values())
        counts = {i for tree in self.trees for i in [*tree['tables'].values(), *tree['counts'].values()]}
        self.used |= values | counts
        self.inline = [i for i in sorted(self.used) if known(r.t[i]) and i not in values]
        self.keyed = [i for i in sorted(self.used) if r.t[i]['kind'] in ('fixed', 'param') and i not in self.inline]
        self.committed = [i for i in sorted(self.used) if i in self.materialised or (
            r.t[i]['kind'] in ('hint', 'input') and i not in self.defined)]

    def evaluate(self, expression, n):
        terms, const = expression
        get = lambda i, j: self.r.v(i)[j if len(self.r.v(i)) == n else 0]
        return [signed(const + sum(c * get(i, j) for c, i in terms)) for j in range(n)]

    def statement(self):
        """The public tensors and what the statement says they are, in the order in which they are absorbed."""
        return {i: list(self.r.v(i)) for i in self.instances}

    def describe(self):
        names = ('a', 'b', 'x', 'k', 'src', 'srcs', 'axes', 'outside', 'xaxes', 'kaxes', 'loops', 'nout', 'map',
                'constants')
        d = [(i, t['shape'], t['kind'], self.defined.get(i), {k: t[k] for k in names if k in t},
              t['vals'] if i in self.inline else 0) for i, t in enumerate(self.r.t)]
        return repr((COLS, self.B, self.tree_bits, d, self.constraints, self.lookups, self.squares,
                list(self.tabs.items()),
                     self.gathers, self.permutes, self.trees, self.instances)).encode()


# ---------------------------------------------------------------- weights of a linear functional on a tensor
# A functional is a list of components, sorted by axes: ((axis,), 'pt', coordinates), eq weights of a point, or
# (axes, 'tab', values on the real extents of those axes, the first slowest). Every axis is in exactly one component.
def point_weights(shape, point):
    return [((a,), 'pt', p) for a, p in enumerate(split_point(shape, point))]


def total(shape, weights):
    """The sum of all weights over the shape."""
    out = 1
    for axes, kind, w in weights:
        out = out * (below(shape[axes[0]], w) if kind == 'pt' else sum(w)) % R
    return out


def tidy(shape, comps):
    """An axis of extent 1 is the point of no coordinates; a table over such axes only is a number. (components,
    factor)"""
    out, factor = [], 1
    for axes, kind, w in comps:
        ones = [a for a in axes if shape[a] == 1] if kind == 'tab' else []
        out += [((a,), 'pt', []) for a in ones]
        if len(ones) < len(axes):
            out.append((tuple(a for a in axes if a not in ones), kind, w))
        elif kind == 'tab':
            factor = factor * w[0] % R
    return sorted(out, key=lambda c: c[0]), factor


def connected(comps, axes):
    """Which components and axes hang together by loops they share: (components, axes), both given by their loops."""
    out = []
    for new in [({k}, set(), set(c)) for k, c in enumerate(comps)] + [(set(), {k}, set(a)) for k, a in enumerate(axes)]:
        touching = [o for o in out if o[2] & new[2]]
        out = [o for o in out if not o[2] & new[2]]
        for o in touching:
            new = tuple(p | q for p, q in zip(o, new))
        out.append(new)
    return [(sorted(c), sorted(a)) for c, a, _ in out]


def assignments(comps, loops):
    """Every value of the components' loops, with the product of the weights there."""
    names = sorted({l for ls, _, _ in comps for l in ls})
    tables = [(ls, eq_table(w) if kind == 'pt' else w) for ls, kind, w in comps]
    for values in itertools.product(*[range(loops[l]) for l in names]):
        at, weight = dict(zip(names, values)), 1
        for ls, table in tables:
            weight = weight * table[flat([loops[l] for l in ls], [at[l] for l in ls])] % R
        yield at, weight


def read_at(axis, at):
    return axis[0] + sum(s * at[l] for l, s in axis[1])


def read_through(weights, loops, axes, dims):
    """<out, weights> of out[o] = source[axes(o)] as weights on the source: (components, factor, weight that reads
    inside);
    no components where all of it reads outside."""
    comps, factor, inside = [], 1, 1
    for cs, sources in connected([c[0] for c in weights], [[l for l, _ in ls] for _, ls in axes]):
        cs = [weights[c] for c in cs]
        if not sources:
            factor = factor * total(loops, cs) % R
        elif not cs:
            a, base = sources[0], axes[sources[0]][0]
            if not 0 <= base < dims[a]:
                return None, 0, 0
            comps.append(((a,), 'pt', [base >> k & 1 for k in reversed(range(bits_of(dims[a])))]))
        elif len(sources) == len(cs) == 1 and cs[0][1] == 'pt' and plain(axes[sources[0]], loops, dims[sources[0]]):
            comps.append(((sources[0],), 'pt', cs[0][2]))
            inside = inside * below(dims[sources[0]], cs[0][2]) % R
        else:
            shape = [dims[a] for a in sources]
            table = [0] * volume(shape)
            for at, w in assignments(cs, loops):
                j = [read_at(axes[a], at) for a in sources]
                if all(0 <= x < d for x, d in zip(j, shape)):
                    table[flat(shape, j)] = (table[flat(shape, j)] + w) % R
            comps.append((tuple(sources), 'tab', table))
            inside = inside * sum(table) % R
    comps, scale = tidy(dims, comps)
    return comps, factor * scale % R, inside * factor % R


def groups_of(a, b):
    """Axes of two shapes of one volume that are merged or split with each other; extents of 1 left out."""
    out, i, j = [], 0, 0
    left, right = [k for k, d in enumerate(a) if d > 1], [k for k, d in enumerate(b) if d > 1]
    while i < len(left):
        ga, gb = [left[i]], [right[j]]
        while volume([a[k] for k in ga]) != volume([b[k] for k in gb]):
            if volume([a[k] for k in ga]) < volume([b[k] for k in gb]):
                i += 1
                ga.append(left[i])
            else:
                j += 1
                gb.append(right[j])
        out.append((ga, gb))
        i, j = i + 1, j + 1
    return out


def power_of_two(d):
    return d & (d - 1) == 0


def aligned_group(a, b, group):
    return all(power_of_two(a[k]) for k in group[0][1:]) and all(power_of_two(b[k]) for k in group[1][1:])


def aligned(a, b):
    """A reshape that keeps every point: axes are only merged and split at powers of two."""
    return all(aligned_group(a, b, g) for g in groups_of(a, b))


def reshape_weights(weights, shape, dims):
    """<out, weights> of a reshape of a source of `dims` as (components, factor) on the source."""
    groups, comps, factor = groups_of(shape, dims), [((a,), 'pt', []) for a, d in enumerate(dims) if d == 1], 1
    for cs, gs in connected([c[0] for c in weights], [g[0] for g in groups]):
        cs, gs = [weights[c] for c in cs], [groups[g] for g in gs]
        target = [a for g in gs for a in g[1]]
        if not gs:
            factor = factor * total(shape, cs) % R
        elif len(gs) == 1 and all(kind == 'pt' for _, kind, _ in cs) and aligned_group(shape, dims, gs[0]):
            point = [x for _, _, p in cs for x in p]
            comps += [((a,), 'pt', p) for a, p in zip(target, split_point([dims[a] for a in target], point))]
        else:
            table = [0] * volume([dims[a] for a in target])
            for at, w in assignments(cs, shape):
                j = 0
                for ga, _ in gs:
                    j = j * volume([shape[a] for a in ga]) + flat([shape[a] for a in ga], [at[a] for a in ga])
                table[j] = (table[j] + w) % R
            comps.append((tuple(target), 'tab', table))
    return sorted(comps, key=lambda c: c[0]), factor


def push(plan, i, weights, coef, out):
    """coef * <tensor i, weights> as a combination of anchors, products and contractions: out is a dict of lists."""
    r, t = plan.r, plan.r.t[i]
    if coef % R == 0:
        return
    if i in plan.defined:
        terms, const = plan.defined[i]
        every = total(t['shape'], weights)
        out['const'] = (out['const'] + coef * const * every) % R
        for c, j in terms:
            if volume(r.s(j)) == 1 and volume(t['shape']) != 1:      # one element, broadcast
                push(plan, j, point_weights(r.s(j), []), coef * c * every % R, out)
            else:
                push(plan, j, weights if r.s(j) == t['shape'] else point_weights(r.s(j), []), coef * c % R, out)
    elif t['kind'] in ('view', 'sum') and i not in plan.materialised:
        loops = t['shape'] if t['kind'] == 'view' else t['loops']
        summed = [((l,), 'tab', [1] * loops[l]) for l in range(len(t['shape']), len(loops))]
        comps, factor, inside = read_through(weights + summed, loops, t['axes'], r.s(t['src']))
        if t['kind'] == 'view':
            out['const'] = (out['const'] + coef * t['outside'] * (total(t['shape'], weights) - inside)) % R
        if comps is not None:
            push(plan, t['src'], comps, coef * factor % R, out)
    elif t['kind'] == 'reshape' and i not in plan.materialised:
        comps, factor = reshape_weights(weights, t['shape'], r.s(t['src']))
        push(plan, t['src'], comps, coef * factor % R, out)
    elif t['kind'] == 'remap' and i not in plan.materialised:
        w = [0] * volume(t['shape'])
        axes = [a for c in weights for a in c[0]]
        for at, weight in assignments(weights, t['shape']):
            w[flat(t['shape'], [at[a] for a in sorted(axes)])] = weight
        first = 0
        for j in t['srcs']:
            table = [0] * volume(r.s(j))
            for weight, k in zip(w, t['map']):
                if first <= k < first + len(table):
                    table[k - first] = (table[k - first] + weight) % R
            first += len(table)
            comps, factor = tidy(r.s(j), [(tuple(range(len(r.s(j)))), 'tab', table)])
            push(plan, j, comps, coef * factor % R, out)
        constants = sum(weight * t['constants'][-1 - k] for weight, k in zip(w, t['map']) if k < 0)
        out['const'] = (out['const'] + coef * constants) % R
    elif t['kind'] in ('prod', 'con') and i not in plan.materialised:
        assert all(kind == 'pt' for _, kind, _ in weights)
        out['raw'].append((coef, i, [x for _, _, p in weights for x in p]))
    else:
        out['anchor'].append((coef, i, weights))


def expand(plan, terms, const, shape, point, coef=1):
    out = dict(const=const * coef * ones_at(shape, point) % R, anchor=[], raw=[])
    for c, i in terms:
        if isinstance(i, tuple):               # the product itself where its committed copy is compared with it
            out['raw'].append((c * coef % R, i[1], point))
        elif volume(plan.r.s(i)) == 1 and volume(shape) != 1:
            push(plan, i, point_weights(plan.r.s(i), []), c * coef * ones_at(shape, point) % R, out)
        else:
            push(plan, i, point_weights(plan.r.s(i), point), c * coef % R, out)
    return out


def expression_cube(plan, expression, shape):
    """A linear expression on the cube: zero outside but for what a forger padded committed tensors with."""
    terms, const = expression
    out = padded(shape, plan.evaluate(expression, volume(shape)))
    for c, i in terms:
        for cell, v in plan.r.t[i].get('pad', {}).items():
            if plan.r.s(i) == tuple(shape):
                out[cell] = (out[cell] + c * v) % R
    return out


def folded(shape, table, weights):
    """The tensor's cube with the axes that are points bound to them: a table over the bits of the others."""
    bits = axis_bits(shape)
    points = {axes[0]: eq_table(w) for axes, kind, w in weights if kind == 'pt'}
    rest = [a for a in range(len(shape)) if a not in points]
    out = [0] * (1 << sum(bits[a] for a in rest))
    for cell, index in enumerate(itertools.product(*[range(1 << b) for b in bits])):
        v, k = table[cell], 0
        for a, i in enumerate(index):
            if a in points:
                v = v * points[a][i] % R
            else:
                k = k << bits[a] | i
        out[k] = (out[k] + v) % R
    return out


def weight_table(shape, weights):
    """The weights over the bits of those axes: zero outside the shape."""
    tabs = [(axes, w) for axes, kind, w in weights if kind == 'tab']
    rest = sorted(a for axes, _ in tabs for a in axes)
    out = [0] * (1 << size_bits([shape[a] for a in rest]))
    for index in indices([shape[a] for a in rest]):
        at, v = dict(zip(rest, index)), 1
        for axes, w in tabs:
            v = v * w[flat([shape[a] for a in axes], [at[a] for a in axes])] % R
        out[padded_index([shape[a] for a in rest], index)] = v
    return out


def link_bits(shape, weights):
    return sum(bits_of(shape[a]) for axes, kind, _ in weights if kind == 'tab' for a in axes)


# ---------------------------------------------------------------- sumcheck
def sumcheck(ch, name, claim, rounds, degree, items):
    """claim = sum of coef * sum over cube of the product of the tables. items (prover): (coef, bits, tables); an item
    of
    fewer bits joins late, scaled by 2^-(rounds - bits). Messages: coefficients 0, 2, 3.. of the round polynomial."""
    state = []
    if ch.proving:
        for coef, bits, tables in items:
            state.append([coef * pow(HALF, rounds - bits, R) % R, bits, [list(t) for t in tables]])
    point = []
    for j in range(1, rounds + 1):
        coefs = None
        if ch.proving:
            evals = [0] * (degree + 1)
            for scale, bits, tables in state:
                copies = rounds - bits - j
                if copies >= 0:
                    s = 0
                    for entry in zip(*tables):
                        p = 1
                        for v in entry:
                            p = p * v % R
                        s += p
                    for x in range(degree + 1):
                        evals[x] = (evals[x] + scale * s * pow(2, copies, R)) % R
                else:
                    h = len(tables[0]) // 2
                    for x in range(degree + 1):
                        s = 0
                        for k in range(h):
                            p = 1
                            for t in tables:
                                p = p * (t[k] + x * (t[h + k] - t[k])) % R
                            s += p
                        evals[x] = (evals[x] + scale * s) % R
            coefs = interpolate(evals)
        sent = ch.send(f'{name}.r{j}', None if coefs is None else [coefs[0]] + coefs[2:], degree)
        c0, high = sent[0], sent[1:]
        c1 = claim - c0 * 2
        for c in high:
            c1 = c1 - c
        x = ch.challenge(f'{name}.x{j}')
        point.append(x)
        claim = c0 + c1 * x
        for k, c in enumerate(high):
            claim = claim + c * pow(x, k + 2, R)
        for entry in state:
            if rounds - entry[1] - j < 0:
                entry[2] = [[(t[k] + x * (t[len(t) // 2 + k] - t[k])) % R for k in range(len(t) // 2)]
                        for t in entry[2]]
    return claim, point


def interpolate(evals):
    n, out = len(evals), [0] * len(evals)
    for i in range(n):
        num, den = [1], 1
        for j in range(n):
            if i != j:
                num = [(a - j * b) % R for a, b in zip([0] + num, num + [0])]
                den = den * (i - j) % R
        k = evals[i] * pow(den, -1, R) % R
        for d in range(n):
            out[d] = (out[d] + k * num[d]) % R
    return out



# ---------------------------------------------------------------- the protocol, both sides
class Key:
    def __init__(self, plan, hide_params=False, rng=None):
        self.rows, self.blinds = {}, {}
        for i in plan.keyed:
            hide = hide_params and plan.r.t[i]['kind'] == 'param'
            self.rows[i], self.blinds[i] = rows_of(plan.r, i, (rng or random.Random(5)) if hide else None)
        text = b'ezkl sumcheck key 1' + plan.describe() + repr(sorted(self.rows.items())).encode()
        self.digest = int.from_bytes(keccak256(text), 'big') % R


def row_parts(shape):
    """Row numbers of a tensor that hold an element; rows of C, most significant bits of the padded index first."""
    bits = size_bits(shape)
    if bits <= COLS:
        return [0]
    return sorted({padded_index(shape, x) >> COLS for x in indices(shape)})


def rows_of(r, i, rng):
    shape, table = r.s(i), cube(r, i)
    table += [0] * max(0, C - len(table))
    coms, blinds = {}, {}
    for k in row_parts(shape):
        blinds[k] = rng.randrange(R) if rng else 0
        coms[k] = (commit(table[k * C:(k + 1) * C], blinds[k]) + r.t[i].get('high', lambda: 0)()) % R
    return coms, blinds


def fold_rows(r, i, point):
    """Column vector of length C: rows combined by eq of the point's high bits."""
    table = cube(r, i)
    table += [0] * max(0, C - len(table))
    w = eq_table(point[:max(0, len(point) - COLS)])
    return [sum(w[k] * table[k * C + c] for k in range(len(w))) % R for c in range(C)]


def column_point(point):
    low = list(point[max(0, len(point) - COLS):])
    return tuple([0] * (COLS - len(low)) + low)


def fractions(ch, name, L, num, den):
    """The sum of num / den over 2^L leaves is 0 (3.3): the point, and what the extensions of num and den are there."""
    layers = [(num, den)]
    while ch.proving and len(layers[-1][0]) > 2:
        p, q = layers[-1]
        h = len(p) // 2
        layers.append(([(p[i] * q[h + i] + p[h + i] * q[i]) % R for i in range(h)], [q[i] * q[h + i] % R
                for i in range(h)]))
    layers.reverse()
    p, q = layers[0]
    p0, p1, q0, q1 = ch.send(f'{name}.1', [p[0], p[1], q[0], q[1]] if ch.proving else None, 4)
    ch.require(Lin(), [(1, p0, q1), (1, p1, q0)], 'fractions do not sum to zero')
    mu = ch.challenge(f'{name}.mu1')
    z, cp, cq = [mu], p0 + (p1 - p0) * mu, q0 + (q1 - q0) * mu
    for l in range(1, L):
        lam = ch.challenge(f'{name}.lambda{l}')
        items = []
        if ch.proving:
            p, q = layers[l]
            h = len(p) // 2
            e = eq_table(z)
            items = [(1, l, [e, p[:h], q[h:]]), (1, l, [e, p[h:], q[:h]]), (lam, l, [e, q[:h], q[h:]])]
        final, y = sumcheck(ch, f'{name}.{l + 1}', cp + cq * lam, l, 3, items)
        vals = [mle(t, y) for t in (p[:h], p[h:], q[:h], q[h:])] if ch.proving else None
        p0, p1, q0, q1 = ch.send(f'{name}.{l + 1}', vals, 4)
        e = eq(z, y)
        ch.require(final * -1, [(e, p0, q1), (e, p1, q0), (e * lam % R, q0, q1)], 'a layer of the fractions')
        mu = ch.challenge(f'{name}.mu{l + 1}')
        z, cp, cq = [mu] + y, p0 + (p1 - p0) * mu, q0 + (q1 - q0) * mu
    return z, cp, cq


class Forest:
    """The blocks of a tree and where they lie: what is public of it."""

    def __init__(self, plan, number):
        tree, r = plan.trees[number], plan.r
        self.name = 'gkr' if number == 0 else f'gkr{number}'
        # (numerator: 1, -1 or ('minus', tensor of counts); shape; id; columns: expressions or public columns)
        self.blocks, ids = [], {n: k + 1 for k, n in enumerate(plan.tabs)}
        add = lambda *block: self.blocks.append(block)
        for k in tree['lookups']:
            name, shape, expressions = plan.lookups[k]
            add(1, shape, ids[name], list(expressions))
        for name, count in tree['tables'].items():
            rows = plan.tabs[name]
            add(('minus', count), (len(rows),), ids[name], [('iota', rows[0][0])] +
                ([([(1, plan.tvals[name])], 0)] if name in plan.tvals else []))
        for k in tree['gathers']:
            data, index, y = plan.gathers[k]
            shape = lambda i: tuple(r.s(i))
            add(1, shape(index), len(ids) + 1 + k, [([(1, index)], 0), ([(1, y)], 0), ('line',)])
            add(('minus', tree['counts'][k]), shape(data), len(ids) + 1 + k, [('position',), ([(1, data)], 0),
                    ('line',)])
        for k in tree['permutes']:
            ys, xs = plan.permutes[k]
            for sign, cols in ((1, ys), (-1, xs)):
                add(sign, r.s(cols[0]), len(ids) + 1 + len(plan.gathers) + k, [([(1, c)], 0)
                        for c in cols] + [('line',)])
        self.bits = [size_bits(b[1]) for b in self.blocks]
        self.order = sorted(range(len(self.blocks)), key=lambda k: (-self.bits[k], k))
        self.offset, at = {}, 0
        for k in self.order:
            self.offset[k] = at
            at += 1 << self.bits[k]
        self.L = max(1, bits_of(max(1, at)))


# Public columns of leaves. Outside its shape a block's denominator has no beta in it: multiplicities there, which
# nothing
# keeps from being nonzero, stand over no pole and buy nothing.
def column(kind, shape):
    of = {'iota': lambda x: kind[1] + x[0], 'position': lambda x: x[1], 'line': lambda x: x[0]}[kind[0]]
    return padded(shape, [of(x) for x in indices(shape)])


def column_at(kind, shape, point):
    if kind[0] == 'iota':
        return iota_at(shape[0], kind[1], point)
    p0, p1 = split_point(shape, point)
    if kind[0] == 'position':
        return below(shape[0], p0) * iota_at(shape[1], 0, p1) % R
    return iota_at(shape[0], 0, p0) * below(shape[1], p1) % R


def leaves(plan, forest, alpha, beta):
    num, den = [0] * (1 << forest.L), [1] * (1 << forest.L)
    for k in forest.order:
        n, shape, ident, cols = forest.blocks[k]
        cells, at = 1 << forest.bits[k], forest.offset[k]
        inside = [1] * cells if 'beta' in UNSAFE else padded(shape, [1] * volume(shape))
        d = [(1 + one * (beta - ident - 1)) % R for one in inside]
        for power, e in enumerate(cols):
            a = pow(alpha, power + 1, R)
            vals = column(e, shape) if isinstance(e[0], str) else expression_cube(plan, e, shape)
            d = [(x - a * v) % R for x, v in zip(d, vals)]
        den[at:at + cells] = d
        num[at:at + cells] = padded(shape, [n] * volume(shape)) if isinstance(n, int) else [-v % R
                for v in cube(plan.r, n[1])]
    return num, den


def protocol(ch, plan, key, public):
    """public: tensor -> values. A prover's plan carries values; a verifier's values are never read (see strip)."""
    r = plan.r
    ch.absorb(key.digest, name='key')
    ch.statement([v for i in plan.instances for v in public[i]])

    # phase 0: everything the prover knows
    rows, blinds = dict(key.rows), dict(key.blinds)
    for i in plan.committed:
        rows[i], blinds[i] = {}, {}
        coms, bl = rows_of(r, i, ch.rng if ch.hiding else None) if ch.proving else ({}, {})
        for k in row_parts(r.s(i)):
            rows[i][k], blinds[i][k] = ch.point(f'row {i}.{k}', coms.get(k)), bl.get(k, 0)
    mask, mask_blind, mask_row = [0] * C, 0, 0
    if ch.hiding:
        if ch.proving:
            mask, mask_blind = [ch.rng.randrange(R) for _ in range(C)], ch.rng.randrange(R)
        mask_row = ch.point('mask row', commit(mask, mask_blind) if ch.proving else None)

    # phase 1: one logUp-GKR a tree
    alpha, beta = ch.challenge('alpha'), ch.challenge('beta')
    forests, ends = [Forest(plan, g) for g in range(len(plan.trees))], []
    for forest in forests:
        num, den = leaves(plan, forest, alpha, beta) if ch.proving else ([], [])
        ends.append(fractions(ch, forest.name, forest.L, num, den))
    # The first tree's point also serves the constraints, of which some may have more bits.
    size = lambda i: size_bits(r.s(i[1] if isinstance(i, tuple) else i))
    most = max([size(i) for terms, _ in plan.constraints for _, i in terms] + [size(i) for i, _ in plan.squares] + [0])
    extra = ch.challenges('extend', max(0, most - forests[0].L))
    points = [list(z) for z, _, _ in ends]
    points[0] = extra + points[0]
    low = lambda g, bits: points[g][len(points[g]) - bits:] if bits else []
    linear = []                       # claims for the opening: (Lin value, [(coef, anchor, weights)])

    # the leaves: numerators are public or multiplicities, denominators are linear in tensors
    dens = []
    for g, forest in enumerate(forests):
        z, N, D = ends[g]
        num_const, num_terms, den = 0, [], dict(const=1, anchor=[], raw=[])
        for k in forest.order:
            n, shape, ident, cols = forest.blocks[k]
            bits = forest.bits[k]
            h = eq([forest.offset[k] >> b & 1 for b in range(forest.L - 1, bits - 1, -1)], z[:forest.L - bits])
            pt = z[forest.L - bits:]
            if isinstance(n, int):
                num_const = (num_const + n * h * ones_at(shape, pt)) % R
            else:
                num_terms.append((-h % R, n[1], point_weights(shape, pt)))
            inside = 1 if 'beta' in UNSAFE else ones_at(shape, pt)
            den['const'] = (den['const'] + h * (beta - ident - 1) * inside) % R
            for power, e in enumerate(cols):
                a = h * pow(alpha, power + 1, R) % R
                if isinstance(e[0], str):
                    den['const'] = (den['const'] - a * column_at(e, shape, pt)) % R
                else:
                    part = expand(plan, e[0], e[1], shape, pt, -a)
                    den['const'] = (den['const'] + part['const']) % R
                    den['anchor'] += part['anchor']
                    den['raw'] += part['raw']
        linear.append((N - num_const, num_terms))
        dens.append(den)

    # phase 2: products, zero constraints, and one point for everything that is not linear
    xi = ch.challenge('xi')
    anchors, raws, const, scale, claim = [], [], 0, 1, Lin()      # raws: (coefficient, 'raw' or 'square', tensor, tree)

    def take(part, factor, g):
        nonlocal const, anchors, raws
        const = (const + factor * part['const']) % R
        anchors += [(factor * c % R, i, w) for c, i, w in part['anchor']]
        raws += [(factor * c % R, 'raw', i, g) for c, i, p in part['raw']]
        assert all(p == low(g, size_bits(r.s(i))) for _, i, p in part['raw'])
    for g, (_, _, D) in enumerate(ends):
        take(dens[g], scale, g)
        claim, scale = claim + D * scale, scale * xi % R
    for terms, c0 in plan.constraints:
        shape = max((r.s(i[1] if isinstance(i, tuple) else i) for _, i in terms), key=volume)
        take(expand(plan, terms, c0, shape, low(0, size_bits(shape))), scale, 0)
        scale = scale * xi % R
    for i, lo in plan.squares:                 # (x - lo)(x - lo - 1) = x^2 - (2 lo + 1) x + lo (lo + 1)
        shape = r.s(i)
        take(expand(plan, [(-(2 * lo + 1), i)], lo * (lo + 1), shape, low(0, size_bits(shape))), scale, 0)
        raws.append((scale, 'square', i, 0))
        scale = scale * xi % R
    value = lambda i: cube(r, i)
    pair = lambda i, w: sum(a * b for a, b in zip(folded(r.s(i), value(i), w), weight_table(r.s(i), w))) % R
    dot = lambda terms: sum(c * pair(i, w) for c, i, w in terms) % R
    va, = ch.send('linear part', [dot(anchors)] if ch.proving else None, 1)
    linear.append((va, anchors))
    rest = claim - const - va
    coefs = {}
    for c, kind, i, g in raws:
        coefs[kind, i, g] = (coefs.get((kind, i, g), 0) + c) % R
    for i in plan.cons:
        if not any(k[:2] == ('raw', i) for k in coefs):
            coefs['raw', i, 0] = 0
    items, finals, operands = [], [], []       # operands: distinct tensors whose value at the point is sent
    for (kind, i, g), c in coefs.items():
        t = r.t[i]
        tabs = [i] if kind == 'raw' and t['kind'] == 'con' else [i, i] if kind == 'square' else [t['a'], t['b']]
        operands += [j for j in dict.fromkeys(tabs) if j not in operands]
        bits = size_bits(r.s(i))
        finals.append((c, bits, tabs, g))
        if ch.proving:
            items.append((c, bits, [eq_table(low(g, bits))] + [value(j) for j in tabs]))
    rounds = max([bits for _, bits, _, _ in finals] + [0])
    final, y = sumcheck(ch, 'products', rest, rounds, 3, items)
    ylow = lambda bits: y[len(y) - bits:] if bits else []
    sent = ch.send('operands', [mle(value(j), ylow(size_bits(r.s(j)))) for j in operands] if ch.proving else None,
            len(operands))
    at = dict(zip(operands, sent))
    acc, prods = final * -1, []
    for c, bits, tabs, g in finals:
        k = c * pow(HALF, rounds - bits, R) * eq(low(g, bits), ylow(bits)) % R
        if len(tabs) == 1:
            acc = acc + at[tabs[0]] * k
        else:
            prods.append((k, at[tabs[0]], at[tabs[1]]))
    ch.require(acc, prods, 'products or constraints')
    for j in operands:
        if r.t[j]['kind'] == 'con' and j not in plan.materialised:
            continue
        part = dict(const=0, anchor=[], raw=[])
        push(plan, j, point_weights(r.s(j), ylow(size_bits(r.s(j)))), 1, part)
        left = at[j] - part['const']
        for c, i, p in part['raw']:
            assert r.t[i]['kind'] == 'con' and p == ylow(size_bits(r.s(i)))
            left = left - at[i] * c
        linear.append((left, part['anchor']))

    # phase 3: contractions. X is the pivot: its axes that K does not share are bound to the point, the others are
    # summed
    delta = ch.challenge('delta')
    todo, items, claim = [], [], Lin()
    for n, i in enumerate(plan.cons):
        con = Contraction(plan, i, split_point(r.s(i), ylow(size_bits(r.s(i)))))
        coef = pow(delta, n, R)
        claim = claim + at[i] * coef
        if ch.proving:
            items.append((coef, con.bits, con.tables(value)))
        todo.append((coef, con))
    rounds = max([con.bits for _, con in todo] + [0])
    final, s = sumcheck(ch, 'contract', claim, rounds, 2, items)
    pairs = None
    if ch.proving:
        pairs = [mle(table, s[rounds - bits:]) for _, bits, tabs in items for table in tabs]
        if CHEAT.get('pairs') and pairs:
            pairs = CHEAT['pairs'](pairs)
    sent = ch.send('contract', pairs, 2 * len(todo))
    acc, prods = final * -1, []
    for n, (coef, con) in enumerate(todo):
        sigma = s[rounds - con.bits:]
        xv, av = sent[2 * n], sent[2 * n + 1]
        prods.append((coef * pow(HALF, rounds - con.bits, R) % R, xv, av))
        for v, j, (weights, factor) in ((xv, con.x, con.pivot_weights(sigma)), (av, con.k, con.kernel_weights(sigma))):
            part = dict(const=0, anchor=[], raw=[])
            push(plan, j, weights, factor, part)
            linear.append((v - part['const'], part['anchor']))
    ch.require(acc, prods, 'contractions')

    # phase 4: one combination of all linear claims; functionals that are no points become points by one more sumcheck
    theta = ch.challenge('theta')
    direct, link, total_claim, scale = [], [], Lin(), 1
    for v, terms in linear:
        total_claim = total_claim + v * scale
        for k, i, w in terms:
            (link if any(kind == 'tab' for _, kind, _ in w) else direct).append((scale * k % R, i, w))
        scale = scale * theta % R
    vl, = ch.send('link part', [dot(link)] if ch.proving else None, 1)
    rounds = max([link_bits(r.s(i), w) for _, i, w in link] + [0])
    items = [(c, link_bits(r.s(i), w), [folded(r.s(i), value(i), w), weight_table(r.s(i), w)])
             for c, i, w in link] if ch.proving else []
    final, u = sumcheck(ch, 'link', vl, rounds, 2, items)
    omega = ch.challenge('omega')
    total_claim = total_claim - vl + final * omega
    direct = [(c, i, [x for _, _, p in w for x in p]) for c, i, w in direct]
    for c, i, w in link:
        b, shape = link_bits(r.s(i), w), r.s(i)
        p = u[rounds - b:] if b else []
        scale = omega * c * pow(HALF, rounds - b, R) * mle(weight_table(shape, w), p) % R
        points_of, place = {axes[0]: q for axes, kind, q in w if kind == 'pt'}, 0
        for a, d in enumerate(shape):
            if a not in points_of:
                points_of[a], place = p[place:place + bits_of(d)], place + bits_of(d)
        direct.append((scale, i, [x for a in range(len(shape)) for x in points_of[a]]))

    # phase 5: opening. Public tensors first, then one column sumcheck, then one multilinear opening of one row
    groups = {}
    for c, i, p in direct:
        if i in public or i in plan.inline:
            total_claim = total_claim - c * mle(padded(r.s(i), public[i] if i in public else r.v(i)), p)
        else:
            groups.setdefault(column_point(p), []).append((c, i, tuple(p)))
    names = list(groups)
    columns = {}
    if ch.proving:
        for g in names:
            f = [0] * C
            for c, i, p in groups[g]:
                f = [(a + c * b) % R for a, b in zip(f, fold_rows(r, i, p))]
            columns[g] = f
    final, s = sumcheck(ch, 'columns', total_claim, COLS, 2,
                        [(1, COLS, [columns[g], eq_table(g)]) for g in names] if ch.proving else [])
    values = [mle(columns[g], s) for g in names] if ch.proving else None
    if ch.proving and CHEAT.get('tail'):
        gap = (final.at(ch.z) - sum(v * eq(g, s) for v, g in zip(values, names))) % R
        values[0] = (values[0] + gap * pow(eq(names[0], s), -1, R)) % R
    if ch.proving and CHEAT.get('columns'):
        values[0], values[1] = (values[0] + eq(names[1], s)) % R, (values[1] - eq(names[0], s)) % R
    sent = ch.send('column values', values, len(names))
    acc = final * -1
    for v, g in zip(sent, names):
        acc = acc + v * eq(g, s)
    ch.require(acc, [], 'columns')
    hv = Lin()
    if ch.hiding:
        hv, = ch.send('mask value', [mle(mask, s)] if ch.proving else None, 1)
    delta2 = ch.challenge('delta2')
    eta = ch.challenge('eta') if ch.hiding else 0
    weight, expected = {}, hv * eta
    g_vec, tail = [eta * m % R for m in mask], eta * mask_blind % R
    for n, g in enumerate(names):
        d = pow(delta2, n, R)
        expected = expected + sent[n] * d
        if ch.proving:
            g_vec = [(a + d * b) % R for a, b in zip(g_vec, columns[g])]
        for c, i, p in groups[g]:
            w = eq_table(list(p)[:max(0, len(p) - COLS)])
            for k in rows[i]:
                weight[(i, k)] = (weight.get((i, k), 0) + d * c * w[k]) % R
    if ch.proving and CHEAT.get('long'):         # rows with cells beyond C: fold the long vector, fit the tail
        extra = [0] * (C * CHEAT['blocks'])
        for i, row_cells in CHEAT['long'].items():
            for k, cells in row_cells.items():
                for j, v in cells.items():
                    extra[j - C] = (extra[j - C] + weight.get((i, k), 0) * v) % R
        g_vec = g_vec + extra
    com = (sum(w * rows[i][k] for (i, k), w in weight.items()) + eta * mask_row) % R
    if ch.hiding:
        tail = (tail + sum(w * blinds[i][k] for (i, k), w in weight.items())) % R
        if ch.proving and CHEAT.get('long'):
            fitted = mle(g_vec[C:2 * C], s) * pow(eq([0] * COLS, s), -1, R)
            tail, g_vec[C] = (tail + fitted) % R, (g_vec[C] - fitted) % R
        if ch.proving and CHEAT.get('tail'):
            kappa = (expected.at(ch.z) - mle(g_vec, s)) * pow(eq([0] * COLS, s), -1, R) % R
            g_vec = [(g_vec[0] + kappa) % R] + g_vec[1:]
            tail = (tail - kappa * pow(CHEAT['log'], -1, R)) % R
        tail = ch.open_scalar('tail', tail if ch.proving else None)
        com = (com - tail * TAUS[C]) % R
        claimed = ch.open_scalar('opened value', mle(g_vec[:C], s) if ch.proving else None)
        ch.require(expected - claimed, [], 'opened value')
    else:
        claimed = expected.c
    before = len(ch.manifest)
    open_multilinear(ch, g_vec, com, s, claimed)
    ch.manifest[before:] = [f'opening {COLS}']
    ch.finish()
    return ch


class Contraction:
    """One contraction at a point of its output (3.4): its two factors as tables of one sumcheck, and as functionals."""

    def __init__(self, plan, i, opoint):
        t, r = plan.r.t[i], plan.r
        self.r, self.x, self.k, self.loops, self.nout, self.opoint = r, t['x'], t['k'], t['loops'], t['nout'], opoint
        self.xs, self.ks, self.xaxes, self.kaxes = r.s(self.x), r.s(self.k), t['xaxes'], t['kaxes']
        self.k_fixed = r.t[self.k]['kind'] == 'fixed'
        of_k = {l for _, ls in self.kaxes for l, _ in ls}
        drives = lambda l: sum(a == l for _, ls in self.xaxes for a, _ in ls)
        self.free = [plain(axis, self.loops, d) and axis[1][0][0] < self.nout and axis[1][0][0] not in of_k and
                     drives(axis[1][0][0]) == 1 for axis, d in zip(self.xaxes, self.xs)]
        self.bound = {axis[1][0][0] for axis, f in zip(self.xaxes, self.free) if f}
        self.residual = [a for a, f in enumerate(self.free) if not f]
        self.rshape = [self.xs[a] for a in self.residual]
        self.bits = size_bits(self.rshape)
        self.others = [l for l in range(len(self.loops)) if l not in self.bound]
        self.weights = [((l,), 'pt', opoint[l]) if l < self.nout else ((l,), 'tab', [1] * self.loops[l])
                for l in self.others]

    def tables(self, value):
        """X with its free axes bound to the point, and A: both over the cube of X's residual axes."""
        whole_cube = [1 << b for b in axis_bits(self.xs)]
        oeq = [eq_table(p) for p in self.opoint]
        xt, xv, kv = [0] * (1 << self.bits), value(self.x), value(self.k)
        for cell, x in enumerate(indices(whole_cube)):
            w = xv[cell]
            for e, axis, f in zip(x, self.xaxes, self.free):
                if f:
                    w = w * oeq[axis[1][0][0]][e] % R
            k = padded_index([1 << b for b in axis_bits(self.rshape)], [x[a] for a in self.residual])
            xt[k] = (xt[k] + w) % R
        at_table = [0] * (1 << self.bits)
        for at, w in assignments(self.weights, self.loops):
            jx = [read_at(self.xaxes[a], at) for a in self.residual]
            jk = [read_at(axis, at) for axis in self.kaxes]
            if all(0 <= v < d for v, d in zip(jx, self.rshape)) and all(0 <= v < d for v, d in zip(jk, self.ks)):
                j = padded_index(self.rshape, jx)
                at_table[j] = (at_table[j] + w * kv[padded_index(self.ks, jk)]) % R
        if 'points' in UNSAFE and len(kv) == len(at_table):
            at_table = list(kv)                      # what a point on K means when K is padded
        if 'a table' in CHEAT:
            at_table = CHEAT['a table'](kv)
        return [xt, at_table]

    def pivot_weights(self, sigma):
        at, comps = split_point(self.rshape, sigma), []
        for a, f in enumerate(self.free):
            comps.append(((a,), 'pt', self.opoint[self.xaxes[a][1][0][0]] if f else at[self.residual.index(a)]))
        return comps, 1

    def kernel_weights(self, sigma):
        """<K, W> = A~(sigma): a product over the components that loops, residual axes of X and axes of K fall into."""
        at_sigma = split_point(self.rshape, sigma)
        axes = [[l for l, _ in self.xaxes[a][1]] for a in self.residual] + [[l for l, _ in ls] for _, ls in self.kaxes]
        comps, factor = [], 1
        for cs, mine in connected([c[0] for c in self.weights], axes):
            cs = [self.weights[c] for c in cs]
            xa = [k for k in mine if k < len(self.residual)]
            ka = [k - len(self.residual) for k in mine if k >= len(self.residual)]
            loop = cs[0][0][0] if len(cs) == 1 else None
            ka_plain = len(ka) == 1 and loop is not None and plain(self.kaxes[ka[0]], self.loops, self.ks[ka[0]])
            if ka_plain and not xa and loop < self.nout:
                comps.append(((ka[0],), 'pt', self.opoint[loop]))
                continue
            # An axis that is summed over may not read K outside its shape, unless K is known to be zero there.
            if ka_plain and len(xa) == 1 and loop >= self.nout and \
                    plain(self.xaxes[self.residual[xa[0]]], self.loops, self.rshape[xa[0]]) and \
                    (power_of_two(self.ks[ka[0]]) or self.k_fixed or 'points' in UNSAFE):
                comps.append(((ka[0],), 'pt', at_sigma[xa[0]]))
                continue
            shape = [self.ks[a] for a in ka]
            table, eqs = [0] * volume(shape), [eq_table(at_sigma[k]) for k in xa]
            for at, w in assignments(cs, self.loops):
                j = [read_at(self.kaxes[a], at) for a in ka]
                jx = [read_at(self.xaxes[self.residual[k]], at) for k in xa]
                if all(0 <= v < self.rshape[k] for v, k in zip(jx, xa)) and all(0 <= v < d for v, d in zip(j, shape)):
                    for e, v in zip(eqs, jx):
                        w = w * e[v] % R
                    table[flat(shape, j)] = (table[flat(shape, j)] + w) % R
            if not ka:
                factor = factor * table[0] % R
            elif not cs:                         # an axis of K that no loop drives: one index of it
                if not any(table):
                    return [], 0
                base = self.kaxes[ka[0]][0]
                comps.append(((ka[0],), 'pt', [base >> b & 1 for b in reversed(range(bits_of(shape[0])))]))
            else:
                comps.append((tuple(ka), 'tab', table))
        comps, scale = tidy(self.ks, comps)
        return comps, factor * scale % R


def open_multilinear(ch, f, com, s, value):
    """Gemini/HyperKZG: fold by the bits of s from the least significant one; one SHPLONK opening at x, -x, x^2."""
    polys, coms = [f], [com]
    for j in range(COLS - 1):
        x = s[COLS - 1 - j]
        g = [(polys[-1][2 * i] + x * (polys[-1][2 * i + 1] - polys[-1][2 * i])) % R
                for i in range(len(polys[-1]) // 2)] if ch.proving else []
        polys.append(g)
        coms.append(ch.point(f'fold {j}', commit(g) if ch.proving else None))
    x = ch.challenge('open.x')
    points = [x, -x % R, x * x % R]
    need(len(set(points)) == 3, 'points of the opening coincide')
    ev = lambda p, at: sum(c * pow(at, k, R) for k, c in enumerate(p)) % R
    vals = [[ch.open_scalar(f'open {j}.{k}', ev(polys[j], p) if ch.proving else None) for k, p in enumerate(points)]
            for j in range(COLS)]
    for j in range(COLS):
        w = s[COLS - 1 - j]
        a, b, _ = vals[j]
        nxt = ((a + b) * HALF * (1 - w) + (a - b) * pow(2 * x, -1, R) * w) % R
        need(nxt == (vals[j + 1][2] if j + 1 < COLS else value), 'folds of the opening')
    gamma = ch.challenge('open.y')
    ch.challenge('open.v')                       # of the second set of points, of which there is none

    def lagrange(v, at):
        out = 0
        for i, p in enumerate(points):
            k = v[i]
            for j, q in enumerate(points):
                if i != j:
                    k = k * (at - q) * pow(p - q, -1, R) % R
            out += k
        return out % R

    def divide(p, root):                        # (p - p(root)) / (X - root)
        out = [0] * (len(p) - 1)
        carry = 0
        for k in range(len(p) - 1, 0, -1):
            carry = (p[k] + root * carry) % R
            out[k - 1] = carry
        return out
    gam = powers(gamma, COLS)
    h = []
    if ch.proving:
        h = [sum(g * (p[k] if k < len(p) else 0) for g, p in zip(gam, polys)) % R for k in range(max(C, len(f)))]
        for p in points:                        # the remainders are the interpolants
            h = divide(h, p)
    H = ch.point('open.h', commit(h) if ch.proving else None)
    w = ch.challenge('open.u')
    zw = (w - points[0]) * (w - points[1]) * (w - points[2]) % R
    rem = sum(g * lagrange(v, w) for g, v in zip(gam, vals)) % R
    q = []
    if ch.proving:
        l = [sum(g * (p[k] if k < len(p) else 0) for g, p in zip(gam, polys)) % R for k in range(max(C, len(f)))]
        l = [(a - zw * (h[k] if k < len(h) else 0)) % R for k, a in enumerate(l)]
        l[0] = (l[0] - rem) % R
        q = divide(l, w)
    Q = ch.point('open.q', commit(q) if ch.proving else None)
    left = (sum(g * c for g, c in zip(gam, coms)) - rem - zw * H) % R
    need(left == Q * (TAU - w) % R, 'pairing')   # e(left, G2) = e(Q, tau G2 - w G2)


# ---------------------------------------------------------------- running
def strip(plan):
    """A verifier's plan: the same claims without any value of the prover."""
    for i, t in enumerate(plan.r.t):
        if t['kind'] != 'fixed':
            t['vals'] = [0] * volume(t['shape'])
    return plan


def canonical(public):
    return {i: [x % R for x in v] for i, v in public.items()}


def prove(build, hiding, forge=None, seed=7, real=False, plan_options=None, **kw):
    plan = Plan(build(**kw), **(plan_options or {}))
    pub = plan.statement()
    key = Key(plan, hiding)
    ch = Channel(hiding=hiding, rng=random.Random(seed), forge=forge, real=real)
    protocol(ch, plan, key, canonical(pub))
    return ch, pub, key, plan


def verify(build, proof, public, key, hiding, real=False, plan_options=None, **kw):
    plan = strip(Plan(build(**kw), **(plan_options or {})))
    ch = Channel(proof=proof, hiding=hiding, real=real)
    protocol(ch, plan, key, canonical(public))
    return True


def accepts(build, proof, public, key, hiding, **kw):
    try:
        return verify(build, proof, public, key, hiding, **kw)
    except Reject:
        return False


# ---------------------------------------------------------------- models
def mlp(alter=None, weights=None):
    """2 -> 3 -> 2 with Relu, scale 2 bits: y = W2 relu(round((W1 x + b1) / 4)) + b2"""
    r = Rec()
    x = r.public((1, 2), [5, -3])
    w1 = r.param((3, 2), weights or [3, -2, -4, 1, 2, 2])
    b1 = r.param((3,), [1, -7, 2])
    w2 = r.param((2, 3), [1, -1, 2, 3, 0, -2])
    b2 = r.param((2,), [4, -4])
    bias = lambda b, n: r.view(b, (1, n), ((0, ((1, 1),)),))
    h = r.linear([(1, r.matmul(x, w1)), (1, bias(b1, 3))])
    q, m, part = r.divide(h, 4)
    a = r.linear([(1, m), (-1, part)])                      # Relu(q) = m - n m
    r.output(r.linear([(1, r.matmul(a, w2)), (1, bias(b2, 2))]))
    if alter:
        alter(r)
    return r


def conv(alter=None, stride=2, pad=1, dil=1, groups=1, size=5, k=3, cin=2, cout=2, first=0, step=1):
    """grouped, strided, padded, dilated convolution of a secret image, indexed as graph/ops/convolution.cpp does;
    outputs
    public. first, step: of k taps only first, first + step, ... are used, as in one phase of a transposed
    convolution"""
    r, rnd = Rec(), random.Random(3)
    n = (size + 2 * pad - dil * (k - 1) - 1) // stride + 1
    ci, co = cin // groups, cout // groups
    x = r.secret((cin, size, size), [rnd.randrange(-9, 10) for _ in range(cin * size * size)])
    r.range(x, -32, 31)
    w = r.param((cout, ci, k, k), [rnd.randrange(-5, 6) for _ in range(cout * ci * k * k)])
    one, taps = lambda l: (0, ((l, 1),)), len(range(first, k, step))
    # loops: g, o, oy, ox | c, ky, kx
    y = r.contract((groups, co, n, n), (ci, taps, taps), x,
                   ((0, ((0, ci), (4, 1))), (-pad, ((2, stride), (5, dil))), (-pad, ((3, stride), (6, dil)))),
                   w, ((0, ((0, co), (1, 1))), one(4), (first, ((5, step),)), (first, ((6, step),))))
    r.output(y)
    if alter:
        alter(r)
    return r


def mixed(alter=None):
    """function tables, gather, permute, is_zero of either sign, square, broadcast of a scalar, a reversed strided
    view"""
    r = Rec()
    x = r.secret((2, 3), [2, -1, 0, 3, -4, 1])
    r.range(x, -4, 3)
    e = r.table('square+1', {v: v * v + 1 for v in range(-4, 4)}, x)
    odd = r.table('cube', {v: v * v * v for v in range(-5, 6)}, x)
    idx = r.hint((2, 2), [2, 0, 1, 1])
    g = r.gather(x, idx)
    ys = r.hint((2, 3), [-1, 0, 2, -4, 1, 3])
    r.permute([ys], [x])
    b = r.is_zero(x, -4, 3)
    one = r.hint((1,), [3])
    r.range(one, 0, 5)
    s = r.linear([(1, e), (2, r.mul(x, x)), (1, b), (-5, one)], 7)
    v = r.view(x, (3, 2), ((0, ((1, 1),)), (2, ((0, -1),))), 0)
    w = r.view(x, (2, 2), ((0, ((0, 1),)), (-1, ((1, 2),))), 9)
    for t in (s, g, ys, v, w, odd):
        r.output(t)
    if alter:
        alter(r)
    return r


def shapes(alter=None):
    """reshapes that keep points and others, sums, a remap, products and contractions of products, a large fixed
    tensor and
    equal ones, broadcast and transposed factors, ranges of one and two integers"""
    r = Rec()
    one = lambda l: (0, ((l, 1),))
    x = r.secret((2, 6), [3, -1, 0, 2, 5, -2, 1, 4, -3, 2, 0, 6])
    r.range(x, -8, 7)
    c = r.fixed((3, 24), [(7 * k) % 11 - 5 for k in range(72)])
    e = r.fixed((2, 6), [3] * 12)
    split = r.reshape(x, (2, 3, 2))                                   # keeps points: 6 = 3 * 2
    other = r.reshape(x, (3, 4))                                      # does not: 2 * 6 = 3 * 4
    rows = r.sum((2, 1), (6,), x, (one(0), one(2)))                   # sums along an axis
    pick = r.remap((5,), [x, rows], [0, 13, -1, 7, 0], [9])           # elements of two tensors, and a constant
    sq = r.mul(x, x)
    part = r.reshape(sq, (2, 3, 2))                                   # a product through a reshape that keeps points
    big = r.contract((3, 3), (8,), r.reshape(sq, (12,)), ((0, ((0, 4), (2, 1))),), c, (one(1), (0, ((2, 3),))))
    both = r.mul(rows, x, (2, 6), (one(0), (0, ())))                  # broadcast
    cross = r.mul(r.reshape(x, (6, 2)), x, (6, 2), None, (one(1), one(0)))     # transposed
    flag = r.hint((2, 6), [int(v > 0) for v in r.v(x)])
    r.range(flag, 0, 1)
    nine = r.hint((1,), [9])
    r.range(nine, 9, 9)
    gap = r.hint((2, 6), [v + 9 for v in r.v(x)])
    r.range(gap, 1, 16)
    r.zero([(1, gap), (-1, x), (-1, nine), (2, x), (-2, x)])          # one tensor several times
    r.permute([r.reshape(r.mul(flag, e), (1, 12))], [r.reshape(r.linear([(3, flag)]), (1, 12))])
    for t in (split, other, rows, pick, part, big, both, cross, r.linear([(1, flag), (1, gap)]), nine):
        r.output(t)
    if alter:
        alter(r)
    return r


def main():
    import sumcheck_attacks, sumcheck_tests, sumcheck_vectors
    mode = sys.argv[1] if len(sys.argv) > 1 else ''
    if mode in ('--vectors', '--check') and len(sys.argv) == 3:
        (sumcheck_vectors.write if mode == '--vectors' else sumcheck_vectors.check)(sys.argv[2])
        return
    if mode not in ('', '--quick', '--attacks') or len(sys.argv) > 2:
        sys.exit(__doc__)
    jobs = {'': sumcheck_tests.quick() + sumcheck_tests.forging(), '--quick': sumcheck_tests.quick(),
            '--attacks': sumcheck_attacks.attacks()}[mode]
    for job in jobs:
        print(job(), flush=True)
    print('all passed')


if __name__ == '__main__':
    sys.modules['sumcheck'] = sys.modules['__main__']    # the other files import this one by its name
    main()
