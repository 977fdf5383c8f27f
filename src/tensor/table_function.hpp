#pragma once

#include <map>
#include <string>

#include "ezkl/run_args.hpp"

namespace ezkl {

/// The integer that a static lookup table holds for the integer `x`: the function `name` on x / scale, times scale,
/// rounded half away from zero and clamped to 128 bits (NaN gives 0).
///
/// names       Div(denom) IsOdd PowersOfTwo(scale) Exp(scale, base) Pow(scale, a) and, with scale only, Ln Sigmoid
///             HardSwish Cos ACos Cosh ACosh Sin ASin Sinh ASinh Tan ATan Tanh ATanh Erf
/// parameters  32-bit floats, as in settings.json
/// errors      Fault::unsupported for another name, Fault::format for a missing parameter
/// source      docs/spec/constraint-system.md 5.5; compared with every table of the published package
Int128 table_value(const std::string& name, const std::map<std::string, float>& parameters, Int128 x);

/// Whether table_value clamped: what it gives for infinities and all else beyond 128 bits.
bool is_clamped(Int128 value);

}  // namespace ezkl
