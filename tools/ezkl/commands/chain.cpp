// ezkl deploy-evm, register-vka, verify-evm: what talks to a node.
#include "commands/commands.hpp"
#include "commands/digest_option.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

void declare_node(Options& o, std::string& url) {
  o.value("-U,--rpc-url", url, "JSON-RPC interface of a node, such as http://127.0.0.1:8545", "URL");
  o.require();
}

void declare_key(Options& o, std::optional<std::string>& key) {
  o.value("-P,--private-key", key,
          "64 hexadecimal digits; better in EZKL_PRIVATE_KEY, which other users of the machine do not see "
          "[default: the first account of local development nodes]",
          "HEX");
}

void declare_fee(Options& o, std::string& fee) {
  o.value("--max-fee", fee, "the most that the transaction may cost; more is refused before it is signed", "ETH");
}

void declare_chain(Options& o, std::optional<std::uint64_t>& chain) {
  o.value("--chain-id", chain, "the chain that is meant, such as 1: a node of another one is refused");
}

void declare_address(Options& o, std::string& address) {
  o.value("--addr-verifier", address,
          "the contract's address, or a file that holds it (a text of an address's form is one)", "ADDRESS");
}

std::function<void()> declare_deploy(Options& o) {
  struct Args {
    Path sol = "evm_deploy.sol", address = "contract.address";
    std::string url, type = "verifier", max_fee = "0.1";
    std::uint32_t runs = 1;
    std::optional<std::uint64_t> chain;
    std::optional<std::string> key;
  };
  auto a = std::make_shared<Args>();
  o.value("--sol-code-path", a->sol, "the contract");
  declare_node(o, a->url);
  o.value("--addr-path", a->address, "where to write the address");
  o.value("--optimizer-runs", a->runs, "what the compiler optimizes for: 1 small code, more for cheaper calls");
  declare_key(o, a->key);
  declare_fee(o, a->max_fee);
  declare_chain(o, a->chain);
  o.value("-C,--contract-type", a->type, "verifier or verifier/reusable");
  return [a] { deploy_evm(a->address, a->url, a->sol, a->type, a->runs, a->key, a->max_fee, a->chain); };
}

std::function<void()> declare_verify(Options& o) {
  struct Args {
    std::string address = "contract.address", url;
    std::optional<Path> proof, vka, calldata, settings;
    std::optional<std::string> vka_digest;
    std::optional<std::uint64_t> chain;
  };
  auto a = std::make_shared<Args>();
  o.value("--proof-path", a->proof, "the proof [default: proof.json]");
  declare_address(o, a->address);
  declare_node(o, a->url);
  o.value("--vka-path", a->vka, "the key as words, for the reusable verifier");
  o.value("--encoded-calldata", a->calldata, "calldata of encode-evm-calldata, instead of the proof");
  o.value("-S,--settings-path", a->settings,
          "the circuit's settings: refuse a proof of other instances, or that lists other numbers");
  declare_digest(o, "--vka-digest", a->vka_digest,
                 "digest of the key as its owner tells it (create-evm-vka prints it): refuse a reusable verifier that "
                 "verified against another");
  declare_chain(o, a->chain);
  return [a] { verify_evm(a->address, a->url, a->proof, a->vka, a->calldata, a->settings, a->vka_digest, a->chain); };
}

std::function<void()> declare_register(Options& o) {
  struct Args {
    Path vka = "vka.bytes", digest = "vka.digest";
    std::string address = "contract.address", url, max_fee = "0.1";
    std::optional<std::string> key;
    std::optional<std::uint64_t> chain;
  };
  auto a = std::make_shared<Args>();
  declare_node(o, a->url);
  declare_address(o, a->address);
  o.value("--vka-path", a->vka, "the key as words");
  o.value("--vka-digest-path", a->digest, "where to write the digest");
  declare_key(o, a->key);
  declare_fee(o, a->max_fee);
  declare_chain(o, a->chain);
  return [a] { register_vka(a->address, a->url, a->vka, a->digest, a->key, a->max_fee, a->chain); };
}

}  // namespace

const Command deploy_evm_command{"deploy-evm", "Compile and deploy a Solidity verifier",
                                 "  ezkl deploy-evm --rpc-url http://127.0.0.1:8545\n"
                                 "  ezkl deploy-evm --rpc-url http://127.0.0.1:8545 -C verifier/reusable\n",
                                 declare_deploy};
const Command register_vka_command{"register-vka", "Register a key with a deployed reusable verifier",
                                   "  ezkl register-vka --rpc-url http://127.0.0.1:8545 --addr-verifier 0x5fbd...\n",
                                   declare_register};
const Command verify_evm_command{"verify-evm", "Verify a proof with a deployed contract",
                                 "  ezkl verify-evm --rpc-url http://127.0.0.1:8545 --addr-verifier 0x5fbd...\n"
                                 "  ezkl verify-evm --rpc-url http://127.0.0.1:8545 --vka-path vka.bytes\n",
                                 declare_verify};

}  // namespace ezkl::cli
