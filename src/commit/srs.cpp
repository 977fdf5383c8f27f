#include "commit/srs.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <string>

#include "base/bytes.hpp"
#include "base/ensure.hpp"
#include "base/files.hpp"
#include "base/parallel.hpp"
#include "commit/ceremony.hpp"
#include "commit/ipa_params.hpp"
#include "commit/shplonk.hpp"
#include "curve/kernels.hpp"
#include "ezkl/error.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

constexpr std::size_t header_bytes = 4, g1_bytes = 64, g2_bytes = 128;
constexpr unsigned largest_k = 28;

/// Where the parts of an SRS file begin whose length was checked against its header.
struct Layout {
  unsigned k;
  std::uint64_t g, g_lagrange, g2, s_g2;
};

Layout lay_out(const std::filesystem::path& path, const InputFile& file) {
  const auto header = file.read(0, std::min<std::uint64_t>(file.size(), header_bytes));
  ByteReader reader(header, path.string() + ": SRS");
  const std::uint32_t k = reader.u32le();
  if (k > largest_k) {
    throw Error(Fault::format, path.string() + ": not an SRS file (its first number is " + std::to_string(k) +
                                   ", a size of 0 to 28 belongs there)");
  }
  const std::uint64_t expected = srs_file_size(k);
  if (file.size() == ipa_file_size(k)) {
    throw Error(Fault::format, path.string() +
                                   ": this is an IPA setup, for circuits whose settings say \"commitment\": "
                                   "\"IPA\"; a KZG one is needed here");
  }
  if (file.size() != expected) {
    throw Error(Fault::format, path.string() + ": an SRS file of size 2^" + std::to_string(k) + " has " +
                                   std::to_string(expected) + " bytes, this one has " + std::to_string(file.size()));
  }
  const std::uint64_t points = std::uint64_t{g1_bytes} << k;
  return {k, header_bytes, header_bytes + points, header_bytes + 2 * points, header_bytes + 2 * points + g2_bytes};
}

G2Affine read_g2(const std::filesystem::path& path, const InputFile& file, std::uint64_t at, const char* name) {
  std::array<std::uint8_t, g2_bytes> bytes;
  file.read(at, bytes);
  const auto point = g2_from_raw(bytes);
  if (!point || point->is_identity() || !point->in_subgroup()) {
    throw Error(Fault::format, path.string() + ": " + name + " is not a point of the second group");
  }
  return *point;
}

G1Affine read_first_g1(const std::filesystem::path& path, const InputFile& file, const Layout& layout) {
  std::array<std::uint8_t, g1_bytes> bytes;
  file.read(layout.g, bytes);
  const auto point = g1_from_raw(bytes);
  if (!point || point->is_identity()) throw Error(Fault::format, path.string() + ": g[0] is not a point of the curve");
  return *point;
}

/// The first `count` points from `at` on.
std::vector<G1Affine> read_points(const std::filesystem::path& path, const InputFile& file, std::uint64_t at,
                                  std::size_t count, const char* name) {
  static_assert(sizeof(G1Affine) == g1_bytes && std::endian::native == std::endian::little,
                "the raw form is the form in memory");
  std::vector<G1Affine> out(count);
  std::atomic<std::size_t> first_bad{count};
  parallel_for(count, 1024, [&](std::size_t begin, std::size_t end) {
    file.read(at + begin * g1_bytes, {reinterpret_cast<std::uint8_t*>(out.data() + begin), (end - begin) * g1_bytes});
    const std::size_t bad = begin + curve_kernels().first_invalid(out.data() + begin, end - begin);
    std::size_t seen = first_bad;
    while (bad < end && bad < seen && !first_bad.compare_exchange_weak(seen, bad)) {
    }
  });
  if (first_bad < count) {
    throw Error(Fault::format,
                path.string() + ": " + name + "[" + std::to_string(first_bad) + "] is not a point of the curve");
  }
  return out;
}

}  // namespace

SrsVerifier read_srs_verifier(const std::filesystem::path& path) {
  const InputFile file(path);
  const Layout layout = lay_out(path, file);
  return {read_first_g1(path, file, layout), read_g2(path, file, layout.g2, "g2"),
          read_g2(path, file, layout.s_g2, "s_g2"), layout.k};
}

unsigned Srs::file_k(const std::filesystem::path& path) { return lay_out(path, InputFile(path)).k; }

Srs Srs::open(const std::filesystem::path& path, unsigned k) {
  const InputFile file(path);
  const Layout layout = lay_out(path, file);
  if (layout.k < k) {
    throw Error(
        Fault::range,
        path.string() + ": made for 2^" + std::to_string(layout.k) + " rows, 2^" + std::to_string(k) + " are needed",
        {{"srs_path", "{} names one made with logrows " + std::to_string(k) + " or more"}});
  }
  const G2Affine g2 = read_g2(path, file, layout.g2, "g2"), s_g2 = read_g2(path, file, layout.s_g2, "s_g2");
  const std::size_t n = std::size_t{1} << k;
  std::vector<G1Affine> g = read_points(path, file, layout.g, n, "g");
  if (g[0].is_identity()) throw Error(Fault::format, path.string() + ": g[0] is not a point of the curve");
  std::vector<G1Affine> lagrange =
      layout.k == k ? read_points(path, file, layout.g_lagrange, n, "g_lagrange") : lagrange_basis(k, g);
  return {k, std::move(g), std::move(lagrange), g2, s_g2};
}

Srs::Srs(unsigned k, std::vector<G1Affine> g, std::vector<G1Affine> g_lagrange, const G2Affine& g2,
         const G2Affine& s_g2)
    : CommitmentKey(k, std::move(g), std::move(g_lagrange), std::nullopt), g2_(g2), s_g2_(s_g2) {}

void Srs::prove_openings(std::span<const OpeningSet> sets, EvmTranscriptWriter& transcript, Random) const {
  shplonk_open(*this, sets, transcript);
}

std::unique_ptr<CommitmentVerifier> Srs::make_verifier() const { return std::make_unique<SrsVerifier>(verifier()); }

SetupOrigin SrsVerifier::origin() const {
  const bool known = g == G1Affine::generator() && g2 == G2Affine::generator() && s_g2 == ceremony_s_g2();
  return known ? SetupOrigin::public_ceremony : SetupOrigin::unknown;
}

std::vector<std::uint8_t> SrsVerifier::fingerprint() const {
  Sha256 hash;
  hash.update(to_raw(g));
  hash.update(to_raw(g2));
  hash.update(to_raw(s_g2));
  const auto digest = hash.finish();
  return {digest.begin(), digest.end()};
}

G1Affine SrsVerifier::commit_instance(std::span<const Fr>) const {
  EZKL_ENSURE(false, "instances are values under KZG, not commitments");
}

std::optional<std::string> SrsVerifier::check_openings(std::span<const ClaimedSet> sets,
                                                       EvmTranscriptReader& transcript) const {
  return shplonk_check(*this, sets, transcript);
}

std::uint64_t srs_file_size(unsigned k) { return header_bytes + 2 * (std::uint64_t{g1_bytes} << k) + 2 * g2_bytes; }

void write_srs(const std::filesystem::path& path, const Srs& srs) {
  AtomicWriter writer(path);
  ByteWriter header;
  header.u32le(srs.k());
  writer.write(header.out);
  for (const auto& points : {srs.g(), srs.g_lagrange()}) {
    for (const G1Affine& p : points) writer.write(to_raw(p));
  }
  writer.write(to_raw(srs.g2()));
  writer.write(to_raw(srs.s_g2()));
  writer.commit();
}

}  // namespace ezkl
