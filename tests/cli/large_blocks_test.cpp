// The program's memory for large vectors, linked into this test as into the program.
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace ezkl {
namespace {

/// A block filled with a number of its own.
struct Block {
  std::vector<std::uint64_t> words;
  std::uint64_t mark = 0;

  Block(std::size_t count, std::uint64_t m) : words(count, m), mark(m) {}
  bool whole() const {
    for (const std::uint64_t word : words) {
      if (word != mark) return false;
    }
    return true;
  }
};

std::size_t resident_mebibytes() {
  std::size_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident >> 8;
}

void churn(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::unique_ptr<Block>> blocks(12);
  for (int step = 0; step < 200; ++step) {
    std::unique_ptr<Block>& block = blocks[random() % blocks.size()];
    if (block) {
      EXPECT_TRUE(block->whole());
    }
    // From far below what counts as large to several huge pages.
    block = random() % 3 == 0 ? nullptr : std::make_unique<Block>(1 + random() % (600 * 1024), random());
  }
  for (const auto& block : blocks) EXPECT_TRUE(!block || block->whole());
}

TEST(LargeBlocks, DoNotOverlap) {
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 3; ++seed) threads.emplace_back(churn, seed);
  for (std::thread& thread : threads) thread.join();
}

TEST(LargeBlocks, GoBackToTheSystem) {
  const std::size_t before = resident_mebibytes();
  auto block = std::make_unique<Block>(std::size_t{16} << 20, 1);
  EXPECT_GE(resident_mebibytes(), before + 100);
  block.reset();
  EXPECT_LE(resident_mebibytes(), before + 28) << "a few pages are kept for the next block";
}

}  // namespace
}  // namespace ezkl
