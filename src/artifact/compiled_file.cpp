#include "artifact/compiled_file.hpp"

#include "artifact/graph_bytes.hpp"
#include "artifact/model_bytes.hpp"
#include "artifact/settings_file.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "ezkl/error.hpp"
#include "graph/check_graph.hpp"
#include "statement/hashed_tensors.hpp"

namespace ezkl {
namespace {

constexpr std::string_view kind = "EZKL-CPP compiled model, format ";
constexpr unsigned format = 2;
constexpr unsigned format_without_source = 1;

/// Says what a file that is no compiled model looks like, and what to do about it.
[[noreturn]] void refuse(std::span<const std::uint8_t> bytes, const std::string& what) {
  std::string reason = "this is not a compiled model; make one with compile-circuit from the ONNX file";
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < 8 && i < bytes.size(); ++i) first |= std::uint64_t(bytes[i]) << (8 * i);
  if (bytes.empty()) {
    reason = "the file is empty; run compile-circuit again";
  } else if (bytes[0] == '{' || bytes[0] == '[') {
    reason =
        "this is a JSON file, not a compiled model; if it is the settings file, compile-circuit makes a compiled model "
        "with it";
  } else if (bytes.size() >= 8 && first > 0 && first < (1u << 24)) {
    reason =
        "this looks like a model compiled by another ezkl implementation; compiled models are not exchangeable, "
        "run compile-circuit on the ONNX file with the same settings.json";
  } else if (bytes[0] == 0x08) {
    reason = "this is an ONNX file; compile it first with compile-circuit";
  }
  throw Error(Fault::format, what + ": " + reason);
}

std::vector<NamedDigest> read_source(ByteReader& reader) {
  constexpr std::size_t digest_bytes = 32;
  std::vector<NamedDigest> out(read_count(reader, 1 + digest_bytes));
  for (NamedDigest& file : out) {
    file.name = read_text_field(reader);
    file.sha256 = hex_text(reader.bytes(digest_bytes));
  }
  return out;
}

/// errors: Fault::format unless the settings speak of this graph.
void check_settings(const GraphSettings& settings, const Graph& graph) {
  const auto scales = [&](const std::vector<std::uint32_t>& nodes, const std::vector<int>& said, const char* what) {
    if (said.size() == nodes.size()) return;
    throw Error(Fault::format, "its settings give scales of " + std::to_string(said.size()) + " " + what +
                                   "s, its graph has " + std::to_string(nodes.size()));
  };
  scales(graph.inputs, settings.model_input_scales, "input");
  scales(graph.outputs, settings.model_output_scales, "output");
  const RunArgs& args = settings.run_args;
  try {
    hashed_tensors(args.input_visibility, graph.inputs.size());
    hashed_tensors(args.output_visibility, graph.outputs.size());
    hashed_tensors(args.param_visibility, 1);
  } catch (const Error& e) {
    throw e.as(Fault::format).within("its settings");
  }
}

}  // namespace

std::vector<std::uint8_t> compiled_bytes(CompiledModel& model) {
  ByteWriter payload;
  write_text(payload, settings_text(model.settings));
  write_graph(payload, model.graph);
  write_varint(payload, model.source.size());
  for (const NamedDigest& file : model.source) {
    write_text(payload, file.name);
    payload.bytes(parse_hex(file.sha256));
  }
  model.digest = file_digest(payload.out);
  if (model.float_model) write_model(payload, *model.float_model, model.graph);
  return seal(kind, format, payload.out);
}

CompiledModel parse_compiled(std::span<const std::uint8_t> bytes, const std::string& what, bool with_float) {
  if (!is_sealed(kind, bytes)) refuse(bytes, what);
  const bool has_source = sealed_format(kind, bytes, what) != format_without_source;
  const auto payload = unseal(kind, has_source ? format : format_without_source, bytes, what);
  ByteReader reader(payload, what);
  CompiledModel out;
  out.settings = parse_settings(read_text_field(reader), what + ": its settings");
  out.graph = read_graph(reader);
  if (has_source) out.source = read_source(reader);
  in_context(what, [&] {
    check_graph(out.graph, out.settings.run_args, GraphStage::integers);
    check_settings(out.settings, out.graph);
  });
  out.digest = file_digest(payload.first(reader.position()));
  if (reader.remaining() == 0 || !with_float) return out;
  out.float_model = read_model(reader, out.graph);
  if (reader.remaining() != 0) throw Error(Fault::format, what + ": bytes after the end of the model");
  return out;
}

CompiledModel read_compiled(const std::filesystem::path& path, bool with_float) {
  const MappedFile file(path);
  return parse_compiled(file.bytes(), path.string(), with_float);
}

}  // namespace ezkl
