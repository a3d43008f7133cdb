//! What a reader switched for this browser, beside theme and skin. Each is a cookie that the server
//! repeats as an attribute of the document, so that no page has to ask for it.

/// A switch of the settings panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// Deleting a configuration asks first. Off as usual: the guide deletes with one click.
    ConfirmDeleting,
    /// Times are told to the second, and never as "1 min ago".
    ExactTimes,
}

impl Preference {
    /// As the cookie is called, and the attribute behind `data-`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmDeleting => "confirm-deleting",
            Self::ExactTimes => "exact-times",
        }
    }
}

/// What cookie and attribute say while a preference is switched on.
pub const ON: &str = "on";

/// A key that works on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    Search,
    SearchMenu,
    Save,
    Notifications,
}

/// The cookie of the shortcuts that are switched off, and the attribute behind `data-`.
pub const SHORTCUTS_OFF: &str = "shortcuts-off";

impl Shortcut {
    pub const ALL: [Self; 4] = [
        Self::Search,
        Self::SearchMenu,
        Self::Save,
        Self::Notifications,
    ];

    /// As the cookie says it, and the box in the panel.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Search => "shortcut-search",
            Self::SearchMenu => "shortcut-menu",
            Self::Save => "shortcut-save",
            Self::Notifications => "shortcut-notifications",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Search => "Ctrl K: Search",
            Self::SearchMenu => "Ctrl /: Search in the menu",
            Self::Save => "Ctrl S: Save",
            Self::Notifications => "F8: To the notifications",
        }
    }
}

/// Which shortcuts a cookie switches off; nothing else that it says counts.
pub fn shortcuts_off(words: &str) -> Vec<Shortcut> {
    let is_named = |shortcut: &Shortcut| words.split('.').any(|word| word == shortcut.as_str());
    Shortcut::ALL.into_iter().filter(is_named).collect()
}

/// The cookie of these.
pub fn as_cookie(off: &[Shortcut]) -> String {
    let words: Vec<_> = off.iter().map(|shortcut| shortcut.as_str()).collect();
    words.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_brings_back_what_was_switched_off_and_nothing_else() {
        let off = [Shortcut::Search, Shortcut::Save];
        assert_eq!(shortcuts_off(&as_cookie(&off)), off);
        assert_eq!(shortcuts_off("\"><script>.shortcut-save"), [Shortcut::Save]);
        assert_eq!(shortcuts_off(""), []);
    }
}
