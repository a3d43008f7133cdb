//! `/users/:id`: one user of the tenant.

use leptos::prelude::*;

use crate::pages::tenant_objects::object::ObjectPage;

#[component]
pub fn User() -> impl IntoView {
    view! { <ObjectPage/> }
}
