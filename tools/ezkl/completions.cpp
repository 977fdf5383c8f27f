#include "completions.hpp"

#include "ezkl/error.hpp"

namespace ezkl::cli {
namespace {

std::string short_form(const OptionInfo& option) {
  return option.short_name ? std::string("-") + option.short_name : "";
}

std::string option_words(const CommandInfo& command) {
  std::string out;
  for (const OptionInfo& option : command.options) {
    if (option.short_name) out += short_form(option) + " ";
    out += "--" + option.long_name + " ";
  }
  return out + "-h --help";
}

std::string command_words(const std::vector<CommandInfo>& commands) {
  std::string out;
  for (const CommandInfo& command : commands) out += command.name + " ";
  return out + "help";
}

/// Text inside single quotes of a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string bash(const std::vector<CommandInfo>& commands) {
  std::string out =
      "_ezkl() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"" +
      command_words(commands) +
      " --generate --version --help\" -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case $command in\n";
  for (const CommandInfo& command : commands) {
    out += "    " + command.name + ") COMPREPLY=($(compgen -W \"" + option_words(command) + "\" -- \"$word\")) ;;\n";
  }
  out += "    help) COMPREPLY=($(compgen -W \"" + command_words(commands) +
         "\" -- \"$word\")) ;;\n"
         "  esac\n"
         "}\n"
         "complete -o default -F _ezkl ezkl\n";
  return out;
}

std::string zsh(const std::vector<CommandInfo>& commands) {
  std::string out =
      "#compdef ezkl\n"
      "_ezkl() {\n"
      "  if (( CURRENT == 2 )); then\n"
      "    local -a commands=(\n";
  for (const CommandInfo& command : commands) out += "      " + quoted(command.name + ":" + command.help) + "\n";
  out +=
      "    )\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  case ${words[2]} in\n";
  for (const CommandInfo& command : commands) {
    out += "    " + command.name + ") compadd -- " + option_words(command) + "; _files ;;\n";
  }
  out += "    help) compadd -- " + command_words(commands) +
         " ;;\n"
         "  esac\n"
         "}\n"
         "compdef _ezkl ezkl\n";
  return out;
}

std::string fish(const std::vector<CommandInfo>& commands) {
  std::string out;
  for (const CommandInfo& command : commands) {
    out += "complete -c ezkl -n __fish_use_subcommand -a " + command.name + " -d " + quoted(command.help) + "\n";
    for (const OptionInfo& option : command.options) {
      out += "complete -c ezkl -n '__fish_seen_subcommand_from " + command.name + "' -l " + option.long_name;
      if (option.short_name) out += std::string(" -s ") + option.short_name;
      if (option.takes_value) out += " -r";
      out += " -d " + quoted(option.help) + "\n";
    }
  }
  return out;
}

std::string elvish(const std::vector<CommandInfo>& commands) {
  std::string out =
      "set edit:completion:arg-completer[ezkl] = {|@words|\n"
      "  if (eq (count $words) 2) {\n"
      "    put " +
      command_words(commands) +
      "\n"
      "    return\n"
      "  }\n"
      "  var options = [\n";
  for (const CommandInfo& command : commands) out += "    &" + command.name + "=[" + option_words(command) + "]\n";
  out +=
      "  ]\n"
      "  if (has-key $options $words[1]) {\n"
      "    all $options[$words[1]]\n"
      "  }\n"
      "  edit:complete-filename $words[-1]\n"
      "}\n";
  return out;
}

std::string powershell(const std::vector<CommandInfo>& commands) {
  const auto list = [](const std::string& words) {
    std::string out;
    std::size_t begin = 0;
    while (begin < words.size()) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      out += (out.empty() ? "'" : ", '") + words.substr(begin, end - begin) + "'";
      begin = end + 1;
    }
    return out;
  };
  std::string out =
      "Register-ArgumentCompleter -Native -CommandName ezkl -ScriptBlock {\n"
      "  param($word, $tree, $position)\n"
      "  $options = @{\n";
  for (const CommandInfo& command : commands)
    out += "    '" + command.name + "' = @(" + list(option_words(command)) + ")\n";
  out +=
      "  }\n"
      "  $words = @($tree.CommandElements | ForEach-Object { $_.ToString() })\n"
      "  $offered = @(" +
      list(command_words(commands)) +
      ")\n"
      "  if ($words.Count -gt 1 -and $options.ContainsKey($words[1]) -and $words[1] -ne $word) {\n"
      "    $offered = $options[$words[1]]\n"
      "  }\n"
      "  $offered | Where-Object { $_ -like \"$word*\" } |\n"
      "    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }\n"
      "}\n";
  return out;
}

}  // namespace

std::string completion_script(const std::string& shell, const std::vector<CommandInfo>& commands) {
  if (shell == "bash") return bash(commands);
  if (shell == "zsh") return zsh(commands);
  if (shell == "fish") return fish(commands);
  if (shell == "elvish") return elvish(commands);
  if (shell == "powershell") return powershell(commands);
  throw Error(Fault::usage, "--generate: nothing for '" + shell + "': bash, zsh, fish, elvish, powershell or man");
}

}  // namespace ezkl::cli
