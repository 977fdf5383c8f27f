#include "plonk/prover.hpp"

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "base/profile.hpp"
#include "commit/shplonk.hpp"
#include "curve/msm.hpp"
#include "ezkl/error.hpp"
#include "field/kernels.hpp"
#include "field/random.hpp"
#include "plonk/column_blocks.hpp"
#include "plonk/commitments.hpp"
#include "plonk/lookup_prover.hpp"
#include "plonk/permutation.hpp"
#include "plonk/proof_shape.hpp"
#include "plonk/quotient.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl::plonk {
namespace {

/// The allocator keeps much of what it is handed back; before the step that takes the most, it had better not.
void give_back_freed_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

/// One proof in the making. Each member function is one step of spec/proof-protocol section 15; a step drops what later
/// ones do not need.
class Prover {
 public:
  Prover(const Srs& srs, const ProvingKey& pk, std::span<const std::vector<Fr>> instances, Random& random,
         const ProverOptions& options)
      : srs_(srs),
        pk_(pk),
        system_(pk.vk.system),
        cs_(pk.vk.system.cs),
        options_(options),
        shape_(pk.vk.system, pk.vk.k),
        slots_(pk.vk.system),
        domain_(pk.vk.k),
        n_(pk.vk.n()),
        usable_(cs_.usable_rows(pk.vk.k)),
        // A draw, so that a second proof from the same generator is blinded anew.
        random_(random.fork(random.next_u64())),
        polynomials_(slots_.committed) {
    check_inputs(instances);
    check_memory();
  }

  std::vector<std::uint8_t> run(AdviceSource& source) {
    absorb_statement();
    announce("advice");
    commit_advice(source);
    scalars_.theta = transcript_.squeeze();
    announce("lookups");
    commit_multiplicities();
    scalars_.beta = transcript_.squeeze();
    scalars_.gamma = transcript_.squeeze();
    announce("permutation");
    make_permutation_products();
    make_lookup_sums();
    make_shuffle_products();
    commit_products();
    commit_random();
    scalars_.y = transcript_.squeeze();
    announce("quotient");
    make_coefficients();
    commit_quotient();
    announce("openings");
    x_ = transcript_.squeeze();
    random_polynomial_.resize(n_);
    to_field(random_coefficients_, random_polynomial_);
    write_evaluations();
    open();
    return std::move(transcript_.proof);
  }

 private:
  /// Streams of randomness, one per purpose and column, so that the order of work does not show in the proof.
  enum class Stream : std::uint64_t { advice = 1, multiplicity, product, sum, shuffle, random };

  Random stream(Stream purpose, std::size_t index) const {
    return random_.fork(static_cast<std::uint64_t>(purpose) << 32 | index);
  }

  void announce(const char* phase) {
    if (options_.on_phase) options_.on_phase(phase);
    phase_.next(phase);
  }

  void check_inputs(std::span<const std::vector<Fr>> instances) {
    if (srs_.k() != pk_.vk.k) {
      throw Error(Fault::range,
                  "the SRS is for 2^" + std::to_string(srs_.k()) + " rows, the key for 2^" + std::to_string(pk_.vk.k));
    }
    EZKL_ENSURE(pk_.fixed.size() == cs_.num_fixed && pk_.next.size() == cs_.permutation.size() * n_,
                "a proving key holds every fixed column and every successor");
    if (instances.size() != cs_.num_instance) {
      throw Error(Fault::format, std::to_string(instances.size()) + " instance columns given, the circuit has " +
                                     std::to_string(cs_.num_instance));
    }
    for (const std::vector<Fr>& values : instances) {
      if (values.size() > usable_) {
        throw Error(Fault::format, "an instance column of " + std::to_string(values.size()) + " values, at most " +
                                       std::to_string(usable_) + " fit");
      }
      ColumnValues column(n_);
      for (std::size_t row = 0; row < values.size(); ++row) column.set(row, values[row]);
      instances_.push_back(std::move(column));
      instance_lengths_.push_back(values.size());
    }
  }

  void check_memory() const {
    const std::uint64_t needed = proof_memory_bytes(pk_.vk);
    if (options_.max_memory_bytes == 0 || needed <= options_.max_memory_bytes) return;
    constexpr std::uint64_t mib = std::uint64_t{1} << 20;
    throw Error(Fault::range, "proving takes about " + std::to_string(needed / mib) +
                                  " MiB on top of the key, but only " +
                                  std::to_string(options_.max_memory_bytes / mib) +
                                  " MiB are allowed: use a smaller logrows or raise the cap");
  }

