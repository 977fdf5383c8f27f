#include <array>
#include <bit>
#include <cmath>

#include "api/model_settings.hpp"
#include "artifact/input_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/same_file.hpp"
#include "base/text.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

/// The generator behind the published package's random data: ChaCha with 12 rounds, keyed from 64 bits by a small
/// congruential generator. source: docs/spec/artifacts.md 9
class DataRandom {
 public:
  explicit DataRandom(std::uint64_t state) {
    for (std::uint32_t& word : key_) {
      state = state * 6364136223846793005u + 11634580027462260723u;
      const std::uint32_t x = std::uint32_t(((state >> 18) ^ state) >> 27);
      word = std::rotr(x, int(state >> 59));
    }
  }

  /// Uniform in [low, high).
  float next(float low, float high) {
    while (true) {
      const float unit = std::bit_cast<float>(0x3f800000u | word() >> 9) - 1.0f;
      const float value = unit * (high - low) + low;
      if (value < high) return value;
    }
  }

 private:
  std::uint32_t word() {
    if (used_ == block_.size()) refill();
    return block_[used_++];
  }

  void refill() {
    std::array<std::uint32_t, 16> s{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (std::size_t i = 0; i < 8; ++i) s[4 + i] = key_[i];
    s[12] = std::uint32_t(counter_);
    s[13] = std::uint32_t(counter_ >> 32);
    ++counter_;
    block_ = s;
    const auto quarter = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
      auto& x = block_;
      x[a] += x[b];
      x[d] = std::rotl(x[d] ^ x[a], 16);
      x[c] += x[d];
      x[b] = std::rotl(x[b] ^ x[c], 12);
      x[a] += x[b];
      x[d] = std::rotl(x[d] ^ x[a], 8);
      x[c] += x[d];
      x[b] = std::rotl(x[b] ^ x[c], 7);
    };
    for (int round = 0; round < 12; round += 2) {
      for (std::size_t i = 0; i < 4; ++i) quarter(i, 4 + i, 8 + i, 12 + i);
      for (std::size_t i = 0; i < 4; ++i) quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (std::size_t i = 0; i < 16; ++i) block_[i] += s[i];
    used_ = 0;
  }

  std::array<std::uint32_t, 8> key_{};
  std::array<std::uint32_t, 16> block_{};
  std::size_t used_ = 16;
  std::uint64_t counter_ = 0;
};

InputValue typed(float value, DType type) {
  InputValue out;
  if (type == DType::boolean) {
    out.kind = InputValue::Kind::boolean;
    out.number = value != 0 ? 1 : 0;
  } else {
    out.number = is_integer(type) ? std::trunc(double(value)) : round_to(type, double(value));
  }
  return out;
}

}  // namespace

void gen_random_data(const Path& model, const Path& output,
                     const std::vector<std::pair<std::string, std::size_t>>& variables, std::uint64_t seed,
                     std::optional<float> min, std::optional<float> max, std::uint64_t max_model_size) try {
  const float low = min.value_or(0.0f), high = max.value_or(1.0f);
  const std::string range = "from " + short_number(low, 3) + " to " + short_number(high, 3);
  if (!(low < high)) {
    throw Error(Fault::usage, "there are no numbers " + range,
                {{"min", "{} must be smaller"}, {"max", "or {} larger"}});
  }
  // No number would ever be drawn that lies below the bound.
  if (!std::isfinite(high - low)) {
    throw Error(Fault::usage, "the numbers " + range + " are too far apart",
                {{"min", "{} must be larger"}, {"max", "or {} smaller"}});
  }
  refuse_same_file({output}, {model});
  RunArgs args = library_run_args();
  args.variables = variables;
  const Graph graph = graph_of_file(model, args, {}, max_model_size);
  std::vector<std::vector<InputValue>> inputs;
  for (const std::uint32_t i : graph.inputs) {
    DataRandom random(seed);
    auto& list = inputs.emplace_back(volume(graph.nodes[i].shape));
    for (InputValue& value : list) value = typed(random.next(low, high), graph.nodes[i].type);
  }
  write_file_atomically(output, std::string_view(input_text(inputs)), Access::owner);
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
