// What happens while calls work: the event loop, signals, listeners, several at once, ends of processes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { before, test } from 'node:test';
import ezkl, { EzklError, Session } from 'ezkl-cpp';
import { folder, keys, rejected, run } from './base.mjs';

const at = folder();
const milliseconds = () => Number(process.hrtime.bigint() / 1_000_000n);
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
/** Takes some seconds. */
const long = (name, options) => ezkl.genSrs(at(name), 20, options);

let witness;
before(async () => {
  await keys(at, 14);
  witness = await ezkl.genWitness(at('input.json'), at('model.compiled'), null);
});
const prove = (options) => ezkl.prove(witness, at('model.compiled'), at('pk.key'), null, at('kzg.srs'), options);

test('the event loop ticks while a proof is made', async () => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 5);
  const begin = milliseconds();
  await prove();
  const time = milliseconds() - begin;
  clearInterval(timer);
  assert.ok(time > 50, `a proof of ${time} ms shows nothing`);
  assert.ok(ticks >= time / 5 / 4, `${ticks} ticks in ${time} ms`);
});

test('files are read while as many calls work as there are threads in the pool', async () => {
  const calls = Array.from({ length: 4 }, () => prove());
  const begin = milliseconds();
  await fs.promises.readFile(at('input.json'));
  assert.ok(milliseconds() - begin < 1000);
  for (const proof of await Promise.all(calls)) {
    assert.equal(await ezkl.verify(proof, at('settings.json'), at('vk.key'), at('kzg.srs')), true);
  }
});

test('two calls at once know nothing of each other', async () => {
  const wrong = prove({ checkMode: 'unsound' });
  const phases = [new Set(), new Set()];
  const right = phases.map((seen) => prove({ onProgress: ({ phase }) => seen.add(phase) }));
  assert.equal((await rejected(wrong)).fault, 'usage');
  const [first, second] = await Promise.all(right);
  assert.notDeepEqual(first.data, second.data, 'blinding differs');
  assert.ok(phases.every((seen) => seen.size > 0));
});

test('a signal ends a call within a second', async () => {
  for (const [name, begin] of [
    ['setup', (options) => long('stopped.srs', options)],
    ['proof', prove],
  ]) {
    const controller = new AbortController();
    const call = begin({ signal: controller.signal });
    await wait(name === 'setup' ? 200 : 30);
    const time = milliseconds();
    controller.abort(new Error('enough'));
    const error = await rejected(call);
    assert.ok(milliseconds() - time < 1000, `${name}: ${milliseconds() - time} ms`);
    assert.ok(error instanceof EzklError);
    assert.deepEqual(
      [error.name, error.fault, error.code, error.cause.message],
      ['AbortError', 'cancelled', 1, 'enough'],
    );
  }
  assert.deepEqual(
    fs.readdirSync(at()).filter((name) => name.includes('stopped')),
    [],
  );
  assert.ok(await prove());
});

test('a signal may come at any time', async () => {
  for (let i = 0; i < 20; ++i) {
    const proof = prove({ signal: AbortSignal.timeout(5 * i) });
    const error = await proof.then(
      () => undefined,
      (reason) => reason,
    );
    if (error) assert.deepEqual([error.name, error.cause.name], ['AbortError', 'TimeoutError']);
  }
  assert.ok(await prove());
});

test('a signal that was aborted before', async () => {
  const error = await rejected(long('never.srs', { signal: AbortSignal.abort() }));
  assert.equal(error.name, 'AbortError');
  assert.ok(!fs.existsSync(at('never.srs')));
});

test('the signal of a session ends all its calls, those that wait too', async () => {
  const controller = new AbortController();
  const session = new Session({ signal: controller.signal });
  const many = Array.from({ length: 20 }, (_, i) => rejected(session.genSrs(at(`many${i}.srs`), 20)));
  await wait(100);
  const time = milliseconds();
  controller.abort();
  for (const error of await Promise.all(many)) assert.equal(error.name, 'AbortError');
  assert.ok(milliseconds() - time < 2000, `${milliseconds() - time} ms`);
  assert.ok(await prove(), 'places are free again');
});

test('progress', async () => {
  const told = [];
  await prove({ onProgress: (progress) => told.push(progress) });
  assert.ok(told.length > 0);
  for (const { phase, done, total, part } of told) {
    assert.equal(typeof phase, 'string');
    assert.ok(Number.isInteger(done) && Number.isInteger(total));
    assert.ok(part >= 0 && part <= 1);
  }
  const parts = told.map(({ part }) => part);
  assert.deepEqual(
    parts,
    [...parts].sort((a, b) => a - b),
  );
});

