#include "artifact/settings_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/number_text.hpp"
#include "artifact/proof_system_name.hpp"
#include "artifact/read_scale.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "base/files.hpp"
#include "base/int128.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "commit/commitment_key.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t max_file_size = std::uint64_t{1} << 26;
constexpr std::size_t most_values = std::size_t{1} << 21;

std::size_t whole(const Json& json) { return json.integer<std::size_t>(); }

std::string quoted_text(const Json& json) { return json.text(); }

std::vector<std::size_t> wholes(const Json& json) { return json.each(whole); }

std::vector<int> scales(const Json& json) { return json.each(read_scale); }

bool flag(const Json& json) { return json.boolean(); }

/// A list of exactly two items.
const std::vector<Json>& pair_of(const Json& json, const char* what) {
  const auto& items = json.items();
  if (items.size() != 2) {
    throw Error(Fault::format, std::string("expected ") + what + ", a list of two, found " +
                                   std::to_string(items.size()) + " items");
  }
  return items;
}

std::pair<Int128, Int128> range(const Json& json) {
  const auto& items = pair_of(json, "a range");
  return {items[0].int128(), items[1].int128()};
}

CheckMode check_mode(const Json& json) {
  const std::string& name = json.text();
  if (name == "SAFE") return CheckMode::safe;
  if (name == "UNSAFE") return CheckMode::unsafe;
  throw Error(Fault::format, "unknown check mode '" + name + "', expected SAFE or UNSAFE");
}

Semantics semantics(const Json& json) {
  const std::string& name = json.text();
  if (name == "onnx") return Semantics::onnx;
  if (name == "published") return Semantics::published;
  throw Error(Fault::format, "unknown semantics '" + name + "', expected onnx or published");
}

ProofSystem proof_system(const Json& json) { return read_proof_system(json.text()); }

SumcheckArgs sumcheck_args(const Json& json) {
  const auto number = [](const Json& v) { return v.integer<std::uint32_t>(); };
  if (const std::uint32_t format = json.member("format", number); format != 1) {
    throw Error(Fault::unsupported, "format " + std::to_string(format) + ", this version knows format 1");
  }
  SumcheckArgs out;
  out.row_bits = json.member("row_bits", number);
  out.limb_bits = json.member("limb_bits", number);
  out.tree_bits = json.member("tree_bits", number);
  out.clear = !json.member("hiding", flag);
  return out;
}

Commitment commitment(const Json& json) { return commitment_named(json.text()); }

Visibility visibility(const Json& json) {
  using Kind = Visibility::Kind;
  static constexpr std::array<std::pair<const char*, Kind>, 4> names = {{{"Private", Kind::private_},
                                                                         {"Public", Kind::public_},
                                                                         {"Fixed", Kind::fixed},
                                                                         {"KZGCommit", Kind::polycommit}}};
  if (json.kind() == Json::Kind::text) {
    for (const auto& [name, kind] : names) {
      if (json.text() == name) return {kind, {}};
    }
    throw Error(Fault::format, "unknown visibility '" + json.text() +
                                   "', expected Private, Public, Fixed, KZGCommit or an object Hashed");
  }
  if (json.members().size() != 1) throw Error(Fault::format, "expected a visibility: an object of one member Hashed");
  return json.member("Hashed", [](const Json& hashed) {
    const bool is_public = hashed.member("hash_is_public", flag);
    return Visibility{is_public ? Kind::hashed_public : Kind::hashed_private, hashed.member("outlets", wholes)};
  });
}

/// Parameters of a lookup, in written order. errors: Fault::unsupported for a name that is no lookup.
std::vector<std::string> lookup_parameters(const std::string& name) {
  if (name == "IsOdd") return {};
  if (name == "Div") return {"denom"};
  if (name == "Exp") return {"scale", "base"};
  if (name == "Pow") return {"scale", "a"};
  static constexpr std::array<const char*, 17> scaled = {"Sigmoid", "PowersOfTwo", "Ln",    "Cos",  "ACos", "Cosh",
                                                         "ACosh",   "Sin",         "ASin",  "Sinh", "ASinh", "Tan",
                                                         "ATan",    "Tanh",        "ATanh", "Erf",  "HardSwish"};
  if (std::find(scaled.begin(), scaled.end(), name) != scaled.end()) return {"scale"};
  throw Error(Fault::unsupported, "unknown lookup '" + name + "'");
}

float real32(const Json& json) {
  const auto value = static_cast<float>(json.real());
  if (!std::isfinite(value)) throw Error(Fault::format, json.number_text() + " is no 32-bit number");
  return value;
}

