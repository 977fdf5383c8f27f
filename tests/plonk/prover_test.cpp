#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "base/cpu.hpp"
#include "base/files.hpp"
#include "commit/srs.hpp"
#include "ezkl/error.hpp"
#include "plonk/verifier.hpp"
#include "sample_circuit.hpp"

namespace ezkl::plonk {
namespace {

using test::SampleCircuit;
using test::SampleOptions;

const Srs& srs(unsigned k) {
  static std::map<unsigned, Srs> known;
  const auto at = known.find(k);
  if (at != known.end()) return at->second;
  return known.emplace(k, srs_from_secret(k, Fr::from_u64(0x1234567890abcdef))).first->second;
}

std::vector<std::uint8_t> prove(SampleCircuit& circuit, const ProvingKey& pk, std::uint64_t seed = 1,
                                MemoryPlan plan = MemoryPlan::keep_all) {
  Random random = Random::from_seed(seed);
  ProverOptions options;
  options.plan = plan;
  return create_proof(srs(circuit.k()), pk, circuit, circuit.instances, random, options);
}

Verdict verify(const SampleCircuit& circuit, const ProvingKey& pk, std::span<const std::uint8_t> proof) {
  return verify_proof(srs(circuit.k()).verifier(), pk.vk, {circuit.instances[0].size()}, circuit.instances, proof);
}

class EveryShape : public testing::TestWithParam<std::tuple<int, bool>> {};

TEST_P(EveryShape, HonestProofIsAccepted) {
  const auto [bits, compress] = GetParam();
  SampleOptions options;
  options.high_degree = bits & 1;
  options.challenges = bits & 2;
  options.shuffle = bits & 4;
  options.lookups = bits & 8;
  options.copies = bits & 16;
  options.dynamic = bits & 32;
  SampleCircuit circuit(options);
  EXPECT_TRUE(circuit.mock().empty()) << circuit.mock().front().constraint << ": " << circuit.mock().front().text;
  const ProvingKey pk = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), compress);
  const auto proof = prove(circuit, pk);
  const Verdict verdict = verify(circuit, pk, proof);
  EXPECT_TRUE(verdict.accepted) << verdict.reason;
  EXPECT_EQ(prove(circuit, pk, 1, MemoryPlan::rebuild_columns), proof);
  EXPECT_EQ(prove(circuit, pk, 1, MemoryPlan::rebuild_all), proof);
}

INSTANTIATE_TEST_SUITE_P(Shapes, EveryShape,
                         testing::Combine(testing::Values(0, 1, 2, 4, 8, 9, 16, 30, 32, 62, 63), testing::Bool()));

TEST(Prover, FewUsedRowsOfMany) {
  SampleOptions options;
  options.k = 11;
  SampleCircuit circuit(options);
  const ProvingKey pk = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), true);
  const auto proof = prove(circuit, pk);
  const Verdict verdict = verify(circuit, pk, proof);
  EXPECT_TRUE(verdict.accepted) << verdict.reason;
  circuit.spoil = [&circuit](unsigned phase, std::span<ColumnValues> columns) {
    if (phase == 0) columns[circuit.c.index].set(SampleCircuit::product_row + 1, Fr::from_u64(12345));
  };
  EXPECT_THROW(prove(circuit, pk), Error) << "a broken gate has no quotient in this form either";
}

TEST(Prover, SelectorsShareColumnsOnlyWhenCompressed) {
  const SampleCircuit circuit({});
  const auto width = [&](bool compress) {
    return keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), compress).fixed.size();
  };
  EXPECT_LT(width(true), width(false));
}

TEST(Prover, HighDegreeJoinsInputsInOneArgument) {
  SampleOptions options;
  options.dynamic = false;
  const SampleCircuit low(options);
  EXPECT_EQ(resolve(low.cs(), low.assembly().selectors, true).degree, 5u);
  options.high_degree = true;
  const SampleCircuit high(options);
  const auto arguments = [](const SampleCircuit& circuit) {
    const auto a = resolve(circuit.cs(), circuit.assembly().selectors, true).arguments;
    return std::count_if(a.begin(), a.end(), [](const LookupArgument& x) { return x.inputs.size() > 1; });
  };
  EXPECT_EQ(arguments(low), 0);
  EXPECT_GT(arguments(high), 0);
}

