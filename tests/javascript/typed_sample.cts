// Checked by tsc --strict, not run: the same for CommonJS.
import ezkl = require('ezkl-cpp');
import engine = require('ezkl-cpp/nodejs');

export const verified: Promise<true> = ezkl.verify();
export const kept: ezkl.RunArgs = { commitment: 'ipa' };
export const felt: string = engine.feltToBigEndian(engine.serialize({}));
