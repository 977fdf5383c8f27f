#include "artifact/vk_file.hpp"

#include <algorithm>

#include "artifact/sumcheck_key_file.hpp"
#include "base/files.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::uint8_t key_version = 3;

std::size_t point_size(KeyFormat format) { return format == KeyFormat::raw ? 64 : 32; }

G1Affine read_point(ByteReader& reader, KeyFormat format, const char* what, std::size_t index) {
  const auto bytes = reader.bytes(point_size(format));
  const auto point = format == KeyFormat::raw ? g1_from_raw(bytes.first<64>()) : g1_decompress(bytes.first<32>());
  if (!point) {
    throw Error(Fault::format,
                reader.what() + ": " + what + " commitment " + std::to_string(index) + " is no point of the curve",
                {{"key_format", "is {} the one the key was written with?"}});
  }
  return *point;
}

void write_point(ByteWriter& writer, KeyFormat format, const G1Affine& point) {
  if (format == KeyFormat::raw) {
    writer.bytes(to_raw(point));
  } else {
    writer.bytes(g1_compress(point));
  }
}

}  // namespace

KeyFormat key_format() {
  const std::string& name = session_options().key_format;
  if (name == "raw-bytes" || name == "raw-bytes-unchecked") return KeyFormat::raw;
  if (name == "processed") return KeyFormat::processed;
  throw Error(Fault::usage, "the format of keys is '" + name + "'",
              {{"key_format", "{} can be raw-bytes, raw-bytes-unchecked or processed"}});
}

std::vector<std::uint8_t> verifying_key_bytes(const plonk::VerifyingKey& vk, KeyFormat format) {
  ByteWriter writer;
  writer.u8(key_version);
  writer.u8(static_cast<std::uint8_t>(vk.k));
  writer.u8(vk.compressed_selectors ? 1 : 0);
  writer.u32le(static_cast<std::uint32_t>(vk.fixed_commitments.size()));
  for (const auto& point : vk.fixed_commitments) write_point(writer, format, point);
  for (const auto& point : vk.permutation_commitments) write_point(writer, format, point);
  if (vk.compressed_selectors) {
    for (const auto& bits : vk.selectors) writer.bytes(bits.bytes());
  }
  return std::move(writer.out);
}

plonk::VerifyingKey parse_verifying_key(ByteReader& reader, const plonk::ConstraintSystem& cs, unsigned logrows,
                                        KeyFormat format) {
  const auto refuse = [&](const std::string& text) { throw Error(Fault::format, reader.what() + ": " + text); };
  const unsigned version = reader.u8();
  if (version != key_version) {
    constexpr unsigned begins_our_files = 'E';  // "EZKL…"
    if (version == begins_our_files)
      refuse("this is another file of this program, such as a proving key, and no verifying key");
    refuse("unexpected version byte " + std::to_string(version) + ", expected " + std::to_string(key_version));
  }
  plonk::VerifyingKey vk;
  vk.k = reader.u8();
  if (vk.k != logrows) {
    refuse("the key is for 2^" + std::to_string(vk.k) + " rows, the settings say logrows " + std::to_string(logrows) +
           ": they are not the settings of this key");
  }
  const unsigned flag = reader.u8();
  if (flag > 1) refuse("the selector compression byte is " + std::to_string(flag) + ", expected 0 or 1");
  vk.compressed_selectors = flag == 1;
  const std::size_t fixed = reader.u32le();
  const std::size_t fewest_bytes = (fixed + cs.permutation.size()) * point_size(format);
  if (reader.remaining() < fewest_bytes) {
    refuse("truncated: " + std::to_string(reader.remaining()) + " bytes follow the head, " +
           std::to_string(fewest_bytes) + " are needed for the commitments");
  }
  for (std::size_t i = 0; i < fixed; ++i) vk.fixed_commitments.push_back(read_point(reader, format, "fixed column", i));
  for (std::size_t i = 0; i < cs.permutation.size(); ++i) {
    vk.permutation_commitments.push_back(read_point(reader, format, "permutation", i));
  }
  if (vk.compressed_selectors) {
    for (std::size_t i = 0; i < cs.num_selectors; ++i) {
      plonk::SelectorBits bits(vk.n());
      const auto bytes = reader.bytes(bits.bytes().size());
      std::copy(bytes.begin(), bytes.end(), bits.bytes().begin());
      vk.selectors.push_back(std::move(bits));
    }
  }
  vk.system = plonk::resolve(cs, vk.selectors, vk.compressed_selectors);
  if (vk.system.cs.num_fixed != fixed) {
    refuse("the key has " + std::to_string(fixed) + " fixed columns, the circuit of these settings has " +
           std::to_string(vk.system.cs.num_fixed));
  }
  vk.transcript_repr = plonk::key_digest(vk);
  return vk;
}

plonk::VerifyingKey read_verifying_key(const std::filesystem::path& path, const plonk::ConstraintSystem& cs,
                                       unsigned logrows, KeyFormat format) {
  // Not mapped: what is digested and what is verified with must be the same bytes, whoever else writes to the file.
  const std::vector<std::uint8_t> bytes = read_file(path);
  if (is_sumcheck_key(bytes)) {
    throw Error(Fault::format, path.string() + ": this is a key of the sumcheck system, the settings are for PLONK");
  }
  ByteReader reader(bytes, path.string());
  auto vk = parse_verifying_key(reader, cs, logrows, format);
  if (reader.remaining() != 0) {
    throw Error(Fault::format, path.string() + ": " + std::to_string(reader.remaining()) +
                                   " bytes follow the key, none may (does it belong to these settings?)");
  }
  return vk;
}

}  // namespace ezkl