LookupOp lookup_op(const Json& json) {
  LookupOp out;
  if (json.kind() == Json::Kind::text) {
    out.name = json.text();
    if (!lookup_parameters(out.name).empty()) {
      throw Error(Fault::format, "lookup '" + out.name + "' stands without its parameters");
    }
    return out;
  }
  const auto& members = json.members();
  if (members.size() != 1) throw Error(Fault::format, "expected a lookup: an object of one member");
  out.name = members.front().first;
  json.member(out.name, [&](const Json& parameters) {
    for (const auto& key : lookup_parameters(out.name)) out.parameters[key] = parameters.member(key, real32);
    return 0;
  });
  return out;
}

void read_einsum(const Json& json, GraphSettings& out) {
  const auto equation = [](const Json& item) {
    const auto& items = pair_of(item, "an equation with its axes");
    std::map<std::string, std::size_t> axes;
    for (const auto& [axis, size] : items[1].members()) axes[axis] = whole(size);
    return std::pair<std::string, std::map<std::string, std::size_t>>(items[0].text(), std::move(axes));
  };
  out.einsum_equations = json.member("equations", [&](const Json& list) { return list.each(equation); });
  out.total_einsum_col_size = json.member("total_einsum_col_size", whole);
}

void read_module_sizes(const Json& json, GraphSettings& out) {
  out.polycommit_sizes = json.member("polycommit", wholes);
  json.member("poseidon", [&](const Json& sizes) {
    const auto& items = pair_of(sizes, "rows and numbers of hashes");
    out.poseidon_rows = whole(items[0]);
    out.poseidon_counts = wholes(items[1]);
    return 0;
  });
}

RunArgs read_run_args(const Json& json) {
  RunArgs out;
  out.input_scale = json.member("input_scale", read_scale);
  out.param_scale = json.member("param_scale", read_scale);
  if (json.find("rebase_scale")) {
    out.rebase_scale = json.member("rebase_scale", read_scale);
  }
  out.scale_rebase_multiplier =
      json.member("scale_rebase_multiplier", [](const Json& v) { return v.integer<std::uint32_t>(); });
  out.lookup_range = json.member("lookup_range", range);
  out.logrows = json.member("logrows", [](const Json& v) { return v.integer<std::uint32_t>(); });
  out.num_inner_cols = json.member("num_inner_cols", whole);
  out.variables = json.member("variables", [](const Json& list) {
    return list.each([](const Json& item) {
      const auto& items = pair_of(item, "a variable with its value");
      return std::pair<std::string, std::size_t>(items[0].text(), whole(items[1]));
    });
  });
  out.input_visibility = json.member("input_visibility", visibility);
  out.output_visibility = json.member("output_visibility", visibility);
  out.param_visibility = json.member("param_visibility", visibility);
  out.rebase_frac_zero_constants = json.member("rebase_frac_zero_constants", flag);
  out.check_mode = json.member("check_mode", check_mode);
  out.decomp_base = json.member("decomp_base", whole);
  out.decomp_legs = json.member("decomp_legs", whole);
  out.bounded_log_lookup = json.member("bounded_log_lookup", flag);
  out.ignore_range_check_inputs_outputs = json.member("ignore_range_check_inputs_outputs", flag);
  if (json.find("epsilon")) out.epsilon = json.member("epsilon", [](const Json& v) { return v.real(); });
  // A release that did not write the key had no Freivalds argument either.
  out.disable_freivalds = json.member_or("disable_freivalds", true, flag);
  out.semantics = json.member_or("semantics", Semantics::published, semantics);
  out.commitment = json.member_or("commitment", Commitment::kzg, commitment);
  out.proof_system = json.member_or("proof_system", ProofSystem::plonk, proof_system);
  return out;
}

/// What arithmetic on run arguments relies on, wherever they come from; what makes a circuit is for configure to say.
void check_run_args(const RunArgs& args) {
  const auto require = [](bool holds, const std::string& member, const std::string& problem) {
    if (!holds) throw Error(Fault::format, "field `run_args." + member + "` " + problem);
  };
  const auto [low, high] = args.lookup_range;
  constexpr Int128 largest_key = Int128{1} << 62;
  require(low <= high && low >= -largest_key && high <= largest_key, "lookup_range",
          "is [" + to_string(low) + ", " + to_string(high) + "], expected an ascending range within 62 bits");
  require(args.decomp_base >= 2, "decomp_base", "is " + std::to_string(args.decomp_base) + ", expected at least 2");
  require(args.decomp_legs >= 1, "decomp_legs", "is 0, expected at least 1");
  const auto base = static_cast<Int128>(args.decomp_base);
  Int128 reach = 1;
  for (std::size_t leg = 0; leg < args.decomp_legs; ++leg) {
    require(reach <= (Int128{1} << 126) / base, "decomp_legs",
            "is " + std::to_string(args.decomp_legs) + ": that power of the decomp_base exceeds 126 bits");
    reach *= base;
  }
}

