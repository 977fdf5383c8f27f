"""Known answers of the reference for the program's tests: clear proofs with real points of BN254 over the powers of a
known
tau. Field elements are 64 hexadecimal digits, integers numbers; points in a proof are x and y, 32 bytes each,
big-endian."""
import json
import os
import random

import sumcheck
from sumcheck import *


def felt(v):
    return (v % R).to_bytes(32, 'big').hex()


def felts(values):
    return [felt(v) for v in values]


def setting():
    return {'tau': felt(TAU), 'row_bits': COLS}


def axes_of(axes):
    return [[base, [list(pair) for pair in loops]] for base, loops in axes]


def record(rec):
    """The claims as src/graph/claims would record them, before any plan."""
    tensors = []
    for t in rec.t:
        out = {'shape': list(t['shape']), 'kind': t['kind'], 'values': t['vals']}
        for name in ('axes', 'xaxes', 'kaxes'):
            if name in t:
                out[name] = axes_of(t[name])
        for name in ('terms', 'loops'):
            if name in t:
                out[name] = [list(x) if isinstance(x, tuple) else x for x in t[name]]
        for name in ('const', 'nout', 'x', 'k', 'src', 'srcs', 'outside', 'map', 'constants'):
            if name in t:
                out[name] = t[name]
        tensors.append(out)
    claims = []
    for kind, *c in rec.claims:
        if kind == 'zero':
            claims.append({'kind': kind, 'terms': [list(term) for term in c[0]], 'const': c[1]})
        elif kind == 'range':
            claims.append({'kind': kind, 'tensor': c[0], 'lo': c[1], 'hi': c[2]})
        elif kind == 'table':
            claims.append({'kind': kind, 'name': c[0], 'key': c[1], 'out': c[2]})
        elif kind == 'is_zero':
            claims.append({'kind': kind, 'x': c[0], 'out': c[1], 'lo': c[2], 'hi': c[3]})
        elif kind == 'gather':
            claims.append({'kind': kind, 'data': c[0], 'index': c[1], 'out': c[2]})
        else:
            claims.append({'kind': kind, 'ys': c[0], 'xs': c[1]})
    tables = {name: {'first': rows[0][0], 'values': [row[1] for row in rows]} for name, rows in rec.tables.items()}
    return {'tensors': tensors, 'claims': claims, 'tables': tables, 'outputs': [i for i, _ in rec.outputs]}


def model(build, **options):
    """A whole proof, with what the plan comes to."""
    ch, public, key, plan = prove(build, False, real=True, plan_options=options)
    assert accepts(build, ch.proof, public, key, False, real=True, plan_options=options)
    forests = [Forest(plan, g) for g in range(len(plan.trees))]
    return {**setting(), 'limb_bits': plan.B.bit_length() - 1, 'tree_bits': plan.tree_bits, 'record': record(build()),
            'plan': {'tensors': len(plan.r.t), 'committed': plan.committed, 'keyed': plan.keyed, 'inline': plan.inline,
                     'materialised': sorted(plan.materialised), 'constraints': len(plan.constraints),
                     'squares': len(plan.squares), 'lookups': len(plan.lookups), 'contractions': plan.cons,
                     'levels': [f.L for f in forests]},
            'digest': felt(key.digest), 'instances': felts([v for i in plan.instances for v in public[i]]),
            'key_rows': [[i, k, point_bytes(key.rows[i][k]).hex()] for i in plan.keyed for k in sorted(key.rows[i])],
            'manifest': ch.manifest, 'proof': ch.proof_bytes().hex()}


def tables(rnd):
    out = []
    for n, more in ((1, 0), (1, 2), (2, 0), (3, 0), (5, 1), (6, 0), (8, 0), (13, 0), (11, 2)):
        point = [rnd.randrange(R) for _ in range(bits_of(n) + more)]
        values = [rnd.randrange(R) for _ in range(1 << len(point))]
        out.append({'n': n, 'point': felts(point), 'eq': felts(eq_table(point)), 'below': felt(below(n, point)),
                    'iota': felt(iota_at(n, -3,
                            point)), 'first': -3, 'values': felts(values), 'value': felt(mle(values, point))})
    return out


def transcript():
    ch = Channel(real=True)
    out = [felt(ch.challenge('empty'))]
    ch.absorb(5)
    out += [felt(ch.challenge('a')), felt(ch.challenge('b'))]
    ch.point('p', 12345)
    ch.point('identity', 0)
    ch.send('s', [1, R - 1], 2)
    return {'challenges': out + [felt(ch.challenge('c'))], 'manifest': ch.manifest, 'proof': ch.proof_bytes().hex()}


