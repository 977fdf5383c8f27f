#include "api/evm_calldata.hpp"

#include <utility>

#include "artifact/settings_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"
#include "circuit/statement_of.hpp"
#include "evm/calldata.hpp"
#include "evm/vka.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

VkaFile read_vka(const Path& path) {
  constexpr std::uint64_t longest = std::uint64_t{1} << 28;
  const std::vector<std::uint8_t> bytes = read_file(path, longest);
  return {path, evm::parse_vka_file(bytes, path.string()), hex_text(evm::vka_digest(bytes))};
}

CalldataSource read_calldata_source(const Path& proof_path, const std::optional<Path>& settings_path,
                                    std::optional<VkaFile> vka) {
  CalldataSource out{proof_path, read_proof(proof_path), {}, std::move(vka)};
  refuse_ipa(out.proof.commitment.value_or(Commitment::kzg), proof_path);
  const std::size_t found = in_context(proof_path.string(), [&] { return instance_column(out.proof).size(); });
  const auto mismatch = [&](std::size_t expected, const Path& source) {
    return proof_path.string() + ": the proof has " + std::to_string(found) + " instances, " + source.string() +
           " calls for " + std::to_string(expected) + ": the contract refuses it";
  };
  if (settings_path) {
    CalldataSource::Stated& stated = out.stated.emplace();
    stated.path = *settings_path;
    stated.settings = read_settings(*settings_path);
    stated.statement = in_context(settings_path->string(), [&] { return statement_of(stated.settings); });
    const std::size_t expected = stated.statement.num_instances;
    if (found != expected) throw Error(Fault::unsatisfied, mismatch(expected, *settings_path));
    in_context(proof_path.string(), [&] { check_pretty_inputs(out.proof, stated.statement); });
  }
  if (out.vka) {
    const Path& path = out.vka->path;
    const std::size_t announced = in_context(path.string(), [&] { return evm::announced_instances(out.vka->words); });
    if (found > announced) throw Error(Fault::unsatisfied, mismatch(announced, path));
    // What the published package announces for private hashes, and encodes all the same.
    if (found < announced) log_warn(mismatch(announced, path));
  }
  return out;
}

std::vector<std::uint8_t> calldata_of(const CalldataSource& source) {
  return in_context(source.path.string(), [&] {
    const auto words = source.vka ? std::optional(source.vka->words) : std::nullopt;
    return evm::encode_calldata(source.proof.proof, instance_column(source.proof), words);
  });
}

void refuse_ipa(Commitment scheme, const Path& path) {
  if (scheme == Commitment::kzg) return;
  throw Error(Fault::unsupported, path.string() + ": contracts verify KZG proofs, these are IPA",
              {{"commitment", "prove with settings made with {} kzg"}});
}

std::vector<std::uint8_t> encode_evm_calldata(const Path& proof_path, const std::optional<Path>& calldata,
                                              const std::optional<Path>& vka_path,
                                              const std::optional<Path>& settings_path) try {
  refuse_same_file({calldata}, {proof_path, vka_path, settings_path});
  std::optional<VkaFile> vka;
  if (vka_path) vka = read_vka(*vka_path);
  const std::vector<std::uint8_t> bytes = calldata_of(read_calldata_source(proof_path, settings_path, std::move(vka)));
  if (calldata) write_file_atomically(*calldata, bytes);
  return bytes;
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
