// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

// The multi-point opening of Halo2VerifierReusable, as functions outside of it. The memory is that of the contract: `s`
// the scratch, `t` the challenges from theta on.

function word(uint256 pos) pure returns (uint256 w) {
    assembly { w := mload(pos) }
}

/// Replaces `count` words by their inverses; `free` is scratch of count + 6 words. Reverts when one is 0.
function invert(uint256 pos, uint256 count, uint256 free, uint256 r) view {
    assembly {
        let a := 1
        let f := free
        let end := add(pos, mul(0x20, count))
        for { let p := pos } lt(p, end) { p := add(p, 0x20) } {
            mstore(f, a)
            f := add(f, 0x20)
            a := mulmod(a, mload(p), r)
        }
        mstore(f, 0x20)
        mstore(add(f, 0x20), 0x20)
        mstore(add(f, 0x40), 0x20)
        mstore(add(f, 0x60), a)
        mstore(add(f, 0x80), sub(r, 2))
        mstore(add(f, 0xa0), r)
        let done := staticcall(gas(), 5, f, 0xc0, f, 0x20)
        if iszero(and(iszero(iszero(a)), done)) { revert(0, 0) }
        a := mload(f)
        for { let p := sub(end, 0x20) } iszero(lt(p, pos)) { p := sub(p, 0x20) } {
            f := sub(f, 0x20)
            let v := mload(p)
            mstore(p, mulmod(a, mload(f), r))
            a := mulmod(a, v, r)
        }
    }
}

/// The points x omega^i, their distances from mu, and products of those: Z of the first set, and for every set the
/// distances of the points that it lacks.
function points(uint256 s, uint256 t, uint256 r) pure returns (uint256 p) {
    assembly {
        // stores v * base, v * base^2, ... at the listed addresses; 0 skips one
        function powers(pos, skip, count, v, base, scratch, m) -> end {
            let w := shr(skip, mload(pos))
            for { } count { count := sub(count, 1) } {
                if gt(skip, 240) {
                    pos := add(pos, 0x20)
                    w := mload(pos)
                    skip := 0
                }
                v := mulmod(v, base, m)
                if and(w, 0xffff) { mstore(add(scratch, and(w, 0xffff)), v) }
                w := shr(16, w)
                skip := add(skip, 16)
            }
            end := add(pos, 0x20)
        }
        function multiply(w, scratch, m) -> v {
            v := 1
            for { } w { w := shr(16, w) } { v := mulmod(v, mload(add(scratch, and(w, 0xffff))), m) }
        }
        p := mload(0x440)
        let x := mload(add(t, 0x80))
        p := powers(p, 8, and(mload(p), 0xff), x, mload(0x180), s, r)
        mstore(add(s, and(mload(p), 0xffff)), x)
        p := powers(p, 24, and(shr(16, mload(p)), 0xff), x, mload(0x1a0), s, r)

        let w := mload(p)
        {
            let mu := mload(add(t, 0xe0))
            let from := add(s, and(shr(32, w), 0xffff))
            let end := add(s, and(shr(16, w), 0xffff))
            for { let to := add(s, and(w, 0xffff)) } lt(to, end) { to := add(to, 0x20) } {
                mstore(to, addmod(mu, sub(r, mload(from)), r))
                from := add(from, 0x20)
            }
        }
        let vanishing := multiply(shr(56, w), s, r)
        let end := add(p, mul(0x20, and(shr(48, w), 0xff)))
        for { p := add(p, 0x20) } lt(p, end) { p := add(p, 0x20) } {
            vanishing := mulmod(vanishing, multiply(mload(p), s, r), r)
        }
        w := mload(p)
        let to := add(s, and(w, 0xffff))
        mstore(to, vanishing)
        // a set that lacks nothing names this word
        mstore(add(s, 0x20), 1)
        for { let left := and(shr(16, w), 0xffff) } left { left := sub(left, 1) } {
            p := add(p, 0x20)
            to := add(to, 0x20)
            mstore(to, multiply(mload(p), s, r))
        }
        p := add(p, 0x20)
    }
}

