#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "artifact/envelope.hpp"

namespace ezkl {

/// A count, then each item by `write(item)`.
template <class Items, class Write>
void write_list(ByteWriter& writer, const Items& items, Write write) {
  write_varint(writer, items.size());
  for (const auto& item : items) write(item);
}

/// A list by its items, of `least_bytes` or more each. It grows as the bytes come: an item may take far more memory
/// than the bytes that announce it. errors: Fault::format.
template <class T, class Read>
std::vector<T> read_list(ByteReader& reader, std::size_t least_bytes, Read read) {
  std::vector<T> out;
  for (std::size_t left = read_count(reader, least_bytes); left > 0; --left) out.push_back(read());
  return out;
}

/// A count, then names with their values.
template <class T, class Write>
void write_table(ByteWriter& writer, const std::map<std::string, T>& table, Write write) {
  write_list(writer, table, [&](const auto& entry) {
    write_text(writer, entry.first);
    write(entry.second);
  });
}

/// The last of several values of one name stands. errors: Fault::format.
template <class T, class Read>
std::map<std::string, T> read_table(ByteReader& reader, std::size_t least_bytes, Read read) {
  std::map<std::string, T> out;
  for (std::size_t left = read_count(reader, least_bytes); left > 0; --left) {
    std::string name = read_text_field(reader);
    T value = read();
    out[std::move(name)] = std::move(value);
  }
  return out;
}

}  // namespace ezkl
