#pragma once

#include <span>
#include <string>

#include "client/connection.hpp"

namespace ezkl::service {

/// Runs a command of the command line on a service: sends the files that it reads unless they are there, waits with the
/// session's progress, fetches the files that it writes, each whole or absent. Gives what the command printed.
///
/// A proof is put down only when it verifies here, with the vk.key and settings.json that lie beside the proving key,
/// and shows what the witness says. Of keys, settings and compiled models that a service made nobody can tell here
/// whether they are the right ones: that is a warning.
///
/// errors: Fault::usage for a command or an option that does not work remotely; Fault::unsatisfied for a proof that
/// does not hold; what the service says of a failed run; as Connection.
std::string run_remotely(const RemoteService& service, std::span<const std::string> arguments);

}  // namespace ezkl::service
