//! placeholder
pub mod root;