  void absorb_statement() {
    transcript_.common_scalar(pk_.vk.transcript_repr);
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      for (std::size_t row = 0; row < instance_lengths_[i]; ++row) transcript_.common_scalar(instances_[i].at(row));
    }
  }

  void blind_advice(std::size_t column) {
    Random random = stream(Stream::advice, column);
    for (std::size_t row = usable_; row < n_; ++row) {
      // The commitment of an unblinded column is to be a function of its values alone.
      advice_[column].set(row, cs_.unblinded[column] ? Fr::one() : random_fr(random));
    }
  }

  void commit_advice(AdviceSource& source) {
    advice_.assign(cs_.num_advice, ColumnValues(n_));
    challenges_.assign(cs_.num_challenges, Fr::zero());
    std::vector<Fr> drawn;
    for (std::size_t phase = 0; phase < shape_.phases; ++phase) {
      Phase part("fill columns");
      source.fill(static_cast<unsigned>(phase), drawn, advice_);
      part.next("commit");
      std::vector<const ColumnValues*> columns;
      for (std::size_t i = 0; i < advice_.size(); ++i) {
        EZKL_ENSURE(advice_[i].size() == n_, "an advice column was resized");
        if (cs_.advice_phase[i] != phase) continue;
        blind_advice(i);
        columns.push_back(&advice_[i]);
      }
      for (const G1Affine& point : commit_columns(srs_, columns)) transcript_.write_point(point);
      for (std::size_t i = 0; i < challenges_.size(); ++i) {
        if (cs_.challenge_phase[i] != phase) continue;
        challenges_[i] = transcript_.squeeze();
        drawn.push_back(challenges_[i]);
      }
    }
    scalars_.challenges = challenges_;
  }

  const ColumnValues* column_of_slot(std::uint32_t slot) const {
    if (slot >= slots_.instance && slot < slots_.sigma) return &instances_[slot - slots_.instance];
    if (slot >= slots_.fixed && slot < slots_.instance) return &pk_.fixed[slot - slots_.fixed];
    return slot < slots_.fixed ? &advice_[slot - slots_.advice] : nullptr;
  }

  Program::Fetch fetch() const {
    return fetch_rows(n_, [this](std::uint32_t slot) { return column_of_slot(slot); });
  }

  const ColumnValues& values_of(const Column& column) const {
    if (column.kind == ColumnKind::advice) return advice_[column.index];
    return column.kind == ColumnKind::fixed ? pk_.fixed[column.index] : instances_[column.index];
  }

  void commit_multiplicities() {
    Phase phase("find and count");
    lookups_ = find_lookups(system_.arguments, n_, usable_, scalars_.theta, slots_.names(challenges_), fetch());
    std::vector<const ColumnValues*> columns;
    for (std::size_t i = 0; i < lookups_.arguments.size(); ++i) {
      ColumnValues& m = lookups_.arguments[i].multiplicity;
      Random random = stream(Stream::multiplicity, i);
      // No constraint reads m below the usable rows, so those rows can hide the rest of it.
      for (std::size_t row = usable_; row < n_; ++row) m.set(row, random_fr(random));
      columns.push_back(&m);
    }
    phase.next("commit");
    for (const G1Affine& point : commit_columns(srs_, columns)) transcript_.write_point(point);
  }

  void make_permutation_products() {
    const Phase phase("running products");
    const std::size_t columns = cs_.permutation.size();
    const std::size_t chunk = system_.permutation_chunk();
    labels_.emplace(domain_, columns);
    const auto column = [this](std::size_t position) -> const ColumnValues& {
      return values_of(cs_.permutation[position]);
    };
    const std::size_t sets = system_.permutation_sets();
    std::vector<std::vector<RatioRow>> rows(sets);
    std::vector<std::vector<Fr>> ratio(sets);
    parallel_tasks(sets, [&](std::size_t i) {
      rows[i] = permutation_ratios(*labels_, pk_.next, i * chunk, std::min(columns, (i + 1) * chunk), column,
                                   scalars_.beta, scalars_.gamma);
      ratio[i] = ratios(rows[i]);
    });
    Fr end = Fr::one();
    for (std::size_t i = 0; i < sets; ++i) {
      Random random = stream(Stream::product, i);
      auto& z = polynomials_[slots_.z + i];
      z.resize(n_);
      end = running_product(rows[i], ratio[i], end, usable_, random, z);
    }
    if (end != Fr::one()) {
      throw Error(Fault::unsatisfied, "the copy constraints do not hold: two cells that must be equal differ");
    }
  }

