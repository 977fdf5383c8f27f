#include "circuit/constant_arithmetic.hpp"

#include "base/int128_arithmetic.hpp"
#include "ezkl/error.hpp"

namespace ezkl::circuit {
namespace {

[[noreturn]] void too_large() { throw Error(Fault::range, "constants give a number of more than 127 bits"); }

}  // namespace

Int128 constant_sum(Int128 a, Int128 b) { return checked_sum(a, b, too_large); }

Int128 constant_product(Int128 a, Int128 b) { return checked_product(a, b, too_large); }

}  // namespace ezkl::circuit
