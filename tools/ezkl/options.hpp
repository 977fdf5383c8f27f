#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ezkl/error.hpp"
#include "ezkl/session.hpp"

namespace ezkl::cli {

/// What help, completions and the manual page have to know about one option.
struct OptionInfo {
  char short_name = 0;  ///< 0: none
  std::string long_name;
  std::string help;
  bool takes_value = true;
  std::string type{};           ///< of the value, as "PATH"
  std::string shown_default{};  ///< empty: there is none to show
  std::string group{};          ///< its heading
  bool required = false;
};

/// A file that an option names: what to look at when a command could not open one.
struct NamedFile {
  std::string option;  ///< its long name
  std::function<std::filesystem::path()> path;
};

/// A thin face over the parser library, which only options.cpp includes: it costs seconds a file. Names are given as
/// "-S,--settings-path". An option that is not given leaves its variable alone; its value at declaration is the default
/// that the help shows. errors of parsing: Fault::usage.
class Options {
 public:
  using Read = std::function<void(const std::string&)>;

  explicit Options(void* parser) : parser_(parser) {}

  void value(const char* names, std::string& into, const std::string& help, const char* type = "TEXT");
  void value(const char* names, std::filesystem::path& into, const std::string& help);
  void value(const char* names, std::int32_t& into, const std::string& help);
  void value(const char* names, std::uint32_t& into, const std::string& help);
  void value(const char* names, std::size_t& into, const std::string& help);
  void value(const char* names, double& into, const std::string& help);
  void value(const char* names, std::optional<std::filesystem::path>& into, const std::string& help);
  void value(const char* names, std::optional<std::string>& into, const std::string& help, const char* type = "TEXT");
  void value(const char* names, std::optional<std::int32_t>& into, const std::string& help);
  void value(const char* names, std::optional<std::uint32_t>& into, const std::string& help);
  void value(const char* names, std::optional<std::uint64_t>& into, const std::string& help);
  void value(const char* names, std::optional<double>& into, const std::string& help);
  void value(const char* names, std::optional<float>& into, const std::string& help);
  /// An option whose value may be left out: `bare` stands for it then.
  void value_or(const char* names, std::optional<std::filesystem::path>& into, const std::string& bare,
                const std::string& help);
  /// A list: commas between elements, the option may be repeated.
  void list(const char* names, std::vector<std::int32_t>& into, const std::string& help);
  void list(const char* names, std::vector<std::uint32_t>& into, const std::string& help);
  void list(const char* names, std::vector<std::string>& into, const std::string& help);
  /// Anything else: `read` is called with the text, once for every time the option is given if it is `repeatable`.
  void parsed(const char* names, const char* type, const std::string& shown_default, const Read& read,
              const std::string& help, bool repeatable = false);
  void flag(const char* names, bool& into, const std::string& help);
  /// The option declared last must be given.
  void require();
  /// The heading of the options declared from here on, instead of "Files" for paths and "Options" for the rest.
  void group(const char* heading) { group_ = heading; }
  /// What is typed of the options declared from here on also goes to `into`, a line each; null: no longer.
  void note_typed(std::string* into) { typed_ = into; }
  const std::vector<OptionInfo>& infos() const { return infos_; }
  const std::vector<NamedFile>& files() const { return files_; }
  /// A file that is named by an option declared as something else than a path.
  void also_file(const std::string& option, std::function<std::filesystem::path()> path) {
    files_.push_back({option, std::move(path)});
  }

 private:
  void remember(const char* names, const std::string& help, const char* type, const std::string& shown_default = "");

  void* parser_;
  void* last_ = nullptr;
  const char* group_ = nullptr;
  std::string* typed_ = nullptr;
  std::vector<OptionInfo> infos_;
  std::vector<NamedFile> files_;
};

/// One command: `declare` adds its options and gives what to run once they are parsed. The values live in that closure,
/// so commands share no state.
struct Command {
  const char* name;
  const char* help;
  const char* examples;
  std::function<void()> (*declare)(Options&);
};

/// Commands under one heading of the help.
struct CommandGroup {
  const char* heading;
  std::span<const Command* const> commands;
};

/// All commands, in the order of the help.
std::span<const CommandGroup> all_commands();

/// What the command line asks for: a command, or text to print (help, a completion script).
struct Request {
  std::string command;
  std::function<void()> run;  ///< empty when `text` is all there is
  std::string text;           ///< for stdout, or stderr when `exit_code` is not 0
  int exit_code = 0;
  std::string closing = "succeeded\n";        ///< what standard error says in the end
  std::vector<NamedFile> files{};             ///< that the command names
  std::optional<Error> error = std::nullopt;  ///< what `text` says, if that is an error
  LogLevel log_level = LogLevel::info;
  std::optional<int> report = std::nullopt;  ///< the file descriptor that progress goes to, a JSON object a line
  bool json_errors = false;                  ///< an error is to be one JSON object
};

/// Never throws for what a user typed: a usage error is a Request with exit code 2.
Request parse_command_line(int argc, char** argv);

/// Numbers with nothing before or after. errors: Fault::usage.
std::int64_t parse_integer(const std::string& text, std::int64_t lowest, std::int64_t highest);
std::uint64_t parse_unsigned(const std::string& text);
double parse_real(const std::string& text);
/// Bytes: a number with K, M or G (powers of 1024) or nothing behind it.
std::uint64_t parse_bytes(const std::string& text);
std::vector<std::string> split_commas(const std::string& text);

}  // namespace ezkl::cli
