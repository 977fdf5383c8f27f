import ezkl from './index.js';

export default ezkl;
export const {
  accuracy, bufferToFelts, calibrateSettings, checkModel, chooseSettings, Circuit, compileCircuit, compileModel,
  createEvmVerifier, createEvmVka, defaultSrsPath, deployEvm, encodeEvmCalldata, evmGasReport, EzklError, feltToBigEndian,
  feltToFloat, feltToInt, floatToFelt, genRandomData, genSettings, genSrs, genVkFromPkSingle, genWitness, genWitnessSplit,
  getSrs, ipaCommit, kzgCommit, MEMORY, mock, Model, ownVersion, pointCoordinates, poseidonHash, printProofHex, Proof,
  prove, Prover, proveSplit, registerVka, Session, Settings, setup, setupSplit, splitDigest, splitModel,
  swapProofCommitments, table, Verifier, verify, verifyEvm, verifyReport, verifySplit, version, Witness, writeManifest,
} = ezkl;
