'use strict';
// Calls of the library: each on a thread of its own, while the event loop goes on.

const os = require('node:os');
const path = require('node:path');
const addon = require('./addon.js');
const json = require('./json.js');
const { Arguments, MEMORY } = require('./arguments.js');
const { commands, settingsOf } = require('./commands.js');
const { EzklError, aborted, usage } = require('./errors.js');
const { Proof } = require('./files.js');
const { toLibrary } = require('./names.js');

const levels = ['error', 'warn', 'info', 'debug', 'trace'];

const optionNames = [
  'threads',
  'kernels',
  'maxMemory',
  'maxCircuitArea',
  'srsFolder',
  'srsMirror',
  'keyFormat',
  'solidityCompiler',
  'programPath',
  'privateKey',
];

/** What the variables of docs/environment.md say. The library reads none. */
function fromEnvironment(variables = process.env) {
  const given = (name) => variables[name] || undefined;
  const threads = Number((variables.OMP_NUM_THREADS ?? '').split(',')[0]);
  const folder = given('EZKL_REPO_PATH') ?? (given('HOME') && path.join(variables.HOME, '.ezkl'));
  return {
    threads: Number.isInteger(threads) && threads >= 1 ? Math.min(threads, 1024) : undefined,
    kernels: given('EZKL_CPU'),
    maxCircuitArea: given('EZKL_MAX_CIRCUIT_AREA'),
    srsFolder: folder && path.join(folder, 'srs'),
    srsMirror: given('EZKL_SRS_MIRROR'),
    keyFormat: given('EZKL_KEY_FORMAT'),
    solidityCompiler: given('EZKL_SOLC'),
    programPath: given('PATH'),
    privateKey: given('EZKL_PRIVATE_KEY'),
  };
}

/** How many calls work at once; the others wait for one to end. Each uses all processors by itself. */
const places = {
  free: Math.max(2, os.cpus().length),
  waiting: [],

  take() {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  },

  giveBack() {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  },
};

/** One call of the library. Gives {result, outputs}. */
function start(command, given, options, session, signals) {
  return new Promise((resolve, reject) => {
    let thrown; // by a listener
    let call;
    const guarded = (listener) =>
      listener &&
      ((...told) => {
        try {
          listener(...told);
        } catch (error) {
          thrown ??= { error };
          if (call !== undefined) addon.cancel(call);
        }
      });
    const progress = [session.onProgress, options.onProgress].filter(Boolean);
    const onProgress =
      progress.length === 0
        ? undefined
        : (phase, done, total, part) => progress.forEach((listener) => listener({ phase, done, total, part }));
    const onLog = (level, module, text) => session.onLog({ level: levels[level], module, text });
    const stop = () => addon.cancel(call);
    const onEnd = (details, result, outputs) => {
      for (const signal of signals) signal.removeEventListener('abort', stop);
      if (thrown) return reject(thrown.error);
      if (details === null) return resolve({ result, outputs });
      const said = JSON.parse(given.named(details));
      const stopper = signals.find((signal) => signal.aborted);
      return reject(said.fault === 'cancelled' && stopper ? aborted(stopper, said.frames) : new EzklError(said));
    };
    call = addon.run(
      command,
      String(given),
      given.memory,
      given.outputs.length,
      session.pairs,
      session.level,
      onEnd,
      guarded(onLog),
      guarded(onProgress),
    );
    for (const signal of signals) {
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
    }
  });
}

/** When a signal is aborted first, that is an error. */
async function placeOr(signals) {
  const taken = places.take();
  const stopped = signals.find((signal) => signal.aborted);
  if (stopped) {
    taken.then(() => places.giveBack());
    throw aborted(stopped);
  }
  let onAbort;
  const abort = new Promise((_, reject) => {
    onAbort = () => reject(aborted(signals.find((signal) => signal.aborted)));
    for (const signal of signals) signal.addEventListener('abort', onAbort);
  });
  try {
    await Promise.race([taken, abort]);
  } catch (error) {
    taken.then(() => places.giveBack());
    throw error;
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', onAbort);
  }
}

async function call(command, given, options, session) {
  const signals = [...new Set([options.signal, session.signal])].filter(Boolean);
  await placeOr(signals);
  try {
    return await start(command, given, options, session, signals);
  } finally {
    places.giveBack();
  }
}

