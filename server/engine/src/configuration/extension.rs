//! Directory extensions: attributes that a tenant defines for itself, as targets of mappings.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Deserializer, Serialize};

use super::schema::{self, AttributeType, TargetAttribute};
use crate::directory::{AttributeName, ObjectKind};

/// One attribute that the tenant's schema gets in addition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DirectoryExtension {
    pub name: ExtensionName,
    /// Everything but a reference.
    pub attribute_type: AttributeType,
    /// The kinds of object that can have it.
    pub kinds: BTreeSet<ObjectKind>,
}

/// `extension_<application>_<name>`: the application's identifier has 32 hexadecimal digits. Unlike
/// other names, it is compared with regard to case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ExtensionName(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not the name of a directory extension. It reads extension_, the 32 hexadecimal \
     digits of the application, _ and a name of letters, digits and underscores."
)]
pub struct BadExtensionName(pub String);

impl ExtensionName {
    /// The longest name, without what stands before it.
    const LONGEST: usize = 120;

    pub fn parse(text: &str) -> Result<Self, BadExtensionName> {
        let is_good = text.strip_prefix("extension_").is_some_and(|rest| {
            rest.split_once('_').is_some_and(|(application, name)| {
                application.len() == 32
                    && application.bytes().all(|byte| byte.is_ascii_hexdigit())
                    && (1..=Self::LONGEST).contains(&name.len())
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
        });
        if is_good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadExtensionName(text.chars().take(200).collect()))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExtensionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ExtensionName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl DirectoryExtension {
    /// The tenant keeps at most so many values of extensions for an object.
    pub const MOST_VALUES: usize = 100;
    /// No value of an extension has more characters.
    pub const LONGEST_VALUE: usize = 250;
}

/// What a mapping may fill: an attribute of the schema, or an extension of this kind.
pub fn target(
    extensions: &[DirectoryExtension],
    kind: ObjectKind,
    name: &AttributeName,
) -> Option<Target> {
    if let Some(known) = schema::target_attribute(kind, name) {
        return Some(Target::of_schema(known));
    }
    extensions
        .iter()
        .find(|extension| {
            extension.name.as_str() == name.as_str() && extension.kinds.contains(&kind)
        })
        .map(Target::of_extension)
}

/// What is known of an attribute that a mapping fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub name: AttributeName,
    pub attribute_type: AttributeType,
    pub multi_valued: bool,
    pub most_values: Option<usize>,
    pub required: bool,
    pub is_extension: bool,
}

impl Target {
    fn of_schema(attribute: TargetAttribute) -> Self {
        Self {
            name: AttributeName::new(attribute.name),
            attribute_type: attribute.attribute_type,
            multi_valued: attribute.multi_valued,
            most_values: attribute.most_values,
            required: attribute.required,
            is_extension: false,
        }
    }

    /// Extensions of several values cannot be mapped.
    fn of_extension(extension: &DirectoryExtension) -> Self {
        Self {
            attribute_type: extension.attribute_type,
            is_extension: true,
            ..Self::unknown(AttributeName::new(extension.name.as_str()))
        }
    }

    /// A text, for a stored mapping whose target is in no schema any more.
    pub(crate) fn unknown(name: AttributeName) -> Self {
        Self {
            name,
            attribute_type: AttributeType::Text,
            multi_valued: false,
            most_values: None,
            required: false,
            is_extension: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "extension_0123456789abcdef0123456789abcdef_costCentre";

    #[test]
    fn the_name_of_an_extension_carries_its_application() {
        assert_eq!(ExtensionName::parse(NAME).unwrap().as_str(), NAME);
        for bad in [
            "",
            "costCentre",
            "extension_costCentre",
            "extension_0123456789abcdef0123456789abcdef_",
            "extension_0123456789abcdef0123456789abcdeg_a",
            "extension_0123456789abcdef0123456789abcdef_a-b",
            "Extension_0123456789abcdef0123456789abcdef_a",
        ] {
            assert!(ExtensionName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_case_of_an_extension_matters_and_that_of_other_attributes_does_not() {
        let extensions = [DirectoryExtension {
            name: ExtensionName::parse(NAME).unwrap(),
            attribute_type: AttributeType::Integer,
            kinds: [ObjectKind::User].into(),
        }];
        let find = |kind, name: &str| target(&extensions, kind, &name.into());
        let found = find(ObjectKind::User, NAME).unwrap();
        assert!(found.is_extension && found.attribute_type == AttributeType::Integer);
        assert_eq!(find(ObjectKind::Group, NAME), None);
        assert_eq!(find(ObjectKind::User, &NAME.to_lowercase()), None);
        let known = find(ObjectKind::User, "displayname").unwrap();
        assert_eq!(known.name.as_str(), "DisplayName");
    }
}
