#include "plonk/prover.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "base/ensure.hpp"
#include "base/memory.hpp"
#include "base/parallel.hpp"
#include "base/profile.hpp"
#include "curve/msm.hpp"
#include "ezkl/error.hpp"
#include "field/kernels.hpp"
#include "field/random.hpp"
#include "plonk/column_blocks.hpp"
#include "plonk/commitments.hpp"
#include "plonk/instance_room.hpp"
#include "plonk/lookup_prover.hpp"
#include "plonk/permutation.hpp"
#include "plonk/proof_shape.hpp"
#include "plonk/quotient.hpp"
#include "plonk/window_columns.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl::plonk {
namespace {

/// One proof in the making. Each member function is one step of docs/spec/proof-protocol.md 15; a step drops what later
/// ones do not need.
class Prover {
 public:
  Prover(const CommitmentKey& setup, const ProvingKey& pk, std::span<const std::vector<Fr>> instances, Random& random,
         const ProverOptions& options)
      : setup_(setup),
        pk_(pk),
        system_(pk.vk.system),
        cs_(pk.vk.system.cs),
        options_(options),
        shape_(pk.vk.system, pk.vk.k, setup.scheme()),
        slots_(pk.vk.system),
        domain_(pk.vk.k),
        n_(pk.vk.n()),
        usable_(cs_.usable_rows(pk.vk.k)),
        // A draw, so that a second proof from the same generator is blinded anew.
        random_(random.fork(random.next_u64())),
        polynomials_(slots_.committed) {
    check_inputs(instances);
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
    commit_products();
    commit_random();
    scalars_.y = transcript_.squeeze();
    announce("quotient");
    make_coefficients();
    commit_quotient();
    announce("openings");
    x_ = transcript_.squeeze();
    write_evaluations();
    open();
    return std::move(transcript_.proof);
  }

 private:
  /// Streams of randomness, one per purpose and column, so that the order of work does not show in the proof.
  enum class Stream : std::uint64_t { advice = 1, multiplicity, product, sum, shuffle, random, blind, opening };

  Random stream(Stream purpose, std::size_t index) const {
    return random_.fork(static_cast<std::uint64_t>(purpose) << 32 | index);
  }

  /// What a polynomial's commitment is blinded by, under a scheme that blinds.
  Fr blind(const PolynomialId& id, std::size_t piece = 0) const {
    using Kind = PolynomialId::Kind;
    if (!setup_.blinds()) return Fr::zero();
    const bool is_public = id.kind == Kind::fixed || id.kind == Kind::sigma || id.kind == Kind::instance ||
                           (id.kind == Kind::advice && cs_.unblinded[id.index]);
    if (is_public) return CommitmentKey::public_blind();
    Random random = stream(Stream::blind, static_cast<std::size_t>(id.kind) << 24 | (id.index + piece));
    return random_fr(random);
  }

  std::vector<Fr> blinds(PolynomialId::Kind kind, std::size_t count) const {
    std::vector<Fr> out;
    for (std::uint32_t i = 0; i < count; ++i) out.push_back(blind({kind, i}));
    return out;
  }

  void announce(const char* phase) {
    if (options_.on_phase) options_.on_phase(phase);
    phase_.next(phase);
  }

  void check_inputs(std::span<const std::vector<Fr>> instances) {
    if (setup_.k() != pk_.vk.k) {
      throw Error(Fault::range, "the setup is for 2^" + std::to_string(setup_.k()) + " rows, the key for 2^" +
                                    std::to_string(pk_.vk.k));
    }
    EZKL_ENSURE(pk_.fixed.size() == cs_.num_fixed && pk_.next.size() == cs_.permutation.size() * n_,
                "a proving key holds every fixed column and every successor");
    if (instances.size() != cs_.num_instance) {
      throw Error(Fault::format, std::to_string(instances.size()) + " instance columns given, the circuit has " +
                                     std::to_string(cs_.num_instance));
    }
    for (const std::vector<Fr>& values : instances) {
      if (const auto refusal = instance_room_refusal(cs_, pk_.vk.k, values.size()))
        throw Error(Fault::format, *refusal);
      ColumnValues column(n_);
      for (std::size_t row = 0; row < values.size(); ++row) column.set(row, values[row]);
      instances_.push_back(std::move(column));
      instance_lengths_.push_back(values.size());
    }
  }

