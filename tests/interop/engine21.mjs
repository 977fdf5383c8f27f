// node engine21.mjs ENGINE PROOF SETTINGS VK SRS: the npm engine accepts the proof, and refuses it with a bit changed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [engine, ...files] = process.argv.slice(2);
const { verify } = createRequire(import.meta.url)(engine);
const [proof, settings, vk, srs] = files.map((name) => readFileSync(name));
const bytes = (file) => new Uint8ClampedArray(file);

function accepts(text) {
  try {
    return verify(bytes(Buffer.from(text)), bytes(vk), bytes(settings), bytes(srs));
  } catch (error) {
    return String(error);
  }
}

const verdict = accepts(proof);
if (verdict !== true) {
  console.error(`the engine refuses our proof: ${verdict}`);
  process.exit(1);
}
const changed = JSON.parse(proof);
changed.proof[changed.proof.length - 33] ^= 1;
changed.hex_proof = null;
if (accepts(JSON.stringify(changed)) === true) {
  console.error('the engine accepts a changed proof');
  process.exit(1);
}
console.log('accepted by the engine, and refused with a bit changed');
