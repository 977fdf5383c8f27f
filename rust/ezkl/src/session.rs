//! What calls take from their surroundings: options, log, progress, stop.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::OsString;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{env, fmt};

use ezkl_sys::{ezkl_cancel, ezkl_session};

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// What fails.
    Error,
    /// What a user has to know, such as what a proof does not bind.
    Warn,
    /// What is done.
    Info,
    /// For finding faults.
    Debug,
    /// For finding faults, in detail.
    Trace,
}

impl LogLevel {
    pub(crate) const ALL: [LogLevel; 5] =
        [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug, LogLevel::Trace];
}

/// One thing that the library says.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LogRecord<'a> {
    /// How serious it is.
    pub level: LogLevel,
    /// The part of the library that says it: `api`, `graph`.
    pub module: &'a str,
    /// What.
    pub text: &'a str,
}

/// How far a call is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// What is being done: `commit`.
    pub phase: &'a str,
    /// Steps of the phase.
    pub done: u64,
    /// All its steps; 0: they are not counted.
    pub total: u64,
    /// The part of the call that is done, 0 to 1 by predicted cost; 0: nothing is predicted.
    pub part: f64,
}

/// The key of an account; not shown by `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateKey(String);

impl<T: Into<String>> From<T> for PrivateKey {
    fn from(digits: T) -> PrivateKey {
        PrivateKey(digits.into())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

impl crate::arguments::Argument for PrivateKey {
    fn write<'a>(&'a self, out: &mut crate::arguments::Arguments<'a>) -> crate::Result<()> {
        out.text(&crate::json::quoted(&self.0))
    }
}

/// What a [`Session`] is made of. The default is nothing of the kind; [`SessionOptions::from_environment`] is what
/// functions have outside of sessions.
#[derive(Clone, Debug, Default)]
pub struct SessionOptions {
    /// Threads that work for a call, the calling one included; one a processor.
    pub threads: Option<u32>,
    /// `portable`, `adx`, `avx2` or `avx512`: the same for all sessions of a process.
    pub kernels: Option<String>,
    /// Bytes that the process may take in setup and prove; no limit.
    pub max_memory: Option<u64>,
    /// Most columns times rows of a circuit; no limit.
    pub max_circuit_area: Option<u64>,
    /// Where setups lie that no path names: `kzg{k}.srs` and `ipa{k}.srs`. Without one they must be named.
    pub srs_folder: Option<PathBuf>,
    /// What `get_srs` fetches from; the public mirror.
    pub srs_mirror: Option<String>,
    /// How points stand in key files: `raw-bytes` (the default), `raw-bytes-unchecked` or `processed`.
    pub key_format: Option<String>,
    /// The Solidity compiler; `solc` or `solcjs` of `program_path`.
    pub solidity_compiler: Option<PathBuf>,
    /// Folders of programs, colons between them.
    pub program_path: Option<OsString>,
    /// Who pays for transactions where no argument says.
    pub private_key: Option<PrivateKey>,
}

impl SessionOptions {
    /// What the variables of docs/environment.md say, as the command line and the Python package read them.
    pub fn from_environment() -> SessionOptions {
        SessionOptions::of_variables(|name| env::var_os(name).filter(|value| !value.is_empty()))
    }

    fn of_variables(variable: impl Fn(&str) -> Option<OsString>) -> SessionOptions {
        let text = |name| variable(name).and_then(|value| value.into_string().ok());
        let threads = text("OMP_NUM_THREADS").and_then(|list| list.split(',').next()?.trim().parse::<u32>().ok());
        let named = variable("EZKL_REPO_PATH").map(PathBuf::from);
        let usual = || variable("HOME").map(|home| PathBuf::from(home).join(".ezkl"));
        SessionOptions {
            threads: threads.filter(|n| *n >= 1).map(|n| n.min(1024)),
            kernels: text("EZKL_CPU"),
            max_memory: None,
            max_circuit_area: text("EZKL_MAX_CIRCUIT_AREA").and_then(|area| area.trim().parse().ok()),
            srs_folder: named.or_else(usual).map(|folder| folder.join("srs")),
            srs_mirror: text("EZKL_SRS_MIRROR"),
            key_format: text("EZKL_KEY_FORMAT"),
            solidity_compiler: variable("EZKL_SOLC").map(PathBuf::from),
            program_path: variable("PATH"),
            private_key: text("EZKL_PRIVATE_KEY").map(PrivateKey),
        }
    }

