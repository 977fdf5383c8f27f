#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "../random_elements.hpp"
#include "base/files.hpp"
#include "commit/hash_to_g1.hpp"
#include "commit/ipa_digests.hpp"
#include "commit/ipa_params.hpp"
#include "commit/srs.hpp"
#include "curve/msm.hpp"
#include "ezkl/error.hpp"
#include "field/random.hpp"
#include "poly/domain.hpp"
#include "poly/poly_ops.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;

const IpaParams& params() {
  static const IpaParams made = generate_ipa_params(4);
  return made;
}

/// Polynomials, their blinded commitments and what is claimed of them.
struct Statement {
  std::vector<std::vector<Fr>> polynomials;
  std::vector<OpeningSet> sets;
  std::vector<ClaimedSet> claims;

  explicit Statement(const CommitmentKey& key) {
    Random random = Random::from_seed(3);
    for (const std::size_t size : {key.n(), key.n(), std::size_t{5}, std::size_t{0}, key.n()}) {
      polynomials.push_back(testing::random_elements(size, random));
    }
    const Fr x = random_fr(random), y = random_fr(random), z = random_fr(random);
    add(key, {x}, {0, 3}, random);
    add(key, {y, x, z}, {1}, random);
    add(key, {x, y}, {2, 4}, random);
  }

  void add(const CommitmentKey& key, const std::vector<Fr>& points, const std::vector<std::size_t>& members,
           Random& random) {
    OpeningSet& set = sets.emplace_back();
    ClaimedSet& claim = claims.emplace_back();
    set.points = claim.points = points;
    for (const std::size_t member : members) {
      const std::vector<Fr>& p = polynomials[member];
      set.polynomials.emplace_back(p);
      set.blinds.push_back(random_fr(random));
      auto& values = set.values.emplace_back();
      for (const Fr& point : points) values.push_back(evaluate(p, point));
      const G1 commitment = key.blinded(msm(key.g().first(p.size()), p), set.blinds.back());
      // as two terms, as the verifier has them for h
      claim.polynomials.push_back(
          {{commitment.to_affine(), key.g()[0], key.g()[0]}, {Fr::one(), Fr::one(), -Fr::one()}, values});
    }
  }
};

std::vector<std::uint8_t> prove(const CommitmentKey& key, const Statement& statement, std::uint64_t seed = 1) {
  EvmTranscriptWriter transcript;
  key.prove_openings(statement.sets, transcript, Random::from_seed(seed));
  return transcript.proof;
}

/// Empty when the openings hold.
std::string refusal(const CommitmentKey& key, const Statement& statement, std::span<const std::uint8_t> proof) {
  EvmTranscriptReader reader(proof);
  try {
    const auto reason = key.make_verifier()->check_openings(statement.claims, reader);
    if (!reason && reader.remaining() != 0) return "bytes are left";
    return reason.value_or("");
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::format) << e.what();
    return e.what();
  }
}

// Both schemes serve one interface, so one test serves both.
class Schemes : public ::testing::TestWithParam<Commitment> {
 protected:
  const CommitmentKey& key() const {
    static const Srs srs = srs_from_secret(4, Fr::from_u64(0x1234567890abcdef));
    if (GetParam() == Commitment::ipa) return params();
    return srs;
  }
};

TEST_P(Schemes, HonestOpeningsHold) {
  const Statement statement(key());
  EXPECT_EQ(refusal(key(), statement, prove(key(), statement)), "");
  EXPECT_EQ(prove(key(), statement, 1), prove(key(), statement, 1));
  EXPECT_EQ(prove(key(), statement, 1) == prove(key(), statement, 2), !key().blinds());
}

TEST_P(Schemes, FalseClaimsAreRefused) {
  const Statement honest(key());
  const auto proof = prove(key(), honest);
  for (std::size_t s = 0; s < honest.claims.size(); ++s) {
    for (std::size_t j = 0; j < honest.claims[s].polynomials.size(); ++j) {
      for (std::size_t i = 0; i < honest.claims[s].points.size(); ++i) {
        Statement forged = honest;
        forged.claims[s].polynomials[j].values[i] += Fr::one();
        EXPECT_NE(refusal(key(), forged, proof), "") << "the old proof, another value";
        forged.sets[s].values[j][i] += Fr::one();
        EXPECT_NE(refusal(key(), forged, prove(key(), forged)), "") << "a prover that claims another value";
      }
      Statement other = honest;
      other.claims[s].polynomials[j].bases[0] = key().g()[3];
      EXPECT_NE(refusal(key(), other, proof), "") << "another commitment";
    }
  }
}

