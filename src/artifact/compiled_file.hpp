#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "artifact/envelope.hpp"
#include "artifact/sha256_text.hpp"
#include "circuit/settings.hpp"
#include "graph/graph.hpp"
#include "model/node_def.hpp"

namespace ezkl {

/// model.compiled: a quantized model with the settings it was compiled for. Layout and claims are made anew from it.
/// Beside it, untouched, the float model that its witnesses are compared with.
struct CompiledModel {
  GraphSettings settings;
  Graph graph;
  std::vector<NamedDigest> source;      ///< the ONNX file, then its files of external data; empty in files of format 1
  std::optional<ModelDef> float_model;  ///< as the ONNX file has it
  FileDigest digest{};                  ///< of all but the float model: what a proving key remembers its model by
  std::string sha256;                   ///< of the file it was read from, by the very bytes; read_compiled sets it
};

/// Whether settings speak of a graph: of its inputs and outputs, their scales, what kind of numbers they are, and the
/// shapes of those that a proof shows. A key tells none of this, and verifiers read numbers by it.
/// errors: Fault::format naming what differs.
void check_settings(const GraphSettings& settings, const Graph& graph);

/// The file's bytes; sets model.digest.
std::vector<std::uint8_t> compiled_bytes(CompiledModel& model);

/// `with_float`: also read the float model, which only witnesses need.
/// errors: Fault::format, and those of check_graph; files that are something else (ONNX, JSON, a model compiled by
/// another implementation, a model of another format, an empty file) are named as what they are, with what to do.
CompiledModel parse_compiled(std::span<const std::uint8_t> bytes, const std::string& what, bool with_float = true);

/// errors: Fault::io, and those of parse_compiled.
CompiledModel read_compiled(const std::filesystem::path& path, bool with_float = true);

}  // namespace ezkl