/// Barycentric weights of every point of every set, and the sets' products divided by that of the first.
function weights(uint256 s, uint256 t, uint256 r, uint256 p0) view returns (uint256 p) {
    assembly {
        // one set: `list` holds its points (unless it has one only), its distances and where its weights go
        function denominators(list, size, scratch, m) {
            if eq(size, 1) {
                mstore(add(scratch, and(shr(16, list), 0xffff)), mload(add(scratch, and(list, 0xffff))))
                leave
            }
            let bits := mul(16, size)
            for { let i := 0 } lt(i, bits) { i := add(i, 16) } {
                let point := mload(add(scratch, and(shr(i, list), 0xffff)))
                let v := mload(add(scratch, and(shr(add(bits, i), list), 0xffff)))
                for { let j := 0 } lt(j, bits) { j := add(j, 16) } {
                    if sub(i, j) {
                        let other := mload(add(scratch, and(shr(j, list), 0xffff)))
                        v := mulmod(v, addmod(point, sub(m, other), m), m)
                    }
                }
                mstore(add(scratch, and(shr(add(add(bits, bits), i), list), 0xffff)), v)
            }
        }
        let sizes := p0
        p := add(sizes, mul(0x20, and(mload(sizes), 0xff)))
        let skip := 8
        for { let end := p } lt(sizes, end) { sizes := add(sizes, 0x20) } {
            for { let w := shr(skip, mload(sizes)) } w { w := shr(8, w) } {
                denominators(mload(p), and(w, 0xff), s, r)
                p := add(p, 0x20)
            }
            skip := 0
        }
        let w := mload(p)
        p := add(p, 0x20)
        let to := add(s, and(shr(16, w), 0xffff))
        mstore(s, mload(to))
    }
    uint256 last = word(p - 0x20);
    invert(s, (last & 0xffff) / 0x20, t + 0x260, r);
    assembly {
        let to := add(s, and(shr(16, last), 0xffff))
        let inverse := mload(s)
        for { let end := add(to, and(shr(32, last), 0xffff)) } lt(to, end) { to := add(to, 0x20) } {
            mstore(to, mulmod(mload(to), inverse, r))
        }
    }
}

/// The evaluations at x alone, folded by powers of zeta from the last polynomial to the first: random, quotient, then
/// runs of neighbours.
function single(uint256 pos, uint256 end, uint256 t, uint256 r) pure returns (uint256 v) {
    assembly {
        let zeta := mload(add(t, 0xa0))
        let w := shr(8, mload(pos))
        v := addmod(mulmod(calldataload(and(w, 0xffff)), zeta, r), mload(add(t, 0x1a0)), r)
        w := shr(16, w)
        for { } lt(pos, end) { w := mload(pos) } {
            // 8 bits count, and as many addresses; 0: from a first address to one past the last, downwards
            for { } w { } {
                let count := and(w, 0xff)
                let from := and(shr(8, w), 0xffff)
                let to := sub(from, mul(0x20, count))
                if iszero(count) { to := and(shr(24, w), 0xffff) }
                switch count
                case 1 { w := shr(24, w) }
                default { w := shr(40, w) }
                for { } gt(from, to) { from := sub(from, 0x20) } {
                    v := addmod(mulmod(v, zeta, r), calldataload(from), r)
                }
            }
            pos := add(pos, 0x20)
        }
    }
}

/// The same for polynomials of several evaluations, each summed with the set's weights; `size` is 0x20 times their
/// number.
function several(uint256 pos, uint256 end, uint256 weight, uint256 size, uint256 t, uint256 r)
    pure
    returns (uint256 v)
{
    assembly {
        let w := shr(8, mload(pos))
        for { } lt(pos, end) { w := mload(pos) } {
            for { } w { } {
                v := mulmod(v, mload(add(t, 0xa0)), r)
                for { let i := 0 } lt(i, size) { i := add(i, 0x20) } {
                    v := addmod(v, mulmod(mload(add(weight, i)), calldataload(and(w, 0xffff)), r), r)
                    w := shr(16, w)
                }
            }
            pos := add(pos, 0x20)
        }
    }
}

