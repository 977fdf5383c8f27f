// Two outputs at one path, or an output over an input: refused before anything is lost.
#include <gtest/gtest.h>

#include <map>

#include "proved_folder.hpp"

namespace {

namespace fs = std::filesystem;

class OneFileTwice : public ProvedFolder {
 protected:
  static void SetUpTestSuite() {
    ProvedFolder::SetUpTestSuite();
    ok({"create-evm-vka", "--srs-path", "kzg.srs"});
    fs::create_symlink("kzg.srs", here() / "link.srs");
    fs::create_symlink("network.onnx", here() / "link.json");
    fs::create_directory(here() / "part-1");
    fs::copy(here() / "network.onnx", here() / "part-1" / "network.onnx");
  }
  static std::map<std::string, std::string> contents() {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(here().path())) {
      const std::string name = entry.path().lexically_relative(here().path()).string();
      if (entry.is_regular_file() && name[0] != '.') out[name] = here().read(name);
    }
    return out;
  }
};

TEST_F(OneFileTwice, IsRefusedByEveryCommandThatWrites) {
  const auto before = contents();
  const std::vector<std::vector<std::string>> commands = {
      {"setup", "--srs-path", "kzg.srs", "--vk-path", "k.key", "--pk-path", "k.key"},
      {"setup", "--srs-path", "kzg.srs", "--pk-path", "vk.manifest.json"},
      {"setup", "--srs-path", "kzg.srs", "--pk-path", "kzg.srs"},
      {"setup", "--srs-path", "kzg.srs", "--pk-path", "link.srs"},
      {"setup", "--srs-path", "kzg.srs", "--vk-path", "./model.compiled"},
      {"setup", "--srs-path", "kzg.srs", "--profile", "pk.key"},
      {"gen-settings", "-O", "network.onnx"},
      {"gen-settings", "-O", "link.json"},
      {"gen-settings", "-D", "input.json", "-O", "input.json"},
      {"compile-circuit", "--compiled-circuit", "network.onnx"},
      {"compile-circuit", "--compiled-circuit", "settings.json"},
      {"gen-witness", "-O", "input.json"},
      {"gen-witness", "-O", "model.compiled"},
      {"gen-random-data", "-D", "network.onnx", "--overwrite"},
      {"prove", "--srs-path", "kzg.srs", "--proof-path", "pk.key"},
      {"prove", "--srs-path", "kzg.srs", "--proof-path", "witness.json"},
      {"prove", "--srs-path", "link.srs", "--proof-path", "kzg.srs"},
      {"prove", "--srs-path", "kzg.srs", "--proof-path", "vk.manifest.json", "--manifest", "vk.manifest.json"},
      {"prove", "--srs-path", "kzg.srs", "--profile", "proof.json"},
      {"manifest", "--srs-path", "kzg.srs", "-O", "vk.key"},
      {"manifest", "--srs-path", "kzg.srs", "-O", "settings.json"},
      {"manifest", "--srs-path", "kzg.srs", "-M", "network.onnx", "-O", "network.onnx"},
      {"gen-vk-from-pk", "--vk-path", "pk.key"},
      {"create-evm-verifier", "--srs-path", "kzg.srs", "--sol-code-path", "x", "--abi-path", "x"},
      {"create-evm-verifier", "--srs-path", "kzg.srs", "--abi-path", "vk.manifest.json"},
      {"create-evm-vka", "--srs-path", "kzg.srs", "--vka-path", "vk.key"},
      {"encode-evm-calldata", "--calldata-path", "proof.json"},
      {"encode-evm-calldata", "--vka-path", "vka.bytes", "--calldata-path", "vka.bytes"},
      {"get-srs", "--commitment", "ipa", "--srs-path", "settings.json"},
      {"table", "-o", "network.onnx"},
      {"accuracy", "--json", "input.json"},
      {"accuracy", "--json", "report", "--html", "report"},
      {"split", "-M", "part-1/network.onnx", "-O", ".", "--parts", "2"},
      {"run", "--test-setup", "-D", "settings.json"},
  };
  for (const auto& command : commands) {
    std::string text;
    for (const std::string& word : command) text += word + " ";
    const Outcome o = here().run(command);
    EXPECT_EQ(o.code, 2) << text << o.err;
    EXPECT_TRUE(contains(o.err, "replace")) << text << o.err;
    EXPECT_EQ(contents(), before) << text;
  }
}

TEST_F(OneFileTwice, DevicesAreNoFiles) {
  ok({"setup", "--srs-path", "kzg.srs", "--vk-path", "/dev/null", "--pk-path", "/dev/null"});
}

// The name of a manifest leaves out what stands behind the last dot of the key's.
TEST_F(OneFileTwice, TheManifestOfAnotherKeyIsNotReplaced) {
  const std::string manifest = here().read("vk.manifest.json");
  const std::vector<std::string> bin{"setup", "--srs-path", "kzg.srs", "--vk-path", "vk.bin", "--pk-path", "pk.bin"};
  Outcome o = here().run(bin);
  EXPECT_EQ(o.code, 2) << o.err;
  EXPECT_TRUE(contains(o.err, "vk.manifest.json is the manifest of vk.key")) << o.err;
  EXPECT_FALSE(here().has("vk.bin"));
  fs::copy_file(here() / "vk.key", here() / "vk.bin");
  o = here().run({"manifest", "--srs-path", "kzg.srs", "--vk-path", "vk.bin"});
  EXPECT_EQ(o.code, 2) << o.err;
  ok({"manifest", "--srs-path", "kzg.srs", "--vk-path", "vk.bin", "-O", "bin.manifest.json"});
  fs::remove(here() / "vk.bin");
  EXPECT_EQ(here().read("vk.manifest.json"), manifest);
  // A proving key of that name, a key's own manifest and one whose key is gone are in nobody's way.
  ok({"setup", "--srs-path", "kzg.srs", "--vk-path", "k.vk", "--pk-path", "k.pk"});
  ok({"setup", "--srs-path", "kzg.srs", "--vk-path", "k.vk", "--pk-path", "k.pk"});
  fs::remove(here() / "k.vk");
  ok({"setup", "--srs-path", "kzg.srs", "--vk-path", "k.bin", "--pk-path", "k.pk"});
}

}  // namespace
