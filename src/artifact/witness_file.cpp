#include "artifact/witness_file.hpp"

#include "artifact/felt_text.hpp"
#include "base/files.hpp"
#include "base/int128.hpp"

namespace ezkl {
namespace {

using Felts = std::vector<std::vector<Fr>>;

void write_felts(JsonWriter& json, const std::vector<Fr>& felts) {
  json.list(felts, [&](const Fr& f) { json.text(felt_text(f)); });
}

void write_module(JsonWriter& json, const char* key, const std::optional<ModuleResult>& result) {
  json.key(key);
  if (!result) return json.null();
  json.open_object();
  json.key("poseidon_hash");
  if (result->poseidon_hash) {
    write_felts(json, *result->poseidon_hash);
  } else {
    json.null();
  }
  json.key("polycommit");
  if (result->polycommit) {
    json.list(*result->polycommit,
              [&](const auto& points) { json.list(points, [&](const G1Affine& p) { json.text(point_text(p)); }); });
  } else {
    json.null();
  }
  json.close_object();
}

std::vector<Fr> read_felts(const Json& list) {
  return list.each([](const Json& felt) { return parse_felt(felt.text()); });
}

Felts read_felt_lists(const Json& lists) { return lists.each(read_felts); }

std::optional<ModuleResult> read_module(const Json& json, const char* key) {
  if (!json.find(key)) return std::nullopt;
  return json.member(key, [](const Json& object) {
    ModuleResult out;
    if (object.find("poseidon_hash")) out.poseidon_hash = object.member("poseidon_hash", read_felts);
    if (object.find("polycommit")) {
      out.polycommit = object.member("polycommit", [](const Json& lists) {
        return lists.each(
            [](const Json& list) { return list.each([](const Json& point) { return parse_point(point.text()); }); });
      });
    }
    return out;
  });
}

}  // namespace

std::string witness_text(const Witness& witness) {
  JsonWriter json;
  json.open_object();
  json.key("inputs");
  json.list(witness.inputs, [&](const auto& list) { write_felts(json, list); });
  json.key("pretty_elements");
  if (witness.pretty) {
    write_pretty_elements(json, *witness.pretty);
  } else {
    json.null();
  }
  json.key("outputs");
  json.list(witness.outputs, [&](const auto& list) { write_felts(json, list); });
  write_module(json, "processed_inputs", witness.processed_inputs);
  write_module(json, "processed_params", witness.processed_params);
  write_module(json, "processed_outputs", witness.processed_outputs);
  json.key("max_lookup_inputs");
  json.raw(to_string(witness.max_lookup_inputs));
  json.key("min_lookup_inputs");
  json.raw(to_string(witness.min_lookup_inputs));
  json.key("max_range_size");
  json.raw(to_string(witness.max_range_size));
  json.key("version");
  if (witness.version) {
    json.text(*witness.version);
  } else {
    json.null();
  }
  json.close_object();
  return json.take();
}

Witness parse_witness(std::string_view text, const std::string& what) {
  const Json json = Json::parse(text, what, most_values_beside_felts(text.size()));
  return in_context(what, [&] {
    Witness out;
    out.inputs = json.member("inputs", read_felt_lists);
    out.outputs = json.member("outputs", read_felt_lists);
    if (json.find("pretty_elements")) out.pretty = json.member("pretty_elements", read_pretty_elements);
    out.processed_inputs = read_module(json, "processed_inputs");
    out.processed_params = read_module(json, "processed_params");
    out.processed_outputs = read_module(json, "processed_outputs");
    const auto whole = [](const Json& n) { return n.int128(); };
    out.max_lookup_inputs = json.member("max_lookup_inputs", whole);
    out.min_lookup_inputs = json.member("min_lookup_inputs", whole);
    out.max_range_size = json.member("max_range_size", whole);
    if (json.find("version")) out.version = json.member("version", [](const Json& v) { return v.text(); });
    return out;
  });
}

Witness read_witness(const std::filesystem::path& path) { return parse_witness(read_text(path), path.string()); }

}  // namespace ezkl
