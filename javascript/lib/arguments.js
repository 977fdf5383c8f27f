'use strict';
// Arguments of a command as the C interface takes them: a JSON object, and bytes beside it.

const { fileURLToPath } = require('node:url');
const json = require('./json.js');
const { usage, EzklError } = require('./errors.js');
const { InMemory, Settings } = require('./files.js');
const { toLibrary } = require('./names.js');

/** In place of the path of a file that is written: its bytes are given back. */
const MEMORY = Symbol('ezkl.MEMORY');

function pathOf(value) {
  if (value instanceof Settings) return value.path;
  if (value instanceof URL) return fileURLToPath(value);
  if (typeof value !== 'string') throw usage(`a path, a file URL or bytes are needed, not ${describe(value)}`);
  if (value.includes('\0')) throw usage('there is a 0 in the path');
  return value;
}

function describe(value) {
  if (value === null || typeof value !== 'object') return typeof value;
  return value.constructor?.name ?? 'an object';
}

function bytesOf(value) {
  if (value instanceof InMemory) return value.data;
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray) return value;
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

const isNumbers = (value) => Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/** Numbers as a file of them: the elements of the one input, or a list of those of each. */
function fileOfNumbers(value, member) {
  const lists = Array.isArray(value) && value.length > 0 && value.every(isNumbers) ? value : [value];
  const texts = lists.map(
    (list) => `[${Array.from(Array.isArray(list) ? list.flat(Infinity) : list, element).join(',')}]`,
  );
  return new TextEncoder().encode(`{"${member}":[${texts.join(',')}]}`);
}

function element(value) {
  if (ArrayBuffer.isView(value)) return Array.from(value, element).join(',');
  if (typeof value === 'bigint' || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  // Field elements.
  if (typeof value === 'string') return JSON.stringify(value);
  throw usage(`${String(value)} is no number that a model takes`);
}

/** Arguments that JSON has no numbers for. */
function plain(value) {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value)) return Array.from(value);
  return value;
}

function runArgs(value) {
  if (value === null || typeof value !== 'object') throw usage(`an object is needed, not ${describe(value)}`);
  const out = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || member === null) continue;
    const pairs = name === 'variables' && !Array.isArray(member);
    out[toLibrary(name)] = pairs ? Object.entries(member) : plain(member);
  }
  return out;
}

class Arguments {
  #members = {};
  memory = [];
  /** Their parameters. */
  #given = [];
  /** Parameters of which the bytes are given back, in order. */
  outputs = [];

  constructor(command) {
    this.command = command;
  }

  /** Of what is not given, the library has the default. `kind`: of lib/commands.js. */
  add(name, kind, value) {
    if (value === undefined || value === null) return;
    try {
      this.#members[toLibrary(name)] = this.#argument(name, kind, value);
    } catch (error) {
      if (error instanceof EzklError) throw usage(error.text, this.command, name);
      throw error;
    }
  }

  #inMemory(name, bytes) {
    this.#given.push(name);
    return { memory: this.memory.push(bytes) - 1 };
  }

  /** A text of the library with parameters in place of the files that bytes in memory pass through. */
  named(text) {
    const names = { input: this.#given, output: this.outputs };
    return text.replace(
      /\/(?:dev\/shm|tmp)\/ezkl-\w{6}\/(input|output)-(\d+)/g,
      (file, way, i) => names[way][i] ?? file,
    );
  }

  #argument(name, kind, value) {
    switch (kind) {
      case 'read': {
        const bytes = bytesOf(value);
        return bytes === undefined ? pathOf(value) : this.#inMemory(name, bytes);
      }
      case 'written':
        return value === MEMORY ? { output: this.outputs.push(name) - 1 } : pathOf(value);
      case 'data': {
        const bytes = bytesOf(value);
        if (bytes !== undefined) return this.#inMemory(name, bytes);
        if (isNumbers(value))
          return this.#inMemory(name, fileOfNumbers(value, name === 'output' ? 'output_data' : 'input_data'));
        return pathOf(value);
      }
      case 'path':
        return pathOf(value);
      case 'runArgs':
        return runArgs(value);
      default:
        return plain(value);
    }
  }

  toString() {
    return json.stringify(this.#members);
  }
}

module.exports = { Arguments, MEMORY };
