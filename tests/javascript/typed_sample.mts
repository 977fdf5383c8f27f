// Checked by tsc --strict, not run: what the types take and give.
import ezkl, { EzklError, MEMORY, Session, type Proof, type Settings, type Verdict } from 'ezkl-cpp';
import * as engine from 'ezkl-cpp/nodejs';

export async function pipeline(model: Uint8Array, signal: AbortSignal): Promise<boolean> {
  const settings: Settings = await ezkl.genSettings('network.onnx', 'settings.json', {
    runArgs: { inputVisibility: 'hashed/private/0', variables: { n: 4 }, lookupRange: [-256, 2n ** 40n] },
    signal,
    onProgress: ({ phase, part }) => console.log(phase.length, part.toFixed(1)),
  });
  const { output }: { output: Uint8Array } = await ezkl.genSettings(model, MEMORY);
  await ezkl.compileModel(model, 'compiled_model.ezkl', settings);
  const { compiledCircuit, result } = await ezkl.compileCircuit(model, MEMORY, output);
  const compiled: Uint8Array = compiledCircuit;
  const done: true = result;
  const { vkPath, result: digest } = await ezkl.setup(compiled, MEMORY, 'pk.key', null);
  const witness = await ezkl.genWitness([new Float32Array([1]), [2, 3]], compiled, null, { maxError: 0.1 });
  const first: number | undefined = witness.outputs[0]?.[0];
  const proof: Proof = await ezkl.prove(witness, compiled, 'pk.key', { srsPath: new URL('file:///kzg.srs'), seed: 1n });
  const verdict: Verdict = await ezkl.verifyReport(proof, settings, vkPath, undefined, {
    digest,
    output: proof.outputs,
  });
  const text: string = await ezkl.accuracy('input.json', model, settings, { format: 'html' });
  const number: bigint = await ezkl.feltToInt('05');
  return verdict.accepted && done && text.length > 0 && number > 0n && first !== undefined;
}

export async function objects(): Promise<void> {
  const session = new Session({ threads: 2, logLevel: 'info', onLog: ({ level, text }) => console.log(level, text) });
  const circuit = await new ezkl.Model('network.onnx', { session }).compile([1, 2], { runArgs: { logrows: 12 } });
  const prover = await circuit.setup('kzg.srs');
  const { accepted } = await prover.verifier().verify(await prover.prove(new Float64Array(4)), { input: [[1]] });
  await session.verify('proof.json', 'settings.json', 'vk.key', 'kzg.srs', { digest: prover.export('place') });
  if (!accepted) throw new Error();
}

export function failed(error: unknown): string {
  return error instanceof EzklError && error.fault === 'unsatisfied' ? `${error.context}: ${error.hint}` : '';
}

export function byBytes(bytes: Uint8ClampedArray): boolean {
  const calldata: Uint8Array = engine.encodeVerifierCalldata(bytes);
  return (
    engine.verify(calldata, bytes, bytes, bytes) && engine.feltToInt(engine.serialize('x')) instanceof Uint8ClampedArray
  );
}

// @ts-expect-error no visibility
void ezkl.genSettings('a', 'b', { runArgs: { inputVisibility: 'secret' } });
// @ts-expect-error no argument of that name
void ezkl.prove('a', 'b', 'c', { colour: 1 });
// @ts-expect-error a text is no bytes
engine.verify('proof.json');
// @ts-expect-error files that are read are not written to memory
void ezkl.mock(MEMORY);
// @ts-expect-error nothing was written to memory
void ezkl.setup('a', 'b', 'c').then(({ vkPath }) => vkPath);
