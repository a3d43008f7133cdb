//! What the portal asks the server for. Each function finds out who calls, calls one function of
//! `backend`, and returns; there is nothing else in it.
//!
//! Whoever adds one goes through `caller`: it is the only way to reach the backend, so nothing
//! can run for somebody who is not signed in.

pub mod access;
pub mod agents;
pub mod audit_logs;
pub(crate) mod caller;
pub mod configurations;
pub mod demo;
pub mod directories;
pub mod error;
pub mod expressions;
pub mod forest;
pub mod insights;
pub mod mailbox;
pub mod mappings;
pub mod on_demand;
pub mod previews;
pub mod provisioning_logs;
pub mod resource;
pub mod running;
pub mod search;
pub mod service_health;
pub mod session;
pub mod settings;
pub mod tenant;

pub use error::ApiError;
