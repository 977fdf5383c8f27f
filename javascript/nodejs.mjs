import engine from './nodejs.js';

export default engine;
export const {
  bufferToVecOfFelt, compiledCircuitValidation, deserialize, encodeVerifierCalldata, feltToBigEndian, feltToFloat,
  feltToInt, feltToLittleEndian, floatToFelt, genPk, genVk, genWitness, init_logger, init_panic_hook, inputValidation,
  kzgCommit, pkValidation, poseidonHash, proofValidation, prove, serialize, settingsValidation, srsValidation, verify,
  verifyAggr, vkValidation, witnessValidation,
} = engine;