  void absorb_statement() {
    transcript_.common_scalar(pk_.vk.transcript_repr);
    if (commits_to_instances(setup_.scheme())) {
      std::vector<const ColumnValues*> columns;
      for (const ColumnValues& column : instances_) columns.push_back(&column);
      for (const G1Affine& point :
           commit_columns(setup_, columns, blinds(PolynomialId::Kind::instance, columns.size()))) {
        transcript_.common_point(point);
      }
      return;
    }
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
    advice_.resize(cs_.num_advice);
    parallel_tasks(advice_.size(), [&](std::size_t i) { advice_[i] = ColumnValues(n_); });
    challenges_.assign(cs_.num_challenges, Fr::zero());
    std::vector<Fr> drawn;
    for (std::size_t phase = 0; phase < shape_.phases; ++phase) {
      Phase part("fill columns");
      source.fill(static_cast<unsigned>(phase), drawn, advice_);
      part.next("commit");
      std::vector<const ColumnValues*> columns;
      std::vector<Fr> column_blinds;
      for (std::size_t i = 0; i < advice_.size(); ++i) {
        EZKL_ENSURE(advice_[i].size() == n_, "an advice column was resized");
        if (cs_.advice_phase[i] != phase) continue;
        blind_advice(i);
        columns.push_back(&advice_[i]);
        column_blinds.push_back(blind({PolynomialId::Kind::advice, static_cast<std::uint32_t>(i)}));
      }
      for (const G1Affine& point : commit_columns(setup_, columns, column_blinds)) transcript_.write_point(point);
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

  /// errors: Fault::unsatisfied, unless a lie is wanted.
  void must_hold(bool holds, const std::string& otherwise) const {
    if (!holds && options_.forging == nullptr) throw Error(Fault::unsatisfied, otherwise);
  }

  void commit_multiplicities() {
    Phase phase("find and count");
    lookups_ = find_lookups(system_.arguments, n_, usable_, scalars_.theta, slots_.names(challenges_), fetch(),
                            options_.forging != nullptr);
    std::vector<const ColumnValues*> columns;
    for (std::size_t i = 0; i < lookups_.arguments.size(); ++i) {
      ColumnValues& m = lookups_.arguments[i].multiplicity;
      if (options_.forging != nullptr && options_.forging->recount) options_.forging->recount(i, m);
      Random random = stream(Stream::multiplicity, i);
      // No constraint reads m below the usable rows, so those rows can hide the rest of it.
      for (std::size_t row = usable_; row < n_; ++row) m.set(row, random_fr(random));
      columns.push_back(&m);
    }
    phase.next("commit");
    const std::vector<Fr> column_blinds = blinds(PolynomialId::Kind::lookup_count, columns.size());
    for (const G1Affine& point : commit_columns(setup_, columns, column_blinds)) transcript_.write_point(point);
  }

  bool is_product(std::uint32_t slot) const {
    return slot >= slots_.z && (slot < slots_.m || slot >= slots_.shuffle_z);
  }

  PolynomialId product_id(std::uint32_t slot) const {
    using Kind = PolynomialId::Kind;
    if (slot < slots_.phi) return {Kind::permutation_product, slot - slots_.z};
    if (slot < slots_.m) return {Kind::lookup_sum, slot - slots_.phi};
    return {Kind::shuffle_product, slot - slots_.shuffle_z};
  }

  bool keeps(std::uint32_t slot) const {
    return options_.plan == MemoryPlan::keep_all || (options_.plan == MemoryPlan::rebuild_columns && is_product(slot));
  }

  /// Commits to z, phi and the shuffles' z, in this order, and turns those that are kept into coefficients.
  void commit_products() {
    starts_.assign(system_.permutation_sets() + 1, Fr::one());
    inverses_.resize(lookups_.tables.size());
    parallel_tasks(1 + inverses_.size(), [&](std::size_t i) {
      if (i == 0) {
        labels_.emplace(domain_, cs_.permutation.size());
      } else {
        inverses_[i - 1] = inverse_table(lookups_.tables[i - 1], scalars_.beta);
      }
    });
    lookups_.tables.clear();
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < system_.permutation_sets(); ++i) order.push_back(slots_.z + i);
    for (std::uint32_t i = 0; i < system_.arguments.size(); ++i) order.push_back(slots_.phi + i);
    for (std::uint32_t i = 0; i < system_.shuffles.size(); ++i) order.push_back(slots_.shuffle_z + i);
    // What is not kept is not to stand in memory all at once either.
    const std::size_t together =
        options_.plan == MemoryPlan::rebuild_all ? static_cast<std::size_t>(thread_count()) : order.size();
    for (std::size_t first = 0; first < order.size(); first += together) {
      commit_products(std::span(order).subspan(first, std::min(together, order.size() - first)));
    }
    must_hold(starts_.back() == Fr::one(), "the copy constraints do not hold: two cells that must be equal differ");
    if (options_.plan == MemoryPlan::rebuild_all) return;
    inverses_.clear();
    for (LookupWitness& witness : lookups_.arguments) witness.rows = {};
  }

  void commit_products(std::span<const std::uint32_t> slots) {
    Phase phase("running products and sums");
    make_products(slots);
    phase.next("commit");
    std::vector<std::span<const Fr>> values;
    std::vector<Fr> column_blinds;
    for (const std::uint32_t slot : slots) {
      values.push_back(polynomials_[slot]);
      column_blinds.push_back(blind(product_id(slot)));
    }
    for (const G1Affine& point : commit_running(setup_, values, column_blinds)) transcript_.write_point(point);
    phase.next("coefficients");
    if (options_.plan == MemoryPlan::keep_all) find_window();
    parallel_tasks(slots.size(), [&](std::size_t i) {
      std::vector<Fr>& polynomial = polynomials_[slots[i]];
      if (in_window(slots[i])) {
        window_->set_rows(slots[i], std::move(polynomial));
        polynomial = {};
      } else if (keeps(slots[i])) {
        domain_.intt(polynomial);
      } else {
        polynomial = {};
      }
    });
  }

  /// After how many rows a column is a line up to the blinding rows; n where there is nothing to gain by knowing.
  std::size_t extent(std::uint32_t slot) const {
    if (const ColumnValues* const column = small_column(slot)) return constant_from(*column, usable_);
    if (slot < slots_.z) return copied_rows(pk_.next, n_, slot - slots_.sigma, usable_);
    if (slot >= slots_.phi) return n_;
    const std::vector<Fr>& z = polynomials_[slot];
    std::size_t out = usable_;
    while (out > 0 && z[out - 1] == z[usable_]) --out;
    return out;
  }

  void find_window() {
    std::vector<std::size_t> extents(slots_.committed);
    parallel_tasks(extents.size(), [&](std::size_t slot) { extents[slot] = extent(static_cast<std::uint32_t>(slot)); });
    window_.emplace(domain_, usable_, std::move(extents));
  }

  bool in_window(std::uint32_t slot) const { return window_ && window_->takes(slot); }

  /// The values of some products and sums, ascending, into `polynomials_`.
  void make_products(std::span<const std::uint32_t> slots) {
    std::size_t sets = 0;
    while (sets < slots.size() && slots[sets] < slots_.phi) ++sets;
    parallel_tasks(1 + slots.size() - sets, [&](std::size_t i) {
      if (i == 0) return make_permutation_products(slots.first(sets));
      const std::uint32_t slot = slots[sets + i - 1];
      polynomials_[slot].resize(n_);
      fill_values(slot, polynomials_[slot]);
    });
  }

  /// A set begins with what the one before ended with: ratios are made in parallel, products one by one.
  void make_permutation_products(std::span<const std::uint32_t> slots) {
    const auto threads = static_cast<std::size_t>(thread_count());
    for (std::size_t first = 0; first < slots.size(); first += threads) {
      const std::size_t count = std::min(threads, slots.size() - first);
      std::vector<PermutationRatios> ratios(count);
      parallel_tasks(count, [&](std::size_t i) { ratios[i] = permutation_set(slots[first + i] - slots_.z); });
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t slot = slots[first + i];
        polynomials_[slot].resize(n_);
        starts_[slot - slots_.z + 1] = running_product(slot - slots_.z, ratios[i], polynomials_[slot]);
      }
    }
  }

