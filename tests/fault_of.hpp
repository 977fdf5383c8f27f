#pragma once

#include "ezkl/error.hpp"

namespace ezkl::testing {

/// The fault that `body` throws; none of them when it throws nothing.
template <class Body>
Fault fault_of(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.fault();
  }
  return Fault{};
}

}  // namespace ezkl::testing
