#pragma once

#include <string>

#include "api/verify.hpp"

namespace ezkl {

/// Whether the proof of an accepted report is about given inputs or outputs: public values and hashes are compared with
/// its instances, commitments with its first points. `data` is a path or JSON text, as load_input and load_output take
/// it. What agrees is added to report.compared; what does not, or where the proof shows nothing to compare with, makes
/// the report one of refusal, with the reason.
/// errors: Fault::io, Fault::format, Fault::range for data that is none; Fault::usage for commitments with a setup of
/// another size than the circuit's.
void compare_values(const LoadedCircuit& circuit, const VerifyFiles& files, TensorGroup group, const std::string& data,
                    VerifyReport& report);

}  // namespace ezkl
