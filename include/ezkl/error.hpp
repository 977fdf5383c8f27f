#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ezkl/export.hpp"

namespace ezkl {

/// What went wrong, in the terms of whoever has to act on it. The number is the code of the C interface, so a value
/// never changes its meaning; the program ends with 1 for all but usage, which is 2, and cancelled.
enum class Fault : int {
  cancelled = 1,      ///< the session was stopped
  usage = 2,          ///< the command line or an argument makes no sense
  io = 3,             ///< a file or a socket could not be read or written
  format = 4,         ///< bytes were read, but they are not a valid model / settings / key / proof
  unsupported = 5,    ///< a valid request outside what this build does (an operator, an opset, a curve)
  range = 6,          ///< a number does not fit (decomposition base, lookup range, row count)
  unsatisfied = 7,    ///< the witness breaks a constraint
  out_of_memory = 8,  ///< the system gives no more memory
  disk_full = 9,      ///< no space is left for a file
  limit = 10,         ///< more than a limit that the caller may raise: size of a model, memory, area of a circuit
  internal = 70,      ///< a broken promise inside ezkl: always a bug
};

/// "usage", "io", "out_of_memory"; for programs that read errors.
EZKL_API const char* name_of(Fault fault) noexcept;

/// What to do about an error or a warning: which parameter to give or change, how. Parameters have the names of this
/// library's arguments, RunArgs, SessionOptions, or are `constant` and `input_shape`, short for RunArgs::variables.
/// "{}" in the advice stands for the parameter: a command line writes "--srs-path", Python "srs_path=".
struct Hint {
  std::string parameter, advice;
};

/// How a door writes the name of a parameter.
using Spelling = std::function<std::string(std::string_view parameter)>;

/// "text; advice; advice". Advice that goes on with the one before ("and {}", "or {}", "with {}") follows a space.
EZKL_API std::string with_hints(const std::string& text, const std::vector<Hint>& hints, const Spelling& spelling);

/// The one exception type of ezkl. `what()` reads outermost first, with parameters under their plain names:
/// "prove: network.ezkl: node 12 'Conv': …".
class EZKL_API Error : public std::runtime_error {
 public:
  Error(Fault fault, const std::string& text, std::vector<Hint> hints = {});

  Fault fault() const noexcept;
  /// What was found, without where.
  const std::string& text() const noexcept;
  /// Where: command, file, node, field; the outermost first.
  const std::vector<std::string>& frames() const noexcept;
  const std::vector<Hint>& hints() const noexcept;
  /// Where and what, without advice.
  std::string said() const;
  /// what() with parameters as a door spells them.
  std::string message(const Spelling& spelling) const;

  /// The same error with `where` around it.
  Error within(std::string_view where) const;
  /// The same error of another class.
  Error as(Fault fault) const;
  /// The same error with more advice.
  Error with(Hint hint) const;

 private:
  struct Parts;
  explicit Error(std::shared_ptr<const Parts> parts);

  std::shared_ptr<const Parts> parts_;  ///< shared, so that copies of an exception cannot fail
};

/// Runs `body`; an ezkl::Error leaving it gets `where` put in front. Costs nothing when nothing is thrown.
template <class Body>
decltype(auto) in_context(std::string_view where, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const Error& e) {
    throw e.within(where);
  }
}

}  // namespace ezkl
