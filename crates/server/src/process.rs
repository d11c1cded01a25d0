//! What the operating system says about this process.

use std::path::Path;

use api::Usage;
use env::Fs;

/// Memory and processor time, zero where /proc does not say.
pub(crate) fn usage(fs: &dyn Fs) -> Usage {
    let stat = read_proc(fs, "/proc/self/stat");
    Usage { memory_bytes: resident_bytes(&stat), cpu_seconds: cpu_seconds(&stat) }
}

/// Files this process has open.
pub(crate) fn open_files(fs: &dyn Fs) -> u64 {
    fs.list(Path::new("/proc/self/fd")).map_or(0, |entries| entries.len() as u64)
}

/// The machine's name.
pub(crate) fn hostname(fs: &dyn Fs) -> String {
    let name = read_proc(fs, "/proc/sys/kernel/hostname");
    if name.trim().is_empty() { "localhost".to_owned() } else { name.trim().to_owned() }
}

/// A file of /proc of more bytes than this is not what it should be.
const PROC_BYTES_MAX: u64 = 64 << 10;

/// A file of /proc; empty where there is none.
fn read_proc(fs: &dyn Fs, path: &str) -> String {
    let content = fs.read_unsized(Path::new(path), PROC_BYTES_MAX).unwrap_or_default();
    String::from_utf8_lossy(&content).into_owned()
}

/// The fields of /proc/self/stat behind the command, which may itself contain spaces (proc(5)).
fn stat_field(stat: &str, number: usize) -> u64 {
    let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
    let field = behind.split_whitespace().nth(number - 3);
    field.and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn resident_bytes(stat: &str) -> u64 {
    stat_field(stat, 24) * rustix::param::page_size() as u64
}

fn cpu_seconds(stat: &str) -> f64 {
    let ticks = stat_field(stat, 14) + stat_field(stat, 15);
    ticks as f64 / rustix::param::clock_ticks_per_second() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_behind_a_command_with_spaces() {
        let fields: Vec<String> = (3..=52).map(|n| n.to_string()).collect();
        let stat = format!("1 (a) b) {}", fields.join(" "));
        assert_eq!((stat_field(&stat, 14), stat_field(&stat, 24)), (14, 24));
        assert_eq!(stat_field("", 14), 0);
    }

    #[test]
    fn this_process_uses_something() {
        assert!(usage(&env::RealFs).memory_bytes > 0);
    }
}
