#pragma once

namespace ezkl {

/// For the handler around a whole public function, since no other exception than ezkl::Error leaves the library: throws
/// what is being handled as an Error. A stop, memory that is not given, files that the standard library could not
/// handle and full disks have their own faults; whatever else comes is a bug.
[[noreturn]] void rethrow_as_error();

}  // namespace ezkl
