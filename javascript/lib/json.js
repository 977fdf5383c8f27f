'use strict';
// JSON whose integers keep all their digits: the library's go to 128 bits, and JavaScript's numbers to 53.

// A text in quotes, with the colon where it is a name; or an integer that may be longer than numbers are exact.
const textOrLongInteger = /"(?:[^"\\]|\\.)*"(\s*:)?|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** JSON.parse, with a bigint for each integer beyond Number.MAX_SAFE_INTEGER. */
function parse(text) {
  let longIntegers = false;
  // They become texts "#123", and texts that begin with # get another one.
  const marked = text.replace(textOrLongInteger, (found, colon) => {
    if (colon !== undefined) return found;
    if (found.startsWith('"')) return found.startsWith('"#') ? `"#${found.slice(1)}` : found;
    if (Number.isSafeInteger(Number(found))) return found;
    longIntegers = true;
    return `"#${found}"`;
  });
  if (!longIntegers) return JSON.parse(text);
  return JSON.parse(marked, (name, value) => {
    if (typeof value !== 'string' || !value.startsWith('#')) return value;
    return value.startsWith('##') ? value.slice(1) : BigInt(value.slice(1));
  });
}

/** JSON.stringify, with integers for bigints; undefined where JSON has nothing. */
function stringify(value) {
  if (typeof value === 'bigint') return value.toString();
  if (value !== null && typeof value === 'object') {
    if (typeof value.toJSON === 'function') return stringify(value.toJSON());
    if (Array.isArray(value)) return `[${Array.from(value, (item) => stringify(item) ?? 'null').join(',')}]`;
    const members = Object.entries(value)
      .map(([name, member]) => [name, stringify(member)])
      .filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${member}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

module.exports = { parse, stringify };
