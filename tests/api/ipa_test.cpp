// Files of the last published release with IPA (tests/data/ipa).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "../temp_folder.hpp"
#include "api/verify.hpp"
#include "artifact/felt_text.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "commit/srs.hpp"
#include "ezkl/ezkl.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

using Document = nlohmann::json;

class PublishedIpa : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    here_ = new testing::TempFolder;
    gen_srs(folder() / "ipa.srs", 8, Commitment::ipa);
    gen_srs(folder() / "kzg.srs", 8);
  }
  static void TearDownTestSuite() { delete here_; }

  static const Path& folder() { return here_->path(); }
  static Path data(const std::string& name) { return Path(EZKL_TEST_DATA "/ipa") / name; }

  /// The stored files with some of them changed.
  struct Files {
    Path proof = data("proof.json"), settings = data("settings.json"), vk = data("vk.key"), srs = folder() / "ipa.srs";
    bool reduced = false;
  };

  /// Empty when the proof is accepted.
  static std::string reason(const Files& files) {
    try {
      const auto verdict = verify(VerifyFiles{files.proof, files.settings, files.vk, files.srs, files.reduced});
      return verdict.reason;
    } catch (const Error& e) {
      EXPECT_NE(e.fault(), Fault::internal) << e.what();
      return e.what();
    }
  }

  static Path written(const std::string& name, const std::string& text) {
    write_file_atomically(folder() / name, std::string_view(text));
    return folder() / name;
  }
  static std::string text(const std::string& name) { return read_text(data(name), 1 << 20); }

  static void expect_says(const Files& files, const std::string& part) {
    const std::string found = reason(files);
    EXPECT_NE(found.find(part), std::string::npos) << found;
  }

 private:
  static inline testing::TempFolder* here_ = nullptr;
};

TEST_F(PublishedIpa, TheSetupIsTheSameFile) {
  Sha256 hash;
  hash.update(read_file(folder() / "ipa.srs"));
  EXPECT_EQ(hex_text(hash.finish()), "a9f40f0cd54fa6e1bd30e7e63af1a0f54bae3573bdf90f9e6ca5e8b2cb2082c1");
}

TEST_F(PublishedIpa, ProofIsAcceptedAndEveryChangeRefused) {
  EXPECT_EQ(reason({}), "");
  const Document good = Document::parse(text("proof.json"));
  const auto with = [&](const std::function<void(Document&, std::vector<std::uint8_t>&)>& change) {
    Document proof = good;
    auto bytes = good["proof"].get<std::vector<std::uint8_t>>();
    change(proof, bytes);
    proof["proof"] = bytes;
    proof["hex_proof"] = nullptr;
    proof["pretty_public_inputs"] = nullptr;
    Files files;
    files.proof = written("changed.json", proof.dump());
    return reason(files);
  };
  EXPECT_EQ(with([](Document&, auto&) {}), "");
  const std::size_t size = good["proof"].size();
  for (std::size_t at = 31; at < size; at += 32) {
    EXPECT_NE(with([&](Document&, auto& bytes) { bytes[at] ^= 1; }), "") << at;
  }
  EXPECT_NE(with([](Document&, auto& bytes) { bytes.pop_back(); }), "");
  EXPECT_NE(with([](Document&, auto& bytes) { bytes.push_back(0); }), "");
  EXPECT_NE(with([](Document& proof, auto&) { proof["instances"][0][0] = std::string(64, '0'); }), "");
  EXPECT_NE(with([](Document& proof, auto&) { proof["instances"][0].push_back(std::string(64, '0')); }), "");
  EXPECT_NE(with([](Document& proof, auto&) { proof["instances"].push_back(Document::array()); }), "");
}

TEST_F(PublishedIpa, FilesOfTheOtherSchemeAreCalledByName) {
  Files files;
  files.srs = folder() / "kzg.srs";
  expect_says(files, "this is a KZG setup");

  files = {};
  files.reduced = true;
  expect_says(files, "reduced_srs");

  Document settings = Document::parse(text("settings.json"));
  settings["run_args"]["commitment"] = "KZG";
  files = {};
  files.settings = written("kzg_settings.json", settings.dump());
  expect_says(files, "IPA commitments, the settings say KZG");
  Document proof = Document::parse(text("proof.json"));
  proof.erase("commitment");
  files.proof = written("unnamed.json", proof.dump());
  expect_says(files, "made for IPA commitments");
  settings["run_args"]["commitment"] = "FRI";
  files.settings = written("fri_settings.json", settings.dump());
  expect_says(files, "expected KZG or IPA");

  proof["commitment"] = "KZG";
  files = {};
  files.proof = written("kzg_proof.json", proof.dump());
  expect_says(files, "KZG commitments, the settings say IPA");
  proof["commitment"] = "IPA";
  proof["transcript_type"] = "Poseidon";
  files.proof = written("poseidon.json", proof.dump());
  expect_says(files, "Poseidon");

  // a column that nobody uses gives a key away: the identity under KZG
  auto key = read_file(data("vk.key"));
  std::fill_n(key.begin() + 7, 64, std::uint8_t{0});
  files = {};
  files.vk = folder() / "kzg_vk.key";
  write_file_atomically(files.vk, key);
  expect_says(files, "made for KZG commitments");
  key = read_file(data("vk.key"));
  key.resize(key.size() / 2);
  write_file_atomically(files.vk, key);
  expect_says(files, "vk.key");
}

TEST_F(PublishedIpa, CommitGivesThePublishedPoint) {
  std::vector<std::string> message;
  for (const std::uint64_t v : {1, 2, 5, 10, 17}) message.push_back(felt_text(Fr::from_u64(v)));
  const Path settings = data("settings.json"), vk = data("vk.key"), srs = folder() / "ipa.srs";
  EXPECT_EQ(ipa_commit(message, vk, settings, srs),
            std::vector<std::string>{"5b13aa0d423582c3d8b619f10b0cf7e9f75587a6dbdbeee96381bf9d68d82420"});
  EXPECT_THROW(kzg_commit(message, vk, settings, srs), Error);
  EXPECT_THROW(ipa_commit(message, vk, settings, folder() / "kzg.srs"), Error);
  EXPECT_THROW(ipa_commit({"xyz"}, vk, settings, srs), Error);
}

TEST_F(PublishedIpa, ContractsAreNotOffered) {
  EXPECT_THROW(create_evm_verifier(data("vk.key"), data("settings.json"), folder() / "v.sol", folder() / "v.json",
                                   folder() / "kzg.srs"),
               Error);
  EXPECT_THROW(encode_evm_calldata(data("proof.json"), folder() / "calldata.bytes"), Error);
  EXPECT_FALSE(std::filesystem::exists(folder() / "calldata.bytes"));
}

}  // namespace
}  // namespace ezkl
