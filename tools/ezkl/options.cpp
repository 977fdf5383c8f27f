#include "options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>

#include "completions.hpp"
#include "ezkl/error.hpp"
#include "ezkl/ezkl.hpp"
#include "log_level.hpp"
#include "spelling.hpp"
#include "version_text.hpp"

namespace ezkl::cli {
namespace {

CLI::App& app_of(void* parser) { return *static_cast<CLI::App*>(parser); }

template <class T>
std::string shown(const T& value) {
  if constexpr (std::is_same_v<T, std::filesystem::path>) {
    return value.string();
  } else if constexpr (std::is_floating_point_v<T>) {
    char buffer[64];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
  } else {
    return std::to_string(value);
  }
}

[[noreturn]] void usage(const std::string& text) { throw Error(Fault::usage, text); }

/// Names that every command understands besides its own.
bool is_general(const std::string& name) {
  return name == "help" || name == "verbose" || name == "quiet" || name == "json-errors" || name == "report";
}

/// The known option whose name starts like `name`, for advice.
std::string similar(const std::string& name, const std::vector<OptionInfo>& options) {
  std::string best;
  std::size_t longest = 2;
  for (const OptionInfo& option : options) {
    std::size_t same = 0;
    while (same < name.size() && same < option.long_name.size() && name[same] == option.long_name[same]) ++same;
    if (same > longest) {
      longest = same;
      best = option.long_name;
    }
  }
  return best.empty() ? "" : "; is --" + best + " meant?";
}

/// Refuses a long option that the command does not have, a flag with a value and an option without one.
void check_long(const std::string& argument, const std::vector<OptionInfo>& options) {
  const std::size_t equals = argument.find('=');
  const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
  if (is_general(name)) return;
  const auto known = std::find_if(options.begin(), options.end(), [&](const auto& o) { return o.long_name == name; });
  if (known == options.end()) usage("unexpected argument '--" + name + "'" + similar(name, options));
  if (equals == std::string::npos) return;
  if (!known->takes_value) usage("unexpected value for '--" + name + "': it is a flag and takes none");
  if (equals + 1 == argument.size()) usage("a value is required for '--" + name + "'");
}

/// Brings the arguments into one form before the parser library sees them: `-S=-1` and `-S-1` become `--name=-1`. An
/// argument that opens with a minus and a digit is a value whose option wants `=`, and is refused with that advice.
std::vector<std::string> normalize(const std::vector<std::string>& arguments,
                                   const std::map<std::string, std::vector<OptionInfo>>& commands) {
  std::vector<std::string> out;
  const std::vector<OptionInfo>* options = nullptr;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!options) {
      if (const auto found = commands.find(argument); found != commands.end()) options = &found->second;
      out.push_back(argument);
      continue;
    }
    const std::string& before = arguments[i - 1];
    if (argument.size() > 1 && argument[0] == '-' && argument[1] >= '0' && argument[1] <= '9') {
      if (before != "--scales") {
        usage("unexpected argument '" + argument +
              "': a value that starts with a minus is written with an equals sign, " +
              (before.substr(0, 1) == "-" ? before : "--option") + "=" + argument);
      }
      out.back() += "=" + argument;
      continue;
    }
    if (argument.size() > 2 && argument.substr(0, 2) == "--") {
      check_long(argument, *options);
    } else if (argument.size() > 2 && argument[0] == '-') {
      const auto known = std::find_if(options->begin(), options->end(),
                                      [&](const OptionInfo& o) { return o.short_name == argument[1]; });
      if (known != options->end() && known->takes_value) {
        out.push_back("--" + known->long_name + "=" + argument.substr(argument[2] == '=' ? 3 : 2));
        continue;
      }
    }
    out.push_back(argument);
  }
  return out;
}