TEST(Prover, SameSeedSameBytesOtherSeedNoSharedCommitment) {
  SampleCircuit circuit({});
  const ProvingKey pk = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), true);
  const auto first = prove(circuit, pk, 1);
  EXPECT_EQ(first, prove(circuit, pk, 1));

  // One generator used twice must not blind twice with the same numbers either.
  Random random = Random::from_seed(1);
  const auto again = create_proof(srs(circuit.k()), pk, circuit, circuit.instances, random);
  const auto third = create_proof(srs(circuit.k()), pk, circuit, circuit.instances, random);
  EXPECT_EQ(first, again);
  const auto other = prove(circuit, pk, 2);
  const auto points = [](const std::vector<std::uint8_t>& proof) {
    std::set<std::vector<std::uint8_t>> out;
    for (std::size_t at = 0; at < proof.size(); at += 32) {
      if (proof[at + 31] == 0 && proof[at] == 0) continue;  // a column of zeros has value 0 everywhere
      out.insert(
          {proof.begin() + static_cast<std::ptrdiff_t>(at), proof.begin() + static_cast<std::ptrdiff_t>(at + 32)});
    }
    return out;
  };
  for (const auto& proof : {other, third}) {
    const auto one = points(first);
    const auto two = points(proof);
    std::vector<std::vector<std::uint8_t>> shared;
    std::set_intersection(one.begin(), one.end(), two.begin(), two.end(), std::back_inserter(shared));
    // The unblinded column's commitment is a function of its values: its two coordinates, nothing else.
    EXPECT_EQ(shared.size(), 2u);
    EXPECT_TRUE(std::equal(first.begin(), first.begin() + 64, proof.begin()));
  }
}

/// A proof of the sample circuit with a fixed seed, large enough for every parallel and vector path to be taken, and so
/// large that its columns are kept as what they are in a window.
std::vector<std::uint8_t> reference_proof() {
  SampleOptions options;
  options.k = 11;
  SampleCircuit circuit(options);
  const ProvingKey pk = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), true);
  return prove(circuit, pk, 7);
}

// Does nothing unless run by SameBytesForAnyKernelAndThreadCount, in a process of its own.
TEST(Prover, WritesItsProofForAnotherProcess) {
  const char* const path = std::getenv("EZKL_TEST_PROOF_OUT");
  if (path == nullptr) GTEST_SKIP() << "run by another test";
  write_file_atomically(path, reference_proof());
}

TEST(Prover, SameBytesForAnyKernelAndThreadCount) {
  const auto expected = reference_proof();
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  std::vector<std::string> all{"EZKL_CPU=portable OMP_NUM_THREADS=1", "OMP_NUM_THREADS=1", "OMP_NUM_THREADS=3",
                               "EZKL_CPU=portable OMP_NUM_THREADS=5"};
  if (cpu_bits() & cpu_adx) all.push_back("EZKL_CPU=adx");
  if (cpu_bits() & cpu_avx2) all.push_back("EZKL_CPU=avx2");
  for (const std::string& settings : all) {
    const std::string out = testing::TempDir() + "ezkl_proof_" + std::to_string(getpid());
    const std::string command = settings + " EZKL_TEST_PROOF_OUT=" + out + " '" + self +
                                "' --gtest_filter=Prover.WritesItsProofForAnotherProcess >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << settings;
    EXPECT_EQ(read_file(out), expected) << settings;
    std::filesystem::remove(out);
  }
}

TEST(Prover, ChangedBytesAreRefused) {
  SampleCircuit circuit({});
  const ProvingKey pk = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), true);
  auto proof = prove(circuit, pk);
  ASSERT_TRUE(verify(circuit, pk, proof).accepted);
  for (std::size_t at = 31; at < proof.size(); at += 32) {
    proof[at] ^= 1;
    EXPECT_FALSE(verify(circuit, pk, proof).accepted) << "byte " << at;
    proof[at] ^= 1;
  }
  circuit.instances[0][1] += Fr::one();
  EXPECT_FALSE(verify(circuit, pk, proof).accepted);
}

struct Forgery {
  const char* name;
  std::function<void(SampleCircuit&, unsigned, std::span<ColumnValues>)> spoil;
  const char* constraint;  ///< what the mock run must name
};

class Forged : public testing::TestWithParam<int> {};

const std::vector<Forgery>& forgeries() {
  using S = SampleCircuit;
  using Columns = std::span<ColumnValues>;
  static const std::vector<Forgery> all = {
      {"product",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.c.index].set(S::product_row + 3, std::int64_t{1});
       },
       "gate product"},
      {"rotation",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.c.index].set(S::running_row, std::int64_t{1});
       },
       "gate running"},
      {"second phase",
       [](S& s, unsigned p, Columns v) {
         if (p == 1) v[s.second.index].set(4, std::int64_t{9});
       },
       "gate second"},
      {"range",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.b.index].set(S::range_row + 1, std::int64_t{16});
       },
       "lookup fixed[1][0]"},
      {"tuple",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.b.index].set(S::square_row + 2, std::int64_t{26});
       },
       "lookup fixed[1][0]fixed[2][0]"},
      {"dynamic",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.b.index].set(S::dynamic_row, std::int64_t{26});
       },
       "lookup (selector"},
      {"shuffle",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.shuffled.index].set(3, std::int64_t{77});
       },
       "shuffle 0"},
      {"copy of an advice cell",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.open_column.index].set(2, std::int64_t{-6});
       },
       "copy"},
      {"copy of a constant",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.b.index].set(S::copy_row, std::int64_t{11});
       },
       "copy"},
      {"copy of an instance",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.c.index].set(S::copy_row + 1, std::int64_t{8});
       },
       "copy"},
      {"a wide value",
       [](S& s, unsigned p, Columns v) {
         if (p == 0) v[s.c.index].set(S::product_row + 5, Fr::from_u64(9).inverse());
       },
       "gate product"},
  };
  return all;
}