/// Per set the weighted sum of the evaluations of its polynomials, folded by powers of zeta.
function evaluations(uint256 s, uint256 t, uint256 r, uint256 meta) pure returns (uint256 p) {
    uint256 last = meta + 0x20 * (word(meta) & 0xff);
    uint256 to = s + ((word(meta) >> 24) & 0xffff);
    uint256 w = word(meta) >> 40;
    s += 0x20;
    p = last;
    while (meta < last) {
        for (; w != 0; w >>= 8) {
            uint256 end = p + 0x20 * (word(p) & 0xff);
            uint256 v = w & 0xff == 0x20
                ? mulmod(single(p, end, t, r), word(s), r)
                : several(p, end, s, w & 0xff, t, r);
            assembly { mstore(to, v) }
            p = end;
            to += 0x20;
            s += w & 0xff;
        }
        meta += 0x20;
        w = word(meta);
    }
}

/// Divides by the sums of the weights; t+0x1c0 := the value of the whole opening.
function sums(uint256 s, uint256 t, uint256 r, uint256 p0) view returns (uint256 p) {
    assembly {
        let weight := add(s, 0x20)
        p := p0
        {
            let end := add(p, mul(0x20, and(mload(p), 0xff)))
            let skip := 8
            for { } lt(p, end) { p := add(p, 0x20) } {
                for { let w := shr(skip, mload(p)) } w { w := shr(24, w) } {
                    let sum := 0
                    for { let last := add(weight, and(w, 0xff)) } lt(weight, last) { weight := add(weight, 0x20) } {
                        sum := addmod(sum, mload(weight), r)
                    }
                    mstore(add(s, and(shr(8, w), 0xffff)), sum)
                }
                skip := 0
            }
        }
        p := add(p, 0x20)
    }
    uint256 w = word(p - 0x20);
    invert(s + ((w >> 16) & 0xffff), (w & 0xffff) / 0x20, t + 0x260, r);
    assembly {
        let size := and(w, 0xffff)
        let sum := add(s, and(shr(16, w), 0xffff))
        // the last r value is named; before them lie the products of the sets
        let value := sub(add(s, and(shr(32, w), 0xffff)), sub(size, 0x20))
        let total := 0
        let nu := 1
        for { let i := 0 } lt(i, size) { i := add(i, 0x20) } {
            let v := mulmod(mload(add(value, i)), mload(add(sum, i)), r)
            v := mulmod(v, mload(sub(add(value, i), size)), r)
            total := addmod(total, mulmod(v, nu, r), r)
            nu := mulmod(nu, mload(add(t, 0xc0)), r)
        }
        mstore(add(t, 0x1c0), total)
    }
}

/// The point at `to` += k * (x, y).
function addProduct(uint256 x, uint256 y, uint256 k, uint256 to) view {
    assembly {
        mstore(0x00, x)
        mstore(0x20, y)
        mstore(0x40, k)
        if iszero(staticcall(gas(), 7, 0x00, 0x60, 0x00, 0x40)) { revert(0, 0) }
        mstore(0x40, mload(to))
        mstore(0x60, mload(add(to, 0x20)))
        if iszero(staticcall(gas(), 6, 0x00, 0x80, to, 0x40)) { revert(0, 0) }
    }
}

/// The point at `to` := the pieces of the quotient folded by powers of x^n.
function quotient(uint256 t, uint256 to) view {
    assembly {
        let pos := mload(0x3a0)
        let first := mload(0x3c0)
        calldatacopy(0x00, pos, 0x40)
        for { } gt(pos, first) { } {
            pos := sub(pos, 0x40)
            mstore(0x40, mload(add(t, 0x100)))
            if iszero(staticcall(gas(), 7, 0x00, 0x60, 0x00, 0x40)) { revert(0, 0) }
            calldatacopy(0x40, pos, 0x40)
            if iszero(staticcall(gas(), 6, 0x00, 0x80, 0x00, 0x40)) { revert(0, 0) }
        }
        mstore(to, mload(0x00))
        mstore(add(to, 0x20), mload(0x20))
    }
}

