#include "transcript/poseidon.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr unsigned field_bits = 254;

/// 80-bit linear register read in self-shrinking mode: of each pair of bits (a, b), b counts only when a is 1.
class Grain {
 public:
  Grain(std::size_t width, std::size_t full_rounds, std::size_t partial_rounds) {
    std::size_t at = 0;
    const auto put = [&](std::size_t value, unsigned bits) {
      for (unsigned i = bits; i-- > 0;) state_[at++] = (value >> i) & 1;
    };
    put(1, 2);  // prime field
    put(0, 4);  // power S-box
    put(field_bits, 12);
    put(width, 12);
    put(full_rounds, 10);
    put(partial_rounds, 10);
    put((1u << 30) - 1, 30);
    for (int i = 0; i < 160; ++i) step();
  }

  /// 254 bits, most significant first, as little-endian bytes of a 64-byte buffer.
  std::array<std::uint8_t, 64> integer() {
    std::array<std::uint8_t, 64> out{};
    for (unsigned i = field_bits; i-- > 0;) {
      if (bit()) out[i / 8] = static_cast<std::uint8_t>(out[i / 8] | (1u << (i % 8)));
    }
    return out;
  }

  Fr element() {
    while (true) {
      const auto bytes = integer();
      if (const auto value = Fr::from_bytes_le(std::span<const std::uint8_t, 32>(bytes.data(), 32))) return *value;
    }
  }

  Fr reduced() { return Fr::from_uniform_bytes(integer()); }

 private:
  bool step() {
    const auto tap = [&](std::size_t i) { return state_[(head_ + i) % state_.size()]; };
    const bool next = tap(0) ^ tap(13) ^ tap(23) ^ tap(38) ^ tap(51) ^ tap(62);
    state_[head_] = next;
    head_ = (head_ + 1) % state_.size();
    return next;
  }

  bool bit() {
    while (!step()) step();
    return step();
  }

  std::array<bool, 80> state_{};
  std::size_t head_ = 0;
};

/// Gauss-Jordan on a matrix that is known to be regular (Cauchy).
std::vector<Fr> inverted(std::vector<Fr> m, std::size_t width) {
  std::vector<Fr> out(width * width);
  for (std::size_t i = 0; i < width; ++i) out[i * width + i] = Fr::one();
  for (std::size_t column = 0; column < width; ++column) {
    std::size_t pivot = column;
    while (pivot < width && m[pivot * width + column].is_zero()) ++pivot;
    EZKL_ENSURE(pivot < width, "the Poseidon matrix is singular");
    for (std::size_t j = 0; j < width; ++j) {
      std::swap(m[pivot * width + j], m[column * width + j]);
      std::swap(out[pivot * width + j], out[column * width + j]);
    }
    const Fr scale = m[column * width + column].inverse();
    for (std::size_t j = 0; j < width; ++j) {
      m[column * width + j] *= scale;
      out[column * width + j] *= scale;
    }
    for (std::size_t i = 0; i < width; ++i) {
      if (i == column) continue;
      const Fr factor = m[i * width + column];
      for (std::size_t j = 0; j < width; ++j) {
        m[i * width + j] -= factor * m[column * width + j];
        out[i * width + j] -= factor * out[column * width + j];
      }
    }
  }
  return out;
}

Fr pow5(const Fr& x) { return x.square().square() * x; }

}  // namespace

PoseidonParams generate_poseidon_params(std::size_t width, std::size_t full_rounds, std::size_t partial_rounds) {
  Grain grain(width, full_rounds, partial_rounds);
  PoseidonParams out;
  out.width = width;
  out.full_rounds = full_rounds;
  out.partial_rounds = partial_rounds;
  for (std::size_t i = 0; i < (full_rounds + partial_rounds) * width; ++i) {
    out.round_constants.push_back(grain.element());
  }
  std::vector<Fr> numbers;
  for (std::size_t i = 0; i < 2 * width; ++i) numbers.push_back(grain.reduced());
  for (std::size_t i = 0; i < width; ++i) {
    for (std::size_t j = 0; j < width; ++j) out.mds.push_back((numbers[i] + numbers[width + j]).inverse());
  }
  out.mds_inverse = inverted(out.mds, width);
  return out;
}

const PoseidonParams& poseidon_hash_params() {
  static const PoseidonParams params = generate_poseidon_params(2, 8, 56);
  return params;
}

const PoseidonParams& poseidon_transcript_params() {
  static const PoseidonParams params = generate_poseidon_params(5, 8, 60);
  return params;
}

void poseidon_permute(const PoseidonParams& params, std::span<Fr> state) {
  const std::size_t width = params.width;
  EZKL_ENSURE(state.size() == width, "Poseidon state of " + std::to_string(state.size()) + " words");
  std::vector<Fr> mixed(width);
  const std::size_t rounds = params.full_rounds + params.partial_rounds;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < width; ++i) state[i] += params.round_constants[round * width + i];
    const bool full = round < params.full_rounds / 2 || round >= params.full_rounds / 2 + params.partial_rounds;
    for (std::size_t i = 0; i < (full ? width : 1); ++i) state[i] = pow5(state[i]);
    for (std::size_t i = 0; i < width; ++i) {
      mixed[i] = params.mds[i * width] * state[0];
      for (std::size_t j = 1; j < width; ++j) mixed[i] += params.mds[i * width + j] * state[j];
    }
    for (std::size_t i = 0; i < width; ++i) state[i] = mixed[i];
  }
}

Fr poseidon_hash(std::span<const Fr> message) {
  if (message.empty()) throw Error(Fault::range, "an empty message has no Poseidon hash");
  const Fr capacity = Fr::from_u64(std::uint64_t{1} << 32).square();
  std::array<Fr, 2> state{Fr::zero(), capacity};
  for (const Fr& word : message) {
    state[0] += word;
    poseidon_permute(poseidon_hash_params(), state);
  }
  return state[0];
}

}  // namespace ezkl
