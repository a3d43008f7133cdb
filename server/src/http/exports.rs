//! Lists as files, page by page, so that a large one needs no memory: plans, the provisioning log,
//! what it adds up to, the audit log. Only whoever is signed in gets one.

mod audit_logs;
mod insights;
mod previews;
mod provisioning_logs;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use backend::{Actor, Error, Result};
use engine::records::{Page, PageKey};
use engine::timestamp::Timestamp;
use futures::{Stream, stream};
use time::format_description::well_known::Rfc3339;

use crate::portal::Portal;

pub fn routes() -> Router<Portal> {
    previews::routes()
        .merge(provisioning_logs::routes())
        .merge(audit_logs::routes())
        .merge(insights::routes())
        .route_layer(from_fn(only_signed_in))
}

async fn only_signed_in(actor: Option<Extension<Actor>>, request: Request, next: Next) -> Response {
    match actor {
        Some(_) => next.run(request).await,
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

impl Format {
    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// How the things of a list become a file.
struct Writing<T> {
    format: Format,
    heading: &'static [&'static str],
    one: Arc<One<T>>,
}

/// The bytes of one thing, without what separates it from others.
type One<T> = dyn Fn(&T) -> Result<Vec<u8>> + Send + Sync;

impl<T> Clone for Writing<T> {
    fn clone(&self) -> Self {
        Self {
            one: Arc::clone(&self.one),
            ..*self
        }
    }
}

impl<T> Writing<T> {
    /// A table; one thing may be several rows of it, or none.
    fn csv(
        heading: &'static [&'static str],
        rows: impl Fn(&T) -> Vec<Vec<String>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            format: Format::Csv,
            heading,
            one: Arc::new(move |thing| records(rows(thing))),
        }
    }

    /// A list of documents.
    fn json(document: impl Fn(&T) -> Result<Vec<u8>> + Send + Sync + 'static) -> Self {
        Self {
            format: Format::Json,
            heading: &[],
            one: Arc::new(document),
        }
    }

    /// The bytes of one page of the list.
    fn page(&self, page: &Page<T>, is_first: bool) -> Result<Vec<u8>> {
        match self.format {
            Format::Csv => self.csv_page(page, is_first),
            Format::Json => self.json_page(page, is_first),
        }
    }

    fn csv_page(&self, page: &Page<T>, is_first: bool) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        if is_first {
            let heading = self.heading.iter().map(|name| (*name).to_owned());
            text.extend(records(vec![heading.collect()])?);
        }
        for thing in &page.items {
            text.extend((self.one)(thing)?);
        }
        Ok(text)
    }

    fn json_page(&self, page: &Page<T>, is_first: bool) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        for (position, thing) in page.items.iter().enumerate() {
            let is_very_first = is_first && position == 0;
            text.extend_from_slice(if is_very_first { b"[\n" } else { b",\n" });
            text.extend((self.one)(thing)?);
        }
        if is_first && page.items.is_empty() {
            text.push(b'[');
        }
        if page.next.is_none() {
            text.extend_from_slice(b"\n]\n");
        }
        Ok(text)
    }
}

fn records(rows: Vec<Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let row = row.into_iter().map(harmless);
        writer.write_record(row).map_err(Error::internal)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.into_error()))
}

/// Keeps table programs from reading somebody's name as a formula: whoever may change a directory
/// could otherwise run commands where an administrator opens the file.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
fn harmless(value: String) -> String {
    match value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{value}"),
        false => value,
    }
}

/// As machines write it.
fn machine_readable(at: Timestamp) -> String {
    at.to_date_time().format(&Rfc3339).unwrap_or_default()
}

/// The answer that brings `file`, made of the pages of a list.
fn download<T, F>(
    file: &str,
    writing: Writing<T>,
    read: impl Fn(Option<PageKey>) -> F + Clone + Send + Sync + 'static,
) -> Response
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<Page<T>>> + Send + 'static,
{
    let headers = [
        (header::CONTENT_TYPE, writing.format.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file}\""),
        ),
    ];
    (headers, Body::from_stream(pages(writing, read))).into_response()
}

/// Where the file is.
enum Place {
    Beginning,
    Behind(PageKey),
    End,
}

fn pages<T, F>(
    writing: Writing<T>,
    read: impl Fn(Option<PageKey>) -> F + Clone + Send + Sync + 'static,
) -> impl Stream<Item = Result<Bytes>>
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<Page<T>>> + Send + 'static,
{
    stream::try_unfold(Place::Beginning, move |place| {
        let (writing, read) = (writing.clone(), read.clone());
        async move {
            let (is_first, after) = match place {
                Place::Beginning => (true, None),
                Place::Behind(key) => (false, Some(key)),
                Place::End => return Ok(None),
            };
            let page = read(after).await?;
            let text = writing.page(&page, is_first)?;
            let next = page.next.map_or(Place::End, Place::Behind);
            Ok(Some((Bytes::from(text), next)))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: &[&str], next: Option<&str>) -> Page<String> {
        Page {
            items: items.iter().map(|item| (*item).to_owned()).collect(),
            next: next.map(|key| PageKey(key.to_owned())),
            total: None,
        }
    }

    #[test]
    fn pages_of_json_make_one_list() {
        let writing = Writing::json(|item: &String| Ok(serde_json::to_vec(item)?));
        let first = writing.page(&page(&["a"], Some("a")), true).unwrap();
        let last = writing.page(&page(&["b"], None), false).unwrap();
        let whole: Vec<String> = serde_json::from_slice(&[first, last].concat()).unwrap();
        assert_eq!(whole, ["a", "b"]);
        let nothing = writing.page(&page(&[], None), true).unwrap();
        assert!(
            serde_json::from_slice::<Vec<String>>(&nothing)
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn names_with_commas_and_quotes_stay_in_their_column() {
        let writing = Writing::csv(&["name", "twice"], |item: &String| {
            vec![vec![item.clone(), item.clone()]]
        });
        let text = writing
            .page(&page(&["Bergmann, \"Anna\""], None), true)
            .unwrap();
        let mut reader = csv::Reader::from_reader(text.as_slice());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(&row[1], "Bergmann, \"Anna\"");
        assert_eq!(row.len(), 2);
    }

    #[test]
    fn no_value_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(formula.to_owned()), format!("'{formula}"));
        }
        assert_eq!(harmless("Anna = Bert".to_owned()), "Anna = Bert");
    }
}
