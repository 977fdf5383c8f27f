// verify --input and --output: whether a proof is about given values.
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <functional>
#include <limits>

#include "../graph/model_text.hpp"
#include "api/verify.hpp"
#include "base/files.hpp"
#include "commit/srs.hpp"
#include "onnx/export.hpp"
#include "proved_model.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;
using testing::ProvedModel;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string other_input = R"({"input_data": [[0.5, -0.25, 1.0, 0.8125]]})";
// relu(x·u): 0.5 - 0.125 + 1 + 0.75, 1 - 0 + 0.25 + 0.75, and less than 0
const std::string output = R"({"output_data": [[2.125, 2.0, 0.0]]})";

class Comparison : public ::testing::TestWithParam<Kind> {
 protected:
  Comparison() : model_(ProvedModel::run_args(GetParam(), Kind::fixed, GetParam())) { model_.prove_honestly(); }

  VerifyReport check(const std::optional<std::string>& input, const std::optional<std::string>& out) const {
    VerifyFiles files{model_ / "proof.json", model_ / "settings.json", model_ / "vk.key", model_ / "kzg.srs"};
    files.input = input;
    files.output = out;
    return verify(files);
  }

  ProvedModel model_;
};

TEST_P(Comparison, TheProofsOwnValuesAgreeAndOthersDoNot) {
  const VerifyReport plain = check({}, {});
  ASSERT_TRUE(plain.accepted) << plain.reason;
  EXPECT_TRUE(plain.compared.empty());
  const VerifyReport same = check(ProvedModel::input(), output);
  EXPECT_TRUE(same.accepted) << same.reason;
  EXPECT_EQ(same.compared.size(), 2u);
  for (const auto& [input, out] : {std::pair(other_input, output),
                                   std::pair(std::string(ProvedModel::input()), std::string("[2.125, 2.0, 0.25]"))}) {
    const VerifyReport report = check(input, out);
    EXPECT_FALSE(report.accepted);
    EXPECT_TRUE(contains(report.reason, "the proof holds, but it is about another")) << report.reason;
  }
}

TEST_P(Comparison, OutputsMayBeBareLists) {
  EXPECT_TRUE(check({}, "[2.125, 2.0, 0]").accepted);
  EXPECT_TRUE(check({}, "[[2.125, 2.0, 0]]").accepted);
}

TEST_P(Comparison, DataOfAnotherFormIsAnError) {
  EXPECT_THROW(check(R"({"input_data": [[1, 2], [3, 4]]})", {}), Error);
  EXPECT_THROW(check(R"({"input_data": [["x"]]})", {}), Error);
  EXPECT_THROW(check({}, R"({"input_data": [[1]]})"), Error);
  EXPECT_FALSE(check(R"({"input_data": [[0.5, -0.25, 1.0]]})", {}).accepted);
}

// JSON knows no NaN, arrays of numpy do; as a constant of a model it would become 0, which is this model's third
// output.
TEST_P(Comparison, WhatIsNoNumberAgreesWithNothing) {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }";
    header.resize(117, ' ');
    std::string array = std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n";
    for (const float element : {2.125f, 2.0f, value}) {
      array.append(reinterpret_cast<const char*>(&element), sizeof element);
    }
    std::ofstream(model_ / "out.npy", std::ios::binary) << array;
    try {
      EXPECT_FALSE(check({}, (model_ / "out.npy").string()).accepted);
      ADD_FAILURE() << "compared";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::range);
      EXPECT_TRUE(contains(e.what(), "element 2")) << e.what();
    }
  }
}

// 0.49 and 1.02 stand for 0.5 and 1 at a scale of 4: nearer than half a step, and another input all the same.
TEST_P(Comparison, SaysHowFarNumbersWereRounded) {
  const VerifyReport near = check(R"({"input_data": [[0.49, -0.25, 1.02, 0.75]]})", "[2.125, 2, 0.001]");
  ASSERT_TRUE(near.accepted) << near.reason;
  EXPECT_TRUE(contains(near.compared.at(0),
                       ", rounded to the scale of each tensor (at most 0.02 away), holds the inputs that the proof"))
      << near.compared.at(0);
  EXPECT_TRUE(contains(near.compared.at(1), "(at most 0.001 away), holds the outputs")) << near.compared.at(1);
  const VerifyReport exact = check(ProvedModel::input(), {});
  EXPECT_EQ(exact.compared.at(0), "what was given holds the inputs that the proof is about");
}

INSTANTIATE_TEST_SUITE_P(Every, Comparison, ::testing::Values(Kind::public_, Kind::hashed_public, Kind::polycommit),
                         [](const auto& kind) {
                           return kind.param == Kind::public_         ? "Public"
                                  : kind.param == Kind::hashed_public ? "Hashed"
                                                                      : "Polycommit";
                         });

