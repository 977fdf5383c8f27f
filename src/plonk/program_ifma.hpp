#pragma once

#include <cstddef>
#include <span>

#include "plonk/program.hpp"

namespace ezkl::plonk {

struct ProgramParts {
  std::span<const Leaf> leaves;
  std::span<const ProgramStep> steps;
  std::size_t registers = 0;
};

/// Program::run with registers in the form of the IFMA unit: values are cut into limbs of 52 bits when a leaf is loaded
/// and put together again when they leave, and stay unreduced in between. Only for processors with cpu_avx512ifma.
void run_program_ifma(const ProgramParts& program, std::size_t begin, std::size_t end, const Program::Fetch& fetch,
                      const Program::Sink& sink);

}  // namespace ezkl::plonk
