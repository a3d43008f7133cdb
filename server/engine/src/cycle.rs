//! One cycle's decisions: what is to be done ([`plan`]), and may it be done ([`deletion_guard`]).
//!
//! A cycle reads, plans, judges, and only then writes. What is here cannot write: it takes values
//! and gives values.

pub mod conflicts;
pub mod deletion_guard;
pub mod difference;
pub mod error_code;
pub mod mapped;
pub mod matching;
pub mod plan;
pub mod read_verdict;
pub mod taken_values;