/// What must hold of the sizes of the sumcheck system, and which members belong to it.
void check_sumcheck(const Json& json, GraphSettings& settings) {
  RunArgs& args = settings.run_args;
  const bool wanted = args.proof_system == ProofSystem::sumcheck;
  if ((json.find("sumcheck") != nullptr) != wanted) {
    throw Error(Fault::format, wanted ? "missing field `sumcheck`, which run_args.proof_system calls for"
                                      : "field `sumcheck` without run_args.proof_system");
  }
  if (!wanted) return;
  args.sumcheck = json.member("sumcheck", sumcheck_args);
  try {
    check_sumcheck_args(args);
  } catch (const Error& e) {
    throw e.as(Fault::format);  // the user typed no option here
  }
  if (args.logrows != *args.sumcheck.row_bits + 1) {
    throw Error(Fault::format, "field `run_args.logrows` is " + std::to_string(args.logrows) + ", for rows of 2^" +
                                   std::to_string(*args.sumcheck.row_bits) + " it is one more");
  }
}

void warn_of_unknown_keys(const Json& json, const std::string& what) {
  static constexpr std::array<const char*, 25> known = {"run_args",
                                                        "num_rows",
                                                        "total_assignments",
                                                        "total_const_size",
                                                        "num_shuffles",
                                                        "num_dynamic_lookups",
                                                        "total_dynamic_col_size",
                                                        "max_dynamic_input_len",
                                                        "einsum_params",
                                                        "model_output_scales",
                                                        "total_shuffle_col_size",
                                                        "model_instance_shapes",
                                                        "model_input_scales",
                                                        "module_sizes",
                                                        "required_lookups",
                                                        "required_range_checks",
                                                        "check_mode",
                                                        "version",
                                                        "num_blinding_factors",
                                                        "timestamp",
                                                        "input_types",
                                                        "output_types",
                                                        "dynamic_lookup_params",
                                                        "shuffle_params",
                                                        "sumcheck"};
  constexpr std::size_t most_warnings = 8;
  std::size_t unknown = 0;
  for (const auto& [key, value] : json.members()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    if (++unknown <= most_warnings) log_warn(what + ": unknown field `" + elided(key, 80) + '`');
  }
  if (unknown > most_warnings) log_warn(what + ": " + std::to_string(unknown) + " unknown fields in all");
}

/// A size that stands at the top or, in files of release 22, inside the object `group`.
std::size_t grouped_size(const Json& json, const char* key, const char* group) {
  if (json.find(key)) return json.member(key, whole);
  if (!json.find(group)) return 0;
  return json.member(group, [&](const Json& object) { return object.member_or<std::size_t>(key, 0, whole); });
}

GraphSettings read_members(const Json& json) {
  GraphSettings out;
  out.run_args = json.member("run_args", read_run_args);
  out.field_inputs = json.member("run_args", [](const Json& args) {
    return args.member_or("field_inputs", std::vector<std::size_t>{},
                          [](const Json& list) { return list.each(whole); });
  });
  out.num_rows = json.member("num_rows", whole);
  out.total_assignments = json.member("total_assignments", whole);
  out.total_const_size = json.member("total_const_size", whole);
  out.total_dynamic_col_size = grouped_size(json, "total_dynamic_col_size", "dynamic_lookup_params");
  out.max_dynamic_input_len = grouped_size(json, "max_dynamic_input_len", "dynamic_lookup_params");
  out.num_dynamic_lookups = grouped_size(json, "num_dynamic_lookups", "dynamic_lookup_params");
  out.num_shuffles = grouped_size(json, "num_shuffles", "shuffle_params");
  out.total_shuffle_col_size = grouped_size(json, "total_shuffle_col_size", "shuffle_params");
  if (json.find("einsum_params")) {
    json.member("einsum_params", [&](const Json& params) {
      read_einsum(params, out);
      return 0;
    });
  }
  out.model_instance_shapes =
      json.member("model_instance_shapes", [](const Json& list) { return list.each(wholes); });
  out.model_output_scales = json.member("model_output_scales", scales);
  out.model_input_scales = json.member("model_input_scales", scales);
  json.member("module_sizes", [&](const Json& sizes) {
    read_module_sizes(sizes, out);
    return 0;
  });
  out.required_lookups = json.member("required_lookups", [](const Json& list) { return list.each(lookup_op); });
  out.required_range_checks = json.member("required_range_checks", [](const Json& list) { return list.each(range); });
  out.check_mode = json.member("check_mode", check_mode);
  out.version = json.member("version", quoted_text);
  if (json.find("num_blinding_factors")) out.num_blinding_factors = json.member("num_blinding_factors", whole);
  if (json.find("timestamp")) out.timestamp = json.member("timestamp", [](const Json& v) { return v.int128(); });
  const auto names = [](const Json& list) { return list.each(quoted_text); };
  if (json.find("input_types")) out.input_types = json.member("input_types", names);
  if (json.find("output_types")) out.output_types = json.member("output_types", names);
  return out;
}

