//! `/groups`: the groups of the tenant.

pub mod id;

use engine::directory::ObjectKind;
use leptos::prelude::*;

use super::tenant_objects::list::ObjectsPage;

#[component]
pub fn Groups() -> impl IntoView {
    view! { <ObjectsPage kind=ObjectKind::Group/> }
}
