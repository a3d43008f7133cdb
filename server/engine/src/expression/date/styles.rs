//! The styles of .NET for reading dates.
//!
//! <https://learn.microsoft.com/dotnet/api/system.globalization.datetimestyles>

use super::format::Kind;
use crate::expression::value::quoted;

/// What is allowed around the format, and what a text without a time zone means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::expression) struct Styles {
    pub(super) leading_white: bool,
    pub(super) trailing_white: bool,
    pub(super) inner_white: bool,
    pub(super) adjust_to_universal: bool,
    pub(super) assume_local: bool,
    pub(super) assume_universal: bool,
    pub(super) roundtrip_kind: bool,
}

impl Styles {
    /// Those of `FormatDateTime` when none are named.
    pub(in crate::expression) const DEFAULT: Self = Self {
        leading_white: true,
        trailing_white: true,
        inner_white: false,
        adjust_to_universal: false,
        assume_local: false,
        assume_universal: false,
        roundtrip_kind: true,
    };

    /// Names separated by commas, in any case, with or without `DateTimeStyles.` before them.
    pub(in crate::expression) fn parse(text: &str) -> Result<Self, String> {
        let mut styles = Self::default();
        for name in text.split(',').map(str::trim) {
            styles
                .add(name)
                .ok_or_else(|| format!("{} is not a date style.", quoted(name)))?;
        }
        if styles.contradict() {
            return Err("These date styles exclude each other.".to_owned());
        }
        Ok(styles)
    }

    fn add(&mut self, name: &str) -> Option<()> {
        let name = name.to_ascii_lowercase();
        let name = name.strip_prefix("datetimestyles.").unwrap_or(&name);
        match name {
            // A text without a date means the first of January of the year 1 anyway.
            "none" | "nocurrentdatedefault" => {}
            "allowleadingwhite" => self.leading_white = true,
            "allowtrailingwhite" => self.trailing_white = true,
            "allowinnerwhite" => self.inner_white = true,
            "allowwhitespaces" => {
                self.leading_white = true;
                self.trailing_white = true;
                self.inner_white = true;
            }
            "adjusttouniversal" => self.adjust_to_universal = true,
            "assumelocal" => self.assume_local = true,
            "assumeuniversal" => self.assume_universal = true,
            "roundtripkind" => self.roundtrip_kind = true,
            _ => return None,
        }
        Some(())
    }

    fn contradict(self) -> bool {
        let assumes = self.assume_local || self.assume_universal;
        self.assume_local && self.assume_universal
            || self.roundtrip_kind && (self.adjust_to_universal || assumes)
    }

    /// What a time zone makes of a date.
    pub(super) fn adjusted(self) -> Kind {
        if self.adjust_to_universal {
            Kind::Utc
        } else {
            Kind::Local
        }
    }
}