  struct PermutationRatios {
    std::vector<RatioRow> rows;
    std::vector<Fr> values;
  };

  PermutationRatios permutation_set(std::size_t set) const {
    const std::size_t chunk = system_.permutation_chunk();
    const auto column = [this](std::size_t position) -> const ColumnValues& {
      return values_of(cs_.permutation[position]);
    };
    PermutationRatios out;
    out.rows = permutation_ratios(*labels_, pk_.next, set * chunk, std::min(cs_.permutation.size(), (set + 1) * chunk),
                                  column, scalars_.beta, scalars_.gamma);
    out.values = ratios(out.rows);
    return out;
  }

  /// Returns what the set ends with.
  Fr running_product(std::size_t set, const PermutationRatios& ratios, std::span<Fr> z) const {
    Random random = stream(Stream::product, set);
    return plonk::running_product(ratios.rows, ratios.values, starts_[set], usable_, random, z);
  }

  void fill_shuffle(std::size_t i, std::span<Fr> z) const {
    const LeafNames names = slots_.names(challenges_);
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
    must_hold(plonk::running_product(rows, ratios(rows), Fr::one(), usable_, random, z) == Fr::one(),
              "shuffle " + std::to_string(i) + ": the two sides hold different values");
  }

  /// The column of small integers behind a slot, if it is one.
  const ColumnValues* small_column(std::uint32_t slot) const {
    if (slot >= slots_.m && slot < slots_.shuffle_z) return &lookups_.arguments[slot - slots_.m].multiplicity;
    return column_of_slot(slot);
  }

