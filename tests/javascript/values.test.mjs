// JSON with long integers, arguments, texts of errors, forms of setups.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMORY, Settings, Proof } from 'ezkl-cpp';
import { bytes, inside } from './base.mjs';

const json = inside('lib/json.js');
const { Arguments } = inside('lib/arguments.js');
const { EzklError } = inside('lib/errors.js');
const { isSetup } = inside('lib/setup_bytes.js');
const { fromEnvironment } = inside('lib/session.js');

test('integers keep their digits', () => {
  const smallest = -(2n ** 127n);
  assert.deepEqual(json.parse(`{"a":${smallest},"b":[9007199254740993,9007199254740991,-1]}`), {
    a: smallest,
    b: [9007199254740993n, 9007199254740991, -1],
  });
  for (const text of [
    '0.12345678901234567',
    '1e-12345678901234567',
    '12345678901234567.5',
    '1.5e300',
    '"12345678901234567"',
    '{"12345678901234567":"#1"}',
    '["#","##1","\\"12345678901234567"]',
  ]) {
    assert.deepEqual(json.parse(text), JSON.parse(text), text);
  }
  assert.deepEqual(json.parse('["#1","##","\\"#",{"#k":"#"},12345678901234567]'), [
    '#1',
    '##',
    '"#',
    { '#k': '#' },
    12345678901234567n,
  ]);
  assert.throws(() => json.parse('{"a":12345678901234567'), SyntaxError);
});

test('what is written', () => {
  for (const value of [{ a: 1, b: [1.5, 'x"\n', null, true] }, [], {}, 'text', 5, [undefined, NaN], { a: undefined }]) {
    assert.equal(json.stringify(value), JSON.stringify(value));
  }
  assert.equal(json.stringify({ a: [2n ** 100n] }), `{"a":[${2n ** 100n}]}`);
  assert.equal(json.stringify(undefined), undefined);
});

test('arguments', () => {
  const given = new Arguments('x');
  const first = new Uint8Array([1, 2, 3, 4]);
  given.add('srsPath', 'read', first.subarray(1, 3));
  given.add('runArgs', 'runArgs', {
    inputScale: 7,
    variables: { n: 4 },
    lookupRange: [-(2n ** 100n), 1],
    logrows: undefined,
  });
  given.add('vkPath', 'written', MEMORY);
  given.add('data', 'data', [[1, 2.5], new Float32Array([0.1]), [true, 3n]]);
  given.add('output', 'data', new Int32Array([-1, 2]));
  given.add('settingsPath', 'read', new Settings('s.json'));
  given.add('proofPath', 'read', new Proof([7]));
  given.add('seed', 'plain', 2n ** 64n - 1n);
  given.add('max', 'plain', Infinity);
  given.add('manifest', 'read', null);
  assert.equal(
    String(given),
    '{"srs_path":{"memory":0},"py_run_args":{"input_scale":7,"variables":[["n",4]],' +
      `"lookup_range":[${-(2n ** 100n)},1]},"vk_path":{"output":0},"data":{"memory":1},"output":{"memory":2},` +
      '"settings_path":"s.json","proof_path":{"memory":3},"seed":18446744073709551615,"max":"Infinity"}',
  );
  const text = (part) => Buffer.from(part).toString();
  assert.deepEqual([...given.memory[0]], [2, 3]);
  assert.equal(text(given.memory[1]), '{"input_data":[[1,2.5],[0.10000000149011612],[true,3]]}');
  assert.equal(text(given.memory[2]), '{"output_data":[[-1,2]]}');
  assert.deepEqual(given.outputs, ['vkPath']);
});

test('errors', () => {
  const hints = [
    { parameter: 'srs_path', advice: '{} names it' },
    { parameter: 'logrows', advice: 'and {} says how large' },
    { parameter: 'py_run_args', advice: 'leave {} out' },
  ];
  const error = new EzklError({ fault: 'usage', code: 2, frames: ['prove', 'pk.key'], text: 'no setup', hints });
  assert.equal(
    error.message,
    'prove: pk.key: no setup; `srsPath` names it and `logrows` says how large; leave `runArgs` out',
  );
  assert.equal(error.hint, '`srsPath` names it and `logrows` says how large; leave `runArgs` out');
  assert.deepEqual([error.context, error.code, error.text], ['prove: pk.key', 2, 'no setup']);
  assert.equal(new EzklError({ fault: 'internal', text: 'x' }).message, 'x');
});

test('variables', () => {
  const all = fromEnvironment({ OMP_NUM_THREADS: '3,2', HOME: '/home/x', EZKL_CPU: 'portable', EZKL_SRS_MIRROR: '' });
  assert.deepEqual(
    [all.threads, all.srsFolder, all.kernels, all.srsMirror],
    [3, '/home/x/.ezkl/srs', 'portable', undefined],
  );
  assert.equal(fromEnvironment({ OMP_NUM_THREADS: 'all' }).threads, undefined);
  assert.equal(fromEnvironment({ OMP_NUM_THREADS: '9999' }).threads, 1024);
});

test('setups', () => {
  const setup = bytes('golden/kzg4.srs');
  assert.equal(isSetup(setup), true);
  assert.equal(isSetup(setup.subarray(0, -1)), false);
  assert.equal(isSetup(new Uint8Array(0)), false);
  for (const at of [0, 70, setup.length - 1]) {
    const changed = setup.slice();
    changed[at] ^= 0xc0;
    assert.equal(isSetup(changed), false, `byte ${at}`);
  }
});