class SettingsWriter {
 public:
  std::string write(const GraphSettings& s) {
    json_.open_object();
    json_.key("run_args");
    run_args(s.run_args, s.field_inputs);
    size("num_rows", s.num_rows);
    size("total_assignments", s.total_assignments);
    size("total_const_size", s.total_const_size);
    size("total_dynamic_col_size", s.total_dynamic_col_size);
    size("max_dynamic_input_len", s.max_dynamic_input_len);
    size("num_dynamic_lookups", s.num_dynamic_lookups);
    size("num_shuffles", s.num_shuffles);
    size("total_shuffle_col_size", s.total_shuffle_col_size);
    // Releases that know IPA refuse this key, and have no Freivalds' argument for it to describe.
    if (s.run_args.commitment != Commitment::ipa) {
      json_.key("einsum_params");
      einsum(s);
    }
    json_.key("model_instance_shapes");
    json_.list(s.model_instance_shapes, [&](const auto& shape) { sizes(shape); });
    json_.key("model_output_scales");
    json_.list(s.model_output_scales, [&](int scale) { json_.integer(scale); });
    json_.key("model_input_scales");
    json_.list(s.model_input_scales, [&](int scale) { json_.integer(scale); });
    json_.key("module_sizes");
    module_sizes(s);
    json_.key("required_lookups");
    json_.list(s.required_lookups, [&](const LookupOp& op) { lookup(op); });
    json_.key("required_range_checks");
    json_.list(s.required_range_checks, [&](const CheckedRange& r) { range(r); });
    json_.key("check_mode");
    check_mode(s.check_mode);
    json_.key("version");
    json_.text(s.version);
    json_.key("num_blinding_factors");
    if (s.num_blinding_factors) {
      json_.integer(*s.num_blinding_factors);
    } else {
      json_.null();
    }
    json_.key("timestamp");
    json_.raw(s.timestamp ? to_string(*s.timestamp) : "null");
    types("input_types", s.input_types);
    types("output_types", s.output_types);
    if (s.run_args.proof_system == ProofSystem::sumcheck) sumcheck(s.run_args.sumcheck);
    json_.close_object();
    return json_.take();
  }

 private:
  void size(const char* key, std::size_t value) {
    json_.key(key);
    json_.integer(value);
  }

  void flag(const char* key, bool value) {
    json_.key(key);
    json_.boolean(value);
  }

  void sizes(const std::vector<std::size_t>& values) {
    json_.list(values, [&](std::size_t value) { json_.integer(value); });
  }

  void range(const std::pair<Int128, Int128>& r) {
    json_.open_list();
    json_.raw(to_string(r.first));
    json_.raw(to_string(r.second));
    json_.close_list();
  }

  void check_mode(CheckMode mode) { json_.text(mode == CheckMode::safe ? "SAFE" : "UNSAFE"); }

  void types(const char* key, const std::optional<std::vector<std::string>>& names) {
    json_.key(key);
    if (!names) return json_.null();
    json_.list(*names, [&](const std::string& name) { json_.text(name); });
  }

  void visibility(const char* key, const Visibility& v) {
    json_.key(key);
    switch (v.kind) {
      case Visibility::Kind::private_:
        return json_.text("Private");
      case Visibility::Kind::public_:
        return json_.text("Public");
      case Visibility::Kind::fixed:
        return json_.text("Fixed");
      case Visibility::Kind::polycommit:
        return json_.text("KZGCommit");
      case Visibility::Kind::hashed_public:
      case Visibility::Kind::hashed_private:
        break;
    }
    json_.open_object();
    json_.key("Hashed");
    json_.open_object();
    flag("hash_is_public", v.kind == Visibility::Kind::hashed_public);
    json_.key("outlets");
    sizes(v.outlets);
    json_.close_object();
    json_.close_object();
  }

