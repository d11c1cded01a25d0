//! Alerts over time, and the whole with a real server at the other end.

mod delivery;
mod timelines;
mod views;
