//! Stories on a real Active Directory (Samba): what it does to names, and what follows in the tenant.
//!
//! They need root, because a domain controller listens on the ports it always has, so they are left
//! out unless they are asked for: `cargo xtask test active-directory`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod names;
mod scope;
mod story;
