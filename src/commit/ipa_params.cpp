#include "commit/ipa_params.hpp"

#include <algorithm>
#include <atomic>
#include <string>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "commit/hash_to_g1.hpp"
#include "commit/ipa_digests.hpp"
#include "commit/setup_check.hpp"
#include "commit/srs.hpp"
#include "curve/msm.hpp"
#include "ezkl/error.hpp"
#include "poly/domain.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

constexpr std::size_t header_bytes = 4, point_bytes = 32;
constexpr unsigned largest_k = 26;

/// The hash of 0 and the number: base i of the coefficients.
G1Affine base_of(std::uint32_t number) {
  ByteWriter message;
  message.u8(0);
  message.u32le(number);
  return hash_to_g1(message.out);
}

/// Whether compressed points are the first 2^k bases. One that is not, of which its maker knows a relation to the
/// others, would be enough to prove anything, so all are looked at: by a digest as far as there are any, since hashing
/// to the curve takes 70 microseconds a point.
bool are_the_bases(std::span<const std::uint8_t> points, unsigned k) {
  const unsigned known = std::min<unsigned>(k, ipa_digests.size() - 1);
  const std::size_t digested = std::size_t{1} << known;
  Sha256 hash;
  hash.update(points.first(digested * point_bytes));
  if (hex_text(hash.finish()) != ipa_digests[known]) return false;
  std::atomic<bool> same{true};
  parallel_for((std::size_t{1} << k) - digested, 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = digested + begin; i < digested + end && same; ++i) {
      const auto expected = g1_compress(base_of(static_cast<std::uint32_t>(i)));
      if (!std::ranges::equal(expected, points.subspan(i * point_bytes, point_bytes))) same = false;
    }
  });
  return same;
}

/// What is used of a file whose length was checked against its header.
struct Parts {
  unsigned k;
  std::vector<std::uint8_t> g;  ///< the first bases that are wanted, compressed
  std::uint64_t g_lagrange;     ///< where the Lagrange basis begins
  IpaBases bases;
};

std::vector<G1Affine> read_points(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                                  std::size_t count, const char* name) {
  std::vector<G1Affine> out(count);
  std::atomic<std::size_t> first_bad{count};
  parallel_for(count, 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto point = g1_decompress(bytes.subspan(i * point_bytes).first<point_bytes>());
      if (point && !point->is_identity()) {
        out[i] = *point;
        continue;
      }
      std::size_t seen = first_bad;
      while (i < seen && !first_bad.compare_exchange_weak(seen, i)) {
      }
      return;
    }
  });
  if (first_bad < count) {
    throw Error(Fault::format,
                path.string() + ": " + name + "[" + std::to_string(first_bad) + "] is not a point of the curve");
  }
  return out;
}

Parts read_parts(const std::filesystem::path& path, const InputFile& file, unsigned wanted) {
  const auto header = file.read(0, std::min<std::uint64_t>(file.size(), header_bytes));
  ByteReader reader(header, path.string() + ": IPA setup");
  const std::uint32_t k = reader.u32le();
  if (k > largest_k) {
    throw Error(Fault::format, path.string() + ": not an IPA setup (its first number is " + std::to_string(k) +
                                   ", a size of 0 to 26 belongs there)");
  }
  if (file.size() == srs_file_size(k)) {
    throw Error(Fault::format, path.string() + ": this is a KZG setup, but the settings say \"commitment\": \"IPA\"",
                {{"commitment", "make an IPA one with gen-srs {} ipa"}});
  }
  if (file.size() != ipa_file_size(k)) {
    throw Error(Fault::format, path.string() + ": an IPA setup of size 2^" + std::to_string(k) + " has " +
                                   std::to_string(ipa_file_size(k)) + " bytes, this one has " +
                                   std::to_string(file.size()));
  }
  if (k < wanted) {
    throw Error(
        Fault::range,
        path.string() + ": made for 2^" + std::to_string(k) + " rows, 2^" + std::to_string(wanted) + " are needed",
        {{"srs_path", "{} names one made with logrows " + std::to_string(wanted) + " or more"}});
  }
  const std::uint64_t points = std::uint64_t{point_bytes} << k;
  Parts out{k, file.read(header_bytes, std::uint64_t{point_bytes} << wanted), header_bytes + points, {}};
  const auto bases = read_points(path, file.read(header_bytes + 2 * points, 2 * point_bytes), 2, "the last bases");
  out.bases = {bases[0], bases[1]};
  if (!(bases[0] == ipa_bases().w) || !(bases[1] == ipa_bases().u) || !are_the_bases(out.g, wanted)) {
    throw Error(Fault::format, path.string() + ": its bases are not the hashes that an IPA setup consists of",
                {{"commitment", "make the file with gen-srs {} ipa"}});
  }
  return out;
}

}  // namespace

