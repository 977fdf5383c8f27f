// Model, Circuit, Prover, Verifier.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import ezkl, { Circuit, Model, Prover, Session, Verifier } from 'ezkl-cpp';
import { folder, forged, rejected, run } from './base.mjs';

const at = folder();
const x = [0.5, -0.25, 0.8125, -0.6875];

async function provers(options) {
  const circuit = await new Model(at('network.onnx')).compile(at('input.json'), options);
  if (!fs.existsSync(at(`kzg${circuit.logrows}.srs`)))
    await ezkl.genSrs(at(`kzg${circuit.logrows}.srs`), circuit.logrows);
  return { circuit, prover: await circuit.setup(at(`kzg${circuit.logrows}.srs`)) };
}

test('from a model to a verdict', async () => {
  const model = new Model(at('network.onnx'));
  assert.equal((await model.check(x)).ok, true);
  const { circuit, prover } = await provers({ runArgs: { inputVisibility: 'private' } });
  const computed = await circuit.run(x);
  assert.equal(await circuit.mock(x), true);
  assert.match(await circuit.accuracy(at('input.json'), { format: 'text' }), /\w/);
  const proof = await prover.prove(new Float32Array(x));
  assert.deepEqual(proof.outputs, computed);
  const digest = prover.export(at('for_verifiers'));
  assert.deepEqual(fs.readdirSync(at('for_verifiers')).sort(), ['settings.json', 'vk.key', 'vk.manifest.json']);
  const srs = at(`kzg${circuit.logrows}.srs`);
  const verifier = new Verifier(at('for_verifiers'), { srs, digest });
  const verdict = await verifier.verify(proof, { output: computed });
  assert.deepEqual([verdict.accepted, verdict.reason], [true, null]);
  assert.equal((await verifier.verify(forged(proof.data))).accepted, false);
  assert.equal((await verifier.verify(proof, { output: [[1, 2, 3]] })).accepted, false);
  assert.equal(
    (await new Verifier(at('for_verifiers'), { srs, digest: '1'.repeat(64) }).verify(proof)).accepted,
    false,
  );
  assert.equal((await prover.verifier().verify(proof)).accepted, true);
});

test('committed values, and a folder that is opened again', async () => {
  const { prover } = await provers({ folder: at('kept'), runArgs: { inputVisibility: 'polycommit' } });
  assert.equal(prover.folder, at('kept'));
  const again = new Prover(at('kept'), { srs: at(`kzg${prover.logrows}.srs`) });
  assert.equal(again.digest, prover.digest);
  assert.equal((await again.verifier().verify(await again.prove(x))).accepted, true);
  const opened = new Circuit(at('kept'));
  assert.equal((await opened.run(x)).length, 1);
  assert.equal((await rejected(opened.accuracy(x))).fault, 'usage');
});

test('a model of bytes, in a session of its own', async () => {
  const told = [];
  const session = new Session({ onProgress: ({ phase }) => told.push(phase), threads: 1 });
  const circuit = await new Model(fs.readFileSync(at('network.onnx')), { session }).compile(x);
  assert.equal(circuit.session, session);
  assert.ok(told.length > 0);
});

test('folders that nobody named are gone at the end', async () => {
  const said = await run(`
    import fs from 'node:fs';
    import ezkl from 'ezkl-cpp';
    const circuit = await new ezkl.Model('${at('network.onnx')}').compile('${at('input.json')}');
    console.log(circuit.folder, fs.statSync(circuit.folder).mode & 0o777);
  `);
  const [place, mode] = said.trim().split(' ');
  assert.equal(Number(mode), 0o700);
  assert.ok(!fs.existsSync(place));
});

test('a stopped step leaves no object', async () => {
  const error = await rejected(new Model(at('network.onnx')).compile(x, { signal: AbortSignal.abort() }));
  assert.equal(error.name, 'AbortError');
});
