'use strict';
// The functions of @ezkljs/engine/nodejs 21.0.0 on this package's library: the same names, bytes in, bytes out, on the
// thread that calls. What they are given and give is JSON in UTF-8 where it is no key, circuit or setup.

const json = require('./lib/json.js');
const { Arguments, MEMORY } = require('./lib/arguments.js');
const { commands } = require('./lib/commands.js');
const { EzklError, usage } = require('./lib/errors.js');
const { isSetup } = require('./lib/setup_bytes.js');
const { runSync } = require('./lib/session.js');
const { toLibrary } = require('./lib/names.js');

const encode = (text) => new TextEncoder().encode(text);
const clamped = (text) => new Uint8ClampedArray(encode(text));
const decoder = new TextDecoder('utf-8', { fatal: true });

let log;

/** Runs a command. Gives {result, outputs}. */
function run(name, values) {
  const { parameters } = commands[name];
  const given = new Arguments(name);
  for (const [parameter, value] of Object.entries(values)) {
    const kind = parameters[parameter];
    given.add(parameter, kind === 'path' ? 'read' : kind, value); // nobody asks for the file that is changed
  }
  return runSync(toLibrary(name), given, log);
}

/** Engines take bytes and nothing else: a text would be the path of a file. */
function bytes(value, what) {
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray) return value;
  throw new TypeError(`${what}: a Uint8ClampedArray or a Uint8Array is needed`);
}

