//! `/groups/:id`: one group of the tenant.

use leptos::prelude::*;

use crate::pages::tenant_objects::object::ObjectPage;

#[component]
pub fn Group() -> impl IntoView {
    view! { <ObjectPage/> }
}
