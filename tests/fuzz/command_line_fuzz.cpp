// The command line, one argument a line: what is typed never throws, and nothing is run.
#include "commands/run_arguments.hpp"
#include "fuzz.hpp"
#include "statement/meaning.hpp"
#include "options.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  std::vector<std::string> arguments{"ezkl"};
  for (std::size_t begin = 0; begin <= size;) {
    const std::string_view rest = fuzz::text_of({bytes + begin, size - begin});
    const std::string_view line = rest.substr(0, rest.find('\n'));
    arguments.emplace_back(line.substr(0, line.find('\0')));
    begin += line.size() + 1;
  }
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const cli::Request request = cli::parse_command_line(static_cast<int>(arguments.size()), argv.data());
  fuzz::require(request.run || !request.text.empty() || request.exit_code == 0, "refused without a word");
  const std::string& text = arguments.back();
  fuzz::takes([&] {
    const Visibility visibility = parse_visibility(text);
    fuzz::require(parse_visibility(visibility_text(visibility)) == visibility, "another visibility");
  });
  fuzz::takes([&] { cli::parse_variable(text); });
  fuzz::takes([&] { cli::parse_integer(text, -1000, 1000); });
  fuzz::takes([&] { cli::parse_unsigned(text); });
  fuzz::takes([&] { cli::parse_real(text); });
  fuzz::takes([&] { cli::parse_bytes(text); });
  fuzz::takes([&] { parse_check_mode(text); });
  fuzz::takes([&] { parse_commitment(text); });
  return 0;
}
