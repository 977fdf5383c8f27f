// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Verifies proofs of any circuit. The circuit comes with the call as a verifying-key artifact ("vka"), which anyone may
/// register: a caller must compare the digest that verifyProof returns with the one of the key it trusts.
///
/// Memory: 0x00..0xa0 scratch of the curve precompiles; 0xa0.. the words of the vka, whose addresses are absolute; at
/// `s`, behind them, scratch of the size that the vka asks for; then the challenges: those of the circuit, and from `t`
/// on theta, beta, gamma, y, x, zeta, nu, mu; t+0x100.. named words; t+0x260.. buffers.
contract Halo2VerifierReusable {
    event VkaRegistered(address indexed from, bytes32 indexed digest, bytes32[] indexed vka);

    mapping(bytes32 => bool) private registered;

    function registerVka(bytes32[] calldata vka) external returns (bytes32 vkaDigest) {
        vkaDigest = keccak256(abi.encodePacked(vka));
        registered[vkaDigest] = true;
        emit VkaRegistered(msg.sender, vkaDigest, vka);
    }

    /// Reverts unless the proof holds. Returns true, the digest of the vka, and the instances divided by their scales as
    /// fixed-point numbers: in raw form, the byte length of the numbers and then the numbers.
    function verifyProof(bytes calldata, uint256[] calldata, bytes32[] calldata)
        public
        view
        returns (bool, bytes32, int256[] memory)
    {
        uint256 r = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
        // keeps the optimizer from writing the modulus at every use
        assembly { r := add(r, iszero(gas())) }
        (uint256 s, uint256 t, bytes32 digest) = load();
        require(digest != 0 && isRegistered(digest), "VKA not registered");
        transcript(t, r);
        lagrange(t, r);
        uint256 a = gates(s, t, r);
        a = permutation(t, r, a);
        a = lookups(s, t, r, a);
        assembly { mstore(add(t, 0x1a0), mulmod(a, mload(add(t, 0x120)), r)) }
        uint256 p = points(s, t, r);
        p = weights(s, t, r, p);
        p = evaluations(s, t, r, p);
        p = sums(s, t, r, p);
        accumulate(s, t, r, p);
        pairing(t);
        rescale(t, r, digest);
    }

    /// The mapping's slot is hashed beside the vka, whose memory must stay as it is.
    function isRegistered(bytes32 digest) private view returns (bool known) {
        assembly {
            mstore(0x00, digest)
            mstore(0x20, registered.slot)
            known := sload(keccak256(0x00, 0x40))
        }
    }

    /// Checks that the calldata is in canonical encoding, so that every later address reads the bytes that are hashed,
    /// and copies the vka to memory.
    function load() private pure returns (uint256 s, uint256 t, bytes32 digest) {
        assembly {
            let size := calldataload(0x64)
            let ok := lt(size, 0x10000)
            let n := calldataload(add(0x84, size))
            ok := and(ok, lt(n, 0x100000000))
            let at := add(add(0xa4, size), mul(0x20, n))
            ok := and(ok, eq(calldataload(0x04), 0x60))
            ok := and(ok, eq(calldataload(0x24), add(0x80, size)))
            ok := and(ok, eq(calldataload(0x44), sub(at, 0x04)))
            let words := calldataload(at)
            ok := and(ok, and(gt(words, 0x21), lt(words, 0x800)))
            ok := and(ok, iszero(lt(calldatasize(), add(add(at, 0x20), mul(0x20, words)))))
            if iszero(ok) { revert(0, 0) }
            calldatacopy(0xa0, add(at, 0x20), mul(0x20, words))
            digest := keccak256(0xa0, mul(0x20, words))
            s := add(0xa0, mul(0x20, words))
            t := add(s, add(mload(0xc0), mload(0x120)))
            // number of instances
            if iszero(eq(n, mload(0xe0))) { revert(0, 0) }
        }
    }

    function transcript(uint256 t, uint256 r) private pure {
        assembly {
            // copies points of the proof to memory and checks that they are on the curve
            function takePoints(at, from, size, ok) -> res {
                calldatacopy(at, from, size)
                res := ok
                let q := 21888242871839275222246405745257275088696311157297823662689037894645226208583
                let end := add(at, size)
                for { } lt(at, end) { at := add(at, 0x40) } {
                    let x := mload(at)
                    let y := mload(add(at, 0x20))
                    let on := eq(mulmod(y, y, q), addmod(mulmod(x, mulmod(x, x, q), q), 3, q))
                    res := and(res, and(and(lt(x, q), lt(y, q)), on))
                }
            }
            function takeScalars(at, from, size, ok, m) -> res {
                calldatacopy(at, from, size)
                res := ok
                let end := add(at, size)
                for { } lt(at, end) { at := add(at, 0x20) } { res := and(res, lt(mload(at), m)) }
            }
            // the hash of the buffer starts the next buffer
            function squeeze(b, end, to, m) {
                let h := keccak256(b, sub(end, b))
                mstore(b, h)
                mstore(to, mod(h, m))
            }
            function again(b, to, m) {
                mstore8(add(b, 0x20), 1)
                let h := keccak256(b, 0x21)
                mstore(b, h)
                mstore(to, mod(h, m))
            }
            let b := add(t, 0x260)
            mstore(b, mload(0xa0))
            let size := mul(0x20, mload(0xe0))
            let ok := takeScalars(add(b, 0x20), add(0xa4, calldataload(0x64)), size, 1, r)
            let at := add(add(b, 0x20), size)
            let from := 0x84
            let to := sub(t, mload(0x120))
            // rounds: 16 bits bytes of points, 8 bits number of challenges
            let head := 0x4c0
            let end := add(head, mul(0x20, and(mload(head), 0xff)))
            let skip := 8
            for { } lt(head, end) { head := add(head, 0x20) } {
                for { let w := shr(skip, mload(head)) } w { w := shr(24, w) } {
                    size := and(w, 0xffff)
                    ok := takePoints(at, from, size, ok)
                    from := add(from, size)
                    at := add(at, size)
                    let count := and(shr(16, w), 0xff)
                    if count {
                        squeeze(b, at, to, r)
                        to := add(to, 0x20)
                        for { let i := 1 } lt(i, count) { i := add(i, 1) } {
                            again(b, to, r)
                            to := add(to, 0x20)
                        }
                        at := add(b, 0x20)
                    }
                }
                skip := 0
            }
            size := mul(0x20, mload(0x100))
            ok := takeScalars(at, from, size, ok, r)
            from := add(from, size)
            squeeze(b, add(at, size), add(t, 0xa0), r)
            again(b, add(t, 0xc0), r)
            at := add(b, 0x20)
            ok := takePoints(at, from, 0x40, ok)
            squeeze(b, add(at, 0x40), add(t, 0xe0), r)
            ok := takePoints(at, add(from, 0x40), 0x40, ok)
            // the last challenge before the evaluations is x, and the proof ends here
            ok := and(ok, eq(to, add(t, 0xa0)))
            ok := and(ok, eq(calldataload(0x64), sub(add(from, 0x80), 0x84)))
            if iszero(ok) { revert(0, 0) }
        }
    }

    /// t+0x100 x^n, 0x120 1/(x^n - 1), 0x140 l_last, 0x160 l_last + l_blind, 0x180 l_0; t+0x220 the instance column at x.
    function lagrange(uint256 t, uint256 r) private view {
        assembly {
            let x := mload(add(t, 0x80))
            let b := add(t, 0x260)
            {
                let xn := x
                for { let i := mload(0x140) } i { i := sub(i, 1) } { xn := mulmod(xn, xn, r) }
                mstore(add(t, 0x100), xn)
                mstore(b, addmod(xn, sub(r, 1), r))
            }
            // what must be inverted; sums of fractions as one fraction with its numerator at b+0xa0..
            mstore(add(b, 0x20), addmod(x, sub(r, mload(0x1c0)), r))
            mstore(add(b, 0x40), addmod(x, sub(r, 1), r))
            {
                let num := 0
                let d := 1
                let w := mload(0x1a0)
                for { let i := sub(mload(0x480), 1) } i { i := sub(i, 1) } {
                    let e := addmod(x, sub(r, w), r)
                    num := addmod(mulmod(num, e, r), mulmod(w, d, r), r)
                    d := mulmod(d, e, r)
                    w := mulmod(w, mload(0x1a0), r)
                }
                mstore(add(b, 0x60), d)
                mstore(add(b, 0xa0), num)
            }
            {
                let num := 0
                let d := 1
                let w := 1
                let p := add(0xa4, calldataload(0x64))
                for { let end := add(p, mul(0x20, mload(0xe0))) } lt(p, end) { p := add(p, 0x20) } {
                    let v := calldataload(p)
                    if v {
                        let e := addmod(x, sub(r, w), r)
                        num := addmod(mulmod(num, e, r), mulmod(mulmod(v, w, r), d, r), r)
                        d := mulmod(d, e, r)
                    }
                    w := mulmod(w, mload(0x180), r)
                }
                mstore(add(b, 0x80), d)
                mstore(add(b, 0xc0), num)
            }
        }
        invert(t + 0x260, 5, t + 0x340, r);
        assembly {
            let b := add(t, 0x260)
            mstore(add(t, 0x120), mload(b))
            let scale := mulmod(addmod(mload(add(t, 0x100)), sub(r, 1), r), mload(0x160), r)
            let last := mulmod(mulmod(mload(add(b, 0x20)), mload(0x1c0), r), scale, r)
            mstore(add(t, 0x140), last)
            let blind := mulmod(mulmod(mload(add(b, 0x60)), mload(add(b, 0xa0)), r), scale, r)
            mstore(add(t, 0x160), addmod(blind, last, r))
            mstore(add(t, 0x180), mulmod(mload(add(b, 0x40)), scale, r))
            mstore(add(t, 0x220), mulmod(mulmod(mload(add(b, 0x80)), mload(add(b, 0xc0)), r), scale, r))
        }
    }

    /// Runs a list of operations, each of which writes the next word at `to`: 0 loads calldata, 1 negates, 2 adds, 3
    /// multiplies. Gives the last value or, when code 4 lists results, those folded by powers of theta.
    function run(uint256 at, uint256 end, uint256 skip, uint256 to, uint256 theta, uint256 r)
        private
        pure
        returns (uint256 v)
    {
        assembly {
            let listing := 0
            let w := shr(skip, mload(at))
            for { } lt(at, end) { w := mload(at) } {
                for { } w { } {
                    switch listing
                    case 0 {
                        switch and(w, 0xff)
                        case 0 {
                            v := calldataload(and(shr(8, w), 0xffff))
                            w := shr(24, w)
                            mstore(to, v)
                        }
                        case 1 {
                            v := sub(r, mload(and(shr(8, w), 0xffff)))
                            w := shr(24, w)
                            mstore(to, v)
                        }
                        case 2 {
                            v := addmod(mload(and(shr(8, w), 0xffff)), mload(and(shr(24, w), 0xffff)), r)
                            w := shr(40, w)
                            mstore(to, v)
                        }
                        case 3 {
                            v := mulmod(mload(and(shr(8, w), 0xffff)), mload(and(shr(24, w), 0xffff)), r)
                            w := shr(40, w)
                            mstore(to, v)
                        }
                        default {
                            listing := 1
                            v := 0
                            w := shr(16, w)
                        }
                        to := add(to, 0x20)
                    }
                    default {
                        v := addmod(mulmod(v, theta, r), mload(and(w, 0xffff)), r)
                        w := shr(16, w)
                    }
                }
                at := add(at, 0x20)
            }
        }
    }

    function word(uint256 at) private pure returns (uint256 w) {
        assembly { w := mload(at) }
    }

    function gates(uint256 s, uint256 t, uint256 r) private pure returns (uint256 a) {
        uint256 at = word(0x3e0);
        uint256 left = word(at);
        uint256 y = word(t + 0x60);
        at += 0x20;
        for (; left != 0; left -= 0x20) {
            uint256 end = at + 0x20 * (word(at) & 0xff);
            a = addmod(mulmod(a, y, r), run(at, end, 8, s, 0, r), r);
            at = end;
        }
    }

    /// The evaluation of z that a set's word names: 0 on this row, 16 on the next, 32 on the last row.
    function z(uint256 at, uint256 bit) private pure returns (uint256) {
        return input(word(at) >> bit);
    }

    function permutation(uint256 t, uint256 r, uint256 a0) private pure returns (uint256 a) {
        uint256 meta = word(word(0x400));
        uint256 at = word(0x400) + 0x20;
        uint256 step = (meta >> 8) & 0xffff;
        uint256 last = at + step * (meta & 0xff);
        uint256 y = word(t + 0x60);
        uint256 v = addmod(1, r - z(at, 0), r);
        a = addmod(mulmod(a0, y, r), mulmod(word(t + 0x180), v, r), r);
        v = z(last, 0);
        v = mulmod(v, addmod(v, r - 1, r), r);
        a = addmod(mulmod(a, y, r), mulmod(word(t + 0x140), v, r), r);
        for (; at < last; at += step) {
            v = addmod(z(at + step, 0), r - z(at, 32), r);
            a = addmod(mulmod(a, y, r), mulmod(word(t + 0x180), v, r), r);
        }
        uint256 label = mulmod(word(t + 0x20), word(t + 0x80), r);
        for (at = word(0x400) + 0x20; at <= last; at += step) {
            (v, label) = columns(t, r, at, at + (at == last ? (meta >> 24) & 0xffff : step), label);
            v = mulmod(v, addmod(1, r - word(t + 0x160), r), r);
            a = addmod(mulmod(a, y, r), v, r);
        }
    }

    /// z_next * prod (v + beta sigma + gamma) - z * prod (v + beta label x + gamma) over the columns of one set.
    function columns(uint256 t, uint256 r, uint256 at, uint256 end, uint256 label0)
        private
        pure
        returns (uint256 v, uint256 label)
    {
        uint256 left = z(at, 16);
        uint256 right = z(at, 0);
        label = label0;
        assembly {
            let w := shr(48, mload(at))
            for { } lt(at, end) { w := mload(at) } {
                // 8 bits flag (1: the instance column), 16 bits evaluation, 16 bits sigma
                for { } w { w := shr(40, w) } {
                    v := mload(add(t, 0x220))
                    if iszero(and(w, 0xff)) { v := calldataload(and(shr(8, w), 0xffff)) }
                    v := addmod(v, mload(add(t, 0x40)), r)
                    let sigma := mulmod(mload(add(t, 0x20)), calldataload(and(shr(24, w), 0xffff)), r)
                    left := mulmod(left, addmod(v, sigma, r), r)
                    right := mulmod(right, addmod(v, label, r), r)
                    label := mulmod(label, 0x09226b6e22c6f0ca64ec26aad4c86e715b5f898e5e963f25870e56bbe533e9a2, r)
                }
                at := add(at, 0x20)
            }
            v := addmod(left, sub(r, right), r)
        }
    }

    function lookups(uint256 s, uint256 t, uint256 r, uint256 a0) private pure returns (uint256 a) {
        a = a0;
        uint256 at;
        uint256 end;
        assembly {
            end := mload(mload(0x420))
            at := add(mload(0x420), 0x20)
        }
        while (at < end) {
            uint256 meta;
            assembly {
                meta := mload(at)
                at := add(at, 0x20)
            }
            if (meta & 0xff != 0) at = table(s, t, r, at);
            uint256 all;
            uint256 cofactors;
            (at, all, cofactors) = inputs(s, t, r, at);
            assembly {
                let y := mload(add(t, 0x60))
                let phi := calldataload(and(shr(8, meta), 0xffff))
                a := addmod(mulmod(a, y, r), mulmod(mload(add(t, 0x180)), phi, r), r)
                a := addmod(mulmod(a, y, r), mulmod(mload(add(t, 0x140)), phi, r), r)
                phi := addmod(calldataload(and(shr(24, meta), 0xffff)), sub(r, phi), r)
                phi := addmod(mulmod(mload(s), phi, r), calldataload(and(shr(40, meta), 0xffff)), r)
                phi := addmod(mulmod(all, phi, r), sub(r, mulmod(mload(s), cofactors, r)), r)
                phi := mulmod(phi, addmod(1, sub(r, mload(add(t, 0x160))), r), r)
                a := addmod(mulmod(a, y, r), phi, r)
            }
        }
    }

    /// A compressed tuple plus beta. Its list starts at bit `skip` and its number of words stands 8 bits before.
    function tuple(uint256 at, uint256 skip, uint256 to, uint256 t, uint256 r)
        private
        pure
        returns (uint256 end, uint256 v)
    {
        end = at + 0x20 * ((word(at) >> (skip - 8)) & 0xff);
        v = addmod(run(at, end, skip, to, word(t), r), word(t + 0x20), r);
    }

    /// s := the compressed table plus beta.
    function table(uint256 s, uint256 t, uint256 r, uint256 at) private pure returns (uint256 end) {
        uint256 v;
        (end, v) = tuple(at, 8, s + 0xa0, t, r);
        assembly { mstore(s, v) }
    }

    /// The product of all compressed inputs plus beta, and the sum of the products of all but one.
    function inputs(uint256 s, uint256 t, uint256 r, uint256 at)
        private
        pure
        returns (uint256 next, uint256 all, uint256 cofactors)
    {
        uint256 left = word(at) & 0xffff;
        (next, all) = tuple(at, 24, s + 0xa0, t, r);
        cofactors = 1;
        for (left -= 0x20; left != 0; left -= 0x20) {
            uint256 f;
            s += 0x20;
            (next, f) = tuple(next, 8, s + 0xa0, t, r);
            cofactors = addmod(mulmod(cofactors, f, r), all, r);
            all = mulmod(all, f, r);
        }
    }

    /// Replaces `count` words by their inverses; `free` is scratch of count + 6 words. Reverts when one is 0.
    function invert(uint256 at, uint256 count, uint256 free, uint256 r) private view {
        assembly {
            let a := 1
            let f := free
            let end := add(at, mul(0x20, count))
            for { let p := at } lt(p, end) { p := add(p, 0x20) } {
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
            for { let p := sub(end, 0x20) } iszero(lt(p, at)) { p := sub(p, 0x20) } {
                f := sub(f, 0x20)
                let v := mload(p)
                mstore(p, mulmod(a, mload(f), r))
                a := mulmod(a, v, r)
            }
        }
    }

    /// The points x omega^i, their distances from mu, and products of those: Z of the first set, and for every set the
    /// distances of the points that it lacks.
    function points(uint256 s, uint256 t, uint256 r) private pure returns (uint256 p) {
        assembly {
            // stores v * base, v * base^2, ... at the listed addresses; 0 skips one
            function powers(at, skip, count, v, base, scratch, m) -> end {
                let w := shr(skip, mload(at))
                for { } count { count := sub(count, 1) } {
                    if gt(skip, 240) {
                        at := add(at, 0x20)
                        w := mload(at)
                        skip := 0
                    }
                    v := mulmod(v, base, m)
                    if and(w, 0xffff) { mstore(add(scratch, and(w, 0xffff)), v) }
                    w := shr(16, w)
                    skip := add(skip, 16)
                }
                end := add(at, 0x20)
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
    function weights(uint256 s, uint256 t, uint256 r, uint256 p0) private view returns (uint256 p) {
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
    function single(uint256 at, uint256 end, uint256 t, uint256 r) private pure returns (uint256 v) {
        assembly {
            let zeta := mload(add(t, 0xa0))
            let w := shr(8, mload(at))
            v := addmod(mulmod(calldataload(and(w, 0xffff)), zeta, r), mload(add(t, 0x1a0)), r)
            w := shr(16, w)
            for { } lt(at, end) { w := mload(at) } {
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
                at := add(at, 0x20)
            }
        }
    }

    /// The same for polynomials of several evaluations, each summed with the set's weights; `size` is 0x20 times their
    /// number.
    function several(uint256 at, uint256 end, uint256 weight, uint256 size, uint256 t, uint256 r)
        private
        pure
        returns (uint256 v)
    {
        assembly {
            let w := shr(8, mload(at))
            for { } lt(at, end) { w := mload(at) } {
                for { } w { } {
                    v := mulmod(v, mload(add(t, 0xa0)), r)
                    for { let i := 0 } lt(i, size) { i := add(i, 0x20) } {
                        v := addmod(v, mulmod(mload(add(weight, i)), calldataload(and(w, 0xffff)), r), r)
                        w := shr(16, w)
                    }
                }
                at := add(at, 0x20)
            }
        }
    }

    /// Per set the weighted sum of the evaluations of its polynomials, folded by powers of zeta.
    function evaluations(uint256 s, uint256 t, uint256 r, uint256 meta) private pure returns (uint256 p) {
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
    function sums(uint256 s, uint256 t, uint256 r, uint256 p0) private view returns (uint256 p) {
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
    function addProduct(uint256 x, uint256 y, uint256 k, uint256 to) private view {
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
    function quotient(uint256 t, uint256 to) private view {
        assembly {
            let at := mload(0x3a0)
            let first := mload(0x3c0)
            calldatacopy(0x00, at, 0x40)
            for { } gt(at, first) { } {
                at := sub(at, 0x40)
                mstore(0x40, mload(add(t, 0x100)))
                if iszero(staticcall(gas(), 7, 0x00, 0x60, 0x00, 0x40)) { revert(0, 0) }
                calldatacopy(0x40, at, 0x40)
                if iszero(staticcall(gas(), 6, 0x00, 0x80, 0x00, 0x40)) { revert(0, 0) }
            }
            mstore(to, mload(0x00))
            mstore(add(to, 0x20), mload(0x20))
        }
    }

    /// (x, y) := the commitments of one set folded by powers of zeta, from the last one to the first.
    function fold(uint256 p, uint256 end, uint256 zeta, uint256 h) private view returns (uint256 x, uint256 y) {
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
    function accumulate(uint256 s, uint256 t, uint256 r, uint256 meta) private view {
        uint256 total = t + 0x260;
        quotient(t, total + 0x40);
        uint256 w = word(meta) >> 104;
        uint256 p = meta + 0x20 * (word(meta) & 0xff);
        // the products of the sets; the second one is named
        uint256 product = s + ((word(meta) >> 8) & 0xffff) - 0x20;
        uint256 factor = 1;
        bool started = false;
        for (uint256 at = meta; at < meta + 0x20 * (word(meta) & 0xff); ) {
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
            at += 0x20;
            w = word(at);
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
    function input(uint256 at) private pure returns (uint256 w) {
        assembly { w := calldataload(and(at, 0xffff)) }
    }

    /// e(sum, G2) e(W', -s G2) = 1.
    function pairing(uint256 t) private view {
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

    /// Ends the call: true, the digest, the byte length of the rescaled instances, and these. Hashes, which the vka counts
    /// as the first instances, are left out.
    function rescale(uint256 t, uint256 r, bytes32 digest) private pure {
        assembly {
            let at := add(mload(0x460), 0x80)
            let w := mload(at)
            let end := add(at, mul(0x20, and(w, 0xff)))
            let unit := exp(10, and(shr(8, w), 0xff))
            let from := add(add(0xa4, calldataload(0x64)), and(shr(16, w), 0xff))
            w := shr(24, w)
            let to := add(t, 0x2c0)
            for { } lt(at, end) { w := mload(at) } {
                // 32 bits length, 8 bits sign of the scale, 8 bits scale
                for { } w { w := shr(48, w) } {
                    let scale := and(shr(40, w), 0xff)
                    for { let last := add(from, and(w, 0xffffffff)) } lt(from, last) { from := add(from, 0x20) } {
                        let v := calldataload(from)
                        let negative := gt(v, 0x7fffffffffffffffffffffffffffffff)
                        if negative { v := sub(r, v) }
                        v := mul(v, unit)
                        switch and(shr(32, w), 0xff)
                        case 0 { v := shl(scale, v) }
                        default { v := shr(scale, add(v, shl(sub(scale, 1), 1))) }
                        if negative { v := sub(0, v) }
                        mstore(to, v)
                        to := add(to, 0x20)
                    }
                }
                at := add(at, 0x20)
            }
            let b := add(t, 0x260)
            mstore(b, 1)
            mstore(add(b, 0x20), digest)
            mstore(add(b, 0x40), sub(to, add(b, 0x60)))
            return(b, sub(to, b))
        }
    }
}
