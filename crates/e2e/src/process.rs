//! Programs: started, listened to, and ended by their number.

use std::ffi::OsString;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
pub use rustix::process::Signal;
use rustix::process::{Pid, kill_process};

/// What a program wrote so far.
type Output = Arc<Mutex<Vec<u8>>>;

/// A program that runs. It is killed when it is let go.
pub struct Process {
    name: String,
    child: Child,
    output: Output,
    readers: Vec<JoinHandle<()>>,
}

/// A program that has ended.
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to its standard output.
    pub stdout: String,
    /// What it wrote to its standard error.
    pub stderr: String,
}

/// What would send a program elsewhere than the test means.
const AMBIENT: [&str; 8] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
];

/// Takes what the machine's environment says to programs out of the way; what the test says stays.
fn hermetic(command: &mut Command) {
    let said: Vec<OsString> = command.get_envs().map(|(name, _)| name.to_owned()).collect();
    for (name, _) in std::env::vars_os().filter(|(name, _)| !said.contains(name)) {
        let text = name.to_string_lossy();
        if AMBIENT.contains(&&*text) || text.starts_with("SIGHTGLASS_") {
            command.env_remove(&name);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
}

impl Process {
    /// Starts a program.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(name: &str, mut command: Command) -> Process {
        hermetic(&mut command);
        let mut child = command.spawn().unwrap_or_else(|error| {
            panic!("{name} ({:?}) cannot be started: {error}", command.get_program())
        });
        let output = Output::default();
        let stdout = child.stdout.take().expect("standard output is a pipe");
        let stderr = child.stderr.take().expect("standard error is a pipe");
        let readers = vec![gather(stdout, output.clone()), gather(stderr, output.clone())];
        Process { name: name.to_owned(), child, output, readers }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote so far, both streams together.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&self.output.lock()).into_owned()
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// When it is no more.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.id()).ok().and_then(Pid::from_raw);
        let sent = kill_process(id.expect("a process has a number"), signal);
        sent.unwrap_or_else(|error| panic!("{} cannot be signalled: {error}", self.name));
    }

    /// Kills it, as `kill -9` does, and waits until it is gone.
    pub fn kill(&mut self) {
        let _it_may_have_ended = self.child.kill();
        let _there_is_nothing_to_know = self.child.wait();
        self.join();
    }

    /// How it ended, if it has.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be asked")
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn wait(&mut self, limit: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                self.join();
                return status;
            }
            if begun.elapsed() > limit {
                let output = self.output();
                panic!("{} has not ended after {limit:?}; it wrote:\n{output}", self.name);
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// The memory it occupies now, in bytes.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn resident_memory(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// Lets the most memory be counted anew from what it occupies now.
    ///
    /// # Panics
    /// When the system does not let it.
    pub fn reset_peak_memory(&self) {
        let file = format!("/proc/{}/clear_refs", self.id());
        std::fs::write(&file, "5").unwrap_or_else(|error| panic!("{file}: {error}"));
    }

    /// The most memory it ever occupied, in bytes.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn peak_memory(&self) -> u64 {
        self.memory("VmHWM:")
    }

    /// The time it has spent on processors, which other programs do not prolong.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id()));
        let stat = stat.expect("a running process has figures");
        // The name in parentheses may hold anything; behind it, user and system time are the
        // twelfth and the thirteenth figure.
        let figures = stat.rsplit_once(')').map_or("", |(_, figures)| figures);
        let times = figures.split_whitespace().skip(11).take(2);
        let ticks: u64 = times.map(|ticks| ticks.parse::<u64>().expect("a time is a number")).sum();
        Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
    }

    fn memory(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()));
        let status = status.expect("a running process has a status");
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.expect("its memory is a number") * 1024
    }

    /// Everything it wrote is there once its streams are closed.
    fn join(&mut self) {
        for reader in self.readers.drain(..) {
            reader.join().expect("reading does not panic");
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            tell(&self.name, &self.output());
        }
    }
}

/// Runs a program to its end.
///
/// # Panics
/// When it cannot be started or does not end in time.
pub fn run(mut command: Command, limit: Duration) -> Finished {
    hermetic(&mut command);
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child =
        command.spawn().unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
    let [out, err] = [Output::default(), Output::default()];
    let stdout = child.stdout.take().expect("standard output is a pipe");
    let stderr = child.stderr.take().expect("standard error is a pipe");
    let readers = vec![gather(stdout, out.clone()), gather(stderr, err.clone())];
    let mut process = Process { name, child, output: out.clone(), readers };
    let status = process.wait(limit);
    let text = |output: &Output| String::from_utf8_lossy(&output.lock()).into_owned();
    Finished { status, stdout: text(&out), stderr: text(&err) }
}

impl Finished {
    /// What it wrote to its standard output, given that it went well.
    ///
    /// # Panics
    /// When it did not.
    pub fn succeeded(self) -> String {
        let Finished { status, stdout, stderr } = self;
        assert!(status.success(), "{status}\n{stdout}\n{stderr}");
        stdout
    }
}

/// Reads a stream to its end beside everything else, so that the program never waits.
fn gather(mut stream: impl Read + Send + 'static, output: Output) -> JoinHandle<()> {
    spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            output.lock().extend_from_slice(&buffer[..read]);
        }
    })
}

#[allow(clippy::print_stderr, reason = "who looks at a failed test wants to know")]
fn tell(name: &str, output: &str) {
    let lines: Vec<&str> = output.lines().collect();
    let last = lines[lines.len().saturating_sub(60)..].join("\n");
    eprintln!("--- the last that {name} wrote:\n{last}\n---");
}
