#pragma once

#include <cstdint>
#include <string>

namespace ezkl {

/// What --max-model-size is unless it is given: a gigabyte and a second. Light VGG-19, 144 million weights in a file of
/// 4 kB, takes nine tenths of it.
inline constexpr std::uint64_t default_max_model_size = std::uint64_t{1} << 28;

/// How large a model may become while it is read and built. A file of a few bytes can ask for more than any machine
/// has, so everything is charged here before memory is reserved or time is spent for it. One unit stands for about 4
/// bytes or 4 nanoseconds.
///
/// A large file may ask for more than a small one: each of its bytes adds to what is allowed. So weights that are
/// stored, and what a model makes of them, never reach the limit.
class ModelBudget {
 public:
  enum class Kind : std::uint8_t {
    fill,     ///< an element of a constant that has one value everywhere: 1 unit
    compute,  ///< an element that the circuit computes: 2
    copy,     ///< an element that is read from a file or copied: 4
    grow,     ///< an input's element, and one by which a computed tensor exceeds those it is computed from: 16
    make,     ///< an element that is computed or whose place is found while the model is built: 8
    node,     ///< a node, a call of a function, an iteration, a claim: 512
    product   ///< a multiply-accumulate of the circuit: 1/1024
  };

  explicit ModelBudget(std::uint64_t limit = default_max_model_size);

  /// Adds what a file of that many bytes, from which the model was read, may ask for: 64 units each.
  void allow_file(std::uint64_t bytes);
  /// errors: Fault::limit, with the parameter and a limit that would be enough, when there is not enough left.
  void charge(Kind kind, std::uint64_t count);
  /// The share of all charges that was made by now, as far as one can tell: what errors foresee the limit from.
  void set_progress(double done) { done_ = done; }

  std::uint64_t limit() const { return limit_; }

 private:
  /// "{} 1G", {} being the parameter: a power of two that is enough for charges of so many units more, and for those
  /// to come.
  std::string larger_limit(double more) const;

  std::uint64_t limit_;
  std::uint64_t allowed_, left_;  ///< in 1024ths of a unit
  double done_ = 0;
};

}  // namespace ezkl
