// Every command of the C interface is here with all its parameters, and what there is has types.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as ezkl from 'ezkl-cpp';
import * as engine from 'ezkl-cpp/nodejs';
import { inside } from './base.mjs';

const { commands } = inside('lib/commands.js');
const { toLibrary, fromLibrary } = inside('lib/names.js');
const project = path.join(process.env.EZKL_TEST_DATA, '..', '..');
const types = (name) => fs.readFileSync(path.join(project, 'javascript', name), 'utf8');

/** Of src/capi/commands.cpp: `{"name", {"parameter", ...}, [](...`, or a list that is defined by its name. */
function ofTheLibrary() {
  const text = fs.readFileSync(path.join(project, 'src', 'capi', 'commands.cpp'), 'utf8');
  const quoted = (words) => [...words.matchAll(/"(\w+)"/g)].map(([, word]) => word);
  const list = (name) => quoted(text.match(new RegExp(` ${name}\\{([^}]*)\\}`))[1]);
  const out = {};
  for (const entry of text.split('const Entry entries[] = {')[1].split('\n    {"').slice(1)) {
    const [name] = entry.split('"');
    const head = entry
      .slice(name.length + 1)
      .split('[]')[0]
      .replace(/^[\s,]+|[\s,]+$/g, '');
    out[name] = (head.startsWith('{') ? quoted(head) : list(head)).sort();
  }
  return out;
}

test('commands and parameters', () => {
  const library = ofTheLibrary();
  assert.ok(Object.keys(library).length > 40);
  const here = { version: [], own_version: [] }; // constants of the module
  for (const [name, { parameters }] of Object.entries(commands)) {
    here[toLibrary(name)] = Object.keys(parameters).map(toLibrary).sort();
  }
  assert.deepEqual(here, library);
});

test('names come back', () => {
  for (const [name, { parameters }] of Object.entries(commands)) {
    for (const each of [name, ...Object.keys(parameters)]) assert.equal(fromLibrary(toLibrary(each)), each);
  }
});

test('modules give the same by import and by require', () => {
  const require = createRequire(import.meta.url);
  for (const [name, imported] of [
    ['ezkl-cpp', ezkl],
    ['ezkl-cpp/nodejs', engine],
  ]) {
    const { default: usual, ...named } = imported;
    assert.equal(usual, require(name));
    assert.deepEqual(Object.keys(named).sort(), Object.keys(usual).sort());
  }
});

test('types name what there is', () => {
  for (const [file, module] of [
    ['index.d.ts', ezkl],
    ['nodejs.d.ts', engine],
  ]) {
    const declared = [...types(file).matchAll(/^export declare (?:const|class|function) (\w+)/gm)].map(
      ([, name]) => name,
    );
    const { default: usual } = module;
    assert.deepEqual(declared.sort(), Object.keys(usual).sort(), file);
  }
  const text = types('index.d.ts');
  for (const [name, { parameters }] of Object.entries(commands)) {
    for (const parameter of Object.keys(parameters)) assert.match(text, new RegExp(`\\b${parameter}\\b`), name);
  }
});

test('sessions have every function', () => {
  for (const name of Object.keys(commands)) {
    assert.equal(typeof ezkl.Session.prototype[name], 'function');
    assert.equal(ezkl.Session.prototype[name].name, name);
  }
});

test('the libraries that are loaded are those of the package', () => {
  const require = createRequire(import.meta.url);
  const folder = path.join(path.dirname(require.resolve('ezkl-cpp/package.json')), 'prebuilds', 'linux-x64');
  const loaded = fs.readFileSync('/proc/self/maps', 'utf8');
  assert.ok(fs.readdirSync(folder).includes('libezkl.so.1'));
  for (const name of fs.readdirSync(folder)) assert.ok(loaded.includes(path.join(folder, name)), name);
});
