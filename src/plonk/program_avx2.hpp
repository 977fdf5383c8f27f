#pragma once

#include "plonk/program_ifma.hpp"

namespace ezkl::plonk {

/// Program::run with registers in the form of field/avx2.hpp. Only for processors with cpu_avx2.
void run_program_avx2(const ProgramParts& program, std::size_t begin, std::size_t end, const Program::Fetch& fetch,
                      const Program::Sink& sink);

}  // namespace ezkl::plonk
