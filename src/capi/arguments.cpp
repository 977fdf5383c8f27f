#include "capi/arguments.hpp"

#include <algorithm>

#include "api/run_args_text.hpp"

namespace ezkl::capi {
namespace {

bool truth(const Json& value) { return value.boolean(); }

std::vector<std::pair<std::string, std::size_t>> variable_list(const Json& list) {
  return list.each([](const Json& item) {
    const auto& parts = item.items();
    if (parts.size() != 2) throw Error(Fault::usage, "a variable is a list of its name and its value");
    return std::pair<std::string, std::size_t>(parts[0].text(), parts[1].integer<std::size_t>());
  });
}

std::pair<Int128, Int128> range(const Json& list) {
  const auto& ends = list.items();
  if (ends.size() != 2) throw Error(Fault::usage, "a range is a list of two numbers");
  return {ends[0].int128(), ends[1].int128()};
}

void read_run_arg(const std::string& name, const Json& v, RunArgs& out) {
  if (name == "input_scale") {
    out.input_scale = v.integer<int>();
  } else if (name == "param_scale") {
    out.param_scale = v.integer<int>();
  } else if (name == "rebase_scale") {
    out.rebase_scale = v.integer<int>();
  } else if (name == "scale_rebase_multiplier") {
    out.scale_rebase_multiplier = v.integer<std::uint32_t>();
  } else if (name == "lookup_range") {
    out.lookup_range = range(v);
  } else if (name == "logrows") {
    out.logrows = v.integer<std::uint32_t>();
  } else if (name == "num_inner_cols") {
    out.num_inner_cols = v.integer<std::size_t>();
  } else if (name == "variables") {
    out.variables = variable_list(v);
  } else if (name == "input_visibility") {
    out.input_visibility = parse_visibility(v.text());
  } else if (name == "output_visibility") {
    out.output_visibility = parse_visibility(v.text());
  } else if (name == "param_visibility") {
    out.param_visibility = parse_visibility(v.text());
  } else if (name == "rebase_frac_zero_constants") {
    out.rebase_frac_zero_constants = v.boolean();
  } else if (name == "check_mode") {
    out.check_mode = parse_check_mode(v.text());
  } else if (name == "commitment") {
    out.commitment = parse_commitment(v.text());
  } else if (name == "decomp_base") {
    out.decomp_base = v.integer<std::size_t>();
  } else if (name == "decomp_legs") {
    out.decomp_legs = v.integer<std::size_t>();
  } else if (name == "bounded_log_lookup") {
    out.bounded_log_lookup = v.boolean();
  } else if (name == "ignore_range_check_inputs_outputs") {
    out.ignore_range_check_inputs_outputs = v.boolean();
  } else if (name == "epsilon") {
    out.epsilon = v.real();
  } else if (name == "disable_freivalds") {
    out.disable_freivalds = v.boolean();
  } else if (name == "semantics") {
    out.semantics = parse_semantics(v.text());
  } else if (name == "proof_system") {
    out.proof_system = parse_proof_system(v.text());
  } else if (name == "row_bits") {
    out.sumcheck.row_bits = v.integer<std::uint32_t>();
  } else if (name == "limb_bits") {
    out.sumcheck.limb_bits = v.integer<std::uint32_t>();
  } else if (name == "tree_bits") {
    out.sumcheck.tree_bits = v.integer<std::uint32_t>();
  } else if (name == "clear") {
    out.sumcheck.clear = v.boolean();
  } else {
    throw Error(Fault::usage, "there is no such run argument");
  }
}

}  // namespace

Arguments::Arguments(std::string_view json, MemoryFiles& files) : files_(files) {
  try {
    arguments_ = Json::parse(json, "arguments", std::size_t{1} << 23);
    arguments_.members();
  } catch (const Error& e) {
    throw e.as(Fault::usage);
  }
}

void Arguments::allow(const std::vector<const char*>& known) const {
  for (const auto& [name, value] : arguments_.members()) {
    const auto is_it = [&name = name](const char* other) { return name == other; };
    if (std::any_of(known.begin(), known.end(), is_it)) continue;
    std::string all;
    for (const char* const other : known) all += (all.empty() ? "" : ", ") + std::string(other);
    throw Error(Fault::usage, "there is no argument '" + name + "', only " + (all.empty() ? "none at all" : all));
  }
}

void Arguments::missing(const char* name) { throw Error(Fault::usage, "is needed").within(name); }

Path Arguments::path_of(const Json& value) const {
  if (value.kind() != Json::Kind::object) return value.text();
  if (value.find("memory")) return files_.input(value.at("memory").integer<std::size_t>());
  return files_.output(value.at("output").integer<std::size_t>());
}

std::optional<Path> Arguments::path(const char* name) const {
  return read<Path>(name, [this](const Json& v) { return path_of(v); });
}

Path Arguments::needed_path(const char* name) const {
  if (const auto found = path(name)) return *found;
  missing(name);
}

std::optional<Path> Arguments::path_or_none(const char* name, const Path& otherwise) const {
  const auto is_it = [name](const auto& member) { return member.first == name; };
  const auto& all = arguments_.members();
  return std::any_of(all.begin(), all.end(), is_it) ? path(name) : otherwise;
}

std::optional<std::string> Arguments::text(const char* name) const {
  return read<std::string>(name, [](const Json& v) { return v.text(); });
}

std::string Arguments::needed_text(const char* name) const {
  if (const auto found = text(name)) return *found;
  missing(name);
}

std::string Arguments::data(const char* name, const std::string& otherwise) const {
  return path(name, Path(otherwise)).string();
}

bool Arguments::flag(const char* name, bool otherwise) const { return read<bool>(name, truth).value_or(otherwise); }

std::optional<double> Arguments::real(const char* name) const {
  return read<double>(name, [](const Json& v) {
    if (v.kind() != Json::Kind::text) return v.real();
    // What JSON has no numbers for.
    if (v.text() == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (v.text() == "Infinity") return std::numeric_limits<double>::infinity();
    if (v.text() == "-Infinity") return -std::numeric_limits<double>::infinity();
    throw Error(Fault::usage, "'" + v.text() + "' is no number");
  });
}

std::optional<std::vector<std::string>> Arguments::texts(const char* name) const {
  return read<std::vector<std::string>>(
      name, [](const Json& v) { return v.each([](const Json& item) { return item.text(); }); });
}

std::vector<std::string> Arguments::needed_texts(const char* name) const {
  if (auto found = texts(name)) return *std::move(found);
  missing(name);
}

std::vector<std::pair<std::string, std::size_t>> Arguments::variables(const char* name) const {
  const std::vector<std::pair<std::string, std::size_t>> usual{{"batch_size", 1}};
  return read<std::vector<std::pair<std::string, std::size_t>>>(name, variable_list).value_or(usual);
}

std::optional<Commitment> Arguments::commitment(const char* name) const {
  return read<Commitment>(name, [](const Json& v) { return parse_commitment(v.text()); });
}

RunArgs Arguments::run_args(const char* name) const {
  RunArgs out = library_run_args();
  const auto overlay = [&](const Json& object) {
    for (const auto& [key, value] : object.members()) {
      if (value.is_null()) continue;
      in_context(key, [&, &key = key, &value = value] { read_run_arg(key, value, out); });
    }
    return true;
  };
  read<bool>(name, overlay);
  return out;
}

SettingsOptions Arguments::settings_options(const char* run_args) const {
  SettingsOptions out;
  read<bool>(run_args, [&](const Json& object) {
    for (const auto& [name, value] : object.members()) {
      if (!value.is_null()) out.given.push_back(name);
    }
    return true;
  });
  if (const auto data = path("data")) out.data = data->string();
  out.lookup_safety_margin = real("lookup_safety_margin").value_or(out.lookup_safety_margin);
  out.target = text("target", out.target);
  out.max_model_size = integer<std::uint64_t>("max_model_size").value_or(0);
  return out;
}

SplitOptions Arguments::split_options() const {
  SplitOptions out;
  out.max_rows = integer<std::size_t>("max_rows");
  out.parts = integer<std::size_t>("parts");
  out.at = texts("at").value_or(std::vector<std::string>());
  if (const auto link = text("link")) out.link = in_context("link", [&] { return parse_visibility(*link).kind; });
  return out;
}

ProveOptions Arguments::prove_options() const {
  ProveOptions out;
  if (const auto mode = text("check_mode"))
    out.check_mode = in_context("check_mode", [&] { return parse_check_mode(*mode); });
  out.seed = integer<std::uint64_t>("seed");
  out.max_memory = integer<std::uint64_t>("max_memory").value_or(0);
  out.manifest = path("manifest");
  out.max_model_size = integer<std::uint64_t>("max_model_size").value_or(0);
  return out;
}

}  // namespace ezkl::capi
