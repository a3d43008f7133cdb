//! The page's commands: the important ones always, the optional ones behind "More commands" when
//! there is no room. One tab stop; arrows move inside.

use leptos::{ev, html, prelude::*};

use super::{
    button::{GoForm, Weight},
    icon::{Glyph, Icon},
    menu::{MenuButton, MenuCommand},
};
use crate::browser::{self, Axis};

/// What a command does.
#[derive(Clone)]
pub enum CommandAction {
    /// Goes to an address; works before the script does.
    Go(Signal<String>),
    Run(Callback<()>),
    /// Sends the form with this id; works before the script does.
    Submit(&'static str),
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
        Self::new(label, glyph, CommandAction::Submit(form))
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
    let Command {
        label,
        glyph,
        action,
        weight,
        starts_group,
        is_optional,
        unavailable,
        pressed,
    } = command;
    let optional = if is_optional { "optional" } else { "" };
    let class = format!("command {} {optional}", weight.class());
    let (kind, form, on_click, href) = match action {
        CommandAction::Go(href) => ("submit", None, None, Some(href)),
        CommandAction::Run(on_click) => ("button", None, Some(on_click), None),
        CommandAction::Submit(form) => ("submit", Some(form), None, None),
    };
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
            on:click=click
        >
            <Icon glyph/>
            <span>{label}</span>
        </button>
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
    (!optional.is_empty())
        .then(|| Signal::derive(move || optional.iter().map(as_menu_command).collect::<Vec<_>>()))
}

fn as_menu_command(command: &Command) -> MenuCommand {
    let Command {
        label,
        glyph,
        action,
        weight,
        starts_group,
        unavailable,
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
    line.unavailable_because(unavailable.get().as_deref())
}
