#include "plonk/verifier.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "curve/msm.hpp"
#include "curve/pairing.hpp"
#include "ezkl/error.hpp"
#include "plonk/proof_shape.hpp"
#include "transcript/transcript.hpp"

namespace ezkl::plonk {
namespace {

using Kind = PolynomialId::Kind;

/// A proof that does not hold, with the reason: becomes a Verdict.
struct Refused {
  std::string reason;
};

PolynomialId id(Kind kind, std::size_t index) { return {kind, static_cast<std::uint32_t>(index)}; }

/// Value at `u` of the polynomial of least degree through the points.
Fr interpolate_at(std::span<const Fr> points, std::span<const Fr> values, const Fr& u) {
  Fr total;
  for (std::size_t j = 0; j < points.size(); ++j) {
    Fr numerator = values[j];
    Fr denominator = Fr::one();
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (i == j) continue;
      numerator *= u - points[i];
      denominator *= points[j] - points[i];
    }
    total += numerator * denominator.inverse();
  }
  return total;
}

class Verifier {
 public:
  Verifier(const SrsVerifier& srs, const VerifyingKey& vk, std::span<const std::vector<Fr>> instances,
           std::span<const std::uint8_t> proof)
      : srs_(srs), vk_(vk), system_(vk.system), shape_(vk.system, vk.k), instances_(instances), reader_(proof) {
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
    evaluate_instances();
    evaluate_identity();
    check_openings();
  }

 private:
  void check_sizes() {
    const std::size_t expected = system_.cs.num_instance;
    if (instances_.size() != expected) {
      throw Refused{"Provided instances do not match the circuit: " + std::to_string(instances_.size()) +
                    " instance columns given, " + std::to_string(expected) + " expected"};
    }
    const std::size_t room = system_.cs.usable_rows(vk_.k);
    for (const auto& column : instances_) {
      if (column.size() > room) {
        throw Refused{"Provided instances do not match the circuit: an instance column has " +
                      std::to_string(column.size()) + " rows, at most " + std::to_string(room) + " fit"};
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
    for (const auto& column : instances_) {
      for (const Fr& value : column) reader_.common_scalar(value);
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
    advice_ = std::span<const Fr>(evaluations_).first(system_.cs.advice_queries.size());
    fixed_ = std::span<const Fr>(evaluations_).subspan(advice_.size(), system_.cs.fixed_queries.size());
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

  /// Terms of the commitment to a polynomial, each multiplied by `factor`.
  void add_commitment(const PolynomialId& polynomial, const Fr& factor, std::vector<G1Affine>& bases,
                      std::vector<Fr>& scalars) const {
    if (polynomial.kind == Kind::quotient) {
      Fr power = factor;
      for (const auto& piece : quotient_) {
        bases.push_back(piece);
        scalars.push_back(power);
        power *= xn_;
      }
      return;
    }
    scalars.push_back(factor);
    if (polynomial.kind == Kind::fixed) {
      bases.push_back(vk_.fixed_commitments.at(polynomial.index));
    } else if (polynomial.kind == Kind::sigma) {
      bases.push_back(vk_.permutation_commitments.at(polynomial.index));
    } else {
      bases.push_back(commitments_.at(polynomial));
    }
  }

  Fr opened_value(const PolynomialId& polynomial, std::int32_t rotation) const {
    return polynomial.kind == Kind::quotient ? expected_quotient_ : value(polynomial, rotation);
  }

  G1Affine read_quotient(const char* what) {
    try {
      return reader_.read_point(what);
    } catch (const Error& e) {
      if (e.fault() != Fault::format) throw;
      throw Refused{std::string("Multi-opening proof was invalid: ") + e.what()};
    }
  }

  void check_openings() {
    const Fr y = reader_.squeeze();
    const Fr v = reader_.squeeze();
    const G1Affine w = read_quotient("SHPLONK W");
    const Fr u = reader_.squeeze();
    const G1Affine w_prime = read_quotient("SHPLONK W'");

    std::map<std::int32_t, Fr> distance;  // u - point, by rotation
    for (const std::int32_t rotation : shape_.rotations) distance[rotation] = u - point(rotation);
    const auto vanishing = [&](const ProofShape::RotationSet& set, bool complement) {
      Fr out = Fr::one();
      for (const auto& [rotation, factor] : distance) {
        const bool inside = std::binary_search(set.rotations.begin(), set.rotations.end(), rotation);
        if (inside != complement) out *= factor;
      }
      return out;
    };
    const Fr first_complement = vanishing(shape_.sets.front(), true);
    if (first_complement.is_zero()) throw Refused{"Multi-opening proof was invalid: u hits an opening point"};
    const Fr normal = first_complement.inverse();

    std::vector<G1Affine> bases;
    std::vector<Fr> scalars;
    Fr remainder;
    Fr v_power = Fr::one();
    for (const auto& set : shape_.sets) {
      const Fr factor = v_power * vanishing(set, true) * normal;
      std::vector<Fr> points;
      for (const std::int32_t rotation : set.rotations) points.push_back(point(rotation));
      Fr y_power = Fr::one();
      for (const auto& polynomial : set.polynomials) {
        std::vector<Fr> values;
        for (const std::int32_t rotation : set.rotations) values.push_back(opened_value(polynomial, rotation));
        remainder += factor * y_power * interpolate_at(points, values, u);
        add_commitment(polynomial, factor * y_power, bases, scalars);
        y_power *= y;
      }
      v_power *= v;
    }
    bases.insert(bases.end(), {srs_.g, w, w_prime});
    scalars.insert(scalars.end(), {-remainder, -vanishing(shape_.sets.front(), false), u});
    const G1Affine right = msm(bases, scalars).to_affine();
    const std::pair<G1Affine, G2Affine> pairs[] = {{w_prime, srs_.s_g2}, {-right, srs_.g2}};
    if (!pairing_product_is_one(pairs)) {
      throw Refused{
          "The constraint system is not satisfied: the opening equation does not hold for this proof, key, setup and "
          "these instances"};
    }
  }

  const SrsVerifier& srs_;
  const VerifyingKey& vk_;
  const FinalSystem& system_;
  ProofShape shape_;
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

Verdict verify_proof(const SrsVerifier& srs, const VerifyingKey& vk, std::span<const std::vector<Fr>> instances,
                     std::span<const std::uint8_t> proof) {
  try {
    Verifier(srs, vk, instances, proof).run();
  } catch (const Refused& refused) {
    return {false, refused.reason};
  }
  return {true, {}};
}

}  // namespace ezkl::plonk
