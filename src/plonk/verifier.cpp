#include "plonk/verifier.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "ezkl/error.hpp"
#include "plonk/instance_room.hpp"
#include "plonk/proof_shape.hpp"
#include "poly/poly_ops.hpp"
#include "transcript/transcript.hpp"

namespace ezkl::plonk {
namespace {

using Kind = PolynomialId::Kind;

/// A proof that does not hold, with the reason: becomes a Verdict.
struct Refused {
  std::string reason;
};

PolynomialId id(Kind kind, std::size_t index) { return {kind, static_cast<std::uint32_t>(index)}; }

class Verifier {
 public:
  Verifier(const CommitmentVerifier& setup, const VerifyingKey& vk, const std::vector<std::size_t>& instance_counts,
           std::span<const std::vector<Fr>> instances, std::span<const std::uint8_t> proof)
      : setup_(setup),
        vk_(vk),
        system_(vk.system),
        shape_(vk.system, vk.k, setup.scheme()),
        instance_counts_(instance_counts),
        instances_(instances),
        reader_(proof) {
    omega_ = Fr::root_of_unity();
    for (unsigned i = vk.k; i < Fr::two_adicity; ++i) omega_ = omega_.square();
    omega_inverse_ = omega_.inverse();
  }

  void run() {
    check_sizes();
    try {
      read_commitments();
      read_evaluations();
    } catch (const Error& e) {
      if (e.fault() != Fault::format) throw;
      throw Refused{std::string("Transcript error: ") + e.what()};
    }
    if (!commits_to_instances(setup_.scheme())) evaluate_instances();
    evaluate_identity();
    check_openings();
  }

 private:
  void check_sizes() {
    const std::string mismatch = "Provided instances do not match the circuit: ";
    const std::size_t columns = system_.cs.num_instance;
    for (const std::size_t found : {instances_.size(), instance_counts_.size()}) {
      if (found == columns) continue;
      throw Refused{mismatch + std::to_string(found) + " instance columns given, " + std::to_string(columns) +
                    " expected"};
    }
    for (std::size_t i = 0; i < columns; ++i) {
      if (instances_[i].size() != instance_counts_[i]) {
        throw Refused{mismatch + std::to_string(instances_[i].size()) + " given, " +
                      std::to_string(instance_counts_[i]) + " expected"};
      }
      if (const auto refusal = instance_room_refusal(system_.cs, vk_.k, instances_[i].size())) {
        throw Refused{mismatch + *refusal};
      }
    }
    if (reader_.remaining() < shape_.proof_size) {
      throw Refused{"Transcript error: failed to fill whole buffer: the proof has " +
                    std::to_string(reader_.remaining()) + " bytes, proofs of this circuit have " +
                    std::to_string(shape_.proof_size)};
    }
    if (reader_.remaining() > shape_.proof_size) {
      throw Refused{"the proof has " + std::to_string(reader_.remaining()) +
                    " bytes, proofs of this circuit have " + std::to_string(shape_.proof_size) +
                    ": nothing may follow a proof"};
    }
  }

  void read_commitment(const PolynomialId& polynomial) {
    commitments_[polynomial] = reader_.read_point(to_string(polynomial));
  }