const IpaBases& ipa_bases() {
  static const IpaBases bases = [] {
    const std::uint8_t one = 1, two = 2;
    return IpaBases{hash_to_g1({&one, 1}), hash_to_g1({&two, 1})};
  }();
  return bases;
}

std::uint64_t ipa_file_size(unsigned k) {
  return header_bytes + 2 * (std::uint64_t{point_bytes} << k) + 2 * point_bytes;
}

IpaVerifier IpaVerifier::open(const std::filesystem::path& path, unsigned k) {
  const Parts parts = read_parts(path, InputFile(path), k);
  return {k, read_points(path, parts.g, std::size_t{1} << k, "g"), parts.bases};
}

G1Affine IpaVerifier::commit_instance(std::span<const Fr> values) const {
  std::vector<Fr> coefficients(g_.size());
  std::copy(values.begin(), values.end(), coefficients.begin());
  Domain(k_).intt(coefficients);
  return (msm(g_, coefficients) + G1(bases_.w).mul(CommitmentKey::public_blind())).to_affine();
}

IpaParams IpaParams::open(const std::filesystem::path& path, unsigned k) {
  const InputFile file(path);
  const Parts parts = read_parts(path, file, k);
  const std::size_t n = std::size_t{1} << k;
  std::vector<G1Affine> g = read_points(path, parts.g, n, "g");
  std::vector<G1Affine> lagrange =
      parts.k == k ? read_points(path, file.read(parts.g_lagrange, point_bytes * n), n, "g_lagrange")
                   : lagrange_basis(k, g);
  // A verifying key is made of commitments over this basis, so it must not be another one.
  if (parts.k == k && !belong_together(k, g, lagrange)) {
    throw Error(Fault::format, path.string() + ": its Lagrange basis does not belong to its bases",
                {{"commitment", "make the file with gen-srs {} ipa"}});
  }
  return {k, std::move(g), std::move(lagrange), parts.bases};
}

std::unique_ptr<CommitmentVerifier> IpaParams::make_verifier() const {
  return std::make_unique<IpaVerifier>(k(), std::vector<G1Affine>(g().begin(), g().end()), bases_);
}

IpaParams generate_ipa_params(unsigned k) {
  if (k > largest_k) {
    throw Error(Fault::range, "an IPA setup of 2^" + std::to_string(k) + " rows: at most 2^26 are made");
  }
  std::vector<G1Affine> g(std::size_t{1} << k);
  Progress progress("bases of the IPA setup", g.size());
  parallel_for(g.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      g[i] = base_of(static_cast<std::uint32_t>(i));
      progress.step();
    }
  });
  std::vector<G1Affine> lagrange = lagrange_basis(k, g);
  return {k, std::move(g), std::move(lagrange), ipa_bases()};
}

void write_ipa_params(const std::filesystem::path& path, const IpaParams& params) {
  AtomicWriter writer(path);
  ByteWriter header;
  header.u32le(params.k());
  writer.write(header.out);
  for (const auto& points : {params.g(), params.g_lagrange()}) {
    for (const G1Affine& p : points) writer.write(g1_compress(p));
  }
  writer.write(g1_compress(params.bases().w));
  writer.write(g1_compress(params.bases().u));
  writer.commit();
}

}  // namespace ezkl
