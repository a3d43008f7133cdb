//! `GET /cloud-sync/previews/ID.csv` and `.json`: a whole plan as a file, page by page, so that a
//! large one needs no memory.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use backend::{Actor, Backend, previews};
use engine::preview::{PreviewId, PreviewLine};
use engine::records::PageKey;
use futures::{Stream, stream};

use crate::portal::Portal;

/// Lines that are read at once.
const LINES: u32 = 1_000;

pub fn routes() -> Router<Portal> {
    Router::new().route("/cloud-sync/previews/{file}", get(preview))
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Json,
}

async fn preview(
    State(portal): State<Portal>,
    actor: Option<Extension<Actor>>,
    Path(file): Path<String>,
) -> Response {
    if actor.is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some((id, format)) = named(&file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if previews::get(&portal.backend, id).await.is_err() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let media_type = match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Json => "application/json",
    };
    let disposition = format!("attachment; filename=\"{file}\"");
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    let body = Body::from_stream(pages(portal.backend, id, format));
    (headers, body).into_response()
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

/// Where the file is.
enum Place {
    Beginning,
    Behind(PageKey),
    End,
}

fn pages(
    backend: Backend,
    id: PreviewId,
    format: Format,
) -> impl Stream<Item = Result<Bytes, backend::Error>> {
    stream::try_unfold(Place::Beginning, move |place| {
        let backend = backend.clone();
        async move {
            let (is_first, after) = match place {
                Place::Beginning => (true, None),
                Place::Behind(key) => (false, Some(key)),
                Place::End => return Ok(None),
            };
            let page = previews::lines(&backend, id, None, after, LINES).await?;
            let text = match format {
                Format::Csv => csv_text(&page.items, is_first)?,
                Format::Json => json_text(&page.items, is_first, page.next.is_none())?,
            };
            let next = page.next.map_or(Place::End, Place::Behind);
            Ok(Some((Bytes::from(text), next)))
        }
    })
}

fn json_text(
    lines: &[PreviewLine],
    is_first: bool,
    is_last: bool,
) -> Result<Vec<u8>, backend::Error> {
    let mut text = Vec::new();
    for (position, line) in lines.iter().enumerate() {
        let separator = match (is_first, position) {
            (true, 0) => "[\n",
            _ => ",\n",
        };
        text.extend_from_slice(separator.as_bytes());
        text.extend(serde_json::to_vec(line)?);
    }
    if is_first && lines.is_empty() {
        text.push(b'[');
    }
    if is_last {
        text.extend_from_slice(b"\n]\n");
    }
    Ok(text)
}

/// A row for each changed value, so that a table program can sort by attribute.
fn csv_text(lines: &[PreviewLine], is_first: bool) -> Result<Vec<u8>, backend::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if is_first {
        let heading = [
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
        writer
            .write_record(heading)
            .map_err(backend::Error::internal)?;
    }
    for line in lines {
        for row in rows(line) {
            writer.write_record(row).map_err(backend::Error::internal)?;
        }
    }
    writer
        .into_inner()
        .map_err(|error| backend::Error::internal(error.into_error()))
}

fn rows(line: &PreviewLine) -> Vec<[String; 9]> {
    match line {
        PreviewLine::References(references) => vec![[
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
                [
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
    use engine::{
        directory::{ObjectKind, SourceAnchor},
        preview::PlannedReferences,
    };

    use super::*;

    fn line(name: &str) -> PreviewLine {
        PreviewLine::References(PlannedReferences {
            anchor: SourceAnchor::from_stored("anchor"),
            kind: ObjectKind::Group,
            dn: "CN=a,DC=x".to_owned(),
            display_name: name.to_owned(),
            attribute: "Member".to_owned(),
            added: 1,
            removed: 0,
        })
    }

    #[test]
    fn pages_of_json_make_one_list() {
        let first = json_text(&[line("a")], true, false).unwrap();
        let last = json_text(&[line("b")], false, true).unwrap();
        let whole: Vec<PreviewLine> = serde_json::from_slice(&[first, last].concat()).unwrap();
        assert_eq!(whole.len(), 2);
        let nothing = json_text(&[], true, true).unwrap();
        assert!(
            serde_json::from_slice::<Vec<PreviewLine>>(&nothing)
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn names_with_commas_and_quotes_stay_in_their_column() {
        let text = csv_text(&[line("Bergmann, \"Anna\"")], true).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_slice());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(&row[2], "Bergmann, \"Anna\"");
        assert_eq!(row.len(), 9);
    }

    #[test]
    fn only_files_of_previews_are_named() {
        assert!(named("00000000-0000-0000-0000-000000000000.csv").is_some());
        assert!(named("00000000-0000-0000-0000-000000000000.exe").is_none());
        assert!(named("../secrets.csv").is_none());
    }
}
