// An in-process EVM behind a line protocol: one JSON object a line in, one out. Gas is what a transaction would cost.
//   {"compile": SOURCE, "contract": NAME}  -> {"init", "size", "warnings"}
//   {"deploy": INIT}                       -> {"address", "size", "gas"}
//   {"call": ADDRESS, "data": HEX}         -> {"ok", "accepted", "error", "returned", "gas", "execution", "zeros"}
// State changes stay, so that a key can be registered. Bytes are hexadecimal without 0x.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { createEVM } from '@ethereumjs/evm';
import { Common, Mainnet } from '@ethereumjs/common';
import { Account, createAddressFromString } from '@ethereumjs/util';

const solc = createRequire(import.meta.url)('solc');
const sender = createAddressFromString('0x' + '10'.repeat(20));
const plenty = 1n << 60n;
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text) => Uint8Array.from(Buffer.from(text, 'hex'));

const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: 'osaka' }), allowUnlimitedContractSize: true,
  allowUnlimitedInitCodeSize: true });
await evm.stateManager.putAccount(sender, new Account(0n, plenty));

function compile(source, contract) {
  const input = { language: 'Solidity', sources: { 'verifier.sol': { content: source } }, settings: {
    optimizer: { enabled: true, runs: 1 },
    outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.deployedBytecode.object'] } } } };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const complaints = output.errors ?? [];
  const errors = complaints.filter((e) => e.severity === 'error');
  if (errors.length) throw new Error(errors.map((e) => e.formattedMessage).join('\n'));
  const found = output.contracts['verifier.sol'][contract];
  if (!found) throw new Error(`no contract ${contract}`);
  return { init: found.evm.bytecode.object, size: found.evm.deployedBytecode.object.length / 2,
    warnings: complaints.map((e) => e.formattedMessage) };
}

/** What a transaction pays before it runs, and the least it pays at all. source: EIP-2028, 3860, 7623 */
function intrinsic(data, creates) {
  const zeros = BigInt(data.filter((b) => b === 0).length);
  const others = BigInt(data.length) - zeros;
  const creation = creates ? 32000n + 2n * BigInt(Math.ceil(data.length / 32)) : 0n;
  return { base: 21000n + 4n * zeros + 16n * others + creation, floor: 21000n + 10n * zeros + 40n * others, zeros };
}

/** Every run is a transaction of its own: addresses and storage are cold but for those that are warm by rule. */
async function transact(to, data) {
  await evm.journal.cleanup();
  evm.stateManager.originalStorageCache?.clear();
  for (const address of evm.precompiles.keys()) evm.journal.addAlwaysWarmAddress(address, true);
  evm.journal.addAlwaysWarmAddress(hex(sender.bytes), true);
  if (to) evm.journal.addAlwaysWarmAddress(hex(to.bytes), true);
  const result = await evm.runCall({ caller: sender, to, data, gasLimit: plenty });
  const paid = intrinsic(data, !to);
  const sum = paid.base + result.execResult.executionGasUsed;
  return { result, gas: Number(sum > paid.floor ? sum : paid.floor), zeros: Number(paid.zeros),
    execution: Number(result.execResult.executionGasUsed) };
}

async function deploy(init) {
  const { result, gas } = await transact(undefined, bytes(init));
  if (result.execResult.exceptionError) throw new Error(`deploy: ${result.execResult.exceptionError.error}`);
  const code = await evm.stateManager.getCode(result.createdAddress);
  return { address: hex(result.createdAddress.bytes), size: code.length, gas };
}

async function call(address, data) {
  const { result, gas, execution, zeros } = await transact(createAddressFromString('0x' + address), bytes(data));
  const returned = hex(result.execResult.returnValue);
  const ok = !result.execResult.exceptionError;
  return { ok, accepted: ok && returned.startsWith('0'.repeat(63) + '1'), error: result.execResult.exceptionError?.error,
    returned, gas, execution, zeros };
}

async function answer(request) {
  if (request.compile !== undefined) return compile(request.compile, request.contract);
  if (request.deploy !== undefined) return deploy(request.deploy);
  return call(request.call, request.data);
}

for await (const line of createInterface({ input: process.stdin })) {
  let out;
  try {
    out = await answer(JSON.parse(line));
  } catch (error) {
    out = { failed: String(error?.message ?? error) };
  }
  process.stdout.write(JSON.stringify(out) + '\n');
}