  void read_commitments() {
    const auto& cs = system_.cs;
    reader_.common_scalar(vk_.transcript_repr);
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      if (commits_to_instances(setup_.scheme())) {
        const G1Affine commitment = setup_.commit_instance(instances_[i]);
        commitments_[id(Kind::instance, i)] = commitment;
        reader_.common_point(commitment);
      } else {
        for (const Fr& value : instances_[i]) reader_.common_scalar(value);
      }
    }
    challenges_.resize(cs.num_challenges);
    for (std::size_t phase = 0; phase < shape_.phases; ++phase) {
      for (std::size_t i = 0; i < cs.num_advice; ++i) {
        if (cs.advice_phase[i] == phase) read_commitment(id(Kind::advice, i));
      }
      for (std::size_t i = 0; i < cs.num_challenges; ++i) {
        if (cs.challenge_phase[i] == phase) challenges_[i] = reader_.squeeze();
      }
    }
    theta_ = reader_.squeeze();
    for (std::size_t i = 0; i < system_.arguments.size(); ++i) read_commitment(id(Kind::lookup_count, i));
    beta_ = reader_.squeeze();
    gamma_ = reader_.squeeze();
    for (std::size_t i = 0; i < system_.permutation_sets(); ++i) read_commitment(id(Kind::permutation_product, i));
    for (std::size_t i = 0; i < system_.arguments.size(); ++i) read_commitment(id(Kind::lookup_sum, i));
    for (std::size_t i = 0; i < system_.shuffles.size(); ++i) read_commitment(id(Kind::shuffle_product, i));
    read_commitment(id(Kind::random, 0));
    y_ = reader_.squeeze();
    for (std::size_t i = 0; i < system_.quotient_pieces(); ++i) {
      quotient_.push_back(reader_.read_point("h[" + std::to_string(i) + "]"));
    }
    x_ = reader_.squeeze();
    xn_ = x_;
    for (unsigned i = 0; i < vk_.k; ++i) xn_ = xn_.square();
    if (xn_ == Fr::one()) throw Refused{"the challenge x lies in the evaluation domain"};
  }

  void read_evaluations() {
    for (const auto& opening : shape_.evaluations) {
      evaluations_.push_back(
          reader_.read_scalar(to_string(opening.polynomial) + " at rotation " + std::to_string(opening.rotation)));
    }
    // The lists of queries come first and in their own order, so a query's number is its place.
    std::span<const Fr> rest(evaluations_);
    if (commits_to_instances(setup_.scheme())) {
      const auto opened = rest.first(system_.cs.instance_queries.size());
      instance_.assign(opened.begin(), opened.end());
      rest = rest.subspan(opened.size());
    }
    advice_ = rest.first(system_.cs.advice_queries.size());
    fixed_ = rest.subspan(advice_.size(), system_.cs.fixed_queries.size());
  }

  Fr power_of_omega(std::int64_t exponent) const {
    return exponent < 0 ? omega_inverse_.pow(static_cast<std::uint64_t>(-exponent))
                        : omega_.pow(static_cast<std::uint64_t>(exponent));
  }

  Fr point(std::int32_t rotation) const { return x_ * power_of_omega(rotation); }

  /// l_row(x) for `count` rows from `first` on; negative rows count from the end.
  std::vector<Fr> lagrange(std::int64_t first, std::size_t count) const {
    std::vector<Fr> rows(count);
    std::vector<Fr> out(count);
    Fr row = power_of_omega(first);
    for (std::size_t i = 0; i < count; ++i) {
      rows[i] = row;
      out[i] = x_ - row;
      row *= omega_;
    }
    batch_invert(out);
    const Fr factor = (xn_ - Fr::one()) * Fr::from_u64(vk_.n()).inverse();
    for (std::size_t i = 0; i < count; ++i) out[i] *= rows[i] * factor;
    return out;
  }

  void evaluate_instances() {
    for (const auto& query : system_.cs.instance_queries) {
      const auto& column = instances_[query.column.index];
      const auto basis = lagrange(-std::int64_t{query.rotation}, column.size());
      Fr value;
      for (std::size_t i = 0; i < column.size(); ++i) value += column[i] * basis[i];
      instance_.push_back(value);
    }
  }

  Fr evaluate(const Expression::Node& node) const {
    switch (node.op) {
      case Expression::Op::constant:
        return node.value;
      case Expression::Op::fixed:
        return fixed_[node.query];
      case Expression::Op::advice:
        return advice_[node.query];
      case Expression::Op::instance:
        return instance_[node.query];
      case Expression::Op::challenge:
        return challenges_[node.index];
      case Expression::Op::negated:
        return -evaluate(*node.a);
      case Expression::Op::sum:
        return evaluate(*node.a) + evaluate(*node.b);
      case Expression::Op::product:
        return evaluate(*node.a) * evaluate(*node.b);
      case Expression::Op::scaled:
        return evaluate(*node.a) * node.value;
      case Expression::Op::selector:
        break;
    }
    throw Error(Fault::internal, "a selector was left unresolved in a verifying key");
  }

