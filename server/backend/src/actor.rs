//! Who is acting, and what they may do.

use engine::records::Role;
use uuid::Uuid;

use crate::error::{Error, Result};

/// Who asks for something to be done. Audit entries carry its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Person {
        id: Uuid,
        display_name: String,
        email: String,
        role: Role,
        is_demo: bool,
    },
    /// A program with an access token that a person made.
    Program {
        /// The person's address and the token's name.
        name: String,
        /// Never more than the person's.
        role: Role,
    },
    /// Whoever may start the program on the server's machine.
    CommandLine,
    /// The service itself: the schedule, the guards.
    System,
}

impl Actor {
    /// As the audit log names it.
    pub fn name(&self) -> &str {
        match self {
            Self::Person { email, .. } => email,
            Self::Program { name, .. } => name,
            Self::CommandLine => "Command line",
            Self::System => "Cloud sync",
        }
    }

    /// Passes whoever may change things; every changing function begins with this.
    pub fn may_change(&self) -> Result<()> {
        match self {
            Self::CommandLine
            | Self::System
            | Self::Person {
                role: Role::HybridIdentityAdministrator,
                ..
            }
            | Self::Program {
                role: Role::HybridIdentityAdministrator,
                ..
            } => Ok(()),
            Self::Person {
                role: Role::ReportsReader,
                ..
            }
            | Self::Program {
                role: Role::ReportsReader,
                ..
            } => Err(Error::NotPermitted(
                "Your role may read but not change. Ask a Hybrid Identity Administrator.".into(),
            )),
        }
    }

    /// Passes whoever may say who else may come in. No token may: one that leaked would make others.
    pub fn may_manage_people(&self) -> Result<()> {
        match self {
            Self::Program { .. } => Err(Error::NotPermitted(
                "People and access tokens are managed by people, not by programs.".into(),
            )),
            Self::Person { .. } | Self::CommandLine | Self::System => self.may_change(),
        }
    }
}
