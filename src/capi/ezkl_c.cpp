// The C interface: a border that nothing crosses but numbers and bytes.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/border.hpp"
#include "capi/commands.hpp"
#include "capi/memory_files.hpp"
#include "ezkl/ezkl.h"
#include "ezkl/ezkl.hpp"

using ezkl::Error;
using ezkl::Fault;
using ezkl::Path;
using ezkl::Session;
using ezkl::capi::Arguments;
using ezkl::capi::MemoryFiles;

static_assert(int(Fault::cancelled) == EZKL_CANCELLED && int(Fault::usage) == EZKL_USAGE && int(Fault::io) == EZKL_IO &&
              int(Fault::format) == EZKL_FORMAT && int(Fault::unsupported) == EZKL_UNSUPPORTED &&
              int(Fault::range) == EZKL_RANGE && int(Fault::unsatisfied) == EZKL_UNSATISFIED &&
              int(Fault::out_of_memory) == EZKL_NO_MEMORY && int(Fault::disk_full) == EZKL_DISK_FULL &&
              int(Fault::limit) == EZKL_LIMIT && int(Fault::internal) == EZKL_INTERNAL);

struct ezkl_session {
  ezkl::SessionOptions options;
  std::string message, details;  ///< of the last error
  std::atomic<bool> cancelled{false};
  std::atomic<Session*> running{nullptr};
  std::atomic<int> cancelling{0};  ///< threads that may be at what `running` points to
};

namespace {

std::string plain(std::string_view parameter) { return std::string(parameter); }

/// Keeps the error of a call. The texts themselves may not fit into what memory there is.
int failed(ezkl_session& session, const Error& error) noexcept {
  try {
    session.message = error.what();
    session.details = ezkl::error_json(error);
  } catch (...) {
    session.message.clear();
    session.details.clear();
  }
  return int(error.fault());
}

/// Runs `work` for the handle and turns whatever leaves it into a number.
template <class Work>
int guarded(ezkl_session* handle, Work&& work) noexcept {
  if (handle == nullptr) return EZKL_USAGE;
  try {
    try {
      handle->message.clear();
      handle->details.clear();
      work();
      return EZKL_OK;
    } catch (...) {
      ezkl::rethrow_as_error();
    }
  } catch (const Error& error) {
    return failed(*handle, error);
  } catch (...) {
    return EZKL_NO_MEMORY;  // for the error itself
  }
}

/// Makes a session for `work` that ezkl_cancel reaches.
template <class Work>
int called(ezkl_session* handle, Work&& work) noexcept {
  return guarded(handle, [&] {
    Session session(handle->options);
    handle->running = &session;
    if (handle->cancelled) session.stop();
    const auto end = [&] {
      handle->running = nullptr;
      while (handle->cancelling != 0) {
      }
      handle->cancelled = false;
    };
    try {
      session.run(work);
    } catch (...) {
      end();
      throw;
    }
    end();
  });
}

const char* needed(const char* text, const char* name) {
  if (text == nullptr) throw Error(Fault::usage, "is a null pointer").within(name);
  return text;
}

std::optional<Path> optional_path(const char* text) {
  return text == nullptr ? std::nullopt : std::optional<Path>(text);
}

std::span<const ezkl_bytes> list(const ezkl_bytes* items, std::size_t count, const char* name) {
  if (items == nullptr && count != 0) throw Error(Fault::usage, "is a null pointer").within(name);
  return {items, count};
}

std::span<ezkl_bytes> list(ezkl_bytes* items, std::size_t count, const char* name) {
  if (items == nullptr && count != 0) throw Error(Fault::usage, "is a null pointer").within(name);
  for (std::size_t i = 0; i < count; ++i) items[i] = {nullptr, 0, nullptr};
  return {items, count};
}

template <class Number>
Number number(const std::string& text) {
  Number out{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    throw Error(Fault::usage, "'" + text + "' is not a number that fits");
  }
  return out;
}

void set_option(ezkl::SessionOptions& options, const std::string& name, const std::string& value) {
  if (name == "threads") {
    options.threads = number<int>(value);
  } else if (name == "kernels") {
    options.kernels = value;
  } else if (name == "max_memory") {
    options.max_memory = number<std::uint64_t>(value);
  } else if (name == "max_circuit_area") {
    options.max_circuit_area = number<std::uint64_t>(value);
  } else if (name == "srs_folder") {
    options.srs_folder = value;
  } else if (name == "srs_mirror") {
    options.srs_mirror = value;
  } else if (name == "key_format") {
    options.key_format = value;
  } else if (name == "solidity_compiler") {
    options.solidity_compiler = value;
  } else if (name == "program_path") {
    options.program_path = value;
  } else if (name == "private_key") {
    options.private_key = value;
  } else {
    throw Error(Fault::usage, "there is no such option");
  }
}

}  // namespace

