#include "sumcheck/channel.hpp"

#include "base/ensure.hpp"
#include "ezkl/error.hpp"

namespace ezkl::sumcheck {
namespace {

bool holds(const Scalar& linear, std::span<const Product> products) {
  Fr sum = linear.value();
  for (const Product& product : products) sum += product.factor * product.a.value() * product.b.value();
  return sum.is_zero();
}

}  // namespace

void Channel::note(std::string_view kind, std::string_view name) {
  if (keeps_manifest_) manifest_.push_back(std::string(kind) + " " + std::string(name));
}

void Channel::note(std::string_view kind, std::string_view name, std::size_t count) {
  if (keeps_manifest_) manifest_.push_back(std::string(kind) + " " + std::string(name) + " " + std::to_string(count));
}

void Channel::absorb(std::string_view name, std::span<const Fr> values) {
  note("absorb", name, values.size());
  for (const Fr& value : values) absorb_scalar(value);
}

std::vector<Scalar> Channel::send(std::string_view name, std::span<const Fr> values, std::size_t count) {
  EZKL_ENSURE(values.size() == (proving() ? count : 0), "a prover gives what it sends, a verifier nothing");
  note("scalars", name, count);
  std::vector<Scalar> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = scalar_item(name, proving() ? &values[i] : nullptr);
  return out;
}

G1Affine Channel::point(std::string_view name, const G1Affine* value) {
  EZKL_ENSURE((value != nullptr) == proving(), "a prover gives what it sends, a verifier nothing");
  note("point", name);
  return point_item(name, value);
}

Fr Channel::challenge(std::string_view name) {
  note("challenge", name);
  return squeeze();
}

std::vector<Fr> Channel::challenges(std::string_view name, std::size_t count) {
  std::vector<Fr> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = challenge(std::string(name) + std::to_string(i));
  return out;
}

EvmTranscriptWriter& Channel::writer(std::string_view name, std::size_t count) {
  note(name, std::to_string(count));
  return writer_transcript();
}

EvmTranscriptReader& Channel::reader(std::string_view name, std::size_t count) {
  note(name, std::to_string(count));
  return reader_transcript();
}

void ClearWriter::require(const Scalar& linear, std::span<const Product> products, const char* why) {
  if (!holds(linear, products)) {
    throw Error(Fault::unsatisfied, std::string("the values do not satisfy the claims: ") + why);
  }
}

Fr ClearWriter::scalar_item(std::string_view, const Fr* value) {
  transcript_.write_scalar(*value);
  return *value;
}

G1Affine ClearWriter::point_item(std::string_view, const G1Affine* value) {
  transcript_.write_point(*value);
  return *value;
}

EvmTranscriptReader& ClearWriter::reader_transcript() { EZKL_ENSURE(false, "a prover reads no proof"); }

void ClearReader::require(const Scalar& linear, std::span<const Product> products, const char* why) {
  if (!holds(linear, products)) throw Refused{why};
}

Fr ClearReader::scalar_item(std::string_view name, const Fr*) { return transcript_.read_scalar(name); }

G1Affine ClearReader::point_item(std::string_view name, const G1Affine*) { return transcript_.read_point(name); }

EvmTranscriptWriter& ClearReader::writer_transcript() { EZKL_ENSURE(false, "a verifier writes no proof"); }

void ClearReader::finish() const {
  if (transcript_.remaining() != 0) {
    throw Error(Fault::format,
                "the proof has " + std::to_string(transcript_.remaining()) + " bytes more than its key says");
  }
}

}  // namespace ezkl::sumcheck
