#include "plonk/program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/cpu.hpp"
#include "base/random.hpp"
#include "field/random.hpp"

namespace ezkl::plonk {
namespace {

using Id = ExpressionGraph::Id;

/// Columns full of the largest element in one half of the rows and of random ones in the other.
std::vector<std::vector<Fr>> make_columns(std::size_t count, std::size_t rows) {
  Random random = Random::from_seed(8);
  const Fr top = Fr::from_limbs({Fr::modulus[0] - 1, Fr::modulus[1], Fr::modulus[2], Fr::modulus[3]});
  std::vector<std::vector<Fr>> out(count, std::vector<Fr>(rows, top));
  for (auto& column : out) {
    for (std::size_t i = 0; i < rows / 2; ++i) column[i] = i == 3 ? Fr::zero() : random_fr(random);
  }
  return out;
}

/// Runs some roots over all rows and compares them with the graph's own evaluation, row by row.
void check(const ExpressionGraph& graph, const std::vector<Id>& roots, const std::vector<std::vector<Fr>>& columns) {
  const std::size_t rows = columns[0].size();
  const auto cell = [&](const Leaf& leaf, std::size_t row) -> const Fr& {
    return columns[leaf.slot][(row + std::size_t(leaf.rotation + std::int32_t(rows))) % rows];
  };
  std::vector<std::vector<Fr>> got(roots.size(), std::vector<Fr>(rows));
  const Program program(graph, roots);
  program.run(
      0, rows,
      [&](const Leaf& leaf, std::size_t begin, std::size_t count, Fr* scratch) {
        for (std::size_t i = 0; i < count; ++i) scratch[i] = cell(leaf, begin + i);
        return static_cast<const Fr*>(scratch);
      },
      [&](std::size_t output, std::size_t begin, std::size_t count, const Fr* values) {
        std::copy_n(values, count, got[output].begin() + std::ptrdiff_t(begin));
      });
  for (std::size_t r = 0; r < roots.size(); ++r) {
    for (std::size_t row = 0; row < rows; ++row) {
      EXPECT_EQ(got[r][row], graph.evaluate(roots[r], [&](const Leaf& leaf) { return cell(leaf, row); }))
          << "root " << r << " row " << row;
    }
  }
}

// Kernels leave values unreduced: sums are piled up and multiplied in every way.
TEST(Program, AgreesWithTheGraphWhateverIsPiledUp) {
  const auto columns = make_columns(4, 131);
  ExpressionGraph graph;
  std::vector<Id> values;
  for (std::uint32_t slot = 0; slot < 4; ++slot) values.push_back(graph.leaf({slot, slot == 2 ? -1 : 0}));
  values.push_back(graph.constant(-Fr::from_u64(5)));
  Random random = Random::from_seed(9);
  std::vector<Id> roots;
  for (int i = 0; i < 400; ++i) {
    // mostly of the last few, so that chains get long
    const auto pick = [&] {
      const std::size_t span = std::min<std::size_t>(values.size(), random.next_u64() % 4 == 0 ? values.size() : 6);
      return values[values.size() - 1 - random.next_u64() % span];
    };
    const Id a = pick(), b = pick();
    switch (random.next_u64() % 7) {
      case 0:
      case 1:
        values.push_back(graph.add(a, b));
        break;
      case 2:
        values.push_back(graph.sub(a, b));
        break;
      case 3:
        values.push_back(graph.mul(a, b));
        break;
      case 4:
        values.push_back(graph.neg(a));
        break;
      case 5:
        values.push_back(graph.scale(a, random_fr(random)));
        break;
      default:
        values.push_back(graph.add(a, graph.constant(-Fr::one())));
        break;
    }
    if (i % 16 == 15) roots.push_back(values.back());
  }
  check(graph, roots, columns);
}

TEST(Program, SumsOfManyTerms) {
  const auto columns = make_columns(3, 70);
  ExpressionGraph graph;
  const Id a = graph.leaf({0, 0}), b = graph.leaf({1, 0}), c = graph.leaf({2, 0});
  Id sum = a, difference = a;
  for (int i = 0; i < 40; ++i) {
    sum = graph.add(sum, i % 2 == 0 ? b : c);
    difference = graph.sub(difference, i % 2 == 0 ? b : c);
  }
  check(graph, {sum, difference, graph.mul(sum, difference), graph.mul(sum, sum), graph.neg(difference)}, columns);
}

// Kernels are chosen once in a process.
TEST(ProgramLevels, AgreeAsWell) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  std::vector<std::string> levels{"portable"};
  if (cpu_bits() & cpu_adx) levels.push_back("adx");
  if (cpu_bits() & cpu_avx2) levels.push_back("avx2");
  for (const std::string& level : levels) {
    const std::string command = "EZKL_CPU=" + level + " '" + self + "' --gtest_filter='Program.*' >/dev/null 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << level;
  }
}

}  // namespace
}  // namespace ezkl::plonk
