#include "remote.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/files.hpp"
#include "base/text.hpp"
#include "client/run_remotely.hpp"
#include "ezkl/error.hpp"

namespace ezkl::cli {
namespace {

std::string variable(const char* name) {
  const char* const text = std::getenv(name);
  return text ? text : "";
}

std::string key() {
  if (const std::string given = variable("EZKL_API_KEY"); !given.empty()) return given;
  const std::string file = variable("EZKL_API_KEY_FILE");
  if (file.empty()) throw Error(Fault::usage, "a service wants a key: set EZKL_API_KEY or EZKL_API_KEY_FILE");
  std::string text = read_text(file, 4096);
  text.erase(std::find_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }), text.end());
  return text;
}

/// Without the options that are this program's own.
std::vector<std::string> of_the_command(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const auto is = [&](const char* name) { return word == name || word.rfind(std::string(name) + "=", 0) == 0; };
    if (is("--remote") || is("--report")) {
      if (word.find('=') == std::string::npos) ++i;
    } else if (word != "--json-errors" && word != "--verbose" && word != "--quiet" && word != "-q" && word != "-v" &&
               word != "-vv") {
      out.push_back(word);
    }
  }
  return out;
}

}  // namespace

std::string remote_url(const std::string& given) {
  if (!given.empty()) return given;
  const std::string ours = variable("EZKL_REMOTE_URL");
  return ours.empty() ? variable("ARCHON_SERVER_URL") : ours;
}

std::function<void()> remote_run(const std::string& url, const std::vector<std::string>& arguments) {
  return [url, words = of_the_command(arguments)] {
    std::fputs(printable(service::run_remotely({url, key()}, words)).c_str(), stdout);
  };
}

}  // namespace ezkl::cli