  /// The values by row of any polynomial that the prover commits to or the key holds; out.size() == n.
  void fill_values(std::uint32_t slot, std::span<Fr> out) const {
    if (const ColumnValues* const column = small_column(slot)) {
      expand_column(*column, out);
    } else if (slot < slots_.z) {
      sigma_values(*labels_, pk_.next, slot - slots_.sigma, out);
    } else if (slot < slots_.phi) {
      running_product(slot - slots_.z, permutation_set(slot - slots_.z), out);
    } else if (slot < slots_.m) {
      const LookupWitness& witness = lookups_.arguments[slot - slots_.phi];
      Random random = stream(Stream::sum, slot - slots_.phi);
      must_hold(running_sum(witness, inverses_[witness.table], usable_, random, out).is_zero(),
                "a lookup argument does not close: its sum does not return to 0");
    } else {
      fill_shuffle(slot - slots_.shuffle_z, out);
    }
  }

  /// The coefficients of a slot: those that are kept, or `scratch` (n elements) filled; nothing for 0.
  std::span<const Fr> coefficients(std::uint32_t slot, std::span<Fr> scratch) const {
    if (zero_[slot] != 0 || !polynomials_[slot].empty()) return polynomials_[slot];
    fill_values(slot, scratch);
    domain_.intt(scratch);
    return scratch;
  }

  /// Hides the combination of all others that the openings reveal. A proof depends on it through its values at two
  /// points only, x and the secret of the setup (with IPA, x and the challenge x3): full-width coefficients of the
  /// lowest powers make the values at any so many points uniform and independent, and more coefficients would change
  /// nothing about a proof's distribution.
  void commit_random() {
    const Phase phase("random polynomial");
    constexpr std::size_t powers = 8;
    Random random = stream(Stream::random, 0);
    for (std::size_t i = 0; i < std::min(powers, n_); ++i) random_polynomial_.push_back(random_fr(random));
    const G1 point = msm(setup_.g().first(random_polynomial_.size()), random_polynomial_);
    transcript_.write_point(setup_.blinded(point, blind({PolynomialId::Kind::random, 0})).to_affine());
  }

  /// Everything that is kept and not yet in coefficient form; its values by row are not needed any more after this.
  void make_coefficients() {
    const Phase phase("coefficients");
    zero_.assign(slots_.committed, 0);
    parallel_tasks(slots_.committed, [&](std::size_t i) {
      const auto slot = static_cast<std::uint32_t>(i);
      const ColumnValues* const column = small_column(slot);
      zero_[slot] = column != nullptr && column->is_zero() ? 1 : 0;
    });
    if (options_.plan == MemoryPlan::keep_all) {
      parallel_tasks(slots_.committed, [&](std::size_t i) {
        const auto slot = static_cast<std::uint32_t>(i);
        if (zero_[slot] != 0 || is_product(slot)) return;
        std::vector<Fr> values(n_);
        fill_values(slot, values);
        drop_values(slot);
        if (in_window(slot)) {
          const Fr slope = take_own_labels(slot, values);
          window_->set_rows(slot, std::move(values), slope);
        } else {
          domain_.intt(values);
          polynomials_[slot] = std::move(values);
        }
      });
      lookups_ = {};
      labels_.reset();
    }
    give_back_freed_memory();
  }