TEST(ComparisonOf, NothingIsClaimedOfWhatTheProofDoesNotShow) {
  const ProvedModel model(ProvedModel::run_args(Kind::private_, Kind::fixed, Kind::public_));
  model.prove_honestly();
  VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs"};
  EXPECT_TRUE(verify(files).accepted);
  files.input = ProvedModel::input();
  const VerifyReport report = verify(files);
  EXPECT_FALSE(report.accepted);
  EXPECT_TRUE(contains(report.reason, "cannot be said: its inputs are private")) << report.reason;
}

TEST(ComparisonOf, OutputsSayByHowMuchTheyDiffer) {
  const ProvedModel model(ProvedModel::run_args(Kind::public_, Kind::fixed, Kind::public_));
  model.prove_honestly();
  VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs"};
  files.output = "[2.125, 2.05, 0]";
  const VerifyReport report = verify(files);
  EXPECT_FALSE(report.accepted);
  EXPECT_TRUE(contains(report.reason,
                       "element 1 is 2.05, the proof is about 2: they differ by 0.05, and all digits at "
                       "the tensor's scale of"))
      << report.reason;
}

/// y = x + x for whole numbers a and b, as far as a proof.
class WholeNumbers : public ::testing::Test {
 protected:
  WholeNumbers() {
    const Path& here = folder_.path();
    write_file_atomically(
        here / "network.onnx",
        onnx_bytes(testing::model({testing::value("a", {1}, DType::i64), testing::value("b", {1}, DType::i64)},
                                  {testing::node("Add", {"a", "b"}, {"y"})})));
    RunArgs args = ProvedModel::run_args(Kind::public_, Kind::fixed, Kind::public_);
    args.decomp_legs = 10;
    gen_settings(here / "network.onnx", here / "settings.json", args);
    compile_circuit(here / "network.onnx", here / "model.compiled", here / "settings.json");
    gen_srs(here / "kzg.srs", 9);
    setup(here / "model.compiled", here / "vk.key", here / "pk.key", here / "kzg.srs");
    gen_witness(R"({"input_data": [[9007199254740993], [2]]})", here / "model.compiled", here / "witness.json");
    prove(here / "witness.json", here / "model.compiled", here / "pk.key", here / "proof.json", here / "kzg.srs");
  }

  VerifyReport check(const std::string& input, const std::string& sum = "[9007199254740995]") const {
    const Path& here = folder_.path();
    VerifyFiles files{here / "proof.json", here / "settings.json", here / "vk.key", here / "kzg.srs"};
    files.input = input;
    files.output = sum;
    return verify(files);
  }
  /// Two arrays of one whole number, without compression.
  std::string archive(const std::string& first, std::int64_t a, const std::string& second, std::int64_t b) const {
    std::string out, directory;
    const auto put = [](std::string& to, std::uint64_t v, int bytes) {
      for (int i = 0; i < bytes; ++i) to.push_back(char(v >> (8 * i)));
    };
    for (const auto& [name, value] : {std::pair(first + ".npy", a), std::pair(second + ".npy", b)}) {
      std::string header = "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }";
      header.resize(117, ' ');
      std::string array = std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n";
      put(array, static_cast<std::uint64_t>(value), 8);
      const std::size_t place = out.size();
      std::string common(10, '\0');
      put(common, crc32(0, reinterpret_cast<const Bytef*>(array.data()), uInt(array.size())), 4);
      put(common, array.size(), 4);
      put(common, array.size(), 4);
      put(common, name.size(), 4);
      out += "PK\3\4" + common + name + array;
      directory += "PK\1\2" + std::string(2, '\0') + common + std::string(10, '\0');
      put(directory, place, 4);
      directory += name;
    }
    const std::size_t at = out.size();
    out += directory + "PK\5\6";
    put(out, 0, 4);
    put(out, 0x00020002, 4);
    put(out, directory.size(), 4);
    put(out, at, 4);
    put(out, 0, 2);
    const Path path = folder_.path() / (first + second + ".npz");
    std::ofstream(path, std::ios::binary) << out;
    return path.string();
  }

  testing::TempFolder folder_;
};

