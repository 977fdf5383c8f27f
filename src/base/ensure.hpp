#pragma once

#include <string>

namespace ezkl {

[[noreturn]] void throw_internal(const char* condition, const std::string& message, const char* file, int line);

}  // namespace ezkl

/// A promise between ezkl's own functions, never a check of input. Stays on in release builds: next to a proof the
/// branch is free, and a broken promise must not become a wrong proof.
#define EZKL_ENSURE(condition, message) \
  ((condition) ? void(0) : ::ezkl::throw_internal(#condition, (message), __FILE__, __LINE__))
