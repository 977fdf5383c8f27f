//! One call of the library: the border to C.

use std::any::Any;
use std::ffi::{CStr, CString};
use std::ops::ControlFlow;
use std::os::raw::{c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::ptr;
use std::sync::{Mutex, PoisonError};

use ezkl_sys::*;

use crate::arguments::Arguments;
use crate::error::{Error, Fault, Result};
use crate::json::Value;
use crate::session::{Handle, LogLevel, LogRecord, Progress, Running, Session};

/// What a command gave: JSON, and the files that were to be in memory.
pub(crate) struct Answer {
    pub(crate) json: String,
    pub(crate) outputs: Vec<Vec<u8>>,
}

impl Answer {
    pub(crate) fn value(&self) -> Result<Value> {
        Value::parse(&self.json).map_err(|e| e.within("result"))
    }
}

/// Runs a command of `ezkl_run` in the session of the thread.
pub(crate) fn call(command: &str, arguments: Arguments<'_>) -> Result<Answer> {
    let session = Session::current();
    let library = Library::new()?;
    for (name, value) in session.options().texts() {
        library.set_option(name, value.as_bytes())?;
    }
    let (level, _) = session.log();
    // SAFETY: `library`, which frees the session, is dropped behind all that is made from here on.
    let handle = unsafe { Handle::new(library.0) };
    let callbacks = Callbacks { session: &session, handle, panic: Mutex::new(None) };
    let user = &callbacks as *const Callbacks<'_> as *mut c_void;
    let progress: ezkl_progress_fn = if session.progress().is_some() { Some(tell_progress) } else { None };
    // SAFETY: `callbacks` outlives the only call, and callbacks are only called while it runs.
    let set = unsafe {
        [ezkl_set_progress(library.0, progress, user), ezkl_set_log(library.0, Some(tell_log), user, level as c_int)]
    };
    if set.iter().any(|code| *code != EZKL_OK) {
        return Err(library.error(set[0].max(set[1])));
    }
    let running = Running::new(&session, handle);
    let answer = library.run(command, arguments);
    drop(running);
    if let Some(panic) = callbacks.panic.into_inner().unwrap_or_else(PoisonError::into_inner) {
        resume_unwind(panic);
    }
    answer
}

/// A session of the library, for one call.
struct Library(*mut ezkl_session);

impl Library {
    fn new() -> Result<Library> {
        // SAFETY: has no arguments.
        let spoken = unsafe { ezkl_abi_version() };
        if spoken != EZKL_ABI_VERSION {
            let text = format!("this libezkl has interface {}, and the crate speaks {}", spoken, EZKL_ABI_VERSION);
            return Err(Error::new(Fault::Unsupported, text));
        }
        // SAFETY: has no arguments.
        let session = unsafe { ezkl_session_new() };
        if session.is_null() {
            return Err(Error::new(Fault::OutOfMemory, "no memory"));
        }
        Ok(Library(session))
    }

    fn set_option(&self, name: &str, value: &[u8]) -> Result<()> {
        let (name, value) = (c_text(name.as_bytes())?, c_text(value).map_err(|e| e.within(name))?);
        // SAFETY: no call runs, and both texts end in 0.
        let code = unsafe { ezkl_set_option(self.0, name.as_ptr(), value.as_ptr()) };
        if code == EZKL_OK {
            Ok(())
        } else {
            Err(self.error(code))
        }
    }

    fn run(&self, command: &str, arguments: Arguments<'_>) -> Result<Answer> {
        let (json, memory, count) = arguments.finish();
        let (command, json) = (c_text(command.as_bytes())?, c_text(&json)?);
        let inputs: Vec<ezkl_bytes> = memory
            .iter()
            .map(|bytes| ezkl_bytes { data: bytes.as_ptr() as *mut u8, size: bytes.len(), owner: ptr::null_mut() })
            .collect();
        let mut result = Bytes::none();
        let mut outputs: Vec<Bytes> = (0..count).map(|_| Bytes::none()).collect();
        // SAFETY: texts end in 0. Inputs, which are only read, and outputs live until the call is back, and `Bytes` is
        // laid out as ezkl_bytes. No other call of this session runs.
        let code = unsafe {
            ezkl_run(
                self.0,
                command.as_ptr(),
                json.as_ptr(),
                inputs.as_ptr(),
                inputs.len(),
                &mut result.0,
                outputs.as_mut_ptr().cast(),
                outputs.len(),
            )
        };
        if code != EZKL_OK {
            return Err(self.error(code));
        }
        let json = String::from_utf8(result.copy());
        Ok(Answer {
            json: json.map_err(|_| Error::new(Fault::Internal, "the library's result is no UTF-8"))?,
            outputs: outputs.iter().map(Bytes::copy).collect(),
        })
    }

    /// What the call that gave `code` says.
    fn error(&self, code: c_int) -> Error {
        // SAFETY: the text is valid until the next call of this session, and is copied before.
        let details = unsafe { text(ezkl_error_details(self.0)) };
        let said = Value::parse(&details).ok().and_then(|value| Error::of_details(&value));
        // There is no text where there was no memory for it.
        said.unwrap_or_else(|| Error::new(Fault::of_code(code), Fault::of_code(code).name().replace('_', " ")))
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // SAFETY: no call runs any more, and nobody else has the handle: `Running` is gone.
        unsafe { ezkl_session_free(self.0) };
    }
}

/// Bytes that the library owns.
#[repr(transparent)]
struct Bytes(ezkl_bytes);

impl Bytes {
    fn none() -> Bytes {
        Bytes(ezkl_bytes { data: ptr::null_mut(), size: 0, owner: ptr::null_mut() })
    }

    fn copy(&self) -> Vec<u8> {
        if self.0.data.is_null() {
            return Vec::new();
        }
        // SAFETY: the library says that so many bytes are there, until they are freed.
        unsafe { std::slice::from_raw_parts(self.0.data, self.0.size) }.to_vec()
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        // SAFETY: they are the library's, or nobody's.
        unsafe { ezkl_bytes_free(&mut self.0) };
    }
}

fn c_text(bytes: &[u8]) -> Result<CString> {
    CString::new(bytes).map_err(|_| Error::new(Fault::Usage, "there is a 0 in it"))
}

/// # Safety
/// `text` is null or ends in 0.
unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: it is not null, and the caller says that it ends.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// What callbacks of one call need. Panics must not get into C++: the first one is kept, and ends the call.
struct Callbacks<'a> {
    session: &'a Session,
    handle: Handle,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Callbacks<'_> {
    /// Runs a function of the user's; none when it panicked.
    fn guarded<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        // What a panic leaves behind is seen by nobody but the user, to whom it goes on.
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(value) => Some(value),
            Err(panic) => {
                self.panic.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(panic);
                self.handle.cancel();
                None
            }
        }
    }
}