  void make_lookup_sums() {
    const Phase phase("lookup sums");
    std::vector<std::vector<Fr>> inverses;
    for (const std::vector<Fr>& table : lookups_.tables) inverses.push_back(inverse_table(table, scalars_.beta));
    lookups_.tables.clear();
    parallel_tasks(lookups_.arguments.size(), [&](std::size_t i) {
      LookupWitness& witness = lookups_.arguments[i];
      Random random = stream(Stream::sum, i);
      auto& phi = polynomials_[slots_.phi + i];
      phi.resize(n_);
      running_sum(witness, inverses[witness.table], usable_, random, phi);
      witness.rows = {};
    });
  }

  void make_shuffle_products() {
    const Phase phase("shuffle products");
    const LeafNames names = slots_.names(challenges_);
    for (std::size_t i = 0; i < system_.shuffles.size(); ++i) {
      ExpressionGraph graph;
      const ExpressionGraph::Id gamma = graph.constant(scalars_.gamma);
      const ExpressionGraph::Id outputs[] = {
          graph.add(graph.compress(system_.shuffles[i].input, scalars_.theta, names), gamma),
          graph.add(graph.compress(system_.shuffles[i].shuffle, scalars_.theta, names), gamma)};
      std::vector<RatioRow> rows(usable_);
      Program(graph, outputs)
          .run_parallel(usable_, fetch(), [&](std::size_t o, std::size_t begin, std::size_t count, const Fr* values) {
            for (std::size_t j = 0; j < count; ++j) {
              rows[begin + j].row = static_cast<std::uint32_t>(begin + j);
              (o == 0 ? rows[begin + j].numerator : rows[begin + j].denominator) = values[j];
            }
          });
      Random random = stream(Stream::shuffle, i);
      auto& z = polynomials_[slots_.shuffle_z + i];
      z.resize(n_);
      if (running_product(rows, ratios(rows), Fr::one(), usable_, random, z) != Fr::one()) {
        throw Error(Fault::unsatisfied, "shuffle " + std::to_string(i) + ": the two sides hold different values");
      }
    }
  }

