#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"
#include "field/fr.hpp"
#include "tensor/shape.hpp"

/// The vocabulary between operators and proof systems: an operator says what is true of integer tensors, and never names
/// a cell, row, column, gate, digit, inverse or challenge.
namespace ezkl::claims {

/// Both ends inclusive.
struct Interval {
  Int128 lo = 0, hi = 0;
  bool operator==(const Interval&) const = default;
};

enum class Origin : std::uint8_t {
  fixed,   ///< known to the verifier: part of the circuit
  param,   ///< a model parameter that is not fixed
  input,   ///< a model input
  hint,    ///< the prover may choose it; only claims pin it down
  derived  ///< a claim determines it
};

struct Tensor {
  std::uint32_t id = 0;
  bool operator==(const Tensor&) const = default;
};

/// How one axis of a source is indexed from loop axes: base + Σ stride·loop.
struct AxisMap {
  std::int64_t base = 0;
  std::vector<std::pair<std::uint32_t, std::int64_t>> strides;  ///< (loop axis, stride)
};

/// Affine access to a tensor: for each index of the loop `extents`, one source element, or `outside` where an axis index
/// leaves the source. In a plain view the loop extents are the view's own shape; in `contract` they are out ++ summed axes.
struct View {
  Tensor source;
  Shape extents;
  std::vector<AxisMap> axes;  ///< one per source axis
  Int128 outside = 0;
};

/// out = Σ coefficient·tensor + constant. All tensors of one claim have the same shape, or one element (broadcast).
struct Term {
  Int128 coefficient = 1;
  Tensor tensor;
};

/// A function by table: name and 32-bit parameters as in settings.json ("Exp" {"scale": 128, "base": 2.7182817}).
struct TableId {
  std::string name;
  std::map<std::string, float> parameters;
  auto operator<=>(const TableId&) const = default;
};

using Values = std::vector<Int128>;
/// Elements of a tensor that holds field elements: hashes, and what is computed from them modulo the field's prime.
using Felts = std::vector<Fr>;
/// Computes hints from the values of its sources. Semantic values only: no digits, inverses or field elements.
using HintFunction = std::function<std::vector<Values>(std::span<const Values* const> sources)>;

enum class Kind : std::uint8_t {
  constant,  ///< out[0] is fixed: `values`
  hint,      ///< out = hint(in)
  linear,    ///< out[0] = Σ coefficients[k]·in[k] + constant; without `defines`: equality with an existing tensor
  contract,  ///< out[0][o] = Σ_s Π_k views[k](o, s); without `defines`: equality with an existing tensor
  remap,     ///< out[0][i] = element map[i] of the concatenation of `in` in flat order, or, where map[i] < 0, constant `values[-1 - map[i]]`
  view,      ///< out[0] = views[0]: no constraint of its own, the elements are the source's
  reshape,   ///< out[0] = in[0] with another shape
  range,     ///< interval.lo <= in[0] <= interval.hi
  table,     ///< out[0] = T[in[0]], in[0] within the table's domain, which covers `interval` at least
  is_zero,   ///< out[0] = [in[0] = 0]
  gather,    ///< out[0][l, i] = in[0][l, in[1][l, i]]: in[0] is lines × length, in[1] lines × count; index within [0, length)
  permute,   ///< per line, the rows (in[0..h)) are the rows (in[h..2h)) with multiplicity; each tensor is lines × length
  digest,    ///< out[0], one element, is the Poseidon hash of in[0], which the statement shows as that hash
  fixed      ///< in[0] = `felts`: values that the key holds
};

struct Claim {
  Kind kind = Kind::constant;
  std::uint32_t node = 0;  ///< index into Record::node_names
  bool defines = true;     ///< `out` is new; false: `out` existed and is constrained
  std::vector<Tensor> in, out;
  std::vector<Int128> coefficients;
  Int128 constant = 0;
  std::vector<View> views;
  Shape out_extents, sum_extents;  ///< contract
  std::shared_ptr<const Values> values;
  std::shared_ptr<const Felts> felts;
  std::shared_ptr<const std::vector<std::int64_t>> map;
  Interval interval;
  TableId table;
  HintFunction hint;
};

/// What of the statement a tensor is shown as.
struct Slot {
  enum class Group : std::uint8_t { input, param, output };
  Group group = Group::input;
  std::uint32_t index = 0;
};

struct Binding {
  Tensor tensor;
  Visibility visibility;
  Slot slot;
};

struct TensorInfo {
  Shape shape;
  Interval interval;          ///< meaningless until `bounded`, and of field elements
  bool bounded = false;
  /// The interval follows from the claims. False: it is where honest values are expected, but the tensor comes from
  /// parameters or inputs that nothing bounds; it is symmetric then.
  bool proven = true;
  /// Honest elements may be any of the field: a hash, or computed from one. They have no size and no bounds; equations
  /// between them are modulo the field's prime and mean just that.
  bool field = false;
  Origin origin = Origin::derived;
  std::uint32_t node = 0;
  bool used = true;           ///< false: no claim, output or binding mentions it any more
};

/// Everything backends read: the tensors and the claims about them, in the order they were made.
struct Record {
  std::vector<TensorInfo> tensors;
  std::vector<Claim> claims;
  std::vector<Tensor> inputs;                                   ///< origin input, in model order
  std::vector<std::pair<Tensor, std::shared_ptr<const Values>>> params;  ///< origin param or fixed, in model order
  std::vector<Tensor> outputs;
  std::vector<Binding> bindings;
  std::vector<std::string> node_names;
  /// Which tensor holds the value of which node of the graph, for those that are no constants.
  std::vector<std::pair<std::uint32_t, Tensor>> node_values;
};

/// How a tensor's sign is known already: tensor = magnitude - 2·part, part = negative·magnitude, with negative 0 or 1
/// and magnitude >= 0 both claimed. Where the tensor is 0, negative may be either.
struct SignParts {
  Tensor magnitude, part;
};

/// All that an operator sees. Every function returns new tensors unless it says otherwise.
class Writer {
 public:
  virtual ~Writer() = default;

