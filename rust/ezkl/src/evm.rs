//! On chain (docs/evm.md).

use std::path::PathBuf;

use crate::arguments::{words, Input};
use crate::command::command;
use crate::session::PrivateKey;

words! {
    /// Which contract [`DeployEvm`] deploys.
    ContractType {
        /// The verifier of one key.
        #[default]
        Verifier = "verifier",
        /// The one that serves every key.
        Reusable = "verifier/reusable",
    }
}

command! {
    /// Writes the Solidity verifier of a key, or with `reusable` the one that serves every key, and its ABI.
    CreateEvmVerifier = "create_evm_verifier" -> () {
        /// The verifying key.
        vk_path: Input = "vk.key".into(),
        /// The settings.
        settings_path: Input = "settings.json".into(),
        /// Where the contract goes.
        sol_code_path: PathBuf = "evm_deploy.sol".into(),
        /// Where its ABI goes.
        abi_path: PathBuf = "verifier_abi.json".into(),
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// The one for every key.
        reusable: bool = false,
        /// The manifest that the model's owner gave.
        manifest: Option<Input> = None,
        /// The digest that the owner tells: another manifest is refused.
        digest: Option<String> = None,
    }
    create_evm_verifier(vk_path: Input, settings_path: Input, sol_code_path: PathBuf, abi_path: PathBuf)
}

command! {
    /// A table of where the gas of one verification goes.
    EvmGasReport = "evm_gas_report" -> String {
        /// The verifying key.
        vk_path: Input = "vk.key".into(),
        /// The settings.
        settings_path: Input = "settings.json".into(),
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// The manifest that the model's owner gave.
        manifest: Option<Input> = None,
        /// The digest that the owner tells: another manifest is refused.
        digest: Option<String> = None,
    }
    evm_gas_report(vk_path: Input, settings_path: Input)
}

command! {
    /// Writes a key as words for the reusable verifier, and gives the digest that the contract calls it by.
    CreateEvmVka = "create_evm_vka" -> String {
        /// The verifying key.
        vk_path: Input = "vk.key".into(),
        /// The settings.
        settings_path: Input = "settings.json".into(),
        /// Where the words go.
        vka_path: PathBuf = "vka.bytes".into(),
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// How far rescaled instances are spelled out, at most 38.
        decimals: u32 = 18,
        /// Announce the instances that proofs have, also where the published package's bytes count more.
        proof_instances: bool = false,
        /// The manifest that the model's owner gave.
        manifest: Option<Input> = None,
        /// The digest that the owner tells: another manifest is refused.
        digest: Option<String> = None,
    }
    create_evm_vka(vk_path: Input, settings_path: Input, vka_path: PathBuf)
}

command! {
    /// The calldata of a proof for the verifier, or with `vka_path` for the reusable one.
    EncodeEvmCalldata = "encode_evm_calldata" -> Vec<u8> {
        /// The proof.
        proof: Input = "proof.json".into(),
        /// Where the calldata is written too; `None`: nowhere.
        calldata: Option<PathBuf> = Some("calldata.bytes".into()),
        /// The key's words.
        vka_path: Option<Input> = None,
        /// Refuse a proof of another number of instances than these settings call for.
        settings_path: Option<Input> = None,
    }
    encode_evm_calldata(proof: Input)
}

command! {
    /// Compiles a contract and deploys it.
    DeployEvm = "deploy_evm" -> () {
        /// Where its address goes. Needed.
        addr_path: PathBuf = PathBuf::new(),
        /// The node's JSON-RPC interface. Needed.
        rpc_url: String = String::new(),
        /// The contract.
        sol_code_path: Input = "evm_deploy.sol".into(),
        /// Which one it is.
        contract_type: ContractType = ContractType::Verifier,
        /// For how many runs the compiler optimises.
        optimizer_runs: u32 = 1,
        /// Who pays; as the session says.
        private_key: Option<PrivateKey> = None,
        /// The most ETH that it may cost, a decimal number.
        max_fee: String = "0.1".to_string(),
        /// A node of another chain is refused.
        chain_id: Option<u64> = None,
    }
    deploy_evm(addr_path: PathBuf, rpc_url: String)
}

command! {
    /// Asks a deployed verifier about a proof, without a transaction. A refusal is
    /// [`Fault::Unsatisfied`](crate::Fault::Unsatisfied).
    VerifyEvm = "verify_evm" -> () {
        /// An address, or a file that holds one. Needed.
        addr_verifier: String = String::new(),
        /// The node's JSON-RPC interface. Needed.
        rpc_url: String = String::new(),
        /// The proof; `proof.json` without calldata.
        proof_path: Option<Input> = None,
        /// The key's words, for the reusable verifier.
        vka_path: Option<Input> = None,
        /// Calldata in place of the proof.
        encoded_calldata: Option<Input> = None,
        /// The proof must have the instances that these settings call for, and list the same numbers.
        settings_path: Option<Input> = None,
        /// The digest of the key as its owner tells it: a reusable verifier that checked against another is refused.
        vka_digest: Option<String> = None,
        /// A node of another chain is refused.
        chain_id: Option<u64> = None,
    }
    verify_evm(addr_verifier: String, rpc_url: String)
}

command! {
    /// Registers a key with a deployed reusable verifier.
    RegisterVka = "register_vka" -> () {
        /// An address, or a file that holds one. Needed.
        addr_verifier: String = String::new(),
        /// The node's JSON-RPC interface. Needed.
        rpc_url: String = String::new(),
        /// The key's words.
        vka_path: Input = "vka.bytes".into(),
        /// Where their digest goes.
        vka_digest_path: PathBuf = "vka.digest".into(),
        /// Who pays; as the session says.
        private_key: Option<PrivateKey> = None,
        /// The most ETH that it may cost, a decimal number.
        max_fee: String = "0.1".to_string(),
        /// A node of another chain is refused.
        chain_id: Option<u64> = None,
    }
    register_vka(addr_verifier: String, rpc_url: String, vka_path: Input)
}
