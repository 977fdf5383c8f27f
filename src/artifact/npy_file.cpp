#include "artifact/npy_file.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <iterator>

#include "base/bytes.hpp"
#include "ezkl/error.hpp"
#include "tensor/half.hpp"

namespace ezkl {
namespace {

constexpr std::uint8_t npy_magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
constexpr std::size_t max_axes = 64;  // as many as numpy has

/// Elements that an archive may hold. Compressed ones can be a thousandth of what they stand for, and an element takes
/// 48 bytes as an input's value.
std::size_t most_elements(std::size_t archive_bytes) { return (std::size_t{1} << 23) + 8 * archive_bytes; }

struct NpyHeader {
  char kind = 'f';  ///< b, i, u, f
  std::size_t width = 4;
  bool big_endian = false, column_major = false;
  Shape shape;
};

std::string_view value_of(std::string_view header, std::string_view key, const std::string& what) {
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) {
    throw Error(Fault::format, what + ": the numpy header lacks " + std::string(key));
  }
  std::string_view rest = header.substr(at + key.size());
  const std::size_t colon = rest.find(':');
  rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  return rest;
}

NpyHeader read_header(std::string_view text, const std::string& what) {
  NpyHeader out;
  const std::string_view descr = value_of(text, "'descr'", what);
  if (descr.size() < 5 || descr[0] != '\'') {
    throw Error(Fault::unsupported, what + ": a numpy array of records cannot be an input");
  }
  out.big_endian = descr[1] == '>';
  out.kind = descr[2];
  std::from_chars(descr.data() + 3, descr.data() + descr.size(), out.width);
  const bool known = (out.kind == 'b' && out.width == 1) ||
                     ((out.kind == 'i' || out.kind == 'u') && std::has_single_bit(out.width) && out.width <= 8) ||
                     (out.kind == 'f' && (out.width == 2 || out.width == 4 || out.width == 8));
  if (!known) {
    throw Error(Fault::unsupported, what + ": numpy element type " + std::string(descr.substr(0, 6)) +
                                        "; booleans, integers and floats of up to 8 bytes are read");
  }
  out.column_major = value_of(text, "'fortran_order'", what).substr(0, 4) == "True";
  std::string_view dims = value_of(text, "'shape'", what);
  const std::size_t end = dims.find(')');
  if (dims.empty() || dims[0] != '(' || end == std::string_view::npos) {
    throw Error(Fault::format, what + ": the numpy header has no shape");
  }
  dims = dims.substr(1, end - 1);
  while (!dims.empty()) {
    std::size_t extent = 0;
    while (!dims.empty() && (dims.front() == ' ' || dims.front() == ',')) dims.remove_prefix(1);
    if (dims.empty()) break;
    const auto read = std::from_chars(dims.data(), dims.data() + dims.size(), extent);
    if (read.ec != std::errc()) throw Error(Fault::format, what + ": bad shape in the numpy header");
    out.shape.push_back(extent);
    if (out.shape.size() > max_axes) {
      throw Error(Fault::format, what + ": an array of more than " + std::to_string(max_axes) + " axes");
    }
    dims.remove_prefix(std::size_t(read.ptr - dims.data()));
  }
  return out;
}

double read_element(const std::uint8_t* p, const NpyHeader& header) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < header.width; ++i) {
    bits |= std::uint64_t(p[header.big_endian ? header.width - 1 - i : i]) << (8 * i);
  }
  if (header.kind == 'f') {
    if (header.width == 2) return half_value(std::uint16_t(bits));
    if (header.width == 4) return double(std::bit_cast<float>(std::uint32_t(bits)));
    return std::bit_cast<double>(bits);
  }
  if (header.kind == 'i') {
    const unsigned unused = unsigned(64 - 8 * header.width);
    return double(std::int64_t(bits << unused) >> unused);
  }
  return double(bits);
}

std::vector<std::uint8_t> inflate_entry(std::span<const std::uint8_t> packed, std::uint64_t size,
                                        const std::string& what) {
  if (size > packed.size() * 1100 + 64) throw Error(Fault::format, what + ": the archive claims an impossible size");
  std::vector<std::uint8_t> out(size);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw Error(Fault::internal, what + ": zlib does not start");
  int status = Z_OK;
  std::size_t read = 0, written = 0;
  while (status == Z_OK && written < out.size()) {
    const std::size_t in = std::min<std::size_t>(packed.size() - read, 1u << 30);
    const std::size_t room = std::min<std::size_t>(out.size() - written, 1u << 30);
    stream.next_in = const_cast<std::uint8_t*>(packed.data() + read);
    stream.avail_in = uInt(in);
    stream.next_out = out.data() + written;
    stream.avail_out = uInt(room);
    status = inflate(&stream, Z_NO_FLUSH);
    if (stream.avail_in == in && stream.avail_out == room) break;
    read += in - stream.avail_in;
    written += room - stream.avail_out;
  }
  inflateEnd(&stream);
  if (written != out.size() || (status != Z_OK && status != Z_STREAM_END)) {
    throw Error(Fault::format, what + ": the compressed data is damaged");
  }
  return out;
}

std::uint16_t u16le(ByteReader& reader) {
  const std::uint16_t low = reader.u8();
  return std::uint16_t(low | reader.u8() << 8);
}

