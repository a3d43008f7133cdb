//! The outside world: directories that are read, and the words in which they are asked.
//!
//! Invariants:
//!
//! - A reading that ends without [`ReadEvent::End`] was cut. Whoever consumes it must not conclude
//!   anything from what did not come.
//! - A reading flows through a bounded channel: a slow consumer slows the directory down, and
//!   nobody ever holds all objects.
//! - Only this crate sees LDAP. What leaves it are the engine's words.
//!
//! In reading order: [`source`] (the trait and its words), [`ldap`] (LDAP v3), [`memory`] (a
//! source with faults, for tests), [`conformance`] (what every source must pass), [`slapd`] and
//! [`samba`] (real directory servers, for tests).

#[cfg(any(test, feature = "testing"))]
pub mod conformance;
pub mod ldap;
#[cfg(any(test, feature = "testing"))]
pub mod memory;
#[cfg(feature = "testing")]
pub mod samba;
#[cfg(feature = "testing")]
pub mod slapd;
pub mod source;

pub use source::{
    Capabilities, ChangedPasswords, Chosen, Container, Cursor, Lookup, Observation,
    PASSWORDS_AT_ONCE, PasswordState, ReadEnd, ReadEvent, ReadRequest, Reading, Skipped, Source,
    SourceError, SourcePassword, SourceReport, Whereabouts,
};
