#include "api/run_args_text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "artifact/proof_system_name.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return char(std::tolower(c)); });
  return text;
}

std::size_t index(std::string_view text) {
  std::size_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return out;
  throw Error(Fault::usage, "'" + std::string(text) + "' is not the index of a tensor");
}

}  // namespace

Visibility parse_visibility(const std::string& text) {
  const std::string name = lower(text);
  using Kind = Visibility::Kind;
  if (name == "private") return {Kind::private_, {}};
  if (name == "public") return {Kind::public_, {}};
  if (name == "fixed") return {Kind::fixed, {}};
  if (name == "hashed" || name == "hashed/public") return {Kind::hashed_public, {}};
  if (name == "polycommit" || name == "kzgcommit") return {Kind::polycommit, {}};
  constexpr std::string_view hashed_private = "hashed/private/";
  if (name.starts_with(hashed_private)) {
    Visibility out{Kind::hashed_private, {}};
    for (std::string_view rest = std::string_view(name).substr(hashed_private.size());;) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      out.outlets.push_back(index(rest.substr(0, comma)));
      if (comma == rest.size()) return out;
      rest.remove_prefix(comma + 1);
    }
  }
  throw Error(Fault::usage,
              "no visibility '" + text + "': private, public, fixed, hashed, hashed/private/<indices>, polycommit");
}

CheckMode parse_check_mode(const std::string& text) {
  const std::string name = lower(text);
  if (name == "safe") return CheckMode::safe;
  if (name == "unsafe") return CheckMode::unsafe;
  throw Error(Fault::usage, "'" + text + "': safe or unsafe");
}

Commitment parse_commitment(const std::string& text) {
  const std::string name = lower(text);
  if (name == "kzg") return Commitment::kzg;
  if (name == "ipa") return Commitment::ipa;
  throw Error(Fault::usage, "'" + text + "': kzg or ipa");
}

ProofSystem parse_proof_system(const std::string& text) {
  const std::string name = lower(text);
  for (const ProofSystem system : {ProofSystem::plonk, ProofSystem::sumcheck}) {
    if (name == name_of(system)) return system;
  }
  throw Error(Fault::usage, "'" + text + "': plonk or sumcheck");
}

Semantics parse_semantics(const std::string& text) {
  const std::string name = lower(text);
  if (name == "onnx") return Semantics::onnx;
  if (name == "published") return Semantics::published;
  throw Error(Fault::usage, "'" + text + "': onnx or published");
}

}  // namespace ezkl
