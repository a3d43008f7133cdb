//! The embedded demo forests.
pub mod seed;
