// From a model to a checked proof, by the functions.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import ezkl, { EzklError, MEMORY } from 'ezkl-cpp';
import { data, folder, forged, keys, rejected, run } from './base.mjs';

const at = folder();
let digest;
before(async () => {
  digest = await keys(at);
});

test('the promised calls, as they are written', async () => {
  const inFolder = folder();
  fs.copyFileSync(inFolder('network.onnx'), inFolder('model.onnx'));
  const said = await run(
    `
    import ezkl from 'ezkl-cpp';
    const settings = await ezkl.genSettings();
    await ezkl.compileModel('model.onnx', 'compiled_model.ezkl', settings);
    process.env.EZKL_REPO_PATH = process.cwd();
    (await import('node:fs')).mkdirSync('srs');
    await ezkl.genSrs(await ezkl.defaultSrsPath(settings.logrows), settings.logrows);
    await ezkl.setup('compiled_model.ezkl');
    await ezkl.genWitness('input.json', 'compiled_model.ezkl');
    const proof = await ezkl.prove('witness.json', 'compiled_model.ezkl', 'pk.key');
    console.log(await ezkl.verify(proof, 'settings.json', 'vk.key'));
  `,
    { cwd: inFolder() },
  );
  assert.equal(said, 'true\n');
});

test('settings stand for their file', async () => {
  const settings = await ezkl.genSettings(at('network.onnx'), at('other.json'));
  assert.equal(String(settings), at('other.json'));
  assert.equal(settings.read().run_args.logrows, settings.logrows);
  assert.equal(await ezkl.compileModel(at('network.onnx'), at('other.compiled'), settings), true);
  assert.ok(fs.existsSync(at('other.compiled')));
});

test('a proof holds, and forged ones do not', async () => {
  const witness = await ezkl.genWitness(at('input.json'), at('model.compiled'), at('witness.json'));
  assert.equal(witness.outputs[0].length, 3);
  assert.equal(await ezkl.mock(witness, at('model.compiled')), true);
  const proof = await ezkl.prove(
    at('witness.json'),
    at('model.compiled'),
    at('pk.key'),
    at('proof.json'),
    at('kzg.srs'),
  );
  assert.deepEqual(Buffer.from(proof.data), fs.readFileSync(at('proof.json')));
  assert.deepEqual(proof.outputs, witness.outputs);
  assert.match(proof.proof, /^0x[0-9a-f]+$/);
  const files = [at('settings.json'), at('vk.key'), at('kzg.srs')];
  for (const form of [proof, at('proof.json'), pathToFileURL(at('proof.json')), proof.data]) {
    assert.equal(await ezkl.verify(form, ...files, { digest }), true);
  }
  const error = await rejected(ezkl.verify(forged(proof.data), ...files));
  assert.ok(error instanceof EzklError);
  assert.equal(error.fault, 'unsatisfied');
  assert.match(error.message, /^verify: proofPath: /);
  assert.equal(error.code, 7);
  const instances = structuredClone(proof.value);
  instances.instances[0][0] = `01${'0'.repeat(62)}`;
  assert.equal((await rejected(ezkl.verify(Buffer.from(JSON.stringify(instances)), ...files))).fault, 'unsatisfied');
  assert.equal((await rejected(ezkl.verify(proof, ...files, { digest: '0'.repeat(64) }))).fault, 'unsatisfied');
  const wrong = structuredClone(witness.value);
  wrong.outputs[0][0] = `01${'0'.repeat(62)}`;
  const refused = ezkl.prove(
    Buffer.from(JSON.stringify(wrong)),
    at('model.compiled'),
    at('pk.key'),
    null,
    at('kzg.srs'),
  );
  assert.equal((await rejected(refused)).fault, 'unsatisfied');
});

