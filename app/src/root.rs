//! What every page has: the top bar, the toasts, the router between them. Who is signed in is
//! asked once, here.

use engine::records::SignedIn;
use leptos::{ev, prelude::*, server_fn::ServerFn};
use leptos_meta::provide_meta_context;
use leptos_router::components::Router;

use crate::{
    api::{self, ApiError, resource::resource, session::SignOut},
    browser,
    components::{
        button::Button,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        moment::ReadersClock,
        page::AboveBlocks,
        title_row::FocusedPage,
        toast::{ToastRegion, Toasts},
        top_bar::{Account, Running as RunningSlot, TopBar},
    },
    live::Live,
    pages::{
        Notices, Search, frame,
        readers_bar::{ReadersBar, Session},
        running::Running,
        service_troubles::{ServiceTroubles, Troubles},
        signed_out::SignedOutBar,
    },
    permission::Permission,
    preferences::Shortcut,
    routes::{PortalRoutes, Route},
    skin::Skin,
};

/// The portal, from the first element of the body to the last.
#[component]
pub fn App(
    /// As the reader chose it before.
    skin: Skin,
    /// Of the reader.
    permission: Permission,
) -> impl IntoView {
    provide_context(skin);
    provide_context(permission);
    provide_meta_context();
    provide_context(Toasts::new());
    provide_context(ReadersClock::start());
    provide_context(FocusedPage(StoredValue::new(String::new())));
    let live = Live::new();
    provide_context(live);
    let session = resource(|| (), |()| api::session::current());
    provide_context::<Session>(session);
    provide_context::<Troubles>(resource(|| (), |()| api::service_health::troubles()));
    provide_context(AboveBlocks(ViewFn::from(|| view! { <ReadersBar/> })));
    Effect::new(listen_for_shortcuts);
    view! {
        <Router>
            <a class="skip-link" href="#content">"Skip to main content"</a>
            <Suspense>{move || Suspend::new(async move { top_bar(session.await, live) })}</Suspense>
            <main>
                <ConnectionLost live/>
                <SignedOutBar/>
                <ServiceTroubles/>
                <PortalRoutes/>
            </main>
            <ToastRegion><Notices/></ToastRegion>
        </Router>
    }
}

/// Keys that work everywhere; the search has its own.
fn listen_for_shortcuts() {
    browser::on_key(|event| {
        let with_control = event.ctrl_key() || event.meta_key();
        // In lower case, because Caps Lock is no other key.
        let shortcut = match event.key().to_lowercase().as_str() {
            "f8" => Shortcut::Notifications,
            "/" if with_control => Shortcut::SearchMenu,
            "s" if with_control => Shortcut::Save,
            _ => return,
        };
        if browser::shortcuts_off().contains(&shortcut) {
            return;
        }
        match shortcut {
            Shortcut::Notifications => browser::focus_by_id("notifications"),
            Shortcut::SearchMenu => browser::focus_by_id("service-menu-search"),
            Shortcut::Save => browser::submit_marked_form(),
            Shortcut::Search => return,
        }
        event.prevent_default();
    });
}

#[component]
fn ConnectionLost(live: Live) -> impl IntoView {
    let is_lost = live.is_lost();
    move || {
        is_lost.get().then(|| {
            view! {
                <MessageBar
                    id="connection-lost"
                    severity=Severity::Warning
                    start="Connection lost."
                    text="Reconnecting; entries in forms are kept."
                    announced=true
                />
            }
        })
    }
}

fn top_bar(session: Result<Option<SignedIn>, ApiError>, live: Live) -> impl IntoView {
    let signed_in = session.ok().flatten();
    if signed_in.is_some() {
        live.open();
    }
    if let Some(SignedIn { clock, .. }) = signed_in
        && let Some(readers_clock) = use_context::<ReadersClock>()
    {
        Effect::new(move || readers_clock.follow(clock, browser::now()));
    }
    let is_demo = signed_in
        .as_ref()
        .is_some_and(|signed_in| signed_in.is_demo);
    let account = signed_in.map(
        |SignedIn {
             email, tenant_name, ..
         }| Account {
            user_name: email,
            tenant_name,
        },
    );
    view! {
        <TopBar
            home=Route::AzureActiveDirectory
            menu=frame::portal_menu()
            settings=frame::settings_pages()
            search=|| view! { <Search/> }
            running=RunningSlot::new(|is_open| view! { <Running is_open/> }.into_any())
            account
            account_menu=move || (!is_demo).then(|| view! { <SignOutForm/> })
        />
        {is_demo.then(|| view! {
            <aside class="demo-notice" aria-label="Demonstration">
                "Demonstration: you are signed in as its administrator, and all data is made up. "
                <a href=Route::Demo.to_string()>"Scenarios, clock and reset"</a>
            </aside>
        })}
    }
}

#[component]
fn SignOutForm() -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
    let toasts = Toasts::here();
    Effect::new(move || {
        if let Some(Ok(())) = sign_out.value().get() {
            // They are for whoever did what they tell of.
            toasts.clear_all();
            browser::load(&Route::SignIn.to_string());
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        sign_out.dispatch(SignOut {});
    };
    view! {
        <form method="post" action=SignOut::url() on:submit=submit>
            <Button label="Sign out" glyph=Glyph::SignOut for_readers=true/>
        </form>
    }
}
