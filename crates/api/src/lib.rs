//! Every listener: the native API and the compatible ones.
