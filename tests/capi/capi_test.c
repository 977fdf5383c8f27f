/* Every function of the C interface, used rightly and wrongly. */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ezkl/ezkl.h"

static int failures = 0;

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                     \
    }                                                                 \
  } while (0)

static const char golden[] = EZKL_TEST_DATA "/golden/default";
static const char small_srs[] = EZKL_TEST_DATA "/golden/kzg4.srs";

static int has(const ezkl_bytes* bytes, const char* text) {
  const size_t length = strlen(text);
  size_t i;
  for (i = 0; i + length <= bytes->size; ++i) {
    if (memcmp(bytes->data + i, text, length) == 0) return 1;
  }
  return 0;
}

/* A command without bytes in memory; its result must hold `expected`, if that is given. */
static int run(ezkl_session* s, const char* command, const char* arguments, const char* expected) {
  ezkl_bytes result;
  const int code = ezkl_run(s, command, arguments, NULL, 0, &result, NULL, 0);
  if (code != EZKL_OK) fprintf(stderr, "  %s: %s\n", command, ezkl_error_message(s));
  if (expected != NULL && !has(&result, expected)) {
    fprintf(stderr, "  %s gave %.*s\n", command, (int)result.size, (const char*)result.data);
    ++failures;
  }
  ezkl_bytes_free(&result);
  return code;
}

static ezkl_bytes file(const char* folder, const char* name) {
  ezkl_bytes out = {NULL, 0, NULL};
  char path[1024];
  FILE* f;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  f = fopen(path, "rb");
  if (f == NULL) return out;
  fseek(f, 0, SEEK_END);
  out.size = (size_t)ftell(f);
  rewind(f);
  out.data = malloc(out.size);
  if (fread(out.data, 1, out.size, f) != out.size) out.size = 0;
  fclose(f);
  return out;
}

