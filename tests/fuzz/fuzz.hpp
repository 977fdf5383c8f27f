#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ezkl/error.hpp"

/// What libFuzzer calls with every input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace ezkl::fuzz {

/// Stops the fuzzer with the input as a find.
[[noreturn]] inline void found(const std::string& what) {
  std::fprintf(stderr, "FOUND: %s\n", what.c_str());
  std::abort();
}

inline void require(bool holds, const char* what) {
  if (!holds) found(what);
}

/// Runs a parser on hostile bytes. It may refuse them, by an ezkl::Error that is not internal; anything else that
/// leaves it is a find. Gives whether it took them.
template <class Body>
bool takes(Body&& body) {
  try {
    body();
    return true;
  } catch (const Error& e) {
    if (e.fault() == Fault::internal) found(e.what());
    return false;
  }
}

inline std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The bytes as a file, for readers that take a path. One name per process, written anew each time.
std::filesystem::path as_file(std::span<const std::uint8_t> bytes);

/// Where stored artifacts lie that some parsers need beside the bytes they parse: tests/data.
inline std::filesystem::path data(const char* name) { return std::filesystem::path(EZKL_TEST_DATA) / name; }

/// A file of ours (envelope.hpp) with length and checksum made right, so that changes get past them; other bytes as
/// they are.
std::vector<std::uint8_t> resealed(std::span<const std::uint8_t> bytes);

}  // namespace ezkl::fuzz