TEST_P(Forged, IsNamedByTheMockAndRefusedByTheProver) {
  const Forgery& forgery = forgeries()[static_cast<std::size_t>(GetParam())];
  SampleCircuit circuit({});
  circuit.spoil = [&](unsigned phase, std::span<ColumnValues> columns) { forgery.spoil(circuit, phase, columns); };
  const auto failures = circuit.mock();
  ASSERT_FALSE(failures.empty()) << forgery.name;
  EXPECT_TRUE(std::any_of(failures.begin(), failures.end(),
                          [&](const MockFailure& f) { return f.constraint.rfind(forgery.constraint, 0) == 0; }))
      << failures.front().constraint << ": " << failures.front().text;
  EXPECT_NE(failures.front().text.find("cell "), std::string::npos);

  const ProvingKey pk = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), true);
  for (const MemoryPlan plan : {MemoryPlan::keep_all, MemoryPlan::rebuild_columns, MemoryPlan::rebuild_all}) {
    try {
      prove(circuit, pk, 1, plan);
      FAIL() << forgery.name;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::unsatisfied) << e.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Forged, testing::Range(0, 11));

TEST(Prover, TheFastestPlanWithinTheBudgetIsTaken) {
  const SampleCircuit circuit({});
  const ProvingKey key = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), true);
  const std::size_t rows = key.vk.n();
  const std::vector<MemoryNeed> needs = memory_needs(key, rows);
  ASSERT_EQ(needs.size(), 3u);
  EXPECT_EQ(needs.front().plan, MemoryPlan::keep_all);
  EXPECT_LT(needs[1].bytes, needs[0].bytes);
  std::uint64_t least = needs[0].bytes;
  for (const MemoryNeed& need : needs) {
    const auto fastest = std::find_if(needs.begin(), needs.end(), [&](const auto& n) { return n.bytes <= need.bytes; });
    EXPECT_EQ(plan_within(key, rows, need.bytes).plan, fastest->plan);
    EXPECT_EQ(plan_within(key, rows, need.bytes).bytes, fastest->bytes);
    least = std::min(least, need.bytes);
  }
  EXPECT_NE(plan_within(key, rows, needs[0].bytes - 1).plan, MemoryPlan::keep_all);
  try {
    plan_within(key, rows, least - 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::limit);
    EXPECT_NE(std::string(e.what()).find("MiB"), std::string::npos);
  }
}

TEST(Prover, ColumnsThatUseFewRowsCountForLittleMemory) {
  SampleOptions options;
  options.k = 12;
  const SampleCircuit circuit(options);
  const ProvingKey key = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), true);
  const std::vector<MemoryNeed> few = memory_needs(key, 60), many = memory_needs(key, key.vk.n());
  EXPECT_LT(few[0].bytes, many[0].bytes);
  for (std::size_t i = 1; i < few.size(); ++i) EXPECT_EQ(few[i].bytes, many[i].bytes);
}

TEST(Prover, OtherInstancesNeedAnotherProof) {
  SampleCircuit circuit({});
  circuit.instances[0][0] = Fr::from_u64(3);
  const auto failures = circuit.mock();
  ASSERT_FALSE(failures.empty());
  EXPECT_EQ(failures.front().constraint, "copy");
  const ProvingKey pk = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs(circuit.k()), true);
  EXPECT_THROW(prove(circuit, pk), Error);
  circuit.instances.emplace_back();
  EXPECT_THROW(prove(circuit, pk), Error);
}

TEST(CopyConstraints, JoinsCyclesOnce) {
  CopyConstraints copies(2, 4);
  copies.copy(0, 0, 1, 1);
  copies.copy(1, 1, 0, 3);
  copies.copy(0, 3, 0, 0);  // already equal
  const auto next = copies.take();
  // 0 -> 5 -> 0 first; joining 5 and 3 swaps their successors: 5 -> 3 -> 0.
  EXPECT_EQ(next, (std::vector<std::uint32_t>{5, 1, 2, 0, 4, 3, 6, 7}));
}

}  // namespace
}  // namespace ezkl::plonk
