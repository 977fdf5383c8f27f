#include "artifact/npy_file.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>
#include <set>

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

/// The literal that numpy writes as a header, and no other: of a text search for keys, or of a key given twice, another
/// reader could make another array.
class HeaderText {
 public:
  HeaderText(std::string_view text, const std::string& what) : rest_(text), what_(what) {}

  NpyHeader read() {
    NpyHeader out;
    std::set<std::string> given;
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      if (!given.insert(key).second) throw damaged("the key '" + key + "' stands twice");
      expect(':');
      if (key == "descr") {
        read_type(out);
      } else if (key == "fortran_order") {
        out.column_major = truth();
      } else if (key == "shape") {
        out.shape = shape();
      } else {
        throw damaged("the key '" + key + "' is unknown");
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    for (const char* const key : {"descr", "fortran_order", "shape"}) {
      if (!given.contains(key)) throw damaged("the key '" + std::string(key) + "' is missing");
    }
    if (rest_.find_first_not_of(" \n") != std::string_view::npos) throw damaged("text after its last brace");
    return out;
  }

 private:
  Error damaged(const std::string& why) const {
    return Error(Fault::format, what_ + ": the numpy header is not as numpy writes it: " + why);
  }
  bool take(char c) {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) throw damaged(std::string("'") + c + "' is missing");
  }
  std::string quoted() {
    expect('\'');
    const std::size_t end = rest_.find('\'');
    if (end == std::string_view::npos) throw damaged("a quote without end");
    std::string out(rest_.substr(0, end));
    const auto plain = [](char c) { return c > ' ' && c < 0x7f && c != '\\'; };
    if (!std::all_of(out.begin(), out.end(), plain)) throw damaged("a key or type of other characters");
    rest_.remove_prefix(end + 1);
    return out;
  }
  bool truth() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(word.size());
      return value;
    }
    throw damaged("fortran_order is neither True nor False");
  }
  void read_type(NpyHeader& out) {
    if (take('[')) throw Error(Fault::unsupported, what_ + ": a numpy array of records cannot be an input");
    const std::string type = quoted();
    const auto all_digits = [](char c) { return c >= '0' && c <= '9'; };
    bool known = type.size() >= 3 && type.size() <= 4 && std::string_view("<>|=").find(type[0]) != std::string::npos &&
                 std::all_of(type.begin() + 2, type.end(), all_digits);
    if (known) {
      out.big_endian = type[0] == '>';
      out.kind = type[1];
      std::from_chars(type.data() + 2, type.data() + type.size(), out.width);
      const bool real = out.kind == 'f' && (out.width == 2 || out.width == 4 || out.width == 8);
      const bool whole = (out.kind == 'i' || out.kind == 'u') && std::has_single_bit(out.width) && out.width <= 8;
      known = real || whole || (out.kind == 'b' && out.width == 1);
    }
    if (!known) {
      throw Error(Fault::unsupported, what_ + ": numpy element type '" + type.substr(0, 20) +
                                          "': booleans, integers and floats of up to 8 bytes are read");
    }
  }
  Shape shape() {
    Shape out;
    bool comma = true;
    expect('(');
    while (!take(')')) {
      if (!comma) throw damaged("a shape without commas");
      std::size_t extent = 0;
      while (rest_.starts_with(' ')) rest_.remove_prefix(1);
      const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), extent);
      if (read.ec != std::errc()) throw damaged("a shape of other than whole numbers");
      rest_.remove_prefix(std::size_t(read.ptr - rest_.data()));
      out.push_back(extent);
      if (out.size() > max_axes) {
        throw Error(Fault::format, what_ + ": an array of more than " + std::to_string(max_axes) + " axes");
      }
      comma = take(',');
    }
    if (out.size() == 1 && !comma) throw damaged("a shape that is no tuple");
    return out;
  }

  std::string_view rest_;
  const std::string& what_;
};

InputValue number(double value) {
  if (std::trunc(value) == value && std::fabs(value) < 0x1p127) return InputValue::of_whole(static_cast<Int128>(value));
  return {InputValue::Kind::number, value, {}};
}

