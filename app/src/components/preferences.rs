//! The switches of the settings panel: what a browser remembers for its reader.

use leptos::prelude::*;

use super::{
    choice::{CheckBox, Switch},
    moment::ReadersClock,
};
use crate::{
    browser,
    preferences::{Preference, Shortcut},
};

#[component]
pub fn Preferences() -> impl IntoView {
    let clock = use_context::<ReadersClock>();
    let exact = remembered(Preference::ExactTimes, move |is_on| {
        if let Some(clock) = clock {
            browser::once_taken_over(move || clock.tell_exactly(is_on));
        }
    });
    let confirm = remembered(Preference::ConfirmDeleting, |_| ());
    view! {
        <fieldset class="preferences">
            <legend class="visually-hidden">"Preferences"</legend>
            <Switch
                name="exact_times"
                label="Exact times"
                checked=exact
                hint="Date and time to the second, never \"1 min ago\"."
            />
            <Switch
                name="confirm_deleting"
                label="Confirm before deleting"
                checked=confirm
                hint="Deleting a configuration asks first. Without it, one click deletes, and Undo brings it back."
            />
            <Shortcuts/>
        </fieldset>
    }
}

/// A switch that begins as the browser remembers it; `changed` hears of every value.
fn remembered(preference: Preference, changed: impl Fn(bool) + 'static) -> RwSignal<bool> {
    let is_on = RwSignal::new(false);
    Effect::new(move |is_later: Option<()>| {
        match is_later {
            None => is_on.set(browser::prefers(preference)),
            Some(()) => browser::remember_preference(preference, is_on.get()),
        }
        changed(is_on.get());
    });
    is_on
}

/// All shortcuts at once, and each of them.
#[component]
fn Shortcuts() -> impl IntoView {
    let each = Shortcut::ALL.map(|shortcut| (shortcut, RwSignal::new(true)));
    let all = RwSignal::new(true);
    Effect::new(move |is_later: Option<()>| {
        if is_later.is_none() {
            let off = browser::shortcuts_off();
            each.iter()
                .for_each(|(shortcut, is_on)| is_on.set(!off.contains(shortcut)));
        }
        let off: Vec<Shortcut> = each
            .iter()
            .filter(|(_, is_on)| !is_on.get())
            .map(|(shortcut, _)| *shortcut)
            .collect();
        all.set(off.len() < Shortcut::ALL.len());
        if is_later.is_some() {
            browser::remember_shortcuts_off(&off);
        }
    });
    // The switch stands for the boxes: all off, or all on.
    Effect::new(move |earlier: Option<bool>| {
        let is_on = all.get();
        let any = each.iter().any(|(_, each)| each.get_untracked());
        if earlier.is_some_and(|earlier| earlier != is_on) && any != is_on {
            each.iter().for_each(|(_, each)| each.set(is_on));
        }
        is_on
    });
    let boxes = each.map(|(shortcut, checked)| {
        view! { <CheckBox name=shortcut.as_str() label=shortcut.label() checked/> }
    });
    view! {
        <Switch
            name="keyboard_shortcuts"
            label="Keyboard shortcuts"
            checked=all
            hint="Keys that work on every page."
        />
        <details>
            <summary>"Each shortcut"</summary>
            {boxes.into_iter().collect_view()}
        </details>
    }
}
