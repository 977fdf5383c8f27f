// The published engine's byte functions. What @ezkljs/engine 21.0.0 gives for these bytes is written here, or stands in
// the golden files; engine_beside.test.mjs asks the engine itself.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { before, test } from 'node:test';
import * as engine from 'ezkl-cpp/nodejs';
import { bytes, data, folder, forged, json, keys } from './base.mjs';

const text = (given) => Buffer.from(given).toString();
const golden = ['default', 'hashed_input', 'matmul_freivalds'];
const five = `05${'0'.repeat(62)}`;
const minusOne = '000000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430';

const at = folder();
const files = {};
before(async () => {
  await keys(at);
  const of = (name) => new Uint8ClampedArray(fs.readFileSync(at(name)));
  files.compiledCircuit = of('model.compiled');
  files.settings = of('settings.json');
  files.srs = of('kzg.srs');
  files.vk = of('vk.key');
  files.pk = of('pk.key');
  files.input = of('input.json');
});

test('golden proofs hold, and forged ones do not', () => {
  const srs = bytes('golden/kzg4.srs');
  for (const name of golden) {
    const [proof, vk, settings] = ['proof.json', 'vk.key', 'settings.json'].map((file) =>
      bytes(`golden/${name}/${file}`),
    );
    assert.equal(engine.verify(proof, vk, settings, srs), true);
    assert.throws(() => engine.verify(forged(proof), vk, settings, srs), { fault: 'unsatisfied' });
    const other = JSON.parse(text(proof));
    other.instances[0][0] = five;
    assert.throws(() => engine.verify(json(other), vk, settings, srs), { fault: 'unsatisfied' });
    assert.throws(() => engine.verify(proof, vk.slice(0, 100), settings, srs), { fault: 'format' });
  }
  assert.throws(() => engine.verify('proof.json', json({}), json({}), srs), TypeError, 'a text is no path');
  assert.throws(() => engine.verifyAggr(), { fault: 'unsupported' });
});

test('calldata', () => {
  for (const name of golden) {
    const proof = bytes(`golden/${name}/proof.json`);
    const calldata = engine.encodeVerifierCalldata(proof);
    // Behind it, later releases have one empty word.
    const wanted = fs.readFileSync(data(`golden/${name}/calldata.bytes`));
    assert.deepEqual(Buffer.from(calldata), wanted.subarray(0, -32));
    assert.ok(wanted.subarray(-32).every((byte) => byte === 0));
    const called = Buffer.from(engine.encodeVerifierCalldata(proof, json(Array(20).fill(0xab))));
    assert.equal(called.subarray(0, 36).toString('hex'), `af83a18d${'0'.repeat(24)}${'ab'.repeat(20)}`);
    assert.deepEqual([called.readUInt32BE(64), called.readUInt32BE(96) - 32], [0x60, wanted.readUInt32BE(64)]);
    assert.deepEqual(called.subarray(100), wanted.subarray(68, -32));
    for (const wrong of [json([1]), json(Array(20).fill(256)), new Uint8Array([255])]) {
      assert.throws(() => engine.encodeVerifierCalldata(proof, wrong), { fault: 'format' });
    }
  }
});

test('field elements', () => {
  assert.equal(engine.feltToBigEndian(json(five)), `0x${'0'.repeat(63)}5`);
  assert.equal(engine.feltToLittleEndian(json(minusOne)), minusOne);
  assert.equal(text(engine.feltToInt(json(minusOne))), '-1');
  assert.equal(engine.feltToFloat(json(five), 3), 0.625);
  assert.equal(text(engine.floatToFelt(1.7, 4, 'f32')), `"1b${'0'.repeat(62)}"`);
  assert.equal(
    text(engine.floatToFelt(-0.3, 4, 'f16')),
    '"fcffffef93f5e1439170b97948e833285d588181b64550b829a031e1724e6430"',
  );
  assert.equal(text(engine.floatToFelt(1.7, 4, 'int')), `"10${'0'.repeat(62)}"`);
  assert.throws(() => engine.floatToFelt(1, 4, 'F32'), { fault: 'usage' });
  assert.equal(
    text(engine.bufferToVecOfFelt(new Uint8ClampedArray(17).fill(7))),
    `["${'07'.repeat(16)}${'0'.repeat(32)}","07${'0'.repeat(62)}"]`,
  );
  assert.equal(text(engine.bufferToVecOfFelt(new Uint8Array(0))), '[]');
  assert.equal(
    text(engine.poseidonHash(json([five, minusOne]))),
    '[["14e4a80bfc1fac32857a7ffcfaa4c63017f64473820d63078d9bb6516a995627"]]',
  );
  assert.equal(text(engine.poseidonHash(json([]))), '[[]]');
  for (const wrong of ['05', 5, 'ff'.repeat(32), 'zz'.repeat(32)]) assert.throws(() => engine.feltToInt(json(wrong)));
  assert.ok(engine.feltToInt(json(five)) instanceof Uint8ClampedArray);
});

