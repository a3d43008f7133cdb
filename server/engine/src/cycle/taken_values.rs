//! Values that `SelectUniqueValue` may not choose, because an object of the target has them or
//! another object of the same plan chose them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::directory::{AttributeName, AttributeValue, SourceAnchor};

/// For each attribute that is filled with unique values: who has which value, compared without
/// regard to case.
#[derive(Debug, Default)]
pub struct TakenValues(BTreeMap<AttributeName, HashMap<String, Option<SourceAnchor>>>);

impl TakenValues {
    /// Nothing is taken yet; only values of these attributes will be remembered.
    pub fn of(attributes: &BTreeSet<AttributeName>) -> Self {
        let nothing = |name: &AttributeName| (name.clone(), HashMap::new());
        Self(attributes.iter().map(nothing).collect())
    }

    /// Remembers the values of one object; `anchor` is that of its source object, if it has one.
    pub fn note<'a>(
        &mut self,
        anchor: Option<&SourceAnchor>,
        values_of: impl Fn(&AttributeName) -> &'a [AttributeValue],
    ) {
        for (attribute, taken) in &mut self.0 {
            for text in values_of(attribute)
                .iter()
                .filter_map(AttributeValue::as_text)
            {
                taken.insert(text.to_lowercase(), anchor.cloned());
            }
        }
    }

    /// Whether an object other than that of `anchor` has the value.
    pub fn is_taken(&self, attribute: &AttributeName, value: &str, anchor: &SourceAnchor) -> bool {
        let holder = self
            .0
            .get(attribute)
            .and_then(|taken| taken.get(&value.to_lowercase()));
        holder.is_some_and(|holder| holder.as_ref() != Some(anchor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_taken_by_others_but_not_by_the_object_itself() {
        let nickname = AttributeName::from("mailNickname");
        let mut taken = TakenValues::of(&BTreeSet::from([nickname.clone()]));
        let (zoe, amin) = (
            SourceAnchor::from_stored("zoe"),
            SourceAnchor::from_stored("amin"),
        );
        let values = ["Z.Bergmann".into()];
        taken.note(Some(&zoe), |_| &values);
        assert!(taken.is_taken(&nickname, "z.bergmann", &amin));
        assert!(!taken.is_taken(&nickname, "z.bergmann", &zoe));
        assert!(!taken.is_taken(&AttributeName::from("city"), "z.bergmann", &amin));
    }
}
