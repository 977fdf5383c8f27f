// pk.key with its checksum made right, for the circuit whose key is the seed.
#include "artifact/pk_file.hpp"
#include "artifact/settings_file.hpp"
#include "circuit/configure.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ezkl;
  static const GraphSettings settings = read_settings(std::filesystem::path(EZKL_FUZZ_DATA) / "settings.json");
  static const ConfiguredCircuit circuit = configure(settings);
  fuzz::takes([&] { parse_proving_key_head({data, size}, "as it is"); });
  const std::vector<std::uint8_t> bytes = fuzz::resealed({data, size});
  fuzz::takes([&] {
    ProvingKeyFile file;
    const ProvingKeyHead head = parse_proving_key_head(bytes, "key");
    file.key = parse_proving_key(head, circuit.cs, settings.run_args.logrows, "key");
    file.layout = head.layout;
    file.model = head.model;
    file.fixed = head.fixed;
    file.scheme = head.scheme;
    file.setup.assign(head.setup.begin(), head.setup.end());
    const std::vector<std::uint8_t> written = proving_key_bytes(file);
    const ProvingKeyHead again = parse_proving_key_head(written, "again");
    file.key = parse_proving_key(again, circuit.cs, settings.run_args.logrows, "again");
    fuzz::require(proving_key_bytes(file) == written, "another key after writing");
  });
  return 0;
}
