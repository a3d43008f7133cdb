//! Why nobody is deleted for being out of scope, in this cycle.

use crate::directory::Dn;

/// What makes it doubtful that an object has left the scope. Whoever is in scope is synchronized
/// all the same; whoever seems to be out of it is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeDoubt {
    /// The cycle looks at changed objects only, although the scope was changed: what the new scope
    /// takes away is seen as a whole by a restart, and one by one it would pass every threshold.
    AwaitsRestart,
    /// Chosen groups or organizational units that the directory does not show any more. They may
    /// have been deleted, or hidden from the bind account.
    NotFound(Vec<Dn>),
    /// Chosen groups or organizational units were renamed or moved while the directory was read.
    Moved,
}

impl ScopeDoubt {
    /// What a person reads beside each object that is left as it is.
    pub(super) fn explanation(&self) -> String {
        match self {
            Self::AwaitsRestart => "The scope was changed and not evaluated for every object yet, \
                                    so the tenant object stays as it is. Restart provisioning."
                .to_owned(),
            Self::NotFound(names) => format!(
                "{} cannot be found in the directory any more, so the tenant object stays as it is. \
                 Change the scoping filter, or let the bind account see it again.",
                list(names)
            ),
            Self::Moved => "What was chosen as scope was renamed or moved during the reading, so \
                            the tenant object stays as it is. The next cycle looks again."
                .to_owned(),
        }
    }

    /// What the status says of the cycle as a whole.
    pub fn warning(&self) -> Option<String> {
        match self {
            Self::AwaitsRestart => None,
            Self::NotFound(names) => Some(format!(
                "The scope names {}, which the directory does not show any more. Nobody is deleted \
                 for it. Change the scoping filter, or let the bind account see it again.",
                list(names)
            )),
            Self::Moved => Some(
                "What was chosen as scope was renamed or moved during the reading. Nobody is \
                 deleted for it; the next cycle looks again."
                    .to_owned(),
            ),
        }
    }
}

fn list(names: &[Dn]) -> String {
    let names: Vec<&str> = names.iter().map(Dn::as_str).collect();
    names.join(" and ")
}
