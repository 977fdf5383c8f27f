// Zero-knowledge proofs of machine-learning models (docs/javascript.md). All functions begin when they are called, work
// on a thread of their own, and give promises, which are rejected with an EzklError.

/** In place of the path of a file that is written: its bytes are given back by the parameter's name, beside `result`. */
export declare const MEMORY: unique symbol;

/** The release of the published package that files are interchangeable with: 23.0.5. */
export declare const version: string;
/** That of this package's library: 1.0.0. */
export declare const ownVersion: string;

/** What went wrong, in the terms of whoever has to act on it. */
export type Fault =
  | 'cancelled'
  | 'usage'
  | 'io'
  | 'format'
  | 'unsupported'
  | 'range'
  | 'unsatisfied'
  | 'out_of_memory'
  | 'disk_full'
  | 'limit'
  | 'internal';

/** What to do: a parameter, and advice in which {} stands for it. */
export interface Hint {
  parameter: string;
  advice: string;
}

/** What every failed call is rejected with. One that a signal stopped has the name AbortError, and the signal's reason
 * as its cause. */
export declare class EzklError extends Error {
  private constructor();
  readonly fault: Fault;
  /** The number of the fault in all languages. */
  readonly code: number;
  /** Where: command, file, node, field; the outermost first. */
  readonly frames: readonly string[];
  /** What was found, without where. */
  readonly text: string;
  readonly hints: readonly Hint[];
  /** The frames in one text. */
  readonly context: string;
  /** All advice in one text, "" where there is none. */
  readonly hint: string;
}

