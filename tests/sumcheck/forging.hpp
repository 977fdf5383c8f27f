#pragma once

#include <functional>
#include <map>
#include <string>

#include "sumcheck/channel.hpp"

namespace ezkl::testing {

/// A prover that says something else in one message and computes the rest to fit the transcript: what it checks of its
/// own values does not stop it.
class ForgingWriter final : public sumcheck::ClearWriter {
 public:
  /// Item `number` of the messages with this name, counted from 0 over the whole proof.
  ForgingWriter(std::string name, std::size_t number) : name_(std::move(name)), number_(number) {}

  using Channel::require;
  void require(const sumcheck::Scalar&, std::span<const sumcheck::Product>, const char*) override {}
  bool happened() const { return happened_; }

 protected:
  Fr scalar_item(std::string_view name, const Fr* value) override {
    const Fr said = hit(name) ? *value + Fr::one() : *value;
    return ClearWriter::scalar_item(name, &said);
  }
  G1Affine point_item(std::string_view name, const G1Affine* value) override {
    const G1Affine said = hit(name) ? (G1(*value) + G1::generator()).to_affine() : *value;
    return ClearWriter::point_item(name, &said);
  }

 private:
  bool hit(std::string_view name) {
    if (name != name_ || seen_++ != number_) return false;
    happened_ = true;
    return true;
  }

  std::string name_;
  std::size_t number_, seen_ = 0;
  bool happened_ = false;
};

}  // namespace ezkl::testing
