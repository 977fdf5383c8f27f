#include "options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "completions.hpp"
#include "ezkl/error.hpp"
#include "ezkl/ezkl.hpp"
#include "help_text.hpp"
#include "log_level.hpp"
#include "nearest.hpp"
#include "remote.hpp"
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
  return name == "help" || name == "verbose" || name == "quiet" || name == "json-errors" || name == "report" ||
         name == "remote";
}

/// What some commands call otherwise than others do, or take inside another file.
constexpr std::pair<std::string_view, std::string_view> other_names[] = {
    {"model", "compiled-circuit"},         {"compiled-circuit", "model"}, {"input", "data"},
    {"settings-path", "compiled-circuit"}, {"witness", "output"},
};

/// "; is --input-scale meant?", or nothing.
std::string similar(const std::string& name, const std::vector<OptionInfo>& options) {
  std::vector<std::string> names;
  for (const OptionInfo& option : options) names.push_back(option.long_name);
  std::string best = nearest(name, names);
  for (const auto& [here, there] : other_names) {
    const bool has = std::find(names.begin(), names.end(), there) != names.end();
    if (best.empty() && name == here && has) best = there;
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

/// The option that `argument` names and gives no value, or null.
const OptionInfo* named(const std::string& argument, const std::vector<OptionInfo>& options) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const OptionInfo& o) {
    return argument == "--" + o.long_name || (o.short_name && argument == std::string("-") + o.short_name);
  });
  return found == options.end() ? nullptr : &*found;
}

/// Brings the arguments into one form before the parser library sees them: `-S=-1`, `-S-1`, `-S -1` and
/// `--input-scale -1` become `--input-scale=-1`; the library takes what opens with a minus for an option.
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
    if (argument.size() > 1 && argument[0] == '-' && argument[1] >= '0' && argument[1] <= '9') {
      const OptionInfo* const option = named(arguments[i - 1], *options);
      if (!option || !option->takes_value) usage("unexpected argument '" + argument + "'");
      out.back() = "--" + option->long_name + "=" + argument;
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
      // `-input-scale 7`: a dash was forgotten.
      const std::string name = argument.substr(1, argument.find('=') - 1);
      const auto is = [&](const OptionInfo& o) { return o.long_name == name; };
      if (std::any_of(options->begin(), options->end(), is)) {
        usage("unexpected argument '-" + name + "'; is --" + name + " meant?");
      }
    }
    out.push_back(argument);
  }
  return out;
}

/// Help, errors and parsing of one program run.
class Parser {
 public:
  Parser() : app_("", "ezkl") {
    app_.set_help_flag("-h,--help");
    const auto general = [this](char letter, const char* name, const char* help, const char* type = "") {
      general_.push_back({letter, name, help, *type != 0, type});
      return (letter ? std::string("-") + letter + "," : std::string()) + "--" + name;
    };
    general('h', "help", "print help, of a command if one is named");
    app_.add_flag(general('v', "verbose", "say more: -v debug, -vv trace"), verbose_)->disable_flag_override();
    app_.add_flag(general('q', "quiet", "say only warnings and errors"), quiet_)->disable_flag_override();
    app_.add_flag(general(0, "json-errors", "say what went wrong as one JSON object on standard error"), json_errors_)
        ->disable_flag_override();
    app_.add_option(general(0, "report", "write progress to this file descriptor, a JSON object a line", "FD"),
                    report_);
    app_.add_option(
        general(0, "remote", "run the command on the proving service at this URL [default: $EZKL_REMOTE_URL]", "URL"),
        remote_);
    app_.add_flag(general('V', "version", "print the version"), version_)->disable_flag_override();
    app_.add_option(
        general(0, "generate",
                "print a completion script for bash, zsh, fish, elvish or powershell, or the manual page: man", "FORM"),
        form_);
    app_.require_subcommand(0, 1);
    for (const CommandGroup& group : all_commands()) {
      for (const Command* command : group.commands) {
        CLI::App* sub = app_.add_subcommand(command->name);
        sub->set_help_flag("-h,--help");
        sub->fallthrough();
        Options options(sub);
        runs_[command->name] = command->declare(options);
        infos_[command->name] = options.infos();
        files_[command->name] = options.files();
        commands_.push_back({group.heading, command->name, command->help, command->examples, options.infos()});
      }
    }
    app_.add_subcommand("help")->add_option("command", help_of_);
  }

