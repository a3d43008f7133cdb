//! A button with a pop-up of commands: the menu of a row, of a page, of a bar that is too narrow.
//!
//! The pop-up is a native popover: it opens, closes by Esc or a click elsewhere and gives the focus
//! back without a script. The script adds arrow keys and first letters.

use leptos::{ev, html, prelude::*};

use super::{
    button::{GoForm, IconButton},
    icon::{Glyph, Icon},
};
use crate::{
    browser::{self, Axis},
    permission::Permission,
};

/// What choosing an item does.
#[derive(Clone)]
pub enum MenuAction {
    /// Goes to an address; works before the script does.
    Go(String),
    /// Fetches a file; works without a script.
    Download(String),
    Run(Callback<()>),
}

/// One line of a menu.
#[derive(Clone)]
pub struct MenuCommand {
    pub label: String,
    pub glyph: Glyph,
    pub action: MenuAction,
    pub is_danger: bool,
    /// Why it cannot be chosen now.
    pub unavailable: Option<String>,
    /// Whether a line stands above it.
    pub starts_group: bool,
}

impl MenuCommand {
    pub fn go(label: impl Into<String>, glyph: Glyph, href: impl Into<String>) -> Self {
        Self::new(label.into(), glyph, MenuAction::Go(href.into()))
    }

    pub fn download(label: impl Into<String>, glyph: Glyph, href: impl Into<String>) -> Self {
        Self::new(label.into(), glyph, MenuAction::Download(href.into()))
    }

    pub fn run(label: impl Into<String>, glyph: Glyph, on_choose: Callback<()>) -> Self {
        Self::new(label.into(), glyph, MenuAction::Run(on_choose))
    }

    fn new(label: String, glyph: Glyph, action: MenuAction) -> Self {
        Self {
            label,
            glyph,
            action,
            is_danger: false,
            unavailable: None,
            starts_group: false,
        }
    }

    #[must_use]
    pub fn danger(self) -> Self {
        Self {
            is_danger: true,
            ..self.changes()
        }
    }

    /// Leads to a change, which readers cannot make. Commands that destroy something do so anyway.
    #[must_use]
    pub fn changes(self) -> Self {
        self.unavailable_because(Permission::here().refusal())
    }

    #[must_use]
    pub fn after_line(self) -> Self {
        Self {
            starts_group: true,
            ..self
        }
    }

    /// Stays visible with the reason why it cannot be chosen; the first reason is told.
    #[must_use]
    pub fn unavailable_because(self, reason: Option<&str>) -> Self {
        Self {
            unavailable: self.unavailable.or(reason.map(str::to_owned)),
            ..self
        }
    }
}

/// The three dots and what they open. `id` is unique on the page.
#[component]
pub fn MenuButton(
    #[prop(into)] id: String,
    /// Names the button and the menu: "More actions for {object}".
    #[prop(into)]
    label: String,
    #[prop(into)] commands: Signal<Vec<MenuCommand>>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    view! {
        <IconButton
            label=label.clone()
            glyph=Glyph::MoreHorizontal
            opens=id.clone()
            expanded=is_open
            class
        />
        <MenuItems id label commands is_open/>
    }
}

/// What a button with `popovertarget=id` opens.
#[component]
pub(super) fn MenuItems(
    id: String,
    label: String,
    commands: Signal<Vec<MenuCommand>>,
    /// Follows the pop-up.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let menu = NodeRef::<html::Div>::new();
    let toggled = move |_| {
        let Some(menu) = menu.get() else { return };
        is_open.set(browser::is_popover_open(&menu));
        if is_open.get_untracked() {
            browser::focus_first(&menu, "[role=menuitem]");
        }
    };
    let pressed = move |event: ev::KeyboardEvent| {
        if let Some(menu) = menu.get() {
            browser::move_focus(&event, &menu, "[role=menuitem]", Axis::Vertical);
        }
    };
    let lines = move || {
        commands
            .get()
            .into_iter()
            .map(|command| menu_line(command, menu))
            .collect_view()
    };
    view! {
        <div
            id=id
            class="menu-items"
            role="menu"
            aria-label=label
            popover="auto"
            node_ref=menu
            on:toggle=toggled
            on:keydown=pressed
        >
            {lines}
        </div>
    }
}

fn menu_line(command: MenuCommand, menu: NodeRef<html::Div>) -> impl IntoView {
    let MenuCommand {
        label,
        glyph,
        action,
        is_danger,
        unavailable,
        starts_group,
    } = command;
    let close = move || {
        if let Some(menu) = menu.get() {
            browser::hide_popover(&menu);
        }
    };
    let is_available = unavailable.is_none();
    let class = if is_danger { "danger" } else { "" };
    let inner = move || view! { <Icon glyph/><span>{label.clone()}</span> };
    let line = match action {
        MenuAction::Go(href) if is_available => view! {
            <GoForm href>
                <button type="submit" role="menuitem" class=class tabindex="-1" on:click=move |_| close()>
                    {inner()}
                </button>
            </GoForm>
        }
        .into_any(),
        MenuAction::Download(href) if is_available => view! {
            <a role="menuitem" class=class tabindex="-1" href=href download on:click=move |_| close()>
                {inner()}
            </a>
        }
        .into_any(),
        action => {
            let choose = move |_| {
                if let (MenuAction::Run(run), true) = (&action, is_available) {
                    close();
                    run.run(());
                }
            };
            view! {
                <button
                    type="button"
                    role="menuitem"
                    class=class
                    tabindex="-1"
                    title=unavailable
                    aria-disabled=(!is_available).then_some("true")
                    on:click=choose
                >
                    {inner()}
                </button>
            }
            .into_any()
        }
    };
    view! {
        {starts_group.then(|| view! { <hr/> })}
        {line}
    }
}
