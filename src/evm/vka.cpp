#include "evm/vka.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "circuit/statement_of.hpp"
#include "evm/vka_opening.hpp"
#include "evm/vka_operations.hpp"
#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

constexpr Address calldata_proof = 0x84;  // where the proof begins behind three head words and its length
constexpr Address vka_start = 0xa0;       // memory address of word 0
constexpr Address word_size = 0x20;
constexpr std::size_t fixed_head_words = 33;
constexpr std::size_t rounds_per_word = 10;
constexpr Address theta_to_instance = 17 * word_size;

using Words = std::vector<Word>;

void append(Words& out, const Words& more) { out.insert(out.end(), more.begin(), more.end()); }

constexpr std::size_t instances_word = 2;

std::size_t hash_instances(const Statement& statement, VkaInstances instances) {
  return instances == VkaInstances::published ? statement.counted_hashes : statement.num_hashes;
}

/// Hashes that stand in front of the public values, as the artifact has it.
std::size_t leading_hashes(const Statement& statement, VkaInstances instances) {
  if (instances == VkaInstances::published) return statement.counted_hashes;
  const auto& shown = statement.instances;
  return static_cast<std::size_t>(
      std::find_if(shown.begin(), shown.end(), [](const ShownInstances& s) { return s.manner == Manner::values; }) -
      shown.begin());
}

std::size_t count_instances(const Statement& statement, VkaInstances instances) {
  return statement.num_instances - statement.num_hashes + hash_instances(statement, instances);
}

Words permutation_section(const plonk::FinalSystem& system, const ProofLayout& layout) {
  using Kind = plonk::PolynomialId::Kind;
  const auto& columns = system.cs.permutation;
  const std::size_t chunk = system.permutation_chunk();
  const std::size_t last_columns = columns.size() - (layout.sets - 1) * chunk;
  const auto set_words = [](std::size_t count) { return 1 + (48 + 40 * count) / 256; };
  Packer meta;
  meta.put(layout.sets - 1, 8);
  meta.put(word_size * set_words(chunk), 16);
  meta.put(word_size * set_words(last_columns), 16);
  Words out = meta.take();
  for (std::size_t s = 0; s < layout.sets; ++s) {
    const plonk::PolynomialId z{Kind::permutation_product, static_cast<std::uint32_t>(s)};
    Packer packer;
    const Address now = layout.evaluation(z, 0);
    packer.put(now, 16);
    packer.put(now + word_size, 16);
    // The last set has no third evaluation; the word behind is named all the same.
    packer.put(now + 2 * word_size, 16);
    for (std::size_t i = s * chunk; i < std::min(columns.size(), (s + 1) * chunk); ++i) {
      packer.room(40);
      const bool is_instance = columns[i].kind == plonk::ColumnKind::instance;
      const Kind kind = columns[i].kind == plonk::ColumnKind::fixed ? Kind::fixed : Kind::advice;
      packer.put(is_instance ? 1 : 0, 8);
      packer.put(is_instance ? 0 : layout.evaluation({kind, columns[i].index}, 0), 16);
      packer.put(layout.evaluation({Kind::sigma, static_cast<std::uint32_t>(i)}, 0), 16);
    }
    append(out, packer.take());
  }
  return out;
}

Words rescaling_section(const Statement& statement, unsigned decimals, VkaInstances instances) {
  Packer packer(24);
  for (const ShownInstances& shown : statement.instances) {
    if (shown.manner != Manner::values) continue;
    packer.room(48);
    packer.put(word_size * shown.count, 32);
    packer.put(shown.scale > 0 ? 1 : 0, 8);
    packer.put(static_cast<std::uint64_t>(std::abs(static_cast<long>(shown.scale))), 8);
  }
  packer.add_at(0, decimals, 8);
  const std::size_t hashes = leading_hashes(statement, instances);
  if (hashes > 0xff / word_size) {
    throw Error(Fault::range,
                "a verifying-key artifact has room for 7 hashes, the circuit has " + std::to_string(hashes));
  }
  packer.add_at(0, word_size * hashes, 16);
  return packer.counted();
}