  Fr compress(const std::vector<Expression>& tuple) const {
    Fr out;
    for (const auto& expression : tuple) out = out * theta_ + evaluate(expression.node());
    return out;
  }

  Fr value(const PolynomialId& polynomial, std::int32_t rotation) const {
    return evaluations_[shape_.evaluation_index(polynomial, rotation)];
  }

  Fr column_value(const Column& column) const {
    switch (column.kind) {
      case ColumnKind::advice:
        return value(id(Kind::advice, column.index), 0);
      case ColumnKind::fixed:
        return value(id(Kind::fixed, column.index), 0);
      case ColumnKind::instance:
        break;
    }
    const auto& queries = system_.cs.instance_queries;
    const auto place = std::find(queries.begin(), queries.end(), Query{column, 0});
    if (place == queries.end()) throw Error(Fault::internal, "an instance column under equality is never queried");
    return instance_[static_cast<std::size_t>(place - queries.begin())];
  }

  void constrain(const Fr& value) { numerator_ = numerator_ * y_ + value; }

  /// Every constraint value at x, folded by powers of y. The result is what h must open to: nothing can fail here.
  void evaluate_identity() {
    const auto blinding = static_cast<std::size_t>(-shape_.last_rotation - 1);
    const auto tail = lagrange(shape_.last_rotation, blinding + 1);
    first_row_ = lagrange(0, 1)[0];
    last_row_ = tail[0];
    active_rows_ = Fr::one();
    for (const Fr& row : tail) active_rows_ -= row;

    for (const auto& gate : system_.gates) constrain(evaluate(gate.node()));
    if (!system_.cs.permutation.empty()) evaluate_permutation();
    for (std::size_t i = 0; i < system_.arguments.size(); ++i) evaluate_lookup(i);
    for (std::size_t i = 0; i < system_.shuffles.size(); ++i) evaluate_shuffle(i);
    expected_quotient_ = numerator_ * (xn_ - Fr::one()).inverse();
  }

  void evaluate_permutation() {
    const std::size_t sets = system_.permutation_sets();
    const std::size_t chunk = system_.permutation_chunk();
    const auto& columns = system_.cs.permutation;
    constrain(first_row_ * (Fr::one() - value(id(Kind::permutation_product, 0), 0)));
    const Fr last = value(id(Kind::permutation_product, sets - 1), 0);
    constrain(last_row_ * (last.square() - last));
    for (std::size_t i = 1; i < sets; ++i) {
      constrain(first_row_ * (value(id(Kind::permutation_product, i), 0) -
                              value(id(Kind::permutation_product, i - 1), shape_.last_rotation)));
    }
    Fr label = beta_ * x_;
    for (std::size_t i = 0; i < sets; ++i) {
      Fr left = value(id(Kind::permutation_product, i), 1);
      Fr right = value(id(Kind::permutation_product, i), 0);
      for (std::size_t c = i * chunk; c < std::min(columns.size(), (i + 1) * chunk); ++c) {
        const Fr cell = column_value(columns[c]) + gamma_;
        left *= cell + beta_ * value(id(Kind::sigma, c), 0);
        right *= cell + label;
        label *= Fr::delta();
      }
      constrain(active_rows_ * (left - right));
    }
  }

  void evaluate_lookup(std::size_t index) {
    const auto& argument = system_.arguments[index];
    const Fr phi = value(id(Kind::lookup_sum, index), 0);
    const Fr phi_next = value(id(Kind::lookup_sum, index), 1);
    const Fr count = value(id(Kind::lookup_count, index), 0);
    const Fr table = compress(argument.table) + beta_;
    Fr product = Fr::one();  // of all inputs so far
    Fr partial;              // sum over the inputs of the product of all the others
    for (const auto& tuple : argument.inputs) {
      const Fr input = compress(tuple) + beta_;
      partial = partial * input + product;
      product *= input;
    }
    constrain(first_row_ * phi);
    constrain(last_row_ * phi);
    constrain(active_rows_ * (table * product * (phi_next - phi) - (table * partial - product * count)));
  }

