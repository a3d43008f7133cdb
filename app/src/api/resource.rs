//! What a page loads: on the server before it is rendered, handed over to the browser inside the
//! page, and loaded again when its source changes.

use leptos::prelude::Resource as LeptosResource;
use serde::{Serialize, de::DeserializeOwned};

/// Reads bytes, as answers of server functions are read. Another reader for the same types would
/// come with a copy of everything that reads them, a tenth of a page's code.
#[derive(Debug)]
pub struct Json;

impl<T: Serialize> codee::Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> codee::Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

pub type Resource<T> = LeptosResource<T, Json>;

/// A resource for which the server waits, so that its page is complete before any script runs.
#[track_caller]
pub fn resource<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    load: impl Fn(S) -> F + Send + Sync + 'static,
) -> Resource<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, load, true)
}
