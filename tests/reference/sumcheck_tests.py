"""Tests of the reference: known answers, brute force, honest proofs, and provers that lie. `python3 sumcheck.py` runs
them."""
import itertools
import random

import sumcheck
from sumcheck import *


def basics():
    assert keccak256(b'').hex() == 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
    rnd = random.Random(2)
    for n, more in itertools.product((1, 2, 3, 5, 7, 8, 13), (0, 1, 2)):
        p = [rnd.randrange(R) for _ in range(bits_of(n) + more)]
        t = eq_table(p)
        assert below(n, p) == sum(t[:n]) % R
        assert iota_at(n, 5, p) == sum((5 + i) * w for i, w in enumerate(t[:n])) % R
    for i in range(8):
        assert mle([v * v + 1 for v in range(8)], [i >> 2 & 1, i >> 1 & 1, i & 1]) == i * i + 1
    assert below(0, [5, 7]) == 0
    return 'Keccak, eq, less-than, iota'


def conv_weights():
    """Section 3.4 of the specification: the two sumchecks' weights per axis, against real convolution indices."""
    rnd, cases = random.Random(4), 0
    for stride, pad, dil, size, k in itertools.product((1, 2, 3), (0, 1, 2), (1, 2), (5, 6), (1, 2, 3)):
        n = (size + 2 * pad - dil * (k - 1) - 1) // stride + 1
        if n < 1:
            continue
        x, w = [rnd.randrange(R) for _ in range(size)], [rnd.randrange(R) for _ in range(k)]
        rho = [rnd.randrange(R) for _ in range(bits_of(n))]
        out = [sum(w[i] * x[j] for i in range(k) if 0 <= (j := stride * o + dil * i - pad) < size) % R
                for o in range(n)]
        direct = mle(padded((n,), out), rho)
        e = eq_table(rho)
        E = [[sum(e[o] for o in range(n) if stride * o + dil * i - pad == j) % R for j in range(size)]
                for i in range(k)]
        a = [sum(w[i] * E[i][j] for i in range(k)) % R for j in range(size)]
        assert direct == sum(p * q for p, q in zip(x, a)) % R
        sigma = [rnd.randrange(R) for _ in range(bits_of(size))]
        second = sum(w[i] * mle(padded((size,), E[i]), sigma) for i in range(k)) % R
        assert mle(padded((size,), a), sigma) == second
        cases += 1
    return f'convolution axis weights, {cases} cases of stride, pad, dilation'


def honest(name, build, options=None, **kw):
    out = []
    for hiding in (False, True):
        made = lambda alter=None: build(alter=alter, **kw)
        ch, pub, key, plan = prove(made, hiding, plan_options=options)
        assert accepts(made, ch.proof, pub, key, hiding, plan_options=options), name
        points = sum(k == 'point' for k, _ in ch.proof)
        out.append(f"{'hiding' if hiding else 'clear'}: {points} points, {len(ch.proof) - points} scalars")
        # a proof of one mode is none of the other
        assert not accepts(made, ch.proof, pub, key, not hiding, plan_options=options)
    gone = sum(plan.r.t[i]['kind'] == 'hint' for i in plan.defined)
    return f'{name}: ' + '; '.join(out) + f'; committed {len(plan.committed)} tensors, eliminated {gone}'


def every_item(name, build, hiding):
    """Each item of a proof altered: refused."""
    ch, pub, key, _ = prove(build, hiding)
    for k, (kind, v) in enumerate(ch.proof):
        bad = list(ch.proof)
        bad[k] = (kind, (v + 1) % R)
        assert not accepts(build, bad, pub, key, hiding), (name, ch.log[k])
    for bad in (ch.proof[:-1], ch.proof + [('scalar', 0)], ch.proof[1:]):
        assert not accepts(build, bad, pub, key, hiding)
    for i, step in itertools.product(pub, (1, -1, R)):
        for e in range(len(pub[i])):                # R: no canonical element
            worse = {j: [x % R for x in v] for j, v in pub.items()}
            worse[i][e] += step
            assert not takes(build, ch.proof, worse, key, hiding), (name, i, e, step)
    return f'{name}, {mode(hiding)}: {len(ch.proof)} altered items, {len(pub)} altered public tensors, ' \
           'shorter and longer proofs refused'


def mode(hiding):
    return 'hiding' if hiding else 'clear'


def takes(build, proof, public, key, hiding):
    """accepts, of a statement as it is: elements that are not canonical stay so"""
    try:
        protocol(Channel(proof=proof, hiding=hiding), strip(Plan(build())), key, public)
        return True
    except Reject:
        return False


