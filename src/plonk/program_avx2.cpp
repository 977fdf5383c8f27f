#include "plonk/program_avx2.hpp"

#include "base/ensure.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "field/avx2.hpp"

namespace ezkl::plonk {
namespace {

using namespace avx2;
using Code = ProgramStep::Code;

/// Few enough rows that the registers of a usual program (2.5 KiB each) stay in the first-level cache.
constexpr std::size_t block_rows = 64;
constexpr std::size_t vectors = block_rows / lanes;
/// What a register may hold, and what two factors may have multiplied (field/avx2.hpp).
constexpr unsigned most_units = 4;

/// One register: `vectors` groups of four rows, each value half of what it stands for, so that products come out as
/// halves as well.
struct alignas(32) Register {
  double limbs[vectors][5][lanes];
};

EZKL_AVX2_INLINE Vec get(const Register& r, std::size_t i) {
  Vec out;
  EZKL_UNROLL
  for (int l = 0; l < 5; ++l) out.l[l] = _mm256_load_pd(r.limbs[i][l]);
  return out;
}

EZKL_AVX2_INLINE void put(Register& r, std::size_t i, const Vec& v) {
  EZKL_UNROLL
  for (int l = 0; l < 5; ++l) _mm256_store_pd(r.limbs[i][l], v.l[l]);
}

/// A step and which registers it has to reduce: operands before, the result after.
struct Planned {
  const ProgramStep* step;
  bool reduce_a = false, reduce_b = false, reduce_out = false;
};

bool is_product(Code code) {
  return code == Code::mul || code == Code::scale || code == Code::mul_add || code == Code::scale_add;
}

/// Follows the units of all registers through the program.
std::vector<Planned> plan(const ProgramParts& program) {
  std::vector<Planned> out;
  out.reserve(program.steps.size());
  std::vector<unsigned> units(program.registers, 1);
  for (const ProgramStep& s : program.steps) {
    Planned planned{&s};
    if (s.code == Code::output) {
      planned.reduce_a = 2 * units[s.a] > most_units;  // it leaves doubled
      if (planned.reduce_a) units[s.a] = 1;
      out.push_back(planned);
      continue;
    }
    unsigned result = 1;
    if (is_product(s.code)) {
      const bool scaled = s.code == Code::scale || s.code == Code::scale_add;
      const unsigned b = scaled ? 1 : units[s.b];
      if (units[s.a] * b > most_units) {
        const bool larger_a = units[s.a] >= b;
        (larger_a ? planned.reduce_a : planned.reduce_b) = true;
        units[larger_a ? s.a : s.b] = 1;
      }
      if (s.code == Code::mul_add || s.code == Code::scale_add) result += units[s.c];
    } else if (s.code == Code::load) {
      result = 2;
    } else if (s.code != Code::fill) {
      result = units[s.a];
      if (s.code == Code::add || s.code == Code::sub) result += units[s.b];
      if (s.code == Code::shift) result += 1;
    }
    planned.reduce_out = result > most_units;
    units[s.out] = planned.reduce_out ? 1 : result;
    out.push_back(planned);
  }
  return out;
}

/// out = body(i) for each group of rows.
template <class Body>
EZKL_AVX2_INLINE void each(Register& out, bool reduce, const Body& body) {
  if (reduce) {
    for (std::size_t i = 0; i < vectors; ++i) put(out, i, reduced<Fr>(body(i)));
  } else {
    for (std::size_t i = 0; i < vectors; ++i) put(out, i, body(i));
  }
}

struct Same {
  const Register& a;
  EZKL_AVX2_INLINE Vec operator()(std::size_t i) const { return get(a, i); }
};
struct Sum {
  const Register &a, &b;
  EZKL_AVX2_INLINE Vec operator()(std::size_t i) const { return add(get(a, i), get(b, i)); }
};
struct Difference {
  const Register &a, &b;
  EZKL_AVX2_INLINE Vec operator()(std::size_t i) const { return sub(get(a, i), get(b, i)); }
};
struct Product {
  const Register &a, &b;
  EZKL_AVX2_INLINE Vec operator()(std::size_t i) const { return mul<Fr>(get(a, i), get(b, i)); }
};
struct Negative {
  const Register& a;
  EZKL_AVX2_INLINE Vec operator()(std::size_t i) const { return negated(get(a, i), splat(-0.0)); }
};
struct Scaled {
  const Register& a;
  const Vec& factor;
  EZKL_AVX2_INLINE Vec operator()(std::size_t i) const { return mul<Fr>(get(a, i), factor); }
};
struct Shifted {
  const Register& a;
  const Vec& value;
  EZKL_AVX2_INLINE Vec operator()(std::size_t i) const { return add(get(a, i), value); }
};
struct ProductSum {
  const Register &a, &b, &c;
  EZKL_AVX2_INLINE Vec operator()(std::size_t i) const { return add(mul<Fr>(get(a, i), get(b, i)), get(c, i)); }
};
struct ScaledSum {
  const Register& a;
  const Vec& factor;
  const Register& c;
  EZKL_AVX2_INLINE Vec operator()(std::size_t i) const { return add(mul<Fr>(get(a, i), factor), get(c, i)); }
};

EZKL_AVX2 void load_register(Register& out, const Fr* rows) {
  for (std::size_t i = 0; i < vectors; ++i) put(out, i, load_half(rows + i * lanes));
}

EZKL_AVX2 void store_register(Fr* rows, const Register& r) {
  for (std::size_t i = 0; i < vectors; ++i) {
    const Vec half = get(r, i);
    store(rows + i * lanes, add(half, half));
  }
}

EZKL_AVX2 void reduce_register(Register& r) { each(r, true, Same{r}); }

EZKL_AVX2 void compute(const Planned& planned, Register* registers) {
  const ProgramStep& s = *planned.step;
  Register& out = registers[s.out];
  const Register &a = registers[s.a], &b = registers[s.b], &c = registers[s.c];
  const bool reduce = planned.reduce_out;
  const Vec value = splat_prepared(prepared(s.value));
  switch (s.code) {
    case Code::fill:
      for (std::size_t i = 0; i < vectors; ++i) put(out, i, value);
      break;
    case Code::add:
      each(out, reduce, Sum{a, b});
      break;
    case Code::sub:
      each(out, reduce, Difference{a, b});
      break;
    case Code::mul:
      each(out, reduce, Product{a, b});
      break;
    case Code::neg:
      each(out, reduce, Negative{a});
      break;
    case Code::scale:
      each(out, reduce, Scaled{a, value});
      break;
    case Code::shift:
      each(out, reduce, Shifted{a, value});
      break;
    case Code::mul_add:
      each(out, reduce, ProductSum{a, b, c});
      break;
    case Code::scale_add:
      each(out, reduce, ScaledSum{a, value, c});
      break;
    case Code::load:
    case Code::output:
      break;
  }
}

}  // namespace

void run_program_avx2(const ProgramParts& program, std::size_t begin, std::size_t end, const Program::Fetch& fetch,
                      const Program::Sink& sink) {
  const std::vector<Planned> steps = plan(program);
  const auto storage = std::make_unique<Register[]>(program.registers);
  Register* const registers = storage.get();
  std::array<Fr, block_rows> rows;
  for (std::size_t row = begin; row < end; row += block_rows) {
    const std::size_t count = std::min(block_rows, end - row);
    for (const Planned& planned : steps) {
      const ProgramStep& s = *planned.step;
      if (s.code == Code::load) {
        const Fr* from = fetch(program.leaves[s.a], row, count, rows.data());
        if (count < block_rows && from != rows.data()) {
          std::copy_n(from, count, rows.data());
          from = rows.data();
        }
        load_register(registers[s.out], from);
        continue;
      }
      if (planned.reduce_a) reduce_register(registers[s.a]);
      if (planned.reduce_b) reduce_register(registers[s.b]);
      if (s.code == Code::output) {
        store_register(rows.data(), registers[s.a]);
        sink(s.out, row, count, rows.data());
      } else {
        compute(planned, registers);
      }
    }
  }
}

}  // namespace ezkl::plonk

#else

namespace ezkl::plonk {

void run_program_avx2(const ProgramParts&, std::size_t, std::size_t, const Program::Fetch&, const Program::Sink&) {
  EZKL_ENSURE(false, "this processor has no AVX2");
}

}  // namespace ezkl::plonk

#endif
