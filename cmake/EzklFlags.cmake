# One interface target carries every internal flag; nothing is global and nothing depends on the building machine.
add_library(ezkl_flags INTERFACE)
target_compile_features(ezkl_flags INTERFACE cxx_std_20)
# Quantization must not depend on whether the compiler fuses a multiply with an add.
target_compile_options(ezkl_flags INTERFACE -ffp-contract=off -Wall -Wextra -Wshadow -fvisibility=hidden)

set(EZKL_SANITIZE "" CACHE STRING "sanitizers to build with, for example address,undefined")
if(EZKL_SANITIZE)
  # -O1: instrumented code at -O2 takes twice as long to compile and finds the same.
  target_compile_options(ezkl_flags INTERFACE -O1 -fsanitize=${EZKL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(ezkl_flags INTERFACE -fsanitize=${EZKL_SANITIZE})
endif()

# The rooms tell libFuzzer which branches run; its main function comes only into the fuzzers (tests/fuzz).
option(EZKL_FUZZ "instrument for libFuzzer, needs clang" OFF)
if(EZKL_FUZZ)
  target_compile_options(ezkl_flags INTERFACE -fsanitize=fuzzer-no-link -gline-tables-only)
  target_link_options(ezkl_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
option(EZKL_FUZZ_COVERAGE "count which lines run, for llvm-cov" OFF)
if(EZKL_FUZZ_COVERAGE)
  target_compile_options(ezkl_flags INTERFACE -O1 -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(ezkl_flags INTERFACE -fprofile-instr-generate)
endif()

option(EZKL_COVERAGE "count which lines run, for gcovr" OFF)
if(EZKL_COVERAGE)
  target_compile_options(ezkl_flags INTERFACE -O1 --coverage)
  target_link_options(ezkl_flags INTERFACE --coverage)
endif()
option(EZKL_WERROR "warnings are errors" OFF)
if(EZKL_WERROR)
  target_compile_options(ezkl_flags INTERFACE -Werror)
endif()