class VkaBuilder {
 public:
  VkaBuilder(const GraphSettings& settings, const plonk::VerifyingKey& vk, const SrsVerifier& srs, unsigned decimals,
             VkaInstances instances)
      : statement_(statement_of(settings)),
        vk_(vk),
        srs_(srs),
        layout_(vk, calldata_proof),
        decimals_(decimals),
        instances_(instances) {
    refuse_more_than_rows(vk, count_instances(statement_, instances));
    phase_words_ = (layout_.points.size() + rounds_per_word - 1) / rounds_per_word;
    constants_ = collect_constants(vk.system);
  }

  Words build() {
    const std::size_t head_words = fixed_head_words + phase_words_;
    const Address fixed = vka_start + word_size * head_words;
    const Address sigma = fixed + 2 * word_size * vk_.fixed_commitments.size();
    constants_at_ = sigma + 2 * word_size * vk_.permutation_commitments.size();
    gates_at_ = constants_at_ + word_size * constants_.size();
    permutation_ = permutation_section(vk_.system, layout_);
    opening_ = opening_section(layout_, fixed, sigma);
    rescaling_ = rescaling_section(statement_, decimals_, instances_);

    // The lengths of gates and lookups depend on where their scratch lies only through operations that happen to read
    // the same words, so a first round with made-up addresses gives the lengths of the second.
    encode(constants_at_, constants_at_ + word_size);
    const std::size_t gate_words = gates_.size();
    const std::size_t lookup_words = lookups_.size();
    const Address end = gates_at_ + word_size * (gate_words + permutation_.size() + lookup_words +
                                                 opening_.words.size() + rescaling_.size());
    const std::size_t scratch = scratch_bytes((end - vka_start) / word_size);
    encode(end, end + scratch);
    if (gates_.size() != gate_words || lookups_.size() != lookup_words) {
      throw Error(Fault::unsupported, "the sections of the verifying-key artifact do not settle");
    }
    if (end + scratch > 0xffff) {
      throw Error(Fault::range, "the circuit is too large for a verifying-key artifact: its addresses pass 16 bits");
    }

    Words out = head(scratch);
    for (const auto* points : {&vk_.fixed_commitments, &vk_.permutation_commitments}) {
      for (const G1Affine& point : *points) append(out, {Word::of(point.x), Word::of(point.y)});
    }
    for (const Fr& constant : constants_) out.push_back(Word::of(constant));
    append(out, gates_);
    append(out, permutation_);
    append(out, lookups_);
    append(out, opening_.words);
    append(out, rescaling_);
    return out;
  }

 private:
  OperandAddresses operands(Address constants, Address challenges) const {
    OperandAddresses out;
    for (std::size_t i = 0; i < constants_.size(); ++i) {
      out.constants[constants_[i].to_canonical()] = constants + word_size * i;
    }
    out.challenges = challenges;
    out.instance = challenges + word_size * vk_.system.cs.num_challenges + theta_to_instance;
    return out;
  }

  void encode(Address scratch, Address challenges) {
    OperationEncoder encoder(layout_, operands(constants_at_, challenges));
    gates_ = gate_section(vk_.system, encoder, scratch);
    const Address lookups_at = gates_at_ + word_size * (gates_.size() + permutation_.size());
    lookups_ = lookup_section(vk_.system, layout_, encoder, scratch, lookups_at);
  }

  /// The widest use of the memory behind the artifact of `total` words.
  std::size_t scratch_bytes(std::size_t total) const {
    OperationEncoder encoder(layout_, operands(0, 0x100 + word_size * total));
    std::size_t words = std::max({layout_.shape.evaluations.size() + 1, opening_.scratch_words, std::size_t{12}});
    for (const std::size_t points : layout_.points) words = std::max(words, 2 * points + 1);
    return std::max({word_size * words, operation_scratch(vk_.system, encoder), word_size * layout_.sets + 0x40});
  }

  Words phases() const {
    Packer packer(8);
    for (std::size_t i = 0; i < layout_.points.size(); ++i) {
      packer.room(24);
      packer.put(2 * word_size * layout_.points[i], 16);
      packer.put(layout_.squeezed[i], 8);
    }
    Words out = packer.counted();
    out.resize(phase_words_);
    return out;
  }

