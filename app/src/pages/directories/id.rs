//! `/directories/:id`: one directory. A demo forest is looked at and changed here; an LDAP
//! directory is looked at, tested and reconnected.

pub mod forest;
pub mod ldap;

use engine::{
    forest::Forest,
    records::{DirectoryDetails, DirectoryId},
};
use leptos::prelude::*;

use crate::{
    api::{self, ApiError},
    pages::loading::{failure, id_in_address, page_for},
};

#[component]
pub fn Directory() -> impl IntoView {
    page_for(id_in_address(), load, page)
}

async fn load(id: Option<DirectoryId>) -> Result<DirectoryDetails, ApiError> {
    match id {
        Some(id) => api::directories::details(id).await,
        None => Err(ApiError::NotFound("There is no such directory.".to_owned())),
    }
}

fn page(details: DirectoryDetails) -> AnyView {
    let forest = Forest::parse(details.summary.domain.as_str());
    match (&details.connection, forest) {
        (Some(_), _) => ldap::page(details).into_any(),
        (None, Some(forest)) => forest::page(forest, &details.summary).into_any(),
        (None, None) => failure(&ApiError::NotFound(String::new())),
    }
}