  /// A cell that is copied nowhere is labelled by itself: such a column of the permutation is slope X but for a few
  /// rows. Takes this from the values, and returns the slope, which other columns have none of.
  Fr take_own_labels(std::uint32_t slot, std::span<Fr> values) const {
    if (slot < slots_.sigma || slot >= slots_.z) return Fr::zero();
    const Fr slope = labels_->column(slot - slots_.sigma);
    fr_kernels().mul_scalar_add(values.data(), labels_->rows().data(), -slope, values.data(), values.size());
    return slope;
  }

  void drop_values(std::uint32_t slot) {
    if (slot < slots_.fixed) advice_[slot - slots_.advice] = ColumnValues();
    if (slot >= slots_.instance && slot < slots_.sigma) instances_[slot - slots_.instance] = ColumnValues();
    if (slot >= slots_.m && slot < slots_.shuffle_z) lookups_.arguments[slot - slots_.m].multiplicity = ColumnValues();
  }

  void commit_quotient() {
    std::vector<std::uint32_t> zero;
    for (std::uint32_t slot = 0; slot < slots_.committed; ++slot) {
      if (zero_[slot] != 0) zero.push_back(slot);
    }
    constraints_.emplace(system_, slots_, scalars_, std::move(zero));
    std::vector<std::vector<Fr>> pieces = build_quotient(
        system_, domain_, slots_, *constraints_, pass_columns(options_.plan),
        [this](std::uint32_t slot, std::span<Fr> scratch) { return coefficients(slot, scratch); }, window_);
    const Phase phase("commit");
    std::vector<G1> points(pieces.size());
    parallel_tasks(pieces.size(), [&](std::size_t p) {
      points[p] = setup_.blinded(msm(setup_.g(), pieces[p]), blind({PolynomialId::Kind::quotient, 0}, p));
    });
    for (const G1Affine& point : to_affine(points)) transcript_.write_point(point);
    pieces_ = std::move(pieces);
  }

  /// The slot of a polynomial that has one: all but the quotient and the random polynomial.
  std::uint32_t slot_of(const PolynomialId& id) const {
    using Kind = PolynomialId::Kind;
    switch (id.kind) {
      case Kind::advice:
        return slots_.advice + id.index;
      case Kind::permutation_product:
        return slots_.z + id.index;
      case Kind::lookup_sum:
        return slots_.phi + id.index;
      case Kind::lookup_count:
        return slots_.m + id.index;
      case Kind::shuffle_product:
        return slots_.shuffle_z + id.index;
      case Kind::fixed:
        return slots_.fixed + id.index;
      case Kind::sigma:
        return slots_.sigma + id.index;
      case Kind::instance:
        return slots_.instance + id.index;
      case Kind::quotient:
      case Kind::random:
        break;
    }
    EZKL_ENSURE(false, "a polynomial without a slot");
  }

  std::span<const Fr> coefficients(const PolynomialId& id, std::span<Fr> scratch) const {
    if (id.kind == PolynomialId::Kind::quotient) return pieces_.front();
    if (id.kind == PolynomialId::Kind::random) return random_polynomial_;
    return coefficients(slot_of(id), scratch);
  }

  /// The same where they are kept, else nothing.
  std::span<const Fr> kept_coefficients(const PolynomialId& id) const {
    if (id.kind == PolynomialId::Kind::quotient || id.kind == PolynomialId::Kind::random) return coefficients(id, {});
    return polynomials_[slot_of(id)];
  }

  /// The slot of a polynomial that is kept in the window.
  std::optional<std::uint32_t> window_slot(const PolynomialId& id) const {
    if (id.kind == PolynomialId::Kind::quotient || id.kind == PolynomialId::Kind::random) return std::nullopt;
    const std::uint32_t slot = slot_of(id);
    return window_ && window_->has(slot) ? std::optional(slot) : std::nullopt;
  }

  /// Room for coefficients that are not kept: none where everything is.
  std::vector<Fr> scratch() const { return std::vector<Fr>(options_.plan == MemoryPlan::keep_all ? 0 : n_); }

  Fr point(std::int32_t rotation) const { return x_ * domain_.omega_power(rotation); }

