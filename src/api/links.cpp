#include "api/links.hpp"

#include <span>

#include "circuit/statement_of.hpp"
#include "ezkl/error.hpp"
#include "transcript/transcript.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;
using Shown = std::vector<std::vector<std::uint8_t>>;

constexpr std::size_t point_bytes = 64;

std::vector<std::uint8_t> bytes_of(std::span<const Fr> felts) {
  std::vector<std::uint8_t> out;
  for (const Fr& f : felts) {
    const auto bytes = f.to_bytes_le();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

Shown shown_instances(std::span<const Fr> instances, const Statement& statement, TensorGroup side, Manner manner) {
  Shown out;
  for (const ShownInstances& shown : instances_of(statement, side, manner)) {
    out.push_back(bytes_of(instances.subspan(shown.first, shown.count)));
  }
  return out;
}

}  // namespace

std::vector<std::uint8_t> commitment_bytes(const ProofFile& proof, const CircuitColumns& columns, std::size_t number) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < number; ++i) first += columns.polycommit[i].size() * point_bytes;
  const std::size_t end = first + columns.polycommit[number].size() * point_bytes;
  if (end > proof.proof.size()) throw Error(Fault::format, "the proof ends before its commitments do");
  return {proof.proof.begin() + std::ptrdiff_t(first), proof.proof.begin() + std::ptrdiff_t(end)};
}

std::vector<G1Affine> commitment_points(const ProofFile& proof, const CircuitColumns& columns, std::size_t number) {
  const std::vector<std::uint8_t> bytes = commitment_bytes(proof, columns, number);
  EvmTranscriptReader reader(bytes);
  std::vector<G1Affine> out;
  while (reader.remaining() > 0) out.push_back(reader.read_point("commitment"));
  return out;
}

std::vector<std::vector<std::uint8_t>> shown_tensors(const ProofFile& proof, const GraphSettings& settings,
                                                     const CircuitColumns& columns, TensorGroup side) {
  const Statement statement = statement_of(settings);
  const std::span<const Fr> instances = instance_column(proof);
  // Checked for commitments too, of which the instances say nothing.
  if (const auto refusal = instance_count_refusal(statement, instances.size())) throw Error(Fault::format, *refusal);
  const RunArgs& args = settings.run_args;
  switch ((side == TensorGroup::inputs ? args.input_visibility : args.output_visibility).kind) {
    case Kind::hashed_public:
      return shown_instances(instances, statement, side, Manner::hash);
    case Kind::public_:
      return shown_instances(instances, statement, side, Manner::values);
    case Kind::polycommit: {
      Shown out;
      for (std::size_t i = 0; i < statement.commitments.size(); ++i) {
        if (statement.commitments[i].group == side) out.push_back(commitment_bytes(proof, columns, i));
      }
      return out;
    }
    case Kind::private_:
    case Kind::fixed:
    case Kind::hashed_private:
      break;
  }
  throw Error(Fault::format, std::string("settings: the proof shows nothing of its ") + name_of(side) +
                                 ": they must be hashed/public, polycommit or public to be linked");
}

}  // namespace ezkl
