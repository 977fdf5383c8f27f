#include "onnx/import_tensor.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <string>

#include "ezkl/error.hpp"
#include "tensor/half.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl {
namespace {

Shape import_shape(const google::protobuf::RepeatedField<std::int64_t>& dims) {
  Shape shape;
  for (const std::int64_t extent : dims) {
    if (extent < 0) throw Error(Fault::format, "a tensor has the negative extent " + std::to_string(extent));
    shape.push_back(static_cast<std::size_t>(extent));
  }
  if (shape.size() > 64) throw Error(Fault::format, "a tensor has " + std::to_string(shape.size()) + " axes");
  volume(shape);
  return shape;
}

double bfloat16_to_double(std::uint16_t bits) {
  const std::uint32_t wide = std::uint32_t{bits} << 16;
  float value = 0;
  std::memcpy(&value, &wide, sizeof value);
  return static_cast<double>(value);
}

template <class T>
std::vector<double> read_elements(std::span<const std::uint8_t> raw, std::size_t count, double (*convert)(T)) {
  if (raw.size() != count * sizeof(T)) {
    throw Error(Fault::format, "a tensor of " + std::to_string(count) + " elements has " + std::to_string(raw.size()) +
                                   " bytes of data, which should be " + std::to_string(count * sizeof(T)));
  }
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    T element;
    std::memcpy(&element, raw.data() + i * sizeof(T), sizeof(T));
    values[i] = convert(element);
  }
  return values;
}

template <class T>
double to_double(T value) {
  return static_cast<double>(value);
}

std::vector<double> read_nibbles(std::span<const std::uint8_t> raw, std::size_t count, bool is_signed) {
  if (raw.size() != (count + 1) / 2) {
    throw Error(Fault::format, "a 4-bit tensor of " + std::to_string(count) + " elements has " +
                                   std::to_string(raw.size()) + " bytes of data");
  }
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int nibble = (raw[i / 2] >> (i % 2 == 0 ? 0 : 4)) & 15;
    values[i] = is_signed && nibble >= 8 ? nibble - 16 : nibble;
  }
  return values;
}

std::vector<double> read_raw(int type, std::span<const std::uint8_t> raw, std::size_t count) {
  using onnx::TensorProto;
  switch (type) {
    case TensorProto::FLOAT:
      return read_elements<float>(raw, count, to_double);
    case TensorProto::DOUBLE:
      return read_elements<double>(raw, count, to_double);
    case TensorProto::FLOAT16:
      return read_elements<std::uint16_t>(raw, count, half_value);
    case TensorProto::BFLOAT16:
      return read_elements<std::uint16_t>(raw, count, bfloat16_to_double);
    case TensorProto::BOOL:
      return read_elements<std::uint8_t>(raw, count, [](std::uint8_t v) { return v != 0 ? 1.0 : 0.0; });
    case TensorProto::UINT8:
      return read_elements<std::uint8_t>(raw, count, to_double);
    case TensorProto::UINT16:
      return read_elements<std::uint16_t>(raw, count, to_double);
    case TensorProto::UINT32:
      return read_elements<std::uint32_t>(raw, count, to_double);
    case TensorProto::UINT64:
      return read_elements<std::uint64_t>(raw, count, to_double);
    case TensorProto::INT8:
      return read_elements<std::int8_t>(raw, count, to_double);
    case TensorProto::INT16:
      return read_elements<std::int16_t>(raw, count, to_double);
    case TensorProto::INT32:
      return read_elements<std::int32_t>(raw, count, to_double);
    case onnx_uint4:
      return read_nibbles(raw, count, false);
    case onnx_int4:
      return read_nibbles(raw, count, true);
    default:
      return read_elements<std::int64_t>(raw, count, to_double);
  }
}

template <class Field>
std::vector<double> read_field(const Field& field, std::size_t count, DType type) {
  if (static_cast<std::size_t>(field.size()) != count) {
    throw Error(Fault::format,
                "a tensor of " + std::to_string(count) + " elements has " + std::to_string(field.size()) + " values");
  }
  std::vector<double> values;
  values.reserve(count);
  for (const auto value : field) values.push_back(round_to(type, static_cast<double>(value)));
  return values;
}

std::vector<double> read_typed(const onnx::TensorProto& proto, DType type, std::size_t count) {
  using onnx::TensorProto;
  switch (proto.data_type()) {
    case TensorProto::FLOAT:
      return read_field(proto.float_data(), count, type);
    case TensorProto::DOUBLE:
      return read_field(proto.double_data(), count, type);
    case TensorProto::INT64:
      return read_field(proto.int64_data(), count, type);
    case TensorProto::UINT32:
    case TensorProto::UINT64:
      return read_field(proto.uint64_data(), count, type);
    case TensorProto::FLOAT16:
    case TensorProto::BFLOAT16: {
      std::vector<double> values = read_field(proto.int32_data(), count, DType::u16);
      const bool half = proto.data_type() == TensorProto::FLOAT16;
      for (double& value : values) {
        const auto bits = static_cast<std::uint16_t>(value);
        value = half ? half_value(bits) : bfloat16_to_double(bits);
      }
      return values;
    }
    case onnx_uint4:
    case onnx_int4: {
      std::vector<std::uint8_t> bytes;
      for (const std::int32_t value : proto.int32_data()) bytes.push_back(static_cast<std::uint8_t>(value));
      return read_nibbles(bytes, count, proto.data_type() == onnx_int4);
    }
    default:
      return read_field(proto.int32_data(), count, type);
  }
}