def forged_hints(name, build, hiding=False):
    """A prover that changes one element of a tensor it may choose, the record's or one of the plan's (limbs, inverses,
    counts), by small and large steps, and recomputes the rest honestly, for the honest statement: refused, or nothing
    depends on it."""
    base, honest_plan = build(), Plan(build())
    places = [(i, e, False) for i, t in enumerate(base.t) if t['kind'] in ('hint', 'input')
            for e in range(len(t['vals']))]
    places += [(i, e, True) for i in honest_plan.committed if i >= honest_plan.own
            for e in range(len(honest_plan.r.v(i)))]
    pub, key = honest_plan.statement(), Key(Plan(build()), hiding)
    base_proof = prove(build, hiding, seed=1)[0].proof
    refused = tried = harmless = same = 0
    for (i, e, of_plan), step in itertools.product(places, (1, -1, 7, R // 3)):
        def alter(r, i=i, e=e, step=step):
            r.t[i]['vals'][e] += step
            recompute(r)
        tried += 1
        plan = Plan(build() if of_plan else build(alter=alter))
        if of_plan:
            alter(plan.r)
        for j, values in pub.items():
            plan.r.t[j]['vals'] = list(values)
        ch = Channel(hiding=hiding, rng=random.Random(1))
        try:
            protocol(ch, plan, key, canonical(pub))
        except Reject:
            refused += 1
            continue
        if ch.proof == base_proof:
            same += 1                         # an eliminated hint: the prover's own value of it is used nowhere
            continue
        inverse_of = honest_plan.r.t[i].get('inverse')
        if inverse_of is not None and honest_plan.r.v(inverse_of)[e] == 0:
            harmless += 1
            continue
        assert not accepts(build, ch.proof, pub, key, hiding), (name, i, e, step)
        refused += 1
    return f'{name}, {mode(hiding)}: {refused} of {tried} forged elements refused, {harmless} harmless' \
           f', {same} of eliminated hints without any effect'


def recompute(r):
    """Derived tensors again from altered hints, as a cheating prover would."""
    for t in list(r.t):
        x = Rec()
        x.t = r.t
        if t['kind'] == 'linear':
            n, get = len(t['vals']), lambda j, k, n: r.v(j)[k if len(r.v(j)) == n else 0]
            t['vals'] = [t['const'] + sum(c * get(j, k, n) for c, j in t['terms']) for k in range(n)]
            continue
        if t['kind'] == 'prod':
            t['vals'] = [a * b for a, b in zip(r.v(t['a']), r.v(t['b']))]
            continue
        if t['kind'] == 'con':
            x.contract(t['shape'], t['loops'][t['nout']:], t['x'], t['xaxes'], t['k'], t['kaxes'])
        elif t['kind'] == 'view':
            x.view(t['src'], t['shape'], t['axes'], t['outside'])
        elif t['kind'] == 'sum':
            x.sum(t['shape'], t['loops'][t['nout']:], t['src'], t['axes'])
        elif t['kind'] == 'reshape':
            x.reshape(t['src'], t['shape'])
        elif t['kind'] == 'remap':
            x.remap(t['shape'], t['srcs'], t['map'], t['constants'])
        else:
            continue
        t['vals'] = x.t.pop()['vals']


def lying_prover(name, build, hiding):
    """A prover whose messages are wrong in one place, the rest computed to fit the transcript: refused."""
    ch, pub, key, plan = prove(build, hiding)
    places = sorted({n for k, n in ch.log if k in ('point', 'scalar')} |
                    {f'gkr.{l}.{j}' for l in range(1, 8) for j in range(4)} |
                    {f'products.r{j}.{k}' for j in range(1, 4) for k in range(3)} |
                    {'linear part.0', 'link part.0', 'operands.0', 'operands.1', 'contract.0', 'contract.1',
                     'column values.0', 'mask value.0'})
    n = 0
    for place in places:
        p2 = Plan(build())
        ch2 = Channel(hiding=hiding, rng=random.Random(9), forge={place: lambda v: v + 1})
        try:
            protocol(ch2, p2, key, canonical(pub))
        except Reject:
            n += 1
            continue
        if accepts(build, ch2.proof, pub, key, hiding):
            ch3 = Channel(hiding=hiding, rng=random.Random(9))
            protocol(ch3, Plan(build()), key, canonical(pub))
            assert ch3.proof == ch2.proof, (name, place)     # the place does not occur in this proof
        else:
            n += 1
    return f'{name}, {mode(hiding)}: {n} of {len(places)} lying provers refused ' \
           '(the others name places that do not occur)'


def padding_and_counts():
    """Values outside the shape, wrong multiplicities, rows of another tensor, a tie, another model's key: refused."""
    said = []
    # nonzero padding in a committed row: (1,3) tensors are 4 cells wide
    plan = Plan(mlp())
    rec, key, pub = plan.r, Key(plan), canonical(plan.statement())
    for i in plan.committed:
        shape = rec.s(i)
        if volume(shape) == 1 << size_bits(shape):
            continue
        forged = {f'row {i}.0': lambda v: (v + 5 * TAUS[(1 << size_bits(shape)) - 1]) % R}
        try:
            ch = Channel(forge=forged)
            protocol(ch, Plan(mlp()), key, pub)
            ok = accepts(mlp, ch.proof, pub, key, False)
        except Reject:
            ok = False
        assert not ok
    said.append('nonzero padding')
    # multiplicities
    for i in plan.trees[0]['tables'].values():
        p2 = Plan(mlp())
        p2.r.t[i]['vals'][0] += 1
        try:
            ch = Channel()
            protocol(ch, p2, key, pub)
            ok = accepts(mlp, ch.proof, pub, key, False)
        except Reject:
            ok = False
        assert not ok
    said.append('multiplicities')
    # the tie: -2/4 rounds to -1; the other sign with m = 0, t = 0 gives 0
    def tie(wrong):
        def build(alter=None):
            r = Rec()
            x = r.secret((1, 1), [-2])
            r.range(x, -8, 7)
            q, m, part = r.divide(x, 4)
            if wrong:
                n, mm, t, b = [i for i, u in enumerate(r.t) if u['kind'] == 'hint']
                r.t[n]['vals'], r.t[mm]['vals'], r.t[t]['vals'], r.t[b]['vals'] = [0], [0], [0], [1]
                recompute(r)
                assert r.v(q) == [0]
            r.output(q)
            return r
        return build
    ch, pub2, key2, _ = prove(tie(False), False)
    assert accepts(tie(False), ch.proof, pub2, key2, False)
    try:
        plan, ch = Plan(tie(True)()), Channel()
        protocol(ch, plan, key2, canonical(plan.statement()))
        ok = accepts(tie(False), ch.proof, plan.statement(), key2, False)
    except Reject:
        ok = False
    assert not ok
    said.append('the tie of a division')
    # a key of other weights
    ch, pub, key, _ = prove(mlp, True)
    other = Key(Plan(mlp(weights=[1, 1, 1, 1, 1, 1])), True)
    assert not accepts(mlp, ch.proof, pub, other, True)
    said.append("another model's key")
    return 'refused: ' + ', '.join(said)


def brute_force():
    """Every hint assignment of one division of small x: the claims accept exactly the right quotient (Plan against
    claims)."""
    n = 0
    for x in range(-7, 8):
        right = (abs(x) + 2) // 4 * (1 if x >= 0 else -1)
        found = set()
        for s, m, t in itertools.product((0, 1), range(-2, 4), range(4)):
            n += 1
            if x - 2 * s * x - 4 * m - t + 2 == 0 and m >= 0 and m + t != 0:
                found.add(m - 2 * s * m)
        assert found == {right}, (x, found)
    return f'brute force over {n} assignments of a division by 4: one quotient each'


def ranges_exact():
    """The limbs of every interval of up to 70 integers, with limbs of 3 bits: exactly the integers inside have
    limbs."""
    n = 0
    for width in range(3, 71):
        lo = -(width // 3)
        r = Rec()
        x = r.secret((1,), [0])
        r.range(x, lo, lo + width - 1)
        plan = Plan(r)
        limbs = [i for _, _, expressions in plan.lookups for terms, _ in expressions for _, i in terms if i != x]
        for v in range(lo - 10, lo + width + 10):
            r.t[x]['vals'] = [v]
            held = False
            for choice in itertools.product(range(plan.B), repeat=len(set(limbs))):
                for i, c in zip(sorted(set(limbs)), choice):
                    r.t[i]['vals'] = [c]
                n += 1
                held = held or all((plan.evaluate(e[0], 1)[0],) in plan.tabs[name] for name, _, e in plan.lookups)
            assert held == (lo <= v < lo + width), (width, v)
    return f'range decomposition of 68 interval widths against all {n} limb assignments'


def padding_attacks():
    """Three provers that use cells outside a shape: each succeeds where the rule against it is switched off, and only
    there."""
    def product(cheat):                    # both factors secret, 3 summed elements in 4 cells
        def build(alter=None):
            r = Rec()
            x, k = r.secret((1, 3), [1, 2, 3]), r.secret((1, 3), [2, 0, 1])
            for i in (x, k):
                r.range(i, 0, 7)
            y = r.matmul(x, k)
            if cheat:
                r.t[x]['pad'], r.t[k]['pad'], r.t[y]['vals'] = {3: 1}, {3: 1}, [6]
            r.output(y)
            return r
        return build

    def table(cheat):                      # T = {2: 5, 3: 10, 4: 17} and a fourth cell; (0, 0) is no row of it
        def build(alter=None):
            r = Rec()
            x = r.secret((1,), [0 if cheat else 3])
            y = r.table('square+1', {v: v * v + 1 for v in (2, 3, 4)}, x)
            for i in (x, y):
                r.output(i)
            return r
        return build

    def data(cheat):                       # 1 line of 3 in 4 cells; the fourth claims to be position 0 with value 9
        def build(alter=None):
            r = Rec()
            x, k = r.secret((1, 3), [4, 5, 6]), r.secret((1, 1), [0])
            y = r.gather(x, k)
            if cheat:
                r.t[y]['vals'], r.t[x]['pad'] = [9], {3: 9}
            for i in (k, y):
                r.output(i)
            return r
        return build

    def run(build, after=lambda plan: None):
        plan, ch = Plan(build(True)()), Channel()
        after(plan)
        key = Key(Plan(build(False)()))
        try:
            protocol(ch, plan, key, canonical(plan.statement()))
        except Reject:
            return False
        return accepts(build(False), ch.proof, plan.statement(), key, False)

    def move_count(plan):
        m = plan.trees[0]['tables']['table', 'square+1']
        plan.r.t[m]['vals'], plan.r.t[m]['pad'] = [0, 0, 0], {3: 1}

    def move_gather(plan):
        m = plan.trees[0]['counts'][0]
        plan.r.t[m]['vals'], plan.r.t[m]['pad'] = [0, 0, 0], {3: 1}
    said = []
    for rule, build, after in (('points', product, lambda plan: None), ('beta', table, move_count), ('beta', data,
            move_gather)):
        UNSAFE.clear()
        with_rule = run(build, after)
        UNSAFE.add(rule)
        without = run(build, after)
        UNSAFE.clear()
        assert not with_rule, rule
        otherwise = 'accepted' if without else 'refused as well'
        said.append(f'{build.__name__} ({rule}): refused, {otherwise} without the rule')
    return 'padding used by a prover: ' + '; '.join(said)


def leaks():
    """Two hiding proofs of one witness share nothing but the statement; a clear one repeats."""
    a, b = prove(mlp, True, seed=1)[0].proof, prove(mlp, True, seed=2)[0].proof
    shared = sum(v == w for (_, v), (_, w) in zip(a, b))
    assert shared == 0 and prove(mlp, False, seed=1)[0].proof == prove(mlp, False, seed=2)[0].proof
    return f'two hiding proofs of one witness: {shared} of {len(a)} items equal'


def manifests():
    """The lists of items of prover and verifier are one list (T6), in both modes."""
    for build, hiding in itertools.product((mlp, mixed), (False, True)):
        ch, pub, key, _ = prove(build, hiding)
        v = Channel(proof=ch.proof, hiding=hiding)
        protocol(v, strip(Plan(build())), key, canonical(pub))
        assert v.manifest == ch.manifest
    return 'manifests of prover and verifier are equal'


def quick():
    grouped = dict(stride=1, pad=2, dil=2, groups=2, size=4, cout=4)
    transposed = dict(stride=1, pad=0, k=4, first=1, step=2, size=4, cin=1, cout=1)
    return [basics, conv_weights, brute_force,
            lambda: honest('MLP 2x3x2', mlp), lambda: honest('conv 3x3 stride 2 pad 1', conv),
            lambda: honest('conv 3x3 stride 1 pad 2 dilation 2, groups 2', conv, **grouped),
            lambda: honest('depthwise 2x2', conv, stride=1, pad=0, groups=3, cin=3, cout=3, k=2, size=3),
            lambda: honest('one phase of a transposed convolution: taps 1 and 3 of 4', conv, **transposed),
            lambda: honest('tables, gather, permute, is_zero, views', mixed),
            lambda: honest('the same in trees of 32 cells', mixed, options=dict(tree_bits=5)),
            lambda: honest('reshapes, sums, remap, products of products', shapes),
            padding_and_counts, padding_attacks, leaks, manifests]


def forging():
    small = lambda alter=None: conv(alter, size=3, k=2, pad=0)
    return [ranges_exact,
            lambda: every_item('MLP', mlp, False), lambda: every_item('MLP', mlp, True),
            lambda: every_item('tables and views', mixed, False), lambda: every_item('conv', small, False),
            lambda: every_item('reshapes and sums', shapes, False),
            lambda: lying_prover('MLP', mlp, False), lambda: lying_prover('MLP', mlp, True),
            lambda: lying_prover('tables and views', mixed, False), lambda: lying_prover('reshapes and sums', shapes,
                    False),
            lambda: forged_hints('MLP', mlp), lambda: forged_hints('MLP', mlp, True),
            lambda: forged_hints('tables and views', mixed), lambda: forged_hints('reshapes and sums', shapes)]
