// What the tests share: data of the repository, folders that go away, a small circuit.
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ezkl from 'ezkl-cpp';

const DATA = process.env.EZKL_TEST_DATA;
export const data = (name) => path.join(DATA, name);
export const bytes = (name) => new Uint8ClampedArray(fs.readFileSync(data(name)));
export const json = (value) => new Uint8ClampedArray(Buffer.from(JSON.stringify(value)));

/** A module of the package that it does not give away. */
export function inside(name) {
  const require = createRequire(import.meta.url);
  return require(path.join(path.dirname(require.resolve('ezkl-cpp/package.json')), name));
}

/** A folder with the small model and its input that goes with the tests of a file; paths in it. */
export function folder() {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'ezkl-test-'));
  after(() => fs.rmSync(made, { recursive: true, force: true }));
  fs.copyFileSync(data('models/mlp.onnx'), path.join(made, 'network.onnx'));
  fs.copyFileSync(data('models/mlp_input.json'), path.join(made, 'input.json'));
  return (...names) => path.join(made, ...names);
}

/** Settings, compiled model, setup and keys in a folder, of 2^logrows rows. */
export async function keys(at, logrows = 8) {
  const runArgs = { logrows, decompBase: 64, decompLegs: 4, inputVisibility: 'private', lookupRange: [-256, 256] };
  const settings = await ezkl.genSettings(at('network.onnx'), at('settings.json'), { runArgs });
  await ezkl.compileModel(at('network.onnx'), at('model.compiled'), settings);
  await ezkl.genSrs(at('kzg.srs'), logrows);
  return ezkl.setup(at('model.compiled'), at('vk.key'), at('pk.key'), at('kzg.srs'));
}

/** A proof with a bit changed, as bytes of proof.json. */
export function forged(proof) {
  const changed = JSON.parse(Buffer.from(proof));
  changed.proof[changed.proof.length - 33] ^= 1;
  changed.hex_proof = null;
  return Buffer.from(JSON.stringify(changed));
}

/** A program in a process of its own. Gives what it printed. */
export async function run(program, { cwd } = {}) {
  const file = fileURLToPath(new URL(`program-${crypto.randomUUID()}.mjs`, import.meta.url));
  fs.writeFileSync(file, program);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', file], { cwd, timeout: 120_000 });
    return stdout;
  } finally {
    fs.rmSync(file);
  }
}

/** What a promise is rejected with. */
export async function rejected(promise) {
  const given = await promise.then(
    (value) => ({ value }),
    (error) => error,
  );
  if (given instanceof Error) return given;
  throw new Error(`this was to fail, and gave ${JSON.stringify(given.value)}`);
}

// Warnings that tests provoke on purpose.
process.on('warning', () => {});
