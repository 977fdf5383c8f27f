#include "recipe/commands.hpp"

#include <algorithm>
#include <filesystem>

#include "artifact/json.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

using Option = OptionDescription;
using enum Takes;

constexpr Option gen_settings[] = {{"model", reads, "network.onnx", 'M'},
                                   {"settings-path", writes, "settings.json", 'O'},
                                   {"data", data, nullptr, 'D'},
                                   {"target"},
                                   {"max-model-size"},
                                   {"input-scale", value, nullptr, 'S'},
                                   {"param-scale"},
                                   {"rebase-scale"},
                                   {"scale-rebase-multiplier"},
                                   {"lookup-range", value, nullptr, 'B'},
                                   {"logrows", value, nullptr, 'K'},
                                   {"num-inner-cols", value, nullptr, 'N'},
                                   {"variables", value, nullptr, 'V'},
                                   {"input-shape"},
                                   {"constant"},
                                   {"input-visibility"},
                                   {"output-visibility"},
                                   {"param-visibility"},
                                   {"rebase-frac-zero-constants", nothing},
                                   {"check-mode"},
                                   {"commitment"},
                                   {"decomp-base"},
                                   {"decomp-legs"},
                                   {"bounded-log-lookup", nothing},
                                   {"ignore-range-check-inputs-outputs", nothing},
                                   {"epsilon"},
                                   {"disable-freivalds", nothing},
                                   {"semantics"}};
constexpr Option calibrate_settings[] = {{"data", data, "calibration.json", 'D'},
                                         {"model", reads, "network.onnx", 'M'},
                                         {"settings-path", edits, "settings.json", 'O'},
                                         {"target"},
                                         {"lookup-safety-margin"},
                                         {"scales"},
                                         {"scale-rebase-multiplier"},
                                         {"max-logrows"},
                                         {"max-model-size"}};
constexpr Option compile_circuit[] = {{"model", reads, "network.onnx", 'M'},
                                      {"compiled-circuit", writes, "model.compiled"},
                                      {"settings-path", reads, "settings.json", 'S'},
                                      {"max-model-size"},
                                      {"no-float", nothing}};
constexpr Option gen_srs[] = {{"srs-path", writes, "kzg.srs"}, {"logrows"}, {"commitment"}};
constexpr Option setup[] = {{"compiled-circuit", reads, "model.compiled", 'M'},
                            {"srs-path", reads},
                            {"vk-path", writes, "vk.key"},
                            {"pk-path", writes, "pk.key"},
                            {"witness", reads, nullptr, 'W'},
                            {"disable-selector-compression", nothing},
                            {"max-memory"},
                            {"max-model-size"}};
constexpr Option gen_witness[] = {{"data", data, "input.json", 'D'},
                                  {"compiled-circuit", reads, "model.compiled", 'M'},
                                  {"output", writes, "witness.json", 'O'},
                                  {"vk-path", reads, nullptr, 'V'},
                                  {"srs-path", reads, nullptr, 'P'},
                                  {"max-error"},
                                  {"same-class", nothing},
                                  {"max-model-size"}};
constexpr Option mock[] = {
    {"witness", reads, "witness.json", 'W'}, {"model", reads, "model.compiled", 'M'}, {"max-model-size"}};
constexpr Option prove[] = {{"witness", reads, "witness.json", 'W'},
                            {"compiled-circuit", reads, "model.compiled", 'M'},
                            {"pk-path", reads, "pk.key"},
                            {"proof-path", writes, "proof.json"},
                            {"srs-path", reads},
                            {"check-mode"},
                            {"max-memory"},
                            {"manifest", reads},
                            {"max-model-size"}};
constexpr Option verify[] = {{"settings-path", reads, "settings.json", 'S'},
                             {"proof-path", reads, "proof.json"},
                             {"vk-path", reads, "vk.key"},
                             {"srs-path", reads},
                             {"manifest", reads},
                             {"digest"},
                             {"reduced-srs", nothing},
                             {"input", data},
                             {"output", data},
                             {"json", nothing}};
constexpr Option gen_random_data[] = {{"model", reads, "network.onnx", 'M'},
                                      {"data", writes, "input.json", 'D'},
                                      {"variables", value, nullptr, 'V'},
                                      {"seed"},
                                      {"min"},
                                      {"max"},
                                      {"max-model-size"}};
constexpr Option encode_evm_calldata[] = {{"proof-path", reads, "proof.json"},
                                          {"calldata-path", writes, "calldata.bytes"},
                                          {"vka-path", reads},
                                          {"settings-path", reads, nullptr, 'S'}};
constexpr Option gen_vk_from_pk[] = {
    {"pk-path", reads, "pk.key"}, {"settings-path", reads, "settings.json", 'S'}, {"vk-path", writes, "vk.key"}};

