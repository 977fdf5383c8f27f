#include "artifact/compiled_file.hpp"

#include "artifact/graph_bytes.hpp"
#include "artifact/model_bytes.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/settings_types.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
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

using Types = std::optional<std::vector<std::string>>;

/// One side of the model. Settings of the published package name some kinds of numbers in other ways.
void check_tensors(const Graph& graph, const std::vector<std::uint32_t>& nodes, const std::vector<int>& scales,
                   const Types& types, const std::string& what) {
  if (scales.size() != nodes.size()) {
    throw Error(Fault::format, "scales of " + std::to_string(scales.size()) + " " + what + "s, the model has " +
                                   std::to_string(nodes.size()));
  }
  if (types && types->size() != nodes.size()) {
    throw Error(Fault::format, "types of " + std::to_string(types->size()) + " " + what + "s, the model has " +
                                   std::to_string(nodes.size()));
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = graph.nodes[nodes[i]];
    const std::string tensor = what + " " + std::to_string(i);
    if (scales[i] != node.scale) {
      throw Error(Fault::format, "the scale of " + tensor + " is " + std::to_string(scales[i]) + ", the model's is " +
                                     std::to_string(node.scale));
    }
    if (!types || (*types)[i] == "Unknown") continue;
    const std::optional<DType> said = type_of_settings((*types)[i]);
    if (!said || is_float(*said) != is_float(node.type)) {
      throw Error(Fault::format, "the type of " + tensor + " is '" + elided((*types)[i], 20) + "', the model's is " +
                                     settings_type(node.type));
    }
  }
}

/// The shapes of what a proof shows, in order.
std::vector<Shape> shown_shapes(const RunArgs& args, const Graph& graph) {
  std::vector<Shape> out;
  const auto add = [&](const Visibility& visibility, const std::vector<std::uint32_t>& nodes) {
    if (visibility.kind != Visibility::Kind::public_) return;
    for (const std::uint32_t i : nodes) out.push_back(graph.nodes[i].shape);
  };
  add(args.input_visibility, graph.inputs);
  add(args.output_visibility, graph.outputs);
  return out;
}

std::string shapes_text(const std::vector<Shape>& shapes) {
  std::string out;
  for (const Shape& shape : shapes) out += (out.empty() ? "" : ", ") + to_string(shape);
  return elided(out.empty() ? "none" : out, 120);
}

}  // namespace

void check_settings(const GraphSettings& settings, const Graph& graph) {
  check_tensors(graph, graph.inputs, settings.model_input_scales, settings.input_types, "input");
  check_tensors(graph, graph.outputs, settings.model_output_scales, settings.output_types, "output");
  const RunArgs& args = settings.run_args;
  const std::vector<Shape> shown = shown_shapes(args, graph);
  if (settings.model_instance_shapes != shown) {
    throw Error(Fault::format, "the public tensors have the shapes " + shapes_text(settings.model_instance_shapes) +
                                   ", the model's are " + shapes_text(shown));
  }
  try {
    hashed_tensors(args.input_visibility, graph.inputs.size());
    hashed_tensors(args.output_visibility, graph.outputs.size());
    hashed_tensors(args.param_visibility, 1);
  } catch (const Error& e) {
    throw e.as(Fault::format);
  }
}

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
    in_context("its settings", [&] { check_settings(out.settings, out.graph); });
  });
  out.digest = file_digest(payload.first(reader.position()));
  if (reader.remaining() == 0 || !with_float) return out;
  out.float_model = read_model(reader, out.graph);
  if (reader.remaining() != 0) throw Error(Fault::format, what + ": bytes after the end of the model");
  return out;
}

CompiledModel read_compiled(const std::filesystem::path& path, bool with_float) {
  const std::vector<std::uint8_t> bytes = read_regular_file(path);
  CompiledModel out;
  std::string sha256;
  parallel_tasks(2, [&](std::size_t i) {
    if (i == 0) {
      out = parse_compiled(bytes, path.string(), with_float);
    } else {
      sha256 = sha256_text(bytes);
    }
  });
  out.sha256 = std::move(sha256);
  return out;
}

}  // namespace ezkl
