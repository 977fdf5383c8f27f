#include "artifact/pk_file.hpp"

#include "artifact/column_bytes.hpp"
#include "artifact/sumcheck_key_file.hpp"
#include "artifact/vk_file.hpp"
#include "base/parallel.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::string_view kind = "EZKL-CPP proving key, format ";
constexpr unsigned format = 4;

/// Number of fixed columns the file holds; the others follow from the verifying key's selectors.
std::size_t stored_columns(const plonk::VerifyingKey& vk) {
  return vk.compressed_selectors ? vk.system.first_selector_column : vk.system.cs.num_fixed;
}

void add_selector_columns(plonk::ProvingKey& key) {
  const plonk::FinalSystem& system = key.vk.system;
  std::vector<plonk::ColumnValues> columns(system.combinations.size());
  parallel_tasks(columns.size(), [&](std::size_t i) {
    columns[i] = plonk::ColumnValues(key.vk.n());
    for (std::size_t member = 0; member < system.combinations[i].size(); ++member) {
      const plonk::SelectorBits& bits = key.vk.selectors[system.combinations[i][member]];
      const auto bytes = bits.bytes();
      for (std::size_t b = 0; b < bytes.size(); ++b) {
        if (bytes[b] == 0) continue;
        for (std::size_t row = 8 * b; row < 8 * b + 8 && row < bits.size(); ++row) {
          if (bits.get(row)) columns[i].set(row, std::int64_t(member + 1));
        }
      }
    }
  });
  for (plonk::ColumnValues& column : columns) key.fixed.push_back(std::move(column));
}

[[noreturn]] void refuse(std::span<const std::uint8_t> bytes, const std::string& what) {
  std::string reason = "this is not a proving key; make one with setup";
  if (bytes.empty()) {
    reason = "the file is empty; run setup again";
  } else if (is_sumcheck_proving_key(bytes)) {
    reason = "this is a proving key of the sumcheck system, the model is compiled for PLONK; run setup with this model";
  } else if (bytes[0] == 3) {
    reason =
        "this looks like a verifying key, or a proving key of another ezkl implementation; proving keys are not "
        "exchangeable, run setup";
  }
  throw Error(Fault::format, "failed to load pk from file: " + what + ": " + reason);
}

}  // namespace

std::vector<std::uint8_t> proving_key_bytes(const ProvingKeyFile& file) {
  const plonk::VerifyingKey& vk = file.key.vk;
  ByteWriter payload;
  payload.u32le(file.layout);
  payload.bytes(file.model);
  payload.bytes(file.fixed);
  payload.u8(static_cast<std::uint8_t>(file.scheme));
  payload.u8(static_cast<std::uint8_t>(file.setup.size()));
  payload.bytes(file.setup);
  payload.u8(std::uint8_t(vk.k));
  const auto vk_bytes = verifying_key_bytes(vk, KeyFormat::raw);
  payload.u64le(vk_bytes.size());
  payload.bytes(vk_bytes);
  const std::size_t count = stored_columns(vk);
  write_varint(payload, count);
  for (std::size_t i = 0; i < count; ++i) write_column(payload, file.key.fixed[i]);
  write_successors(payload, file.key.next);
  return seal(kind, format, payload.out);
}

ProvingKeyHead parse_proving_key_head(std::span<const std::uint8_t> bytes, const std::string& what) {
  if (!is_sealed(kind, bytes)) refuse(bytes, what);
  ByteReader reader(unseal(kind, format, bytes, what), what);
  ProvingKeyHead head;
  head.layout = reader.u32le();
  for (FileDigest* digest : {&head.model, &head.fixed}) {
    const auto bytes_of_digest = reader.bytes(digest->size());
    std::copy(bytes_of_digest.begin(), bytes_of_digest.end(), digest->begin());
  }
  const unsigned scheme = reader.u8();
  if (scheme > static_cast<unsigned>(Commitment::ipa)) {
    throw Error(Fault::format, what + ": commitment scheme " + std::to_string(scheme) + ", expected 0 or 1");
  }
  head.scheme = static_cast<Commitment>(scheme);
  head.setup = reader.bytes(reader.u8());
  head.k = reader.u8();
  const std::uint64_t vk_size = reader.u64le();
  if (vk_size > reader.remaining()) throw Error(Fault::format, what + ": the verifying key in it is cut");
  head.vk = reader.bytes(std::size_t(vk_size));
  head.columns = reader.bytes(reader.remaining());
  return head;
}

plonk::ProvingKey parse_proving_key(const ProvingKeyHead& head, const plonk::ConstraintSystem& cs, unsigned logrows,
                                    const std::string& what) {
  plonk::ProvingKey key;
  ByteReader vk(head.vk, what);
  key.vk = parse_verifying_key(vk, cs, logrows, KeyFormat::raw);
  if (vk.remaining() != 0) throw Error(Fault::format, what + ": the verifying key in it is of another circuit");
  ByteReader columns(head.columns, what);
  if (read_varint(columns) != stored_columns(key.vk)) {
    throw Error(Fault::format, what + ": holds the fixed columns of another circuit");
  }
  const std::size_t n = key.vk.n();
  for (std::size_t i = 0; i < stored_columns(key.vk); ++i) key.fixed.push_back(read_column(columns, n));
  if (key.vk.compressed_selectors) add_selector_columns(key);
  key.next = read_successors(columns, key.vk.system.cs.permutation.size() * n);
  if (columns.remaining() != 0) throw Error(Fault::format, what + ": bytes after the end of the key");
  return key;
}

}  // namespace ezkl