  /// The run arguments of the circuit: which ranges cost little, what tables cover.
  virtual const RunArgs& args() const = 0;
  virtual const Shape& shape(Tensor t) const = 0;
  /// Bounds that hold of every value a prover can write: what an operator concludes from them is proven. Where the claims
  /// imply none yet (parameters that are not fixed, inputs whose check is waived, and what was computed from such), a
  /// range of the size that honest values are expected to have is claimed here.
  /// errors: Fault::internal for a hint that no claim has bounded yet.
  virtual Interval interval(Tensor t) = 0;
  /// Whether interval(t) makes no claim.
  virtual bool is_proven(Tensor t) const = 0;
  /// Where honest values lie: interval(t) where that is proven, else ± a magnitude that a prover need not keep to. Only for
  /// compounds that choose the width of a range they then claim; operators ask interval (tests/layering sees to it).
  virtual Interval expected(Tensor t) const = 0;
  virtual bool is_fixed(Tensor t) const = 0;
  /// Whether `t` holds field elements. linear, contract, remap, view, reshape and is_zero take them and are exact on
  /// them; all else, and whoever asks for an interval, refuses: Fault::unsupported.
  virtual bool is_field(Tensor t) const = 0;
  /// errors: Fault::internal unless is_fixed(t).
  virtual const Values& fixed_values(Tensor t) const = 0;

  virtual Tensor constant(Shape shape, Values values) = 0;
  virtual std::vector<Tensor> hints(std::vector<Shape> shapes, std::vector<Tensor> sources, HintFunction function) = 0;
  /// Terms of one element broadcast. Coefficients below 2^64 in magnitude.
  virtual Tensor linear(std::span<const Term> terms, Int128 constant) = 0;
  /// Claims 0 = Σ terms + constant.
  virtual void zero(std::span<const Term> terms, Int128 constant) = 0;
  /// out[o] = Σ_s Π_k views[k](o, s), one or two views over extents out ++ sum.
  virtual Tensor contract(const Shape& out, const Shape& sum, std::span<const View> factors) = 0;
  virtual Tensor remap(Shape shape, std::span<const Tensor> sources, std::vector<std::int64_t> map, Values constants) = 0;
  virtual Tensor view(const View& view) = 0;
  virtual Tensor reshape(Tensor t, Shape shape) = 0;
  /// Narrows interval(t); no claim where that is proven and already inside. errors: Fault::range when lo > hi.
  virtual void range(Tensor t, Interval interval) = 0;
  /// No claim: narrows interval(t) to bounds that the claims already made imply, given that the tensors of `from` lie
  /// within theirs. The caller proves it in a comment. Does nothing where the bounds of one of `from` are not proven.
  virtual void deduce(Tensor t, Interval interval, std::initializer_list<Tensor> from) = 0;
  virtual Tensor table(Tensor key, const TableId& id) = 0;
  virtual Tensor is_zero(Tensor x) = 0;
  virtual Tensor gather(Tensor data, Tensor index) = 0;
  virtual void permute(std::span<const Tensor> ys, std::span<const Tensor> xs) = 0;

  // Short forms of the above.
  Tensor hint(Shape shape, std::vector<Tensor> sources, HintFunction function);
  Tensor add(Tensor a, Tensor b);                   ///< a + b, numpy broadcasting
  Tensor sub(Tensor a, Tensor b);                   ///< a - b, numpy broadcasting
  Tensor scale(Tensor a, Int128 c, Int128 c0 = 0);  ///< c·a + c0
  Tensor mul(Tensor a, Tensor b);                   ///< elementwise, numpy broadcasting
  Tensor broadcast(Tensor t, const Shape& shape);   ///< numpy rules, axes aligned on the right
  Tensor transpose(Tensor t, std::span<const std::size_t> permutation);
  Tensor sum(Tensor t, std::span<const std::size_t> axes);  ///< summed axes kept as 1
  View identity(Tensor t) const;                            ///< the whole tensor as a view of its own shape
  /// `t` read over loops of `extents`, numpy rules, axes aligned on the right.
  View broadcast_view(Tensor t, const Shape& extents) const;
  /// Proven to be >= 0; to be <= 0. False where nothing is proven.
  bool nonnegative(Tensor t) const { return is_proven(t) && expected(t).lo >= 0; }
  bool nonpositive(Tensor t) const { return is_proven(t) && expected(t).hi <= 0; }

  /// Sign and magnitude of a tensor if some compound left them behind, so that the next need not claim them again.
  const SignParts* sign_parts(Tensor t) const;
  void remember_sign(Tensor t, SignParts parts) { sign_parts_[t.id] = parts; }

 private:
  std::map<std::uint32_t, SignParts> sign_parts_;
};

}  // namespace ezkl::claims
