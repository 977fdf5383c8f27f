#include "vector_case.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace ezkl::testing {
namespace {

using nlohmann::json;

json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  return json::parse(file);
}

RunArgs read_run_args(const json& j) {
  RunArgs args;
  args.semantics = Semantics::published;
  args.input_scale = j.at("input_scale");
  args.param_scale = j.at("param_scale");
  if (!j.at("rebase_scale").is_null()) args.rebase_scale = j.at("rebase_scale").get<int>();
  args.scale_rebase_multiplier = j.at("scale_rebase_multiplier");
  args.lookup_range = {j.at("lookup_range")[0].get<std::int64_t>(), j.at("lookup_range")[1].get<std::int64_t>()};
  args.rebase_frac_zero_constants = j.at("rebase_frac_zero_constants");
  args.decomp_base = j.at("decomp_base");
  args.decomp_legs = j.at("decomp_legs");
  args.bounded_log_lookup = j.at("bounded_log_lookup");
  args.ignore_range_check_inputs_outputs = j.at("ignore_range_check_inputs_outputs");
  if (!j.at("epsilon").is_null()) args.epsilon = j.at("epsilon").get<double>();
  args.variables.clear();
  for (const json& v : j.at("variables")) args.variables.emplace_back(v[0].get<std::string>(), v[1].get<std::size_t>());
  return args;
}

/// 32 bytes, least significant first; values above half of the field are negative.
Int128 read_felt(const std::string& hex) {
  static const std::string order = "010000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430";
  const auto bytes = [](const std::string& text) {
    std::vector<int> result;
    for (std::size_t i = 0; i < text.size(); i += 2) result.push_back(std::stoi(text.substr(i, 2), nullptr, 16));
    return result;
  };
  std::vector<int> value = bytes(hex);
  const bool negative = std::any_of(value.begin() + 16, value.end(), [](int b) { return b != 0; });
  if (negative) {
    const std::vector<int> r = bytes(order);
    int borrow = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      int digit = r[i] - value[i] - borrow;
      borrow = digit < 0 ? 1 : 0;
      value[i] = digit + 256 * borrow;
    }
  }
  Int128 magnitude = 0;
  for (std::size_t i = 16; i-- > 0;) magnitude = magnitude * 256 + value[i];
  return negative ? -magnitude : magnitude;
}

/// Scale of outlet [node, slot] of a native graph; a node that holds a subgraph has one scale a slot.
int output_scale(const json& nodes, const json& outlet) {
  for (const json& node : nodes) {
    if (node.at("idx") != outlet[0]) continue;
    return node.contains("out_scales") ? node["out_scales"][outlet[1].get<std::size_t>()].get<int>()
                                       : node.at("out_scale").get<int>();
  }
  throw std::runtime_error("a graph has an output that is no node");
}

std::vector<std::vector<Int128>> read_felts(const json& j) {
  std::vector<std::vector<Int128>> result;
  for (const json& tensor : j) {
    result.emplace_back();
    for (const json& felt : tensor) result.back().push_back(read_felt(felt));
  }
  return result;
}

}  // namespace

std::vector<VectorCase> read_vector_cases(const std::filesystem::path& folder) {
  std::vector<VectorCase> cases;
  if (!std::filesystem::is_directory(folder)) return cases;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto& path = entry.path();
    if (!std::filesystem::exists(path / "model.onnx") || !std::filesystem::exists(path / "input.json")) continue;
    VectorCase c;
    c.name = path.filename().string();
    c.model = path / "model.onnx";
    c.args.semantics = Semantics::published;
    if (std::filesystem::exists(path / "settings.json")) {
      c.args = read_run_args(read_json(path / "settings.json").at("run_args"));
    }
    const bool has_graph = std::filesystem::exists(path / "graph.json");
    const json graph =
        has_graph ? read_json(path / "graph.json") : json{{"nodes", json::array()}, {"outputs", json::array()}};
    for (const json& output : graph.at("outputs")) c.output_scales.push_back(output_scale(graph.at("nodes"), output));
    const json input = read_json(path / "input.json");
    for (const json& tensor : input.at("input_data")) {
      c.input_data.emplace_back();
      for (const json& v : tensor) c.input_data.back().push_back(v.is_boolean() ? v.get<bool>() : v.get<double>());
    }
    c.has_witness = std::filesystem::exists(path / "witness.json");
    if (c.has_witness) {
      const json witness = read_json(path / "witness.json");
      c.inputs = read_felts(witness.at("inputs"));
      c.outputs = read_felts(witness.at("outputs"));
    }
    cases.push_back(std::move(c));
  }
  std::sort(cases.begin(), cases.end(), [](const VectorCase& a, const VectorCase& b) { return a.name < b.name; });
  return cases;
}

}  // namespace ezkl::testing
