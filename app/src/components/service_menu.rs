//! The menu at the left of a service's pages: links in groups, with a search.

use leptos::{ev, prelude::*};

use super::{
    button::IconButton,
    icon::{Glyph, Icon},
};
use crate::browser;

/// One page in the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    pub label: &'static str,
    pub href: String,
    pub glyph: Glyph,
    /// The drawing while the page is open; often the filled one.
    pub current_glyph: Glyph,
    pub is_current: bool,
    /// How many things behind the link need somebody's attention.
    pub attention: Option<u32>,
}

impl MenuItem {
    pub fn new(label: &'static str, href: impl Into<String>, glyph: Glyph) -> Self {
        Self {
            label,
            href: href.into(),
            glyph,
            current_glyph: glyph,
            is_current: false,
            attention: None,
        }
    }

    /// The drawing while the page is open.
    #[must_use]
    pub fn filled(self, current_glyph: Glyph) -> Self {
        Self {
            current_glyph,
            ..self
        }
    }

    fn matches(&self, search: &str) -> bool {
        self.label.to_lowercase().contains(search)
    }
}

/// Pages that belong together; the first group of a menu has no heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuGroup {
    pub heading: Option<&'static str>,
    pub items: Vec<MenuItem>,
}

/// A menu and the name that it has as a landmark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    pub name: &'static str,
    pub groups: Vec<MenuGroup>,
}

impl Menu {
    /// Marks the page that is open.
    #[must_use]
    pub fn at(mut self, current: &str) -> Self {
        for item in self.groups.iter_mut().flat_map(|group| &mut group.items) {
            item.is_current = item.label == current;
        }
        self
    }

    fn current_label(&self) -> &'static str {
        self.groups
            .iter()
            .flat_map(|group| &group.items)
            .find(|item| item.is_current)
            .map_or(self.name, |item| item.label)
    }
}

/// Groups of links, as the service menu and the portal menu show them.
#[component]
pub fn MenuGroups(
    groups: Vec<MenuGroup>,
    #[prop(into, optional)] search: Signal<String>,
) -> impl IntoView {
    groups
        .into_iter()
        .map(|MenuGroup { heading, items }| {
            let fitting = items.clone();
            let is_empty = Memo::new(move |_| {
                search.with(|search| !fitting.iter().any(|item| item.matches(search)))
            });
            let label = heading.is_none().then_some("General");
            view! {
                {heading.map(|heading| view! { <h2 hidden=move || is_empty.get()>{heading}</h2> })}
                <ul aria-label=label hidden=move || is_empty.get()>
                    {items.into_iter().map(|item| menu_link(item, search)).collect_view()}
                </ul>
            }
        })
        .collect_view()
}

fn menu_link(item: MenuItem, search: Signal<String>) -> impl IntoView {
    let glyph = if item.is_current {
        item.current_glyph
    } else {
        item.glyph
    };
    let MenuItem {
        label,
        href,
        is_current,
        attention,
        ..
    } = item.clone();
    let is_hidden = move || search.with(|search| !item.matches(search));
    view! {
        <li hidden=is_hidden>
            <a href=href aria-current=is_current.then_some("page") title=label>
                <Icon glyph/>
                <span>{label}</span>
                {attention.map(|count| view! {
                    <span class="attention-count">
                        {count}<span class="visually-hidden">" need attention"</span>
                    </span>
                })}
            </a>
        </li>
    }
}

#[component]
pub fn ServiceMenu(menu: Menu) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let is_expanded = RwSignal::new(true);
    Effect::new(move || is_expanded.set(!browser::is_menu_collapsed()));
    let toggle = move |()| {
        is_expanded.update(|expanded| *expanded = !*expanded);
        browser::remember_menu_collapsed(!is_expanded.get_untracked());
    };
    let toggle_name = Signal::derive(move || {
        if is_expanded.get() {
            "Collapse menu"
        } else {
            "Expand menu"
        }
        .to_owned()
    });
    let current = menu.current_label();
    view! {
        <nav class="service-menu" aria-label=menu.name>
            <button type="button" class="service-menu-toggle" popovertarget="service-menu-items">
                <Icon glyph=Glyph::TextBulletListTree/>
                <span>"Menu: "{current}</span>
                <Icon glyph=Glyph::ChevronDown/>
            </button>
            <div id="service-menu-items" class="service-menu-items" popover="auto">
                <div class="service-menu-search">
                    <MenuSearch search/>
                    <IconButton
                        label=toggle_name
                        glyph=Glyph::PanelRightContract
                        expanded=is_expanded
                        on_click=toggle
                    />
                </div>
                <MenuGroups groups=menu.groups search/>
            </div>
        </nav>
    }
}

#[component]
fn MenuSearch(search: RwSignal<String>) -> impl IntoView {
    let typed =
        move |event: ev::Event| search.set(event_target_value(&event).trim().to_lowercase());
    view! {
        <span class="search-box">
            <Icon glyph=Glyph::Search/>
            <input
                id="service-menu-search"
                class="input"
                type="search"
                aria-label="Search menu"
                placeholder="Search"
                autocomplete="off"
                on:input=typed
            />
        </span>
    }
}
