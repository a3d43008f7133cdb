//! The attributes of an object of the tenant, each beside the attribute of the directory that its
//! value was made of.

use engine::{
    configuration::MappingSource,
    directory::{AttributeName, AttributeValue, Attributes},
    expression_builder::attributes_in,
    records::TenantObjectSource,
};
use leptos::prelude::*;

use crate::components::data_grid::{Cell, Column, DataGrid, Row, RowHeader};

/// Longer values are cut; photos and certificates are of no use here.
const SHOWN_CHARACTERS: usize = 400;

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
struct AttributeRow {
    name: String,
    values: Vec<String>,
    /// A source attribute, an expression; empty for what no mapping makes.
    made_of: String,
    source_values: Vec<String>,
}

/// The object's attributes with their sources.
#[component]
pub fn AttributeTable(attributes: Attributes, source: Option<TenantObjectSource>) -> impl IntoView {
    let columns = vec![
        Column::new("Attribute"),
        Column::new("Value"),
        Column::new("Source attribute"),
        Column::new("Source value"),
    ];
    view! {
        <DataGrid label="Attributes" columns>
            {rows(&attributes, source.as_ref()).into_iter().map(table_row).collect_view()}
        </DataGrid>
    }
}

fn table_row(row: AttributeRow) -> impl IntoView {
    let AttributeRow {
        name,
        values,
        made_of,
        source_values,
    } = row;
    view! {
        <Row>
            <RowHeader><span class="no-wrap">{name}</span></RowHeader>
            <Cell><Values values/></Cell>
            <Cell label="from"><span class="monospace">{made_of}</span></Cell>
            <Cell label="was"><Values values=source_values/></Cell>
        </Row>
    }
}

/// The directory's own attributes.
#[component]
pub fn SourceTable(attributes: Attributes) -> impl IntoView {
    let columns = vec![Column::new("Source attribute"), Column::new("Value")];
    let row = |(name, values): (&AttributeName, &Vec<AttributeValue>)| {
        let (name, values) = (name.to_string(), texts(values));
        view! {
            <Row>
                <RowHeader><span class="monospace">{name}</span></RowHeader>
                <Cell><Values values/></Cell>
            </Row>
        }
    };
    view! {
        <DataGrid label="Source attributes" columns>
            {attributes.iter().map(row).collect_view()}
        </DataGrid>
    }
}

/// Values, each on a line of its own.
#[component]
pub fn Values(values: Vec<String>) -> impl IntoView {
    let line = |value: String| view! { <span class="value">{value}</span> };
    view! { <span class="values">{values.into_iter().map(line).collect_view()}</span> }
}

fn rows(attributes: &Attributes, source: Option<&TenantObjectSource>) -> Vec<AttributeRow> {
    attributes
        .iter()
        .map(|(name, values)| {
            let (made_of, source_values) = origin(name, source);
            AttributeRow {
                name: name.to_string(),
                values: texts(values),
                made_of,
                source_values,
            }
        })
        .collect()
}

/// What an attribute was made of, and the values that this had.
fn origin(target: &AttributeName, source: Option<&TenantObjectSource>) -> (String, Vec<String>) {
    let mapping = source.and_then(|source| {
        let mapping = source.mappings.iter().find(|row| row.target == *target)?;
        Some((mapping, &source.attributes))
    });
    let Some((mapping, attributes)) = mapping else {
        return Default::default();
    };
    match &mapping.source {
        MappingSource::Direct { attribute } => {
            (attribute.to_string(), texts(attributes.get(attribute)))
        }
        MappingSource::Constant { value } => (format!("Constant \"{value}\""), Vec::new()),
        MappingSource::Expression { expression } => {
            (expression.clone(), ingredients(expression, attributes))
        }
        MappingSource::None => ("Default value".to_owned(), Vec::new()),
    }
}

/// The values of the attributes that an expression names; with their names when they are several.
fn ingredients(expression: &str, attributes: &Attributes) -> Vec<String> {
    let names = attributes_in(expression);
    if let [name] = names.as_slice() {
        return texts(attributes.get(name));
    }
    let named = |name: AttributeName| {
        let values = texts(attributes.get(&name)).into_iter();
        let lines = values.map(|value| format!("{name}: {value}"));
        lines.collect::<Vec<_>>()
    };
    names.into_iter().flat_map(named).collect()
}

pub fn texts(values: &[AttributeValue]) -> Vec<String> {
    values.iter().map(|value| cut(&value.to_string())).collect()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use engine::configuration::{Apply, AttributeMapping, FlowBehavior};

    use super::*;

    fn mapping(target: &str, source: MappingSource) -> AttributeMapping {
        AttributeMapping {
            target: target.into(),
            source,
            apply: Apply::Always,
            flow_behavior: FlowBehavior::default(),
            default_value: None,
        }
    }

    #[test]
    fn an_expression_shows_the_values_that_it_was_made_of() {
        let attributes = Attributes::new()
            .with("givenName", "Anna ")
            .with("sn", "Bergmann");
        let join = r#"Join(" ", [givenName], [sn], [middleName])"#;
        assert_eq!(
            ingredients(join, &attributes),
            ["givenName: Anna ", "sn: Bergmann"]
        );
        assert_eq!(ingredients("Trim([givenName])", &attributes), ["Anna "]);
        assert_eq!(ingredients("Trim(", &attributes), Vec::<String>::new());
    }

    #[test]
    fn attributes_that_no_mapping_makes_have_no_source() {
        let attributes = Attributes::new().with("DisplayName", "Anna");
        let shown = rows(&attributes, None);
        assert_eq!((shown[0].made_of.as_str(), shown.len()), ("", 1));
        let named = mapping("displayname", MappingSource::None);
        assert_eq!(named.target, *attributes.iter().next().unwrap().0);
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(cut(&"ä".repeat(401)), format!("{}…", "ä".repeat(400)));
        assert_eq!(cut(&"ä".repeat(400)), "ä".repeat(400));
    }
}