/// # Safety
/// `user` is a `Callbacks` that is alive, and `phase` a text that ends in 0.
unsafe extern "C" fn tell_progress(user: *mut c_void, phase: *const c_char, done: u64, total: u64, part: f64) -> c_int {
    // SAFETY: as the library and `call` say.
    let (callbacks, phase) = unsafe { (&*(user as *const Callbacks<'_>), text(phase)) };
    let told = callbacks.guarded(|| match callbacks.session.progress() {
        Some(listen) => listen(&Progress { phase: &phase, done, total, part }),
        None => ControlFlow::Continue(()),
    });
    c_int::from(told != Some(ControlFlow::Continue(())))
}

/// # Safety
/// `user` is a `Callbacks` that is alive, `module` and `said` are texts that end in 0. From any thread.
unsafe extern "C" fn tell_log(user: *mut c_void, level: c_int, module: *const c_char, said: *const c_char) {
    // SAFETY: as the library and `call` say; what other threads reach through `Callbacks` is Sync.
    let (callbacks, module, said) = unsafe { (&*(user as *const Callbacks<'_>), text(module), text(said)) };
    let level = LogLevel::ALL.into_iter().find(|known| *known as c_int == level).unwrap_or(LogLevel::Error);
    let (_, listen) = callbacks.session.log();
    callbacks.guarded(|| listen(&LogRecord { level, module: &module, text: &said }));
}

/// The release of the published package that files are interchangeable with: `23.0.5`.
pub fn version() -> String {
    // SAFETY: a text of the library that stays.
    unsafe { text(ezkl_compatible_version()) }
}

/// The version of the library: `1.0.0`.
pub fn own_version() -> String {
    // SAFETY: a text of the library that stays.
    unsafe { text(ezkl_version()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sync<T: Sync>(_: &T) {}

    #[test]
    fn callbacks_may_be_shared() {
        let (session, library) = (Session::current(), Library::new().unwrap());
        // SAFETY: `library` goes last.
        let handle = unsafe { Handle::new(library.0) };
        is_sync(&Callbacks { session: &session, handle, panic: Mutex::new(None) });
    }

    #[test]
    fn log_levels_are_those_of_the_header() {
        let numbers: Vec<c_int> = LogLevel::ALL.into_iter().map(|level| level as c_int).collect();
        assert_eq!(numbers, [EZKL_LOG_ERROR, EZKL_LOG_WARN, EZKL_LOG_INFO, EZKL_LOG_DEBUG, EZKL_LOG_TRACE]);
    }

    #[test]
    fn wrong_commands_and_options() {
        assert_eq!(call("no_such", Arguments::new()).err().unwrap().fault(), Fault::Usage);
        let library = Library::new().unwrap();
        assert_eq!(library.set_option("colour", b"red").unwrap_err().fault(), Fault::Usage);
        assert_eq!(library.set_option("threads", b"-3").unwrap_err().frames(), ["threads"]);
        assert_eq!(library.set_option("kernels", b"a\0b").unwrap_err().fault(), Fault::Usage);
        assert_eq!(library.error(EZKL_NO_MEMORY).fault(), Fault::Usage, "the library's own text wins");
        assert_eq!(Library::new().unwrap().error(EZKL_NO_MEMORY).to_string(), "out of memory");
    }
}
