// The npm build of the Solidity compiler as a program that reads standard JSON.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

process.stdout.write(createRequire(import.meta.url)('solc').compile(readFileSync(0, 'utf8')));