InputValue read_element(const std::uint8_t* p, const NpyHeader& header) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < header.width; ++i) {
    bits |= std::uint64_t(p[header.big_endian ? header.width - 1 - i : i]) << (8 * i);
  }
  if (header.kind == 'f') {
    if (header.width == 2) return number(half_value(std::uint16_t(bits)));
    if (header.width == 4) return number(double(std::bit_cast<float>(std::uint32_t(bits))));
    return number(std::bit_cast<double>(bits));
  }
  if (header.kind == 'i') {
    const unsigned unused = unsigned(64 - 8 * header.width);
    return InputValue::of_whole(std::int64_t(bits << unused) >> unused);
  }
  if (header.kind == 'b') return InputValue::of_whole(bits != 0 ? 1 : 0);  // numpy takes any byte but 0 for true
  return InputValue::of_whole(bits);
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

/// The list of entries of a zip archive, and how many there are. It ends where its record begins, as others find it
/// from there.
std::pair<std::span<const std::uint8_t>, std::uint16_t> find_directory(std::span<const std::uint8_t> bytes,
                                                                       const std::string& what) {
  constexpr std::size_t record = 22;
  for (std::size_t back = record; back <= bytes.size() && back <= record + 65535; ++back) {
    const std::size_t at = bytes.size() - back;
    if (bytes[at] != 'P' || bytes[at + 1] != 'K' || bytes[at + 2] != 5 || bytes[at + 3] != 6) continue;
    ByteReader reader(bytes.subspan(at + 10), what);
    const std::uint16_t entries = u16le(reader);
    const std::size_t size = reader.u32le(), offset = reader.u32le();
    if (offset > at || size != at - offset)
      throw Error(Fault::format, what + ": the zip directory is not where it ends");
    // Larger archives than this format's, which name another directory here, have a record of twenty bytes.
    constexpr std::size_t wide_record = 20;
    if (at >= wide_record && std::memcmp(bytes.data() + at - wide_record, "PK\6\7", 4) == 0) {
      throw Error(Fault::unsupported, what + ": an archive of the large kind (zip64)");
    }
    return {bytes.subspan(offset, size), entries};
  }
  throw Error(Fault::format, what + ": a zip archive without its directory (truncated?)");
}

NpyHeader header_of(ByteReader& reader, const std::string& what) {
  reader.bytes(sizeof npy_magic);
  const std::uint8_t major = reader.u8();
  reader.u8();
  if (major < 1 || major > 3) {
    throw Error(Fault::unsupported, what + ": version " + std::to_string(major) + " of numpy's array files");
  }
  const std::size_t length = major >= 2 ? reader.u32le() : u16le(reader);
  const auto text = reader.bytes(length);
  return HeaderText({reinterpret_cast<const char*>(text.data()), text.size()}, what).read();
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
    value = read_element(data.data() + at * header.width, header);
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
  const auto [listed, entries] = find_directory(bytes, what);
  std::vector<std::pair<std::string, std::vector<InputValue>>> out;
  std::set<std::string> names;
  ByteReader directory(listed, what);
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
    directory.bytes(4);
    const std::uint32_t checksum = directory.u32le();
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
    if (entry.find('\0') != std::string::npos) throw Error(Fault::format, what + ": a name with a zero byte");
    if (entry.size() > 4 && entry.ends_with(".npy")) entry.resize(entry.size() - 4);
    if (!names.insert(entry).second) throw Error(Fault::format, what + ": two arrays have the name '" + entry + "'");
    if (method == 0 && packed_size != size) throw Error(Fault::format, where + ": two sizes for one array");
    std::vector<std::uint8_t> inflated;
    if (method == 8) {
      constexpr std::size_t widest = 8, longest_header = 1 << 16;
      if (size > longest_header + widest * elements) take(elements + 1, where);
      inflated = inflate_entry(packed, size, where);
    } else if (method != 0) {
      throw Error(Fault::unsupported, where + ": zip compression method " + std::to_string(method));
    }
    const std::span<const std::uint8_t> array = method == 0 ? packed : std::span<const std::uint8_t>(inflated);
    if (crc32_z(0, array.data(), array.size()) != checksum) {
      throw Error(Fault::format, where + ": the data do not fit their checksum: damaged");
    }
    const Shape shape = npy_shape(array, where);
    take(in_context(where, [&] { return volume(shape); }), where);
    out.emplace_back(entry, parse_npy(array, where));
  }
  if (directory.remaining() != 0) throw Error(Fault::format, what + ": the zip directory has more than it counts");
  return out;
}

}  // namespace ezkl