test('what a listener throws ends the call', async () => {
  const time = milliseconds();
  const error = await rejected(
    long('thrown.srs', {
      onProgress: () => {
        throw new RangeError('mine');
      },
    }),
  );
  assert.ok(error instanceof RangeError);
  assert.ok(milliseconds() - time < 2000);
  const session = new Session({
    logLevel: 'trace',
    onLog: () => {
      throw new RangeError('mine too');
    },
  });
  assert.equal((await rejected(session.genSrs(at('small.srs'), 5))).message, 'mine too');
});

test('log', async () => {
  const records = [];
  const session = new Session({ logLevel: 'info', onLog: (record) => records.push(record) });
  await session.genSrs(at('logged.srs'), 5);
  const warning = records.find(({ level }) => level === 'warn');
  assert.match(warning.text, /for tests/);
  assert.match(warning.module, /^\w+$/);
  const warned = new Promise((resolve) => process.once('warning', resolve));
  await ezkl.genSrs(at('warned.srs'), 5);
  assert.deepEqual([(await warned).name, /for tests/.test((await warned).message)], ['EzklWarning', true]);
});

test('options of sessions', async () => {
  const session = new Session({ srsFolder: at('setups'), threads: 1 });
  assert.equal(await session.defaultSrsPath(9), at('setups', 'kzg9.srs'));
  assert.equal((await rejected(new Session({ threads: -1 }).defaultSrsPath(9))).frames[0], 'threads');
  assert.throws(() => new Session({ colour: 1 }), { fault: 'usage' });
  assert.throws(() => new Session({ logLevel: 'loud' }), { fault: 'usage' });
});

test('variables of the environment', async () => {
  const said = await run(`
    import ezkl from 'ezkl-cpp';
    process.env.EZKL_REPO_PATH = '/somewhere';
    process.env.OMP_NUM_THREADS = '1,2';
    console.log(await ezkl.defaultSrsPath(9), await new ezkl.Session({ srsFolder: '/else' }).defaultSrsPath(9));
  `);
  assert.equal(said, '/somewhere/srs/kzg9.srs /else/kzg9.srs\n');
});

test('many failures leave nothing behind', async () => {
  const fail = () => Promise.all(Array.from({ length: 100 }, (_, i) => rejected(ezkl.mock(at(`none${i}`)))));
  await fail();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 10; ++i) await fail();
  assert.ok(process.memoryUsage().rss - before < 50e6);
  assert.ok(fs.readdirSync('/proc/self/task').length < 40, 'threads end');
});

test('a process may end while calls work', async () => {
  for (const end of ['process.exit(0)', 'process.exitCode = 0; controller.abort()']) {
    const time = milliseconds();
    const said = await run(`
      import ezkl from 'ezkl-cpp';
      const controller = new AbortController();
      process.on('exit', (code) => console.log('exit', code));
      ezkl.genSrs('${at('exit.srs')}', 21, { signal: controller.signal }).catch((error) => console.log(error.name));
      setTimeout(() => { ${end} }, 200);
    `);
    assert.equal(said, end.includes('abort') ? 'AbortError\nexit 0\n' : 'exit 0\n');
    assert.ok(milliseconds() - time < 4000);
  }
  assert.deepEqual(
    fs.readdirSync(at()).filter((name) => name.includes('exit')),
    [],
  );
});

test('Workers have calls of their own, which end with them', async () => {
  const said = await run(`
    import { once } from 'node:events';
    import { isMainThread, parentPort, Worker } from 'node:worker_threads';
    import { fileURLToPath } from 'node:url';
    import ezkl from 'ezkl-cpp';
    if (isMainThread) {
      const workers = [0, 1].map(() => new Worker(fileURLToPath(import.meta.url)));
      console.log(...(await Promise.all(workers.map((worker) => once(worker, 'message')))).flat());
      const begin = Date.now();
      console.log(await Promise.all(workers.map((worker) => worker.terminate())).then((codes) => codes.length));
      console.log(Date.now() - begin < 2000);
      console.log(await ezkl.feltToInt('05' + '0'.repeat(62)));
    } else {
      parentPort.postMessage(String(await ezkl.feltToInt('07' + '0'.repeat(62))));
      await ezkl.genSrs('${at('worker')}' + Math.random(), 21);
    }
  `);
  assert.equal(said, '7 7\n2\ntrue\n5n\n');
});
