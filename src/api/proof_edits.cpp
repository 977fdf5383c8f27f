#include <algorithm>
#include <array>

#include "artifact/felt_text.hpp"
#include "artifact/proof_file.hpp"
#include "artifact/witness_file.hpp"
#include "base/files.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

/// A point as the transcript writes it: both coordinates, most significant byte first.
std::array<std::uint8_t, 64> transcript_bytes(const G1Affine& point) {
  std::array<std::uint8_t, 64> out{};
  const auto x = point.x.to_bytes_be(), y = point.y.to_bytes_be();
  std::copy(x.begin(), x.end(), out.begin());
  std::copy(y.begin(), y.end(), out.begin() + 32);
  return out;
}

}  // namespace

bool swap_proof_commitments(const Path& proof_path, const Path& witness_path) {
  ProofFile proof = read_proof(proof_path);
  const Witness witness = read_witness(witness_path);
  std::vector<std::uint8_t> front;
  for (const auto* group : {&witness.processed_inputs, &witness.processed_params, &witness.processed_outputs}) {
    if (!*group || !(*group)->polycommit) continue;
    for (const auto& message : *(*group)->polycommit) {
      for (const G1Affine& point : message) {
        const auto bytes = transcript_bytes(point);
        front.insert(front.end(), bytes.begin(), bytes.end());
      }
    }
  }
  if (front.size() > proof.proof.size()) {
    throw Error(Fault::format, proof_path.string() + ": the proof has " + std::to_string(proof.proof.size()) +
                                   " bytes, the witness's commitments alone take " + std::to_string(front.size()));
  }
  if (std::equal(front.begin(), front.end(), proof.proof.begin())) return false;
  std::copy(front.begin(), front.end(), proof.proof.begin());
  write_file_atomically(proof_path, proof_text(proof));
  return true;
}

std::string print_proof_hex(const Path& proof_path) {
  const ProofFile proof = read_proof(proof_path);
  std::string out;
  for (const auto& column : proof.instances) {
    out += '[';
    for (std::size_t i = 0; i < column.size(); ++i) out += (i ? ", " : "") + big_felt_text(column[i]);
    out += "]\n";
  }
  return out + hex_text(proof.proof) + "\n";
}

}  // namespace ezkl
