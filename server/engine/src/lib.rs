//! Words and decisions. Everything that the product *decides* is decided here, by pure functions
//! over plain values; the server and the browser compile the same code.
//!
//! Invariants, kept by this crate's manifest and CI's wasm32 build:
//!
//! - No clock, no randomness, no files, no network, no async. Time and random values come in as
//!   arguments; reasons come out as data.
//! - Nothing is deleted without a verdict: [`cycle::deletion_guard`] is the only maker of
//!   [`cycle::deletion_guard::ApprovedPlan`], and only an approved plan can be exported.
//! - Absence means deletion only after a complete and plausible read ([`cycle::read_verdict`]).
//!
//! In reading order: [`directory`] (what is read), [`configuration`] (what an administrator
//! chose), [`expression`] (how values are computed), [`cycle`] (what is to be done, and may it be
//! done), [`health`] (how a configuration is, and when it runs again), [`tenant`] (what the cloud
//! holds), [`records`] and [`sign_in`] (what is shown afterwards), [`access`] (who may look),
//! [`forest`] and [`demo`] (the words of the demo and its forests), `password_hash` (what becomes
//! of a password; on servers and agents only).

pub mod access;
pub mod configuration;
pub mod cycle;
pub mod demo;
pub mod directory;
pub mod expression;
pub mod expression_builder;
pub mod forest;
pub mod health;
pub mod insights;
pub mod on_demand;
#[cfg(feature = "password-hash")]
pub mod password_hash;
pub mod preview;
pub mod records;
pub mod sign_in;
pub mod tenant;
pub mod timestamp;