/// Data that a tensor has in two places is read differently by each reader. errors: Fault::format.
void check_one_place(const onnx::TensorProto& proto) {
  const bool places[] = {proto.data_location() == onnx::TensorProto::EXTERNAL,
                         proto.has_raw_data(),
                         proto.float_data_size() > 0,
                         proto.int32_data_size() > 0,
                         proto.int64_data_size() > 0,
                         proto.double_data_size() > 0,
                         proto.uint64_data_size() > 0,
                         proto.string_data_size() > 0};
  if (std::count(std::begin(places), std::end(places), true) > 1) {
    throw Error(Fault::format,
                "a tensor has data in more than one of the fields for it: which of them counts is not said");
  }
}

std::uint64_t parse_number(const std::string& key, const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error(Fault::format, "external data: '" + key + "' is '" + text + "', which should be a number");
  }
  return value;
}

std::vector<double> read_external(const onnx::TensorProto& proto, TensorSource& source, std::size_t count) {
  std::string location;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length;
  for (const auto& entry : proto.external_data()) {
    if (entry.key() == "location") location = entry.value();
    if (entry.key() == "offset") offset = parse_number("offset", entry.value());
    if (entry.key() == "length") length = parse_number("length", entry.value());
  }
  const InputFile& file = source.file(location);
  if (offset > file.size() || length.value_or(0) > file.size() - offset) {
    throw Error(Fault::format, "external data at '" + location + "': offset and length leave the file of " +
                                   std::to_string(file.size()) + " bytes");
  }
  source.budget.charge(ModelBudget::Kind::copy, count);
  constexpr std::uint64_t widest_element = 8;
  const std::uint64_t there = length.value_or(file.size() - offset);
  // Before it is read: a file of holes may be larger than all memory.
  if (there > widest_element * count) {
    throw Error(Fault::format, "a tensor of " + std::to_string(count) + " elements has " + std::to_string(there) +
                                   " bytes of data at '" + location + "', more than any type takes");
  }
  return read_raw(proto.data_type(), file.read(offset, there), count);
}

}  // namespace

const InputFile& TensorSource::file(const std::string& location) {
  const std::filesystem::path path = external_path(location, folder);
  try {
    const auto [entry, opened] = files.try_emplace(path, path);
    if (opened) budget.allow_file(entry->second.size());
    return entry->second;
  } catch (const Error& e) {
    if (e.fault() != Fault::io) throw;
    throw e.with({"model", "the weights of {} lie in that file, as exporters write them beside the model: copy both"});
  }
}

std::filesystem::path external_path(const std::string& location, const std::filesystem::path& folder) {
  const std::filesystem::path relative(location);
  // Behind a zero byte the system sees nothing of a path.
  bool outside = location.empty() || relative.is_absolute() || location.find('\0') != std::string::npos;
  for (const auto& part : relative) outside = outside || part == "..";
  std::error_code error;
  const auto root = std::filesystem::weakly_canonical(folder.empty() ? "." : folder, error);
  const auto file = std::filesystem::weakly_canonical(root / relative, error);
  const auto below = std::filesystem::relative(file, root, error);
  outside = outside || error || below.empty() || *below.begin() == "..";
  if (outside) {
    throw Error(Fault::format, "external data at '" + location + "': it must be a path inside the model's folder");
  }
  return file;
}

DType import_type(int onnx_type) {
  if (const auto type = onnx_holding_type(onnx_type)) return *type;
  throw Error(Fault::unsupported, "element type " + std::to_string(onnx_type) +
                                      " of ONNX (string, complex, 8-bit float or unknown) is not a number here");
}

FloatTensor import_tensor(const onnx::TensorProto& proto, TensorSource& source) {
  FloatTensor tensor;
  tensor.type = import_type(proto.data_type());
  tensor.shape = import_shape(proto.dims());
  const std::size_t count = volume(tensor.shape);
  check_one_place(proto);
  if (proto.data_location() == onnx::TensorProto::EXTERNAL) {
    tensor.data = read_external(proto, source, count);
  } else if (proto.has_raw_data()) {
    const std::string& raw = proto.raw_data();
    tensor.data = read_raw(proto.data_type(), {reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()}, count);
  } else {
    tensor.data = read_typed(proto, tensor.type, count);
  }
  return tensor;
}

FloatTensor import_sparse_tensor(const onnx::SparseTensorProto& proto, TensorSource& source) {
  const FloatTensor values = import_tensor(proto.values(), source);
  const FloatTensor indices = import_tensor(proto.indices(), source);
  FloatTensor dense;
  dense.type = values.type;
  dense.shape = import_shape(proto.dims());
  const std::size_t count = volume(dense.shape);
  source.budget.charge(ModelBudget::Kind::make, count);
  const std::size_t rank = dense.shape.size();
  const bool linear = indices.shape.size() == 1;
  const std::size_t entries = values.data.size();
  if (indices.data.size() != entries * (linear ? 1 : rank)) {
    throw Error(Fault::format, "a sparse tensor has " + std::to_string(entries) + " values and " +
                                   std::to_string(indices.data.size()) + " indices");
  }
  dense.data.assign(count, 0);
  const std::vector<std::size_t> steps = strides(dense.shape);
  for (std::size_t e = 0; e < entries; ++e) {
    double at = 0;
    for (std::size_t axis = 0; !linear && axis < rank; ++axis) {
      const double index = indices.data[e * rank + axis];
      if (!(index >= 0 && index < static_cast<double>(dense.shape[axis]))) at = INFINITY;
      at += index * static_cast<double>(steps[axis]);
    }
    if (linear) at = indices.data[e];
    if (!(at >= 0 && at < static_cast<double>(count))) {
      throw Error(Fault::format, "a sparse tensor has an index outside its shape " + to_string(dense.shape));
    }
    dense.data[static_cast<std::size_t>(at)] = values.data[e];
  }
  return dense;
}

}  // namespace ezkl