TEST_P(Schemes, ChangedBytesAreRefused) {
  const Statement statement(key());
  auto proof = prove(key(), statement);
  for (std::size_t at = 0; at < proof.size(); at += 8) {
    proof[at] ^= 1;
    EXPECT_NE(refusal(key(), statement, proof), "") << "byte " << at;
    proof[at] ^= 1;
  }
  EXPECT_NE(refusal(key(), statement, std::span(proof).first(proof.size() - 1)), "");
}

INSTANTIATE_TEST_SUITE_P(All, Schemes, ::testing::Values(Commitment::kzg, Commitment::ipa));

TEST(Ipa, AWrongBlindIsRefused) {
  const Statement honest(params());
  for (std::size_t s = 0; s < honest.sets.size(); ++s) {
    Statement forged = honest;
    forged.sets[s].blinds[0] += Fr::one();
    EXPECT_NE(refusal(params(), forged, prove(params(), forged)), "");
  }
}

TEST(Ipa, BasesAreThePublishedHashes) {
  // docs/spec/proof-protocol.md 13.1
  const G1Affine g0 = {Fq::from_hex("0x1736cc0371070058ea6878af0e8de1ac248b9344dfca3d00dcdc5fdae8ee0d3a"),
                       Fq::from_hex("0x2849eac8c6e89e12b40efcfb7e920d318b7ccb101f17e3b1a880354f1b05ad7f")};
  EXPECT_EQ(params().g()[0], g0);
  for (const G1Affine& p : params().g()) EXPECT_TRUE(p.on_curve() && !p.is_identity());
  const std::uint8_t message[] = {0, 7, 0, 0, 0};
  EXPECT_EQ(params().g()[7], hash_to_g1(message));
  const std::uint8_t one[] = {1};
  EXPECT_EQ(params().bases().w, hash_to_g1(one));
}

TEST(Ipa, BothBasesGiveOneCommitment) {
  Random random = Random::from_seed(9);
  std::vector<Fr> coefficients = testing::random_elements(params().n(), random);
  const G1 expected = msm(params().g(), coefficients);
  Domain(params().k()).ntt(coefficients);
  EXPECT_EQ(msm(params().g_lagrange(), coefficients), expected);
  const std::vector<Fr> instance(coefficients.begin(), coefficients.begin() + 3);
  const IpaVerifier verifier(params().k(), {params().g().begin(), params().g().end()}, params().bases());
  EXPECT_EQ(G1(verifier.commit_instance(instance)),
            params().blinded(msm(params().g_lagrange().first(3), instance), CommitmentKey::public_blind()));
}

class IpaFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "ezkl_ipa_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string error_of(const std::function<void()>& body, Fault fault) {
    try {
      body();
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), fault) << e.what();
      return e.what();
    }
    return "no error";
  }

  fs::path folder_;
};

TEST_F(IpaFiles, ComeBackWholeAndCut) {
  const fs::path path = folder_ / "ipa.srs";
  write_ipa_params(path, params());
  EXPECT_EQ(fs::file_size(path), 4u + 64u * 16u + 64u);
  for (const unsigned k : {4u, 2u}) {
    const IpaParams read = IpaParams::open(path, k), made = generate_ipa_params(k);
    EXPECT_TRUE(std::equal(read.g().begin(), read.g().end(), made.g().begin(), made.g().end()));
    EXPECT_TRUE(std::equal(read.g_lagrange().begin(), read.g_lagrange().end(), made.g_lagrange().begin(),
                           made.g_lagrange().end()));
    EXPECT_EQ(read.bases().u, made.bases().u);
  }
  EXPECT_NE(error_of([&] { IpaParams::open(path, 5); }, Fault::range).find("2^5"), std::string::npos);
  EXPECT_THROW(generate_ipa_params(27), Error);
}

