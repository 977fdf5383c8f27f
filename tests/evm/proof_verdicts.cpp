// Says of many proofs of one key whether they hold, for comparison with the contracts.
//   proof_verdicts SETTINGS VK SRS < LINES
// A line is the proof in hexadecimal and the instances as big-endian words, with spaces between; for each one a line
// with 1 or 0 comes out. An instance that is no field element makes a proof that does not hold.
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "circuit/configure.hpp"
#include "circuit/statement_of.hpp"
#include "commit/srs.hpp"
#include "ezkl/error.hpp"
#include "plonk/verifier.hpp"

namespace {

std::vector<std::uint8_t> from_hex(const std::string& text) {
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  }
  return out;
}

bool holds(const ezkl::SrsVerifier& srs, const ezkl::plonk::VerifyingKey& vk, std::size_t count,
           const std::string& line) {
  std::istringstream words(line);
  std::string word;
  words >> word;
  const auto proof = from_hex(word);
  std::vector<std::vector<ezkl::Fr>> instances(1);
  while (words >> word) {
    const auto bytes = from_hex(word);
    if (bytes.size() != 32) throw ezkl::Error(ezkl::Fault::format, "an instance is not a word: " + word);
    const auto value = ezkl::Fr::from_bytes_be(std::span<const std::uint8_t, 32>(bytes.data(), 32));
    if (!value) return false;
    instances[0].push_back(*value);
  }
  return ezkl::plonk::verify_proof(srs, vk, {count}, instances, proof).accepted;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: proof_verdicts SETTINGS VK SRS < LINES\n";
    return 2;
  }
  try {
    const auto settings = ezkl::read_settings(argv[1]);
    const auto cs = ezkl::configure(settings).cs;
    const auto vk = ezkl::read_verifying_key(argv[2], cs, settings.run_args.logrows, ezkl::KeyFormat::raw);
    const auto srs = ezkl::read_srs_verifier(argv[3]);
    const std::size_t count = ezkl::statement_of(settings).num_instances;
    for (std::string line; std::getline(std::cin, line);) std::cout << holds(srs, vk, count, line) << '\n';
  } catch (const ezkl::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
