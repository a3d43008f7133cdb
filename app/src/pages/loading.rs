//! A page whose data has to be loaded first, and what stands there when it cannot be.

use engine::{configuration::ConfigurationId, records::ConfigurationDetails};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{NotFound, frame, signed_out::ToSignIn};
use crate::{
    api::{
        self, ApiError,
        resource::{Resource, resource},
    },
    browser::OnItsWay,
    components::{
        button::{Button, Weight},
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        page::Page,
    },
};

/// Shows `page` with its data. The server waits for the data, so that the page is complete before
/// any script runs.
pub fn when_loaded<T, V>(
    data: Resource<Result<T, ApiError>>,
    page: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    let show = move || {
        let page = page.clone();
        Suspend::new(async move {
            match awaited(data).await {
                Ok(data) => page(data).into_any(),
                Err(error) => failure(&error),
            }
        })
    };
    view! { <Transition>{show}</Transition> }
}

/// As [`when_loaded`], for pages that load more by themselves: `page` runs once for each key, while
/// the server runs the pages of [`when_loaded`] several times to find out what they wait for. For
/// the same reason such a page makes its resources at once, and not inside closures.
pub fn page_for<K, T, F, V>(
    key: Memo<K>,
    load: impl Fn(K) -> F + Clone + Send + Sync + 'static,
    page: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    K: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    move || {
        let (key, page) = (key.get(), page.clone());
        let data = resource(move || key.clone(), load.clone());
        view! {
            <Suspense>
                {Suspend::new(async move {
                    match awaited(data).await {
                        Ok(data) => page(data).into_any(),
                        Err(error) => failure(&error),
                    }
                })}
            </Suspense>
        }
    }
}

async fn awaited<T: Clone + Send + Sync + 'static>(data: Resource<T>) -> T {
    let _on_its_way = OnItsWay::begin();
    data.await
}

/// The identifier in the address of the page; the last one while the browser leaves the page.
pub fn id_in_address() -> Memo<Option<Uuid>> {
    let parameters = use_params_map();
    Memo::new(move |earlier: Option<&Option<Uuid>>| {
        let id = parameters.with(|map| map.get_str("id")?.parse().ok());
        id.or(earlier.copied().flatten())
    })
}

/// The configuration that the address names.
pub async fn configuration_details(id: Option<Uuid>) -> Result<ConfigurationDetails, ApiError> {
    match id {
        Some(id) => api::configurations::details(ConfigurationId(id)).await,
        None => Err(ApiError::NotFound(
            "There is no such configuration.".to_owned(),
        )),
    }
}

/// A page instead of the one whose data could not be loaded.
pub fn failure(error: &ApiError) -> AnyView {
    match error {
        ApiError::SignInRequired => view! { <ToSignIn/> }.into_any(),
        ApiError::NotFound(_) => view! { <NotFound/> }.into_any(),
        ApiError::NotPermitted(_) => trouble("Access denied", error).into_any(),
        _ => trouble("Something went wrong", error).into_any(),
    }
}

fn trouble(title: &'static str, error: &ApiError) -> impl IntoView {
    let text = error.to_string();
    view! {
        <Page title glyph=Glyph::QuestionCircle above=frame::home()>
            <MessageBar id="failure" severity=Severity::Error start="This page could not be shown." text/>
            <form class="row" method="get">
                <Button label="Try again" weight=Weight::Primary for_readers=true/>
            </form>
        </Page>
    }
}
