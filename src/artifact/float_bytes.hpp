#pragma once

#include <vector>

#include "base/bytes.hpp"

namespace ezkl {

void write_real(ByteWriter& writer, double value);
double read_real(ByteReader& reader);

/// A list of floats, as singles where that loses nothing.
void write_floats(ByteWriter& writer, const std::vector<double>& values);
/// errors: Fault::format for another width or more floats than the file holds.
std::vector<double> read_floats(ByteReader& reader);

}  // namespace ezkl
