// A proving key of a program that puts cells elsewhere.
#include <gtest/gtest.h>
#include <unistd.h>

#include "artifact/envelope.hpp"
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
  static std::string refusal(const Path& key) {
    try {
      prove(here() / "witness.json", here() / "model.compiled", key, here() / "proof.json", here() / "kzg.srs");
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

TEST_F(ProvingKeyLayout, KeysFromBeforeItWasNumberedAreRefused) {
  auto older = payload();
  older.erase(older.begin(), older.begin() + 4);
  const std::string text = refusal(written(seal(kind, format - 1, older)));
  EXPECT_NE(text.find("is of format 3"), std::string::npos) << text;
  EXPECT_NE(text.find("make the file again"), std::string::npos) << text;
}

}  // namespace
}  // namespace ezkl