static void versions_and_wrong_handles(void) {
  ezkl_bytes none = {NULL, 0, NULL};
  CHECK(ezkl_abi_version() == EZKL_ABI_VERSION);
  CHECK(sizeof(ezkl_bytes) == 2 * sizeof(void*) + sizeof(size_t));
  CHECK(offsetof(ezkl_bytes, size) == sizeof(void*) && offsetof(ezkl_bytes, owner) == sizeof(void*) + sizeof(size_t));
  CHECK(strcmp(ezkl_version(), "1.0.0") == 0);
  CHECK(strcmp(ezkl_compatible_version(), "23.0.5") == 0);
  CHECK(ezkl_run(NULL, "version", "{}", NULL, 0, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_set_progress(NULL, NULL, NULL) == EZKL_USAGE);
  CHECK(ezkl_set_log(NULL, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_set_option(NULL, "threads", "1") == EZKL_USAGE);
  CHECK(ezkl_gen_witness(NULL, NULL, 0, NULL, 0, &none) == EZKL_USAGE);
  CHECK(ezkl_prove(NULL, NULL, 0, "", "", NULL, &none) == EZKL_USAGE);
  CHECK(ezkl_verify(NULL, "", "", "", NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_verify_bytes(NULL, &none, &none, &none, &none, 0) == EZKL_USAGE);
  CHECK(strcmp(ezkl_error_message(NULL), "") == 0);
  CHECK(strcmp(ezkl_error_details(NULL), "") == 0);
  ezkl_cancel(NULL);
  ezkl_session_free(NULL);
  ezkl_bytes_free(NULL);
  ezkl_bytes_free(&none);
}

static void wrong_arguments(ezkl_session* s) {
  ezkl_bytes in = {NULL, 5, NULL}, out;
  CHECK(ezkl_run(s, NULL, "{}", NULL, 0, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_run(s, "no_such", "{}", NULL, 0, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(strstr(ezkl_error_message(s), "no_such") != NULL);
  CHECK(ezkl_run(s, "mock", "{", NULL, 0, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_run(s, "mock", "[]", NULL, 0, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_run(s, "mock", "{\"wittness\": \"w\"}", NULL, 0, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_run(s, "mock", "{\"witness\": 5}", NULL, 0, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_run(s, "gen_srs", "{\"srs_path\": \"x\"}", NULL, 0, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_run(s, "mock", "{\"witness\": {\"memory\": 0}}", NULL, 0, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_run(s, "mock", "{\"witness\": {\"memory\": 0}}", &in, 1, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_run(s, "mock", "{}", NULL, 1, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_run(s, "mock", "{}", NULL, 0, NULL, NULL, 1) == EZKL_USAGE);
  CHECK(ezkl_run(s, "gen_settings", "{\"output\": {\"output\": 3}}", NULL, 0, NULL, &out, 1) == EZKL_USAGE);
  CHECK(ezkl_verify(s, NULL, "a", "b", NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_verify_bytes(s, &in, NULL, NULL, NULL, 0) == EZKL_USAGE);
  CHECK(ezkl_gen_witness(s, NULL, 0, NULL, 0, NULL) == EZKL_USAGE);
  CHECK(ezkl_set_option(s, "colour", "red") == EZKL_USAGE);
  CHECK(ezkl_set_option(s, "threads", "many") == EZKL_USAGE);
  CHECK(ezkl_set_option(s, "threads", "-3") == EZKL_USAGE);
  CHECK(ezkl_set_option(s, NULL, "1") == EZKL_USAGE);
  CHECK(ezkl_set_log(s, NULL, NULL, 9) == EZKL_USAGE);
  CHECK(ezkl_verify(s, "none.json", "none.json", "none.key", NULL, 0) == EZKL_IO);
  CHECK(strstr(ezkl_error_message(s), "none.json") != NULL);
  CHECK(strstr(ezkl_error_details(s), "\"fault\":\"io\",\"code\":3") != NULL);
  CHECK(run(s, "felt_to_int", "{\"felt\": \"0500000000000000000000000000000000000000000000000000000000000000\"}",
            "5") == EZKL_OK);
  CHECK(strcmp(ezkl_error_message(s), "") == 0);
  /* No setup was named and the session has no folder of setups. */
  CHECK(run(s, "default_srs_path", "{\"logrows\": 5}", NULL) == EZKL_USAGE);
  CHECK(strstr(ezkl_error_details(s), "\"parameter\":\"srs_folder\"") != NULL);
  CHECK(ezkl_set_option(s, "srs_folder", "/setups") == EZKL_OK);
  CHECK(run(s, "default_srs_path", "{\"logrows\": 5}", "\"/setups/kzg5.srs\"") == EZKL_OK);
}

/* Numbers that make no sense, and what is needed and not there. */
static void wrong_numbers(ezkl_session* s) {
  static const char model[] = EZKL_TEST_DATA "/models/mlp.onnx", data[] = EZKL_TEST_DATA "/models/mlp_input.json";
  static const char* const margins[] = {"\"NaN\"", "\"Infinity\"", "1e300", "0.5", "0", "-2"};
  static const char* const run_args[] = {"\"rebase_scale\": 500", "\"epsilon\": -1", "\"logrows\": 0",
                                         "\"scale_rebase_multiplier\": 0"};
  char arguments[2048];
  size_t i;
  CHECK(run(s, "gen_srs", "{\"srs_path\": \"none.srs\", \"logrows\": 0}", NULL) == EZKL_RANGE);
  CHECK(run(s, "gen_srs", "{\"srs_path\": \"none.srs\", \"logrows\": 0, \"commitment\": \"ipa\"}", NULL) == EZKL_RANGE);
  CHECK(run(s, "gen_srs", "{\"srs_path\": \"none.srs\", \"logrows\": 27}", NULL) == EZKL_RANGE);
  CHECK(access("none.srs", F_OK) != 0);
  for (i = 0; i < sizeof run_args / sizeof *run_args; ++i) {
    snprintf(arguments, sizeof arguments, "{\"model\": \"%s\", \"py_run_args\": {%s}}", model, run_args[i]);
    CHECK(run(s, "gen_settings", arguments, NULL) == EZKL_USAGE);
  }
  CHECK(access("settings.json", F_OK) != 0);
  snprintf(arguments, sizeof arguments, "{\"model\": \"%s\", \"py_run_args\": {\"logrows\": 12}}", model);
  CHECK(run(s, "gen_settings", arguments, NULL) == EZKL_OK);
  for (i = 0; i < sizeof margins / sizeof *margins; ++i) {
    snprintf(arguments, sizeof arguments, "{\"model\": \"%s\", \"data\": \"%s\", \"lookup_safety_margin\": %s}", model,
             data, margins[i]);
    CHECK(run(s, "calibrate_settings", arguments, NULL) == EZKL_USAGE);
    CHECK(run(s, "choose_settings", arguments, NULL) == EZKL_USAGE);
  }
  snprintf(arguments, sizeof arguments, "{\"model\": \"%s\", \"data\": \"%s\", \"scale_rebase_multiplier\": [1, 0]}",
           model, data);
  CHECK(run(s, "calibrate_settings", arguments, NULL) == EZKL_USAGE);
  snprintf(arguments, sizeof arguments, "{\"model\": \"%s\"}", model);
  CHECK(run(s, "compile_circuit", arguments, NULL) == EZKL_OK); /* the settings are still whole */
  for (i = 0; i < 2; ++i) {                                     /* such numbers were drawn for ever */
    snprintf(arguments, sizeof arguments, "{\"model\": \"%s\", \"output\": \"none.json\", \"max\": %s}", model,
             margins[i + 1]);
    CHECK(run(s, "gen_random_data", arguments, NULL) == EZKL_RANGE);
  }
  snprintf(arguments, sizeof arguments, "{\"model\": \"%s\", \"output\": \"none.json\", \"min\": -3e38, \"max\": 3e38}",
           model);
  CHECK(run(s, "gen_random_data", arguments, NULL) == EZKL_USAGE);
  CHECK(access("none.json", F_OK) != 0);
  CHECK(run(s, "poseidon_hash", "{}", NULL) == EZKL_USAGE);
  CHECK(run(s, "poseidon_hash", "{\"message\": []}", "[]") == EZKL_OK);
  CHECK(run(s, "buffer_to_felts", "{}", NULL) == EZKL_USAGE);
  CHECK(run(s, "point_coordinates", "{}", NULL) == EZKL_USAGE);
  CHECK(run(s, "kzg_commit", "{}", NULL) == EZKL_USAGE);
  CHECK(run(s, "felt_to_float",
            "{\"felt\": \"0000000000000000000000001000000000000000000000000000000000000000\", \"scale\": -1000}",
            "\"Infinity\"") == EZKL_OK);
}

struct heard {
  int messages, reports, stop_at;
  char last[256];
};

static void hear(void* user, int level, const char* module, const char* text) {
  struct heard* h = user;
  ++h->messages;
  CHECK(level >= EZKL_LOG_ERROR && level <= EZKL_LOG_INFO);
  CHECK(strlen(module) > 0);
  snprintf(h->last, sizeof h->last, "%s", text);
}

static int see(void* user, const char* phase, uint64_t done, uint64_t total, double part) {
  struct heard* h = user;
  CHECK(strlen(phase) > 0 || total == 0);
  CHECK(total == 0 || done <= total);
  CHECK(part >= 0 && part <= 1);
  return ++h->reports == h->stop_at;
}

/* The whole way, mostly with files, partly in memory. */
static void from_model_to_proof(ezkl_session* s) {
  struct heard h = {0, 0, 0, ""};
  ezkl_bytes in[4], out[2], result;
  CHECK(ezkl_set_log(s, hear, &h, EZKL_LOG_INFO) == EZKL_OK);
  CHECK(ezkl_set_progress(s, see, &h) == EZKL_OK);
  CHECK(ezkl_set_option(s, "threads", "2") == EZKL_OK);
  CHECK(run(s, "gen_settings",
            "{\"model\": \"" EZKL_TEST_DATA
            "/models/mlp.onnx\", \"py_run_args\": {\"logrows\": 9, \"input_visibility\": "
            "\"private\", \"decomp_base\": 64, \"decomp_legs\": 4, \"lookup_range\": [-256, 256]}}",
            "\"settings.json\"") == EZKL_OK);
  CHECK(run(s, "compile_circuit", "{\"model\": \"" EZKL_TEST_DATA "/models/mlp.onnx\"}", "true") == EZKL_OK);
  CHECK(run(s, "gen_srs", "{\"srs_path\": \"kzg.srs\", \"logrows\": 9}", "true") == EZKL_OK);
  CHECK(h.messages > 0 && strstr(h.last, "for tests") != NULL);
  CHECK(h.reports > 0);
  CHECK(run(s, "setup", "{\"srs_path\": \"kzg.srs\"}", NULL) == EZKL_OK);

  /* What is left out has the default of ezkl.hpp, and null is no file. */
  CHECK(run(s, "gen_witness", "{\"data\": \"" EZKL_TEST_DATA "/models/mlp_input.json\", \"output\": null}",
            "\"outputs\"") == EZKL_OK);
  CHECK(access("witness.json", F_OK) != 0);
  CHECK(run(s, "gen_witness", "{\"data\": \"" EZKL_TEST_DATA "/models/mlp_input.json\"}", "\"outputs\"") == EZKL_OK);
  CHECK(access("witness.json", F_OK) == 0);
  CHECK(run(s, "mock", "{\"max_memory\": 1000000}", NULL) == EZKL_LIMIT);
  CHECK(ezkl_set_option(s, "max_memory", "1000000") == EZKL_OK);
  CHECK(run(s, "mock", "{}", NULL) == EZKL_LIMIT);
  CHECK(ezkl_set_option(s, "max_memory", "0") == EZKL_OK);
  CHECK(run(s, "mock", "{}", "true") == EZKL_OK);

  in[0] = file(".", "model.compiled");
  in[1] = file(EZKL_TEST_DATA "/models", "mlp_input.json");
  CHECK(ezkl_gen_witness(s, in[0].data, in[0].size, in[1].data, in[1].size, &out[0]) == EZKL_OK);
  CHECK(has(&out[0], "\"outputs\""));
  CHECK(ezkl_prove(s, out[0].data, out[0].size, "model.compiled", "pk.key", "kzg.srs", &out[1]) == EZKL_OK);
  CHECK(has(&out[1], "\"hex_proof\""));
  {
    FILE* const kept = fopen("kept.json", "wb");
    CHECK(kept != NULL && fwrite(out[0].data, 1, out[0].size, kept) == out[0].size);
    if (kept != NULL) fclose(kept);
  }
  ezkl_bytes_free(&out[0]);
  free(in[0].data);
  free(in[1].data);

  in[0] = out[1];
  in[1] = file(".", "settings.json");
  in[2] = file(".", "vk.key");
  in[3] = file(".", "kzg.srs");
  CHECK(ezkl_verify_bytes(s, &in[0], &in[1], &in[2], &in[3], 0) == EZKL_OK);
  CHECK(ezkl_run(s, "print_proof_hex", "{\"proof_path\": {\"memory\": 0}}", in, 1, &result, NULL, 0) == EZKL_OK);
  CHECK(result.size > 1000);
  ezkl_bytes_free(&result);
  CHECK(ezkl_run(s, "create_evm_verifier",
                 "{\"srs_path\": \"kzg.srs\", \"sol_code_path\": {\"output\": 0}, \"abi_path\": {\"output\": 1}}", NULL,
                 0, NULL, out, 2) == EZKL_OK);
  CHECK(has(&out[0], "pragma solidity") && has(&out[1], "verifyProof"));
  ezkl_bytes_free(&out[0]);
  ezkl_bytes_free(&out[1]);
  /* One place for two outputs would lose one of them. */
  CHECK(ezkl_run(s, "create_evm_verifier",
                 "{\"srs_path\": \"kzg.srs\", \"sol_code_path\": {\"output\": 0}, \"abi_path\": {\"output\": 0}}", NULL,
                 0, NULL, out, 1) == EZKL_USAGE);
  CHECK(out[0].size == 0);
  /* A proof of other bytes. */
  {
    char* const digit = strstr((char*)in[0].data, "\"hex_proof\":\"0x") + 40;
    *digit = *digit == '0' ? '1' : '0';
  }
  CHECK(ezkl_verify_bytes(s, &in[0], &in[1], &in[2], &in[3], 0) != EZKL_OK);
  ezkl_bytes_free(&in[0]);
  free(in[1].data);
  free(in[2].data);
  free(in[3].data);
  CHECK(ezkl_set_log(s, NULL, NULL, EZKL_LOG_WARN) == EZKL_OK);
  CHECK(ezkl_set_progress(s, NULL, NULL) == EZKL_OK);
}

static void golden_proof(ezkl_session* s) {
  char proof[1024], settings[1024], vk[1024];
  snprintf(proof, sizeof proof, "%s/proof.json", golden);
  snprintf(settings, sizeof settings, "%s/settings.json", golden);
  snprintf(vk, sizeof vk, "%s/vk.key", golden);
  CHECK(ezkl_verify(s, proof, settings, vk, small_srs, 1) == EZKL_OK);
}

/* What is chosen for a model, what it is worth, and what a proof says; of a proof that the calls above left. */
static void reports(ezkl_session* s) {
  static const char model[] = "\"model\": \"" EZKL_TEST_DATA "/models/mlp.onnx\"";
  static const char sample[] = "\"data\": \"" EZKL_TEST_DATA "/models/mlp_input.json\"";
  char arguments[4096];
  snprintf(arguments, sizeof arguments, "{%s, %s, \"output\": \"chosen.json\", \"py_run_args\": {\"input_scale\": 9}}",
           model, sample);
  CHECK(run(s, "choose_settings", arguments, "\"chosen.json\"") == EZKL_OK);
  snprintf(arguments, sizeof arguments, "{%s, %s, \"settings_path\": \"chosen.json\"}", model, sample);
  CHECK(run(s, "accuracy", arguments, "\"samples\"") == EZKL_OK);
  snprintf(arguments, sizeof arguments, "{%s, %s, \"settings_path\": \"chosen.json\", \"format\": \"html\"}", model,
           sample);
  CHECK(run(s, "accuracy", arguments, "<html") == EZKL_OK);
  snprintf(arguments, sizeof arguments, "{%s, %s}", model, sample);
  CHECK(run(s, "check_model", arguments, "\"ok\":true") == EZKL_OK);
  CHECK(run(s, "check_model", arguments, "\"proof_bytes\":") == EZKL_OK);
  CHECK(run(s, "check_model", "{\"model\": \"" EZKL_TEST_DATA "/models/mlp_input.json\"}", "\"ok\":false") == EZKL_OK);
  CHECK(run(s, "check_model", "{\"model\": \"none.onnx\"}", NULL) == EZKL_IO);
  CHECK(run(s, "check_model", "{\"target\": \"beauty\"}", NULL) == EZKL_USAGE);

  CHECK(run(s, "prove", "{\"witness\": \"kept.json\", \"proof_path\": \"proof.json\", \"srs_path\": \"kzg.srs\"}",
            NULL) == EZKL_OK);
  CHECK(run(s, "encode_evm_calldata", "{\"calldata\": null}", "30") == EZKL_OK);
  CHECK(access("calldata.bytes", F_OK) != 0);
  CHECK(run(s, "encode_evm_calldata", "{}", "30") == EZKL_OK);
  CHECK(access("calldata.bytes", F_OK) == 0);
  CHECK(run(s, "verify_report", "{\"srs_path\": \"kzg.srs\"}", "\"accepted\":true") == EZKL_OK);
  CHECK(run(s, "verify_report", "{\"srs_path\": \"kzg.srs\", \"format\": \"text\"}", "output") == EZKL_OK);
  CHECK(run(s, "verify_report", "{\"srs_path\": \"kzg.srs\", \"output\": \"[[9, 9, 9]]\"}", "\"accepted\":false") ==
        EZKL_OK);
  CHECK(run(s, "verify_report", "{\"srs_path\": \"kzg.srs\", \"format\": \"html\"}", NULL) == EZKL_USAGE);

  /* (1, 2), and what is no point: y^2 = 4^3 + 3 has no solution. */
  CHECK(run(s, "point_coordinates",
            "{\"points\": [\"0100000000000000000000000000000000000000000000000000000000000000\"]}",
            "\"y\":\"0200000000000000000000000000000000000000000000000000000000000000\"") == EZKL_OK);
  CHECK(run(s, "point_coordinates",
            "{\"points\": [\"0400000000000000000000000000000000000000000000000000000000000000\"]}",
            NULL) == EZKL_FORMAT);
  CHECK(run(s, "float_to_felt", "{\"input\": \"NaN\", \"scale\": 7}",
            "\"0000000000000000000000000000000000000000000000000000000000000000\"") == EZKL_OK);
  CHECK(run(s, "float_to_felt", "{\"input\": \"Infinity\", \"scale\": 7}", NULL) == EZKL_FORMAT);
  CHECK(run(s, "float_to_felt", "{\"input\": \"much\", \"scale\": 7}", NULL) == EZKL_USAGE);
}

struct stopper {
  ezkl_session* session;
  int delay_ms;
};

static void* stop_soon(void* user) {
  struct stopper* stop = user;
  struct timespec wait = {0, 0};
  wait.tv_nsec = stop->delay_ms * 1000000L;
  nanosleep(&wait, NULL);
  ezkl_cancel(stop->session);
  return NULL;
}

static int files_named(const char* start) {
  DIR* folder = opendir(".");
  struct dirent* entry;
  int count = 0;
  while ((entry = readdir(folder)) != NULL) count += strncmp(entry->d_name, start, strlen(start)) == 0;
  closedir(folder);
  return count;
}

static void stops(ezkl_session* s) {
  pthread_t thread;
  struct stopper stop;
  struct heard h = {0, 0, 2, ""};
  int i;
  for (i = 0; i < 4; ++i) {
    stop.session = s;
    stop.delay_ms = 40 * i;
    pthread_create(&thread, NULL, stop_soon, &stop);
    CHECK(ezkl_run(s, "gen_srs", "{\"srs_path\": \"large.srs\", \"logrows\": 18}", NULL, 0, NULL, NULL, 0) ==
          EZKL_CANCELLED);
    pthread_join(thread, NULL);
    CHECK(files_named("large") == 0);
    CHECK(run(s, "version", "{}", "23.0.5") == EZKL_OK);
  }
  ezkl_cancel(s);
  CHECK(ezkl_run(s, "gen_srs", "{\"srs_path\": \"large.srs\", \"logrows\": 6}", NULL, 0, NULL, NULL, 0) ==
        EZKL_CANCELLED);
  CHECK(strstr(ezkl_error_details(s), "\"fault\":\"cancelled\"") != NULL);
  CHECK(run(s, "gen_srs", "{\"srs_path\": \"small.srs\", \"logrows\": 4}", "true") == EZKL_OK);
  CHECK(ezkl_set_progress(s, see, &h) == EZKL_OK);
  CHECK(ezkl_run(s, "gen_srs", "{\"srs_path\": \"large.srs\", \"logrows\": 18}", NULL, 0, NULL, NULL, 0) ==
        EZKL_CANCELLED);
  CHECK(files_named("large") == 0);
  CHECK(ezkl_set_progress(s, NULL, NULL) == EZKL_OK);
}

static void* verify_often(void* user) {
  ezkl_session* s = ezkl_session_new();
  int i;
  (void)user;
  for (i = 0; i < 3; ++i) golden_proof(s);
  ezkl_session_free(s);
  return NULL;
}

static void several_at_once(void) {
  pthread_t threads[3];
  int i;
  for (i = 0; i < 3; ++i) pthread_create(&threads[i], NULL, verify_often, NULL);
  for (i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
}

int main(void) {
  char folder[] = "/tmp/ezkl_capi_XXXXXX", command[64];
  ezkl_session* s = ezkl_session_new();
  if (mkdtemp(folder) == NULL || chdir(folder) != 0 || s == NULL) return 2;
  versions_and_wrong_handles();
  wrong_arguments(s);
  wrong_numbers(s);
  golden_proof(s);
  from_model_to_proof(s);
  reports(s);
  stops(s);
  several_at_once();
  ezkl_session_free(s);
  snprintf(command, sizeof command, "rm -r %s", folder);
  if (system(command) != 0) ++failures;
  if (failures != 0) fprintf(stderr, "%d checks failed\n", failures);
  return failures != 0;
}
