//! Results of commands. A toast stays six seconds, longer while it is pointed at or has the focus;
//! errors and toasts with a button stay until they are dismissed or their time for undoing is over.
//! Behind the bell they outlive a reload of the page, but not the tab.

pub mod kept;

use leptos::prelude::*;

use self::kept::{Kept, KeptToast};
use super::{
    button::{Button, IconButton, Weight},
    icon::{Glyph, Icon},
    message_bar::Severity,
    moment::Moment,
};
use crate::{browser, wording};

const SECONDS_TO_READ: u32 = 6;

/// A button of a toast.
#[derive(Clone)]
pub enum ToastAction {
    Go {
        label: &'static str,
        href: String,
    },
    Run {
        label: &'static str,
        on_click: Callback<()>,
    },
}

/// One result.
#[derive(Clone)]
pub struct Toast {
    pub severity: Severity,
    pub title: String,
    pub text: String,
    pub actions: Vec<ToastAction>,
    /// How long it stays; for ever when `None`.
    pub seconds: Option<u32>,
}

impl Toast {
    pub fn success(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(
            Severity::Success,
            title.into(),
            text.into(),
            Some(SECONDS_TO_READ),
        )
    }

    /// Something was done, but not all of it; stays until somebody has read it.
    pub fn warning(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Severity::Warning, title.into(), text.into(), None)
    }

    pub fn error(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Severity::Error, title.into(), text.into(), None)
    }

    fn new(severity: Severity, title: String, text: String, seconds: Option<u32>) -> Self {
        Self {
            severity,
            title,
            text,
            actions: Vec::new(),
            seconds,
        }
    }

    /// Adds a button and keeps the toast for `seconds`, or until it is dismissed.
    #[must_use]
    pub fn with_action(mut self, action: ToastAction, seconds: Option<u32>) -> Self {
        self.actions.push(action);
        self.seconds = seconds;
        self
    }
}

/// A toast on the screen.
#[derive(Clone)]
struct Shown {
    number: u64,
    toast: Toast,
    /// None for one that stays.
    seconds_left: Option<u32>,
}

/// All toasts; provided by `root` as a context.
#[derive(Clone, Copy)]
pub struct Toasts {
    visible: RwSignal<Vec<Shown>>,
    kept: RwSignal<Kept>,
    next: StoredValue<u64>,
    is_held: RwSignal<bool>,
}

impl Toasts {
    pub fn new() -> Self {
        Self {
            visible: RwSignal::new(Vec::new()),
            kept: RwSignal::new(Kept::default()),
            next: StoredValue::new(0),
            is_held: RwSignal::new(false),
        }
    }

    /// The toasts of this portal, wherever one stands in it.
    pub fn here() -> Self {
        use_context().unwrap_or_else(Self::new)
    }

    pub fn show(self, toast: Toast) {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        self.change_kept(|kept| kept.add(KeptToast::of(&toast, browser::now())));
        let shown = Shown {
            number,
            seconds_left: toast.seconds,
            toast,
        };
        self.visible.update(|visible| visible.insert(0, shown));
    }

    pub fn unread(self) -> Signal<usize> {
        Signal::derive(move || self.kept.with(|kept| kept.unread))
    }

    pub fn mark_all_as_read(self) {
        self.change_kept(|kept| kept.unread = 0);
    }

    /// Forgets what was read and what was not; toasts on the screen stay there.
    pub fn clear_all(self) {
        self.change_kept(|kept| *kept = Kept::default());
    }

    /// Brings back what this tab kept before the page was loaded again.
    fn recall(self) {
        if let Some(kept) = browser::recalled(kept::NAME) {
            self.kept.set(Kept::parse(&kept));
        }
    }

    fn change_kept(self, change: impl FnOnce(&mut Kept)) {
        self.kept.update(change);
        let text = self.kept.with_untracked(Kept::to_text);
        browser::remember_for_tab(kept::NAME, &text);
    }

    fn dismiss(self, number: u64) {
        self.visible
            .update(|visible| visible.retain(|shown| shown.number != number));
    }

    fn a_second_passed(self) {
        if self.is_held.get_untracked() || !browser::is_visible() {
            return;
        }
        // The time that is left shows nowhere, so nobody needs to hear of it.
        self.visible.update_untracked(|visible| {
            for seconds in visible
                .iter_mut()
                .filter_map(|shown| shown.seconds_left.as_mut())
            {
                *seconds = seconds.saturating_sub(1);
            }
        });
        let is_over = |shown: &Shown| shown.seconds_left == Some(0);
        if self
            .visible
            .with_untracked(|visible| visible.iter().any(is_over))
        {
            self.visible
                .update(|visible| visible.retain(|shown| !is_over(shown)));
        }
    }
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new()
    }
}