  void evaluate_shuffle(std::size_t index) {
    const auto& argument = system_.shuffles[index];
    const Fr z = value(id(Kind::shuffle_product, index), 0);
    const Fr z_next = value(id(Kind::shuffle_product, index), 1);
    constrain(first_row_ * (Fr::one() - z));
    constrain(last_row_ * (z.square() - z));
    constrain(active_rows_ * (z_next * (compress(argument.shuffle) + gamma_) - z * (compress(argument.input) + gamma_)));
  }

  /// The commitment to a polynomial as a sum of points.
  void set_commitment(const PolynomialId& polynomial, ClaimedSet::Polynomial& out) const {
    if (polynomial.kind == Kind::quotient) {
      out.bases = quotient_;
      out.scalars = powers(xn_, quotient_.size());
      return;
    }
    out.scalars = {Fr::one()};
    if (polynomial.kind == Kind::fixed) {
      out.bases = {vk_.fixed_commitments.at(polynomial.index)};
    } else if (polynomial.kind == Kind::sigma) {
      out.bases = {vk_.permutation_commitments.at(polynomial.index)};
    } else {
      out.bases = {commitments_.at(polynomial)};
    }
  }

  Fr opened_value(const PolynomialId& polynomial, std::int32_t rotation) const {
    return polynomial.kind == Kind::quotient ? expected_quotient_ : value(polynomial, rotation);
  }

  void check_openings() {
    std::vector<ClaimedSet> sets;
    for (const auto& rotation_set : shape_.sets) {
      ClaimedSet& set = sets.emplace_back();
      for (const std::int32_t rotation : rotation_set.rotations) set.points.push_back(point(rotation));
      for (const PolynomialId& polynomial : rotation_set.polynomials) {
        ClaimedSet::Polynomial& claimed = set.polynomials.emplace_back();
        set_commitment(polynomial, claimed);
        for (const std::int32_t rotation : rotation_set.rotations) {
          claimed.values.push_back(opened_value(polynomial, rotation));
        }
      }
    }
    std::optional<std::string> refusal;
    try {
      refusal = setup_.check_openings(sets, reader_);
    } catch (const Error& e) {
      if (e.fault() != Fault::format) throw;
      refusal = std::string("Multi-opening proof was invalid: ") + e.what();
    }
    if (refusal) throw Refused{*refusal};
  }

  const CommitmentVerifier& setup_;
  const VerifyingKey& vk_;
  const FinalSystem& system_;
  ProofShape shape_;
  const std::vector<std::size_t>& instance_counts_;
  std::span<const std::vector<Fr>> instances_;
  EvmTranscriptReader reader_;
  Fr omega_, omega_inverse_;

  std::map<PolynomialId, G1Affine> commitments_;
  std::vector<G1Affine> quotient_;
  std::vector<Fr> challenges_;
  Fr theta_, beta_, gamma_, y_, x_, xn_;
  std::vector<Fr> evaluations_, instance_;
  std::span<const Fr> advice_, fixed_;
  Fr first_row_, last_row_, active_rows_;
  Fr numerator_, expected_quotient_;
};

}  // namespace

Verdict verify_proof(const CommitmentVerifier& setup, const VerifyingKey& vk,
                     const std::vector<std::size_t>& instance_counts, std::span<const std::vector<Fr>> instances,
                     std::span<const std::uint8_t> proof) {
  try {
    Verifier(setup, vk, instance_counts, instances, proof).run();
  } catch (const Refused& refused) {
    return {false, refused.reason};
  }
  return {true, {}};
}

}  // namespace ezkl::plonk