  static void append_g2(Words& out, const G2Affine& point) {
    // The pairing precompile takes the imaginary part first.
    append(out, {Word::of(point.x.c1), Word::of(point.x.c0), Word::of(point.y.c1), Word::of(point.y.c0)});
  }

  Words head(std::size_t scratch) const {
    const auto& cs = vk_.system.cs;
    const auto last = static_cast<std::uint64_t>(-layout_.shape.last_rotation);
    Fr omega = Fr::root_of_unity();
    for (unsigned i = vk_.k; i < Fr::two_adicity; ++i) omega = omega.square();
    const Fr omega_inverse = omega.inverse();
    Words out = {Word::of(vk_.transcript_repr),
                 Word::of(scratch),
                 Word::of(count_instances(statement_, instances_)),
                 Word::of(layout_.shape.evaluations.size()),
                 Word::of(word_size * cs.num_challenges),
                 Word::of(vk_.k),
                 Word::of(Fr::from_u64(vk_.n()).inverse()),
                 Word::of(omega),
                 Word::of(omega_inverse),
                 Word::of(omega_inverse.pow(last))};
    constexpr std::size_t accumulator_words = 4;  // no accumulator: version 23 does not aggregate
    out.resize(out.size() + accumulator_words);
    append(out, {Word::of(srs_.g.x), Word::of(srs_.g.y)});
    append_g2(out, srs_.g2);
    append_g2(out, -srs_.s_g2);
    out.push_back(Word::of(layout_.quotient + 2 * word_size * (vk_.system.quotient_pieces() - 1)));
    out.push_back(Word::of(layout_.quotient));
    Address at = gates_at_;
    for (const Words* section : {&gates_, &permutation_, &lookups_, &opening_.words}) {
      out.push_back(Word::of(at));
      at += word_size * section->size();
    }
    out.push_back(Word::of(at + word_size - vka_start));
    out.push_back(Word::of(last));
    out.push_back(Word::of(vk_.fixed_commitments.size()));
    append(out, phases());
    return out;
  }

  Statement statement_;
  const plonk::VerifyingKey& vk_;
  const SrsVerifier& srs_;
  ProofLayout layout_;
  unsigned decimals_;
  VkaInstances instances_;
  std::size_t phase_words_ = 0;
  std::vector<Fr> constants_;
  Address constants_at_ = 0, gates_at_ = 0;
  Words gates_, permutation_, lookups_, rescaling_;
  OpeningSection opening_;
};

}  // namespace

std::size_t announced_instances(const GraphSettings& settings, VkaInstances instances) {
  return count_instances(statement_of(settings), instances);
}

bool shifts_instances(const GraphSettings& settings, VkaInstances instances) {
  const Statement statement = statement_of(settings);
  const auto has = [&](Manner manner) {
    return std::any_of(statement.instances.begin(), statement.instances.end(),
                       [&](const ShownInstances& s) { return s.manner == manner; });
  };
  return has(Manner::values) &&
         leading_hashes(statement, instances) != leading_hashes(statement, VkaInstances::of_proof) &&
         count_instances(statement, instances) == count_instances(statement, VkaInstances::of_proof);
}

std::size_t announced_instances(std::span<const Word> vka) {
  if (vka.size() <= instances_word) throw Error(Fault::format, "a verifying-key artifact of too few words");
  const auto bytes = vka[instances_word].to_bytes_be();
  std::size_t out = 0;
  for (const std::uint8_t byte : bytes) {
    if (out >> 32 != 0) throw Error(Fault::format, "a verifying-key artifact that announces more than 2^32 instances");
    out = out << 8 | byte;
  }
  return out;
}

std::vector<Word> make_vka(const GraphSettings& settings, const plonk::VerifyingKey& vk, const SrsVerifier& srs,
                           unsigned decimals, VkaInstances instances) {
  if (decimals > max_decimals) {
    throw Error(Fault::range, std::to_string(decimals) + " decimals do not fit a word, at most " +
                                  std::to_string(max_decimals) + " are possible");
  }
  return VkaBuilder(settings, vk, srs, decimals, instances).build();
}

}  // namespace ezkl::evm
