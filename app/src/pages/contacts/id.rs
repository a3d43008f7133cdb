//! `/contacts/:id`: one contact of the tenant.

use leptos::prelude::*;

use crate::pages::tenant_objects::object::ObjectPage;

#[component]
pub fn Contact() -> impl IntoView {
    view! { <ObjectPage/> }
}
