// Runs what docs/javascript.md says, snippet by snippet, in one folder.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { folder, run } from './base.mjs';

const page = fs.readFileSync(path.join(process.env.EZKL_TEST_DATA, '..', '..', 'docs', 'javascript.md'), 'utf8');
const snippets = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(([, text]) => text);

test('every snippet of the page', async () => {
  assert.equal(snippets.length, 4);
  const at = folder();
  const said = [];
  for (const snippet of snippets) said.push(await run(snippet, { cwd: at() }));
  assert.match(said[0], /accepted: true/);
  assert.ok(fs.existsSync(at('proof.json')));
  assert.match(said[2], /AbortError cancelled\n(.*\n)*true io /);
  assert.match(said[3], /^5 /);
});