constexpr CommandDescription commands[] = {
    {"gen-settings", "GenSettings", gen_settings, "input.json"},
    {"calibrate-settings", "CalibrateSettings", calibrate_settings},
    {"compile-circuit", "CompileCircuit", compile_circuit},
    {"gen-srs", "GenSrs", gen_srs},
    {"setup", "Setup", setup},
    {"gen-witness", "GenWitness", gen_witness},
    {"mock", "Mock", mock},
    {"prove", "Prove", prove},
    {"verify", "Verify", verify},
    {"gen-random-data", "GenRandomData", gen_random_data},
    {"encode-evm-calldata", "EncodeEvmCalldata", encode_evm_calldata},
    {"gen-vk-from-pk", "GenVkFromPk", gen_vk_from_pk},
};

const Option* find_option(const CommandDescription& command, std::string_view argument) {
  const bool is_short = argument.size() == 2 && argument[0] == '-' && argument[1] != '-';
  const auto found = std::find_if(command.options.begin(), command.options.end(), [&](const Option& option) {
    return is_short ? option.short_name == argument[1]
                    : argument.substr(0, 2) == "--" && argument.substr(2) == option.name;
  });
  return found == command.options.end() ? nullptr : &*found;
}

bool is_file(const GivenOption& given) {
  switch (given.option->takes) {
    case reads:
    case writes:
    case edits:
      return true;
    case data:
      return !looks_like_json(given.value);
    default:
      return false;
  }
}

/// Files of options of these kinds, those that are not given with their usual names.
template <class Wanted>
std::vector<std::string> files_of(const GivenCommand& given, Wanted wanted) {
  std::vector<std::string> out;
  for (const Option& option : given.command->options) {
    if (!wanted(option.takes)) continue;
    const std::string* value = given.value_of(option.name);
    if (value && (option.takes != data || !looks_like_json(*value))) out.push_back(*value);
    if (!value && option.usual) out.push_back(option.usual);
  }
  return out;
}

}  // namespace

std::span<const CommandDescription> all_commands() { return commands; }

const CommandDescription* find_command(std::string_view name_or_variant) {
  const auto* const found = std::find_if(std::begin(commands), std::end(commands), [&](const auto& command) {
    return name_or_variant == command.name || name_or_variant == command.variant;
  });
  return found == std::end(commands) ? nullptr : found;
}

const std::string* GivenCommand::value_of(std::string_view option) const {
  const auto found =
      std::find_if(options.begin(), options.end(), [&](const GivenOption& o) { return option == o.option->name; });
  return found == options.end() ? nullptr : &found->value;
}

std::vector<std::string> GivenCommand::reads() const {
  return files_of(*this, [](Takes t) { return t == Takes::reads || t == Takes::edits || t == Takes::data; });
}

std::vector<std::string> GivenCommand::writes() const {
  std::vector<std::string> out = files_of(*this, [](Takes t) { return t == Takes::writes || t == Takes::edits; });
  if (std::string_view(command->name) == "setup") {
    const std::string* vk = value_of("vk-path");
    out.push_back(std::filesystem::path(vk ? *vk : "vk.key").replace_extension(".manifest.json").string());
  }
  return out;
}

GivenCommand parse_arguments(std::span<const std::string> arguments) {
  if (arguments.empty()) throw Error(Fault::usage, "a command is missing");
  GivenCommand out;
  out.command = find_command(arguments[0]);
  if (!out.command) {
    throw Error(Fault::usage, "'" + printable_line(elided(arguments[0], 60)) + "' is no command that runs remotely");
  }
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const std::size_t equals = argument.substr(0, 2) == "--" ? argument.find('=') : std::string::npos;
    const Option* option = find_option(*out.command, std::string_view(argument).substr(0, equals));
    if (!option) {
      throw Error(Fault::usage, "'" + printable_line(elided(argument, 60)) + "' is no option of it that works remotely")
          .within(out.command->name);
    }
    GivenOption given{option, ""};
    if (option->takes != nothing) {
      if (equals == std::string::npos && i + 1 == arguments.size()) {
        throw Error(Fault::usage, "a value is missing").within(option->name).within(out.command->name);
      }
      given.value = equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1);
    } else if (equals != std::string::npos) {
      throw Error(Fault::usage, "takes no value").within(option->name).within(out.command->name);
    }
    out.options.push_back(std::move(given));
  }
  return out;
}

void check_paths(const GivenCommand& command) {
  for (const GivenOption& given : command.options) {
    if (!is_file(given)) continue;
    in_context(given.option->name, [&] {
      check_inner_path(given.value);
      // The program reads "@FILE" as the file behind it, wherever that is.
      if (given.value[0] == '@') throw Error(Fault::usage, "a name does not begin with @");
    });
  }
}

Step step_of(const GivenCommand& command) {
  Step out;
  out.arguments.push_back(command.command->name);
  for (const GivenOption& given : command.options) {
    std::string argument = std::string(2, '-') + given.option->name;
    if (given.option->takes != nothing) argument += '=' + given.value;
    if (argument.find('\0') != std::string::npos)
      throw Error(Fault::usage, "has a zero byte").within(given.option->name);
    out.arguments.push_back(std::move(argument));
  }
  if (std::string_view(command.command->name) == "gen-srs" && !command.value_of("srs-path")) {
    out.arguments.push_back(std::string(2, '-') + "srs-path=kzg.srs");
  }
  out.writes = command.writes();
  return out;
}

}  // namespace ezkl::service
