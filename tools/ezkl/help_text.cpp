#include "help_text.hpp"

#include <algorithm>

#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t text_column = 28;  // where descriptions begin

const char* const summary = "From an ONNX model to a zero-knowledge proof of its execution.";
const char* const ways[] = {
    "A public model on private data:",
    "  ezkl gen-settings && ezkl compile-model && ezkl get-srs && ezkl setup",
    "  ezkl gen-witness && ezkl prove && ezkl verify",
    "A private model on public data, bound by its hash:",
    "  ezkl gen-settings --input-visibility public --param-visibility hashed",
    "All public, verified on a chain:",
    "  ezkl gen-settings --input-visibility public --target gas",
    "  ezkl create-evm-verifier && ezkl deploy-evm && ezkl verify-evm",
};
const char* const statuses =
    "Results go to standard output, messages and the log to standard error. Exit status: 0, 1 for any fault, 2 for a "
    "command line that makes no sense, 130 after Ctrl-C.";

/// `text` in words, no line longer than `columns`, all but the first beginning at `indent`; the first begins at `at`.
std::string wrapped(const std::string& text, std::size_t at, std::size_t indent) {
  std::string out;
  std::size_t column = at;
  bool first = true;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (!first && column + 1 + word.size() > columns) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
    begin = end + 1;
  }
  return out + "\n";
}

std::string entry(const std::string& names, const std::string& text) {
  std::string out = "  " + names;
  if (out.size() + 2 > text_column) {
    out += "\n" + std::string(text_column, ' ');
  } else {
    out.resize(text_column, ' ');
  }
  return out + wrapped(text, text_column, text_column);
}

std::string names_of(const OptionInfo& option) {
  std::string out = option.short_name ? std::string("-") + option.short_name + ", " : "    ";
  out += "--" + option.long_name;
  if (option.takes_value) out += " " + option.type;
  return out;
}

std::string text_of(const OptionInfo& option) {
  std::string out = option.help;
  if (option.required) out += " (required)";
  if (!option.shown_default.empty()) out += " [default: " + option.shown_default + "]";
  return out;
}

/// A command line of the examples in lines that a shell reads as one.
std::string continued(const std::string& line) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t begin = line.find_first_not_of(' '); begin < line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    const std::string word = line.substr(begin, end - begin);
    if (column == 0) {
      out += "  " + word;
      column = 2 + word.size();
    } else if (column + word.size() + 3 > columns) {
      out += " \\\n      " + word;
      column = 6 + word.size();
    } else {
      out += " " + word;
      column += 1 + word.size();
    }
    begin = end + 1;
  }
  return out + "\n";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

/// The groups of `options`, in the order in which they are first met.
std::vector<std::string> groups_of(std::span<const OptionInfo> options) {
  std::vector<std::string> out;
  for (const OptionInfo& option : options) {
    if (std::find(out.begin(), out.end(), option.group) == out.end()) out.push_back(option.group);
  }
  return out;
}

/// Text of a manual page: a line that begins with a dot or an apostrophe would be a request.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&" + std::string(1, c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string roff_options(std::span<const OptionInfo> options) {
  std::string out;
  for (const OptionInfo& option : options) {
    out += ".TP\n.B ";
    if (option.short_name) out += std::string("\\-") + option.short_name + ", ";
    out += "\\-\\-" + roff(option.long_name);
    if (option.takes_value) out += " \\fI" + roff(option.type) + "\\fR";
    out += "\n" + roff(text_of(option)) + "\n";
  }
  return out;
}

}  // namespace

std::string program_help(std::span<const CommandInfo> commands, std::span<const OptionInfo> general) {
  std::string out =
      std::string(summary) + "\n\nUsage: ezkl COMMAND [OPTIONS]\n\nWith network.onnx and input.json here:\n";
  for (const char* way : ways) out += std::string("  ") + way + "\n";
  std::string group;
  for (const CommandInfo& command : commands) {
    if (command.group != group) {
      group = command.group;
      out += "\n" + group + ":\n";
    }
    out += entry(command.name, command.help);
  }
  out += "\nOptions of every command:\n";
  for (const OptionInfo& option : general) out += entry(names_of(option), text_of(option));
  return out + "\n" + wrapped(statuses, 0, 0);
}

std::string command_help(const CommandInfo& command) {
  std::string out = wrapped(command.help, 0, 0) + "\nUsage: ezkl " + command.name + " [OPTIONS]\n";
  if (!command.examples.empty()) {
    out += "\nExamples:\n";
    for (const std::string& line : lines_of(command.examples)) out += continued(line);
  }
  for (const std::string& group : groups_of(command.options)) {
    out += "\n" + group + ":\n";
    for (const OptionInfo& option : command.options) {
      if (option.group == group) out += entry(names_of(option), text_of(option));
    }
  }
  return out + "\n" + wrapped("Options of every command: see ezkl --help.", 0, 0);
}

std::string manual_page(std::span<const CommandInfo> commands, std::span<const OptionInfo> general) {
  std::string out = ".TH EZKL 1 \"\" \"ezkl " + std::string(version()) + "\" \"User Commands\"\n.SH NAME\nezkl \\- " +
                    roff("zero-knowledge proofs of the execution of ONNX models") +
                    "\n.SH SYNOPSIS\n.B ezkl\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH DESCRIPTION\n" + roff(summary) +
                    " With network.onnx and input.json in the working folder:\n.nf\n";
  for (const char* way : ways) out += roff(way) + "\n";
  out += ".fi\n.SH OPTIONS\n" + roff_options(general);
  std::string group;
  for (const CommandInfo& command : commands) {
    if (command.group != group) {
      group = command.group;
      std::string title = group;
      std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return char(std::toupper(c)); });
      out += ".SH " + roff(title) + "\n";
    }
    out += ".SS ezkl " + roff(command.name) + "\n" + roff(command.help) + ".\n" + roff_options(command.options);
    if (!command.examples.empty()) out += ".PP\n.nf\n" + roff(command.examples) + ".fi\n";
  }
  return out + ".SH EXIT STATUS\n" + roff(statuses) + "\n";
}

}  // namespace ezkl::cli
