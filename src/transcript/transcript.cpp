#include "transcript/transcript.hpp"

#include <optional>
#include <string>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

void append(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

std::string at(std::string_view what, std::size_t position) {
  return std::string(what) + " at byte " + std::to_string(position);
}

G1Affine evm_point(std::span<const std::uint8_t> bytes, const std::string& where) {
  const auto x = Fq::from_bytes_be(bytes.first<32>());
  const auto y = Fq::from_bytes_be(bytes.last<32>());
  if (!x || !y) throw Error(Fault::format, where + ": Invalid elliptic curve point encoding in proof (coordinate not below the base modulus)");
  G1Affine point;
  point.x = *x;
  point.y = *y;
  if (!point.is_identity() && !point.on_curve()) throw Error(Fault::format, where + ": Invalid elliptic curve point encoding in proof (point not on the curve)");
  return point;
}

}  // namespace

template <class Hasher>
void TranscriptWriter<Hasher>::write_scalar(const Fr& scalar) {
  hasher_.absorb(scalar);
  if constexpr (Hasher::encoding == ProofEncoding::evm_words) {
    append(proof, scalar.to_bytes_be());
  } else {
    append(proof, scalar.to_bytes_le());
  }
}

template <class Hasher>
void TranscriptWriter<Hasher>::write_point(const G1Affine& point) {
  hasher_.absorb(point);
  if constexpr (Hasher::encoding == ProofEncoding::evm_words) {
    append(proof, point.x.to_bytes_be());
    append(proof, point.y.to_bytes_be());
  } else {
    append(proof, g1_compress(point));
  }
}

template <class Hasher>
std::span<const std::uint8_t> TranscriptReader<Hasher>::take(std::size_t size, std::string_view what) {
  if (remaining() < size) {
    throw Error(Fault::format, at(what, position_) + ": failed to fill whole buffer, the proof ends after " + std::to_string(proof_.size()) +
                                   " bytes, " + std::to_string(size - remaining()) + " more are needed");
  }
  const auto out = proof_.subspan(position_, size);
  position_ += size;
  return out;
}

template <class Hasher>
Fr TranscriptReader<Hasher>::read_scalar(std::string_view what) {
  const std::string where = at(what, position_);
  const std::span<const std::uint8_t, 32> bytes(take(32, what));
  std::optional<Fr> scalar;
  if constexpr (Hasher::encoding == ProofEncoding::evm_words) {
    scalar = Fr::from_bytes_be(bytes);
  } else {
    scalar = Fr::from_bytes_le(bytes);
  }
  if (!scalar) throw Error(Fault::format, where + ": Invalid elliptic curve point encoding in proof (scalar not below the scalar modulus)");
  hasher_.absorb(*scalar);
  return *scalar;
}

template <class Hasher>
G1Affine TranscriptReader<Hasher>::read_point(std::string_view what) {
  const std::string where = at(what, position_);
  G1Affine point;
  if constexpr (Hasher::encoding == ProofEncoding::evm_words) {
    point = evm_point(take(64, what), where);
  } else {
    const auto decoded = g1_decompress(std::span<const std::uint8_t, 32>(take(32, what)));
    if (!decoded) throw Error(Fault::format, where + ": Invalid elliptic curve point encoding in proof (not a compressed point)");
    point = *decoded;
  }
  hasher_.absorb(point);
  return point;
}

template class TranscriptWriter<EvmHasher>;
template class TranscriptReader<EvmHasher>;
template class TranscriptWriter<Blake2bHasher>;
template class TranscriptReader<Blake2bHasher>;
template class TranscriptWriter<PoseidonHasher>;
template class TranscriptReader<PoseidonHasher>;

}  // namespace ezkl
