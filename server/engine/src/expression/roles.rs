//! Application roles: the only structured values of the language. Each arrives as a JSON text
//! with `id`, `value` and `displayName`, and leaves as the JSON text of a SCIM member.

use serde::{Deserialize, Serialize};

use super::value::{Scalar, Unreadable, quoted};

/// One role that a person has in an application.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Role {
    pub(super) id: String,
    value: Option<String>,
    display_name: Option<String>,
}

/// What a SCIM member calls the display name; published samples differ.
#[derive(Clone, Copy)]
pub(super) enum DisplayMember {
    DisplayName,
    Display,
}

#[derive(Serialize)]
struct ScimRole {
    primary: bool,
    r#type: &'static str,
    #[serde(rename = "displayName", skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<String>,
    value: Option<String>,
}

impl Role {
    pub(super) fn read_all(scalars: Vec<Scalar>) -> Result<Vec<Self>, Unreadable> {
        scalars.into_iter().map(Self::read).collect()
    }

    fn read(scalar: Scalar) -> Result<Self, Unreadable> {
        let text = scalar.into_text()?;
        serde_json::from_str(&text).map_err(|_| format!("{} is not an app role", quoted(&text)))
    }

    /// The value, or the display name of a role without one.
    pub(super) fn into_name(self) -> Option<String> {
        let has_text = |name: &String| !name.is_empty();
        self.value
            .filter(has_text)
            .or(self.display_name.filter(has_text))
    }

    pub(super) fn into_scim(self, member: DisplayMember) -> String {
        let (display_name, display) = match member {
            DisplayMember::DisplayName => (self.display_name, None),
            DisplayMember::Display => (None, self.display_name),
        };
        let role = ScimRole {
            primary: false,
            r#type: "WindowsAzureActiveDirectoryRole",
            display_name,
            display,
            value: self.value,
        };
        serde_json::to_string(&role).expect("a struct of texts can always be written as JSON")
    }
}
