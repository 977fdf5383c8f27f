// A proving key of a program that puts cells elsewhere, a damaged one, and what is written beside it.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "api/loaded_model.hpp"
#include "api/manifest.hpp"
#include "artifact/envelope.hpp"
#include "artifact/pk_file.hpp"
#include "base/files.hpp"
#include "circuit/lowering.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kind = "EZKL-CPP proving key, format ";
constexpr unsigned format = 4;

class ProvingKeyLayout : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    here() = fs::temp_directory_path() / ("ezkl_layout_" + std::to_string(getpid()));
    fs::create_directories(here());
    const Path models = EZKL_TEST_DATA "/models";
    RunArgs args;
    args.logrows = 8;
    args.decomp_base = 64;
    args.decomp_legs = 4;
    gen_settings(models / "mlp.onnx", here() / "settings.json", args);
    compile_circuit(models / "mlp.onnx", here() / "model.compiled", here() / "settings.json");
    gen_srs(here() / "kzg.srs", 8);
    setup(here() / "model.compiled", here() / "vk.key", here() / "pk.key", here() / "kzg.srs");
    gen_witness((models / "mlp_input.json").string(), here() / "model.compiled", here() / "witness.json");
  }
  static void TearDownTestSuite() { fs::remove_all(here()); }
  static Path& here() {
    static Path path;
    return path;
  }

  static std::vector<std::uint8_t> payload() {
    const auto bytes = read_file(here() / "pk.key");
    const auto content = unseal(kind, format, bytes, "pk.key");
    return {content.begin(), content.end()};
  }
  static Path written(const std::vector<std::uint8_t>& bytes) {
    write_file_atomically(here() / "other.key", bytes);
    return here() / "other.key";
  }
  static std::string refusal(const Path& key, CheckMode check_mode = CheckMode::unsafe) {
    try {
      ProveOptions options;
      options.check_mode = check_mode;
      prove(here() / "witness.json", here() / "model.compiled", key, here() / "proof.json", here() / "kzg.srs",
            options);
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::format);
      return e.what();
    }
    return "accepted";
  }
};

TEST_F(ProvingKeyLayout, OfAnotherNumberIsRefusedInWordsThatSayWhatToDo) {
  EXPECT_EQ(refusal(here() / "pk.key"), "accepted");
  auto other = payload();
  other[0] ^= 0x40;
  const std::string text = refusal(written(seal(kind, format, other)));
  EXPECT_NE(text.find("laid out as of " + std::to_string(layout_version ^ 0x40) + ", here as of " +
                      std::to_string(layout_version)),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("Run setup again"), std::string::npos) << text;
  // The verifying key in it serves the proofs that were made with it.
  gen_vk_from_pk_single(here() / "other.key", here() / "settings.json", here() / "again.key");
  EXPECT_EQ(read_file(here() / "again.key"), read_file(here() / "vk.key"));
}

// Its checksum is right and its points are points: only the proof shows that they are not the circuit's.
TEST_F(ProvingKeyLayout, OfOtherCommitmentsIsTheFilesFaultAndNotTheProgramsOwn) {
  const auto bytes = read_file(here() / "pk.key");
  const ProvingKeyHead head = parse_proving_key_head(bytes, "pk.key");
  const LoadedModel model(here() / "model.compiled");
  ProvingKeyFile file{parse_proving_key(head, circuit_of(model).cs, model.logrows(), "pk.key"),
                      head.layout,
                      head.model,
                      head.fixed,
                      head.scheme,
                      {head.setup.begin(), head.setup.end()}};
  EXPECT_EQ(refusal(written(proving_key_bytes(file)), CheckMode::safe), "accepted");
  auto& points = file.key.vk.permutation_commitments;
  ASSERT_GT(points.size(), 1u);
  ASSERT_FALSE(points[0] == points[1]);
  std::swap(points[0], points[1]);
  fs::remove(here() / "proof.json");
  const std::string text = refusal(written(proving_key_bytes(file)), CheckMode::safe);
  for (const char* part : {"other.key", "kzg.srs", "does not verify and was not written", "run setup again"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << ": " << text;
  }
  EXPECT_FALSE(fs::exists(here() / "proof.json"));
}

TEST_F(ProvingKeyLayout, AFullDiskLeavesTheOldKeysAndTheirManifest) {
  const Path folder = here() / "full";
  fs::create_directories(folder);
  const auto make = [&](const Path& srs) {
    setup(here() / "model.compiled", folder / "vk.key", folder / "pk.key", srs);
  };
  make(here() / "kzg.srs");
  const char* const names[] = {"vk.key", "pk.key", "vk.manifest.json"};
  std::vector<std::vector<std::uint8_t>> before;
  for (const char* name : names) before.push_back(read_file(folder / name));
  ASSERT_LT(before[0].size(), before[1].size()) << "the disk is to be full for the second key alone";
  gen_srs(here() / "other.srs", 8);
  struct rlimit limits {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limits), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { before[1].size() - 1, limits.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(make(here() / "other.srs"), Error);
  ::setrlimit(RLIMIT_FSIZE, &limits);
  std::signal(SIGXFSZ, handler);
  for (std::size_t i = 0; i < std::size(names); ++i) EXPECT_EQ(read_file(folder / names[i]), before[i]) << names[i];
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 3);
  make(here() / "other.srs");
  EXPECT_NE(read_file(folder / "vk.key"), before[0]);
}

TEST_F(ProvingKeyLayout, DigestsAreOfTheBytesThatWereRead) {
  const Path model = EZKL_TEST_DATA "/models/mlp.onnx", compiled = here() / "model.compiled";
  EXPECT_EQ(read_digested_model(model, 0).files, model_digests(model));
  EXPECT_EQ(read_compiled(compiled).sha256, sha256_of_file(compiled));
  EXPECT_EQ(read_manifest(here() / "vk.manifest.json").manifest.compiled, sha256_of_file(compiled));
  EXPECT_EQ(read_manifest(here() / "vk.manifest.json").manifest.model, model_digests(model));
}

TEST_F(ProvingKeyLayout, AMockRunKeepsToALimitByNotBeginning) {
  const auto run = [&](std::uint64_t max_memory) {
    mock(here() / "witness.json", here() / "model.compiled", 0, max_memory);
  };
  const auto fault = [&](std::uint64_t max_memory) {
    try {
      run(max_memory);
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("model.compiled: its circuit takes about"), std::string::npos) << e.what();
      return e.fault();
    }
    return Fault{};
  };
  constexpr std::uint64_t little = std::uint64_t{1} << 20, much = std::uint64_t{1} << 40;
  EXPECT_EQ(fault(little), Fault::limit);
  EXPECT_EQ(fault(much), Fault{});
  SessionOptions options;
  options.max_memory = little;
  Session session(options);
  EXPECT_EQ(session.run([&] { return fault(0); }), Fault::limit);
  EXPECT_EQ(session.run([&] { return fault(much); }), Fault{});
}

TEST_F(ProvingKeyLayout, KeysFromBeforeItWasNumberedAreRefused) {
  auto older = payload();
  older.erase(older.begin(), older.begin() + 4);
  const std::string text = refusal(written(seal(kind, format - 1, older)));
  EXPECT_NE(text.find("is of format 3"), std::string::npos) << text;
  EXPECT_NE(text.find("make the file again"), std::string::npos) << text;
}

}  // namespace
}  // namespace ezkl
