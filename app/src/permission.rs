//! Whether who looks at the pages may also change things. Asked here by every component that can
//! change something, so that readers see their commands greyed with the reason. It is a courtesy:
//! the server refuses whatever a reader sends all the same.

use leptos::prelude::*;

/// What somebody may do with what the pages show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Permission {
    #[default]
    Change,
    Look,
}

/// Why a command of a reader does nothing.
const READERS_MAY_NOT_CHANGE: &str = "Your role may look, not change.";

impl Permission {
    /// As an attribute of the document says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Look => "look",
        }
    }

    /// The larger one for whatever is no other's name: the server refuses what it must.
    pub fn parse(word: &str) -> Self {
        match word {
            "look" => Self::Look,
            _ => Self::Change,
        }
    }

    /// Of the person for whom the page is being built; `root` provides it.
    pub fn here() -> Self {
        use_context().unwrap_or_default()
    }

    /// Why nothing can be changed; nothing for those who may.
    pub fn refusal(self) -> Option<&'static str> {
        (self == Self::Look).then_some(READERS_MAY_NOT_CHANGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_told_why_and_an_administrator_is_not() {
        assert!(Permission::Look.refusal().is_some());
        assert_eq!(Permission::Change.refusal(), None);
    }

    #[test]
    fn a_permission_comes_back_from_the_document_as_it_went_there() {
        for permission in [Permission::Change, Permission::Look] {
            assert_eq!(Permission::parse(permission.as_str()), permission);
        }
    }
}
