#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ezkl/error.hpp"
#include "ezkl/export.hpp"
#include "ezkl/run_args.hpp"
#include "ezkl/session.hpp"

/// The steps from an ONNX model to a checked proof, with the names, the order of arguments and the defaults of the
/// published Python package. Every function reads and writes files; outputs are whole or absent.
///
/// errors    ezkl::Error from all of them and nothing else: the fault, and text that names file and field and says what
///           would be right
/// session   log, progress, stop, threads, memory, usual places: of the session that the thread uses (session.hpp).
///           Without one nothing is said, and what has no path is refused
/// files     one path for two outputs, or for an output and an input, also by links: Fault::usage, nothing written.
///           calibrate_settings and swap_proof_commitments rewrite the file that they are given
/// threads   functions may run at the same time as long as they do not write the same files
namespace ezkl {

using Path = std::filesystem::path;

/// "23.0.5": the release of the published package that files are interchangeable with; they carry it as their version.
EZKL_API std::string version();
/// "1.0.0": the version of this library (docs/changelog.md).
EZKL_API std::string own_version();

/// An error for programs, one line: {"fault":"io","code":3,"frames":["vk.key"],"text":"…","hints":[{"parameter":
/// "srs_path","advice":"… {} …"}],"message":"…"}.
EZKL_API std::string error_json(const Error& error);
/// A report likewise: {"phase":"commit","done":3,"total":8,"weight":0.2500,"part":0.4000}.
EZKL_API std::string progress_json(const ProgressReport& report);

/// The defaults of these functions: RunArgs with public inputs and outputs, fixed parameters and a set epsilon.
EZKL_API RunArgs library_run_args();

/// Reads a model and writes the settings of its circuit. Gives `output` back, so that it can be passed on.
/// `max_model_size`, here and below, of compiled models too: what the model may become while it is read and its circuit
/// is made (docs/settings.md), so that a small file cannot ask for all memory; 0 stands for 2^28. errors:
/// Fault::limit, naming the node, when it becomes larger.
EZKL_API Path gen_settings(const Path& model = "network.onnx", const Path& output = "settings.json",
                           const RunArgs& run_args = library_run_args(), std::uint64_t max_model_size = 0);

/// What calibrate_settings looks for. Accuracy: the nearest to the float model of the circuits that cost at most four
/// times the least; resources: the smallest circuit.
enum class CalibrationTarget : std::uint8_t { resources, resources_col_overflow, accuracy };

/// Chooses scales, lookup range and logrows by running the model on sample data, and rewrites the settings.
/// `data` is a path or JSON text; each of its lists may hold several samples. errors: Fault::usage for a
/// `lookup_safety_margin` other than 1 to 2^20 and a multiplier of 0.
EZKL_API void calibrate_settings(const std::string& data = "calibration.json", const Path& model = "network.onnx",
                                 const Path& settings = "settings.json",
                                 CalibrationTarget target = CalibrationTarget::resources,
                                 double lookup_safety_margin = 2.0,
                                 const std::optional<std::vector<int>>& scales = std::nullopt,
                                 const std::vector<std::uint32_t>& scale_rebase_multiplier = {1, 10},
                                 std::optional<std::uint32_t> max_logrows = std::nullopt,
                                 std::uint64_t max_model_size = 0);

/// Quantizes the model with the settings and lays out its circuit. compile_model is the same under its older name.
/// `keep_float`: the compiled model also carries the float model, which gen_witness compares its outputs with.
EZKL_API void compile_circuit(const Path& model = "network.onnx", const Path& compiled_circuit = "model.compiled",
                              const Path& settings_path = "settings.json", std::uint64_t max_model_size = 0,
                              bool keep_float = true);
EZKL_API void compile_model(const Path& model = "network.onnx", const Path& compiled_circuit = "model.compiled",
                            const Path& settings_path = "settings.json", std::uint64_t max_model_size = 0,
                            bool keep_float = true);

/// A setup. kzg: of a fresh secret, for tests; two of them never fit together. ipa: there is no secret, everybody makes
/// the same file. errors: Fault::range for logrows other than 1 to 26.
EZKL_API void gen_srs(const Path& srs_path, std::uint32_t logrows, Commitment commitment = Commitment::kzg);

/// Fetches the setup of the public ceremony, unless it is already there, and compares its SHA-256 with the published
/// list. `logrows` wins over the settings. `mirror` is a URL whose folder holds kzg{k}.srs, else the session's; file:
/// URLs need no network. An IPA setup is made, not fetched. Gives the path of the file.
EZKL_API Path get_srs(const Path& settings_path = "settings.json", std::optional<std::uint32_t> logrows = std::nullopt,
                      const std::optional<Path>& srs_path = std::nullopt,
                      const std::optional<std::string>& mirror = std::nullopt,
                      std::optional<Commitment> commitment = std::nullopt);

/// Where a setup of that size is looked for when no path is given: kzg{k}.srs or ipa{k}.srs in the session's folder.
/// errors: Fault::usage when it has none.
EZKL_API Path default_srs_path(std::uint32_t logrows, Commitment commitment = Commitment::kzg);

/// What gen_witness refuses; without any, outputs that differ from the float model's are worth a warning.
struct WitnessCheck {
  std::optional<double> max_error;  ///< an output element further than this from the float model's
  bool same_class = false;          ///< another class than the float model's
};

/// Runs the quantized model on `data` (a path or JSON text). Gives the witness as JSON text and writes it to `output`
/// unless that is empty. Models with committed values (polycommit) want the vk and the setup. The outputs are compared
/// with those of the float model that the compiled model carries: more than 1 % plus 2^-8 apart, NaN, infinity or
/// another class is a warning. errors: Fault::range for what `check` refuses; then nothing is written.
EZKL_API std::string gen_witness(const std::string& data = "input.json", const Path& model = "model.compiled",
                                 const std::optional<Path>& output = "witness.json",
                                 const std::optional<Path>& vk_path = std::nullopt,
                                 const std::optional<Path>& srs_path = std::nullopt, const WitnessCheck& check = {},
                                 std::uint64_t max_model_size = 0);

/// Checks every constraint of the circuit directly, without a proof. `max_memory` as for setup.
/// errors: Fault::unsatisfied with the first constraints that do not hold.
EZKL_API void mock(const Path& witness = "witness.json", const Path& model = "model.compiled",
                   std::uint64_t max_model_size = 0, std::uint64_t max_memory = 0);

/// Makes the verifying and the proving key, and beside the first its manifest (vk.key: vk.manifest.json): SHA-256 of
/// the settings, the key, the compiled model and the ONNX file, which setup it was, and what the visibilities mean.
/// Gives the manifest's own SHA-256, which is what a verifier has to know. Where the manifest of another key lies in
/// its place (vk.key and vk.bin would share theirs), it is refused. `witness_path` gives the values of fixed inputs and
/// outputs. `max_memory`: bytes that the process may take, or 0 for no limit. errors: Fault::limit, before the work,
/// when it would take more.
EZKL_API std::string setup(const Path& model = "model.compiled", const Path& vk_path = "vk.key",
                           const Path& pk_path = "pk.key", const std::optional<Path>& srs_path = std::nullopt,
                           const std::optional<Path>& witness_path = std::nullopt,
                           bool disable_selector_compression = false, std::uint64_t max_memory = 0,
                           std::uint64_t max_model_size = 0);

/// Writes the manifest of a key that is there already (made elsewhere, or by gen_vk_from_pk_single), to `output` or beside
/// the key, and gives its SHA-256. With `compiled_circuit` the key is made again from it and compared, which takes what
/// setup takes; with `model` the SHA-256 of that ONNX file is noted. What is given of neither, nobody can tell from a key.
/// errors: Fault::unsatisfied for files that do not belong together.
EZKL_API std::string write_manifest(const Path& settings_path = "settings.json", const Path& vk_path = "vk.key",
                                    const std::optional<Path>& srs_path = std::nullopt,
                                    const std::optional<Path>& compiled_circuit = std::nullopt,
                                    const std::optional<Path>& model = std::nullopt,
                                    const std::optional<Path>& output = std::nullopt, std::uint64_t max_model_size = 0);

/// What a proof says and the proof itself.
struct ProofResult {
  std::vector<std::vector<std::string>> instances;  ///< field elements as 64 hexadecimal digits, little-endian
  std::vector<std::uint8_t> proof;
};

struct ProveOptions {
  CheckMode check_mode = CheckMode::unsafe;  ///< safe: the proof is verified before it is written
  /// Makes the proof reproducible, and no longer hides the witness: for tests only.
  std::optional<std::uint64_t> seed;
  /// Bytes of memory that the process may take, or 0 for no limit: what does not fit is computed again where it is
  /// needed (slower, the same proof). errors of prove: Fault::limit when no way of proving fits.
  std::uint64_t max_memory = 0;
  /// A key's manifest. Compiled model, key or setup that are others than it says are refused: Fault::unsatisfied.
  std::optional<Path> manifest;
  std::uint64_t max_model_size = 0;
};

/// Runs the model on the witness's inputs, compares the outputs, and proves the run. Writes proof.json to `proof_path`
/// if there is one. errors: Fault::unsatisfied for a witness whose outputs are not the model's; Fault::format also for
/// a key or a setup whose proof does not verify, where that is checked.
EZKL_API ProofResult prove(const Path& witness = "witness.json", const Path& model = "model.compiled",
                           const Path& pk_path = "pk.key", const std::optional<Path>& proof_path = std::nullopt,
                           const std::optional<Path>& srs_path = std::nullopt, const ProveOptions& options = {});

/// Gives true, or throws Fault::unsatisfied for a proof that does not hold.
///
/// The key binds the circuit, and nothing binds settings to a key: scales, visibilities and waived checks are what the
/// settings say. So they are compared with the key's manifest. One that merely lies beside the key must fit, and shows that
/// nothing was mixed up. `manifest` names one that comes from the model's owner, `digest` is the SHA-256 of one as its
/// owner tells it (setup gives it): only with one of these two is it known what was proved.
EZKL_API bool verify(const Path& proof_path = "proof.json", const Path& settings_path = "settings.json",
                     const Path& vk_path = "vk.key", const std::optional<Path>& srs_path = std::nullopt,
                     bool reduced_srs = false, const std::optional<Path>& manifest = std::nullopt,
                     const std::optional<std::string>& digest = std::nullopt);

/// Puts the witness's commitments at the front of the proof. Gives whether that changed its bytes.
EZKL_API bool swap_proof_commitments(const Path& proof_path = "proof.json", const Path& witness_path = "witness.json");

/// How `table` shows a model: a line a node, a picture, or text for Graphviz.
enum class TableFormat : std::uint8_t { text, svg, dot };

/// The model's nodes: operator, inputs, shape, scale.
EZKL_API std::string table(const Path& model = "network.onnx", const RunArgs& run_args = library_run_args(),
                           TableFormat format = TableFormat::text, std::uint64_t max_model_size = 0);

/// Writes random inputs for a model, the same numbers as the published package for the same seed. errors: Fault::usage
/// for bounds between which there are none, or that are too far apart for 32-bit floats.
EZKL_API void gen_random_data(const Path& model = "network.onnx", const Path& output = "input.json",
                              const std::vector<std::pair<std::string, std::size_t>>& variables = {{"batch_size", 1}},
                              std::uint64_t seed = 21242, std::optional<float> min = std::nullopt,
                              std::optional<float> max = std::nullopt, std::uint64_t max_model_size = 0);

/// Writes the verifying key that a proving key holds.
EZKL_API void gen_vk_from_pk_single(const Path& path_to_pk = "pk.key",
                                    const Path& circuit_settings_path = "settings.json",
                                    const Path& vk_output_path = "vk.key");

/// Each instance column and the proof in hexadecimal, a line each.
EZKL_API std::string print_proof_hex(const Path& proof_path = "proof.json");

// A model in parts, each with a circuit and a proof of its own (docs/split.md). A split is a folder: split.json and one
// folder a part, with the usual names inside.

/// Where a model is cut, by exactly one of the first three, and how its parts are linked.
struct SplitOptions {
  std::optional<std::size_t> max_rows;  ///< circuits of at most so many rows
  std::optional<std::size_t> parts;     ///< so many parts of much the same size
  std::vector<std::string> at;          ///< behind these tensors or nodes
  /// What a proof shows of a tensor that two parts share: hashed_public, polycommit or public_.
  Visibility::Kind link = Visibility::Kind::hashed_public;
};

/// Cuts a model into parts and writes of each the ONNX model, settings and compiled circuit. The visibilities of
/// `run_args` hold for the first part's inputs, the last part's outputs and all parameters. Gives `output` back.
EZKL_API Path split_model(const Path& model, const Path& output, const RunArgs& run_args, const SplitOptions& options,
                          std::uint64_t max_model_size = 0);

/// SHA-256 of a split's verifying keys and settings, in order: which computation its proofs are of. 64 hexadecimal
/// digits.
EZKL_API std::string split_digest(const Path& split);

/// setup of every part. Parts with fixed inputs or outputs take their values from the witness that lies there. Gives the
/// digest of the split.
EZKL_API std::string setup_split(const Path& split, const std::optional<Path>& srs_path = std::nullopt,
                                 std::uint64_t max_model_size = 0);

/// Runs the parts one after the other on `data`: writes input.json and witness.json of each. With keys there and a setup
/// given, witnesses hold commitments too.
EZKL_API void gen_witness_split(const std::string& data, const Path& split,
                                const std::optional<Path>& srs_path = std::nullopt, std::uint64_t max_model_size = 0);

/// prove of every part, one after the other. They can as well be proved apart, at the same time or on other machines.
EZKL_API void prove_split(const Path& split, const std::optional<Path>& srs_path = std::nullopt,
                          const ProveOptions& options = {});

struct SplitVerdict {
  bool accepted = false;
  std::string reason;  ///< empty when accepted
  std::string digest;  ///< as split_digest: of what this is the verdict
};

/// Checks every part's proof, and that each part was run on what the part before it gave. Which parts they are and in
/// which order is told by the digest: with `digest` any other is refused; without it the caller must know the keys.
/// errors: as verify for files that cannot be read or do not belong together.
EZKL_API SplitVerdict verify_split(const Path& split, const std::optional<Path>& srs_path = std::nullopt,
                                   bool reduced_srs = false, const std::optional<std::string>& digest = std::nullopt);

// On chain.

/// The Solidity verifier of one key, or with `reusable` the one that serves every key, and its ABI as JSON. Where the
/// one of the key would be too large for a chain, a warning says so and the other is written. `manifest` and `digest`,
/// here and in create_evm_vka, as for verify. The comment of a key's contract says what its instances are, where the setup
/// comes from and the manifest's digest.
EZKL_API void create_evm_verifier(const Path& vk_path = "vk.key", const Path& settings_path = "settings.json",
                                  const Path& sol_code_path = "evm_deploy.sol",
                                  const Path& abi_path = "verifier_abi.json",
                                  const std::optional<Path>& srs_path = std::nullopt, bool reusable = false,
                                  const std::optional<Path>& manifest = std::nullopt,
                                  const std::optional<std::string>& digest = std::nullopt);

/// A table of where the gas of one verification by the verifier of this key goes, and about how large its code is. Read
/// off the contract's text; within a percent of what a node says.
EZKL_API std::string evm_gas_report(const Path& vk_path = "vk.key", const Path& settings_path = "settings.json",
                                    const std::optional<Path>& srs_path = std::nullopt,
                                    const std::optional<Path>& manifest = std::nullopt,
                                    const std::optional<std::string>& digest = std::nullopt);

/// The key as words for the reusable verifier. `decimals` (at most 38) is how far rescaled instances are spelled out.
/// With `proof_instances` it announces the instances that proofs have, also where the published package's bytes count
/// more (circuits that hash only some of their inputs or outputs privately) or take hashes of outputs for the first
/// ones. Gives the digest that the contract calls the key by, 64 hexadecimal digits: what the key's owner publishes.
EZKL_API std::string create_evm_vka(const Path& vk_path = "vk.key", const Path& settings_path = "settings.json",
                                    const Path& vka_path = "vka.bytes",
                                    const std::optional<Path>& srs_path = std::nullopt, unsigned decimals = 18,
                                    bool proof_instances = false, const std::optional<Path>& manifest = std::nullopt,
                                    const std::optional<std::string>& digest = std::nullopt);

/// The calldata of a proof for the verifier, or with `vka_path` for the reusable one; also written to `calldata`.
/// errors: Fault::unsatisfied for a proof of another number of instances than the settings call for, or of more than the
/// vka announces; Fault::format, with settings, for numbers for people that are not those of the instances.
EZKL_API std::vector<std::uint8_t> encode_evm_calldata(const Path& proof = "proof.json",
                                                       const std::optional<Path>& calldata = "calldata.bytes",
                                                       const std::optional<Path>& vka_path = std::nullopt,
                                                       const std::optional<Path>& settings_path = std::nullopt);

/// Compiles a Solidity file and deploys its contract: `Halo2Verifier` or, for contract_type "verifier/reusable",
/// `Halo2VerifierReusable`. Writes the address to `addr_path`. `rpc_url` is the JSON-RPC interface of a node. The
/// compiler is the session's, or `solc` or `solcjs` of its program path. The account of the private key (64 hexadecimal
/// digits) pays; without a key it is the session's, and without that the first well-known account of local development
/// nodes. `max_fee`: the most ETH that the transaction may cost, a decimal number. `chain_id`: any other chain is refused.
/// The address is computed, and what lies there is compared with what was compiled.
/// errors: Fault::unsupported without a compiler, libcurl or libsecp256k1; Fault::format for a file that does not
/// compile; Fault::range, with nothing signed, when the node asks for more than `max_fee`; Fault::io when the node
/// cannot be reached or refuses.
EZKL_API void deploy_evm(const Path& addr_path, const std::string& rpc_url,
                         const Path& sol_code_path = "evm_deploy.sol", const std::string& contract_type = "verifier",
                         std::uint32_t optimizer_runs = 1,
                         const std::optional<std::string>& private_key = std::nullopt,
                         const std::string& max_fee = "0.1", std::optional<std::uint64_t> chain_id = std::nullopt);

/// Asks a deployed verifier about a proof, without a transaction: with `vka_path` it is the reusable one, whose
/// rescaled values are then compared with those of the proof. `addr_verifier` is an address or a file that holds one,
/// as deploy_evm writes it; a text that has the form of an address is one. `encoded_calldata` replaces `proof_path`, by
/// default proof.json; with `settings_path` the proof must have the instances that they call for, which the contract
/// checks too, and list no other numbers for people. `vka_digest`: a reusable verifier must have verified against the key
/// that create_evm_vka gave this digest for; without it a warning names the digest. `chain_id` as for deploy_evm. Gives
/// true.
/// errors: Fault::unsatisfied when the contract refuses or verified against another key; Fault::format for calldata of
/// another function; otherwise as deploy_evm.
EZKL_API bool verify_evm(const std::string& addr_verifier, const std::string& rpc_url,
                         const std::optional<Path>& proof_path = std::nullopt,
                         const std::optional<Path>& vka_path = std::nullopt,
                         const std::optional<Path>& encoded_calldata = std::nullopt,
                         const std::optional<Path>& settings_path = std::nullopt,
                         const std::optional<std::string>& vka_digest = std::nullopt,
                         std::optional<std::uint64_t> chain_id = std::nullopt);

/// Registers a key with a deployed reusable verifier and writes its digest as a list of bytes. errors: as deploy_evm.
EZKL_API void register_vka(const std::string& addr_verifier, const std::string& rpc_url,
                           const Path& vka_path = "vka.bytes", const Path& vka_digest_path = "vka.digest",
                           const std::optional<std::string>& private_key = std::nullopt,
                           const std::string& max_fee = "0.1", std::optional<std::uint64_t> chain_id = std::nullopt);

// Field elements are texts of 64 hexadecimal digits, least significant byte first.

/// The signed 128-bit integer that a field element stands for.
EZKL_API Int128 felt_to_int(const std::string& felt);
/// felt_to_int / 2^scale
EZKL_API double felt_to_float(const std::string& felt, int scale);
/// "0x" and 64 digits, most significant first.
EZKL_API std::string felt_to_big_endian(const std::string& felt);
/// Element types: Bool, F16, F32, F64, Int, TDim, Unknown. errors: Fault::range when the value does not fit.
EZKL_API std::string float_to_felt(double input, int scale, const std::string& input_type = "F64");
/// 16 bytes an element, read little-endian, the last one filled up with zeros.
EZKL_API std::vector<std::string> buffer_to_felts(const std::vector<std::uint8_t>& buffer);
/// One element; none for an empty message.
EZKL_API std::vector<std::string> poseidon_hash(const std::vector<std::string>& message);
/// The commitments of a message as compressed points in hexadecimal. The setup may be larger than the circuit.
EZKL_API std::vector<std::string> kzg_commit(const std::vector<std::string>& message, const Path& vk_path = "vk.key",
                                             const Path& settings_path = "settings.json",
                                             const std::optional<Path>& srs_path = std::nullopt);
/// The same for settings that say IPA.
EZKL_API std::vector<std::string> ipa_commit(const std::vector<std::string>& message, const Path& vk_path = "vk.key",
                                             const Path& settings_path = "settings.json",
                                             const std::optional<Path>& srs_path = std::nullopt);

}  // namespace ezkl