const forEveryCall = ['signal', 'onProgress'];

const isOptions = (value) =>
  value !== null && typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** Arguments in order, then an object of those by name: all by name. */
function byName(name, parameters, values) {
  const options = isOptions(values.at(-1)) ? values.at(-1) : {};
  const inOrder = options === values.at(-1) ? values.slice(0, -1) : values;
  const names = Object.keys(parameters);
  if (inOrder.length > names.length) throw usage(`${inOrder.length} arguments, and there are ${names.length}`, name);
  const out = {};
  inOrder.forEach((value, i) => (out[names[i]] = value));
  for (const [option, value] of Object.entries(options)) {
    if (!names.includes(option) && !forEveryCall.includes(option)) {
      throw usage(`there is no argument '${option}', only ${[...names, ...forEveryCall].join(', ')}`, name);
    }
    if (out[option] !== undefined) throw usage(`'${option}' is given twice`, name);
    out[option] = value;
  }
  return out;
}

async function run(session, name, values) {
  const { parameters, usual = {}, result = json.parse } = commands[name];
  const all = byName(name, parameters, values);
  const given = new Arguments(name);
  for (const [parameter, kind] of Object.entries(parameters)) {
    const value = all[parameter] === undefined ? usual[parameter] : all[parameter];
    given.add(parameter, kind, value);
  }
  const answer = await call(toLibrary(name), given, all, session);
  if (given.outputs.length === 0) return result(answer.result);
  const files = Object.fromEntries(given.outputs.map((parameter, i) => [parameter, answer.outputs[i]]));
  return result === settingsOf ? files : { ...files, result: result(answer.result) };
}

function warn({ level, text }) {
  process.emitWarning(text, level === 'error' ? 'EzklErrorWarning' : 'EzklWarning');
}

/** Surroundings of calls, which are its methods. index.d.ts says what options there are. */
class Session {
  #given;

  constructor(options = {}) {
    for (const name of Object.keys(options)) {
      if (![...optionNames, 'onProgress', 'onLog', 'logLevel', 'signal'].includes(name)) {
        throw usage(`there is no option '${name}'`, 'Session');
      }
    }
    const { onProgress, onLog = warn, logLevel = 'warn', signal, ...given } = options;
    if (!levels.includes(logLevel)) throw usage(`'${logLevel}': ${levels.join(', ')}`, 'logLevel');
    this.#given = given;
    Object.assign(this, { onProgress, onLog, level: levels.indexOf(logLevel), signal });
  }

  /** What is not given is as the environment says at the time of a call. */
  get pairs() {
    const all = { ...fromEnvironment(), ...this.#given };
    return optionNames
      .filter((name) => all[name] !== undefined && all[name] !== null)
      .map((name) => [toLibrary(name), String(all[name])]);
  }

  /** Proves the run that a witness is of. */
  async prove(...values) {
    const all = byName('prove', commands.prove.parameters, values);
    const kept = all.proofPath !== undefined && all.proofPath !== null && all.proofPath !== MEMORY;
    const made = await run(this, 'prove', [{ ...all, proofPath: kept ? all.proofPath : MEMORY }]);
    return kept ? Proof.load(all.proofPath) : new Proof(made.proofPath);
  }
}

for (const name of Object.keys(commands)) {
  if (Object.hasOwn(Session.prototype, name)) continue;
  Object.defineProperty(Session.prototype, name, {
    value: {
      [name](...values) {
        return run(this, name, values);
      },
    }[name],
    writable: true,
    configurable: true,
  });
}

/** A call that the caller waits for, in the options of the environment. Gives {result, outputs}. */
function runSync(command, given, log) {
  const { pairs, level } = usualSession;
  const [details, result, outputs, said] = addon.runSync(
    command,
    String(given),
    given.memory,
    given.outputs.length,
    pairs,
    log ? level : 0,
  );
  if (log) for (const [, module, text] of said) log(module, text);
  if (details !== null) throw new EzklError(JSON.parse(details));
  return { result, outputs };
}

const usualSession = new Session();

module.exports = { Session, usualSession, runSync, fromEnvironment };
