#include "commands/commands.hpp"

namespace ezkl::cli {

std::span<const CommandGroup> all_commands() {
  static constexpr const Command* pipeline[] = {
      &run_command,
      &gen_settings_command,
      &calibrate_settings_command,
      &compile_circuit_command,
      &compile_model_command,
      &gen_srs_command,
      &get_srs_command,
      &setup_command,
      &gen_witness_command,
      &mock_command,
      &prove_command,
      &verify_command,
  };
  static constexpr const Command* models[] = {
      &check_command, &accuracy_command, &table_command, &split_command, &gen_random_data_command,
  };
  static constexpr const Command* chain[] = {
      &create_evm_verifier_command, &create_evm_vka_command,      &deploy_evm_command,
      &register_vka_command,        &encode_evm_calldata_command, &verify_evm_command,
  };
  static constexpr const Command* keys[] = {
      &manifest_command,
      &gen_vk_from_pk_command,
      &swap_proof_commitments_command,
      &print_proof_hex_command,
  };
  static constexpr const Command* felts[] = {
      &felt_to_int_command,     &felt_to_float_command, &felt_to_big_endian_command, &float_to_felt_command,
      &buffer_to_felts_command, &poseidon_hash_command, &kzg_commit_command,         &ipa_commit_command,
  };
  static constexpr CommandGroup groups[] = {
      {"From a model to a proof", pipeline},
      {"Models and data", models},
      {"On a chain", chain},
      {"Keys and proofs", keys},
      {"Field elements", felts},
  };
  return groups;
}

}  // namespace ezkl::cli
