"""Forgeries that found holes in earlier forms of the specification or of the reference, each with what must come of it.
`python3 sumcheck.py --attacks` runs them; an attack that succeeds where it must not, or an honest proof that is
refused, is
an AssertionError."""
import random

import sumcheck
from sumcheck import *


def both(good, bad, hiding=False, unsafe=(), cheat=None, statement=None):
    """The prover runs on bad(), the verifier has the plan and the key of good(). True: accepted."""
    plan, key = Plan(bad()), Key(Plan(good()), hiding)
    public = canonical(statement or plan.statement())
    UNSAFE.update(unsafe)
    CHEAT.update(cheat or {})
    try:
        ch = Channel(hiding=hiding, rng=random.Random(3))
        protocol(ch, plan, key, public)
        early = CHEAT.get('sigma weights')
        UNSAFE.clear()
        CHEAT.clear()
        if early:
            CHEAT['sigma weights'] = early
        protocol(Channel(proof=ch.proof, hiding=hiding), strip(Plan(good())), key, public)
        return True
    except Reject:
        return False
    finally:
        UNSAFE.clear()
        CHEAT.clear()


ONE = lambda l: (0, ((l, 1),))
X = [1, 2, 3, 4] * 4
K = [1, 1, 2, 5]


def duplicate_terms():
    """A hint twice in one equation: 2h - h - x = 0 says h = x."""
    def build(h):
        def made():
            r = Rec()
            x, t = r.public((1,), [3]), r.hint((1,), [h])
            r.zero([(2, t), (-1, t), (-1, x)])
            r.output(r.linear([(1, t)]))
            return r
        return made

    def vanishing():                                  # h - h = 0 restricts nothing
        r = Rec()
        h = r.hint((1,), [5])
        r.zero([(1, h), (-1, h)])
        r.output(h)
        return r

    def zero_coefficient():
        r = Rec()
        x, h = r.public((1,), [0]), r.hint((1,), [5])
        r.zero([(0, h), (1, x)])
        return r
    assert both(build(3), build(3)) and not both(build(3), build(3 * HALF % R)) and not both(build(3), build(4))
    assert both(vanishing, vanishing) and both(zero_coefficient, zero_coefficient)
    return 'equations with one tensor several times'


def contraction(out, summed, xshape, xaxes, kshape, kaxes, claimed=None, table=None):
    def made():
        r = Rec()
        x, k = r.secret(xshape, X[:volume(xshape)]), r.secret(kshape, K[:volume(kshape)])
        y = r.contract(out, summed, x, xaxes, k, kaxes)
        if claimed is not None:
            r.t[y]['vals'] = [claimed] * volume(out)
        r.output(y)
        return r
    return made, {'a table': table} if table else {}


def loops_that_are_odd():
    """A loop on two axes of one factor, on no axis, on an axis whose loop drives another: honest proofs are accepted,
    the
    value that a point in place of a table would prove is not."""
    whole_sum = sum(X[4 * a + b] * K[b] for a in range(4) for b in range(4))
    diagonal = lambda *a: contraction((1,), (4,), (4, 4), (ONE(1), ONE(1)), (4,), (ONE(1),), *a)
    good = diagonal()[0]
    bad, cheat = diagonal(whole_sum, lambda kv: [kv[b] for _ in range(4) for b in range(4)])
    assert both(good, good) and not both(good, bad, cheat=cheat)
    idle = lambda *a: contraction((1,), (4, 6), (4,), (ONE(1),), (4,), (ONE(1),), *a)
    good = idle()[0]
    bad, cheat = idle(29, lambda kv: kv)
    assert both(good, good) and not both(good, bad, cheat=cheat)
    cases = [((n,), (4,), (4,), (ONE(1),), (4,), (ONE(1),)) for n in (3, 4)]        # an out loop in no axis
    cases += [((2,), (2,), (2,), (ONE(1),), (2, 2), (ONE(1), ONE(1)))]                # K[s, s]
    cases += [((2,), (2,), (2, 2), (ONE(0), (0, ((0, 1), (1, 1)))), (2,), (ONE(1),))]  # X[o, o + s]
    for case in cases:
        good = contraction(*case)[0]
        assert both(good, good), case
        rec = good()
        bad = contraction(*case, rec.v(len(rec.t) - 1)[0] + 1)[0]
        assert not both(good, bad), case
    return f'contractions with odd loops, {len(cases) + 2} of them'


