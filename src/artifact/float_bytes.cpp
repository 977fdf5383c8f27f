#include "artifact/float_bytes.hpp"

#include <bit>
#include <string>

#include "artifact/envelope.hpp"
#include "tensor/float_tensor.hpp"

namespace ezkl {
namespace {

bool is_single(double value) {
  return std::bit_cast<std::uint64_t>(round_to(DType::f32, value)) == std::bit_cast<std::uint64_t>(value);
}

}  // namespace

void write_real(ByteWriter& writer, double value) { writer.u64le(std::bit_cast<std::uint64_t>(value)); }
double read_real(ByteReader& reader) { return std::bit_cast<double>(reader.u64le()); }

void write_floats(ByteWriter& writer, const std::vector<double>& values) {
  bool single = true;
  for (const double v : values) single = single && is_single(v);
  write_varint(writer, values.size());
  writer.u8(single ? 4 : 8);
  for (const double v : values) {
    if (single) {
      writer.u32le(std::bit_cast<std::uint32_t>(float(v)));
    } else {
      write_real(writer, v);
    }
  }
}

std::vector<double> read_floats(ByteReader& reader) {
  const std::size_t count = read_count(reader);
  const std::uint8_t width = reader.u8();
  if (width != 4 && width != 8) damaged(reader, "floats of " + std::to_string(width) + " bytes");
  if (count > reader.remaining() / width) damaged(reader, "more floats than the file holds");
  std::vector<double> out(count);
  for (double& v : out) v = width == 4 ? double(std::bit_cast<float>(reader.u32le())) : read_real(reader);
  return out;
}

}  // namespace ezkl
