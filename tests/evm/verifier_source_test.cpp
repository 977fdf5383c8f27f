// What can be said of the contracts without a compiler. Behaviour is tested by running them: see check_contracts.py.
#include "evm/verifier_source.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "artifact/proof_file.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "circuit/configure.hpp"
#include "circuit/statement_of.hpp"
#include "evm/arithmetic.hpp"
#include "evm/gas_report.hpp"
#include "evm/key_relations.hpp"
#include "evm/proof_layout.hpp"
#include "evm/reusable_source.hpp"
#include "evm/vka.hpp"
#include "evm/yul_cost.hpp"

namespace ezkl::evm {
namespace {

namespace fs = std::filesystem;

std::string source_of(const std::string& name) {
  const fs::path folder = fs::path(EZKL_TEST_DATA) / "golden" / name;
  const auto settings = read_settings(folder / "settings.json");
  const auto circuit = configure(settings);
  const auto vk = read_verifying_key(folder / "vk.key", circuit.cs, settings.run_args.logrows, KeyFormat::raw);
  return verifier_contract(vk, read_srs_verifier(EZKL_TEST_DATA "/golden/kzg4.srs"), statement_of(settings).num_instances).source;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t out = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++out;
  return out;
}

TEST(VerifierSource, NamesTheContractAndBindsTheKey) {
  const auto text = source_of("default");
  EXPECT_NE(text.find("contract Halo2Verifier {"), std::string::npos);
  EXPECT_EQ(count(text, "{"), count(text, "}"));
  EXPECT_EQ(text, source_of("default"));
  EXPECT_NE(text, source_of("hashed_input"));
}

TEST(VerifierSource, SaysWhatItIsToldAndRefusesMoreInstancesThanRows) {
  const fs::path folder = fs::path(EZKL_TEST_DATA) / "golden" / "default";
  const auto settings = read_settings(folder / "settings.json");
  const auto vk = read_verifying_key(folder / "vk.key", configure(settings).cs, 9, KeyFormat::raw);
  const auto srs = read_srs_verifier(EZKL_TEST_DATA "/golden/kzg4.srs");
  const std::size_t room = vk.system.cs.usable_rows(vk.k);
  EXPECT_EQ(count(verifier_contract(vk, srs, 3, {}, {"instance 0: input 0"}).source, "\n/// instance 0: input 0\n"),
            1u);
  EXPECT_NO_THROW(verifier_contract(vk, srs, room));
  EXPECT_THROW(verifier_contract(vk, srs, room + 1), Error);
  auto many = settings;
  many.model_instance_shapes.back() = {1, room + 1};
  EXPECT_THROW(make_vka(many, vk, srs), Error);
}

TEST(VerifierSource, ChecksTheHeadOfTheCalldata) {
  const auto text = source_of("default");
  for (const char* check : {"eq(calldataload(0x4), 0x40)", "eq(calldataload(0x24), ", "eq(calldataload(0x44), "}) {
    EXPECT_EQ(count(text, check), 1u) << check;
  }
}

// Its assembly returns for the whole call, so nothing inside the contract may call it.
TEST(VerifierSource, TheEntryPointIsExternal) {
  for (const std::string& text : {source_of("default"), std::string(reusable_verifier_source())}) {
    const std::size_t entry = text.find("function verifyProof(");
    ASSERT_NE(entry, std::string::npos);
    EXPECT_NE(text.substr(entry, text.find('{', entry) - entry).find("external"), std::string::npos);
    EXPECT_EQ(count(text, " public "), 0u);
  }
}

TEST(VerifierSource, CommitmentsOfTheKeyThatOthersStandForAreNotMultiplied) {
  // One multiplication for every commitment of the key that stands for itself, for every point of the proof before W
  // but the first, and one for the generator, W and W' each.
  const fs::path folder = fs::path(EZKL_TEST_DATA) / "golden" / "default";
  const auto settings = read_settings(folder / "settings.json");
  const auto vk = read_verifying_key(folder / "vk.key", configure(settings).cs, 9, KeyFormat::raw);
  std::vector<KeyPoint> key;
  for (const auto* points : {&vk.fixed_commitments, &vk.permutation_commitments}) {
    for (const auto& point : *points) key.push_back({point});
  }
  const auto combinations = key_relations(key);
  std::size_t multiplied = 0;
  for (std::size_t i = 0; i < key.size(); ++i) {
    multiplied += combinations[i].size() == 1 && combinations[i].front() == std::pair(i, Fr::one());
  }
  EXPECT_LT(multiplied, key.size());
  const ProofLayout layout(vk, 0x64);
  const std::size_t points = (layout.evaluations - layout.advice) / 0x40;
  EXPECT_EQ(count(source_of("default"), "staticcall(20000, 7, "), points - 1 + multiplied + 3);
}

TEST(VerifierSource, PrecompilesGetBoundedGas) {
  // a bad point must not take all the gas of the caller; only the pairing, whose points were checked, may
  const auto text = source_of("default");
  EXPECT_EQ(count(text, "staticcall(gas(), "), 2u);
  EXPECT_EQ(count(text, "staticcall(gas(), 5, ") + count(text, "staticcall(gas(), 8, "), 2u);
}

TEST(GasReport, AddsUpToWhatAnEvmSays) {
  const fs::path folder = fs::path(EZKL_TEST_DATA) / "golden" / "default";
  const auto settings = read_settings(folder / "settings.json");
  const auto vk = read_verifying_key(folder / "vk.key", configure(settings).cs, 9, KeyFormat::raw);
  const auto contract =
      verifier_contract(vk, read_srs_verifier(EZKL_TEST_DATA "/golden/kzg4.srs"), statement_of(settings).num_instances);
  // check_contracts.py measures the execution and the code of this contract
  constexpr double execution = 404'176, code = 10'522;
  YulCost total;
  for (const auto& [name, cost] : contract.sections) total += cost;
  EXPECT_NEAR(static_cast<double>(total.gas + total.precompiles), execution, 0.01 * execution);
  EXPECT_NEAR(static_cast<double>(contract.code_bytes), code, 0.1 * code);
  const auto text = gas_report(contract);
  for (const char* section : {"transcript", "lagrange", "identity", "opening", "key"}) {
    EXPECT_EQ(count(text, section), 1u) << section;
  }
}

TEST(YulCost, CountsOperationsLoopsAndPrecompiles) {
  const auto cost = [](const char* text) { return yul_cost(text).gas; };
  EXPECT_EQ(cost("let a := mload(0x40)"), 6u);
  EXPECT_EQ(cost("a := mulmod(a, b, r)"), 3u + 3 + 3 + 8 + 5);
  EXPECT_EQ(cost("calldatacopy(0x00, 0x40, 0x60)"), 9u + 3 + 9);
  EXPECT_EQ(cost("h := keccak256(0x00, 0x21)"), 6u + 30 + 12 + 5);
  EXPECT_EQ(cost("// mulmod(a, b, r)\n"), 0u);
  const std::string loop = "for { let p := 0x00 } lt(p, 0x60) { p := add(p, 0x20) } { let v := calldataload(p) }";
  EXPECT_EQ((yul_cost(loop + loop).gas) % yul_cost(loop).gas, 0u);
  EXPECT_GT(yul_cost(loop).gas, 3 * cost("let v := calldataload(p)"));
  const auto product = yul_cost("ok := and(ok, staticcall(20000, 7, 0x40, 0x60, 0x40, 0x40))");
  EXPECT_EQ(product.precompiles, 6100u);
  EXPECT_EQ(product.products, 1u);
}

TEST(AnnouncedInstances, OfAProofAreOnlyTheHashesThatStandInIt) {
  GraphSettings settings;
  settings.model_instance_shapes = {{1, 3}};
  settings.model_input_scales = {0, 0};
  settings.model_output_scales = {0};
  settings.poseidon_counts = {2};
  settings.run_args.input_visibility = {Visibility::Kind::hashed_private, {0}};
  EXPECT_EQ(announced_instances(settings, VkaInstances::published), 5u);
  EXPECT_EQ(announced_instances(settings, VkaInstances::of_proof), 4u);
  settings.run_args.input_visibility = {Visibility::Kind::hashed_public, {}};
  EXPECT_EQ(announced_instances(settings, VkaInstances::of_proof), 5u);
}

// A public input and a hashed output: the hash comes last, and the published format takes it to be the first instance.
TEST(AnnouncedInstances, HashesOfOutputsStandBehindPublicInputs) {
  GraphSettings settings;
  settings.model_instance_shapes = {{1, 3}};
  settings.model_input_scales = {7};
  settings.model_output_scales = {7};
  settings.poseidon_counts = {1};
  settings.run_args.input_visibility = {Visibility::Kind::public_, {}};
  settings.run_args.output_visibility = {Visibility::Kind::hashed_public, {}};
  EXPECT_TRUE(shifts_instances(settings, VkaInstances::published));
  EXPECT_FALSE(shifts_instances(settings, VkaInstances::of_proof));
  settings.run_args.input_visibility = {Visibility::Kind::hashed_public, {}};
  settings.run_args.output_visibility = {Visibility::Kind::public_, {}};
  EXPECT_FALSE(shifts_instances(settings, VkaInstances::published));
}

// That it does is seen by running it: see check_contracts.py.
TEST(ReusableSource, MakesNumbersOfIntegersOnly) {
  EXPECT_EQ(
      count(std::string(reusable_verifier_source()), "if gt(v, 0x80000000000000000000000000000000) { revert(0, 0) }"),
      1u);
}

TEST(ReusableSource, NamesTheContract) {
  const auto text = reusable_verifier_source();
  EXPECT_NE(text.find("contract Halo2VerifierReusable {"), std::string::npos);
  EXPECT_EQ(count(text, "{"), count(text, "}"));
}

TEST(Abi, IsJsonWithTheAgreedFunctions) {
  const auto dedicated = nlohmann::json::parse(verifier_abi(false));
  ASSERT_EQ(dedicated.size(), 1u);
  EXPECT_EQ(dedicated[0]["name"], "verifyProof");
  EXPECT_EQ(dedicated[0]["inputs"].size(), 2u);
  const auto reusable = nlohmann::json::parse(verifier_abi(true));
  ASSERT_EQ(reusable.size(), 3u);
  EXPECT_EQ(reusable[1]["outputs"][2]["type"], "int256[]");
}

TEST(Arithmetic, FoldsConstantsAndSharesNodes) {
  Arithmetic graph;
  const auto x = graph.calldata(0x64);
  const auto zero = graph.constant(Fr::zero());
  const auto one = graph.constant(Fr::one());
  EXPECT_EQ(graph.add(x, zero), x);
  EXPECT_EQ(graph.mul(one, x), x);
  EXPECT_TRUE(graph.is_constant(graph.mul(x, zero), 0));
  EXPECT_EQ(graph.neg(graph.neg(x)), x);
  EXPECT_EQ(graph.mul(x, x), graph.mul(x, x));
  EXPECT_TRUE(graph.is_constant(graph.add(one, one), 2));
}

TEST(YulWriter, StoresWhatIsUsedTwice) {
  Arithmetic graph;
  const auto square = graph.mul(graph.calldata(0x64), graph.calldata(0x64));
  const auto sum = graph.add(square, square);
  YulWriter yul(graph, 0x200);
  yul.count(sum);
  std::vector<std::string> lines;
  EXPECT_EQ(yul.text(sum, lines), "add(mload(0x200), mload(0x200))");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0], "mstore(0x200, mulmod(calldataload(0x64), calldataload(0x64), r))");
}

