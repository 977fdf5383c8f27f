#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "ezkl/export.hpp"

namespace ezkl {

/// What went wrong, in the terms of whoever has to act on it. The number is the code of the C interface, so a value
/// never changes its meaning; the program ends with 1 for all but usage, which is 2.
enum class Fault : int {
  usage = 2,        ///< the command line or an argument makes no sense
  io = 3,           ///< a file or a socket could not be read or written
  format = 4,       ///< bytes were read, but they are not a valid model / settings / key / proof
  unsupported = 5,  ///< a valid request outside what this build does (an operator, an opset, a curve)
  range = 6,        ///< a number does not fit (decomposition base, lookup range, row count)
  unsatisfied = 7,  ///< the witness breaks a constraint
  internal = 70,    ///< a broken promise inside ezkl: always a bug
};

/// The one exception type of ezkl. `what()` reads outermost first: "prove: network.ezkl: node 12 'Conv': …".
class EZKL_API Error : public std::runtime_error {
 public:
  Error(Fault fault, const std::string& message) : std::runtime_error(message), fault_(fault) {}
  Fault fault() const noexcept { return fault_; }

 private:
  Fault fault_;
};

/// Runs `body`; an ezkl::Error leaving it gets `where` put in front. Costs nothing when nothing is thrown.
template <class Body>
decltype(auto) in_context(std::string_view where, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const Error& e) {
    throw Error(e.fault(), std::string(where) + ": " + e.what());
  }
}

}  // namespace ezkl