/** How far a call is. */
export interface Progress {
  phase: string;
  /** Steps of the phase; total 0: they are not counted. */
  done: number;
  total: number;
  /** The part of the call that is done, 0 to 1 by predicted cost; 0: nothing is predicted. */
  part: number;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'trace';

export interface LogRecord {
  level: LogLevel;
  /** The part of the library that says it: api, graph. */
  module: string;
  text: string;
}

/** What every function takes beside its own arguments. */
export interface CallOptions {
  /** Ends the call; no file is left half-written. */
  signal?: AbortSignal | undefined;
  /** Told at least every 100 ms. What it throws ends the call, which is rejected with it. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** A file to read: its path, or what is in it. */
export type InputFile = string | URL | Uint8Array | Uint8ClampedArray | ArrayBuffer | Settings | Witness | Proof;
/** A file to write: its path, or MEMORY. */
export type OutputFile = string | URL | typeof MEMORY;

/** The elements of an input, or output. */
export type Numbers =
  | readonly number[]
  | readonly bigint[]
  | readonly boolean[]
  | readonly string[]
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;
/** What a model is run on: a path, JSON text, the bytes of such a file (JSON, npy, npz), or numbers: those of the one
 * input, or a list of those of each. */
export type Data = string | URL | Uint8Array | Uint8ClampedArray | ArrayBuffer | Numbers | readonly Numbers[];

/** What a call with files in memory gives: each file by its parameter, and the result, unless that is a file itself. */
export type Written<Result, Files> = typeof MEMORY extends Files[keyof Files]
  ? { [Name in keyof Files as Files[Name] extends typeof MEMORY ? Name : never]: Uint8Array } & (Result extends Settings
      ? {}
      : { result: Result })
  : Result;

/** private, public, fixed, hashed, polycommit, or hashed/private/ and positions of what is shown. */
export type Visibility =
  'private' | 'public' | 'fixed' | 'hashed' | 'hashed/public' | 'polycommit' | `hashed/private/${string}`;

/** The arguments of a circuit; what is left out has the library's default, or is chosen. */
export interface RunArgs {
  inputScale?: number;
  paramScale?: number;
  rebaseScale?: number;
  scaleRebaseMultiplier?: number;
  lookupRange?: readonly [number | bigint, number | bigint];
  logrows?: number;
  numInnerCols?: number;
  /** Sizes of named dimensions. */
  variables?: Readonly<Record<string, number>> | ReadonlyArray<readonly [string, number]>;
  inputVisibility?: Visibility;
  outputVisibility?: Visibility;
  /** private: a proof binds no model. */
  paramVisibility?: Visibility;
  rebaseFracZeroConstants?: boolean;
  checkMode?: 'safe' | 'unsafe';
  /** ipa needs no trusted setup. */
  commitment?: 'kzg' | 'ipa';
  decompBase?: number;
  decompLegs?: number;
  boundedLogLookup?: boolean;
  ignoreRangeCheckInputsOutputs?: boolean;
  epsilon?: number;
  disableFreivalds?: boolean;
  semantics?: 'onnx' | 'published';
  /** docs/sumcheck.md */
  proofSystem?: 'plonk' | 'sumcheck';
  rowBits?: number;
  limbBits?: number;
  treeBits?: number;
  clear?: boolean;
}

/** Settings on the disk; stands for its path where a file is read. */
export declare class Settings {
  constructor(path: string);
  readonly path: string;
  /** What the file says now, by its own names. */
  read(): any;
  /** log2 of the number of rows, which is the size of the setup that is needed. */
  readonly logrows: number;
  toString(): string;
}

declare class InMemory {
  constructor(data: Uint8Array | ArrayBuffer | readonly number[]);
  /** The file's bytes. */
  readonly data: Uint8Array;
  /** What it says, by its own names; integers that numbers are not exact for are bigints. */
  readonly value: any;
  save(path: string | URL): Promise<void>;
}

/** witness.json; stands for such a file where one is read. */
export declare class Witness extends InMemory {
  static load(path: string | URL): Promise<Witness>;
  /** What the circuit computed: a list an output. */
  readonly outputs: number[][];
}

/** proof.json; stands for such a file where one is read. What it says is not verified. */
export declare class Proof extends InMemory {
  static load(path: string | URL): Promise<Proof>;
  /** Columns of field elements. */
  readonly instances: string[][];
  /** The proof itself, 0x and hexadecimal digits. */
  readonly proof: string;
  /** The outputs that it shows: a list an output. */
  readonly outputs: number[][];
}

/** Whether a model can be proved. */
export interface Check {
  ok: boolean;
  problems: Array<{ fault: Fault; text: string; message: string }>;
  notes: Array<{ fault: Fault; text: string; message: string }>;
  [member: string]: any;
}

/** Whether a proof holds, and what was proved. */
export interface Verdict {
  accepted: boolean;
  reason: string | null;
  [member: string]: any;
}

export interface SplitVerdict {
  accepted: boolean;
  reason: string;
  /** Which parts in which order this is the verdict on. */
  digest: string;
}

/** Of a G1 point, each 64 hexadecimal digits, least significant byte first. */
export interface PointCoordinates {
  x: string;
  y: string;
}

type Given<Parameters> = { [Name in keyof Parameters]?: Parameters[Name] | null | undefined } & CallOptions;
type Path = string | URL;
/** Of a number that JavaScript may not hold exactly. */
type Integer = number | bigint;
type Target = 'prove' | 'size' | 'gas' | 'memory';
type ReportFormat = 'json' | 'text' | 'html';

interface Trusted {
  srsPath: InputFile;
  reducedSrs: boolean;
  /** The manifest that the model's owner gave, and its digest as the owner tells it (docs/trust.md): without either it
   * is not known what was proved. */
  manifest: InputFile;
  digest: string;
}

interface Choice {
  data: Data;
  /** What is named here stays; the rest is chosen. */
  runArgs: RunArgs;
  lookupSafetyMargin: number;
  /** What to make small. */
  target: Target;
  maxModelSize: Integer;
}

/** The commands, with the names and defaults of all languages (include/ezkl/ezkl.hpp says what they do). Arguments stand
 * in this order; all of them may be given by name in the object at the end. */
export interface Commands {
  /** Reads a model and writes the settings of its circuit, with run arguments as they are. */
  genSettings<Output extends OutputFile = string>(
    model?: InputFile,
    output?: Output,
    options?: Given<{ runArgs: RunArgs; maxModelSize: Integer }>,
  ): Promise<Written<Settings, { output: Output }>>;
  genSettings(
    options: Given<{ model: InputFile; output: Path; runArgs: RunArgs; maxModelSize: Integer }>,
  ): Promise<Settings>;
  /** genSettings with a circuit chosen for the model, that does on the samples what the model does. */
  chooseSettings<Output extends OutputFile = string>(
    model?: InputFile,
    output?: Output,
    options?: Given<Choice>,
  ): Promise<Written<Settings, { output: Output }>>;
  /** Whether a model can be proved and what that takes; nothing is written. */
  checkModel(model?: InputFile, options?: Given<Choice>): Promise<Check>;
  /** The circuit's arithmetic beside the float model's, node by node. */
  accuracy(
    data?: Data,
    model?: InputFile,
    settingsPath?: InputFile,
    options?: Given<{ format: 'json'; maxModelSize: Integer }>,
  ): Promise<any>;
  accuracy(
    data: Data,
    model: InputFile,
    settingsPath: InputFile,
    options: Given<{ maxModelSize: Integer }> & { format: 'text' | 'html' },
  ): Promise<string>;
  /** Chooses scales, lookup range and logrows by running the model on samples, and rewrites the settings. */
  calibrateSettings(
    data?: Data,
    model?: InputFile,
    settings?: Path | Settings,
    options?: Given<{
      target: 'resources' | 'resources/col-overflow' | 'accuracy';
      lookupSafetyMargin: number;
      scales: readonly number[];
      scaleRebaseMultiplier: readonly number[];
      maxLogrows: number;
      maxModelSize: Integer;
    }>,
  ): Promise<true>;
  /** Quantizes the model with the settings and lays out its circuit. */
  compileCircuit<Compiled extends OutputFile = string>(
    model?: InputFile,
    compiledCircuit?: Compiled,
    settingsPath?: InputFile,
    options?: Given<{ maxModelSize: Integer; keepFloat: boolean }>,
  ): Promise<Written<true, { compiledCircuit: Compiled }>>;
  /** compileCircuit under its older name. */
  compileModel: Commands['compileCircuit'];
  /** A setup for tests: whoever made one can forge proofs. With IPA there is no secret. */
  genSrs<Srs extends OutputFile = string>(
    srsPath: Srs,
    logrows: number,
    options?: Given<{ commitment: 'kzg' | 'ipa' }>,
  ): Promise<Written<true, { srsPath: Srs }>>;
  /** Fetches the setup of the public ceremony unless it is there, and gives its path. */
  getSrs(
    settingsPath?: InputFile,
    options?: Given<{ logrows: number; srsPath: Path; mirror: string; commitment: 'kzg' | 'ipa' }>,
  ): Promise<string>;
  /** Where setups lie that no path names. */
  defaultSrsPath(logrows: number, options?: Given<{ commitment: 'kzg' | 'ipa' }>): Promise<string>;
  /** Runs the circuit. `output` null: no file is written. */
  genWitness(
    data?: Data,
    model?: InputFile,
    output?: Path | null,
    options?: Given<{
      vkPath: InputFile;
      srsPath: InputFile;
      maxError: number;
      sameClass: boolean;
      maxModelSize: Integer;
    }>,
  ): Promise<Witness>;
  genWitness(
    data: Data,
    model: InputFile,
    options: Given<{
      output: Path;
      vkPath: InputFile;
      srsPath: InputFile;
      maxError: number;
      sameClass: boolean;
      maxModelSize: Integer;
    }>,
  ): Promise<Witness>;
  /** Checks every constraint of the circuit, without a proof. */
  mock(
    witness?: InputFile,
    model?: InputFile,
    options?: Given<{ maxMemory: Integer; maxModelSize: Integer }>,
  ): Promise<true>;
  /** Makes the keys, and gives the digest of the verifying key's manifest, which verifiers have to know. */
  setup<Vk extends OutputFile = string, Pk extends OutputFile = string>(
    model?: InputFile,
    vkPath?: Vk,
    pkPath?: Pk,
    srsPath?: InputFile | null,
    options?: Given<{
      witnessPath: InputFile;
      disableSelectorCompression: boolean;
      maxMemory: Integer;
      maxModelSize: Integer;
    }>,
  ): Promise<Written<string, { vkPath: Vk; pkPath: Pk }>>;
  /** Writes the manifest of a key that is there already, and gives its digest. */
  writeManifest(
    settingsPath?: InputFile,
    vkPath?: InputFile,
    srsPath?: InputFile | null,
    options?: Given<{ compiledCircuit: InputFile; model: InputFile; output: Path; maxModelSize: Integer }>,
  ): Promise<string>;
  /** Proves the run that the witness is of. Written only where `proofPath` says. */
  prove(
    witness?: InputFile,
    model?: InputFile,
    pkPath?: InputFile,
    proofPath?: OutputFile | null,
    srsPath?: InputFile | null,
    options?: Given<ProveOptions>,
  ): Promise<Proof>;
  prove(
    witness: InputFile,
    model: InputFile,
    pkPath: InputFile,
    options: Given<ProveOptions & { proofPath: OutputFile; srsPath: InputFile }>,
  ): Promise<Proof>;
  /** true, or rejected with fault 'unsatisfied' for a proof that does not hold. */
  verify(
    proofPath?: InputFile,
    settingsPath?: InputFile,
    vkPath?: InputFile,
    srsPath?: InputFile | null,
    options?: Given<Omit<Trusted, 'srsPath'>>,
  ): Promise<true>;
  verify(proofPath: InputFile, settingsPath: InputFile, vkPath: InputFile, options: Given<Trusted>): Promise<true>;
  /** verify as a report of what was proved: a proof that does not hold is a report too. */
  verifyReport(
    proofPath?: InputFile,
    settingsPath?: InputFile,
    vkPath?: InputFile,
    srsPath?: InputFile | null,
    options?: Given<Omit<Trusted, 'srsPath'> & { input: Data; output: Data; format: 'json' }>,
  ): Promise<Verdict>;
  verifyReport(
    proofPath: InputFile,
    settingsPath: InputFile,
    vkPath: InputFile,
    srsPath: InputFile | null,
    options: Given<Omit<Trusted, 'srsPath'> & { input: Data; output: Data }> & {
      format: Exclude<ReportFormat, 'json'>;
    },
  ): Promise<string>;
  /** Puts the witness's commitments at the front of the proof. Gives whether that changed it. */
  swapProofCommitments(proofPath?: Path, witnessPath?: InputFile, options?: CallOptions): Promise<boolean>;
  /** The model's nodes. */
  table(
    model?: InputFile,
    options?: Given<{ runArgs: RunArgs; format: 'text' | 'svg' | 'dot'; maxModelSize: Integer }>,
  ): Promise<string>;
  /** Writes random inputs for a model. */
  genRandomData<Output extends OutputFile = string>(
    model?: InputFile,
    output?: Output,
    options?: Given<{
      variables: ReadonlyArray<readonly [string, number]>;
      seed: Integer;
      min: number;
      max: number;
      maxModelSize: Integer;
    }>,
  ): Promise<Written<true, { output: Output }>>;
  /** Writes the verifying key that a proving key holds. */
  genVkFromPkSingle<Vk extends OutputFile = string>(
    pathToPk?: InputFile,
    circuitSettingsPath?: InputFile,
    vkOutputPath?: Vk,
    options?: CallOptions,
  ): Promise<Written<true, { vkOutputPath: Vk }>>;
  /** Each instance column and the proof in hexadecimal, a line each. */
  printProofHex(proofPath?: InputFile, options?: CallOptions): Promise<string>;

