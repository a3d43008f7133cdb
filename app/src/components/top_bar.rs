//! The bar of every page: portal menu, mark, search, notifications, settings, account. What opens
//! from it are native popovers, so that it works before the script does.

use leptos::{ev, html, prelude::*};

use super::{
    button::IconButton,
    choice::{RadioChoice, RadioGroup},
    icon::{Glyph, Icon, IconSize},
    preferences::Preferences,
    service_menu::{MenuGroup, MenuGroups, MenuItem},
    toast::{NotificationList, Toasts},
};
use crate::{browser, skin::Skin};

/// Who is signed in, as the bar shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub user_name: String,
    pub tenant_name: String,
}

impl Account {
    /// The first letters of the first two words.
    fn initials(&self) -> String {
        self.user_name
            .split('@')
            .next()
            .unwrap_or_default()
            .split(['.', ' ', '-', '_'])
            .filter_map(|word| word.chars().next())
            .take(2)
            .flat_map(char::to_uppercase)
            .collect()
    }
}

/// What stands in the notification centre about what runs; it gets to know whether somebody looks.
#[derive(Clone, Copy)]
pub struct Running(Callback<(Signal<bool>,), AnyView>);

impl Running {
    pub fn new(show: impl Fn(Signal<bool>) -> AnyView + Send + Sync + 'static) -> Self {
        Self(Callback::new(move |(is_open,)| show(is_open)))
    }

    fn run(self, is_open: Signal<bool>) -> AnyView {
        self.0.run((is_open,))
    }
}

/// The bar. Whoever is not signed in gets only the mark and the settings. `account_menu` is what stands in the account's pop-up under the name.
#[component]
pub fn TopBar(
    /// Where the mark leads.
    #[prop(into)]
    home: String,
    menu: Vec<MenuGroup>,
    /// The pages behind the settings that a browser remembers.
    settings: Vec<MenuItem>,
    #[prop(into)] search: ViewFnOnce,
    running: Running,
    account: Option<Account>,
    #[prop(into, optional)] account_menu: ViewFnOnce,
) -> impl IntoView {
    let is_signed_in = account.is_some();
    let bar = NodeRef::<html::Header>::new();
    let clicked = move |event: ev::MouseEvent| {
        if let Some(bar) = bar.get() {
            browser::hide_popovers_after_link(&event, &bar);
        }
    };
    view! {
        <header class="top-bar" node_ref=bar on:click=clicked>
            <div class="top-bar-side">
                {is_signed_in.then(|| view! { <PortalMenu groups=menu/> })}
                <a class="brand" href=home>
                    <Icon glyph=Glyph::CloudSyncFilled size=IconSize::TwentyFour/>
                    <span>"Cloud sync"</span>
                </a>
            </div>
            {is_signed_in.then(|| search.run())}
            <div class="top-bar-side">
                {is_signed_in.then(|| view! { <Notifications running/> })}
                <Settings pages=is_signed_in.then_some(settings)/>
                <Help/>
                {account.map(|account| view! { <AccountButton account menu=account_menu/> })}
            </div>
        </header>
    }
}

#[component]
fn PortalMenu(groups: Vec<MenuGroup>) -> impl IntoView {
    view! {
        <IconButton label="Show portal menu" glyph=Glyph::Navigation opens="portal-menu"/>
        <nav id="portal-menu" class="fly-out" aria-label="Portal menu" popover="auto">
            <MenuGroups groups/>
        </nav>
    }
}

#[component]
fn Notifications(running: Running) -> impl IntoView {
    let toasts = Toasts::here();
    let (centre, is_open) = (NodeRef::<html::Div>::new(), RwSignal::new(false));
    let toggled = move |_| {
        if let Some(centre) = centre.get() {
            is_open.set(browser::is_popover_open(&centre));
        }
    };
    let unread = toasts.unread();
    let label = Signal::derive(move || match unread.get() {
        0 => "Notifications".to_owned(),
        count => format!("Notifications, {count} unread"),
    });
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=move || label.get()
            title=move || label.get()
            popovertarget="notification-centre"
        >
            <Icon glyph=Glyph::Alert/>
            <span class="unread" aria-hidden="true" hidden=move || unread.get() == 0>
                {move || unread.get()}
            </span>
        </button>
        <div
            id="notification-centre"
            class="drop-down"
            role="dialog"
            aria-label="Notifications"
            popover="auto"
            node_ref=centre
            on:toggle=toggled
        >
            <h2>"Notifications"</h2>
            {running.run(is_open.into())}
            <NotificationList/>
        </div>
    }
}