  /// Commits to z, phi and the shuffles' z, in this order, and turns them into coefficients.
  void commit_products() {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < system_.permutation_sets(); ++i) order.push_back(slots_.z + i);
    for (std::uint32_t i = 0; i < system_.arguments.size(); ++i) order.push_back(slots_.phi + i);
    for (std::uint32_t i = 0; i < system_.shuffles.size(); ++i) order.push_back(slots_.shuffle_z + i);
    std::vector<std::span<const Fr>> values;
    for (const std::uint32_t slot : order) values.push_back(polynomials_[slot]);
    Phase phase("commit");
    for (const G1Affine& point : to_affine(commit_running(srs_, values))) transcript_.write_point(point);
    phase.next("coefficients");
    parallel_tasks(order.size(), [&](std::size_t i) { domain_.intt(polynomials_[order[i]]); });
  }

  /// The random polynomial hides the combination of all others that the openings reveal. 32 random bits a coefficient
  /// are far more entropy than the few field elements in which it shows, and cost an eighth of full-width ones.
  void commit_random() {
    const Phase phase("random polynomial");
    Random random = stream(Stream::random, 0);
    std::vector<std::int64_t> coefficients(n_);
    for (std::int64_t& c : coefficients) c = static_cast<std::int32_t>(random.next_u64());
    transcript_.write_point(msm_small(srs_.g(), coefficients).to_affine());
    random_coefficients_ = std::move(coefficients);
  }

  /// Everything that is not yet in coefficient form. The values by row are not needed any more after this.
  void make_coefficients() {
    const Phase phase("coefficients");
    const auto transform = [this](std::uint32_t slot, std::span<const Fr> values) {
      polynomials_[slot].resize(n_);
      domain_.intt(values, polynomials_[slot]);
    };
    parallel_tasks(slots_.committed, [&](std::size_t i) {
      const auto slot = static_cast<std::uint32_t>(i);
      const bool multiplicity = slot >= slots_.m && slot < slots_.shuffle_z;
      if (slot >= slots_.sigma && slot < slots_.z) {
        std::vector<Fr> values(n_);
        sigma_values(*labels_, pk_.next, slot - slots_.sigma, values);
        transform(slot, values);
      } else if (slots_.is_circuit_column(slot) || multiplicity) {
        ColumnValues* const own = multiplicity              ? &lookups_.arguments[slot - slots_.m].multiplicity
                                  : slot < slots_.fixed     ? &advice_[slot - slots_.advice]
                                  : slot >= slots_.instance ? &instances_[slot - slots_.instance]
                                                            : nullptr;
        const ColumnValues& column = own != nullptr ? *own : pk_.fixed[slot - slots_.fixed];
        if (column.is_zero()) return;  // such a polynomial stays empty
        std::vector<Fr> values(n_);
        expand_column(column, values);
        if (own != nullptr) *own = ColumnValues();
        transform(slot, values);
      }
    });
    lookups_ = {};
    labels_.reset();
    give_back_freed_memory();
  }

  void commit_quotient() {
    std::vector<std::uint32_t> zero;
    for (std::uint32_t slot = 0; slot < slots_.committed; ++slot) {
      if (polynomials_[slot].empty()) zero.push_back(slot);
    }
    constraints_.emplace(system_, slots_, scalars_, std::move(zero));
    std::vector<std::vector<Fr>> pieces = build_quotient(system_, domain_, slots_, *constraints_, polynomials_);
    const Phase phase("commit");
    std::vector<G1> points;
    for (const std::vector<Fr>& piece : pieces) points.push_back(msm(srs_.g(), piece));
    for (const G1Affine& point : to_affine(points)) transcript_.write_point(point);
    pieces_ = std::move(pieces);
  }

  std::span<const Fr> coefficients(const PolynomialId& id) const {
    using Kind = PolynomialId::Kind;
    switch (id.kind) {
      case Kind::advice:
        return polynomials_[slots_.advice + id.index];
      case Kind::permutation_product:
        return polynomials_[slots_.z + id.index];
      case Kind::lookup_sum:
        return polynomials_[slots_.phi + id.index];
      case Kind::lookup_count:
        return polynomials_[slots_.m + id.index];
      case Kind::shuffle_product:
        return polynomials_[slots_.shuffle_z + id.index];
      case Kind::fixed:
        return polynomials_[slots_.fixed + id.index];
      case Kind::sigma:
        return polynomials_[slots_.sigma + id.index];
      case Kind::quotient:
        return pieces_.front();
      case Kind::random:
        return random_polynomial_;
    }
    EZKL_ENSURE(false, "a polynomial of unknown kind");
  }

  Fr point(std::int32_t rotation) const { return x_ * domain_.omega_power(rotation); }

  void write_evaluations() {
    Phase phase("evaluations");
    evaluations_.resize(shape_.evaluations.size());
    parallel_tasks(evaluations_.size(), [&](std::size_t i) {
      const Opening& opening = shape_.evaluations[i];
      evaluations_[i] = evaluate(coefficients(opening.polynomial), point(opening.rotation));
    });
    for (const Fr& value : evaluations_) transcript_.write_scalar(value);

    phase.next("combine pieces");
    // h as one polynomial: the pieces times 1, x^n, x^2n, …
    const Fr xn = x_.pow(n_);
    Fr power = xn;
    for (std::size_t p = 1; p < pieces_.size(); ++p, power *= xn) {
      parallel_for(n_, 4096, [&](std::size_t begin, std::size_t end) {
        Fr* sum = pieces_.front().data() + begin;
        fr_kernels().mul_scalar_add(sum, pieces_[p].data() + begin, power, sum, end - begin);
      });
    }
    pieces_.resize(1);
    quotient_value_ = evaluate(pieces_.front(), x_);
    check_identity(xn);
  }

  /// A witness that breaks a gate has no quotient: what was committed to does not open to the constraints' value.
  void check_identity(const Fr& xn) {
    const Fr numerator = constraints_->evaluate([this, &xn](const Leaf& leaf) { return value_at_x(leaf, xn); });
    if (numerator != quotient_value_ * (xn - Fr::one())) {
      throw Error(Fault::unsatisfied, "the witness breaks a gate of the circuit; a mock run names it");
    }
  }

  Fr value_at_x(const Leaf& leaf, const Fr& xn) const {
    using Kind = PolynomialId::Kind;
    const std::uint32_t slot = leaf.slot;
    const auto value = [&](Kind kind, std::uint32_t first) {
      return evaluations_[shape_.evaluation_index({kind, slot - first}, leaf.rotation)];
    };
    if (slot == slots_.position) return x_;
    if (slot == slots_.first_row) return domain_.lagrange(0, point(leaf.rotation));
    if (slot == slots_.active) {
      Fr out = Fr::one();
      for (std::int64_t row = shape_.last_rotation; row < 0; ++row) out -= domain_.lagrange(row, x_);
      return out;
    }
    if (slot < slots_.fixed) return value(Kind::advice, slots_.advice);
    if (slot < slots_.instance) return value(Kind::fixed, slots_.fixed);
    if (slot < slots_.sigma) return evaluate(polynomials_[slot], point(leaf.rotation));
    if (slot < slots_.z) return value(Kind::sigma, slots_.sigma);
    if (slot < slots_.phi) return value(Kind::permutation_product, slots_.z);
    if (slot < slots_.m) return value(Kind::lookup_sum, slots_.phi);
    if (slot < slots_.shuffle_z) return value(Kind::lookup_count, slots_.m);
    EZKL_ENSURE(slot < slots_.committed && xn != Fr::zero(), "a constraint reads an unknown polynomial");
    return value(Kind::shuffle_product, slots_.shuffle_z);
  }

  void open() {
    const Phase phase("open");
    std::vector<OpeningSet> sets;
    for (const ProofShape::RotationSet& rotation_set : shape_.sets) {
      OpeningSet& set = sets.emplace_back();
      for (const std::int32_t rotation : rotation_set.rotations) set.points.push_back(point(rotation));
      for (const PolynomialId& id : rotation_set.polynomials) {
        set.polynomials.push_back(coefficients(id));
        auto& values = set.values.emplace_back();
        for (const std::int32_t rotation : rotation_set.rotations) {
          values.push_back(id.kind == PolynomialId::Kind::quotient
                               ? quotient_value_
                               : evaluations_[shape_.evaluation_index(id, rotation)]);
        }
      }
    }
    shplonk_open(srs_, sets, transcript_);
  }

  Phase phase_{"begin"};
  const Srs& srs_;
  const ProvingKey& pk_;
  const FinalSystem& system_;
  const ConstraintSystem& cs_;
  const ProverOptions& options_;
  const ProofShape shape_;
  const PolynomialSlots slots_;
  const Domain domain_;
  const std::size_t n_, usable_;
  const Random random_;

  EvmTranscriptWriter transcript_;
  std::vector<ColumnValues> instances_, advice_;
  std::vector<std::size_t> instance_lengths_;
  std::vector<Fr> challenges_;
  ConstraintScalars scalars_;
  std::optional<CellLabels> labels_;
  LookupTables lookups_;
  std::vector<std::vector<Fr>> polynomials_;  ///< by slot: values while a product is made, then coefficients
  std::vector<std::int64_t> random_coefficients_;
  std::vector<Fr> random_polynomial_;  ///< the same as field elements, made when it is opened
  std::optional<Constraints> constraints_;
  std::vector<std::vector<Fr>> pieces_;  ///< of h; after the evaluations only their combination at x
  Fr x_, quotient_value_;
  std::vector<Fr> evaluations_;
};

}  // namespace

std::uint64_t proof_memory_bytes(const VerifyingKey& vk) {
  const PolynomialSlots slots(vk.system);
  // Any scalars do: they decide nothing about the shape of the constraints as long as none is 0 or 1.
  const Fr scalar = Fr::from_u64(0x9e3779b97f4a7c15);
  const std::vector<Fr> challenges(vk.system.cs.num_challenges, scalar);
  Constraints constraints(vk.system, slots, {challenges, scalar, scalar, scalar, scalar}, {});
  constexpr std::size_t domain_tables = 2;
  const std::size_t vectors = slots.committed + quotient_vectors(vk.system, slots, constraints) + domain_tables;
  return std::uint64_t{vectors} * vk.n() * sizeof(Fr);
}

std::vector<std::uint8_t> create_proof(const Srs& srs, const ProvingKey& pk, AdviceSource& advice,
                                       std::span<const std::vector<Fr>> instances, Random& random,
                                       const ProverOptions& options) {
  return Prover(srs, pk, instances, random, options).run(advice);
}

}  // namespace ezkl::plonk
