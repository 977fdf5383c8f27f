#include "artifact/sumcheck_key_file.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "artifact/envelope.hpp"
#include "artifact/plan_bytes.hpp"
#include "artifact/settings_file.hpp"
#include "base/ensure.hpp"
#include "commit/rows.hpp"
#include "ezkl/error.hpp"
#include "transcript/keccak.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

using relations::Plan;

constexpr std::string_view kind = "EZKL-CPP sumcheck verifying key, format ";
constexpr unsigned format = 1;
constexpr std::string_view pk_kind = "EZKL-CPP sumcheck proving key, format ";
constexpr unsigned pk_format = 1;
constexpr std::string_view digest_name = "EZKL-CPP sumcheck key 1";

std::vector<std::vector<G1Affine>> read_rows(ByteReader& r, const Plan& plan) {
  std::vector<std::vector<G1Affine>> out;
  for (const std::uint32_t id : plan.keyed) {
    const std::uint64_t count = RowShape(plan.tensors[id].cube, plan.options.row_bits).rows();
    if (count > r.remaining() / 64) damaged(r, "fewer rows than its tensors have");
    std::vector<G1Affine>& rows = out.emplace_back();
    for (std::uint64_t k = 0; k < count; ++k) {
      const auto point = g1_from_raw(r.bytes(64).first<64>());
      if (!point) damaged(r, "a row that is no point of the curve");
      rows.push_back(*point);
    }
  }
  return out;
}

G2Affine read_g2(ByteReader& r) {
  const auto point = g2_from_raw(r.bytes(128).first<128>());
  if (!point || point->is_identity() || !point->in_subgroup())
    damaged(r, "a base that is no point of the second group");
  return *point;
}

SumcheckKey parse_payload(std::span<const std::uint8_t> payload, const std::string& what) {
  ByteReader r(payload, what);
  SumcheckKey out;
  const auto digest = r.bytes(out.settings.size());
  std::copy(digest.begin(), digest.end(), out.settings.begin());
  out.plan = read_plan(r);
  out.key.rows = read_rows(r, out.plan);
  const auto g = g1_from_raw(r.bytes(64).first<64>());
  if (!g || g->is_identity()) damaged(r, "a base that is no point of the curve");
  const G2Affine g2 = read_g2(r), s_g2 = read_g2(r);
  out.key.bases = SrsVerifier(*g, g2, s_g2, out.plan.options.row_bits + 1);
  if (r.remaining() != 0) damaged(r, "bytes after the last base");
  // What was read is what would be written: a key has one form.
  if (!std::ranges::equal(sumcheck_key_payload(out), payload)) damaged(r, "a key in a form that it does not take");
  out.key.digest = sumcheck_key_digest(payload);
  return out;
}

}  // namespace

SettingsDigest settings_digest(const GraphSettings& settings) {
  const std::string text = timeless_text(settings);
  Sha256 hash;
  hash.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return hash.finish();
}

std::vector<std::uint8_t> sumcheck_key_payload(const SumcheckKey& key) {
  EZKL_ENSURE(key.key.rows.size() == key.plan.keyed.size(), "rows for every keyed tensor");
  ByteWriter w;
  w.bytes(key.settings);
  write_plan(w, key.plan);
  for (const auto& rows : key.key.rows) {
    for (const G1Affine& row : rows) w.bytes(to_raw(row));
  }
  w.bytes(to_raw(key.key.bases.g));
  w.bytes(to_raw(key.key.bases.g2));
  w.bytes(to_raw(key.key.bases.s_g2));
  return std::move(w.out);
}

Fr sumcheck_key_digest(std::span<const std::uint8_t> payload) {
  Keccak256 hash;
  hash.update({reinterpret_cast<const std::uint8_t*>(digest_name.data()), digest_name.size()});
  hash.update(payload);
  const auto digest = hash.finish();
  std::array<std::uint8_t, 64> wide{};
  std::reverse_copy(digest.begin(), digest.end(), wide.begin());
  return Fr::from_uniform_bytes(wide);
}

bool is_sumcheck_key(std::span<const std::uint8_t> bytes) { return is_sealed(kind, bytes); }
bool is_sumcheck_proving_key(std::span<const std::uint8_t> bytes) { return is_sealed(pk_kind, bytes); }

std::vector<std::uint8_t> sumcheck_key_bytes(const SumcheckKey& key) {
  return seal(kind, format, sumcheck_key_payload(key));
}

SumcheckKey parse_sumcheck_key(std::span<const std::uint8_t> bytes, const std::string& what) {
  if (!is_sumcheck_key(bytes)) {
    throw Error(Fault::format, what + ": this is not a verifying key of the sumcheck system" +
                                   (is_sumcheck_proving_key(bytes) ? ", it is a proving key of it" : "") +
                                   ", which the settings call for; setup makes one");
  }
  return parse_payload(unseal(kind, format, bytes, what), what);
}

std::vector<std::uint8_t> sumcheck_proving_key_bytes(const SumcheckProvingKey& key) {
  ByteWriter w;
  w.bytes(key.model);
  w.bytes(key.fixed);
  w.bytes(sumcheck_key_payload(key.key));
  return seal(pk_kind, pk_format, w.out);
}

SumcheckProvingKey parse_sumcheck_proving_key(std::span<const std::uint8_t> bytes, const std::string& what) {
  if (!is_sumcheck_proving_key(bytes)) {
    throw Error(Fault::format, "failed to load pk from file: " + what +
                                   ": this is not a proving key of the sumcheck system" +
                                   (is_sumcheck_key(bytes) ? ", it is a verifying key of it" : "") +
                                   ", which the settings call for; run setup with this model");
  }
  ByteReader r(unseal(pk_kind, pk_format, bytes, what), what);
  SumcheckProvingKey out;
  for (FileDigest* const digest : {&out.model, &out.fixed}) {
    const auto read = r.bytes(digest->size());
    std::copy(read.begin(), read.end(), digest->begin());
  }
  out.key = parse_payload(r.bytes(r.remaining()), what);
  return out;
}

}  // namespace ezkl