/// Where toasts appear. `children` are those that the server already knows when it renders.
#[component]
pub fn ToastRegion(#[prop(optional)] children: Option<Children>) -> impl IntoView {
    let toasts = Toasts::here();
    Effect::new(move || {
        toasts.recall();
        browser::every_second(move || toasts.a_second_passed());
    });
    let hold = move |is_held| move || toasts.is_held.set(is_held);
    let (begin, end, focused, left) = (hold(true), hold(false), hold(true), hold(false));
    view! {
        <div
            id="notifications"
            class="toasts"
            role="region"
            aria-label="Notifications"
            tabindex="-1"
            on:mouseenter=move |_| begin()
            on:mouseleave=move |_| end()
            on:focusin=move |_| focused()
            on:focusout=move |_| left()
        >
            {children.map(|children| children())}
            <For each=move || toasts.visible.get() key=|shown| shown.number let:shown>
                <ToastCard
                    toast=shown.toast
                    on_dismiss=move |()| toasts.dismiss(shown.number)
                />
            </For>
        </div>
    }
}

/// One toast as it looks.
#[component]
pub fn ToastCard(toast: Toast, #[prop(into)] on_dismiss: Callback<()>) -> impl IntoView {
    let Toast {
        severity,
        title,
        text,
        actions,
        ..
    } = toast;
    let has_actions = !actions.is_empty();
    let buttons = actions
        .into_iter()
        .map(|action| toast_button(action, on_dismiss))
        .collect_view();
    view! {
        <div class="toast" role=severity.role()>
            <Icon glyph=severity.glyph() class=severity.class()/>
            <strong>{title}</strong>
            <IconButton label="Dismiss notification" glyph=Glyph::Dismiss on_click=on_dismiss/>
            <p>{text}</p>
            {has_actions.then(|| view! { <span class="toast-actions">{buttons}</span> })}
        </div>
    }
}

fn toast_button(action: ToastAction, on_dismiss: Callback<()>) -> AnyView {
    match action {
        ToastAction::Go { label, href } => {
            view! { <a href=href on:click=move |_| on_dismiss.run(())>{label}</a> }.into_any()
        }
        ToastAction::Run { label, on_click } => {
            let click = move |_| {
                on_dismiss.run(());
                on_click.run(());
            };
            view! { <button type="button" class="link-button" on:click=click>{label}</button> }
                .into_any()
        }
    }
}

/// The last toasts, behind the bell, under the days on which they came.
#[component]
pub fn NotificationList() -> impl IntoView {
    let toasts = Toasts::here();
    let is_empty = Signal::derive(move || toasts.kept.with(|kept| kept.toasts.is_empty()));
    let all_read = Signal::derive(move || toasts.unread().get() == 0);
    let line = move |(heading, toast): (Option<String>, KeptToast)| {
        let at = toast.at;
        view! {
            {heading.map(|day| view! { <li class="day"><h3>{day}</h3></li> })}
            <li>
                <Icon glyph=toast.severity.glyph() class=toast.severity.class()/>
                <strong>{toast.title}</strong>
                <span class="muted">{toast.text}</span>
                <small class="muted"><Moment at/></small>
            </li>
        }
    };
    let mark = Callback::new(move |()| toasts.mark_all_as_read());
    let clear = Callback::new(move |()| toasts.clear_all());
    view! {
        <div class="row">
            <Button label="Mark all as read" small=true weight=Weight::Subtle on_click=mark unavailable=all_read/>
            <Button label="Clear all" small=true weight=Weight::Subtle on_click=clear unavailable=is_empty/>
        </div>
        <p class="muted" hidden=move || !is_empty.get()>"No notification"</p>
        <ul class="notification-list" hidden=move || is_empty.get()>
            {move || with_days(toasts.kept.get().toasts).into_iter().map(line).collect_view()}
        </ul>
    }
}

/// Each with its day, where the one before came on another.
fn with_days(kept: Vec<KeptToast>) -> Vec<(Option<String>, KeptToast)> {
    let mut earlier = None;
    let with_day = |toast: KeptToast| {
        let day = wording::day_in_words(toast.at, browser::minutes_ahead_of_utc(toast.at));
        let is_new = earlier.replace(day.clone()).as_ref() != Some(&day);
        (is_new.then_some(day), toast)
    };
    kept.into_iter().map(with_day).collect()
}
