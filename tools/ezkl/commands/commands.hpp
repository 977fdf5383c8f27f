#pragma once

#include "options.hpp"

namespace ezkl::cli {

extern const Command gen_settings_command, calibrate_settings_command, accuracy_command, compile_circuit_command,
    compile_model_command, gen_srs_command, get_srs_command, encode_evm_calldata_command, create_evm_verifier_command,
    create_evm_vka_command, setup_command, gen_witness_command, mock_command, prove_command, verify_command,
    table_command, gen_random_data_command, swap_proof_commitments_command, print_proof_hex_command,
    gen_vk_from_pk_command, manifest_command, felt_to_int_command, felt_to_float_command, felt_to_big_endian_command,
    float_to_felt_command, buffer_to_felts_command, poseidon_hash_command, kzg_commit_command, ipa_commit_command,
    deploy_evm_command, register_vka_command, verify_evm_command, split_command, run_command, check_command;

}  // namespace ezkl::cli