/// What a browser remembers for its reader, and the way to what holds for everybody.
#[component]
fn Settings(pages: Option<Vec<MenuItem>>) -> impl IntoView {
    let theme = RwSignal::new("system".to_owned());
    Effect::new(move |is_later: Option<()>| {
        if is_later.is_none() {
            theme.set(browser::theme());
        }
        // Read each time, because an effect hears only of what it read when it ran last.
        let chosen = theme.get();
        if is_later.is_some() {
            browser::remember_theme(&chosen);
        }
    });
    let skin = RwSignal::new(Skin::here().as_str().to_owned());
    Effect::new(move |is_later: Option<()>| {
        let chosen = Skin::parse(&skin.get());
        if is_later.is_some() {
            browser::change_skin(chosen);
        }
    });
    let skins = vec![
        RadioChoice::new(
            "classic",
            "Classic",
            "As in 2021: a configuration on one page.",
        ),
        RadioChoice::new("new", "New", "With an overview and a page for each topic."),
    ];
    let choices = vec![
        RadioChoice::new("system", "System", "As your device is set."),
        RadioChoice::new("light", "Light", ""),
        RadioChoice::new("dark", "Dark", ""),
    ];
    view! {
        <IconButton label="Settings" glyph=Glyph::Settings opens="portal-settings" class="hide-narrow"/>
        <div id="portal-settings" class="drop-down" role="dialog" aria-label="Settings" popover="auto">
            <h2>"Settings"</h2>
            <RadioGroup name="theme" legend="Theme" value=theme choices/>
            <RadioGroup name="skin" legend="Skin" value=skin choices=skins/>
            <Preferences/>
            {pages.map(|items| {
                let heading = Some("For everybody");
                view! {
                    <nav class="drop-down-links" aria-label="Settings pages">
                        <MenuGroups groups=vec![MenuGroup { heading, items }]/>
                    </nav>
                }
            })}
        </div>
    }
}

#[component]
fn Help() -> impl IntoView {
    let shortcut = |keys: &'static str, what: &'static str| {
        view! {
            <div>
                <dt><kbd>{keys}</kbd></dt>
                <dd>{what}</dd>
            </div>
        }
    };
    view! {
        <IconButton label="Help" glyph=Glyph::QuestionCircle opens="portal-help" class="hide-narrow"/>
        <div id="portal-help" class="drop-down" role="dialog" aria-label="Help" popover="auto">
            <h2>"Keyboard shortcuts"</h2>
            <dl class="facts">
                {shortcut("Ctrl K", "Search")}
                {shortcut("Ctrl /", "Search in the menu")}
                {shortcut("Ctrl S", "Save")}
                {shortcut("F8", "To the notifications")}
                {shortcut("Esc", "Close what is on top")}
            </dl>
            <p class="hint">
                "Cloud sync is an independent project. Names of products of others name what it imitates."
            </p>
        </div>
    }
}

#[component]
fn AccountButton(account: Account, menu: ViewFnOnce) -> impl IntoView {
    let initials = account.initials();
    let Account {
        user_name,
        tenant_name,
    } = account;
    view! {
        <button type="button" class="account" aria-haspopup="dialog" popovertarget="account-menu">
            <span class="visually-hidden">"Account"</span>
            <span class="who">
                <span>{user_name.clone()}</span>
                <span>{tenant_name.clone()}</span>
            </span>
            <span class="avatar" aria-hidden="true">{initials}</span>
        </button>
        <div id="account-menu" class="drop-down" role="dialog" aria-label="Account" popover="auto">
            <h2>{user_name}</h2>
            <div class="stack">
                <p class="muted">{tenant_name}</p>
                {menu.run()}
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_two_words_before_the_domain() {
        let initials = |user_name: &str| {
            Account {
                user_name: user_name.to_owned(),
                tenant_name: String::new(),
            }
            .initials()
        };
        assert_eq!(initials("mara.lindqvist@contoso.test"), "ML");
        assert_eq!(initials("admin@contoso.test"), "A");
        assert_eq!(initials("Änne Öst"), "ÄÖ");
    }
}