  void write_evaluations() {
    Phase phase("evaluations");
    evaluations_.resize(shape_.evaluations.size());
    std::map<PolynomialId, std::vector<std::size_t>> by_polynomial;
    for (std::size_t i = 0; i < evaluations_.size(); ++i) {
      by_polynomial[shape_.evaluations[i].polynomial].push_back(i);
    }
    const std::vector<std::pair<PolynomialId, std::vector<std::size_t>>> order(by_polynomial.begin(),
                                                                               by_polynomial.end());
    parallel_tasks(order.size(), [&](std::size_t p) {
      std::vector<Fr> room = scratch();
      const auto slot = window_slot(order[p].first);
      const std::span<const Fr> polynomial = slot ? std::span<const Fr>() : coefficients(order[p].first, room);
      for (const std::size_t i : order[p].second) {
        const Fr x = point(shape_.evaluations[i].rotation);
        evaluations_[i] = slot ? window_->value_at(*slot, x) : evaluate(polynomial, x);
      }
    });
    for (const Fr& value : evaluations_) transcript_.write_scalar(value);

    phase.next("combine pieces");
    // h as one polynomial: the pieces times 1, x^n, x^2n, …
    const Fr xn = x_.pow(n_);
    Fr power = xn;
    quotient_blind_ = blind({PolynomialId::Kind::quotient, 0});
    for (std::size_t p = 1; p < pieces_.size(); ++p, power *= xn) {
      quotient_blind_ += power * blind({PolynomialId::Kind::quotient, 0}, p);
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
    must_hold(numerator == quotient_value_ * (xn - Fr::one()),
              "the witness breaks a gate of the circuit; a mock run names it");
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
    if (slot < slots_.sigma) {
      if (window_ && window_->has(slot)) return window_->value_at(slot, point(leaf.rotation));
      std::vector<Fr> room = scratch();
      return evaluate(coefficients(slot, room), point(leaf.rotation));
    }
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
    std::optional<const WindowExpansion> expansion;
    if (window_ && window_->window()) expansion.emplace(*window_->window());
    for (const ProofShape::RotationSet& rotation_set : shape_.sets) {
      OpeningSet& set = sets.emplace_back();
      for (const std::int32_t rotation : rotation_set.rotations) set.points.push_back(point(rotation));
      set.load = [this, &rotation_set](std::size_t j, std::span<Fr> room) -> std::span<const Fr> {
        if (window_slot(rotation_set.polynomials[j])) return {};
        return coefficients(rotation_set.polynomials[j], room);
      };
      std::vector<std::pair<std::size_t, std::uint32_t>> others;
      for (const PolynomialId& id : rotation_set.polynomials) {
        if (const auto slot = window_slot(id)) others.emplace_back(set.polynomials.size(), *slot);
        set.polynomials.push_back(kept_coefficients(id));
        set.blinds.push_back(id.kind == PolynomialId::Kind::quotient ? quotient_blind_ : blind(id));
        auto& values = set.values.emplace_back();
        for (const std::int32_t rotation : rotation_set.rotations) {
          values.push_back(id.kind == PolynomialId::Kind::quotient
                               ? quotient_value_
                               : evaluations_[shape_.evaluation_index(id, rotation)]);
        }
      }
      if (others.empty()) continue;
      set.add_others = [this, &expansion, others](std::span<const Fr> weights, std::span<Fr> sum) {
        window_->add_weighted(others, weights, *expansion, sum);
      };
    }
    setup_.prove_openings(sets, transcript_, stream(Stream::opening, 0));
  }

  Phase phase_{"begin"};
  const CommitmentKey& setup_;
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
  std::vector<Fr> starts_;                    ///< what each permutation set begins with, and the last one ends with
  std::vector<std::vector<Fr>> inverses_;     ///< of the lookup tables
  std::vector<std::vector<Fr>> polynomials_;  ///< by slot: values while a product is made, then coefficients if kept
  std::optional<WindowColumns> window_;       ///< those that are short, when all polynomials are kept
  std::vector<std::uint8_t> zero_;            ///< by slot: whether the polynomial is 0
  std::vector<Fr> random_polynomial_;
  std::optional<Constraints> constraints_;
  std::vector<std::vector<Fr>> pieces_;  ///< of h; after the evaluations only their combination at x
  Fr x_, quotient_value_, quotient_blind_;
  std::vector<Fr> evaluations_;
};

}  // namespace

std::vector<std::uint8_t> create_proof(const CommitmentKey& setup, const ProvingKey& pk, AdviceSource& advice,
                                       std::span<const std::vector<Fr>> instances, Random& random,
                                       const ProverOptions& options) {
  return Prover(setup, pk, instances, random, options).run(advice);
}

}  // namespace ezkl::plonk