  void run_args(const RunArgs& r, const std::vector<std::size_t>& field_inputs) {
    json_.open_object();
    json_.key("input_scale");
    json_.integer(r.input_scale);
    json_.key("param_scale");
    json_.integer(r.param_scale);
    json_.key("rebase_scale");
    json_.raw(r.rebase_scale ? std::to_string(*r.rebase_scale) : "null");
    size("scale_rebase_multiplier", r.scale_rebase_multiplier);
    json_.key("lookup_range");
    range(r.lookup_range);
    size("logrows", r.logrows);
    size("num_inner_cols", r.num_inner_cols);
    json_.key("variables");
    json_.list(r.variables, [&](const auto& variable) {
      json_.open_list();
      json_.text(variable.first);
      json_.integer(variable.second);
      json_.close_list();
    });
    visibility("input_visibility", r.input_visibility);
    visibility("output_visibility", r.output_visibility);
    visibility("param_visibility", r.param_visibility);
    flag("rebase_frac_zero_constants", r.rebase_frac_zero_constants);
    json_.key("check_mode");
    check_mode(r.check_mode);
    if (r.commitment == Commitment::ipa) {
      json_.key("commitment");
      json_.text(name_of(r.commitment));
    }
    size("decomp_base", r.decomp_base);
    size("decomp_legs", r.decomp_legs);
    flag("bounded_log_lookup", r.bounded_log_lookup);
    flag("ignore_range_check_inputs_outputs", r.ignore_range_check_inputs_outputs);
    json_.key("epsilon");
    json_.raw(r.epsilon ? json_number(*r.epsilon) : "null");
    flag("disable_freivalds", r.disable_freivalds);
    if (r.semantics == Semantics::onnx) {
      json_.key("semantics");
      json_.text("onnx");
    }
    if (r.proof_system == ProofSystem::sumcheck) {
      json_.key("proof_system");
      json_.text(name_of(r.proof_system));
    }
    if (!field_inputs.empty()) {
      json_.key("field_inputs");
      json_.list(field_inputs, [&](std::size_t input) { json_.integer(input); });
    }
    json_.close_object();
  }

  void sumcheck(const SumcheckArgs& s) {
    json_.key("sumcheck");
    json_.open_object();
    json_.member("format", 1);
    json_.member("row_bits", s.row_bits.value());
    json_.member("limb_bits", s.limb_bits.value());
    json_.member("tree_bits", s.tree_bits.value());
    json_.member("hiding", !s.clear);
    json_.close_object();
  }

  void einsum(const GraphSettings& s) {
    json_.open_object();
    json_.key("equations");
    json_.list(s.einsum_equations, [&](const auto& equation) {
      json_.open_list();
      json_.text(equation.first);
      json_.open_object();
      for (const auto& [axis, axis_size] : equation.second) {
        json_.key(axis);
        json_.integer(axis_size);
      }
      json_.close_object();
      json_.close_list();
    });
    size("total_einsum_col_size", s.total_einsum_col_size);
    json_.close_object();
  }

  void module_sizes(const GraphSettings& s) {
    json_.open_object();
    json_.key("polycommit");
    sizes(s.polycommit_sizes);
    json_.key("poseidon");
    json_.open_list();
    json_.integer(s.poseidon_rows);
    sizes(s.poseidon_counts);
    json_.close_list();
    json_.close_object();
  }

  void lookup(const LookupOp& op) {
    const auto keys = lookup_parameters(op.name);
    if (keys.empty()) return json_.text(op.name);
    json_.open_object();
    json_.key(op.name);
    json_.open_object();
    for (const auto& key : keys) {
      json_.key(key);
      json_.raw(json_number(op.parameters.at(key)));
    }
    json_.close_object();
    json_.close_object();
  }

  JsonWriter json_;
};

}  // namespace

GraphSettings parse_settings(std::string_view text, const std::string& what) {
  const Json json = Json::parse(text, what, most_values);
  return in_context(what, [&] {
    GraphSettings out = read_members(json);
    check_run_args(out.run_args);
    check_sumcheck(json, out);
    warn_of_unknown_keys(json, what);
    return out;
  });
}

GraphSettings read_settings(const std::filesystem::path& path) {
  return parse_settings(read_text(path, max_file_size), path.string());
}

std::string settings_text(const GraphSettings& settings) { return SettingsWriter().write(settings); }

std::string timeless_text(const GraphSettings& settings) {
  GraphSettings timeless = settings;
  timeless.timestamp.reset();
  return settings_text(timeless);
}

}  // namespace ezkl