  /** Cuts a model into parts (docs/split.md). */
  splitModel(
    model?: InputFile,
    output?: Path,
    options?: Given<{
      runArgs: RunArgs;
      maxRows: number;
      parts: number;
      at: readonly string[];
      link: 'hashed' | 'polycommit' | 'public';
      maxModelSize: Integer;
    }>,
  ): Promise<string>;
  splitDigest(split?: Path, options?: CallOptions): Promise<string>;
  setupSplit(split?: Path, srsPath?: InputFile | null, options?: Given<{ maxModelSize: Integer }>): Promise<string>;
  genWitnessSplit(
    data?: Data,
    split?: Path,
    srsPath?: InputFile | null,
    options?: Given<{ maxModelSize: Integer }>,
  ): Promise<true>;
  proveSplit(split?: Path, srsPath?: InputFile | null, options?: Given<ProveOptions>): Promise<true>;
  verifySplit(
    split?: Path,
    srsPath?: InputFile | null,
    options?: Given<{ reducedSrs: boolean; digest: string }>,
  ): Promise<SplitVerdict>;

  /** Writes the Solidity verifier of a key, or with `reusable` the one for every key, and its ABI (docs/evm.md). */
  createEvmVerifier<Sol extends OutputFile = string, Abi extends OutputFile = string>(
    vkPath?: InputFile,
    settingsPath?: InputFile,
    solCodePath?: Sol,
    abiPath?: Abi,
    srsPath?: InputFile | null,
    options?: Given<{ reusable: boolean; manifest: InputFile; digest: string }>,
  ): Promise<Written<true, { solCodePath: Sol; abiPath: Abi }>>;
  /** Where the gas of one verification goes. */
  evmGasReport(
    vkPath?: InputFile,
    settingsPath?: InputFile,
    srsPath?: InputFile | null,
    options?: Given<{ manifest: InputFile; digest: string }>,
  ): Promise<string>;
  /** Writes a key as words for the reusable verifier, and gives the digest that the contract calls it by. */
  createEvmVka<Vka extends OutputFile = string>(
    vkPath?: InputFile,
    settingsPath?: InputFile,
    vkaPath?: Vka,
    srsPath?: InputFile | null,
    options?: Given<{ decimals: number; proofInstances: boolean; manifest: InputFile; digest: string }>,
  ): Promise<Written<string, { vkaPath: Vka }>>;
  /** The calldata of a proof. `calldata` null: no file is written. */
  encodeEvmCalldata(
    proof?: InputFile,
    calldata?: Path | null,
    options?: Given<{ vkaPath: InputFile; settingsPath: InputFile }>,
  ): Promise<Uint8Array>;
  deployEvm<Address extends OutputFile>(
    addrPath: Address,
    rpcUrl: string,
    options?: Given<{
      solCodePath: InputFile;
      contractType: 'verifier' | 'verifier/reusable';
      optimizerRuns: number;
      privateKey: string;
      maxFee: string;
      chainId: Integer;
    }>,
  ): Promise<Written<true, { addrPath: Address }>>;
  /** `addrVerifier`: an address, or a file that holds one. */
  verifyEvm(
    addrVerifier: Path,
    rpcUrl: string,
    options?: Given<{
      proofPath: InputFile;
      vkaPath: InputFile;
      encodedCalldata: InputFile;
      settingsPath: InputFile;
      vkaDigest: string;
      chainId: Integer;
    }>,
  ): Promise<true>;
  registerVka<Digest extends OutputFile = string>(
    addrVerifier: Path,
    rpcUrl: string,
    vkaPath?: InputFile,
    vkaDigestPath?: Digest,
    options?: Given<{ privateKey: string; maxFee: string; chainId: Integer }>,
  ): Promise<Written<true, { vkaDigestPath: Digest }>>;

