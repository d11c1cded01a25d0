//! Wire formats in and out: bytes to batches, without I/O.
