#include "base/border.hpp"

#include <exception>
#include <filesystem>
#include <new>
#include <string>
#include <system_error>

#include "base/session_state.hpp"
#include "ezkl/error.hpp"

namespace ezkl {

void rethrow_as_error() {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const Stopped&) {
    throw Error(Fault::cancelled, "stopped before the end; no file is half-written");
  } catch (const std::bad_alloc&) {
    throw Error(Fault::out_of_memory, "out of memory: the circuit needs more than this machine (or its limit) gives");
  } catch (const std::filesystem::filesystem_error& e) {
    const bool full = e.code() == std::errc::no_space_on_device;
    throw Error(full ? Fault::disk_full : Fault::io, e.code().message()).within(e.path1().string());
  } catch (const std::exception& e) {
    throw Error(Fault::internal, std::string("internal error: ") + e.what());
  } catch (...) {
    throw Error(Fault::internal, "internal error: an exception of an unknown type");
  }
}

}  // namespace ezkl