    /// Those that are given, as the library takes them.
    pub(crate) fn texts(&self) -> Vec<(&'static str, OsString)> {
        let number = |value: Option<u64>| value.map(|n| OsString::from(n.to_string()));
        let text = |value: &Option<String>| value.as_ref().map(OsString::from);
        let path = |value: &Option<PathBuf>| value.as_ref().map(|path| path.clone().into_os_string());
        let all = [
            ("threads", number(self.threads.map(u64::from))),
            ("kernels", text(&self.kernels)),
            ("max_memory", number(self.max_memory)),
            ("max_circuit_area", number(self.max_circuit_area)),
            ("srs_folder", path(&self.srs_folder)),
            ("srs_mirror", text(&self.srs_mirror)),
            ("key_format", text(&self.key_format)),
            ("solidity_compiler", path(&self.solidity_compiler)),
            ("program_path", self.program_path.clone()),
            ("private_key", self.private_key.as_ref().map(|key| OsString::from(&key.0))),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

pub(crate) type ProgressFunction = dyn Fn(&Progress<'_>) -> ControlFlow<()> + Send + Sync;
pub(crate) type LogFunction = dyn Fn(&LogRecord<'_>) + Send + Sync;

/// The surroundings of calls: what runs within [`Session::run`] has its options and tells it log and progress.
///
/// A session may serve several threads at once. Outside of any, options are those of the environment. Where nobody
/// listens to the log, warnings go to standard error.
///
/// ```
/// use ezkl::{Session, SessionOptions};
/// let session = Session::new(SessionOptions { threads: Some(2), ..SessionOptions::from_environment() });
/// assert_eq!(session.run(|| ezkl::felt_to_int(&format!("05{}", "0".repeat(62))))?, 5);
/// # Ok::<(), ezkl::Error>(())
/// ```
#[derive(Clone)]
pub struct Session {
    options: Arc<SessionOptions>,
    progress: Option<Arc<ProgressFunction>>,
    log_level: LogLevel,
    log: Arc<LogFunction>,
    stopper: Stopper,
}

thread_local! {
    static CURRENT: RefCell<Option<Session>> = const { RefCell::new(None) };
}

impl Session {
    /// A session with these options. What is wrong with them the calls say.
    pub fn new(options: SessionOptions) -> Session {
        Session {
            options: Arc::new(options),
            progress: None,
            log_level: LogLevel::Warn,
            log: Arc::new(|record| eprintln!("ezkl: {}", record.text)),
            stopper: Stopper::default(),
        }
    }

    /// `listen` is told how far calls are, at least every 100 ms, on the thread that called; `Break` ends the call with
    /// [`Fault::Cancelled`](crate::Fault::Cancelled). A panic in it ends the call and goes on behind it.
    #[must_use]
    pub fn on_progress(self, listen: impl Fn(&Progress<'_>) -> ControlFlow<()> + Send + Sync + 'static) -> Session {
        Session { progress: Some(Arc::new(listen)), ..self }
    }

    /// `listen` gets all that is said up to `level`, from any thread, also from several at once.
    #[must_use]
    pub fn on_log(self, level: LogLevel, listen: impl Fn(&LogRecord<'_>) + Send + Sync + 'static) -> Session {
        Session { log_level: level, log: Arc::new(listen), ..self }
    }

    /// Runs `work`, whose calls are in this session; also within another one.
    pub fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        struct Restore(Option<Session>);
        impl Drop for Restore {
            fn drop(&mut self) {
                let before = self.0.take();
                CURRENT.with(|current| *current.borrow_mut() = before);
            }
        }
        let _restore = Restore(CURRENT.with(|current| current.borrow_mut().replace(self.clone())));
        work()
    }

    /// What ends the session's calls from elsewhere.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    pub(crate) fn current() -> Session {
        CURRENT
            .with(|current| current.borrow().clone())
            .unwrap_or_else(|| Session::new(SessionOptions::from_environment()))
    }

    pub(crate) fn options(&self) -> &SessionOptions {
        &self.options
    }

    pub(crate) fn progress(&self) -> Option<&ProgressFunction> {
        self.progress.as_deref()
    }

    pub(crate) fn log(&self) -> (LogLevel, &LogFunction) {
        (self.log_level, &*self.log)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("options", &self.options).field("log_level", &self.log_level).finish()
    }
}

/// Ends the calls of a session from any thread, but not from a signal handler.
#[derive(Clone, Default)]
pub struct Stopper(Arc<Mutex<Stopping>>);

#[derive(Default)]
struct Stopping {
    stopped: bool,
    running: HashSet<Handle>,
}

/// The library's session of a call, to cancel it by and for nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Handle(*mut ezkl_session);

// SAFETY: all that is done with it is ezkl_cancel, which is for any thread.
unsafe impl Send for Handle {}
// SAFETY: likewise.
unsafe impl Sync for Handle {}

impl Handle {
    /// # Safety
    /// `session` is a session of the library that outlives what is given back and all copies of it.
    pub(crate) unsafe fn new(session: *mut ezkl_session) -> Handle {
        Handle(session)
    }

    pub(crate) fn cancel(self) {
        // SAFETY: the session is alive, as who made this said.
        unsafe { ezkl_cancel(self.0) };
    }
}

impl Stopper {
    /// Ends the session's calls, running ones and later ones, with [`Fault::Cancelled`](crate::Fault::Cancelled); no
    /// file is half-written.
    pub fn stop(&self) {
        let mut stopping = self.lock();
        stopping.stopped = true;
        stopping.running.iter().for_each(|handle| handle.cancel());
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    /// Takes `stop` back, for later calls.
    pub fn resume(&self) {
        self.lock().stopped = false;
    }

    fn lock(&self) -> MutexGuard<'_, Stopping> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Stopper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stopper({})", if self.is_stopped() { "stopped" } else { "not stopped" })
    }
}

/// Lets a session's stopper reach a call, until it is dropped.
pub(crate) struct Running {
    stopper: Stopper,
    handle: Handle,
}

impl Running {
    /// To be dropped before the library's session is, which takes the handle out of the stopper's reach.
    pub(crate) fn new(session: &Session, handle: Handle) -> Running {
        let running = Running { stopper: session.stopper(), handle };
        let mut stopping = running.stopper.lock();
        stopping.running.insert(handle);
        if stopping.stopped {
            handle.cancel();
        }
        drop(stopping);
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stopper.lock().running.remove(&self.handle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> SessionOptions {
        SessionOptions::of_variables(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn environment() {
        let options = of(&[("HOME", "/home/x"), ("OMP_NUM_THREADS", "4,2"), ("EZKL_PRIVATE_KEY", "ab")]);
        assert_eq!(options.srs_folder, Some(PathBuf::from("/home/x/.ezkl/srs")));
        assert_eq!(options.threads, Some(4));
        assert!(!format!("{:?}", options).contains("ab\""), "{:?}", options);
        assert_eq!(of(&[("HOME", "/h"), ("EZKL_REPO_PATH", "/r")]).srs_folder, Some(PathBuf::from("/r/srs")));
        for wrong in ["0", "-3", "many"] {
            assert_eq!(of(&[("OMP_NUM_THREADS", wrong)]).threads, None);
        }
        assert_eq!(of(&[("OMP_NUM_THREADS", "5000")]).threads, Some(1024));
        assert!(of(&[]).texts().is_empty());
        assert_eq!(options.texts().len(), 3);
    }

    #[test]
    fn sessions_nest_and_come_back_after_panics() {
        let of_threads = |n| Session::new(SessionOptions { threads: Some(n), ..Default::default() });
        let threads = || Session::current().options().threads;
        of_threads(3).run(|| {
            assert_eq!(threads(), Some(3));
            let panicked = std::panic::catch_unwind(|| of_threads(5).run(|| panic!("{:?}", threads())));
            assert!(panicked.is_err());
            assert_eq!(threads(), Some(3));
        });
        CURRENT.with(|current| assert!(current.borrow().is_none()));
    }

    #[test]
    fn stopping() {
        let session = Session::new(SessionOptions::default());
        let stopper = session.clone().stopper();
        stopper.stop();
        assert!(session.stopper().is_stopped());
        stopper.resume();
        assert!(!session.stopper().is_stopped());
    }
}
