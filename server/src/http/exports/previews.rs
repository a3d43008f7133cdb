//! A whole plan as a file.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use backend::previews;
use engine::preview::{PreviewId, PreviewLine};

use super::{Format, Writing, download};
use crate::portal::Portal;

/// Lines that are read at once.
const LINES: u32 = 1_000;

const HEADING: [&str; 9] = [
    "action",
    "kind",
    "displayName",
    "distinguishedName",
    "sourceAnchor",
    "attribute",
    "oldValue",
    "newValue",
    "reason",
];

pub(super) fn routes() -> Router<Portal> {
    Router::new().route("/cloud-sync/previews/{file}", get(preview))
}

async fn preview(State(portal): State<Portal>, Path(file): Path<String>) -> Response {
    let Some((id, format)) = named(&file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if previews::get(&portal.backend, id).await.is_err() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let writing = match format {
        Format::Csv => Writing::csv(&HEADING, rows),
        Format::Json => Writing::json(|line: &PreviewLine| Ok(serde_json::to_vec(line)?)),
    };
    let backend = portal.backend;
    download(&file, writing, move |after| {
        let backend = backend.clone();
        async move { previews::lines(&backend, id, None, after, LINES).await }
    })
}

fn named(file: &str) -> Option<(PreviewId, Format)> {
    let (id, extension) = file.rsplit_once('.')?;
    let format = match extension {
        "csv" => Format::Csv,
        "json" => Format::Json,
        _ => return None,
    };
    Some((id.parse().ok()?, format))
}

/// A row for each changed value, so that a table program can sort by attribute.
fn rows(line: &PreviewLine) -> Vec<Vec<String>> {
    match line {
        PreviewLine::References(references) => vec![vec![
            line.action().to_owned(),
            references.kind.as_str().to_owned(),
            references.display_name.clone(),
            references.dn.clone(),
            references.anchor.to_string(),
            references.attribute.clone(),
            String::new(),
            String::new(),
            format!("{} added, {} removed", references.added, references.removed),
        ]],
        PreviewLine::Object(planned) => {
            let row = |attribute: &str, old: &str, new: &str| {
                vec![
                    line.action().to_owned(),
                    planned.kind.as_str().to_owned(),
                    planned.display_name.clone(),
                    planned.dn.to_string(),
                    planned.anchor.to_string(),
                    attribute.to_owned(),
                    old.to_owned(),
                    new.to_owned(),
                    planned.reason().to_owned(),
                ]
            };
            let changes = &planned.detail.modified_properties;
            if changes.is_empty() {
                return vec![row("", "", "")];
            }
            let value = |value: &Option<String>| value.clone().unwrap_or_default();
            changes
                .iter()
                .map(|change| {
                    row(
                        &change.name,
                        &value(&change.old_value),
                        &value(&change.new_value),
                    )
                })
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_previews_are_named() {
        assert!(named("00000000-0000-0000-0000-000000000000.csv").is_some());
        assert!(named("00000000-0000-0000-0000-000000000000.exe").is_none());
        assert!(named("../secrets.csv").is_none());
    }
}
