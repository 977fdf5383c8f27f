'use strict';
// What stands for a file where a command reads one.

const fs = require('node:fs');
const json = require('./json.js');

const decoder = new TextDecoder('utf-8', { fatal: true });

/** settings.json on the disk: a path, and what the file says. */
class Settings {
  constructor(path) {
    this.path = path;
  }

  /** What the file says now, by its own names: settings.read().run_args.logrows. */
  read() {
    return json.parse(fs.readFileSync(this.path, 'utf8'));
  }

  /** log2 of the number of rows, which is the size of the setup that is needed. */
  get logrows() {
    return this.read().run_args.logrows;
  }

  toString() {
    return this.path;
  }
}

/** A file in memory. */
class InMemory {
  #value;

  constructor(data) {
    this.data = data instanceof Uint8Array ? data : new Uint8Array(data);
  }

  static async load(path) {
    return new this(new Uint8Array(await fs.promises.readFile(path)));
  }

  async save(path) {
    await fs.promises.writeFile(path, this.data);
  }

  /** What it says, by its own names; long integers are bigints. */
  get value() {
    this.#value ??= json.parse(decoder.decode(this.data));
    return this.#value;
  }
}

const numbers = (lists) => (lists ?? []).map((list) => list.map(Number));

/** witness.json */
class Witness extends InMemory {
  /** What the circuit computed: a list of numbers an output. */
  get outputs() {
    return numbers(this.value.pretty_elements?.rescaled_outputs);
  }
}

/** proof.json. What it says is not verified. */
class Proof extends InMemory {
  /** Columns of field elements. */
  get instances() {
    return this.value.instances;
  }

  /** The proof itself, in hexadecimal. */
  get proof() {
    return this.value.hex_proof;
  }

  /** The outputs that it shows: a list of numbers an output. */
  get outputs() {
    return numbers(this.value.pretty_public_inputs?.rescaled_outputs);
  }
}

module.exports = { Settings, InMemory, Witness, Proof };