/// Where the list of entries of a zip archive begins, and how many there are.
std::pair<std::uint32_t, std::uint16_t> find_directory(std::span<const std::uint8_t> bytes, const std::string& what) {
  constexpr std::size_t record = 22;
  for (std::size_t back = record; back <= bytes.size() && back <= record + 65535; ++back) {
    const std::size_t at = bytes.size() - back;
    if (bytes[at] != 'P' || bytes[at + 1] != 'K' || bytes[at + 2] != 5 || bytes[at + 3] != 6) continue;
    ByteReader reader(bytes.subspan(at + 10), what);
    const std::uint16_t entries = u16le(reader);
    reader.u32le();
    return {reader.u32le(), entries};
  }
  throw Error(Fault::format, what + ": a zip archive without its directory (truncated?)");
}

NpyHeader header_of(ByteReader& reader, const std::string& what) {
  reader.bytes(sizeof npy_magic);
  const std::uint8_t major = reader.u8();
  reader.u8();
  const std::size_t length = major >= 2 ? reader.u32le() : u16le(reader);
  const auto text = reader.bytes(length);
  return read_header({reinterpret_cast<const char*>(text.data()), text.size()}, what);
}

}  // namespace

bool is_npy(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= sizeof npy_magic && std::memcmp(bytes.data(), npy_magic, sizeof npy_magic) == 0;
}

bool is_npz(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 4 && bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 3 && bytes[3] == 4;
}

Shape npy_shape(std::span<const std::uint8_t> bytes, const std::string& what) {
  ByteReader reader(bytes, what);
  return header_of(reader, what).shape;
}

std::vector<InputValue> parse_npy(std::span<const std::uint8_t> bytes, const std::string& what) {
  ByteReader reader(bytes, what);
  const NpyHeader header = header_of(reader, what);
  const std::size_t count = in_context(what, [&] { return volume(header.shape); });
  const auto data = reader.bytes(count * header.width);

  std::vector<InputValue> out(count);
  Shape extents;  // without axes of one element, of which a file may have many
  std::copy_if(header.shape.begin(), header.shape.end(), std::back_inserter(extents), [](auto e) { return e != 1; });
  if (!header.column_major) extents = {count};
  std::vector<std::size_t> index(extents.size()), stored(extents.size());
  for (std::size_t axis = 0, step = 1; axis < extents.size(); step *= extents[axis++]) stored[axis] = step;
  std::size_t at = 0;
  for (InputValue& value : out) {
    value.number = read_element(data.data() + at * header.width, header);
    for (std::size_t axis = extents.size(); axis-- > 0;) {
      at += stored[axis];
      if (++index[axis] < extents[axis]) break;
      at -= extents[axis] * stored[axis];
      index[axis] = 0;
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::vector<InputValue>>> parse_npz(std::span<const std::uint8_t> bytes,
                                                                       const std::string& what) {
  const auto [offset, entries] = find_directory(bytes, what);
  if (offset > bytes.size()) throw Error(Fault::format, what + ": the zip directory lies outside the file");
  std::vector<std::pair<std::string, std::vector<InputValue>>> out;
  ByteReader directory(bytes.subspan(offset), what);
  std::size_t claimed = 0, elements = most_elements(bytes.size());
  const auto take = [&](std::size_t count, const std::string& where) {
    if (count > elements) {
      throw Error(Fault::range, where + ": the arrays of a compressed file of " + std::to_string(bytes.size()) +
                                    " bytes may have " + std::to_string(most_elements(bytes.size())) +
                                    " elements in all, these have more: save them without compression");
    }
    elements -= count;
  };
  for (std::uint16_t i = 0; i < entries; ++i) {
    if (directory.u32le() != 0x02014b50) throw Error(Fault::format, what + ": damaged zip directory");
    directory.bytes(6);
    const std::uint16_t method = u16le(directory);
    directory.bytes(8);
    const std::uint32_t packed_size = directory.u32le(), size = directory.u32le();
    const std::uint16_t name_length = u16le(directory), extra_length = u16le(directory), comment = u16le(directory);
    directory.bytes(8);
    const std::uint32_t local = directory.u32le();
    const auto name_bytes = directory.bytes(name_length);
    directory.bytes(std::size_t(extra_length) + comment);
    std::string entry(name_bytes.begin(), name_bytes.end());

    if (local > bytes.size()) throw Error(Fault::format, what + ": an array lies outside the file");
    ByteReader file(bytes.subspan(local), what);
    file.bytes(26);
    const std::uint16_t local_name = u16le(file), local_extra = u16le(file);
    file.bytes(std::size_t(local_name) + local_extra);
    const auto packed = file.bytes(packed_size);
    // Entries that share their bytes would make a small archive as large as it likes.
    claimed += packed.size();
    if (claimed > bytes.size()) throw Error(Fault::format, what + ": its arrays overlap");
    const std::string where = what + ": " + entry;
    if (entry.size() > 4 && entry.ends_with(".npy")) entry.resize(entry.size() - 4);
    std::vector<std::uint8_t> inflated;
    if (method == 8) {
      constexpr std::size_t widest = 8, longest_header = 1 << 16;
      if (size > longest_header + widest * elements) take(elements + 1, where);
      inflated = inflate_entry(packed, size, where);
    } else if (method != 0) {
      throw Error(Fault::unsupported, where + ": zip compression method " + std::to_string(method));
    }
    const std::span<const std::uint8_t> array = method == 0 ? packed : std::span<const std::uint8_t>(inflated);
    const Shape shape = npy_shape(array, where);
    take(in_context(where, [&] { return volume(shape); }), where);
    out.emplace_back(entry, parse_npy(array, where));
  }
  return out;
}

}  // namespace ezkl