def random_loops(count=60):
    """Contractions of random loop structure (0 to 2 axes a loop, strides, bases, extents that are no powers of two):
    accepted with the right result, refused with another."""
    rnd = random.Random(11)
    for _ in range(count):
        out = [rnd.randrange(1, 4) for _ in range(rnd.randrange(3))]
        summed = [rnd.randrange(1, 4) for _ in range(rnd.randrange(3))]
        loops = out + summed

        def factor():
            shape, axes = [], []
            for _ in range(rnd.randrange(1, 3)):
                chosen = rnd.sample(range(len(loops)), min(len(loops), rnd.randrange(3)))
                axes.append((rnd.choice((0, 0, 0, 1, -1)), tuple((l, rnd.choice((1, 1, 1, 2, -1))) for l in chosen)))
                shape.append(rnd.choice((1, 2, 3, 4) if not chosen else (loops[chosen[0]], loops[chosen[0]], 3)))
            return shape, axes
        (xs, xa), (ks, ka) = factor(), factor()

        def made(wrong=0):
            r = Rec()
            val = random.Random(5)
            x = r.secret(xs, [val.randrange(-9, 10) for _ in range(volume(xs))])
            k = r.secret(ks, [val.randrange(-9, 10) for _ in range(volume(ks))])
            y = r.contract(out, summed, x, xa, k, ka)
            r.t[y]['vals'][-1] += wrong
            r.output(y)
            return r
        assert both(made, made), (out, summed, xs, xa, ks, ka)
        assert not both(made, lambda: made(1)), (out, summed, xs, xa, ks, ka)
    return f'contractions of random loops, {count} of them'


def square_of_a_product():
    def made():
        r = Rec()
        x, k = r.secret((4,), [0, 1, 1, 0]), r.secret((4,), [1, 1, 0, 0])
        s = r.linear([(1, x), (1, k), (-2, r.mul(x, k))])
        r.range(s, 0, 1)
        r.output(s)
        return r
    assert both(made, made)
    return 'a range of 0 and 1 on a tensor with a product in it'


def wrong_outputs():
    """Each element of each output one more and one less, the witness honest: nothing but an equation ties it."""
    tried = 0
    for build in (mlp, mixed):
        for hiding in (False, True):
            honest = Plan(build()).statement()
            for i in honest:
                for e in range(len(honest[i])) if not hiding else [0]:
                    for step in (1, -1):
                        worse = {j: list(v) for j, v in honest.items()}
                        worse[i][e] += step
                        tried += 1
                        assert not both(build, build, hiding, statement=worse), (i, e)
    return f'honest witnesses with {tried} wrong statements'


def tails():
    """Hiding: a wrong output made up for by the tail needs the discrete logarithm of [tau^C]."""
    wrong = Plan(mlp()).statement()
    wrong[max(wrong)] = [wrong[max(wrong)][0] + 100] + wrong[max(wrong)][1:]
    real = TAUS[C]
    assert not both(mlp, mlp, True, cheat={'tail': 1, 'log': 1}, statement=wrong)
    try:
        TAUS[C] = 7                                   # bases that a key must bind: accepted where they are not
        assert both(mlp, mlp, True, cheat={'tail': 1, 'log': 7}, statement=wrong) and both(mlp, mlp, True)
    finally:
        TAUS[C] = real
    return 'tails: refused, accepted where the verifier takes another [tau^C]'


