//! A field for an object of a configuration's directory: whoever types a part of its name is offered
//! what it may mean.

use engine::{configuration::ConfigurationId, directory::ObjectKind, records::FoundObject};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api, browser,
    components::field::{TextField, TextKind, id_of},
};

/// Somebody who types is not asked about at every letter.
const PAUSE_MILLISECONDS: u32 = 200;

#[component]
pub fn ObjectField(
    id: ConfigurationId,
    kind: ObjectKind,
    name: &'static str,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
) -> impl IntoView {
    let list = suggestions_id(name);
    view! {
        <TextField name label value kind=TextKind::Technical hint error suggestions=list class="full-width"/>
        <Suggestions id kind list value/>
    }
}

/// The `datalist` of a field for an object.
#[component]
pub fn Suggestions(
    id: ConfigurationId,
    kind: ObjectKind,
    list: &'static str,
    value: RwSignal<String>,
) -> impl IntoView {
    let found = RwSignal::new(Vec::<FoundObject>::new());
    Effect::new(move |earlier: Option<String>| {
        let typed = value.get();
        // What stands there when the field appears was not typed.
        if earlier.is_some() {
            let typed = typed.clone();
            browser::after_milliseconds(PAUSE_MILLISECONDS, move || {
                look_up(id, kind, typed, value, found);
            });
        }
        typed
    });
    let option = |object: FoundObject| {
        let label = match object.detail.is_empty() {
            true => object.name,
            false => format!("{} · {}", object.name, object.detail),
        };
        view! { <option value=object.dn.to_string()>{label}</option> }
    };
    view! {
        <datalist id=list>{move || found.get().into_iter().map(option).collect_view()}</datalist>
    }
}

/// Names are static, so the ids of their lists are written out.
fn suggestions_id(name: &'static str) -> &'static str {
    match id_of(name) {
        "sample" => "sample-suggestions",
        _ => "object-suggestions",
    }
}

fn look_up(
    id: ConfigurationId,
    kind: ObjectKind,
    typed: String,
    value: RwSignal<String>,
    found: RwSignal<Vec<FoundObject>>,
) {
    let is_still_there = move |typed: &String| value.try_get_untracked().as_ref() == Some(typed);
    let is_chosen = |object: &FoundObject| object.dn.as_str() == typed;
    // The field may have gone while somebody paused.
    let is_answered = found.try_with_untracked(|found| found.iter().any(is_chosen));
    if !is_still_there(&typed) || is_answered != Some(false) || typed.trim().len() < 2 {
        return;
    }
    spawn_local(async move {
        let answer = api::directories::find_objects(id, kind, typed.clone()).await;
        // While somebody types, a directory that does not answer is no news.
        if let (Ok(answer), true) = (answer, is_still_there(&typed)) {
            found.try_set(answer);
        }
    });
}
