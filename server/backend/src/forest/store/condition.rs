//! Conditions on entries, put together from literals; values always travel as placeholders.

use engine::{directory::ObjectGuid, forest::Forest};
use sqlx::{Any, any::AnyArguments, query::Query};

use crate::database::{assembled, value_list};

/// A condition on `forest_entries e`, with its values in the order of the placeholders.
#[derive(Clone, Debug, Default)]
pub(in crate::forest) struct Condition {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

#[derive(Clone, Debug)]
pub(in crate::forest) enum Value {
    Text(String),
    Integer(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<ObjectGuid> for Value {
    fn from(id: ObjectGuid) -> Self {
        Self::Text(id.to_string())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl Condition {
    pub(in crate::forest) fn of(forest: Forest) -> Self {
        Self::default().and("e.forest = ", forest.domain())
    }

    /// Adds `comparison` with one value, for example `e.id = `.
    pub(in crate::forest) fn and(self, comparison: &'static str, value: impl Into<Value>) -> Self {
        self.push(comparison, value.into(), "")
    }

    /// Adds a condition without values.
    pub(in crate::forest) fn and_sql(mut self, sql: &'static str) -> Self {
        self.join(sql);
        self
    }

    /// Adds "contains this text", which may have the signs of patterns in it.
    pub(in crate::forest) fn and_contains(self, comparison: &'static str, text: &str) -> Self {
        let text = text
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        self.push(comparison, format!("%{text}%").into(), " ESCAPE '\\'")
    }

    /// Adds "is not above `low` and at most `high`".
    pub(in crate::forest) fn and_not_between(
        mut self,
        column: &'static str,
        low: i64,
        high: i64,
    ) -> Self {
        self.values.extend([low.into(), high.into()]);
        let (low, high) = (self.values.len() - 1, self.values.len());
        self.join(&format!("({column} <= ${low} OR {column} > ${high})"));
        self
    }

    /// Adds "is one of these".
    pub(in crate::forest) fn and_in(mut self, column: &'static str, ids: &[ObjectGuid]) -> Self {
        let list = value_list(self.values.len() + 1, ids.len());
        self.values.extend(ids.iter().copied().map(Value::from));
        self.join(&format!("{column} IN ({list})"));
        self
    }

    /// Adds "is one of these".
    pub(in crate::forest) fn and_texts_in(mut self, column: &'static str, texts: &[&str]) -> Self {
        let list = value_list(self.values.len() + 1, texts.len());
        self.values.extend(texts.iter().copied().map(Value::from));
        self.join(&format!("{column} IN ({list})"));
        self
    }

    fn push(mut self, comparison: &str, value: Value, end: &str) -> Self {
        self.values.push(value);
        let number = self.values.len();
        self.join(&format!("{comparison}${number}{end}"));
        self
    }

    fn join(&mut self, sql: &str) {
        if !self.sql.is_empty() {
            self.sql.push_str(" AND ");
        }
        self.sql.push_str(sql);
    }
}

pub(super) fn bound<'q>(sql: String, values: Vec<Value>) -> Query<'q, Any, AnyArguments> {
    let mut query = assembled(sql);
    for value in values {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Integer(number) => query.bind(number),
        };
    }
    query
}
