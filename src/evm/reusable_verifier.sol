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
    /// fixed-point numbers: in raw form, the byte length of the numbers and then the numbers. External, since its end
    /// leaves the whole call: no other function can run it and go on.
    function verifyProof(bytes calldata, uint256[] calldata, bytes32[] calldata)
        external
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
            let pos := add(add(0xa4, size), mul(0x20, n))
            ok := and(ok, eq(calldataload(0x04), 0x60))
            ok := and(ok, eq(calldataload(0x24), add(0x80, size)))
            ok := and(ok, eq(calldataload(0x44), sub(pos, 0x04)))
            let words := calldataload(pos)
            ok := and(ok, and(gt(words, 0x21), lt(words, 0x800)))
            ok := and(ok, iszero(lt(calldatasize(), add(add(pos, 0x20), mul(0x20, words)))))
            if iszero(ok) { revert(0, 0) }
            calldatacopy(0xa0, add(pos, 0x20), mul(0x20, words))
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
            function takePoints(pos, from, size, ok) -> res {
                calldatacopy(pos, from, size)
                res := ok
                let q := 21888242871839275222246405745257275088696311157297823662689037894645226208583
                let end := add(pos, size)
                for { } lt(pos, end) { pos := add(pos, 0x40) } {
                    let x := mload(pos)
                    let y := mload(add(pos, 0x20))
                    let on := eq(mulmod(y, y, q), addmod(mulmod(x, mulmod(x, x, q), q), 3, q))
                    res := and(res, and(and(lt(x, q), lt(y, q)), on))
                }
            }
            function takeScalars(pos, from, size, ok, m) -> res {
                calldatacopy(pos, from, size)
                res := ok
                let end := add(pos, size)
                for { } lt(pos, end) { pos := add(pos, 0x20) } { res := and(res, lt(mload(pos), m)) }
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
            let pos := add(add(b, 0x20), size)
            let from := 0x84
            let to := sub(t, mload(0x120))
            // rounds: 16 bits bytes of points, 8 bits number of challenges
            let head := 0x4c0
            let end := add(head, mul(0x20, and(mload(head), 0xff)))
            let skip := 8
            for { } lt(head, end) { head := add(head, 0x20) } {
                for { let w := shr(skip, mload(head)) } w { w := shr(24, w) } {
                    size := and(w, 0xffff)
                    ok := takePoints(pos, from, size, ok)
                    from := add(from, size)
                    pos := add(pos, size)
                    let count := and(shr(16, w), 0xff)
                    if count {
                        squeeze(b, pos, to, r)
                        to := add(to, 0x20)
                        for { let i := 1 } lt(i, count) { i := add(i, 1) } {
                            again(b, to, r)
                            to := add(to, 0x20)
                        }
                        pos := add(b, 0x20)
                    }
                }
                skip := 0
            }
            size := mul(0x20, mload(0x100))
            ok := takeScalars(pos, from, size, ok, r)
            from := add(from, size)
            squeeze(b, add(pos, size), add(t, 0xa0), r)
            again(b, add(t, 0xc0), r)
            pos := add(b, 0x20)
            ok := takePoints(pos, from, 0x40, ok)
            squeeze(b, add(pos, 0x40), add(t, 0xe0), r)
            ok := takePoints(pos, add(from, 0x40), 0x40, ok)
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
    function run(uint256 pos, uint256 end, uint256 skip, uint256 to, uint256 theta, uint256 r)
        private
        pure
        returns (uint256 v)
    {
        assembly {
            let listing := 0
            let w := shr(skip, mload(pos))
            for { } lt(pos, end) { w := mload(pos) } {
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
                pos := add(pos, 0x20)
            }
        }
    }

    function gates(uint256 s, uint256 t, uint256 r) private pure returns (uint256 a) {
        uint256 pos = word(0x3e0);
        uint256 left = word(pos);
        uint256 y = word(t + 0x60);
        pos += 0x20;
        for (; left != 0; left -= 0x20) {
            uint256 end = pos + 0x20 * (word(pos) & 0xff);
            a = addmod(mulmod(a, y, r), run(pos, end, 8, s, 0, r), r);
            pos = end;
        }
    }

    /// The evaluation of z that a set's word names: 0 on this row, 16 on the next, 32 on the last row.
    function z(uint256 pos, uint256 bit) private pure returns (uint256) {
        return input(word(pos) >> bit);
    }

    function permutation(uint256 t, uint256 r, uint256 a0) private pure returns (uint256 a) {
        uint256 meta = word(word(0x400));
        uint256 pos = word(0x400) + 0x20;
        uint256 step = (meta >> 8) & 0xffff;
        uint256 last = pos + step * (meta & 0xff);
        uint256 y = word(t + 0x60);
        uint256 v = addmod(1, r - z(pos, 0), r);
        a = addmod(mulmod(a0, y, r), mulmod(word(t + 0x180), v, r), r);
        v = z(last, 0);
        v = mulmod(v, addmod(v, r - 1, r), r);
        a = addmod(mulmod(a, y, r), mulmod(word(t + 0x140), v, r), r);
        for (; pos < last; pos += step) {
            v = addmod(z(pos + step, 0), r - z(pos, 32), r);
            a = addmod(mulmod(a, y, r), mulmod(word(t + 0x180), v, r), r);
        }
        uint256 label = mulmod(word(t + 0x20), word(t + 0x80), r);
        for (pos = word(0x400) + 0x20; pos <= last; pos += step) {
            (v, label) = columns(t, r, pos, pos + (pos == last ? (meta >> 24) & 0xffff : step), label);
            v = mulmod(v, addmod(1, r - word(t + 0x160), r), r);
            a = addmod(mulmod(a, y, r), v, r);
        }
    }

    /// z_next * prod (v + beta sigma + gamma) - z * prod (v + beta label x + gamma) over the columns of one set.
    function columns(uint256 t, uint256 r, uint256 pos, uint256 end, uint256 label0)
        private
        pure
        returns (uint256 v, uint256 label)
    {
        uint256 left = z(pos, 16);
        uint256 right = z(pos, 0);
        label = label0;
        assembly {
            let w := shr(48, mload(pos))
            for { } lt(pos, end) { w := mload(pos) } {
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
                pos := add(pos, 0x20)
            }
            v := addmod(left, sub(r, right), r)
        }
    }

    function lookups(uint256 s, uint256 t, uint256 r, uint256 a0) private pure returns (uint256 a) {
        a = a0;
        uint256 pos;
        uint256 end;
        assembly {
            end := mload(mload(0x420))
            pos := add(mload(0x420), 0x20)
        }
        while (pos < end) {
            uint256 meta;
            assembly {
                meta := mload(pos)
                pos := add(pos, 0x20)
            }
            if (meta & 0xff != 0) pos = table(s, t, r, pos);
            uint256 all;
            uint256 cofactors;
            (pos, all, cofactors) = inputs(s, t, r, pos);
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
    function tuple(uint256 pos, uint256 skip, uint256 to, uint256 t, uint256 r)
        private
        pure
        returns (uint256 end, uint256 v)
    {
        end = pos + 0x20 * ((word(pos) >> (skip - 8)) & 0xff);
        v = addmod(run(pos, end, skip, to, word(t), r), word(t + 0x20), r);
    }

    /// s := the compressed table plus beta.
    function table(uint256 s, uint256 t, uint256 r, uint256 pos) private pure returns (uint256 end) {
        uint256 v;
        (end, v) = tuple(pos, 8, s + 0xa0, t, r);
        assembly { mstore(s, v) }
    }

    /// The product of all compressed inputs plus beta, and the sum of the products of all but one.
    function inputs(uint256 s, uint256 t, uint256 r, uint256 pos)
        private
        pure
        returns (uint256 next, uint256 all, uint256 cofactors)
    {
        uint256 left = word(pos) & 0xffff;
        (next, all) = tuple(pos, 24, s + 0xa0, t, r);
        cofactors = 1;
        for (left -= 0x20; left != 0; left -= 0x20) {
            uint256 f;
            s += 0x20;
            (next, f) = tuple(next, 8, s + 0xa0, t, r);
            cofactors = addmod(mulmod(cofactors, f, r), all, r);
            all = mulmod(all, f, r);
        }
    }

    /// Ends the call: true, the digest, the byte length of the rescaled instances, and these. Hashes, which the vka counts
    /// as the first instances, are left out. Reverts when one is no integer of -2^127 .. 2^127 - 1 (of a circuit that does
    /// not check its inputs and outputs, or a hash that the vka does not count), or when its number does not fit a word:
    /// what would come back then is whatever the prover wants.
    function rescale(uint256 t, uint256 r, bytes32 digest) private pure {
        assembly {
            let pos := add(mload(0x460), 0x80)
            let w := mload(pos)
            let end := add(pos, mul(0x20, and(w, 0xff)))
            let unit := exp(10, and(shr(8, w), 0xff))
            let from := add(add(0xa4, calldataload(0x64)), and(shr(16, w), 0xff))
            w := shr(24, w)
            let to := add(t, 0x2c0)
            for { } lt(pos, end) { w := mload(pos) } {
                // 32 bits length, 8 bits sign of the scale, 8 bits scale
                for { } w { w := shr(48, w) } {
                    let scale := and(shr(40, w), 0xff)
                    for { let last := add(from, and(w, 0xffffffff)) } lt(from, last) { from := add(from, 0x20) } {
                        let v := calldataload(from)
                        let negative := gt(v, 0x7fffffffffffffffffffffffffffffff)
                        if negative { v := sub(r, v) }
                        if gt(v, 0x80000000000000000000000000000000) { revert(0, 0) }
                        v := mul(v, unit)
                        switch and(shr(32, w), 0xff)
                        case 0 {
                            if shr(sub(255, scale), v) { revert(0, 0) }
                            v := shl(scale, v)
                        }
                        default { v := shr(scale, add(v, shl(sub(scale, 1), 1))) }
                        if negative { v := sub(0, v) }
                        mstore(to, v)
                        to := add(to, 0x20)
                    }
                }
                pos := add(pos, 0x20)
            }
            let b := add(t, 0x260)
            mstore(b, 1)
            mstore(add(b, 0x20), digest)
            mstore(add(b, 0x40), sub(to, add(b, 0x60)))
            return(b, sub(to, b))
        }
    }
}
