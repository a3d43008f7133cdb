//! The attributes of a configuration's directory: the `datalist` that offers them, and the warning
//! about those that it does not have. The list is loaded once its field is there; until then, and for
//! others, names are typed.

use engine::configuration::{ConfigurationId, MappingSource};
use leptos::{prelude::*, task::spawn_local};

use crate::{api, browser};

/// How long somebody has to pause while typing before the directory is asked.
const PAUSE_MILLISECONDS: u32 = 500;

/// What the directory has not, of all that the typed source reads. No error: the attribute may come
/// with the directory's next schema.
pub fn unknown_attributes(
    id: ConfigurationId,
    source: impl Fn() -> MappingSource + Send + Sync + 'static,
) -> Signal<Option<String>> {
    let source = Memo::new(move |_| source());
    let warning = RwSignal::new(None);
    Effect::new(move || {
        warning.set(None);
        let asked = source.get();
        browser::after_milliseconds(PAUSE_MILLISECONDS, move || {
            spawn_local(warn(id, asked, source, warning));
        });
    });
    warning.into()
}

/// Asks, unless something else was typed since.
async fn warn(
    id: ConfigurationId,
    asked: MappingSource,
    source: Memo<MappingSource>,
    warning: RwSignal<Option<String>>,
) {
    let is_current = || source.try_get_untracked().as_ref() == Some(&asked);
    if !is_current() || names_nothing(&asked) {
        return;
    }
    let found = api::expressions::unknown_attributes(id, vec![asked.clone()]).await;
    if let (Ok(found), true) = (found, is_current()) {
        warning.try_set(found);
    }
}

fn names_nothing(source: &MappingSource) -> bool {
    match source {
        MappingSource::Direct { attribute } => attribute.as_str().is_empty(),
        MappingSource::Expression { expression } => !expression.contains('['),
        MappingSource::Constant { .. } | MappingSource::None => true,
    }
}

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
