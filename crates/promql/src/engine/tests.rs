//! Both engines give the same answers, remarks and errors, and stop in the same way.

mod queries;
mod random;
mod series;
