// Every function of ezkl.hpp and reports.hpp by its name, with its parameters by theirs and its defaults.
#include "capi/commands.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>

#include "artifact/json_writer.hpp"
#include "artifact/number_text.hpp"
#include "base/hex.hpp"
#include "base/int128.hpp"
#include "base/text.hpp"

namespace ezkl::capi {
namespace {

struct Entry {
  const char* name;
  std::vector<const char*> parameters;
  std::string (*run)(const Arguments&);
};

const std::string done = "true";

std::string quoted(std::string_view text) {
  JsonWriter json;
  json.text(text);
  return json.take();
}

std::string quoted(const Path& path) { return quoted(std::string_view(path.native())); }

std::string list_of(const std::vector<std::string>& texts) {
  JsonWriter json;
  json.list(texts, [&](const std::string& text) { json.text(text); });
  return json.take();
}

std::string list_of(const std::vector<std::uint8_t>& bytes) {
  JsonWriter json;
  json.list(bytes, [&](std::uint8_t byte) { json.integer(unsigned{byte}); });
  return json.take();
}

CalibrationTarget target_named(const std::string& name) {
  if (name == "resources") return CalibrationTarget::resources;
  if (name == "resources/col-overflow") return CalibrationTarget::resources_col_overflow;
  if (name == "accuracy") return CalibrationTarget::accuracy;
  throw Error(Fault::usage, "'" + name + "': resources, resources/col-overflow or accuracy").within("target");
}

TableFormat format_named(const std::string& name) {
  if (name == "text") return TableFormat::text;
  if (name == "svg") return TableFormat::svg;
  if (name == "dot") return TableFormat::dot;
  throw Error(Fault::usage, "'" + name + "': text, svg or dot").within("format");
}

ReportFormat report_format(const Arguments& a) {
  const std::string name = a.text("format", "json");
  if (name == "text") return ReportFormat::text;
  if (name == "json") return ReportFormat::json;
  if (name == "html") return ReportFormat::html;
  throw Error(Fault::usage, "'" + name + "': text, json or html").within("format");
}

/// JSON as it is, other reports as a text.
std::string report_of(const Arguments& a, const std::string& report) {
  return report_format(a) == ReportFormat::json ? report : quoted(std::string_view(report));
}

std::optional<std::string> text_of(const std::optional<Path>& data) {
  return data ? std::optional(data->string()) : std::nullopt;
}

std::uint64_t max_model_size(const Arguments& a) { return a.integer<std::uint64_t>("max_model_size").value_or(0); }

std::optional<float> bound(const Arguments& a, const char* name) {
  const auto value = a.real(name);
  if (!value) return std::nullopt;
  if (!(std::fabs(*value) <= static_cast<double>(std::numeric_limits<float>::max()))) {
    throw Error(Fault::range, short_number(*value, 3) + " is no number of 32 bits").within(name);
  }
  return static_cast<float>(*value);
}

/// Also where JSON has no number.
std::string real(double value) {
  if (std::isfinite(value)) return json_number(value);
  return std::isnan(value) ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
}

std::string proof_json(const ProofResult& result) {
  JsonWriter json;
  json.open_object();
  json.key("instances");
  json.list(result.instances, [&](const std::vector<std::string>& column) {
    json.list(column, [&](const std::string& felt) { json.text(felt); });
  });
  json.member("hex_proof", "0x" + hex_text(result.proof));
  json.close_object();
  return json.take();
}

using CompileFunction = void (*)(const Path&, const Path&, const Path&, std::uint64_t, bool);

std::string run_compile(const Arguments& a, CompileFunction compile) {
  compile(a.path("model", "network.onnx"), a.path("compiled_circuit", "model.compiled"),
          a.path("settings_path", "settings.json"), max_model_size(a), a.flag("keep_float", true));
  return done;
}

using CommitFunction = std::vector<std::string> (*)(const std::vector<std::string>&, const Path&, const Path&,
                                                    const std::optional<Path>&);

std::string run_commit(const Arguments& a, CommitFunction commit) {
  return list_of(commit(a.needed_texts("message"), a.path("vk_path", "vk.key"),
                        a.path("settings_path", "settings.json"), a.path("srs_path")));
}

const std::vector<const char*> compile_parameters{"model", "compiled_circuit", "settings_path", "max_model_size",
                                                  "keep_float"};
const std::vector<const char*> commit_parameters{"message", "vk_path", "settings_path", "srs_path"};

const Entry entries[] = {
    {"version", {}, [](const Arguments&) { return quoted(std::string_view(version())); }},
    {"own_version", {}, [](const Arguments&) { return quoted(std::string_view(own_version())); }},
    {"gen_settings",
     {"model", "output", "py_run_args", "max_model_size"},
     [](const Arguments& a) {
       return quoted(gen_settings(a.path("model", "network.onnx"), a.path("output", "settings.json"),
                                  a.run_args("py_run_args"), max_model_size(a)));
     }},
    {"choose_settings",
     {"model", "output", "py_run_args", "data", "lookup_safety_margin", "target", "max_model_size"},
     [](const Arguments& a) {
       return quoted(choose_settings(a.path("model", "network.onnx"), a.path("output", "settings.json"),
                                     a.run_args("py_run_args"), a.settings_options("py_run_args")));
     }},
    {"check_model",
     {"model", "py_run_args", "data", "lookup_safety_margin", "target", "max_model_size"},
     [](const Arguments& a) {
       return check_model(a.path("model", "network.onnx"), a.run_args("py_run_args"),
                          a.settings_options("py_run_args"));
     }},
    {"accuracy",
     {"data", "model", "settings_path", "format", "max_model_size"},
     [](const Arguments& a) {
       return report_of(a, accuracy(a.data("data", "input.json"), a.path("model", "network.onnx"),
                                    a.path("settings_path", "settings.json"), report_format(a), max_model_size(a)));
     }},
    {"calibrate_settings",
     {"data", "model", "settings", "target", "lookup_safety_margin", "scales", "scale_rebase_multiplier", "max_logrows",
      "max_model_size"},
     [](const Arguments& a) {
       calibrate_settings(
           a.data("data", "calibration.json"), a.path("model", "network.onnx"), a.path("settings", "settings.json"),
           target_named(a.text("target", "resources")), a.real("lookup_safety_margin").value_or(2.0),
           a.integers<int>("scales"),
           a.integers<std::uint32_t>("scale_rebase_multiplier").value_or(std::vector<std::uint32_t>{1, 10}),
           a.integer<std::uint32_t>("max_logrows"), max_model_size(a));
       return done;
     }},
    {"compile_circuit", compile_parameters, [](const Arguments& a) { return run_compile(a, compile_circuit); }},
    {"compile_model", compile_parameters, [](const Arguments& a) { return run_compile(a, compile_model); }},
    {"gen_srs",
     {"srs_path", "logrows", "commitment"},
     [](const Arguments& a) {
       gen_srs(a.needed_path("srs_path"), a.needed_integer<std::uint32_t>("logrows"),
               a.commitment("commitment").value_or(Commitment::kzg));
       return done;
     }},
    {"get_srs",
     {"settings_path", "logrows", "srs_path", "mirror", "commitment"},
     [](const Arguments& a) {
       return quoted(get_srs(a.path("settings_path", "settings.json"), a.integer<std::uint32_t>("logrows"),
                             a.path("srs_path"), a.text("mirror"), a.commitment("commitment")));
     }},
    {"default_srs_path",
     {"logrows", "commitment"},
     [](const Arguments& a) {
       return quoted(default_srs_path(a.needed_integer<std::uint32_t>("logrows"),
                                      a.commitment("commitment").value_or(Commitment::kzg)));
     }},
    {"gen_witness",
     {"data", "model", "output", "vk_path", "srs_path", "max_error", "same_class", "max_model_size"},
     [](const Arguments& a) {
       return gen_witness(a.data("data", "input.json"), a.path("model", "model.compiled"),
                          a.path_or_none("output", "witness.json"), a.path("vk_path"), a.path("srs_path"),
                          {a.real("max_error"), a.flag("same_class", false)}, max_model_size(a));
     }},
    {"mock",
     {"witness", "model", "max_model_size", "max_memory"},
     [](const Arguments& a) {
       mock(a.path("witness", "witness.json"), a.path("model", "model.compiled"), max_model_size(a),
            a.integer<std::uint64_t>("max_memory").value_or(0));
       return done;
     }},
    {"setup",
     {"model", "vk_path", "pk_path", "srs_path", "witness_path", "disable_selector_compression", "max_memory",
      "max_model_size"},
     [](const Arguments& a) {
       return quoted(std::string_view(setup(a.path("model", "model.compiled"), a.path("vk_path", "vk.key"),
                                            a.path("pk_path", "pk.key"), a.path("srs_path"), a.path("witness_path"),
                                            a.flag("disable_selector_compression", false),
                                            a.integer<std::uint64_t>("max_memory").value_or(0), max_model_size(a))));
     }},
    {"write_manifest",
     {"settings_path", "vk_path", "srs_path", "compiled_circuit", "model", "output", "max_model_size"},
     [](const Arguments& a) {
       return quoted(std::string_view(
           write_manifest(a.path("settings_path", "settings.json"), a.path("vk_path", "vk.key"), a.path("srs_path"),
                          a.path("compiled_circuit"), a.path("model"), a.path("output"), max_model_size(a))));
     }},
    {"prove",
     {"witness", "model", "pk_path", "proof_path", "srs_path", "check_mode", "seed", "max_memory", "manifest",
      "max_model_size"},
     [](const Arguments& a) {
       return proof_json(prove(a.path("witness", "witness.json"), a.path("model", "model.compiled"),
                               a.path("pk_path", "pk.key"), a.path("proof_path"), a.path("srs_path"),
                               a.prove_options()));
     }},
    {"verify",
     {"proof_path", "settings_path", "vk_path", "srs_path", "reduced_srs", "manifest", "digest"},
     [](const Arguments& a) {
       verify(a.path("proof_path", "proof.json"), a.path("settings_path", "settings.json"), a.path("vk_path", "vk.key"),
              a.path("srs_path"), a.flag("reduced_srs", false), a.path("manifest"), a.text("digest"));
       return done;
     }},
    {"verify_report",
     {"proof_path", "settings_path", "vk_path", "srs_path", "reduced_srs", "manifest", "digest", "input", "output",
      "format"},
     [](const Arguments& a) {
       return report_of(a, verify_report(a.path("proof_path", "proof.json"), a.path("settings_path", "settings.json"),
                                         a.path("vk_path", "vk.key"), a.path("srs_path"), a.flag("reduced_srs", false),
                                         a.path("manifest"), a.text("digest"), text_of(a.path("input")),
                                         text_of(a.path("output")), report_format(a)));
     }},
    {"swap_proof_commitments",
     {"proof_path", "witness_path"},
     [](const Arguments& a) {
       const bool changed =
           swap_proof_commitments(a.path("proof_path", "proof.json"), a.path("witness_path", "witness.json"));
       return std::string(changed ? "true" : "false");
     }},
    {"table",
     {"model", "py_run_args", "format", "max_model_size"},
     [](const Arguments& a) {
       return quoted(std::string_view(table(a.path("model", "network.onnx"), a.run_args("py_run_args"),
                                            format_named(a.text("format", "text")), max_model_size(a))));
     }},
    {"gen_random_data",
     {"model", "output", "variables", "seed", "min", "max", "max_model_size"},
     [](const Arguments& a) {
       gen_random_data(a.path("model", "network.onnx"), a.path("output", "input.json"), a.variables("variables"),
                       a.integer<std::uint64_t>("seed").value_or(21242), bound(a, "min"), bound(a, "max"),
                       max_model_size(a));
       return done;
     }},
    {"gen_vk_from_pk_single",
     {"path_to_pk", "circuit_settings_path", "vk_output_path"},
     [](const Arguments& a) {
       gen_vk_from_pk_single(a.path("path_to_pk", "pk.key"), a.path("circuit_settings_path", "settings.json"),
                             a.path("vk_output_path", "vk.key"));
       return done;
     }},
    {"print_proof_hex",
     {"proof_path"},
     [](const Arguments& a) { return quoted(std::string_view(print_proof_hex(a.path("proof_path", "proof.json")))); }},
    {"split_model",
     {"model", "output", "py_run_args", "max_rows", "parts", "at", "link", "max_model_size"},
     [](const Arguments& a) {
       return quoted(split_model(a.path("model", "network.onnx"), a.path("output", "split"), a.run_args("py_run_args"),
                                 a.split_options(), max_model_size(a)));
     }},
    {"split_digest",
     {"split"},
     [](const Arguments& a) { return quoted(std::string_view(split_digest(a.path("split", "split")))); }},
    {"setup_split",
     {"split", "srs_path", "max_model_size"},
     [](const Arguments& a) {
       return quoted(std::string_view(setup_split(a.path("split", "split"), a.path("srs_path"), max_model_size(a))));
     }},
    {"gen_witness_split",
     {"data", "split", "srs_path", "max_model_size"},
     [](const Arguments& a) {
       gen_witness_split(a.data("data", "input.json"), a.path("split", "split"), a.path("srs_path"), max_model_size(a));
       return done;
     }},
    {"prove_split",
     {"split", "srs_path", "check_mode", "seed", "max_memory", "manifest", "max_model_size"},
     [](const Arguments& a) {
       prove_split(a.path("split", "split"), a.path("srs_path"), a.prove_options());
       return done;
     }},
    {"verify_split",
     {"split", "srs_path", "reduced_srs", "digest"},
     [](const Arguments& a) {
       const SplitVerdict verdict =
           verify_split(a.path("split", "split"), a.path("srs_path"), a.flag("reduced_srs", false), a.text("digest"));
       JsonWriter json;
       json.open_object();
       json.member("accepted", verdict.accepted);
       json.member("reason", verdict.reason);
       json.member("digest", verdict.digest);
       json.close_object();
       return json.take();
     }},
    {"create_evm_verifier",
     {"vk_path", "settings_path", "sol_code_path", "abi_path", "srs_path", "reusable", "manifest", "digest"},
     [](const Arguments& a) {
       create_evm_verifier(a.path("vk_path", "vk.key"), a.path("settings_path", "settings.json"),
                           a.path("sol_code_path", "evm_deploy.sol"), a.path("abi_path", "verifier_abi.json"),
                           a.path("srs_path"), a.flag("reusable", false), a.path("manifest"), a.text("digest"));
       return done;
     }},
    {"evm_gas_report",
     {"vk_path", "settings_path", "srs_path", "manifest", "digest"},
     [](const Arguments& a) {
       return quoted(
           std::string_view(evm_gas_report(a.path("vk_path", "vk.key"), a.path("settings_path", "settings.json"),
                                           a.path("srs_path"), a.path("manifest"), a.text("digest"))));
     }},
    {"create_evm_vka",
     {"vk_path", "settings_path", "vka_path", "srs_path", "decimals", "proof_instances", "manifest", "digest"},
     [](const Arguments& a) {
       return quoted(std::string_view(create_evm_vka(
           a.path("vk_path", "vk.key"), a.path("settings_path", "settings.json"), a.path("vka_path", "vka.bytes"),
           a.path("srs_path"), a.integer<unsigned>("decimals").value_or(18), a.flag("proof_instances", false),
           a.path("manifest"), a.text("digest"))));
     }},
    {"encode_evm_calldata",
     {"proof", "calldata", "vka_path", "settings_path"},
     [](const Arguments& a) {
       return list_of(encode_evm_calldata(a.path("proof", "proof.json"), a.path_or_none("calldata", "calldata.bytes"),
                                          a.path("vka_path"), a.path("settings_path")));
     }},
    {"deploy_evm",
     {"addr_path", "rpc_url", "sol_code_path", "contract_type", "optimizer_runs", "private_key", "max_fee", "chain_id"},
     [](const Arguments& a) {
       deploy_evm(a.needed_path("addr_path"), a.needed_text("rpc_url"), a.path("sol_code_path", "evm_deploy.sol"),
                  a.text("contract_type", "verifier"), a.integer<std::uint32_t>("optimizer_runs").value_or(1),
                  a.text("private_key"), a.text("max_fee", "0.1"), a.integer<std::uint64_t>("chain_id"));
       return done;
     }},
    {"verify_evm",
     {"addr_verifier", "rpc_url", "proof_path", "vka_path", "encoded_calldata", "settings_path", "vka_digest",
      "chain_id"},
     [](const Arguments& a) {
       verify_evm(a.needed_text("addr_verifier"), a.needed_text("rpc_url"), a.path("proof_path"), a.path("vka_path"),
                  a.path("encoded_calldata"), a.path("settings_path"), a.text("vka_digest"),
                  a.integer<std::uint64_t>("chain_id"));
       return done;
     }},
    {"register_vka",
     {"addr_verifier", "rpc_url", "vka_path", "vka_digest_path", "private_key", "max_fee", "chain_id"},
     [](const Arguments& a) {
       register_vka(a.needed_text("addr_verifier"), a.needed_text("rpc_url"), a.path("vka_path", "vka.bytes"),
                    a.path("vka_digest_path", "vka.digest"), a.text("private_key"), a.text("max_fee", "0.1"),
                    a.integer<std::uint64_t>("chain_id"));
       return done;
     }},
    {"felt_to_int", {"felt"}, [](const Arguments& a) { return to_string(felt_to_int(a.needed_text("felt"))); }},
    {"felt_to_float",
     {"felt", "scale"},
     [](const Arguments& a) { return real(felt_to_float(a.needed_text("felt"), a.needed_integer<int>("scale"))); }},
    {"felt_to_big_endian",
     {"felt"},
     [](const Arguments& a) { return quoted(std::string_view(felt_to_big_endian(a.needed_text("felt")))); }},
    {"float_to_felt",
     {"input", "scale", "input_type"},
     [](const Arguments& a) {
       const auto input = a.real("input");
       if (!input) throw Error(Fault::usage, "is needed").within("input");
       return quoted(
           std::string_view(float_to_felt(*input, a.needed_integer<int>("scale"), a.text("input_type", "F64"))));
     }},
    {"buffer_to_felts",
     {"buffer"},
     [](const Arguments& a) { return list_of(buffer_to_felts(a.needed_integers<std::uint8_t>("buffer"))); }},
    {"poseidon_hash",
     {"message"},
     [](const Arguments& a) { return list_of(poseidon_hash(a.needed_texts("message"))); }},
    {"kzg_commit", commit_parameters, [](const Arguments& a) { return run_commit(a, kzg_commit); }},
    {"ipa_commit", commit_parameters, [](const Arguments& a) { return run_commit(a, ipa_commit); }},
    {"point_coordinates",
     {"points"},
     [](const Arguments& a) {
       JsonWriter json;
       json.list(point_coordinates(a.needed_texts("points")), [&](const PointCoordinates& point) {
         json.open_object();
         json.member("x", point.x);
         json.member("y", point.y);
         json.close_object();
       });
       return json.take();
     }},
};

}  // namespace

std::string run_command(std::string_view command, const Arguments& arguments) {
  const auto* const entry = std::find_if(std::begin(entries), std::end(entries),
                                         [&](const Entry& candidate) { return command == candidate.name; });
  if (entry == std::end(entries)) throw Error(Fault::usage, "there is no command '" + std::string(command) + "'");
  return in_context(command, [&] {
    arguments.allow(entry->parameters);
    return entry->run(arguments);
  });
}

}  // namespace ezkl::capi
