#include "circuit/constant_arithmetic.hpp"

#include "ezkl/error.hpp"

namespace ezkl::circuit {
namespace {

[[noreturn]] void too_large() { throw Error(Fault::range, "constants give a number of more than 127 bits"); }

}  // namespace

Int128 constant_sum(Int128 a, Int128 b) {
  Int128 out;
  if (__builtin_add_overflow(a, b, &out)) too_large();
  return out;
}

Int128 constant_product(Int128 a, Int128 b) {
  Int128 out;
  if (__builtin_mul_overflow(a, b, &out)) too_large();
  return out;
}

}  // namespace ezkl::circuit
