//! One value of attributes that have several.

use crate::directory::{AttributeName, AttributeValue, Attributes, Dn};

/// The object with one value of each of these attributes, and a sentence that says which ones were
/// taken; none where no attribute has several.
///
/// The value that stands in the object's name is the one by which people know it; otherwise it is
/// the first that the directory gave.
pub(super) fn of_each(
    dn: &Dn,
    source: &Attributes,
    attributes: &[&AttributeName],
) -> Option<(Attributes, String)> {
    let mut reduced = source.clone();
    let mut taken: Vec<(&AttributeName, usize, &AttributeValue)> = Vec::new();
    for name in attributes {
        let values = source.get(name);
        if values.len() < 2 || taken.iter().any(|(other, ..)| other == name) {
            continue;
        }
        let chosen = in_the_name(dn, name, values).unwrap_or(&values[0]);
        taken.push((*name, values.len(), chosen));
        reduced.set((*name).clone(), vec![chosen.clone()]);
    }
    let told: Vec<String> = taken
        .iter()
        .map(|(name, count, chosen)| format!("{name} has {count} values; \"{chosen}\" was taken."))
        .collect();
    (!told.is_empty()).then(|| (reduced, told.join(" ")))
}

fn in_the_name<'a>(
    dn: &Dn,
    name: &AttributeName,
    values: &'a [AttributeValue],
) -> Option<&'a AttributeValue> {
    let (attribute_type, _) = dn.rdn().split_once('=')?;
    if AttributeName::from(attribute_type.trim()) != *name {
        return None;
    }
    let in_name = dn.name();
    values.iter().find(|value| {
        value
            .as_text()
            .is_some_and(|text| text.eq_ignore_ascii_case(&in_name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(dn: &str, values: &[&str]) -> Option<String> {
        let name = AttributeName::from("cn");
        let mut source = Attributes::new();
        source.set("cn", values.iter().map(|value| (*value).into()).collect());
        let (reduced, _) = of_each(&Dn::parse(dn).unwrap(), &source, &[&name])?;
        reduced.text("cn").map(str::to_owned)
    }

    #[test]
    fn the_value_in_the_name_comes_first_and_then_the_first() {
        let values = ["Annie", "Anna Bergmann"];
        let named = taken("CN=anna bergmann,DC=contoso,DC=test", &values);
        assert_eq!(named.as_deref(), Some("Anna Bergmann"));
        let otherwise = taken("uid=anna,DC=contoso,DC=test", &values);
        assert_eq!(otherwise.as_deref(), Some("Annie"));
        assert_eq!(taken("cn=Annie,DC=contoso,DC=test", &["Annie"]), None);
    }
}
