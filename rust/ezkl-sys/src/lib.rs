//! `ezkl/ezkl.h`, the C interface of libezkl, as it is there: what functions do and whom pointers belong to, the header
//! says. The crate `ezkl` is made to be used instead.
#![allow(non_camel_case_types)]

use std::marker::{PhantomData, PhantomPinned};
use std::os::raw::{c_char, c_int, c_void};

/// The interface that this crate speaks, to be compared with `ezkl_abi_version()`.
pub const EZKL_ABI_VERSION: u32 = 1;

pub const EZKL_OK: c_int = 0;
pub const EZKL_CANCELLED: c_int = 1;
pub const EZKL_USAGE: c_int = 2;
pub const EZKL_IO: c_int = 3;
pub const EZKL_FORMAT: c_int = 4;
pub const EZKL_UNSUPPORTED: c_int = 5;
pub const EZKL_RANGE: c_int = 6;
pub const EZKL_UNSATISFIED: c_int = 7;
pub const EZKL_NO_MEMORY: c_int = 8;
pub const EZKL_DISK_FULL: c_int = 9;
pub const EZKL_LIMIT: c_int = 10;
pub const EZKL_INTERNAL: c_int = 70;

pub const EZKL_LOG_ERROR: c_int = 0;
pub const EZKL_LOG_WARN: c_int = 1;
pub const EZKL_LOG_INFO: c_int = 2;
pub const EZKL_LOG_DEBUG: c_int = 3;
pub const EZKL_LOG_TRACE: c_int = 4;

/// Options, callbacks and the last error of one chain of calls.
#[repr(C)]
pub struct ezkl_session {
    _private: [u8; 0],
    _neither_send_nor_sync: PhantomData<(*mut u8, PhantomPinned)>,
}

/// Bytes that the library owns until `ezkl_bytes_free`; as an argument, those of the caller.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ezkl_bytes {
    pub data: *mut u8,
    pub size: usize,
    pub owner: *mut c_void,
}

pub type ezkl_progress_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, phase: *const c_char, done: u64, total: u64, part: f64) -> c_int>;
pub type ezkl_log_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, level: c_int, module: *const c_char, text: *const c_char)>;

#[rustfmt::skip] // a line a function, which tests/header.rs compares with the header
extern "C" {
    pub fn ezkl_abi_version() -> u32;
    pub fn ezkl_version() -> *const c_char;
    pub fn ezkl_compatible_version() -> *const c_char;
    pub fn ezkl_session_new() -> *mut ezkl_session;
    pub fn ezkl_session_free(session: *mut ezkl_session);
    pub fn ezkl_set_progress(session: *mut ezkl_session, function: ezkl_progress_fn, user: *mut c_void) -> c_int;
    pub fn ezkl_set_log(session: *mut ezkl_session, function: ezkl_log_fn, user: *mut c_void, level: c_int) -> c_int;
    pub fn ezkl_set_option(session: *mut ezkl_session, name: *const c_char, value: *const c_char) -> c_int;
    pub fn ezkl_cancel(session: *mut ezkl_session);
    pub fn ezkl_error_message(session: *const ezkl_session) -> *const c_char;
    pub fn ezkl_error_details(session: *const ezkl_session) -> *const c_char;
    pub fn ezkl_run(session: *mut ezkl_session, command: *const c_char, arguments: *const c_char, r#in: *const ezkl_bytes, in_count: usize, result: *mut ezkl_bytes, out: *mut ezkl_bytes, out_count: usize) -> c_int;
    pub fn ezkl_gen_witness(session: *mut ezkl_session, compiled: *const u8, compiled_size: usize, input: *const u8, input_size: usize, witness: *mut ezkl_bytes) -> c_int;
    pub fn ezkl_prove(session: *mut ezkl_session, witness: *const u8, witness_size: usize, compiled_path: *const c_char, pk_path: *const c_char, srs_path: *const c_char, proof: *mut ezkl_bytes) -> c_int;
    pub fn ezkl_verify(session: *mut ezkl_session, proof_path: *const c_char, settings_path: *const c_char, vk_path: *const c_char, srs_path: *const c_char, reduced_srs: c_int) -> c_int;
    pub fn ezkl_verify_bytes(session: *mut ezkl_session, proof: *const ezkl_bytes, settings: *const ezkl_bytes, vk: *const ezkl_bytes, srs: *const ezkl_bytes, reduced_srs: c_int) -> c_int;
    pub fn ezkl_bytes_free(bytes: *mut ezkl_bytes);
}
