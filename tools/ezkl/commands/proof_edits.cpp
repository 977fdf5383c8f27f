// ezkl print-proof-hex, swap-proof-commitments: small jobs on proof.json.
#include <cstdio>

#include "base/log.hpp"
#include "commands/commands.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare_print(Options& o) {
  auto proof = std::make_shared<Path>("proof.json");
  o.value("--proof-path", *proof, "the proof");
  return [proof] { std::fputs(print_proof_hex(*proof).c_str(), stdout); };
}

std::function<void()> declare_swap(Options& o) {
  struct Args {
    Path proof = "proof.json", witness = "witness.json";
  };
  auto a = std::make_shared<Args>();
  o.value("-P,--proof-path", a->proof, "the proof, which is rewritten");
  o.value("-W,--witness-path", a->witness, "the witness whose commitments are put in front");
  return [a] {
    if (swap_proof_commitments(a->proof, a->witness)) {
      log_warn(a->proof.string() + ": the witness's commitments differ from the proof's; its bytes have changed");
    }
  };
}

}  // namespace

const Command print_proof_hex_command{"print-proof-hex", "Print the instances and the proof in hexadecimal",
                                      "  ezkl print-proof-hex --proof-path proof.json\n", declare_print};
const Command swap_proof_commitments_command{
    "swap-proof-commitments", "Put the witness's commitments at the front of a proof",
    "  ezkl swap-proof-commitments --witness-path witness.json\n", declare_swap};

}  // namespace ezkl::cli
