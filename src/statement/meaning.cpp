#include "statement/meaning.hpp"

namespace ezkl {
namespace {

std::string private_params_meaning(std::optional<bool> trees) {
  const std::string free =
      "hidden and bound to no model: the proof says only that SOME parameters exist with which a model of this form "
      "gives these outputs, and a prover is free to choose them";
  if (!trees)
    return free + " (but thresholds and weights of trees, if it has any: those are part of the verifying key)";
  if (!*trees) return free;
  return "thresholds and weights of trees are part of the verifying key: the proof is about them, and whoever guesses "
         "a tree can tell by the key; what else it has of parameters is " +
         free;
}

std::string params_meaning(Visibility::Kind kind, std::optional<bool> trees) {
  switch (kind) {
    case Visibility::Kind::private_:
      return private_params_meaning(trees);
    case Visibility::Kind::public_:
      return "shown by no circuit";
    case Visibility::Kind::fixed:
      return "part of the verifying key: the proof is about the parameters that the key was made with";
    case Visibility::Kind::hashed_public:
      return "hidden, bound by the hash: the proof is about the parameters that have it";
    case Visibility::Kind::hashed_private:
      return "hidden, with a hash that keys of this program bind and keys of the published package do not: with those "
             "a prover is free to choose it and the parameters";
    case Visibility::Kind::polycommit:
      break;
  }
  return "hidden, bound by the commitments: the proof is about the parameters that have them";
}

std::string values_meaning(TensorGroup group, Visibility::Kind kind) {
  const bool inputs = group == TensorGroup::inputs;
  switch (kind) {
    case Visibility::Kind::private_:
      return inputs
                 ? "hidden and bound to nothing: the proof says only that SOME inputs exist of which the rest is true"
                 : "hidden and bound to nothing: the proof says only that the model gives SOME outputs";
    case Visibility::Kind::public_:
      return inputs ? "shown: the proof is about these values"
                    : "shown: the model in fixed point gives these values (how near the original's they are, no "
                      "proof says)";
    case Visibility::Kind::fixed:
      return "part of the verifying key, which does not show them: the values that the key was made with";
    case Visibility::Kind::hashed_public:
      return "hidden, bound by the hashes: the values that have them (whoever guesses values can try them out)";
    case Visibility::Kind::hashed_private:
      return inputs
                 ? "hidden; the model computes with the hashes of those that are listed. The proof shows these "
                   "hashes: keys of this program bind them to what the model computes with, with keys of the published "
                   "package a prover is free to show others"
                 : "hidden, with hashes that keys of this program bind and keys of the published package do not: "
                   "with those a prover is free to choose them";
    case Visibility::Kind::polycommit:
      break;
  }
  return "hidden, bound by the commitments: the values that have them (whoever guesses values can try them out)";
}

}  // namespace

const char* one_of(TensorGroup group) {
  if (group == TensorGroup::params) return "parameter";
  return group == TensorGroup::inputs ? "input" : "output";
}

std::string visibility_text(const Visibility& visibility) {
  switch (visibility.kind) {
    case Visibility::Kind::private_:
      return "private";
    case Visibility::Kind::public_:
      return "public";
    case Visibility::Kind::fixed:
      return "fixed";
    case Visibility::Kind::hashed_public:
      return "hashed";
    case Visibility::Kind::polycommit:
      return "polycommit";
    case Visibility::Kind::hashed_private:
      break;
  }
  std::string out = "hashed/private";
  for (std::size_t i = 0; i < visibility.outlets.size(); ++i) {
    out += (i == 0 ? "/" : ",") + std::to_string(visibility.outlets[i]);
  }
  return out;
}

std::string meaning_of(TensorGroup group, const Visibility& visibility, std::optional<bool> trees, bool hides) {
  if (!hides && group != TensorGroup::params && visibility.kind == Visibility::Kind::fixed) {
    return "part of the verifying key, no secret of whoever has key or proof: the values that the key was made with";
  }
  return group == TensorGroup::params ? params_meaning(visibility.kind, trees) : values_meaning(group, visibility.kind);
}

}  // namespace ezkl
