//! Attribute-by-attribute difference between what the target has and what it should have.

use serde::{Deserialize, Serialize};

use super::mapped::{Mapped, REDACTED};
use crate::{
    directory::{AttributeName, AttributeValue, Attributes, Values},
    records::ModifiedProperty,
};

/// One attribute that is to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub name: AttributeName,
    pub old: Values,
    /// Empty clears the attribute.
    pub new: Values,
    /// Logs and previews do not show the values.
    #[serde(default)]
    pub is_redacted: bool,
}

/// What has to change in `current` so that it holds what was mapped. Attributes that no mapping
/// names are left alone. Several values are a set: their order is no difference (RFC 4512, 2.3).
pub fn differences(current: &Attributes, mapped: &Mapped) -> Vec<Difference> {
    let difference = |(name, values): (&AttributeName, &[AttributeValue])| {
        let (old, rule) = (current.get(name), mapped.rule(name));
        let new = rule.result(old, values)?;
        let is_again = rule.is_written_always && !new.is_empty();
        (is_again || !same(old, &new)).then(|| Difference {
            name: name.clone(),
            old: old.to_vec(),
            new,
            is_redacted: rule.is_redacted,
        })
    };
    mapped.flows().filter_map(difference).collect()
}

fn same(left: &[AttributeValue], right: &[AttributeValue]) -> bool {
    if left == right {
        return true;
    }
    if left.len() != right.len() || left.len() < 2 {
        return false;
    }
    let sorted = |values: &[AttributeValue]| {
        let mut values: Vec<_> = values.to_vec();
        values.sort();
        values
    };
    sorted(left) == sorted(right)
}

impl Difference {
    /// As the log shows it.
    pub fn modified_property(&self) -> ModifiedProperty {
        ModifiedProperty {
            name: self.name.to_string(),
            old_value: self.shown(&self.old),
            new_value: self.shown(&self.new),
        }
    }

    /// Several values stand on lines of their own; none is none.
    fn shown(&self, values: &[AttributeValue]) -> Option<String> {
        let lines: Vec<_> = values.iter().map(ToString::to_string).collect();
        let text = if self.is_redacted {
            REDACTED.to_owned()
        } else {
            lines.join("\n")
        };
        (!lines.is_empty()).then_some(text)
    }
}

/// `current` with the differences applied.
#[must_use]
pub fn applied(current: &Attributes, differences: &[Difference]) -> Attributes {
    let mut attributes = current.clone();
    for difference in differences {
        attributes.remove(&difference.name);
        attributes.set(difference.name.as_str(), difference.new.clone());
    }
    attributes
}