/// Help, errors and parsing of one program run.
class Parser {
 public:
  Parser() : app_("From an ONNX model to a zero-knowledge proof of its execution.", "ezkl") {
    app_.set_help_flag("-h,--help", "print help");
    app_.add_option("--generate", shell_, "print a completion script for bash, zsh, fish, elvish or powershell")
        ->type_name("SHELL");
    app_.add_flag("-V,--version", version_, "print the version")->disable_flag_override();
    app_.add_flag("-v,--verbose", verbose_, "say more: -v debug, -vv trace")->disable_flag_override();
    app_.add_flag("-q,--quiet", quiet_, "say only warnings and errors")->disable_flag_override();
    app_.add_flag("--json-errors", json_errors_, "say what went wrong as one JSON object on standard error")
        ->disable_flag_override();
    app_.add_option("--report", report_, "write progress to this file descriptor, a JSON object a line")
        ->type_name("FD");
    app_.require_subcommand(0, 1);
    app_.footer(
        "Results go to standard output, the log to standard error. Exit status: 0, 1 for any fault, 2 for a "
        "command line that makes no sense, 130 after Ctrl-C.\n\nThe whole way, with network.onnx and input.json here:\n"
        "  ezkl gen-settings && ezkl compile-circuit && ezkl get-srs && ezkl setup && ezkl gen-witness && "
        "ezkl prove && ezkl verify");
    for (const Command* command : all_commands()) {
      CLI::App* sub = app_.add_subcommand(command->name, command->help);
      sub->set_help_flag("-h,--help", "print help");
      sub->fallthrough();
      sub->footer(std::string("Examples:\n") + command->examples);
      Options options(sub);
      runs_[command->name] = command->declare(options);
      infos_[command->name] = options.infos();
      only_output_[command->name] = options.only_output();
    }
    CLI::App* help = app_.add_subcommand("help", "Print help, of a command if one is named");
    help->add_option("command", help_of_, "the command");
  }

  Request parse(const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) {
      if (asked_.empty() && infos_.count(argument)) asked_ = argument;
    }
    std::vector<std::string> reversed = normalize(arguments, infos_);
    std::reverse(reversed.begin(), reversed.end());
    app_.parse(std::move(reversed));
    if (version_ > 0) return {"", [] { std::fputs(version_text().c_str(), stdout); }, "", 0, ""};
    if (!shell_.empty()) return {"", {}, completion_script(shell_, completion_commands())};
    for (const CLI::App* sub : app_.get_subcommands()) {
      if (sub->get_name() == "help") return {"", {}, help_text(), 0};
      Request out{sub->get_name(), runs_.at(sub->get_name()), "", 0};
      out.log_level = log_level_from(std::getenv("EZKL_LOG"), std::getenv("RUST_LOG"), verbose_, quiet_ > 0);
      out.json_errors = json_errors_ > 0;
      if (!report_.empty()) {
        out.report = in_context("--report", [&] { return int(parse_integer(report_, 0, 1 << 20)); });
      }
      if (const bool* flag = only_output_.at(sub->get_name()); flag && *flag) out.closing.clear();
      return out;
    }
    return {"", {}, app_.help(), 1};
  }

  std::string help_for_asked() const {
    const auto asked = app_.get_subcommands();
    return asked.empty() ? app_.help() : asked.front()->help("ezkl");
  }
  const std::string& asked_command() const { return asked_; }

 private:
  std::string help_text() {
    if (help_of_.empty()) return app_.help();
    if (runs_.count(help_of_) == 0) usage("there is no command '" + help_of_ + "'; `ezkl help` lists them");
    return app_.get_subcommand(help_of_)->help("ezkl");
  }
  std::vector<CommandInfo> completion_commands() const {
    std::vector<CommandInfo> out;
    for (const Command* command : all_commands())
      out.push_back({command->name, command->help, infos_.at(command->name)});
    return out;
  }

  CLI::App app_;
  std::string shell_, help_of_, asked_;
  std::string report_;
  std::int64_t version_ = 0, verbose_ = 0, quiet_ = 0, json_errors_ = 0;
  std::map<std::string, std::function<void()>> runs_;
  std::map<std::string, std::vector<OptionInfo>> infos_;
  std::map<std::string, const bool*> only_output_;
};

}  // namespace

