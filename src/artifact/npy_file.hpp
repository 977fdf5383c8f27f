#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "artifact/input_file.hpp"

namespace ezkl {

/// Whether the bytes open like a numpy array file, or like a zip archive of such files.
bool is_npy(std::span<const std::uint8_t> bytes);
bool is_npz(std::span<const std::uint8_t> bytes);

/// The elements of a numpy array in row-major order. Booleans, integers and floats of 2, 4 and 8 bytes, either order of
/// bytes and of axes; whole numbers are exact. The header is read as numpy writes it: a key that is unknown or stands
/// twice is refused, so that no two readers see two arrays in one file. errors: Fault::format; Fault::unsupported for
/// other element types.
/// source: format of numpy.lib.format, versions 1 to 3.
std::vector<InputValue> parse_npy(std::span<const std::uint8_t> bytes, const std::string& what);

/// The shape of a numpy array. errors: Fault::format.
Shape npy_shape(std::span<const std::uint8_t> bytes, const std::string& what);

/// The arrays of an archive written by numpy's savez or savez_compressed, in its order, without ".npy" in their names.
/// errors: Fault::format, also for two arrays of one name, for a checksum that does not fit, and for an archive in
/// which another reader could find another directory.
std::vector<std::pair<std::string, std::vector<InputValue>>> parse_npz(std::span<const std::uint8_t> bytes,
                                                                       const std::string& what);

}  // namespace ezkl
