#include "statement/hashed_tensors.hpp"

#include <numeric>
#include <string>

#include "ezkl/error.hpp"

namespace ezkl {

std::vector<std::size_t> hashed_tensors(const Visibility& visibility, std::size_t tensors) {
  std::vector<std::size_t> out;
  if (visibility.kind == Visibility::Kind::hashed_public) {
    out.resize(tensors);
    std::iota(out.begin(), out.end(), std::size_t{0});
  }
  if (visibility.kind != Visibility::Kind::hashed_private) return out;
  if (visibility.outlets.empty()) {
    throw Error(Fault::usage, "visibility hashed/private lists no tensor: write hashed/private/0 for the first");
  }
  std::vector<bool> seen(tensors);
  for (const std::size_t outlet : visibility.outlets) {
    const std::string which = "visibility hashed/private: tensor " + std::to_string(outlet);
    if (outlet >= tensors) {
      throw Error(Fault::usage, which + " is not there: they are numbered from 0, and there are " +
                                    std::to_string(tensors) + " (parameters are one)");
    }
    if (seen[outlet]) throw Error(Fault::usage, which + " is listed twice");
    seen[outlet] = true;
    out.push_back(outlet);
  }
  return out;
}

}  // namespace ezkl