TEST_F(IpaFiles, DamagedOnesAreRefused) {
  const fs::path path = folder_ / "ipa.srs";
  write_ipa_params(path, params());
  const std::vector<std::uint8_t> good = read_file(path);
  using Bytes = std::vector<std::uint8_t>;
  const std::vector<std::function<void(Bytes&)>> changes = {
      [](Bytes& b) { b.clear(); },
      [](Bytes& b) { b.pop_back(); },
      [](Bytes& b) { b.push_back(0); },
      [](Bytes& b) { b[0] = 5; },
      [](Bytes& b) { b[3] = 255; },
      [](Bytes& b) { std::fill_n(b.begin() + 4 + 32 * 3, 32, std::uint8_t{255}); },
      [](Bytes& b) {
        std::fill_n(b.begin() + 4 + 32 * 3, 31, std::uint8_t{0});
        b[4 + 32 * 3 + 31] = 64;  // the identity
      },
      [](Bytes& b) { b[4 + 31] ^= 128; },                                            // minus g[0]
      [](Bytes& b) { b[4 + 32 * 15 + 31] ^= 128; },                                  // minus g[15]
      [](Bytes& b) { std::copy_n(b.begin() + 4, 32, b.begin() + 4 + 32 * 9); },      // g[0] again
      [](Bytes& b) { b[b.size() - 1] ^= 128; },                                      // minus u
      [](Bytes& b) { std::swap_ranges(b.end() - 64, b.end() - 32, b.end() - 32); },  // w and u
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Bytes bytes = good;
    changes[i](bytes);
    write_file_atomically(path, bytes);
    EXPECT_NE(error_of([&] { IpaParams::open(path, 4); }, Fault::format), "no error") << i;
    EXPECT_NE(error_of([&] { IpaVerifier::open(path, 4); }, Fault::format), "no error") << i;
  }
}

TEST_F(IpaFiles, ALagrangeBasisOfOthersIsRefused) {
  const fs::path path = folder_ / "ipa.srs";
  write_ipa_params(path, params());
  std::vector<std::uint8_t> bytes = read_file(path);
  bytes[4 + 32 * 16 + 32 * 5 + 31] ^= 128;
  write_file_atomically(path, bytes);
  EXPECT_NE(error_of([&] { IpaParams::open(path, 4); }, Fault::format).find("Lagrange"), std::string::npos);
  // Who needs another size, or only verifies, does not read it.
  EXPECT_EQ(error_of([&] { IpaParams::open(path, 3); }, Fault::format), "no error");
  EXPECT_EQ(error_of([&] { IpaVerifier::open(path, 4); }, Fault::format), "no error");
}

TEST(IpaDigests, AreThoseOfFreshlyHashedBases) {
  Sha256 running;
  std::uint32_t next = 0;
  for (unsigned k = 0; k <= 11; ++k) {
    for (; next < std::uint32_t{1} << k; ++next) {
      std::array<std::uint8_t, 5> message{};
      for (unsigned i = 0; i < 4; ++i) message[1 + i] = static_cast<std::uint8_t>(next >> 8 * i);
      running.update(g1_compress(hash_to_g1(message)));
    }
    Sha256 copy = running;
    std::string text;
    for (const unsigned byte : copy.finish()) {
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    EXPECT_EQ(text, ipa_digests[k]) << k;
  }
}

TEST_F(IpaFiles, OfTheOtherSchemeAreCalledByName) {
  write_ipa_params(folder_ / "ipa.srs", params());
  write_srs(folder_ / "kzg.srs", srs_from_secret(4, Fr::from_u64(99)));
  const auto says = [&](const std::string& part, const std::function<void()>& body) {
    EXPECT_NE(error_of(body, Fault::format).find(part), std::string::npos);
  };
  says("this is an IPA setup", [&] { Srs::open(folder_ / "ipa.srs", 4); });
  says("this is an IPA setup", [&] { read_srs_verifier(folder_ / "ipa.srs"); });
  says("this is a KZG setup", [&] { IpaParams::open(folder_ / "kzg.srs", 4); });
  says("this is a KZG setup", [&] { IpaVerifier::open(folder_ / "kzg.srs", 4); });
}

}  // namespace
}  // namespace ezkl