function parsed(value, what) {
  try {
    return json.parse(decoder.decode(bytes(value, what)));
  } catch (error) {
    if (!(error instanceof SyntaxError) && error.code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new EzklError({ fault: 'format', frames: [what], text: `no JSON: ${error.message}` });
  }
}

function wrong(what, text) {
  return new EzklError({ fault: 'format', frames: [what], text });
}

function serialize(data) {
  return clamped(typeof data === 'string' ? data : (json.stringify(data) ?? ''));
}

/** Integers of more than 53 bits are bigints (the engine has BigNumbers there). */
const deserialize = (buffer) => parsed(buffer, 'buffer');

function init_logger() {
  log = (module, text) => console.warn(`${module}: ${text}`);
}

/** Nothing panics here. */
function init_panic_hook() {}

// Field elements.

function felt(value) {
  const text = parsed(value, 'felt');
  if (typeof text !== 'string') throw wrong('felt', 'no text of 64 hexadecimal digits');
  return text;
}

const feltToBigEndian = (array) => JSON.parse(run('feltToBigEndian', { felt: felt(array) }).result);

const feltToLittleEndian = (array) => Buffer.from(feltToBigEndian(array).slice(2), 'hex').reverse().toString('hex');

const feltToInt = (array) => clamped(run('feltToInt', { felt: felt(array) }).result);

const feltToFloat = (array, scale) => Number(run('feltToFloat', { felt: felt(array), scale }).result);

const inputTypes = { bool: 'Bool', f16: 'F16', f32: 'F32', f64: 'F64', int: 'Int', tdim: 'TDim' };

function floatToFelt(input, scale, input_type) {
  const inputType = inputTypes[input_type];
  if (inputType === undefined) throw usage(`'${input_type}': ${Object.keys(inputTypes).join(', ')}`, 'input_type');
  return clamped(run('floatToFelt', { input, scale, inputType }).result);
}

const bufferToVecOfFelt = (buffer) => clamped(run('bufferToFelts', { buffer: bytes(buffer, 'buffer') }).result);

const poseidonHash = (message) => clamped(`[${run('poseidonHash', { message: parsed(message, 'message') }).result}]`);

const kzgCommit = (message, vk, settings, params_ser) =>
  clamped(
    run('kzgCommit', {
      message: parsed(message, 'message'),
      vkPath: bytes(vk, 'vk'),
      settingsPath: bytes(settings, 'settings'),
      srsPath: bytes(params_ser, 'params_ser'),
    }).result,
  );

// From a compiled circuit to a checked proof.

function genWitness(compiled_circuit, input) {
  return encode(
    run('genWitness', { data: bytes(input, 'input'), model: bytes(compiled_circuit, 'compiled_circuit') }).result,
  );
}

function keys(compiled_circuit, params_ser, compress_selectors) {
  const [vk, pk] = run('setup', {
    model: bytes(compiled_circuit, 'compiled_circuit'),
    vkPath: MEMORY,
    pkPath: MEMORY,
    srsPath: bytes(params_ser, 'params_ser'),
    disableSelectorCompression: !compress_selectors,
  }).outputs;
  return { vk, pk };
}

const genVk = (compiled_circuit, params_ser, compress_selectors) =>
  keys(compiled_circuit, params_ser, compress_selectors).vk;

/** `vk` says how selectors were compressed, and must be the circuit's. */
function genPk(vk, compiled_circuit, params_ser) {
  const wanted = Buffer.from(bytes(vk, 'vk'));
  for (const compress of [true, false]) {
    const made = keys(compiled_circuit, params_ser, compress);
    if (wanted.equals(made.vk)) return made.pk;
  }
  throw new EzklError({ fault: 'unsatisfied', frames: ['vk'], text: 'the key of another circuit or setup' });
}

function prove(witness, pk, compiled_circuit, srs) {
  return run('prove', {
    witness: bytes(witness, 'witness'),
    model: bytes(compiled_circuit, 'compiled_circuit'),
    pkPath: bytes(pk, 'pk'),
    proofPath: MEMORY,
    srsPath: bytes(srs, 'srs'),
  }).outputs[0];
}

function verify(proof_js, vk, settings, srs) {
  const usesIpa = parsed(settings, 'settings')?.run_args?.commitment === 'IPA';
  return JSON.parse(
    run('verify', {
      proofPath: bytes(proof_js, 'proof'),
      settingsPath: settings,
      vkPath: bytes(vk, 'vk'),
      srsPath: bytes(srs, 'srs'),
      reducedSrs: !usesIpa, // of a larger or a verifier's setup the points of a verifier are the same
    }).result,
  );
}

function verifyAggr() {
  throw new EzklError({ fault: 'unsupported', frames: ['verifyAggr'], text: 'proofs of proofs are not verified here' });
}

// What a contract is called with.

const wordSize = 32;
const withAddress = Uint8Array.from([0xaf, 0x83, 0xa1, 0x8d]); // selector of verifyProof(address,bytes,uint256[])

/** `vk_address`: JSON of the 20 bytes where the contract of the key lies, for release 21's contracts of two parts. */
function encodeVerifierCalldata(proof, vk_address) {
  const list = JSON.parse(run('encodeEvmCalldata', { proof: bytes(proof, 'proof') }).result);
  // Later releases write the length of an empty list of words behind it, which no contract reads.
  const calldata = Uint8Array.from(list).subarray(0, -wordSize);
  if (vk_address === undefined || vk_address === null) return calldata.slice();
  const address = parsed(vk_address, 'vk_address');
  const isByte = (value) => Number.isInteger(value) && value >= 0 && value < 256;
  if (!Array.isArray(address) || address.length !== 20 || !address.every(isByte)) {
    throw wrong('vk_address', 'no JSON list of 20 bytes');
  }
  const out = new Uint8Array(calldata.length + wordSize);
  out.set(withAddress);
  out.set(address, 4 + wordSize - address.length);
  out.set(calldata.subarray(4), 4 + wordSize);
  // The two offsets behind it count from the first argument, which the address now is.
  const view = new DataView(out.buffer);
  for (const end of [4 + 2 * wordSize, 4 + 3 * wordSize]) view.setUint32(end - 4, view.getUint32(end - 4) + wordSize);
  return out;
}

// Whether bytes are a file of some kind: true, or an error that says why not.

const none = encode('{}');

/** The library has no command that reads just one file. So one gets the file and, as its memory file `i`, one that is
 * none: when that is what it complains of, it has read the other. */
function readBefore(i, name, values) {
  try {
    run(name, values);
  } catch (error) {
    const isAbout = (text) => text.includes(`/input-${i}`);
    if (error instanceof EzklError && [...error.frames, error.text].some(isAbout)) return true;
    throw error;
  }
  throw new EzklError({ fault: 'internal', text: `${name} takes what is none` });
}

const compiledCircuitValidation = (compiled_circuit) =>
  readBefore(1, 'genWitness', { model: bytes(compiled_circuit, 'compiled_circuit'), data: none });

const settingsValidation = (settings) =>
  readBefore(1, 'verify', { settingsPath: bytes(settings, 'settings'), vkPath: none, proofPath: none });

const vkValidation = (vk, settings) =>
  readBefore(2, 'verify', { settingsPath: bytes(settings, 'settings'), vkPath: bytes(vk, 'vk'), proofPath: none });

const emptyProof = encode(
  '{"protocol":null,"instances":[[]],"proof":[],"hex_proof":"0x","transcript_type":"EVM","split":null}',
);

/** Commitments of the witness do not fit into a proof of no bytes. */
function witnessValidation(witness) {
  const values = { proofPath: emptyProof, witnessPath: bytes(witness, 'witness') };
  try {
    return run('swapProofCommitments', values) !== undefined;
  } catch (error) {
    if (error instanceof EzklError && error.text.includes('the witness belongs to another circuit')) return true;
    throw error;
  }
}

function inputValidation(input) {
  const lists = parsed(input, 'input')?.input_data;
  const isElement = (value) =>
    ['number', 'bigint', 'boolean'].includes(typeof value) ||
    (typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value));
  if (!Array.isArray(lists) || !lists.every((list) => Array.isArray(list) && list.every(isElement))) {
    throw wrong('input', 'input_data is no list of lists of numbers');
  }
  return true;
}

const proofValidation = (proof) => run('printProofHex', { proofPath: bytes(proof, 'proof') }) !== undefined;

const pkValidation = (pk, settings) =>
  run('genVkFromPkSingle', {
    pathToPk: bytes(pk, 'pk'),
    circuitSettingsPath: bytes(settings, 'settings'),
    vkOutputPath: MEMORY,
  }) !== undefined;

function srsValidation(srs) {
  if (isSetup(bytes(srs, 'srs'))) return true;
  throw wrong('srs', 'no setup: a size, so many points of the curve, and two of its twist');
}

module.exports = {
  serialize,
  deserialize,
  init_logger,
  init_panic_hook,
  encodeVerifierCalldata,
  feltToBigEndian,
  feltToLittleEndian,
  feltToInt,
  feltToFloat,
  floatToFelt,
  kzgCommit,
  bufferToVecOfFelt,
  poseidonHash,
  genWitness,
  genVk,
  genPk,
  verify,
  verifyAggr,
  prove,
  witnessValidation,
  compiledCircuitValidation,
  inputValidation,
  proofValidation,
  vkValidation,
  pkValidation,
  settingsValidation,
  srsValidation,
};
