//! The `datalist` of attributes of a configuration's directory. It is loaded once its field is there;
//! until then, and for others, names are typed.

use engine::configuration::ConfigurationId;
use leptos::{prelude::*, task::spawn_local};

use crate::api;

#[component]
pub fn AttributeNames(id: ConfigurationId, list: &'static str) -> impl IntoView {
    let names = RwSignal::new(Vec::<String>::new());
    Effect::new(move || {
        spawn_local(async move {
            if let Ok(found) = api::expressions::source_attributes(id).await {
                names.try_set(found);
            }
        });
    });
    let option = |name: String| view! { <option value=name></option> };
    view! {
        <datalist id=list>{move || names.get().into_iter().map(option).collect_view()}</datalist>
    }
}