  // Field elements: texts of 64 hexadecimal digits, least significant byte first.

  feltToInt(felt: string, options?: CallOptions): Promise<bigint>;
  /** feltToInt / 2^scale */
  feltToFloat(felt: string, scale: number, options?: CallOptions): Promise<number>;
  /** 0x and 64 digits, most significant first. */
  feltToBigEndian(felt: string, options?: CallOptions): Promise<string>;
  /** The field element of input * 2^scale, rounded as an input of that type is. */
  floatToFelt(
    input: number,
    scale: number,
    inputType?: 'Bool' | 'F16' | 'F32' | 'F64' | 'Int' | 'TDim' | 'Unknown',
    options?: CallOptions,
  ): Promise<string>;
  /** 16 bytes an element, read little-endian, the last one filled up with zeros. */
  bufferToFelts(buffer: Uint8Array | readonly number[], options?: CallOptions): Promise<string[]>;
  /** One element; none for an empty message. */
  poseidonHash(message: readonly string[], options?: CallOptions): Promise<string[]>;
  /** The commitments of a message, as a circuit of these settings makes them: compressed points. */
  kzgCommit(
    message: readonly string[],
    vkPath?: InputFile,
    settingsPath?: InputFile,
    srsPath?: InputFile | null,
    options?: CallOptions,
  ): Promise<string[]>;
  /** kzgCommit for settings that say IPA. */
  ipaCommit: Commands['kzgCommit'];
  pointCoordinates(points: readonly string[], options?: CallOptions): Promise<PointCoordinates[]>;
}

export interface ProveOptions {
  /** safe: the proof is verified before it is given. */
  checkMode: 'safe' | 'unsafe';
  /** For tests: hides nothing. */
  seed: Integer;
  maxMemory: Integer;
  manifest: InputFile;
  maxModelSize: Integer;
}

/** What is left out is as the variables of docs/environment.md say. */
export interface SessionOptions {
  /** Threads that work for a call; one a processor. */
  threads?: number;
  kernels?: 'portable' | 'adx' | 'avx2' | 'avx512';
  /** Bytes that the process may take in setup and prove. */
  maxMemory?: Integer;
  maxCircuitArea?: Integer;
  /** Where setups lie that no path names. */
  srsFolder?: string;
  srsMirror?: string;
  keyFormat?: 'raw-bytes' | 'raw-bytes-unchecked' | 'processed';
  solidityCompiler?: string;
  programPath?: string;
  privateKey?: string;
  /** Told of all calls. */
  onProgress?: (progress: Progress) => void;
  /** Gets what is said up to `logLevel` (warn); without one, warnings are those of Node: process.on('warning'). */
  onLog?: (record: LogRecord) => void;
  logLevel?: LogLevel;
  /** Ends all calls. */
  signal?: AbortSignal;
}

/** Surroundings of calls: its methods are the functions. */
export declare class Session {
  constructor(options?: SessionOptions);
}
export interface Session extends Commands {}

export interface ObjectOptions {
  /** What its calls are made in; that of the functions. */
  session?: Session | undefined;
}

/** An ONNX model: a path, or its bytes. */
export declare class Model {
  constructor(model: InputFile, options?: ObjectOptions);
  readonly model: InputFile;
  /** checkModel */
  check(data?: Data, options?: Given<Omit<Choice, 'data'>>): Promise<Check>;
  /** A circuit that does on the samples what the model does: give it many. Without `folder`, files lie in a folder that
   * goes with the last object. */
  compile(
    data?: Data,
    options?: Given<Omit<Choice, 'data'> & { folder: string | URL; keepFloat: boolean }>,
  ): Promise<Circuit>;
}

declare class InFolder {
  readonly folder: string;
  readonly settings: Settings;
  readonly logrows: number;
}

/** A compiled model: settings.json and model.compiled of a folder. */
export declare class Circuit extends InFolder {
  constructor(folder: string | URL, options?: ObjectOptions & { model?: Model | undefined });
  readonly model: Model | undefined;
  /** What the circuit computes: a list of numbers an output. */
  run(data: Data, options?: CallOptions): Promise<number[][]>;
  witness(
    data: Data,
    options?: Given<{ vkPath: InputFile; srsPath: InputFile; maxError: number; sameClass: boolean }>,
  ): Promise<Witness>;
  /** Checks every constraint for an input, without a proof. */
  mock(data: Data, options?: CallOptions): Promise<true>;
  accuracy(data: Data, options?: CallOptions & { format?: 'json' }): Promise<any>;
  accuracy(data: Data, options: CallOptions & { format: 'text' | 'html' }): Promise<string>;
  /** Makes the keys. `srs`: the setup; without it the one of that size in the session's folder. */
  setup(srs?: InputFile | null, options?: Given<{ witnessPath: InputFile; maxMemory: Integer }>): Promise<Prover>;
}

/** A circuit with its keys. */
export declare class Prover extends InFolder {
  constructor(folder: string | URL, options?: ObjectOptions & { srs?: InputFile | null | undefined; digest?: string });
  /** That of the key's manifest: a verifier has to know it from the model's owner. */
  readonly digest: string;
  /** Runs the circuit on an input and proves the run. */
  prove(data: Data, options?: Given<ProveOptions>): Promise<Proof>;
  verifier(): Verifier;
  /** Copies what a verifier needs into a folder, and gives the digest, which is to be told another way. */
  export(folder: string | URL): string;
}

/** settings.json and vk.key of a folder. Without a digest nobody knows of what a proof is. */
export declare class Verifier extends InFolder {
  constructor(
    folder: string | URL,
    options?: ObjectOptions & { srs?: InputFile | null | undefined; digest?: string; reducedSrs?: boolean },
  );
  /** verifyReport. `input`, `output`: what the proof must be about. */
  verify(proof: InputFile, options?: Given<{ input: Data; output: Data; manifest: InputFile }>): Promise<Verdict>;
}

export declare const genSettings: Commands['genSettings'];
export declare const chooseSettings: Commands['chooseSettings'];
export declare const checkModel: Commands['checkModel'];
export declare const accuracy: Commands['accuracy'];
export declare const calibrateSettings: Commands['calibrateSettings'];
export declare const compileCircuit: Commands['compileCircuit'];
export declare const compileModel: Commands['compileModel'];
export declare const genSrs: Commands['genSrs'];
export declare const getSrs: Commands['getSrs'];
export declare const defaultSrsPath: Commands['defaultSrsPath'];
export declare const genWitness: Commands['genWitness'];
export declare const mock: Commands['mock'];
export declare const setup: Commands['setup'];
export declare const writeManifest: Commands['writeManifest'];
export declare const prove: Commands['prove'];
export declare const verify: Commands['verify'];
export declare const verifyReport: Commands['verifyReport'];
export declare const swapProofCommitments: Commands['swapProofCommitments'];
export declare const table: Commands['table'];
export declare const genRandomData: Commands['genRandomData'];
export declare const genVkFromPkSingle: Commands['genVkFromPkSingle'];
export declare const printProofHex: Commands['printProofHex'];
export declare const splitModel: Commands['splitModel'];
export declare const splitDigest: Commands['splitDigest'];
export declare const setupSplit: Commands['setupSplit'];
export declare const genWitnessSplit: Commands['genWitnessSplit'];
export declare const proveSplit: Commands['proveSplit'];
export declare const verifySplit: Commands['verifySplit'];
export declare const createEvmVerifier: Commands['createEvmVerifier'];
export declare const evmGasReport: Commands['evmGasReport'];
export declare const createEvmVka: Commands['createEvmVka'];
export declare const encodeEvmCalldata: Commands['encodeEvmCalldata'];
export declare const deployEvm: Commands['deployEvm'];
export declare const verifyEvm: Commands['verifyEvm'];
export declare const registerVka: Commands['registerVka'];
export declare const feltToInt: Commands['feltToInt'];
export declare const feltToFloat: Commands['feltToFloat'];
export declare const feltToBigEndian: Commands['feltToBigEndian'];
export declare const floatToFelt: Commands['floatToFelt'];
export declare const bufferToFelts: Commands['bufferToFelts'];
export declare const poseidonHash: Commands['poseidonHash'];
export declare const kzgCommit: Commands['kzgCommit'];
export declare const ipaCommit: Commands['ipaCommit'];
export declare const pointCoordinates: Commands['pointCoordinates'];