def early_weights():
    """The responses of two messages moved against each other: accepted where the weights of one batched check are known
    before the responses, refused where they are drawn after them."""
    wrong = Plan(mlp()).statement()
    wrong[max(wrong)] = [wrong[max(wrong)][0] + 100] + wrong[max(wrong)][1:]
    weight = lambda e, start: pow(e, start + 1, R)

    def root(a):
        q, s, z = R - 1, 0, 5
        while q % 2 == 0:
            q, s = q // 2, s + 1
        while pow(z, (R - 1) // 2, R) == 1:
            z += 1
        m, c, t, x = s, pow(z, q, R), pow(a, q, R), pow(a, (q + 1) // 2, R)
        while t != 1:
            i, u = 0, t
            while u != 1:
                i, u = i + 1, u * u % R
            b = pow(c, 1 << (m - i - 1), R)
            m, c, t, x = i, b * b % R, t * b * b % R, x * b % R
        return x

    def sigma(ch, responses, e, form, t0, t1):
        target, messages, rnd = (t0 + e * t1) % R, [m for m in ch.messages if m[1] >= 3], random.Random(8)
        while True:
            (sa, ca, _, _), (sb, cb, _, _) = rnd.sample(messages, 2)
            d = [0] * len(responses)
            for i in range(min(ca, cb)):
                u = rnd.randrange(R)
                d[sa + i], d[sb + i] = u * weight(e, sb) % R, -u * weight(e, sa) % R
            moved = lambda t: [(a + t * b) % R for a, b in zip(responses, d)]
            c, p, m = ((form(moved(t), e) - target) % R for t in (0, 1, -1))
            a2, a1 = (p + m - 2 * c) * HALF % R, (p - m) * HALF % R
            disc = (a1 * a1 - 4 * a2 * c) % R
            if a2 and pow(disc, (R - 1) // 2, R) == 1:
                return moved((-a1 + root(disc)) * pow(2 * a2, -1, R) % R)
    late = random.Random(99)
    assert both(mlp, mlp, True, cheat={'sigma': sigma, 'sigma weights': weight}, statement=wrong)
    assert not both(mlp, mlp, True, cheat={'sigma': sigma, 'sigma weights': lambda e, start: late.randrange(R)},
            statement=wrong)
    return 'weights of a batched sigma check: accepted where known before the responses, refused where drawn after them'


def long_rows():
    """Rows with coefficients at tau^C and beyond (5.3): no value moves. Block 1 is refused in the clear and harmless in
    hiding mode, where the tail is fitted; blocks beyond are refused in both."""
    hint = [i for i, t in enumerate(mlp().t) if t['kind'] == 'hint'][1]

    def build(cells):
        def made():
            r = mlp()
            r.t[hint]['high'] = lambda: sum(v * TAUS[k] for k, v in cells.items())
            return r
        return made
    for cells, block_1 in (({C: 5}, True), ({C + 1: 5, C + 6: 9}, True), ({2 * C: 5}, False), ({C + 2: 1,
            3 * C + 1: 4}, False)):
        cheat = {'long': {hint: {0: cells}}, 'blocks': 1 if max(cells) < 2 * C else 3}
        assert not both(mlp, build(cells), False) and not both(mlp, build(cells), True)
        assert not both(mlp, build(cells), False, cheat=cheat)
        assert both(mlp, build(cells), True, cheat=cheat) == block_1
    return 'rows longer than C'


def pairs_and_columns():
    scaled = lambda p: [p[0] * 5 % R, p[1] * pow(5, -1, R) % R] + p[2:]
    swapped = lambda p: [p[1], p[0]] + p[2:]
    for hiding in (False, True):
        for change in (scaled, swapped):
            assert not both(mlp, mlp, hiding, cheat={'pairs': change})
        assert not both(mlp, mlp, hiding, cheat={'columns': 1})
    return 'values of the factors scaled against each other and exchanged; column values moved against each other'


def padding():
    def permuted(cheat):                              # a missing element moved to the padding
        def made():
            r = Rec()
            x, y = r.secret((1, 3), [1, 2, 3]), r.hint((1, 3), [3, 1, 9] if cheat else [3, 1, 2])
            r.range(x, 0, 7)
            r.permute([y], [x])
            if cheat:
                r.t[x]['pad'], r.t[y]['pad'] = {3: 9}, {3: 2}
            r.output(y)
            return r
        return made

    def line(cheat):                                  # the element of another line
        def made():
            r = Rec()
            x, k = r.secret((2, 2), [1, 2, 3, 4]), r.secret((2, 1), [0, 1])
            y = r.gather(x, k)
            if cheat:
                r.t[y]['vals'] = [3, 4]
            r.output(k)
            r.output(y)
            return r
        return made

    def view(cheat):                                  # the cell after the last one
        def made():
            r = Rec()
            x = r.secret((3,), [1, 2, 3])
            v = r.view(x, (2,), ((2, ((0, 1),)),), 0)
            if cheat:
                r.t[x]['pad'], r.t[v]['vals'] = {3: 7}, [3, 7]
            r.output(v)
            return r
        return made

    def batch(cheat):                                 # padding of a batch axis in both factors, then a sum over it
        def made():
            r = Rec()
            x, k = r.secret((3, 2), [1, 2, 3, 4, 5, 6]), r.secret((3, 2), [1] * 6)
            s = r.secret((1, 3), [1, 1, 1])
            y = r.contract((1, 3), (2,), x, (ONE(1), ONE(2)), k, (ONE(1), ONE(2)))
            z = r.matmul(y, s)
            if cheat:
                r.t[x]['pad'], r.t[k]['pad'], r.t[s]['pad'] = {6: 10, 7: 10}, {6: 1, 7: 1}, {3: 1}
                r.t[y]['pad'], r.t[z]['vals'] = {3: 20}, [r.v(z)[0] + 20]
            r.output(z)
            return r
        return made
    for build in (permuted, line, view, batch):
        assert both(build(0), build(0)) and not both(build(0), build(1)), build.__name__
    return 'padding read by a permutation, a view, a batched product; another line of a gather'


def eliminated():
    def chain(v):                                     # h1 := h2 + x, h2 := 2 y, each with its range
        def made():
            r = Rec()
            x, y = r.public((2,), [1, 2]), r.secret((2,), v)
            h2, h1 = r.hint((2,), [2 * a for a in v]), r.hint((2,), [2 * a + b for a, b in zip(v, (1, 2))])
            r.zero([(1, h1), (-1, h2), (-1, x)])
            r.zero([(1, h2), (-2, y)])
            r.range(h1, 0, 12)
            r.range(h2, 0, 7)
            r.output(y)
            return r
        return made

    def quarter(x):                                   # 4 m = x with m in [0, 7]
        def made():
            r = Rec()
            t, m = r.public((1,), [x]), r.hint((1,), [x * pow(4, -1, R) % R if x % 4 else x // 4])
            r.range(m, 0, 7)
            r.zero([(4, m), (-1, t)])
            return r
        return made
    assert both(chain([3, 2]), chain([3, 2])) and both(quarter(8), quarter(8))
    for v in ([4, 2], [3, -1], [3, HALF]):
        assert not both(chain([3, 2]), chain(v)), v
    for x in (6, 32, -4):
        assert not both(quarter(8), quarter(x)), x
    return 'eliminated hints keep their ranges'


def narrow_ranges():
    for lo, hi, v, right in ((4, 4, 4, True), (4, 4, 5, False), (4, 5, 5, True), (4, 5, 6, False), (4, 6, 7, False)):
        def made(v=v):
            r = Rec()
            x = r.secret((3,), [v] * 3)
            r.range(x, lo, hi)
            r.output(x)
            return r
        assert both(lambda: made(lo), made) == right
    return 'ranges of one, two and three integers'


def attacks():
    return [duplicate_terms, loops_that_are_odd, random_loops, square_of_a_product, wrong_outputs, tails, early_weights,
            long_rows, pairs_and_columns, padding, eliminated, narrow_ranges]
