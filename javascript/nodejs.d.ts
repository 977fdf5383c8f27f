// The functions of @ezkljs/engine/nodejs 21.0.0 on this package's library (docs/javascript.md).

/** Bytes; a file's, or JSON in UTF-8. */
type Bytes = Uint8ClampedArray | Uint8Array;

export declare function serialize(data: object | string): Uint8ClampedArray;
/** Integers of more than 53 bits are bigints. */
export declare function deserialize(buffer: Bytes): any;
/** From now on, warnings go to the console. */
export declare function init_logger(): void;
export declare function init_panic_hook(): void;

export declare function feltToBigEndian(array: Bytes): string;
export declare function feltToLittleEndian(array: Bytes): string;
export declare function feltToInt(array: Bytes): Uint8ClampedArray;
export declare function feltToFloat(array: Bytes, scale: number): number;
/** `input_type`: bool, f16, f32, f64, int or tdim. */
export declare function floatToFelt(input: number, scale: number, input_type: string): Uint8ClampedArray;
export declare function bufferToVecOfFelt(buffer: Bytes): Uint8ClampedArray;
export declare function poseidonHash(message: Bytes): Uint8ClampedArray;
export declare function kzgCommit(message: Bytes, vk: Bytes, settings: Bytes, params_ser: Bytes): Uint8ClampedArray;

export declare function genWitness(compiled_circuit: Bytes, input: Bytes): Uint8Array;
export declare function genVk(compiled_circuit: Bytes, params_ser: Bytes, compress_selectors: boolean): Uint8Array;
export declare function genPk(vk: Bytes, compiled_circuit: Bytes, params_ser: Bytes): Uint8Array;
export declare function prove(witness: Bytes, pk: Bytes, compiled_circuit: Bytes, srs: Bytes): Uint8Array;
/** true, or throws. */
export declare function verify(proof_js: Bytes, vk: Bytes, settings: Bytes, srs: Bytes): boolean;
/** Throws: there is no aggregation here. */
export declare function verifyAggr(
  proof_js: Bytes,
  vk: Bytes,
  logrows: bigint,
  srs: Bytes,
  commitment: string,
): boolean;
/** `vk_address`: JSON of the 20 bytes where release 21's contract of the key lies. */
export declare function encodeVerifierCalldata(proof: Bytes, vk_address?: Bytes): Uint8Array;

/** Each is true, or throws. */
export declare function witnessValidation(witness: Bytes): boolean;
export declare function compiledCircuitValidation(compiled_circuit: Bytes): boolean;
export declare function inputValidation(input: Bytes): boolean;
export declare function proofValidation(proof: Bytes): boolean;
export declare function vkValidation(vk: Bytes, settings: Bytes): boolean;
export declare function pkValidation(pk: Bytes, settings: Bytes): boolean;
export declare function settingsValidation(settings: Bytes): boolean;
export declare function srsValidation(srs: Bytes): boolean;
