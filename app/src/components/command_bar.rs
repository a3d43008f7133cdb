//! The page's commands: the important ones always, the optional ones behind "More commands" when
//! there is no room. One tab stop; arrows move inside.

use leptos::{ev, html, prelude::*};

use super::{
    button::{GoForm, Weight},
    icon::{Glyph, Icon},
    menu::{MenuButton, MenuCommand, MenuItems},
};
use crate::{
    browser::{self, Axis},
    permission::Permission,
};

/// What a command does.
#[derive(Clone)]
pub enum CommandAction {
    /// Goes to an address; works before the script does.
    Go(Signal<String>),
    Run(Callback<()>),
    /// Sends the form with this id; works before the script does.
    Submit(&'static str),
    /// Opens a menu, which has this id.
    Menu(&'static str, Signal<Vec<MenuCommand>>),
}

/// One command of the bar.
#[derive(Clone)]
pub struct Command {
    pub label: &'static str,
    pub glyph: Glyph,
    pub action: CommandAction,
    pub weight: Weight,
    /// Whether a line stands before it.
    pub starts_group: bool,
    /// Whether it moves to "More commands" when there is no room.
    pub is_optional: bool,
    /// Why it cannot be used now; it stays visible and focusable.
    pub unavailable: Signal<Option<String>>,
    /// Whether it leads to a change, which readers cannot make.
    pub changes: bool,
    /// For a command that switches something.
    pub pressed: Option<Signal<bool>>,
}

impl Command {
    pub fn go(label: &'static str, glyph: Glyph, href: impl Into<Signal<String>>) -> Self {
        Self::new(label, glyph, CommandAction::Go(href.into()))
    }

    pub fn run(label: &'static str, glyph: Glyph, on_click: impl Into<Callback<()>>) -> Self {
        Self::new(label, glyph, CommandAction::Run(on_click.into()))
    }

    pub fn submit(label: &'static str, glyph: Glyph, form: &'static str) -> Self {
        Self::new(label, glyph, CommandAction::Submit(form)).changes()
    }

    /// A command that is several. It cannot be optional: a menu opens no menu.
    pub fn menu(
        label: &'static str,
        glyph: Glyph,
        id: &'static str,
        commands: impl Into<Signal<Vec<MenuCommand>>>,
    ) -> Self {
        Self::new(label, glyph, CommandAction::Menu(id, commands.into()))
    }

    fn new(label: &'static str, glyph: Glyph, action: CommandAction) -> Self {
        Self {
            label,
            glyph,
            action,
            weight: Weight::Secondary,
            starts_group: false,
            is_optional: false,
            unavailable: Signal::from(None::<String>),
            changes: false,
            pressed: None,
        }
    }

    #[must_use]
    pub fn primary(self) -> Self {
        Self {
            weight: Weight::Primary,
            ..self
        }
    }

    #[must_use]
    pub fn danger(self) -> Self {
        Self {
            weight: Weight::Danger,
            changes: true,
            ..self
        }
    }

    /// Leads to a change. Commands that send a form, or destroy something, do so anyway.
    #[must_use]
    pub fn changes(self) -> Self {
        Self {
            changes: true,
            ..self
        }
    }

    #[must_use]
    pub fn after_line(self) -> Self {
        Self {
            starts_group: true,
            ..self
        }
    }

    #[must_use]
    pub fn optional(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }

    /// Stays visible with the reason why it cannot be used.
    #[must_use]
    pub fn unavailable_because(self, reason: impl Into<Signal<Option<String>>>) -> Self {
        Self {
            unavailable: reason.into(),
            ..self
        }
    }

    /// Why this reader cannot use it at all.
    fn refusal(&self) -> Option<&'static str> {
        Permission::here().refusal().filter(|_| self.changes)
    }

    /// Why it cannot be used now, by this reader.
    fn why_unavailable(&self) -> Signal<Option<String>> {
        match self.refusal() {
            Some(refusal) => Signal::from(Some(refusal.to_owned())),
            None => self.unavailable,
        }
    }

    #[must_use]
    pub fn pressed(self, pressed: impl Into<Signal<bool>>) -> Self {
        Self {
            pressed: Some(pressed.into()),
            ..self
        }
    }
}

/// The bar. `state` stands at its end: unsaved changes, the last update.
#[component]
pub fn CommandBar(
    commands: Vec<Command>,
    #[prop(into, optional)] state: Signal<String>,
    /// Whether a dot draws attention to the state.
    #[prop(into, optional)]
    state_needs_attention: Signal<bool>,
) -> impl IntoView {
    let bar = NodeRef::<html::Div>::new();
    let pressed = move |event: ev::KeyboardEvent| {
        if let Some(bar) = bar.get() {
            browser::move_focus(
                &event,
                &bar,
                ".command, .overflow-commands",
                Axis::Horizontal,
            );
        }
    };
    Effect::new(move || {
        if let Some(bar) = bar.get() {
            browser::keep_one_tab_stop(&bar, ".command, .overflow-commands");
        }
    });
    let overflowing = overflow(&commands);
    view! {
        <div class="command-bar" role="toolbar" aria-label="Page commands" node_ref=bar on:keydown=pressed>
            {commands.into_iter().map(|command| view! { <CommandItem command/> }).collect_view()}
            <span class="state-text">
                <span class="dot" aria-hidden="true" hidden=move || !state_needs_attention.get()></span>
                <span role="status">{move || state.get()}</span>
            </span>
            {overflowing.map(|commands| view! {
                <MenuButton id="more-commands" label="More commands" commands class="overflow-commands"/>
            })}
        </div>
    }
}

#[component]
fn CommandItem(command: Command) -> impl IntoView {
    let unavailable = command.why_unavailable();
    // A refused one sends nothing before the script runs, either.
    let is_refused = command.refusal().is_some();
    let Command {
        label,
        glyph,
        action,
        weight,
        starts_group,
        is_optional,
        pressed,
        ..
    } = command;
    let optional = if is_optional { "optional" } else { "" };
    let class = format!("command {} {optional}", weight.class());
    let (kind, form, on_click, href, menu) = match action {
        CommandAction::Go(href) => ("submit", None, None, Some(href), None),
        CommandAction::Run(on_click) => ("button", None, Some(on_click), None, None),
        CommandAction::Submit(form) => ("submit", Some(form), None, None, None),
        CommandAction::Menu(id, commands) => ("button", None, None, None, Some((id, commands))),
    };
    let kind = if is_refused { "button" } else { kind };
    let opens = menu.map(|(id, _)| id);
    let is_open = RwSignal::new(false);
    let click = move |event: ev::MouseEvent| {
        if unavailable.with_untracked(Option::is_some) {
            event.prevent_default();
        } else if let Some(on_click) = on_click {
            on_click.run(());
        }
    };
    let button = view! {
        <button
            type=kind
            class=class
            form=form
            title=move || unavailable.get()
            aria-disabled=move || unavailable.with(Option::is_some).then_some("true")
            aria-description=move || unavailable.get()
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            aria-haspopup=opens.map(|_| "menu")
            aria-expanded=move || opens.map(|_| is_open.get().to_string())
            popovertarget=opens
            on:click=click
        >
            <Icon glyph/>
            <span>{label}</span>
        </button>
        {menu.map(|(id, commands)| view! {
            <MenuItems id=id.to_owned() label=label.to_owned() commands is_open/>
        })}
    };
    let line = starts_group.then(|| {
        view! { <span class=format!("divider {optional}") role="separator" aria-orientation="vertical"></span> }
    });
    match href {
        Some(href) => view! { {line}<GoForm href>{button}</GoForm> }.into_any(),
        None => view! { {line}{button} }.into_any(),
    }
}

/// The optional commands once more, as a menu; none when nothing is optional.
fn overflow(commands: &[Command]) -> Option<Signal<Vec<MenuCommand>>> {
    let optional: Vec<Command> = commands
        .iter()
        .filter(|command| command.is_optional)
        .cloned()
        .collect();
    (!optional.is_empty()).then(|| {
        Signal::derive(move || {
            optional
                .iter()
                .filter_map(as_menu_command)
                .collect::<Vec<_>>()
        })
    })
}

fn as_menu_command(command: &Command) -> Option<MenuCommand> {
    let unavailable = command.why_unavailable();
    let Command {
        label,
        glyph,
        action,
        weight,
        starts_group,
        ..
    } = command;
    let line = match action {
        CommandAction::Go(href) => MenuCommand::go(*label, *glyph, href.get()),
        CommandAction::Run(on_click) => MenuCommand::run(*label, *glyph, *on_click),
        CommandAction::Submit(form) => {
            let form = *form;
            MenuCommand::run(
                *label,
                *glyph,
                Callback::new(move |()| browser::submit_form(form)),
            )
        }
        CommandAction::Menu(..) => return None,
    };
    let line = if *weight == Weight::Danger {
        line.danger()
    } else {
        line
    };
    let line = if *starts_group {
        line.after_line()
    } else {
        line
    };
    Some(line.unavailable_because(unavailable.get().as_deref()))
}
