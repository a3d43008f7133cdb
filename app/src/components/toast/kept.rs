//! What stands behind the bell, as it outlives a reload: bounded, and read back as data of which
//! nothing is believed. Whatever a tab holds may have been written by somebody else.

use engine::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::{super::message_bar::Severity, Toast};

/// Under which name a tab keeps it.
pub(super) const NAME: &str = "notifications";

const AT_MOST: usize = 50;
const LONGEST_TEXT: usize = 500;
/// From 1970 to 9999, in microseconds.
const CALENDAR: std::ops::Range<i64> = 0..253_402_300_800_000_000;

/// A toast as the list shows it; what its buttons did is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptToast {
    pub(super) severity: Severity,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) at: Timestamp,
}

impl KeptToast {
    pub(super) fn of(toast: &Toast, at: Timestamp) -> Self {
        Self {
            severity: toast.severity,
            title: toast.title.clone(),
            text: toast.text.clone(),
            at,
        }
        .bounded()
    }

    fn bounded(self) -> Self {
        Self {
            title: shortened(&self.title),
            text: shortened(&self.text),
            ..self
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

/// The last toasts, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) toasts: Vec<KeptToast>,
    /// How many of them came since the list was looked at.
    pub(super) unread: usize,
}

impl Kept {
    pub(super) fn add(&mut self, toast: KeptToast) {
        self.toasts.insert(0, toast);
        self.toasts.truncate(AT_MOST);
        self.unread = self.toasts.len().min(self.unread.saturating_add(1));
    }

    /// What a tab said; nothing where it does not make sense.
    pub(super) fn parse(text: &str) -> Self {
        let Self { mut toasts, unread } = serde_json::from_str(text).unwrap_or_default();
        toasts.truncate(AT_MOST);
        // A moment that no calendar has would stop the page.
        toasts.retain(|toast: &KeptToast| CALENDAR.contains(&toast.at.0));
        let toasts: Vec<_> = toasts.into_iter().map(KeptToast::bounded).collect();
        Self {
            unread: unread.min(toasts.len()),
            toasts,
        }
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toast(title: &str) -> KeptToast {
        KeptToast::of(&Toast::success(title, "Done."), Timestamp(1))
    }

    #[test]
    fn what_is_kept_comes_back_the_latest_first() {
        let mut kept = Kept::default();
        kept.add(toast("first"));
        kept.add(toast("second"));
        let back = Kept::parse(&kept.to_text());
        assert_eq!(back, kept);
        assert_eq!((back.toasts[0].title.as_str(), back.unread), ("second", 2));
    }

    #[test]
    fn nothing_grows_without_end() {
        let mut kept = Kept::default();
        (0..200).for_each(|_| kept.add(toast(&"x".repeat(2_000))));
        assert_eq!((kept.toasts.len(), kept.unread), (AT_MOST, AT_MOST));
        assert_eq!(kept.toasts[0].title.len(), LONGEST_TEXT);
    }

    #[test]
    fn what_makes_no_sense_is_nothing() {
        for hostile in [
            "",
            "null",
            "[]",
            "{\"toasts\":[{}],\"unread\":1}",
            "<script>",
        ] {
            assert_eq!(Kept::parse(hostile), Kept::default(), "{hostile}");
        }
        let far = format!(
            "{{\"toasts\":[{{\"severity\":\"info\",\"title\":\"a\",\"text\":\"b\",\"at\":{}}}],\
             \"unread\":9}}",
            i64::MAX
        );
        assert_eq!(Kept::parse(&far), Kept::default());
    }
}