test('a proof without a file is one in memory', async () => {
  const witness = await ezkl.genWitness(at('input.json'), at('model.compiled'), null);
  const before = fs.readdirSync(at());
  const proof = await ezkl.prove(witness, at('model.compiled'), at('pk.key'), {
    srsPath: at('kzg.srs'),
    checkMode: 'safe',
  });
  assert.deepEqual(fs.readdirSync(at()), before);
  const said = await ezkl.verifyReport(proof, at('settings.json'), at('vk.key'), at('kzg.srs'), {
    digest,
    input: [9, 9, 9, 9],
    output: proof.outputs,
  });
  assert.equal(said.accepted, false, 'the input is hidden');
  const report = await ezkl.verifyReport(proof, at('settings.json'), at('vk.key'), at('kzg.srs'), {
    output: proof.outputs,
  });
  assert.equal(report.accepted, true);
  const other = [proof.outputs[0].map((x) => x + 1)];
  const unlike = await ezkl.verifyReport(proof, at('settings.json'), at('vk.key'), at('kzg.srs'), { output: other });
  assert.equal(unlike.accepted, false);
  await proof.save(at('saved.json'));
  assert.deepEqual((await ezkl.Proof.load(at('saved.json'))).instances, proof.instances);
});

test('files in memory, in and out', async () => {
  const read = (name) => new Uint8Array(fs.readFileSync(at(name)));
  const { output } = await ezkl.genSettings(read('network.onnx'), MEMORY, { runArgs: { logrows: 9 } });
  assert.equal(JSON.parse(Buffer.from(output)).run_args.logrows, 9);
  const made = await ezkl.compileCircuit(read('network.onnx'), MEMORY, read('settings.json'));
  assert.equal(made.result, true);
  assert.ok(made.compiledCircuit.length > 0);
  const { vkPath, pkPath, result } = await ezkl.setup(read('model.compiled'), MEMORY, MEMORY, read('kzg.srs').buffer);
  assert.deepEqual(Buffer.from(vkPath), fs.readFileSync(at('vk.key')));
  assert.deepEqual(Buffer.from(pkPath), fs.readFileSync(at('pk.key')));
  assert.equal(result, digest);
  assert.ok(vkPath instanceof Uint8Array && !Buffer.isBuffer(vkPath));
});

test('numbers stand for files of them', async () => {
  const numbers = [0.5, -0.25, 0.8125, -0.6875];
  const outputs = (input) => ezkl.genWitness(input, at('model.compiled'), null).then((witness) => witness.outputs);
  const wanted = await outputs(at('input.json'));
  const forms = [
    numbers,
    [numbers],
    new Float32Array(numbers),
    [new Float64Array(numbers)],
    JSON.stringify({ input_data: [numbers] }),
    [
      [
        [0.5, -0.25],
        [0.8125, -0.6875],
      ],
    ],
    Buffer.from(JSON.stringify({ input_data: [numbers] })),
    fs.readFileSync(data('models/mlp_input.npy')),
  ];
  for (const form of forms) assert.deepEqual(await outputs(form), wanted);
  assert.notDeepEqual(await outputs([1n, 0n, -1n, 2n]), wanted);
  for (const wrong of [[NaN, 0, 0, 0], [Infinity, 0, 0, 0], [{}], 5, true]) {
    const error = await rejected(outputs(wrong));
    assert.equal(error.fault, 'usage', `${wrong}`);
    assert.deepEqual(error.frames, ['genWitness', 'data']);
  }
});

test('reports and tables', async () => {
  const check = await ezkl.checkModel(at('network.onnx'), [0.5, -0.25, 0.8125, -0.6875], { target: 'size' });
  assert.equal(check.ok, true);
  assert.equal(
    (await ezkl.checkModel(data('models/broken.onnx')).catch((error) => ({ ok: error.fault !== 'format' }))).ok,
    false,
  );
  assert.match(await ezkl.table(at('network.onnx'), { format: 'svg' }), /<svg/);
  const accuracy = [at('input.json'), at('network.onnx'), at('settings.json')];
  assert.equal(typeof (await ezkl.accuracy(...accuracy)), 'object');
  assert.match(await ezkl.accuracy(...accuracy, { format: 'html' }), /<html/);
});

test('calibration, random data, keys from keys', async () => {
  await ezkl.genRandomData(at('network.onnx'), at('random.json'), { seed: 2n ** 63n, min: -1, max: 1 });
  await ezkl.genSettings(at('network.onnx'), at('calibrated.json'));
  const scales = [5, 6];
  assert.equal(
    await ezkl.calibrateSettings(at('random.json'), at('network.onnx'), at('calibrated.json'), { scales }),
    true,
  );
  assert.ok(scales.includes(new ezkl.Settings(at('calibrated.json')).read().run_args.input_scale));
  await ezkl.genVkFromPkSingle(at('pk.key'), at('settings.json'), at('again.key'));
  assert.deepEqual(fs.readFileSync(at('again.key')), fs.readFileSync(at('vk.key')));
});