TEST(YulWriter, ReducesASumBeforeItPasses256Bits) {
  // 5r < 2^256 < 6r
  Arithmetic graph;
  auto sum = graph.calldata(0x64);
  for (int i = 1; i < 5; ++i) sum = graph.add(sum, graph.calldata(0x64 + 0x20 * static_cast<Address>(i)));
  YulWriter yul(graph, 0x200);
  std::vector<std::string> lines;
  EXPECT_EQ(count(yul.text(sum, lines), "addmod("), 0u);
  EXPECT_EQ(yul.reduced_text(sum, lines).rfind("mod(", 0), 0u);
  EXPECT_EQ(yul.text(graph.neg(sum), lines).rfind("sub(r, mod(", 0), 0u);
  EXPECT_EQ(yul.sum_text("b", sum, lines).rfind("addmod(b, ", 0), 0u);
  EXPECT_EQ(count(yul.text(graph.add(sum, graph.calldata(0x264)), lines), "addmod("), 1u);
  EXPECT_TRUE(lines.empty());
}

TEST(YulWriter, RecomputesWhatIsCheaperThanAMemoryWord) {
  Arithmetic graph;
  const auto cheap = graph.add(graph.calldata(0x64), graph.calldata(0x84));
  const auto root = graph.mul(cheap, graph.mul(cheap, graph.calldata(0xa4)));
  YulWriter yul(graph, 0x200);
  yul.count(root);
  std::vector<std::string> lines;
  EXPECT_EQ(count(yul.text(root, lines), "add(calldataload(0x64), calldataload(0x84))"), 2u);
  EXPECT_TRUE(lines.empty());
}

}  // namespace
}  // namespace ezkl::evm
