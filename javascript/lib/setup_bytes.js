'use strict';
// The form of a setup's file, for srsValidation of nodejs.js: no command of the library reads a setup alone.

const modulus = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;

/** 32 bytes, least significant first. */
function number(view, at) {
  let out = 0n;
  for (let i = 3; i >= 0; --i) out = (out << 64n) | view.getBigUint64(at + 8 * i, true);
  return out;
}

/** Coordinates are in Montgomery's form: c = 2^256 x. With m = c / 2^256 the curve is m_y^2 = m_x^3 + 3. */
const inverse = power(1n << 256n, modulus - 2n);

function power(base, exponent) {
  let out = 1n;
  for (let square = base % modulus; exponent > 0n; exponent >>= 1n, square = (square * square) % modulus) {
    if (exponent & 1n) out = (out * square) % modulus;
  }
  return out;
}

/** Whether bytes are log2 of a size (4 bytes), 2 * 2^k points of G1 in 64 bytes each, 2 of G2 in 128 each. */
function isSetup(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) return false;
  const points = 2 * 2 ** view.getUint32(0, true);
  if (bytes.length !== 4 + 64 * points + 2 * 128) return false;
  for (let i = 0; i < points; ++i) {
    const [x, y] = [number(view, 4 + 64 * i), number(view, 36 + 64 * i)];
    if (x >= modulus || y >= modulus) return false;
    const [mx, my] = [(x * inverse) % modulus, (y * inverse) % modulus];
    if ((my * my - mx * mx * mx - 3n) % modulus !== 0n && (x !== 0n || y !== 0n)) return false;
  }
  for (let at = 4 + 64 * points; at < bytes.length; at += 32) if (number(view, at) >= modulus) return false;
  return true;
}

module.exports = { isSetup };