test('field elements', async () => {
  const five = `05${'0'.repeat(62)}`;
  assert.equal(await ezkl.feltToInt(five), 5n);
  assert.equal(await ezkl.feltToInt(`${'ff'.repeat(15)}7f${'0'.repeat(32)}`), 2n ** 127n - 1n);
  assert.equal(await ezkl.feltToFloat(five, 1), 2.5);
  assert.equal(await ezkl.floatToFelt(2.5, 1), five);
  assert.equal(await ezkl.feltToBigEndian(five), `0x${'0'.repeat(63)}5`);
  assert.deepEqual(await ezkl.bufferToFelts(new Uint8Array([5])), [five]);
  assert.deepEqual(await ezkl.poseidonHash([]), []);
  assert.equal((await ezkl.poseidonHash([five])).length, 1);
  assert.equal((await rejected(ezkl.feltToInt('zz'))).fault, 'format');
  assert.equal((await rejected(ezkl.floatToFelt(1e300, 40))).fault, 'range');
});

test('calldata', async () => {
  const calldata = await ezkl.encodeEvmCalldata(data('golden/default/proof.json'), null);
  assert.deepEqual(Buffer.from(calldata), fs.readFileSync(data('golden/default/calldata.bytes')));
});

test('a model in parts', async () => {
  const split = at('split');
  const runArgs = { inputVisibility: 'private', logrows: 9, decompBase: 64, decompLegs: 4, lookupRange: [-256, 256] };
  await ezkl.splitModel(at('network.onnx'), split, { parts: 2, runArgs });
  await ezkl.genSrs(at('parts.srs'), 9);
  await ezkl.setupSplit(split, at('parts.srs'));
  await ezkl.genWitnessSplit(at('input.json'), split, at('parts.srs'));
  await ezkl.proveSplit(split, at('parts.srs'));
  const verdict = await ezkl.verifySplit(split, at('parts.srs'), { digest: await ezkl.splitDigest(split) });
  assert.deepEqual([verdict.accepted, verdict.reason], [true, '']);
  assert.equal((await ezkl.verifySplit(split, at('parts.srs'), { digest: '0'.repeat(64) })).accepted, false);
});

test('errors say what, where and what to do', async () => {
  const missing = await rejected(ezkl.verify(at('none.json'), at('settings.json'), at('vk.key'), at('kzg.srs')));
  assert.equal(missing.fault, 'io');
  assert.equal(missing.name, 'EzklError');
  assert.equal(missing.frames[0], 'verify');
  assert.ok(missing.context.includes('none.json'), missing.context);
  const wrong = {
    'there is no argument': () => ezkl.prove({ proof: 1 }),
    'genSettings: runArgs: colour: there is no such run argument': () =>
      ezkl.genSettings(at('network.onnx'), at('x.json'), { runArgs: { colour: 1 } }),
    'given twice': () => ezkl.prove('witness.json', { witness: 'other.json' }),
    'are needed, not number': () => ezkl.mock(5),
    'there is a 0': () => ezkl.mock('a\0b'),
    'arguments, and there are 1': () => ezkl.poseidonHash([], 5),
  };
  for (const [text, call] of Object.entries(wrong)) {
    const error = await rejected(call());
    assert.equal(error.fault, 'usage');
    assert.ok(error.message.includes(text), error.message);
  }
  const unnamed = await rejected(ezkl.genSettings(at('network.onnx'), at('x.json'), { runArgs: { logrows: 'many' } }));
  assert.equal(unnamed.fault, 'usage');
});

test('CommonJS is the same module', async () => {
  const required = createRequire(import.meta.url)('ezkl-cpp');
  assert.equal(required, ezkl);
  assert.equal(required.version, '23.0.5');
  assert.match(required.ownVersion, /^\d+\.\d+\.\d+$/);
});