test('what published hashes say', () => {
  const lines = fs
    .readFileSync(data('modules/poseidon.txt'), 'utf8')
    .split('\n')
    .filter((line) => line && line[0] !== '#');
  assert.ok(lines.length > 5);
  for (const line of lines) {
    const [message, hash] = line.split(' = ');
    assert.equal(text(engine.poseidonHash(json(message.split(' ')))), `[["${hash}"]]`);
  }
});

test('serialize and deserialize', () => {
  assert.equal(
    text(engine.serialize({ a: 1, b: [1.5, null], c: 2n ** 100n })),
    `{"a":1,"b":[1.5,null],"c":${2n ** 100n}}`,
  );
  assert.equal(text(engine.serialize('abc')), 'abc');
  assert.deepEqual(engine.deserialize(Buffer.from('{"a":12345678901234567}')), { a: 12345678901234567n });
  assert.throws(() => engine.deserialize(new Uint8Array([123])), { fault: 'format' });
  assert.throws(() => engine.deserialize(new Uint8Array([255])), { fault: 'format' });
});

test('from a circuit to a proof', () => {
  const witness = engine.genWitness(files.compiledCircuit, files.input);
  assert.equal(JSON.parse(text(witness)).outputs[0].length, 3);
  const vk = engine.genVk(files.compiledCircuit, files.srs, true);
  assert.deepEqual(Buffer.from(vk), Buffer.from(files.vk));
  const pk = engine.genPk(vk, files.compiledCircuit, files.srs);
  assert.deepEqual(Buffer.from(pk), Buffer.from(files.pk));
  const plain = engine.genVk(files.compiledCircuit, files.srs, false);
  assert.ok(engine.genPk(plain, files.compiledCircuit, files.srs).length > 0);
  assert.throws(() => engine.genPk(bytes('golden/default/vk.key'), files.compiledCircuit, files.srs), {
    fault: 'unsatisfied',
  });
  const proof = engine.prove(witness, pk, files.compiledCircuit, files.srs);
  assert.equal(engine.verify(proof, vk, files.settings, files.srs), true);
  assert.throws(() => engine.verify(forged(proof), vk, files.settings, files.srs), { fault: 'unsatisfied' });
  files.witness = witness;
  files.proof = proof;
});

test('each file is what it is, and nothing else', () => {
  const wrong = { empty: new Uint8Array(0), object: json({}), list: json([1]), text: json('x') };
  for (const kind of ['witness', 'compiledCircuit', 'input', 'proof', 'settings', 'srs', 'vk', 'pk']) {
    const validate = (file) => engine[`${kind}Validation`](file, files.settings);
    assert.equal(validate(files[kind]), true, kind);
    for (const [name, file] of Object.entries({ ...files, ...wrong })) {
      if (name !== kind) assert.throws(() => validate(file), { name: 'EzklError' }, `${name} for ${kind}`);
    }
    assert.throws(() => validate(files[kind].slice(0, -20)), { name: 'EzklError' }, `a part of ${kind}`);
  }
});

test('commitments', () => {
  const message = fs
    .readFileSync(data('modules/kzg_commit.txt'), 'utf8')
    .split('\n')
    .find((line) => line.startsWith('1..3 '));
  assert.match(message, /^1\.\.3 = [0-9a-f]{64}$/);
  const felts = ['01', '02', '03'].map((byte) => byte + '0'.repeat(62));
  const points = JSON.parse(text(engine.kzgCommit(json(felts), files.vk, files.settings, files.srs)));
  assert.equal(points.length, 1);
  assert.match(points[0], /^[0-9a-f]{64}$/);
});

test('the log is silent until it is wanted', () => {
  const said = [];
  const { warn } = console;
  console.warn = (line) => said.push(line);
  try {
    const [proof, vk, settings] = ['proof.json', 'vk.key', 'settings.json'].map((file) =>
      bytes(`golden/default/${file}`),
    );
    const verify = () => engine.verify(proof, vk, settings, bytes('golden/kzg4.srs')); // which takes settings on trust
    verify();
    assert.deepEqual(said, []);
    engine.init_panic_hook();
    engine.init_logger();
    verify();
    assert.ok(said.length > 0);
  } finally {
    console.warn = warn;
  }
});