/// (x, y) := the commitments of one set folded by powers of zeta, from the last one to the first.
function fold(uint256 p, uint256 end, uint256 zeta, uint256 h) view returns (uint256 x, uint256 y) {
    assembly {
        function step(px, py, scalar) {
            mstore(0x40, scalar)
            if iszero(staticcall(gas(), 7, 0x00, 0x60, 0x00, 0x40)) { revert(0, 0) }
            mstore(0x40, px)
            mstore(0x60, py)
            if iszero(staticcall(gas(), 6, 0x00, 0x80, 0x00, 0x40)) { revert(0, 0) }
        }
        let w := mload(p)
        mstore(0x00, calldataload(and(w, 0xffff)))
        mstore(0x20, calldataload(and(shr(16, w), 0xffff)))
        w := shr(32, w)
        for { } lt(p, end) { w := mload(p) } {
            // 8 bits kind (0 memory, 1 calldata, 2 quotient), 8 bits count (0: from a first address to one past the last)
            for { } w { } {
                let kind := and(w, 0xff)
                if eq(kind, 2) {
                    step(mload(h), mload(add(h, 0x20)), zeta)
                    w := shr(16, w)
                    continue
                }
                let count := and(shr(8, w), 0xff)
                let from := and(shr(16, w), 0xffff)
                let to := sub(from, mul(0x40, count))
                if iszero(count) { to := and(shr(32, w), 0xffff) }
                switch count
                case 2 { w := shr(80, w) }
                default { w := shr(48, w) }
                for { } gt(from, to) { from := sub(from, 0x40) } {
                    switch kind
                    case 0 { step(mload(from), mload(add(from, 0x20)), zeta) }
                    default { step(calldataload(from), calldataload(add(from, 0x20)), zeta) }
                }
            }
            p := add(p, 0x20)
        }
        x := mload(0x00)
        y := mload(0x20)
    }
}

/// The point at t+0x260 := all commitments with their scalars, less the opened values, less Z W, plus mu W'.
function accumulate(uint256 s, uint256 t, uint256 r, uint256 meta) view {
    uint256 total = t + 0x260;
    quotient(t, total + 0x40);
    uint256 w = word(meta) >> 104;
    uint256 p = meta + 0x20 * (word(meta) & 0xff);
    // the products of the sets; the second one is named
    uint256 product = s + ((word(meta) >> 8) & 0xffff) - 0x20;
    uint256 factor = 1;
    bool started = false;
    for (uint256 pos = meta; pos < meta + 0x20 * (word(meta) & 0xff); ) {
        for (; w != 0; w >>= 8) {
            (uint256 x, uint256 y) = fold(p, p + (w & 0xff), word(t + 0xa0), total + 0x40);
            if (started) {
                addProduct(x, y, mulmod(factor, word(product), r), total);
            } else {
                assembly {
                    mstore(total, x)
                    mstore(add(total, 0x20), y)
                }
                started = true;
            }
            factor = mulmod(factor, word(t + 0xc0), r);
            product += 0x20;
            p += w & 0xff;
        }
        pos += 0x20;
        w = word(pos);
    }
    w = word(meta);
    addProduct(word(0x260), word(0x280), r - word(t + 0x1c0), total);
    uint256 k = r - word(s + ((w >> 56) & 0xffff));
    addProduct(input(w >> 24), input(w >> 40), k, total);
    addProduct(input(w >> 72), input(w >> 88), word(t + 0xe0), total);
    assembly {
        mstore(add(total, 0xc0), calldataload(and(shr(72, w), 0xffff)))
        mstore(add(total, 0xe0), calldataload(and(shr(88, w), 0xffff)))
    }
}

/// The calldata word whose address is in the low 16 bits.
function input(uint256 pos) pure returns (uint256 w) {
    assembly { w := calldataload(and(pos, 0xffff)) }
}

/// e(sum, G2) e(W', -s G2) = 1.
function pairing(uint256 t) view {
    assembly {
        let b := add(t, 0x260)
        for { let i := 0 } lt(i, 0x80) { i := add(i, 0x20) } {
            mstore(add(add(b, 0x40), i), mload(add(0x2a0, i)))
            mstore(add(add(b, 0x100), i), mload(add(0x320, i)))
        }
        // arguments are evaluated from right to left: the result is read in a statement of its own
        let done := staticcall(gas(), 8, b, 0x180, 0x00, 0x20)
        if iszero(and(done, eq(mload(0x00), 1))) { revert(0, 0) }
    }
}