extern "C" {

uint32_t ezkl_abi_version(void) { return EZKL_ABI_VERSION; }

const char* ezkl_version(void) { return EZKL_OWN_VERSION; }

const char* ezkl_compatible_version(void) {
  try {
    static const std::string text = ezkl::version();
    return text.c_str();
  } catch (...) {
    return "";
  }
}

ezkl_session* ezkl_session_new(void) {
  try {
    return new ezkl_session;
  } catch (...) {
    return nullptr;
  }
}

void ezkl_session_free(ezkl_session* session) { delete session; }

int ezkl_set_progress(ezkl_session* session, ezkl_progress_fn function, void* user) {
  return guarded(session, [&] {
    session->options.progress = nullptr;
    if (function == nullptr) return;
    session->options.progress = [session, function, user](const ezkl::ProgressReport& report) {
      if (function(user, std::string(report.phase).c_str(), report.done, report.total, report.part) != 0) {
        ezkl_cancel(session);
      }
    };
  });
}

int ezkl_set_log(ezkl_session* session, ezkl_log_fn function, void* user, int level) {
  return guarded(session, [&] {
    if (level < EZKL_LOG_ERROR || level > EZKL_LOG_TRACE) {
      throw Error(Fault::usage, "level " + std::to_string(level) + ": 0 (errors) to 4 (traces) can be had");
    }
    session->options.log_level = ezkl::LogLevel(level);
    session->options.log = nullptr;
    if (function == nullptr) return;
    session->options.log = [function, user](const ezkl::LogRecord& record) {
      function(user, int(record.level), std::string(record.module).c_str(), record.message(plain).c_str());
    };
  });
}

int ezkl_set_option(ezkl_session* session, const char* name, const char* value) {
  return guarded(session, [&] {
    needed(name, "name");
    needed(value, "value");
    ezkl::in_context(name, [&] {
      ezkl::SessionOptions changed = session->options;
      set_option(changed, name, value);
      const Session checked(changed);
      session->options = std::move(changed);
    });
  });
}

void ezkl_cancel(ezkl_session* session) {
  if (session == nullptr) return;
  session->cancelled = true;
  ++session->cancelling;
  if (Session* const running = session->running) running->stop();
  --session->cancelling;
}

const char* ezkl_error_message(const ezkl_session* session) { return session ? session->message.c_str() : ""; }
const char* ezkl_error_details(const ezkl_session* session) { return session ? session->details.c_str() : ""; }

int ezkl_run(ezkl_session* session, const char* command, const char* arguments, const ezkl_bytes* in, size_t in_count,
             ezkl_bytes* result, ezkl_bytes* out, size_t out_count) {
  if (result != nullptr) *result = {nullptr, 0, nullptr};
  return called(session, [&] {
    MemoryFiles files(list(in, in_count, "in"), list(out, out_count, "out"));
    const Arguments parsed(arguments == nullptr ? "{}" : arguments, files);
    ezkl_bytes answer = ezkl::capi::owned(ezkl::capi::run_command(needed(command, "command"), parsed));
    try {
      files.collect();
    } catch (...) {
      ezkl_bytes_free(&answer);
      throw;
    }
    if (result != nullptr) {
      *result = answer;
    } else {
      ezkl_bytes_free(&answer);
    }
  });
}

int ezkl_gen_witness(ezkl_session* session, const uint8_t* compiled, size_t compiled_size, const uint8_t* input,
                     size_t input_size, ezkl_bytes* witness) {
  if (witness != nullptr) *witness = {nullptr, 0, nullptr};
  return called(session, [&] {
    if (witness == nullptr) throw Error(Fault::usage, "is a null pointer").within("witness");
    const ezkl_bytes given[] = {{const_cast<uint8_t*>(compiled), compiled_size, nullptr},
                                {const_cast<uint8_t*>(input), input_size, nullptr}};
    MemoryFiles files(given, {});
    *witness = ezkl::capi::owned(ezkl::gen_witness(files.input(1), files.input(0), std::nullopt));
  });
}

int ezkl_prove(ezkl_session* session, const uint8_t* witness, size_t witness_size, const char* compiled_path,
               const char* pk_path, const char* srs_path, ezkl_bytes* proof) {
  if (proof != nullptr) *proof = {nullptr, 0, nullptr};
  return called(session, [&] {
    if (proof == nullptr) throw Error(Fault::usage, "is a null pointer").within("proof");
    const ezkl_bytes given[] = {{const_cast<uint8_t*>(witness), witness_size, nullptr}};
    MemoryFiles files(given, std::span(proof, 1));
    ezkl::prove(files.input(0), needed(compiled_path, "compiled_path"), needed(pk_path, "pk_path"), files.output(0),
                optional_path(srs_path));
    files.collect();
  });
}

int ezkl_verify(ezkl_session* session, const char* proof_path, const char* settings_path, const char* vk_path,
                const char* srs_path, int reduced_srs) {
  return called(session, [&] {
    ezkl::verify(needed(proof_path, "proof_path"), needed(settings_path, "settings_path"), needed(vk_path, "vk_path"),
                 optional_path(srs_path), reduced_srs != 0);
  });
}

int ezkl_verify_bytes(ezkl_session* session, const ezkl_bytes* proof, const ezkl_bytes* settings, const ezkl_bytes* vk,
                      const ezkl_bytes* srs, int reduced_srs) {
  return called(session, [&] {
    std::vector<ezkl_bytes> given;
    for (const ezkl_bytes* const bytes : {proof, settings, vk, srs}) {
      if (bytes == nullptr) throw Error(Fault::usage, "proof, settings, vk or srs is a null pointer");
      given.push_back(*bytes);
    }
    MemoryFiles files(given, {});
    ezkl::verify(files.input(0), files.input(1), files.input(2), files.input(3), reduced_srs != 0);
  });
}

void ezkl_bytes_free(ezkl_bytes* bytes) {
  if (bytes == nullptr) return;
  delete static_cast<std::vector<uint8_t>*>(bytes->owner);
  *bytes = {nullptr, 0, nullptr};
}

}  // extern "C"
