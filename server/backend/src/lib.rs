//! Doing things: the database, the cycles, the tenant, the logs.
//!
//! Invariants:
//!
//! - Each noun is one module with plain functions, context first. One noun never calls another's
//!   store; it calls the other noun's function and hands it the open transaction.
//! - Every change is one transaction: the row, its audit entry and its wake-up, or nothing.
//! - Nothing is written to the tenant before the whole plan was judged ([`runs`]).
//! - Time comes from [`clock`], identifiers from [`context`], stored credentials are opened by
//!   [`secrets`] only.
//!
//! In reading order: [`context`] (what everything needs), [`database`] and [`installation`] (whose it
//! is), [`directories`] and
//! [`forest`] (where objects come from), [`configurations`] (what an administrator wants),
//! [`runs`] (one cycle as a story), [`previews`] (the plan before it runs) and [`worker`] (who is
//! due), [`tenant`] (where objects go), [`password_hash_sync`] and [`credentials`] (with which
//! passwords), [`provisioning_logs`], [`audit`], [`notifications`] (what is told), [`service_health`], [`admins`] (who
//! may), [`exchange`] (configurations as a file),
//! [`demo`] (a world that can be put back).

pub mod actor;
pub mod admins;
pub mod audit;
mod call_limit;
pub mod clock;
pub mod configurations;
pub mod context;
pub mod credentials;
pub mod database;
pub mod demo;
pub mod directories;
pub mod error;
pub mod exchange;
pub mod expressions;
pub mod forest;
mod identifiers;
pub mod insights;
pub mod installation;
pub mod notifications;
pub mod password_hash_sync;
pub mod previews;
pub mod provisioning_logs;
pub mod runs;
pub mod secrets;
pub mod service_health;
pub mod tenant;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod worker;

pub use actor::Actor;
pub use context::Backend;
pub use error::{Error, Result};
