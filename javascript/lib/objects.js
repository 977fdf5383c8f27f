'use strict';
// Models, circuits, provers and verifiers. Each lies in a folder with the usual file names, so that the functions and
// the command line work on it too; a folder that nobody names is gone with the last object that uses it.

const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { fileURLToPath } = require('node:url');
const { MEMORY } = require('./arguments.js');
const { usage } = require('./errors.js');
const { Settings } = require('./files.js');
const { usualSession } = require('./session.js');

// Node runs no finalizers when it ends.
const temporary = new Set();
process.on('exit', () => temporary.forEach(remove));
const forgotten = new FinalizationRegistry(remove);

function remove(folder) {
  temporary.delete(folder);
  fs.rmSync(folder, { recursive: true, force: true });
}

/** A folder that was named, or one of our own that only this user can enter. */
class Folder {
  constructor(named) {
    if (named === undefined || named === null) {
      this.path = fs.mkdtempSync(path.join(os.tmpdir(), 'ezkl-'));
      temporary.add(this.path);
      forgotten.register(this, this.path);
    } else {
      this.path = named instanceof URL ? fileURLToPath(named) : named;
      fs.mkdirSync(this.path, { recursive: true });
    }
  }

  file(name) {
    return path.join(this.path, name);
  }

  static of(folder) {
    return folder instanceof Folder ? folder : new Folder(folder);
  }
}

/** Of `options` those that hold for every call. */
const forCalls = ({ signal, onProgress }) => ({ signal, onProgress });

/** An ONNX model: a path, or its bytes. */
class Model {
  constructor(model, { session = usualSession } = {}) {
    this.model = model;
    this.session = session;
  }

  check(data, options = {}) {
    return this.session.checkModel(this.model, { ...options, data });
  }

  async compile(data, options = {}) {
    const { folder, target, lookupSafetyMargin, maxModelSize, keepFloat, runArgs, ...rest } = options;
    const place = new Folder(folder);
    const calls = forCalls(rest);
    await this.session.chooseSettings(this.model, place.file('settings.json'), {
      ...calls,
      data,
      runArgs,
      target,
      lookupSafetyMargin,
      maxModelSize,
    });
    await this.session.compileCircuit(this.model, place.file('model.compiled'), place.file('settings.json'), {
      ...calls,
      maxModelSize,
      keepFloat,
    });
    return new Circuit(place, { session: this.session, model: this });
  }
}

class InFolder {
  #folder;

  constructor(folder, { srs, session = usualSession } = {}) {
    this.#folder = Folder.of(folder);
    this.srs = srs;
    this.session = session;
  }

  /** Keeps the folder for the object that is made of this one. */
  get place() {
    return this.#folder;
  }

  get folder() {
    return this.#folder.path;
  }

  get settings() {
    return new Settings(this.file('settings.json'));
  }

  get logrows() {
    return this.settings.logrows;
  }

  file(name) {
    return this.#folder.file(name);
  }
}

/** A compiled model: settings.json and model.compiled of a folder. */
class Circuit extends InFolder {
  constructor(folder, options = {}) {
    super(folder, options);
    this.model = options.model;
  }

  async run(data, options = {}) {
    return (await this.witness(data, options)).outputs;
  }

  witness(data, options = {}) {
    return this.session.genWitness(data, this.file('model.compiled'), { ...options, output: null });
  }

  async mock(data, options = {}) {
    const witness = await this.witness(data, forCalls(options));
    return this.session.mock(witness, this.file('model.compiled'), options);
  }

  async accuracy(data, options = {}) {
    if (this.model === undefined)
      throw usage('the circuit was opened without its model: ezkl.accuracy(data, model, settings)');
    return this.session.accuracy(data, this.model.model, this.settings, options);
  }

  async setup(srs, options = {}) {
    const digest = await this.session.setup(
      this.file('model.compiled'),
      this.file('vk.key'),
      this.file('pk.key'),
      srs,
      options,
    );
    return new Prover(this.place, { srs, digest, session: this.session });
  }
}

/** A circuit with its keys. */
class Prover extends InFolder {
  #digest;

  constructor(folder, options = {}) {
    super(folder, options);
    this.#digest = options.digest;
  }

  get digest() {
    this.#digest ??= crypto
      .createHash('sha256')
      .update(fs.readFileSync(this.file('vk.manifest.json')))
      .digest('hex');
    return this.#digest;
  }

  async prove(data, options = {}) {
    const runArgs = this.settings.read().run_args;
    const groups = [runArgs.input_visibility, runArgs.param_visibility, runArgs.output_visibility];
    const committed = groups.includes('KZGCommit') ? { vkPath: this.file('vk.key'), srsPath: this.srs } : {};
    const circuit = new Circuit(this.place, { session: this.session });
    const witness = await circuit.witness(data, { ...forCalls(options), ...committed });
    return this.session.prove(witness, this.file('model.compiled'), this.file('pk.key'), MEMORY, this.srs, options);
  }

  verifier() {
    return new Verifier(this.place, { srs: this.srs, digest: this.digest, session: this.session });
  }

  export(folder) {
    const place = new Folder(folder);
    for (const name of ['settings.json', 'vk.key', 'vk.manifest.json'])
      fs.copyFileSync(this.file(name), place.file(name));
    return this.digest;
  }
}

/** settings.json and vk.key of a folder. */
class Verifier extends InFolder {
  constructor(folder, options = {}) {
    super(folder, options);
    this.digest = options.digest;
    this.reducedSrs = options.reducedSrs;
  }

  verify(proof, options = {}) {
    return this.session.verifyReport(proof, this.settings, this.file('vk.key'), this.srs, {
      ...options,
      reducedSrs: this.reducedSrs,
      digest: this.digest,
    });
  }
}

module.exports = { Model, Circuit, Prover, Verifier };
