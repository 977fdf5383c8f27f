#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "curve/g1.hpp"
#include "field/fr.hpp"
#include "sumcheck/scalar.hpp"
#include "transcript/transcript.hpp"

namespace ezkl::sumcheck {

/// What a verifier throws that does not believe: the proof is well-formed and wrong.
struct Refused {
  std::string why;
};

/// One side of a proof. A phase of the protocol is one function over a channel, for both sides: a prover's channel
/// writes and absorbs what it is given, a verifier's reads the same item and absorbs it, so nothing can be read that is
/// not bound by the challenges after it. How many items there are, and in which order, follows from the key, never from
/// the proof. source: docs/spec/sumcheck.md 2.2
class Channel {
 public:
  virtual ~Channel() = default;

  virtual bool proving() const = 0;

  /// What both sides know: absorbed, not sent.
  void absorb(std::string_view name, std::span<const Fr> values);
  /// `count` scalars of the prover, who gives them as `values`; a verifier gives none.
  /// errors: Fault::format for what is no field element, and where the proof ends.
  std::vector<Scalar> send(std::string_view name, std::span<const Fr> values, std::size_t count);
  /// A point of the prover, who gives it; a verifier gives nullptr. The identity is a point like others.
  /// errors: Fault::format for what is no point.
  G1Affine point(std::string_view name, const G1Affine* value);
  Fr challenge(std::string_view name);
  /// "name0", "name1", …
  std::vector<Fr> challenges(std::string_view name, std::size_t count);
  /// The check that linear + the sum of products is 0.
  /// errors: Refused where the verifier sees that it is not; Fault::unsatisfied from the prover's side.
  virtual void require(const Scalar& linear, std::span<const Product> products, const char* why) = 0;
  void require(const Scalar& linear, const char* why) { require(linear, {}, why); }

  /// The transcripts, for openings that have their own functions for the two sides: the prover's, the verifier's.
  /// `name` and `count` go into the manifest. errors: Fault::internal on the other side.
  EvmTranscriptWriter& writer(std::string_view name, std::size_t count);
  EvmTranscriptReader& reader(std::string_view name, std::size_t count);

  /// Every item and challenge so far, a line each ("scalars gkr.2.r1 3", "point row 8.0", "challenge alpha"): equal on
  /// both sides, whatever the values. Kept only where it was asked for before the first item.
  void keep_manifest() { keeps_manifest_ = true; }
  const std::vector<std::string>& manifest() const { return manifest_; }

 protected:
  virtual void absorb_scalar(const Fr& value) = 0;
  virtual Fr scalar_item(std::string_view name, const Fr* value) = 0;
  virtual G1Affine point_item(std::string_view name, const G1Affine* value) = 0;
  virtual Fr squeeze() = 0;
  virtual EvmTranscriptWriter& writer_transcript() = 0;
  virtual EvmTranscriptReader& reader_transcript() = 0;

 private:
  void note(std::string_view kind, std::string_view name, std::size_t count);
  void note(std::string_view kind, std::string_view name);

  bool keeps_manifest_ = false;
  std::vector<std::string> manifest_;
};

/// The prover's side, in the clear: what it proves is bound, nothing of the messages is hidden.
class ClearWriter : public Channel {
 public:
  bool proving() const override { return true; }
  void require(const Scalar& linear, std::span<const Product> products, const char* why) override;
  const std::vector<std::uint8_t>& proof() const { return transcript_.proof; }

 protected:
  void absorb_scalar(const Fr& value) override { transcript_.common_scalar(value); }
  Fr scalar_item(std::string_view name, const Fr* value) override;
  G1Affine point_item(std::string_view name, const G1Affine* value) override;
  Fr squeeze() override { return transcript_.squeeze(); }
  EvmTranscriptWriter& writer_transcript() override { return transcript_; }
  EvmTranscriptReader& reader_transcript() override;

 private:
  EvmTranscriptWriter transcript_;
};

/// The verifier's side of the same. `proof` must outlive it.
class ClearReader final : public Channel {
 public:
  explicit ClearReader(std::span<const std::uint8_t> proof) : transcript_(proof) {}

  bool proving() const override { return false; }
  void require(const Scalar& linear, std::span<const Product> products, const char* why) override;
  /// errors: Fault::format where bytes are left over.
  void finish() const;

 protected:
  void absorb_scalar(const Fr& value) override { transcript_.common_scalar(value); }
  Fr scalar_item(std::string_view name, const Fr* value) override;
  G1Affine point_item(std::string_view name, const G1Affine* value) override;
  Fr squeeze() override { return transcript_.squeeze(); }
  EvmTranscriptWriter& writer_transcript() override;
  EvmTranscriptReader& reader_transcript() override { return transcript_; }

 private:
  EvmTranscriptReader transcript_;
};

}  // namespace ezkl::sumcheck