std::int64_t parse_integer(const std::string& text, std::int64_t lowest, std::int64_t highest) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value < lowest || value > highest) {
    usage("'" + text + "' is not a whole number between " + std::to_string(lowest) + " and " + std::to_string(highest));
  }
  return value;
}

std::uint64_t parse_unsigned(const std::string& text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    usage("'" + text + "' is not a whole number between 0 and 2^64 - 1");
  }
  return value;
}

double parse_real(const std::string& text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || !std::isfinite(value)) {
    usage("'" + text + "' is not a number");
  }
  return value;
}

std::uint64_t parse_bytes(const std::string& text) {
  static const std::string units = "KMG";
  const std::size_t unit = text.empty() ? std::string::npos : units.find(text.back());
  const double factor = unit == std::string::npos ? 1 : std::exp2(10 * (double(unit) + 1));
  const double bytes = parse_real(unit == std::string::npos ? text : text.substr(0, text.size() - 1)) * factor;
  if (bytes < 1 || bytes > std::exp2(60)) usage("'" + text + "' is no amount of memory; 800M, 1.5G or a number of bytes is");
  return std::uint64_t(bytes);
}

std::vector<std::string> split_commas(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (true) {
    const std::size_t comma = text.find(',', begin);
    out.push_back(text.substr(begin, comma - begin));
    if (comma == std::string::npos) return out;
    begin = comma + 1;
  }
}

void Options::remember(const char* names, const std::string& help, bool takes_value) {
  OptionInfo info;
  std::string text = names;
  if (text[1] != '-') {
    info.short_name = text[1];
    text = text.substr(3);
  }
  info.long_name = text.substr(2);
  info.help = help;
  info.takes_value = takes_value;
  infos_.push_back(info);
}

void Options::parsed(const char* names, const char* type, const std::string& shown_default, const Read& read,
                     const std::string& help, bool repeatable) {
  remember(names, help, true);
  const std::string name = "--" + infos_.back().long_name;
  const auto each = [read, name](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) in_context(name, [&] { read(text); });
  };
  const std::string full_help = shown_default.empty() ? help : help + " [default: " + shown_default + "]";
  CLI::Option* option = app_of(parser_).add_option_function<std::vector<std::string>>(names, each, full_help);
  option->type_name(type)->expected(1)->allow_extra_args(false);
  option->multi_option_policy(repeatable ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::Throw);
  last_ = option;
}

void Options::value(const char* names, std::string& into, const std::string& help, const char* type) {
  parsed(
      names, type, into, [&into](const std::string& text) { into = text; }, help);
}

void Options::value(const char* names, std::filesystem::path& into, const std::string& help) {
  parsed(
      names, "PATH", into.string(), [&into](const std::string& text) { into = text; }, help);
}

