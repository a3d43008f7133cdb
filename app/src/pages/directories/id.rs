//! `/directories/:id`: one directory. A demo forest is looked at and changed here; an LDAP
//! directory is looked at, tested and reconnected.

pub mod forest;
pub mod ldap;

use engine::{
    forest::Forest,
    records::{DirectoryDetails, DirectoryId},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    api::{self, ApiError},
    pages::loading::{failure, when_loaded},
};

#[component]
pub fn Directory() -> impl IntoView {
    let parameters = use_params_map();
    let id = Memo::new(move |_| parameters.with(|map| map.get_str("id")?.parse().ok()));
    let details = Resource::new_blocking(move || id.get(), load);
    when_loaded(details, page)
}

async fn load(id: Option<DirectoryId>) -> Result<DirectoryDetails, ApiError> {
    match id {
        Some(id) => api::directories::details(id).await,
        None => Err(ApiError::NotFound("There is no such directory.".to_owned())),
    }
}

fn page(details: DirectoryDetails) -> AnyView {
    let DirectoryDetails {
        summary,
        connection,
    } = details;
    match (connection, Forest::parse(summary.domain.as_str())) {
        (Some(connection), _) => ldap::page(summary, connection).into_any(),
        (None, Some(forest)) => forest::page(forest, summary).into_any(),
        (None, None) => failure(&ApiError::NotFound(String::new())),
    }
}
