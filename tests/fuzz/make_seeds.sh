#!/bin/bash
# Writes the seeds of every fuzzer into FOLDER/<name>, from tests/data and with our own program. What run.sh found to be
# worth keeping of them lies in corpus/.
#   bash tests/fuzz/make_seeds.sh FOLDER     needs build/ezkl and build/tests/fuzz/fuzz_seeds
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$(realpath -m "$1")
ezkl=${EZKL:-$root/build/ezkl}
data=$root/tests/data
for name in command_line compiled evm input kernels manifest npy onnx pk proof rpc settings split srs sumcheck_key text vk witness; do
  mkdir -p "$out/$name"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
quiet() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; echo "failed: $*"; exit 1; }; }

"$root/build/tests/fuzz/fuzz_seeds" "$out/onnx" "$out/compiled" "$out/sumcheck_key"
cp "$data"/models/*.onnx "$out/onnx"
cp "$data"/models/*.npy "$data"/models/*.npz "$out/npy"
cp "$data/models/mlp_input.json" "$out/input"
printf '{"input_data":[[true,false,1,-2.5,1e30],["%s"]]}' "$(printf '01%062d' 0)" >"$out/input/mixed"
for dir in default hashed_input matmul_freivalds; do
  cp "$data/golden/$dir/proof.json" "$out/proof/$dir"
  cp "$data/golden/$dir/settings.json" "$out/settings/$dir"
  cp "$data/golden/$dir/vk.key" "$out/vk/$dir"
  cp "$data/golden/$dir/vka.bytes" "$out/evm/$dir.vka"
done
cp "$data/ipa/vk.key" "$out/vk/ipa"
cp "$data/ipa/settings.json" "$out/settings/ipa"
# The golden proofs as their bytes alone: shorter inputs, faster fuzzing.
python3 - "$data/golden/default/proof.json" "$out" <<'P'
import json, sys
proof = json.load(open(sys.argv[1]))
out = sys.argv[2]
for name, keys in (("bare", ("instances", "proof")), ("hex", ("instances", "proof", "hex_proof")), ("pretty", ("instances", "proof", "pretty_public_inputs"))):
    json.dump({k: proof[k] for k in keys}, open(f"{out}/proof/{name}", "w"), separators=(",", ":"))
word = lambda v: (v % 2**256).to_bytes(32, "big")
answers = {
    "true": word(1), "false": word(0),
    "reusable": word(1) + word(12345) + word(64) + word(5 * 10**17) + word(-3),
    "panic": bytes.fromhex("4e487b71") + word(0x11),
    "error": bytes.fromhex("08c379a0") + word(32) + word(5) + b"wrong".ljust(32, b"\0"),
}
for name, data in answers.items():
    open(f"{out}/evm/{name}", "wb").write(data)
rpc = {
    "number": '{"jsonrpc":"2.0","id":1,"result":"0x1b4"}',
    "large": '{"jsonrpc":"2.0","id":1,"result":"0x' + "f" * 33 + '"}',
    "receipt": '{"jsonrpc":"2.0","id":1,"result":{"status":"0x1","contractAddress":"0x' + "5f" * 20 + '"}}',
    "error": '{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":"0x08c379a0"}}',
    "deeper": '{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"revert","data":{"data":"0x4e48"}}}',
}
for name, text in rpc.items():
    open(f"{out}/rpc/{name}", "w").write(text)
texts = {
    "felt": "01" + "00" * 31, "top": "000000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430",
    "point": "01" + "00" * 30 + "80", "hex": "00ffA5", "int": "-170141183460469231731687303715884105728",
    "ether": "0.05", "address": "0x" + "12" * 20, "key": "11" * 32,
    "json": '{"a":[1,-2.5e3,true,null,"\\u00e9\\n"],"b":{"c":[]}}',
}
for name, text in texts.items():
    open(f"{out}/text/{name}", "w").write(text)
lines = {
    "settings": "gen-settings\n-M\nnetwork.onnx\n--input-visibility\nhashed/private/0,2\n--lookup-range=-32768->32768\n--logrows\n17",
    "variables": "gen-settings\n--variables\nbatch_size->1,n->3\n--param-visibility=polycommit",
    "prove": "prove\n--max-memory\n2G\n--seed=7\n--check-mode\nunsafe",
    "verify": "verify\n--split\nsplit\n--digest\n" + "00" * 32,
    "deploy": "deploy-evm\n--rpc-url\nhttp://127.0.0.1:8545\n--max-fee\n0.1\n-C\nverifier/reusable",
    "help": "--help", "completions": "completions\nbash", "felts": "felt-to-int\n--felt\n" + "01" + "00" * 31,
}
for name, text in lines.items():
    open(f"{out}/command_line/{name}", "w").write(text)
for kind in range(3):
    for length in (7, 39):
        head = bytes([kind, length])
        open(f"{out}/kernels/{kind}-{length}", "wb").write(head + bytes((i * i + kind) % 256 for i in range(70)))
        open(f"{out}/kernels/{kind}-{length}-high", "wb").write(head + b"\xff" * 40)
P

# Small circuits of one model. The fuzzer of keys reads that of the first one with pk_settings.json, which lies in
# data/settings.json: where the circuit of a model changes, settings and corpus/pk go there together.
cp "$data/models/mlp.onnx" network.onnx
cp "$data/models/mlp_input.json" input.json
run_args="--input-scale 2 --param-scale 2 --decomp-base 8 --decomp-legs 3 --lookup-range=-8->8 --num-inner-cols 2"
for variant in fixed private hashed polycommit; do
  case $variant in
    hashed) visibility="--input-visibility hashed" ;;
    polycommit) visibility="--input-visibility polycommit --output-visibility fixed --param-visibility private" ;;
    *) visibility="--param-visibility $variant" ;;
  esac
  size=6
  [ $variant = hashed ] && size=12 # a hash has many rows
  setup=kzg$size.srs
  [ -f $setup ] || quiet "$ezkl" gen-srs --srs-path $setup --logrows $size
  # shellcheck disable=SC2086
  quiet "$ezkl" gen-settings -M network.onnx -O settings.json --logrows $size $run_args $visibility
  quiet "$ezkl" compile-circuit -M network.onnx --compiled-circuit model.compiled --settings-path settings.json
  quiet "$ezkl" gen-witness -D input.json -M model.compiled -O witness.json
  witness=
  [ $variant = polycommit ] && witness="--witness witness.json"
  # shellcheck disable=SC2086
  quiet "$ezkl" setup -M model.compiled --srs-path $setup --vk-path vk.key --pk-path pk.key $witness
  if [ $variant = polycommit ]; then
    quiet "$ezkl" gen-witness -D input.json -M model.compiled -O witness.json --vk-path vk.key --srs-path $setup
  fi
  cp settings.json "$out/settings/$variant"
  cp model.compiled "$out/compiled/$variant"
  cp witness.json "$out/witness/$variant"
  cp vk.manifest.json "$out/manifest/$variant"
  if [ $variant = fixed ]; then
    cp pk.key "$out/pk/fixed"
    cp settings.json "$out/pk_settings.json"
  fi
done

quiet "$ezkl" gen-srs --srs-path "$out/srs/kzg2" --logrows 2
quiet "$ezkl" gen-srs --srs-path "$out/srs/ipa2" --logrows 2 --commitment ipa
quiet "$ezkl" gen-srs --srs-path "$out/srs/ipa3" --logrows 3 --commitment ipa
cp "$data/golden/kzg4.srs" "$out/srs/kzg4"
for link in hashed polycommit public; do
  quiet "$ezkl" split -M network.onnx -O split --link $link --parts 2
  cp split/split.json "$out/split/$link"
done
