'use strict';
// Every command of the C interface with all its parameters, in the order in which they may stand without a name.
//   read      a file: its path or its bytes
//   written   a file: its path or MEMORY
//   data      what a model is run on: path, JSON text, bytes of a file, numbers
//   path      a folder, or a file that is changed
//   runArgs   the arguments of a circuit
//   plain     all else

const { Settings, Witness } = require('./files.js');
const json = require('./json.js');

const settingsOf = (result) => new Settings(json.parse(result));
const bytesOf = (result) => Uint8Array.from(JSON.parse(result));

const compile = {
  parameters: {
    model: 'read',
    compiledCircuit: 'written',
    settingsPath: 'read',
    maxModelSize: 'plain',
    keepFloat: 'plain',
  },
};
const commit = { parameters: { message: 'plain', vkPath: 'read', settingsPath: 'read', srsPath: 'read' } };
const verified = {
  proofPath: 'read',
  settingsPath: 'read',
  vkPath: 'read',
  srsPath: 'read',
  reducedSrs: 'plain',
  manifest: 'read',
  digest: 'plain',
};

/** name: {parameters, usual: what stands for those not given, result: of the library's JSON} */
const commands = {
  genSettings: {
    parameters: { model: 'read', output: 'written', runArgs: 'runArgs', maxModelSize: 'plain' },
    result: settingsOf,
  },
  chooseSettings: {
    parameters: {
      model: 'read',
      output: 'written',
      data: 'data',
      runArgs: 'runArgs',
      lookupSafetyMargin: 'plain',
      target: 'plain',
      maxModelSize: 'plain',
    },
    result: settingsOf,
  },
  checkModel: {
    parameters: {
      model: 'read',
      data: 'data',
      runArgs: 'runArgs',
      lookupSafetyMargin: 'plain',
      target: 'plain',
      maxModelSize: 'plain',
    },
  },
  accuracy: {
    parameters: { data: 'data', model: 'read', settingsPath: 'read', format: 'plain', maxModelSize: 'plain' },
  },
  calibrateSettings: {
    parameters: {
      data: 'data',
      model: 'read',
      settings: 'path',
      target: 'plain',
      lookupSafetyMargin: 'plain',
      scales: 'plain',
      scaleRebaseMultiplier: 'plain',
      maxLogrows: 'plain',
      maxModelSize: 'plain',
    },
  },
  compileCircuit: compile,
  compileModel: compile,
  genSrs: { parameters: { srsPath: 'written', logrows: 'plain', commitment: 'plain' } },
  getSrs: {
    parameters: { settingsPath: 'read', logrows: 'plain', srsPath: 'path', mirror: 'plain', commitment: 'plain' },
  },
  defaultSrsPath: { parameters: { logrows: 'plain', commitment: 'plain' } },
  genWitness: {
    parameters: {
      data: 'data',
      model: 'read',
      output: 'written',
      vkPath: 'read',
      srsPath: 'read',
      maxError: 'plain',
      sameClass: 'plain',
      maxModelSize: 'plain',
    },
    usual: { output: 'witness.json' },
    result: (result) => new Witness(new TextEncoder().encode(result)),
  },
  mock: { parameters: { witness: 'read', model: 'read', maxMemory: 'plain', maxModelSize: 'plain' } },
  setup: {
    parameters: {
      model: 'read',
      vkPath: 'written',
      pkPath: 'written',
      srsPath: 'read',
      witnessPath: 'read',
      disableSelectorCompression: 'plain',
      maxMemory: 'plain',
      maxModelSize: 'plain',
    },
  },
  writeManifest: {
    parameters: {
      settingsPath: 'read',
      vkPath: 'read',
      srsPath: 'read',
      compiledCircuit: 'read',
      model: 'read',
      output: 'written',
      maxModelSize: 'plain',
    },
  },
  prove: {
    parameters: {
      witness: 'read',
      model: 'read',
      pkPath: 'read',
      proofPath: 'written',
      srsPath: 'read',
      checkMode: 'plain',
      seed: 'plain',
      maxMemory: 'plain',
      manifest: 'read',
      maxModelSize: 'plain',
    },
  },
  verify: { parameters: verified },
  verifyReport: { parameters: { ...verified, input: 'data', output: 'data', format: 'plain' } },
  swapProofCommitments: { parameters: { proofPath: 'path', witnessPath: 'read' } },
  table: { parameters: { model: 'read', runArgs: 'runArgs', format: 'plain', maxModelSize: 'plain' } },
  genRandomData: {
    parameters: {
      model: 'read',
      output: 'written',
      variables: 'plain',
      seed: 'plain',
      min: 'plain',
      max: 'plain',
      maxModelSize: 'plain',
    },
  },
  genVkFromPkSingle: { parameters: { pathToPk: 'read', circuitSettingsPath: 'read', vkOutputPath: 'written' } },
  printProofHex: { parameters: { proofPath: 'read' } },

  splitModel: {
    parameters: {
      model: 'read',
      output: 'path',
      runArgs: 'runArgs',
      maxRows: 'plain',
      parts: 'plain',
      at: 'plain',
      link: 'plain',
      maxModelSize: 'plain',
    },
  },
  splitDigest: { parameters: { split: 'path' } },
  setupSplit: { parameters: { split: 'path', srsPath: 'read', maxModelSize: 'plain' } },
  genWitnessSplit: { parameters: { data: 'data', split: 'path', srsPath: 'read', maxModelSize: 'plain' } },
  proveSplit: {
    parameters: {
      split: 'path',
      srsPath: 'read',
      checkMode: 'plain',
      seed: 'plain',
      maxMemory: 'plain',
      manifest: 'read',
      maxModelSize: 'plain',
    },
  },
  verifySplit: { parameters: { split: 'path', srsPath: 'read', reducedSrs: 'plain', digest: 'plain' } },

  createEvmVerifier: {
    parameters: {
      vkPath: 'read',
      settingsPath: 'read',
      solCodePath: 'written',
      abiPath: 'written',
      srsPath: 'read',
      reusable: 'plain',
      manifest: 'read',
      digest: 'plain',
    },
  },
  evmGasReport: {
    parameters: { vkPath: 'read', settingsPath: 'read', srsPath: 'read', manifest: 'read', digest: 'plain' },
  },
  createEvmVka: {
    parameters: {
      vkPath: 'read',
      settingsPath: 'read',
      vkaPath: 'written',
      srsPath: 'read',
      decimals: 'plain',
      proofInstances: 'plain',
      manifest: 'read',
      digest: 'plain',
    },
  },
  encodeEvmCalldata: {
    parameters: { proof: 'read', calldata: 'written', vkaPath: 'read', settingsPath: 'read' },
    usual: { calldata: 'calldata.bytes' },
    result: bytesOf,
  },
  deployEvm: {
    parameters: {
      addrPath: 'written',
      rpcUrl: 'plain',
      solCodePath: 'read',
      contractType: 'plain',
      optimizerRuns: 'plain',
      privateKey: 'plain',
      maxFee: 'plain',
      chainId: 'plain',
    },
  },
  verifyEvm: {
    parameters: {
      addrVerifier: 'path',
      rpcUrl: 'plain',
      proofPath: 'read',
      vkaPath: 'read',
      encodedCalldata: 'read',
      settingsPath: 'read',
      vkaDigest: 'plain',
      chainId: 'plain',
    },
  },
  registerVka: {
    parameters: {
      addrVerifier: 'path',
      rpcUrl: 'plain',
      vkaPath: 'read',
      vkaDigestPath: 'written',
      privateKey: 'plain',
      maxFee: 'plain',
      chainId: 'plain',
    },
  },

  feltToInt: { parameters: { felt: 'plain' }, result: BigInt },
  feltToFloat: { parameters: { felt: 'plain', scale: 'plain' } },
  feltToBigEndian: { parameters: { felt: 'plain' } },
  floatToFelt: { parameters: { input: 'plain', scale: 'plain', inputType: 'plain' } },
  bufferToFelts: { parameters: { buffer: 'plain' } },
  poseidonHash: { parameters: { message: 'plain' } },
  kzgCommit: commit,
  ipaCommit: commit,
  pointCoordinates: { parameters: { points: 'plain' } },
};

module.exports = { commands, settingsOf };
