// Every function of ezkl-cpp/nodejs beside @ezkljs/engine 21.0.0, which lies in the folder EZKL_ENGINE: the same bytes,
// or both refuse. Without such a folder there is nothing to compare.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import ezkl from 'ezkl-cpp';
import * as ours from 'ezkl-cpp/nodejs';
import { bytes, data, folder, forged, json } from './base.mjs';

const skip = process.env.EZKL_ENGINE ? false : 'EZKL_ENGINE names no engine';
const published = skip ? {} : createRequire(import.meta.url)(process.env.EZKL_ENGINE);
const five = `05${'0'.repeat(62)}`;
const minusOne = '000000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430';

const at = folder();
const file = (name) => new Uint8ClampedArray(fs.readFileSync(at(name)));
before(async () => {
  // The engine is older than Freivalds' argument.
  const runArgs = {
    logrows: 8,
    decompBase: 64,
    decompLegs: 4,
    disableFreivalds: true,
    inputVisibility: 'polycommit',
    lookupRange: [-256, 256],
  };
  await ezkl.genSettings(at('network.onnx'), at('settings.json'), { runArgs });
  await ezkl.compileModel(at('network.onnx'), at('model.compiled'), at('settings.json'));
  await ezkl.genSrs(at('kzg.srs'), 8);
  await ezkl.setup(at('model.compiled'), at('vk.key'), at('pk.key'), at('kzg.srs'));
  const with_ = { vkPath: at('vk.key'), srsPath: at('kzg.srs') };
  await ezkl.genWitness(at('input.json'), at('model.compiled'), at('witness.json'), with_);
  await ezkl.prove(at('witness.json'), at('model.compiled'), at('pk.key'), at('proof.json'), at('kzg.srs'));
});

function outcome(call) {
  try {
    const given = call();
    return ArrayBuffer.isView(given) ? [given.constructor.name, Buffer.from(given).toString('latin1')] : given;
  } catch {
    return 'refused';
  }
}

/** What both give. */
function same(call, what) {
  const wanted = outcome(() => call(published));
  assert.deepEqual(
    outcome(() => call(ours)),
    wanted,
    what,
  );
  return wanted;
}

test('field elements', { skip }, () => {
  const felts = [
    five,
    minusOne,
    '07'.repeat(32),
    `FE${'0'.repeat(62)}`,
    `${'0'.repeat(30)}80${'0'.repeat(32)}`,
    'ff'.repeat(32),
    '05',
    'zz'.repeat(32),
    5,
    null,
  ];
  for (const felt of felts) {
    for (const name of ['feltToBigEndian', 'feltToLittleEndian', 'feltToInt'])
      same((e) => e[name](json(felt)), name + felt);
    for (const scale of [0, 3, -2, 40]) same((e) => e.feltToFloat(json(felt), scale), `${felt} ${scale}`);
  }
  for (const type of ['bool', 'int', 'f16', 'f32', 'f64', 'tdim', 'unknown', 'F32', '']) {
    for (const value of [0, 1, 1.7, -0.3, 70000.5, 3, -1e5, 0.1, 1e-7, 123456.789, 0.5, 1.5, 2.5, -2.5]) {
      for (const scale of [0, 4, 13]) same((e) => e.floatToFelt(value, scale, type), `${type} ${value} ${scale}`);
    }
  }
  for (const size of [0, 1, 15, 16, 17, 31, 32, 33, 100]) {
    same((e) => e.bufferToVecOfFelt(Uint8ClampedArray.from({ length: size }, (_, i) => i * 7)), `${size} bytes`);
  }
  for (const message of [[], [five], [five, minusOne], Array(20).fill(minusOne), 'x', ['05'], [1], {}]) {
    same((e) => e.poseidonHash(json(message)), `${message}`);
  }
});

test('serialize', { skip }, () => {
  const values = [
    { a: 1, b: [1.5, 'x', null, true] },
    'abc',
    5,
    null,
    [undefined, NaN],
    { a: undefined, s: 'é\n' },
    { c: 2n ** 90n },
  ];
  for (const value of values) same((e) => e.serialize(value));
});

test('golden files', { skip }, () => {
  const srs = bytes('golden/kzg4.srs');
  for (const name of ['default', 'hashed_input', 'matmul_freivalds']) {
    // Later releases leave it out.
    const proof = json({ ...JSON.parse(fs.readFileSync(data(`golden/${name}/proof.json`))), transcript_type: 'EVM' });
    const [vk, settings] = ['vk.key', 'settings.json'].map((each) => bytes(`golden/${name}/${each}`));
    for (const address of [undefined, json(Array(20).fill(0xab)), json([1])]) {
      same((e) => e.encodeVerifierCalldata(proof, address), name);
    }
    if (name !== 'matmul_freivalds')
      assert.equal(
        same((e) => e.verify(proof, vk, settings, srs), name),
        true,
      );
    assert.equal(
      same((e) => e.verify(forged(proof), vk, settings, srs), name),
      'refused',
    );
    assert.equal(
      same((e) => e.proofValidation(proof)),
      true,
    );
    assert.equal(
      same((e) => e.settingsValidation(settings)),
      true,
    );
    assert.equal(
      same((e) => e.vkValidation(vk, settings)),
      true,
    );
    assert.equal(
      same((e) => e.srsValidation(srs)),
      true,
    );
  }
});

test('a proof of ours', { skip }, () => {
  const [proof, vk, settings, srs] = ['proof.json', 'vk.key', 'settings.json', 'kzg.srs'].map(file);
  assert.equal(
    same((e) => e.verify(proof, vk, settings, srs)),
    true,
  );
  assert.equal(
    same((e) => e.verify(forged(proof), vk, settings, srs)),
    'refused',
  );
  for (const message of [[], [five], [five, minusOne, five], Array(200).fill(minusOne), Array(300).fill(five), [5]]) {
    same((e) => e.kzgCommit(json(message), vk, settings, srs), `${message.length} elements`);
  }
});

test('validations', { skip }, () => {
  const files = {
    ...Object.fromEntries(['witness', 'input', 'proof', 'settings'].map((name) => [name, file(`${name}.json`)])),
  };
  files.srs = file('kzg.srs');
  files.nothing = json({});
  files.list = json([1]);
  files.empty = new Uint8ClampedArray(0);
  for (const kind of ['witness', 'input', 'proof', 'settings', 'srs']) {
    for (const [name, given] of Object.entries(files)) {
      assert.equal(same((e) => e[`${kind}Validation`](given), `${name} for ${kind}`) === true, name === kind);
    }
  }
  const inputs = [[], [[1]], [['a']], 5, [1], [[true]], [[null]], [[five]], { a: [1] }, [[[1, 2]]]];
  for (const input_data of inputs) same((e) => e.inputValidation(json({ input_data })), JSON.stringify(input_data));
});
