//! `/contacts`: the contacts of the tenant.

pub mod id;

use engine::directory::ObjectKind;
use leptos::prelude::*;

use super::tenant_objects::list::ObjectsPage;

#[component]
pub fn Contacts() -> impl IntoView {
    view! { <ObjectsPage kind=ObjectKind::Contact/> }
}
