//! Rule files, and timelines of rules.

mod files;
mod timelines;
