//! The two generations of the portal that is imitated: the one of 2021, which the guide describes,
//! and the one that followed. The pages stand on the same server functions; words and their order
//! differ.

use leptos::prelude::*;

/// Which generation the reader chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Skin {
    /// 2021: everything about a configuration on one page.
    #[default]
    Classic,
    /// From 2023 on: an overview, five steps, a page for each topic.
    New,
}

impl Skin {
    /// As a cookie and an attribute say it.
    pub fn as_str(self) -> &'static str {
        self.choose("classic", "new")
    }

    /// The classic one for whatever is no other's name.
    pub fn parse(word: &str) -> Self {
        match word {
            "new" => Self::New,
            _ => Self::Classic,
        }
    }

    /// The skin of the portal that is being built; `root` provides it.
    pub fn here() -> Self {
        use_context().unwrap_or_default()
    }

    pub fn is_new(self) -> bool {
        self == Self::New
    }

    pub fn choose<T>(self, classic: T, new: T) -> T {
        match self {
            Self::Classic => classic,
            Self::New => new,
        }
    }
}

/// What the newer portal calls things otherwise: classic words, then new ones.
const OTHER_WORDS: [(&str, &str); 14] = [
    ("Azure Active Directory", "Microsoft Entra ID"),
    ("Azure AD Connect", "Microsoft Entra Connect"),
    ("Azure AD Connect cloud sync", "Cloud sync"),
    ("Open Azure AD Connect", "Open Microsoft Entra Connect"),
    ("Manage cloud sync", "Cloud sync"),
    ("On-premises provisioning agents", "Agents"),
    (
        "Active Directory to Azure AD",
        "AD to Microsoft Entra ID sync",
    ),
    ("Edit provisioning configuration", "Overview"),
    ("Attribute mappings", "Attribute mapping"),
    ("Click to edit mappings", "Attribute mapping"),
    ("Restart provisioning", "Restart sync"),
    ("Restart provisioning?", "Restart sync?"),
    (
        "Restart provisioning while deletions are held?",
        "Restart sync while deletions are held?",
    ),
    ("Provision a user", "Provision on demand"),
];

/// A classic word as the chosen skin says it.
pub fn word(classic: &'static str) -> &'static str {
    word_in(Skin::here(), classic)
}

fn word_in(skin: Skin, classic: &'static str) -> &'static str {
    let other = OTHER_WORDS.iter().find(|(word, _)| *word == classic);
    match (skin, other) {
        (Skin::New, Some((_, new))) => new,
        _ => classic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_portal_has_other_words_for_some_things() {
        assert_eq!(word_in(Skin::New, "Restart provisioning"), "Restart sync");
        assert_eq!(
            word_in(Skin::Classic, "Restart provisioning"),
            "Restart provisioning"
        );
        assert_eq!(word_in(Skin::New, "Provisioning logs"), "Provisioning logs");
    }

    #[test]
    fn a_skin_is_named_in_cookies() {
        for skin in [Skin::Classic, Skin::New] {
            assert_eq!(Skin::parse(skin.as_str()), skin);
        }
        assert_eq!(Skin::parse("<script>"), Skin::Classic);
    }
}