void Options::value(const char* names, std::int32_t& into, const std::string& help) {
  parsed(
      names, "INT", shown(into),
      [&into](const std::string& text) {
        into = std::int32_t(
            parse_integer(text, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
      },
      help);
}

void Options::value(const char* names, std::uint32_t& into, const std::string& help) {
  parsed(
      names, "INT", shown(into),
      [&into](const std::string& text) {
        into = std::uint32_t(parse_integer(text, 0, std::numeric_limits<std::uint32_t>::max()));
      },
      help);
}

void Options::value(const char* names, std::size_t& into, const std::string& help) {
  parsed(
      names, "INT", shown(into), [&into](const std::string& text) { into = parse_unsigned(text); }, help);
}

void Options::value(const char* names, double& into, const std::string& help) {
  parsed(
      names, "FLOAT", shown(into), [&into](const std::string& text) { into = parse_real(text); }, help);
}

void Options::value(const char* names, std::optional<std::filesystem::path>& into, const std::string& help) {
  parsed(
      names, "PATH", "", [&into](const std::string& text) { into = text; }, help);
}

void Options::value(const char* names, std::optional<std::string>& into, const std::string& help, const char* type) {
  parsed(
      names, type, "", [&into](const std::string& text) { into = text; }, help);
}

void Options::value(const char* names, std::optional<std::int32_t>& into, const std::string& help) {
  parsed(
      names, "INT", "",
      [&into](const std::string& text) {
        into = std::int32_t(
            parse_integer(text, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
      },
      help);
}

void Options::value(const char* names, std::optional<std::uint32_t>& into, const std::string& help) {
  parsed(
      names, "INT", "",
      [&into](const std::string& text) {
        into = std::uint32_t(parse_integer(text, 0, std::numeric_limits<std::uint32_t>::max()));
      },
      help);
}

void Options::value(const char* names, std::optional<std::uint64_t>& into, const std::string& help) {
  parsed(
      names, "INT", "", [&into](const std::string& text) { into = parse_unsigned(text); }, help);
}

void Options::value(const char* names, std::optional<double>& into, const std::string& help) {
  parsed(
      names, "FLOAT", "", [&into](const std::string& text) { into = parse_real(text); }, help);
}

void Options::value(const char* names, std::optional<float>& into, const std::string& help) {
  parsed(
      names, "FLOAT", "", [&into](const std::string& text) { into = float(parse_real(text)); }, help);
}

void Options::value_or(const char* names, std::optional<std::filesystem::path>& into, const std::string& bare,
                       const std::string& help) {
  remember(names, help, true);
  const auto read = [&into, bare](const std::string& text) { into = text.empty() ? bare : text; };
  last_ = app_of(parser_)
              .add_option_function<std::string>(names, read, help)
              ->type_name("[PATH]")
              ->expected(0, 1)
              ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

void Options::list(const char* names, std::vector<std::int32_t>& into, const std::string& help) {
  parsed(
      names, "INT,...", "",
      [&into](const std::string& text) {
        for (const std::string& item : split_commas(text))
          into.push_back(std::int32_t(parse_integer(item, -1000, 1000)));
      },
      help, true);
}

void Options::list(const char* names, std::vector<std::uint32_t>& into, const std::string& help) {
  std::string defaults;
  for (const std::uint32_t v : into) defaults += (defaults.empty() ? "" : ",") + std::to_string(v);
  const auto given = std::make_shared<bool>(false);
  parsed(
      names, "INT,...", defaults,
      [&into, given](const std::string& text) {
        if (!*given) into.clear();
        *given = true;
        for (const std::string& item : split_commas(text)) {
          into.push_back(std::uint32_t(parse_integer(item, 0, std::numeric_limits<std::uint32_t>::max())));
        }
      },
      help, true);
}

void Options::list(const char* names, std::vector<std::string>& into, const std::string& help) {
  parsed(
      names, "TEXT,...", "",
      [&into](const std::string& text) {
        for (std::string& item : split_commas(text)) into.push_back(std::move(item));
      },
      help, true);
}

void Options::flag(const char* names, bool& into, const std::string& help) {
  remember(names, help, false);
  last_ = app_of(parser_)
              .add_flag_function(
                  names, [&into](std::int64_t) { into = true; }, help)
              ->disable_flag_override();
}

void Options::require() { static_cast<CLI::Option*>(last_)->required(); }

Request parse_command_line(int argc, char** argv) {
  Parser parser;
  const std::vector<std::string> arguments{argv + 1, argv + argc};
  const auto refused = [&](const Error& error, const std::string& advice) {
    const std::string command = parser.asked_command();
    const Error placed = command.empty() ? error : error.within(command);
    Request out{"", {}, "ezkl: " + placed.message(spelled) + "\n" + advice, 2};
    out.error = placed;
    out.json_errors = std::find(arguments.begin(), arguments.end(), "--json-errors") != arguments.end();
    return out;
  };
  try {
    return parser.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    return {"", {}, parser.help_for_asked(), 0};
  } catch (const CLI::ParseError& e) {
    const std::string command = parser.asked_command();
    return refused(Error(Fault::usage, e.what()),
                   "Try 'ezkl " + (command.empty() ? std::string() : command + " ") + "--help'.\n");
  } catch (const Error& e) {
    return refused(e, "");
  }
}

}  // namespace ezkl::cli
