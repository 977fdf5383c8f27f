#include "plonk/program_ifma.hpp"

#include "base/ensure.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "field/ifma.hpp"

namespace ezkl::plonk {
namespace {

using namespace ifma;
using Code = ProgramStep::Code;

/// Few enough rows that the registers of a usual program (2.5 KiB each) stay in the first-level cache.
constexpr std::size_t block_rows = 64;
constexpr std::size_t vectors = block_rows / lanes;
constexpr std::size_t most_multiple = 16;

constexpr auto multiples = []<std::size_t... i>(std::index_sequence<i...>) {
  return std::array<Modulus52<Fr>, sizeof...(i)>{Modulus52<Fr>(i)...};
}
(std::make_index_sequence<most_multiple + 1>{});

EZKL_IFMA_INLINE Vec multiple(std::size_t m) {
  const Modulus52<Fr>& v = multiples[m];
  return {{splat(v.l[0]), splat(v.l[1]), splat(v.l[2]), splat(v.l[3]), splat(v.l[4])}};
}

/// Normal values below 84 p (all that five limbs hold) to normal values below 2 p.
EZKL_IFMA_INLINE Vec reduce_weakly(const Vec& v) {
  static constexpr Modulus52<Fr> p(1);
  // Multiplying the top limb by this estimates v / p: never above it, and short of it by less than one.
  static constexpr std::uint64_t inverse_top = std::uint64_t((Uint128(1) << 97) / (p.l[4] + 1));
  const __m512i q = _mm512_srli_epi64(_mm512_madd52hi_epu64(_mm512_setzero_si512(), v.l[4], splat(inverse_top)), 45);
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm512_sub_epi64(v.l[i], _mm512_mullo_epi64(q, splat(p.l[i])));
  return normalize(out);
}

/// One register: `vectors` groups of eight rows.
struct alignas(64) Register {
  std::uint64_t limbs[vectors][5][lanes];
};

EZKL_IFMA_INLINE Vec get(const Register& r, std::size_t i) {
  Vec out;
  EZKL_UNROLL
  for (int l = 0; l < 5; ++l) out.l[l] = _mm512_load_si512(r.limbs[i][l]);
  return out;
}

EZKL_IFMA_INLINE void put(Register& r, std::size_t i, const Vec& v) {
  EZKL_UNROLL
  for (int l = 0; l < 5; ++l) _mm512_store_si512(r.limbs[i][l], v.l[l]);
}

/// out = body(i) for each group of rows.
template <class Body>
EZKL_IFMA_INLINE void each(Register& out, bool reduce, const Body& body) {
  if (reduce) {
    for (std::size_t i = 0; i < vectors; ++i) put(out, i, reduce_weakly(body(i)));
  } else {
    for (std::size_t i = 0; i < vectors; ++i) put(out, i, body(i));
  }
}

struct Sum {
  const Register &a, &b;
  EZKL_IFMA_INLINE Vec operator()(std::size_t i) const { return normalize(add_limbs(get(a, i), get(b, i))); }
};
struct Difference {
  const Register &a, &b;
  const Vec& positive;
  EZKL_IFMA_INLINE Vec operator()(std::size_t i) const {
    return normalize(add_limbs(sub_limbs(get(a, i), get(b, i)), positive));
  }
};
struct Product {
  const Register &a, &b;
  EZKL_IFMA_INLINE Vec operator()(std::size_t i) const { return mul<Fr>(get(a, i), get(b, i)); }
};
struct Negative {
  const Register& a;
  const Vec& positive;
  EZKL_IFMA_INLINE Vec operator()(std::size_t i) const { return normalize(sub_limbs(positive, get(a, i))); }
};
struct Scaled {
  const Register& a;
  const Vec& factor;
  EZKL_IFMA_INLINE Vec operator()(std::size_t i) const { return mul<Fr>(get(a, i), factor); }
};
struct Shifted {
  const Register& a;
  const Vec& value;
  EZKL_IFMA_INLINE Vec operator()(std::size_t i) const { return normalize(add_limbs(get(a, i), value)); }
};
struct ProductSum {
  const Register &a, &b, &c;
  EZKL_IFMA_INLINE Vec operator()(std::size_t i) const {
    return normalize(add_limbs(mul<Fr>(get(a, i), get(b, i)), get(c, i)));
  }
};
struct ScaledSum {
  const Register& a;
  const Vec& factor;
  const Register& c;
  EZKL_IFMA_INLINE Vec operator()(std::size_t i) const {
    return normalize(add_limbs(mul<Fr>(get(a, i), factor), get(c, i)));
  }
};

EZKL_IFMA void load_register(Register& out, const Fr* rows) {
  for (std::size_t i = 0; i < vectors; ++i) put(out, i, load(rows + i * lanes));
}

EZKL_IFMA void store_register(Fr* rows, const Register& r) {
  for (std::size_t i = 0; i < vectors; ++i) store(rows + i * lanes, reduce<Fr, 1>(reduce_weakly(get(r, i))));
}

EZKL_IFMA void compute(const ProgramStep& s, Register* registers) {
  Register& out = registers[s.out];
  const Register &a = registers[s.a], &b = registers[s.b], &c = registers[s.c];
  switch (s.code) {
    case Code::fill: {
      const Vec value = splat_element(s.value);
      for (std::size_t i = 0; i < vectors; ++i) put(out, i, value);
      break;
    }
    case Code::add:
      each(out, s.reduce, Sum{a, b});
      break;
    case Code::sub: {
      const Vec positive = multiple(s.subtrahend_bound);
      each(out, s.reduce, Difference{a, b, positive});
      break;
    }
    case Code::mul:
      each(out, s.reduce, Product{a, b});
      break;
    case Code::neg: {
      const Vec positive = multiple(s.subtrahend_bound);
      each(out, s.reduce, Negative{a, positive});
      break;
    }
    case Code::scale: {
      const Vec factor = splat_element(s.value);
      each(out, s.reduce, Scaled{a, factor});
      break;
    }
    case Code::shift: {
      const Vec value = splat_element(s.value);
      each(out, s.reduce, Shifted{a, value});
      break;
    }
    case Code::mul_add:
      each(out, s.reduce, ProductSum{a, b, c});
      break;
    case Code::scale_add: {
      const Vec factor = splat_element(s.value);
      each(out, s.reduce, ScaledSum{a, factor, c});
      break;
    }
    case Code::load:
    case Code::output:
      break;
  }
}

}  // namespace

void run_program_ifma(const ProgramParts& program, std::size_t begin, std::size_t end, const Program::Fetch& fetch,
                      const Program::Sink& sink) {
  const auto storage = std::make_unique<Register[]>(program.registers);
  Register* const registers = storage.get();
  std::array<Fr, block_rows> rows;
  for (std::size_t row = begin; row < end; row += block_rows) {
    const std::size_t count = std::min(block_rows, end - row);
    for (const ProgramStep& s : program.steps) {
      if (s.code == Code::load) {
        const Fr* from = fetch(program.leaves[s.a], row, count, rows.data());
        if (count < block_rows && from != rows.data()) {
          std::copy_n(from, count, rows.data());
          from = rows.data();
        }
        load_register(registers[s.out], from);
      } else if (s.code == Code::output) {
        store_register(rows.data(), registers[s.a]);
        sink(s.out, row, count, rows.data());
      } else {
        compute(s, registers);
      }
    }
  }
}

}  // namespace ezkl::plonk

#else

namespace ezkl::plonk {

void run_program_ifma(const ProgramParts&, std::size_t, std::size_t, const Program::Fetch&, const Program::Sink&) {
  EZKL_ENSURE(false, "this processor has no AVX-512");
}

}  // namespace ezkl::plonk

#endif
