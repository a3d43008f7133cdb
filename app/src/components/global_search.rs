//! The search in the top bar: a combobox whose results are grouped. Enter without a chosen result
//! sends the text to a page, which also works without a script.

use leptos::{ev, html, prelude::*};
use leptos_router::hooks::use_navigate;

use super::icon::{Glyph, Icon};
use crate::{browser, preferences::Shortcut};

/// One result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    pub label: String,
    pub detail: String,
    pub href: String,
    pub glyph: Glyph,
}

/// Results of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchGroup {
    pub label: &'static str,
    pub hits: Vec<SearchHit>,
}

/// What the parts of the search share.
#[derive(Clone, Copy)]
struct Search {
    groups: Signal<Vec<SearchGroup>>,
    is_open: RwSignal<bool>,
    /// Where the result leads that the arrows reached. It stays the chosen one when more results
    /// come, wherever they put it.
    chosen: RwSignal<Option<String>>,
}

impl Search {
    fn hits(self) -> Vec<SearchHit> {
        self.groups
            .read()
            .iter()
            .flat_map(|group| group.hits.clone())
            .collect()
    }

    fn close(self) {
        self.is_open.set(false);
        self.chosen.set(None);
    }

    /// The position of the chosen result, unless it is no result any more.
    fn chosen_position(self) -> Option<usize> {
        let chosen = self.chosen.get()?;
        self.hits().iter().position(|hit| hit.href == chosen)
    }

    /// One result further, or back.
    fn step(self, forward: bool) {
        let hits = untrack(|| self.hits());
        let last = hits.len().checked_sub(1);
        let next = match (last, untrack(|| self.chosen_position())) {
            (None, _) => None,
            (Some(_), None) if forward => Some(0),
            (Some(last), None) => Some(last),
            (Some(last), Some(at)) if forward => Some(if at == last { 0 } else { at + 1 }),
            (Some(last), Some(at)) => Some(at.checked_sub(1).unwrap_or(last)),
        };
        self.is_open.set(next.is_some());
        self.chosen.set(next.map(|at| hits[at].href.clone()));
    }
}

/// The box. `on_type` gets the text; `groups` are the results for it.
#[component]
pub fn GlobalSearch(
    /// Where the text goes when no result is chosen; it is sent as `search`.
    #[prop(into)]
    action: String,
    #[prop(into)] groups: Signal<Vec<SearchGroup>>,
    #[prop(into)] on_type: Callback<String>,
) -> impl IntoView {
    let search = Search {
        groups,
        is_open: RwSignal::new(false),
        chosen: RwSignal::new(None),
    };
    let input = NodeRef::<html::Input>::new();
    let typed = move |event: ev::Event| {
        let text = event_target_value(&event);
        search.is_open.set(!text.trim().is_empty());
        search.chosen.set(None);
        on_type.run(text);
    };
    let navigate = use_navigate();
    let pressed = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowDown" | "ArrowUp" => {
            event.prevent_default();
            search.step(event.key() == "ArrowDown");
        }
        "Escape" => search.close(),
        "Enter" => {
            if let Some(at) = untrack(|| search.chosen_position()) {
                event.prevent_default();
                let hit = untrack(|| search.hits()).swap_remove(at);
                search.close();
                navigate(&hit.href, Default::default());
            }
        }
        _ => {}
    };
    let is_open = move || search.is_open.get();
    let active = move || {
        search
            .chosen_position()
            .filter(|_| is_open())
            .map(|at| format!("search-result-{at}"))
    };
    browser_shortcut(input);
    view! {
        <form class="global-search" role="search" method="get" action=action on:focusout=move |_| search.close()>
            <Icon glyph=Glyph::Search/>
            <input
                id="global-search"
                type="search"
                name="search"
                role="combobox"
                aria-label="Search configurations, objects and logs"
                aria-autocomplete="list"
                aria-controls="search-results"
                aria-expanded=move || is_open().to_string()
                aria-activedescendant=active
                placeholder="Search configurations, objects and logs"
                autocomplete="off"
                node_ref=input
                on:input=typed
                on:keydown=pressed
            />
            <kbd aria-hidden="true">"Ctrl K"</kbd>
            <Results search/>
        </form>
    }
}

/// Ctrl K leads here from everywhere.
fn browser_shortcut(input: NodeRef<html::Input>) {
    Effect::new(move || {
        browser::on_key(move |event: ev::KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key())
                && event.key().eq_ignore_ascii_case("k")
                && !browser::shortcuts_off().contains(&Shortcut::Search)
                && let Some(input) = input.get_untracked()
            {
                event.prevent_default();
                browser::focus(&input);
            }
        });
    });
}

#[component]
fn Results(search: Search) -> impl IntoView {
    // Pressing the mouse button on a result must not take the focus from the box, which would
    // close the list before the click.
    let keep_focus = |event: ev::MouseEvent| event.prevent_default();
    let groups = move || {
        let mut position = 0;
        let mut views = Vec::new();
        for group in search.groups.get() {
            let first = position;
            position += group.hits.len();
            views.push(view! { <ResultGroup search group first/> });
        }
        views
    };
    let nothing = move || {
        search
            .groups
            .read()
            .iter()
            .all(|group| group.hits.is_empty())
    };
    view! {
        <div
            id="search-results"
            class="search-results"
            role="listbox"
            aria-label="Search results"
            hidden=move || !search.is_open.get()
            on:mousedown=keep_focus
        >
            {groups}
            <p class="muted" hidden=move || !nothing()>
                "No result. Objects are found by name, mail and user principal name."
            </p>
        </div>
    }
}

#[component]
fn ResultGroup(search: Search, group: SearchGroup, first: usize) -> impl IntoView {
    let SearchGroup { label, hits } = group;
    let hit = move |(
        position,
        SearchHit {
            label,
            detail,
            href,
            glyph,
        },
    ): (usize, SearchHit)| {
        let position = first + position;
        let is_active = move || search.chosen_position() == Some(position);
        view! {
            <a
                id=format!("search-result-{position}")
                role="option"
                tabindex="-1"
                href=href
                aria-selected=move || is_active().to_string()
                on:click=move |_| search.close()
            >
                <Icon glyph/>
                <span class="two-lines">
                    <span>{label}</span>
                    <small>{detail}</small>
                </span>
            </a>
        }
    };
    (!hits.is_empty()).then(|| {
        view! {
            <div role="group" aria-label=label>
                <span class="search-group" aria-hidden="true">{label}</span>
                {hits.into_iter().enumerate().map(hit).collect_view()}
            </div>
        }
    })
}