def sumchecks(rnd):
    """Items: bits, factors, whether eq of a point is one more."""
    cases = ((3, 2, [(3, 2, 0), (2, 2, 0), (0, 2, 0), (3, 1, 1)]), (4, 3, [(4, 2, 1), (1, 2, 0), (4, 1, 1), (2, 2, 1),
            (0, 1, 0)]),
             (0, 2, []), (2, 3, []))
    out = []
    for rounds, degree, sizes in cases:
        items, shown, total = [], [], 0
        for bits, factors, with_point in sizes:
            c, point = rnd.randrange(R), [rnd.randrange(R) for _ in range(bits)]
            tabs = [[rnd.randrange(R) for _ in range(1 << bits)] for _ in range(factors)]
            shown.append({'coefficient': felt(c), 'bits': bits, 'tables': [felts(table) for table in tabs]})
            if with_point:
                shown[-1]['point'] = felts(point)
                tabs = [eq_table(point)] + tabs
            for entry in zip(*tabs):
                p = c
                for v in entry:
                    p = p * v % R
                total += p
            items.append((c, bits, tabs))
        ch = Channel(real=True)
        ch.absorb(7)
        final, point = sumcheck(ch, 'check', Lin(total), rounds, degree, items)
        out.append({'rounds': rounds, 'degree': degree, 'claim': felt(total), 'final': felt(final.c),
                'point': felts(point),
                    'items': shown, 'manifest': ch.manifest, 'proof': ch.proof_bytes().hex()})
    return out


def fraction_trees(rnd):
    out = []
    for L in (1, 2, 5):
        den = [rnd.randrange(R) for _ in range(1 << L)]
        num = [rnd.randrange(-3, 4) for _ in den]
        num[-1] = -sum(n * pow(d, -1, R) for n, d in zip(num[:-1], den[:-1])) * den[-1] % R
        ch = Channel(real=True)
        ch.absorb(9)
        z, N, D = fractions(ch, 'gkr', L, [n % R for n in num], den)
        out.append({'levels': L, 'numerators': felts(num), 'denominators': felts(den), 'point': felts(z),
                'numerator': felt(N.c),
                    'denominator': felt(D.c), 'manifest': ch.manifest, 'proof': ch.proof_bytes().hex()})
    return out


def rows(rnd):
    out = []
    for shape in ((3, 5), (2,), (1, 1), (4, 2, 3), (16,)):
        r = Rec()
        values = [rnd.randrange(-70000, 70000) for _ in range(volume(shape))]
        i = r.hint(shape, values)
        point = [rnd.randrange(R) for _ in range(size_bits(shape))]
        out.append({'shape': list(shape), 'values': values, 'point': felts(point), 'folded': felts(fold_rows(r, i,
                point)),
                    'column_point': felts(column_point(point)),
                    'rows': [[k, point_bytes(v).hex()] for k, v in sorted(rows_of(r, i, None)[0].items())]})
    return out


def openings(rnd):
    out = []
    for f in ([rnd.randrange(R) for _ in range(C)], [0] * C):
        s = [rnd.randrange(R) for _ in range(COLS)]
        ch = Channel(real=True)
        ch.absorb(11)
        open_multilinear(ch, f, commit(f), s, mle(f, s))
        out.append({'coefficients': felts(f), 'point': felts(s), 'value': felt(mle(f, s)),
                'proof': ch.proof_bytes().hex()})
    return out


def files():
    rnd = random.Random(20)
    engine = {**setting(), 'tables': tables(rnd), 'transcript': transcript(), 'sumchecks': sumchecks(rnd),
              'fractions': fraction_trees(rnd), 'rows': rows(rnd), 'openings': openings(rnd)}
    small = lambda: conv(size=4, k=2, pad=1)
    grouped = lambda: conv(stride=1, pad=1, dil=2, groups=2, size=4, cout=4, k=2)
    return {'engine.json': engine, 'mlp.json': model(mlp), 'conv.json': model(small), 'grouped.json': model(grouped),
            'mixed.json': model(mixed), 'trees.json': model(mixed, tree_bits=5), 'shapes.json': model(shapes)}


def text(value):
    return json.dumps(value, separators=(',', ':')).replace('},{', '},\n{') + '\n'


def write(folder):
    for name, value in files().items():
        with open(os.path.join(folder, name), 'w', encoding='ascii') as file:
            file.write(text(value))


def check(folder):
    for name, value in files().items():
        with open(os.path.join(folder, name), encoding='ascii') as file:
            assert file.read() == text(value), f'{name} is not the reference\'s: python3 sumcheck.py --vectors {folder}'
    print('known answers are those of the reference')