  Request parse(const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) {
      if (asked_.empty() && infos_.count(argument)) asked_ = argument;
    }
    refuse_unknown_command(arguments);
    std::vector<std::string> reversed = normalize(arguments, infos_);
    std::reverse(reversed.begin(), reversed.end());
    app_.parse(std::move(reversed));
    if (version_ > 0) return {"", [] { std::fputs(version_text().c_str(), stdout); }, "", 0, ""};
    if (form_ == "man") return {"", {}, manual_page(commands_, general_)};
    if (!form_.empty()) return {"", {}, completion_script(form_, commands_)};
    for (const CLI::App* sub : app_.get_subcommands()) {
      if (sub->get_name() == "help") return {"", {}, help_text(), 0};
      Request out{sub->get_name(), runs_.at(sub->get_name()), "", 0};
      out.log_level = log_level_from(std::getenv("EZKL_LOG"), std::getenv("RUST_LOG"), verbose_, quiet_ > 0);
      out.json_errors = json_errors_ > 0;
      if (const std::string remote = remote_url(remote_); !remote.empty()) {
        out.run = remote_run(remote, {std::find(arguments.begin(), arguments.end(), sub->get_name()), arguments.end()});
      }
      if (!report_.empty()) {
        out.report = in_context("--report", [&] { return int(parse_integer(report_, 0, 1 << 20)); });
      }
      if (quiet_ > 0 || json_errors_ > 0) out.closing.clear();
      out.files = files_.at(sub->get_name());
      return out;
    }
    return {"", {}, program_help(commands_, general_), 2};
  }

  std::string help_for_asked() const { return help_of(asked_); }
  const std::string& asked_command() const { return asked_; }

 private:
  std::string help_of(const std::string& name) const {
    if (name.empty()) return program_help(commands_, general_);
    for (const CommandInfo& command : commands_) {
      if (command.name == name) return command_help(command);
    }
    usage("there is no command '" + name + "'" + meant(name) + " (`ezkl --help` lists them)");
  }
  std::string help_text() { return help_of(help_of_); }
  std::string meant(const std::string& name) const {
    std::vector<std::string> names;
    for (const CommandInfo& command : commands_) names.push_back(command.name);
    const std::string best = nearest(name, names);
    return best.empty() ? "" : "; is `ezkl " + best + "` meant?";
  }
  /// The first word that is no option is a command.
  void refuse_unknown_command(const std::vector<std::string>& arguments) const {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      const OptionInfo* const option = named(argument, general_);
      if (option && option->takes_value) {
        ++i;
      } else if (argument.substr(0, 1) != "-") {
        if (argument == "help" || infos_.count(argument) > 0) return;
        usage("there is no command '" + argument + "'" + meant(argument) + " (`ezkl --help` lists them)");
      }
    }
  }

  CLI::App app_;
  std::string form_, help_of_, asked_;
  std::string report_, remote_;
  std::int64_t version_ = 0, verbose_ = 0, quiet_ = 0, json_errors_ = 0;
  std::map<std::string, std::function<void()>> runs_;
  std::map<std::string, std::vector<OptionInfo>> infos_;
  std::map<std::string, std::vector<NamedFile>> files_;
  std::vector<CommandInfo> commands_;  ///< in the order of the help
  std::vector<OptionInfo> general_;
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

void Options::remember(const char* names, const std::string& help, const char* type, const std::string& shown_default) {
  OptionInfo info;
  std::string text = names;
  if (text[1] != '-') {
    info.short_name = text[1];
    text = text.substr(3);
  }
  info.long_name = text.substr(2);
  info.help = help;
  info.type = type;
  info.takes_value = !info.type.empty();
  info.shown_default = shown_default;
  const bool file = info.type == "PATH" || info.type == "[PATH]" || info.type == "DATA";
  info.group = group_ ? group_ : file ? "Files" : "Options";
  infos_.push_back(info);
}

void Options::parsed(const char* names, const char* type, const std::string& shown_default, const Read& read,
                     const std::string& help, bool repeatable) {
  remember(names, help, type, shown_default);
  const std::string name = "--" + infos_.back().long_name;
  const auto each = [read, name, typed = typed_](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      in_context(name, [&] { read(text); });
      if (typed) *typed += name + "=" + text + "\n";
    }
  };
  CLI::Option* option = app_of(parser_).add_option_function<std::vector<std::string>>(names, each);
  option->expected(1)->allow_extra_args(false)->type_name(type);
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
  files_.push_back({infos_.back().long_name, [&into] { return into; }});
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
  files_.push_back({infos_.back().long_name, [&into] { return into.value_or(std::filesystem::path()); }});
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
  remember(names, help, "[PATH]");
  const auto read = [&into, bare](const std::string& text) { into = text.empty() ? bare : text; };
  last_ = app_of(parser_)
              .add_option_function<std::string>(names, read)
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
  remember(names, help, "");
  last_ = app_of(parser_)
              .add_flag_function(names,
                                 [&into, typed = typed_, name = "--" + infos_.back().long_name](std::int64_t) {
                                   into = true;
                                   if (typed) *typed += name + "\n";
                                 })
              ->disable_flag_override();
}

void Options::require() {
  static_cast<CLI::Option*>(last_)->required();
  infos_.back().required = true;
  infos_.back().shown_default.clear();  // what a variable happens to hold
}

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
