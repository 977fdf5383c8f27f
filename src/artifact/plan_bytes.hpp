#pragma once

#include "base/bytes.hpp"
#include "relations/plan.hpp"

namespace ezkl {

/// A plan as keys of the sumcheck system hold it: what verifiers read of it, and nothing of where values come from.
void write_plan(ByteWriter& writer, const relations::Plan& plan);

/// errors: Fault::format for sizes and numbers that do not fit, before anything of their size is made, and for a plan
/// that cannot be run
relations::Plan read_plan(ByteReader& reader);

}  // namespace ezkl
