#include <algorithm>
#include <array>

#include "artifact/felt_text.hpp"
#include "artifact/proof_file.hpp"
#include "artifact/witness_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
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

/// Writes a message's commitments over the points of `proof` from byte `at` on, and gives the byte behind them. A
/// message that all but fills its columns has one column more than commitments (docs/spec/modules.md 5): where the
/// points of the next one stand right behind it, they stay.
std::size_t put_commitments(const std::vector<G1Affine>& message, std::size_t at, std::vector<std::uint8_t>& proof,
                            const std::string& what) {
  std::vector<std::uint8_t> points;
  for (const G1Affine& point : message) {
    const auto bytes = transcript_bytes(point);
    points.insert(points.end(), bytes.begin(), bytes.end());
  }
  const auto fits = [&](std::size_t from) {
    return points.size() <= proof.size() && from <= proof.size() - points.size();
  };
  if (!fits(at)) {
    throw Error(Fault::format, what + ": the proof has " + std::to_string(proof.size()) + " bytes, the witness holds " +
                                   std::to_string((at + points.size()) / 64) +
                                   " commitments or more, 64 bytes each: " + "the witness belongs to another circuit");
  }
  const auto stand_at = [&](std::size_t from) {
    return fits(from) && std::equal(points.begin(), points.end(), proof.begin() + static_cast<std::ptrdiff_t>(from));
  };
  if (at != 0 && !stand_at(at) && stand_at(at + 64)) at += 64;
  std::copy(points.begin(), points.end(), proof.begin() + static_cast<std::ptrdiff_t>(at));
  return at + points.size();
}

}  // namespace

bool swap_proof_commitments(const Path& proof_path, const Path& witness_path) try {
  ProofFile proof = read_proof(proof_path);
  const Witness witness = read_witness(witness_path);
  std::vector<std::uint8_t> changed = proof.proof;
  std::size_t at = 0;
  for (const auto* group : {&witness.processed_inputs, &witness.processed_params, &witness.processed_outputs}) {
    if (!*group || !(*group)->polycommit) continue;
    for (const auto& message : *(*group)->polycommit) at = put_commitments(message, at, changed, proof_path.string());
  }
  if (at == 0) {
    log_warn(
        witness_path.string() +
            ": holds no commitments to put in front of a proof: gen-witness makes them for polycommit visibilities",
        {{"vk_path", "give it {}"}, {"srs_path", "and {}"}});
  }
  if (changed == proof.proof) return false;
  proof.proof = std::move(changed);
  write_file_atomically(proof_path, proof_text(proof));
  return true;
} catch (...) {
  rethrow_as_error();
}

std::string print_proof_hex(const Path& proof_path) try {
  const ProofFile proof = read_proof(proof_path, std::nullopt);
  std::string out;
  for (const auto& column : proof.instances) {
    out += '[';
    for (std::size_t i = 0; i < column.size(); ++i) out += (i ? ", " : "") + big_felt_text(column[i]);
    out += "]\n";
  }
  return out + hex_text(proof.proof) + "\n";
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
