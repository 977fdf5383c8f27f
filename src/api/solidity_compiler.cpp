#include "api/solidity_compiler.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "base/hex.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"

extern char** environ;

namespace ezkl {
namespace {

constexpr const char* source_name = "verifier.sol";
constexpr std::size_t longest_output = std::size_t{1} << 28, longest_complaint = 2000;

using Command = std::vector<std::string>;

std::optional<std::string> on_path(const std::string& name) {
  std::string_view rest = session_options().program_path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string candidate = std::string(rest.substr(0, end)) + "/" + name;
    if (end > 0 && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

bool is_node_script(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension();
  return extension == ".js" || extension == ".mjs" || extension == ".cjs";
}

Command compiler_command() {
  constexpr const char* form = "--standard-json";
  if (const std::string& given = session_options().solidity_compiler; !given.empty()) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(given, ignored)) {
      throw Error(Fault::unsupported, "there is no Solidity compiler at " + given,
                  {{"solidity_compiler", "{} names another"}});
    }
    if (is_node_script(given)) return {on_path("node").value_or("node"), given, form};
    return {given, form};
  }
  for (const char* name : {"solc", "solcjs"}) {
    if (const auto found = on_path(name)) return {*found, form};
  }
  throw Error(
      Fault::unsupported,
      "no Solidity compiler found: install `solc` (github.com/ethereum/solidity, release 0.8.20 or later) or `solcjs` "
      "(npm install -g solc@0.8.20)",
      {{"program_path", "it is looked for in {}"}, {"solidity_compiler", "or name one with {}"}});
}

using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

File scratch_file() {
  File out(std::tmpfile(), std::fclose);
  if (!out) throw Error(Fault::io, std::string("no temporary file for the Solidity compiler: ") + std::strerror(errno));
  return out;
}

std::string content(std::FILE* file, std::size_t longest) {
  std::rewind(file);
  std::string out;
  char piece[1 << 14];
  while (const std::size_t n = std::fread(piece, 1, sizeof piece, file)) {
    if (n > longest - out.size()) throw Error(Fault::format, "the Solidity compiler wrote more than fits here");
    out.append(piece, n);
  }
  return out;
}

struct Finished {
  int status = 0;
  std::string output, complaint;
};

/// Runs a program with files instead of pipes: neither side ever waits for the other.
Finished run(const Command& command, const std::string& input) {
  const File in = scratch_file(), out = scratch_file(), err = scratch_file();
  if (std::fwrite(input.data(), 1, input.size(), in.get()) != input.size() || std::fflush(in.get()) != 0) {
    throw Error(Fault::io, "the input of the Solidity compiler cannot be written to a temporary file");
  }
  std::rewind(in.get());
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw Error(Fault::io, command[0] + " does not start: " + std::strerror(failed));
  Finished result;
  while (::waitpid(child, &result.status, 0) < 0) {
    if (errno != EINTR) throw Error(Fault::io, command[0] + ": " + std::strerror(errno));
  }
  result.output = content(out.get(), longest_output);
  result.complaint = content(err.get(), longest_output).substr(0, longest_complaint);
  return result;
}

std::string compiler_input(const std::string& source, const std::string& contract, std::uint32_t optimizer_runs) {
  JsonWriter json;
  const auto object = [&](std::string_view key) {
    json.key(key);
    json.open_object();
  };
  json.open_object();
  json.key("language");
  json.text("Solidity");
  object("sources");
  object(source_name);
  json.key("content");
  json.text(source);
  json.close_object();
  json.close_object();
  object("settings");
  object("optimizer");
  json.key("enabled");
  json.boolean(true);
  json.key("runs");
  json.integer(optimizer_runs);
  json.close_object();
  object("outputSelection");
  object("*");
  json.key(contract);
  json.open_list();
  json.text("evm.bytecode.object");
  json.text("evm.deployedBytecode.object");
  json.text("evm.deployedBytecode.immutableReferences");
  json.close_list();
  json.close_object();
  json.close_object();
  json.close_object();
  json.close_object();
  return json.take();
}

/// The messages of severity "error", one after the other.
std::string complaints(const Json& output) {
  std::string out;
  if (const Json* list = output.find("errors")) {
    for (const Json& item : list->items()) {
      if (item.member("severity", [](const Json& v) { return v.text(); }) != "error") continue;
      const Json* text = item.find("formattedMessage");
      out += (text ? text->text() : item.member("message", [](const Json& v) { return v.text(); })) + "\n";
    }
  }
  return out.substr(0, longest_complaint);
}

}  // namespace

CompiledContract compile_solidity(const std::string& source, const std::string& contract, std::uint32_t optimizer_runs,
                                  const std::string& what) {
  const Command command = compiler_command();
  const Finished finished = run(command, compiler_input(source, contract, optimizer_runs));
  // the compiler's Node form surrounds the JSON with remarks
  const std::size_t first = finished.output.find('{'), last = finished.output.rfind('}');
  if (finished.status != 0 || first == std::string::npos || last < first) {
    throw Error(Fault::io,
                command[0] + " failed on " + what + ": " +
                    (finished.complaint.empty() ? finished.output.substr(0, longest_complaint) : finished.complaint));
  }
  const Json output = Json::parse(std::string_view(finished.output).substr(first, last + 1 - first),
                                  "output of " + command[0], std::size_t{1} << 21);
  if (const std::string text = complaints(output); !text.empty()) {
    throw Error(Fault::format, what + ": does not compile:\n" + text);
  }
  const Json* contracts = output.find("contracts");
  const Json* file = contracts ? contracts->find(source_name) : nullptr;
  const Json* found = file ? file->find(contract) : nullptr;
  if (!found) {
    throw Error(Fault::format, what + ": holds no contract " + contract,
                {{"contract_type", "{} says which one is deployed"}});
  }
  return in_context("output of " + command[0], [&] {
    const auto code = [&](const char* part) {
      return found->at("evm").member(part, [](const Json& p) { return parse_hex(p.at("object").text()); });
    };
    CompiledContract out{code("bytecode"), code("deployedBytecode")};
    if (out.creation.empty()) throw Error(Fault::format, contract + " has no code");
    const Json* immutables = found->at("evm").at("deployedBytecode").find("immutableReferences");
    if (immutables && !immutables->members().empty()) {
      throw Error(Fault::unsupported, contract +
                                          " has immutable values: no verifier of this program has, and the code "
                                          "that it gets could not be compared with what was compiled");
    }
    return out;
  });
}

}  // namespace ezkl
