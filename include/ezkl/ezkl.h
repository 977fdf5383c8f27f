/* The C interface of ezkl, C99. Texts are UTF-8 and end in 0; paths may be absolute or relative to the working folder.
 * No function throws, prints, exits or reads the environment. */
#ifndef EZKL_H
#define EZKL_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define EZKL_C_API __declspec(dllexport)
#else
#define EZKL_C_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a program built against an older header would no longer run; functions and names are only ever added. */
#define EZKL_ABI_VERSION 1

/* What a call gives: 0, or what went wrong. Never renumbered. */
enum {
  EZKL_OK = 0,
  EZKL_CANCELLED = 1,   /* ezkl_cancel, or the progress function, stopped it; no file is half-written */
  EZKL_USAGE = 2,       /* arguments that make no sense: an unknown command or name, a null pointer */
  EZKL_IO = 3,          /* a file or a server cannot be read or written */
  EZKL_FORMAT = 4,      /* bytes that are no valid model, settings, key, witness or proof */
  EZKL_UNSUPPORTED = 5, /* valid, but outside what this library does */
  EZKL_RANGE = 6,       /* a number does not fit */
  EZKL_UNSATISFIED = 7, /* the proof does not hold, or the witness breaks a constraint */
  EZKL_NO_MEMORY = 8,
  EZKL_DISK_FULL = 9,
  EZKL_LIMIT = 10,   /* more than a limit that the caller may raise */
  EZKL_INTERNAL = 70 /* always a bug */
};

enum { EZKL_LOG_ERROR = 0, EZKL_LOG_WARN = 1, EZKL_LOG_INFO = 2, EZKL_LOG_DEBUG = 3, EZKL_LOG_TRACE = 4 };

/* Options, callbacks and the last error of one chain of calls. One call at a time; several sessions are independent and
 * may work at once, in threads of their own. */
typedef struct ezkl_session ezkl_session;

/* Bytes that the library owns until ezkl_bytes_free. As an argument, those of the caller: data and size are read only.
 */
typedef struct ezkl_bytes {
  uint8_t* data;
  size_t size;
  void* owner;
} ezkl_bytes;

/* How far a call is: its phase, steps of it (total 0: not counted), and the part of the whole that is done, 0 to 1 by
 * predicted cost (0: nothing is predicted). Not 0 stops the call. On the thread that called. */
typedef int (*ezkl_progress_fn)(void* user, const char* phase, uint64_t done, uint64_t total, double part);
/* A message; `module` is the part of the library that says it. From any thread, also from several at once. */
typedef void (*ezkl_log_fn)(void* user, int level, const char* module, const char* text);

EZKL_C_API uint32_t ezkl_abi_version(void);
/* "1.0.0", and the release of the published package that files are interchangeable with. */
EZKL_C_API const char* ezkl_version(void);
EZKL_C_API const char* ezkl_compatible_version(void);

/* Null when there is no memory. */
EZKL_C_API ezkl_session* ezkl_session_new(void);
/* Not while a call runs. Null does nothing. */
EZKL_C_API void ezkl_session_free(ezkl_session*);

/* These return EZKL_USAGE for a null session and, where it says so, for what makes no sense. Not while a call runs. */
EZKL_C_API int ezkl_set_progress(ezkl_session*, ezkl_progress_fn, void* user);
EZKL_C_API int ezkl_set_log(ezkl_session*, ezkl_log_fn, void* user, int level);
/* name         value
 * threads      a number; 0: one a processor
 * kernels      portable, adx, avx2 or avx512; the same for all sessions of a process
 * max_memory   bytes that the process may take in setup, prove and mock; 0: no limit
 * max_circuit_area, srs_folder, srs_mirror, key_format, solidity_compiler, program_path, private_key: as in session.hpp
 */
EZKL_C_API int ezkl_set_option(ezkl_session*, const char* name, const char* value);

/* Ends the call that runs, or else the next one, with EZKL_CANCELLED. The one function for another thread or a signal
 * handler. */
EZKL_C_API void ezkl_cancel(ezkl_session*);

/* What the last call of the session that failed says: one line, "" when none did; and the same as JSON: fault, code,
 * frames, text, hints (parameter, advice with {} for its name), message. Valid until the next call. */
EZKL_C_API const char* ezkl_error_message(const ezkl_session*);
EZKL_C_API const char* ezkl_error_details(const ezkl_session*);

/* One entry for every function of ezkl.hpp and reports.hpp. `command` is its name ("gen_settings"), `arguments` a JSON
 * object with its parameters by name; what is left out has the default there, null stands for std::nullopt (a witness
 * or calldata that are only given back: "output": null) or else for the default, and a name that the command does not
 * have is EZKL_USAGE. Where a path stands, {"memory": i} stands for in[i], and {"output": i} has out[i] filled with
 * what would have been written; a call that fails fills none. Numbers that JSON lacks are "NaN", "Infinity" and
 * "-Infinity". `result` is JSON: what the function gives, true when that is nothing. `result` may be null. */
EZKL_C_API int ezkl_run(ezkl_session*, const char* command, const char* arguments, const ezkl_bytes* in,
                        size_t in_count, ezkl_bytes* result, ezkl_bytes* out, size_t out_count);

/* Without JSON. srs_path null: the setup of the session's folder. */
EZKL_C_API int ezkl_gen_witness(ezkl_session*, const uint8_t* compiled, size_t compiled_size, const uint8_t* input,
                                size_t input_size, ezkl_bytes* witness);
EZKL_C_API int ezkl_prove(ezkl_session*, const uint8_t* witness, size_t witness_size, const char* compiled_path,
                          const char* pk_path, const char* srs_path, ezkl_bytes* proof);
/* EZKL_UNSATISFIED: the proof does not hold. */
EZKL_C_API int ezkl_verify(ezkl_session*, const char* proof_path, const char* settings_path, const char* vk_path,
                           const char* srs_path, int reduced_srs);
EZKL_C_API int ezkl_verify_bytes(ezkl_session*, const ezkl_bytes* proof, const ezkl_bytes* settings,
                                 const ezkl_bytes* vk, const ezkl_bytes* srs, int reduced_srs);

EZKL_C_API void ezkl_bytes_free(ezkl_bytes*);

#ifdef __cplusplus
}
#endif
#endif