TEST_F(WholeNumbers, AreComparedInAllTheirDigits) {
  const auto input = [](const std::string& a) { return "{\"input_data\": [[" + a + "], [2]]}"; };
  const VerifyReport same = check(input("9007199254740993"));
  EXPECT_TRUE(same.accepted) << same.reason;
  EXPECT_EQ(same.compared.at(0), "what was given holds the inputs that the proof is about");
  const VerifyReport other = check(input("9007199254740992"));
  EXPECT_FALSE(other.accepted);
  EXPECT_TRUE(
      contains(other.reason, "element 0 is 9007199254740992, the proof is about 9007199254740993: they differ by 1"))
      << other.reason;
  EXPECT_FALSE(check(input("9007199254740993"), "[9007199254740996]").accepted);
  for (const auto& [a, y] : {std::pair("9007199254740993.25", "[9007199254740995]"),
                             std::pair("9007199254740993", "[9007199254740995.25]")}) {
    try {
      check(input(a), y);
      ADD_FAILURE() << a << " " << y;
    } catch (const Error& e) {
      EXPECT_TRUE(contains(e.what(), "which takes whole numbers")) << e.what();
    }
  }
}

// The manifest names the tensors, and without it nothing does: the order in the file is not theirs.
TEST_F(WholeNumbers, ArraysGoByTheManifestsNames) {
  const std::int64_t a = 9007199254740993;
  EXPECT_TRUE(check(archive("b", 2, "a", a)).accepted);
  EXPECT_FALSE(check(archive("a", 2, "b", a)).accepted);
  EXPECT_THROW(check(archive("c", a, "d", 2)), Error);
  EXPECT_TRUE(check(archive("arr_0", a, "arr_1", 2)).accepted);
  std::filesystem::remove(folder_.path() / "vk.manifest.json");
  EXPECT_TRUE(check(archive("arr_0", a, "arr_1", 2)).accepted);
  try {
    check(archive("a", a, "b", 2));
    ADD_FAILURE() << "compared";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::usage);
    EXPECT_TRUE(contains(e.what(), "nothing tells which input has which")) << e.what();
  }
}

TEST(ComparisonOf, CommitmentsWantTheWholeSetup) {
  const ProvedModel model(ProvedModel::run_args(Kind::polycommit, Kind::fixed, Kind::public_));
  model.prove_honestly();
  VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs", true};
  files.input = ProvedModel::input();
  EXPECT_THROW(verify(files), Error);
}

/// The setup of a folder with other points for commitments, and the same ones for openings.
void deceive(const std::filesystem::path& from, const std::filesystem::path& to,
             const std::function<void(std::vector<G1Affine>& powers, std::vector<G1Affine>& lagrange)>& change) {
  const Srs srs = Srs::open(from, Srs::file_k(from));
  std::vector<G1Affine> powers(srs.g().begin(), srs.g().end());
  std::vector<G1Affine> lagrange(srs.g_lagrange().begin(), srs.g_lagrange().end());
  change(powers, lagrange);
  write_srs(to, Srs(srs.k(), std::move(powers), std::move(lagrange), srs.g2(), srs.s_g2()));
}

std::string refusal_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::format) << e.what();
    return e.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

// The prover hands over a setup whose verifier's points are right, and over whose other points the commitment to a
// false input is the one in the proof; over which an honest model's key is another model's.
TEST(ComparisonOf, ASetupIsMoreThanWhatOpeningsAreCheckedWith) {
  const ProvedModel model(ProvedModel::run_args(Kind::polycommit, Kind::fixed, Kind::public_));
  model.prove_honestly();
  deceive(model / "kzg.srs", model / "evil.srs", [](auto&, auto& lagrange) {
    // 0.8125 over it is what 0.75 is over the true one
    lagrange[3] = G1(lagrange[3]).mul(Fr::from_u64(12) * Fr::from_u64(13).inverse()).to_affine();
  });
  VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "evil.srs"};
  EXPECT_TRUE(verify(files).accepted);  // whose openings need nothing else
  files.input = other_input;
  EXPECT_TRUE(contains(refusal_of([&] { verify(files); }), "Lagrange basis"));
  EXPECT_TRUE(contains(refusal_of([&] {
                         setup(model / "model.compiled", model / "other.key", model / "other.pk", model / "evil.srs",
                               std::nullopt, false);
                       }),
                       "Lagrange basis"));
  EXPECT_TRUE(
      contains(refusal_of([&] { kzg_commit({std::string(64, '0')}, files.vk, files.settings, model / "evil.srs"); }),
               "Lagrange basis"));
  // A basis and powers that belong together, but to another secret than the verifier's.
  deceive(model / "kzg.srs", model / "evil.srs", [&](auto& powers, auto& lagrange) {
    const Srs other = srs_from_secret(Srs::file_k(model / "kzg.srs"), Fr::from_u64(12345));
    powers.assign(other.g().begin(), other.g().end());
    lagrange.assign(other.g_lagrange().begin(), other.g_lagrange().end());
  });
  EXPECT_TRUE(contains(refusal_of([&] { verify(files); }), "powers of the secret"));
}

}  // namespace
}  // namespace ezkl
