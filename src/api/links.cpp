#include "api/links.hpp"

#include <numeric>
#include <span>

#include "circuit/hashed_tensors.hpp"
#include "ezkl/error.hpp"
#include "tensor/shape.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;
using Shown = std::vector<std::vector<std::uint8_t>>;

constexpr std::size_t point_bytes = 64;

[[noreturn]] void contradict(const std::string& what) { throw Error(Fault::format, "settings: " + what); }

/// How many of a list belong to inputs, parameters and outputs.
struct Groups {
  std::size_t inputs = 0, params = 0, outputs = 0;
};

/// `params_most`: parameters are one message, if there are any.
Groups groups_of(std::size_t total, bool inputs, bool params, bool outputs, const GraphSettings& s, const char* field) {
  Groups out;
  if (inputs) out.inputs = s.model_input_scales.size();
  if (outputs) out.outputs = s.model_output_scales.size();
  const std::size_t others = out.inputs + out.outputs;
  if (total < others || total - others > (params ? 1 : 0)) {
    contradict(std::string(field) + " lists " + std::to_string(total) + " entries, inputs and outputs have " +
               std::to_string(others));
  }
  out.params = total - others;
  return out;
}

Shown shown_points(const ProofFile& proof, const GraphSettings& settings, const CircuitColumns& columns, Side side) {
  const auto& args = settings.run_args;
  const auto is = [](const Visibility& v) { return v.kind == Kind::polycommit; };
  const Groups groups =
      groups_of(settings.polycommit_sizes.size(), is(args.input_visibility), is(args.param_visibility),
                is(args.output_visibility), settings, "module_sizes.polycommit");
  const std::size_t first = side == Side::inputs ? 0 : groups.inputs + groups.params;
  const std::size_t count = side == Side::inputs ? groups.inputs : groups.outputs;
  std::size_t at = 0;
  for (std::size_t i = 0; i < first; ++i) at += columns.polycommit[i].size() * point_bytes;
  Shown out;
  for (std::size_t i = first; i < first + count; ++i) {
    const std::size_t end = at + columns.polycommit[i].size() * point_bytes;
    if (end > proof.proof.size()) throw Error(Fault::format, "the proof ends before its commitments do");
    out.emplace_back(proof.proof.begin() + std::ptrdiff_t(at), proof.proof.begin() + std::ptrdiff_t(end));
    at = end;
  }
  return out;
}

std::vector<std::uint8_t> bytes_of(std::span<const Fr> felts) {
  std::vector<std::uint8_t> out;
  for (const Fr& f : felts) {
    const auto bytes = f.to_bytes_le();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

Shown shown_instances(const ProofFile& proof, const GraphSettings& settings, Side side) {
  const auto& args = settings.run_args;
  const auto hashed = [](const Visibility& v) { return v.is_hashed(); };
  const auto open = [](const Visibility& v) { return v.kind == Kind::public_; };
  const std::size_t total_hashes =
      std::accumulate(settings.poseidon_counts.begin(), settings.poseidon_counts.end(), std::size_t{0});
  const Groups hashes = groups_of(total_hashes, hashed(args.input_visibility), hashed(args.param_visibility),
                                  hashed(args.output_visibility), settings, "module_sizes.poseidon");
  const auto& shapes = settings.model_instance_shapes;
  const Groups publics = groups_of(shapes.size(), open(args.input_visibility), false, open(args.output_visibility),
                                   settings, "model_instance_shapes");
  // Hashes of inputs and parameters, public inputs, then the outputs, hashed or public.
  std::vector<std::size_t> inputs(hashes.inputs, 1);
  std::vector<std::size_t> outputs(hashed_tensors(args.output_visibility, hashes.outputs).size(), 1);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    (i < publics.inputs ? inputs : outputs).push_back(volume(shapes[i]));
  }
  std::size_t total = hashes.params;
  if (proof.instances.size() != 1) throw Error(Fault::format, "a proof has one column of instances");
  const std::span<const Fr> instances(proof.instances.front());
  for (const auto* sizes : {&inputs, &outputs}) {
    for (const std::size_t size : *sizes) {
      if (size > instances.size()) contradict("a public tensor of more elements than the proof has instances");
      total += size;
    }
  }
  if (instances.size() != total) {
    throw Error(Fault::format, "the proof has " + std::to_string(instances.size()) +
                                   " instances, the settings call for " + std::to_string(total));
  }
  std::size_t at = side == Side::inputs && publics.inputs > 0 ? hashes.params : 0;
  const auto& sizes = side == Side::inputs ? inputs : outputs;
  if (side == Side::outputs) at = total - std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
  Shown out;
  for (const std::size_t size : sizes) {
    out.push_back(bytes_of(instances.subspan(at, size)));
    at += size;
  }
  return out;
}

}  // namespace

std::vector<std::vector<std::uint8_t>> shown_tensors(const ProofFile& proof, const GraphSettings& settings,
                                                     const CircuitColumns& columns, Side side) {
  const RunArgs& args = settings.run_args;
  const Kind kind = (side == Side::inputs ? args.input_visibility : args.output_visibility).kind;
  switch (kind) {
    case Kind::hashed_public:
    case Kind::public_:
      return shown_instances(proof, settings, side);
    case Kind::polycommit:
      // The instances say nothing here, but their number is checked all the same.
      shown_instances(proof, settings, side);
      return shown_points(proof, settings, columns, side);
    case Kind::private_:
    case Kind::fixed:
    case Kind::hashed_private:
      break;
  }
  throw Error(Fault::format, std::string("settings: the proof shows nothing of its ") +
                                 (side == Side::inputs ? "inputs" : "outputs") +
                                 ": they must be hashed/public, polycommit or public to be linked");
}

}  // namespace ezkl
