//! `/directories/new`: connect an LDAP directory.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::connection::{Connection, ConnectionFields, FORM, TestButton, TestResult};
use crate::{
    api::directories::{Connect, Test},
    components::{
        breadcrumb::Crumb,
        button::{Button, GoButton, Weight},
        icon::Glyph,
        page::Page,
        toast::{Toast, Toasts},
    },
    pages::{
        forms::{CommandForm, WholeFormRefusal, after, refusal},
        frame::{self, label},
    },
    routes::Route,
};

#[component]
pub fn ConnectDirectory() -> impl IntoView {
    let connection = Connection::new(None);
    let test = ServerAction::<Test>::new();
    let connect = ServerAction::<Connect>::new();
    open_when_connected(connect);
    let (refused, test_refused) = (refusal(connect), refusal(test));
    // A field shows what is wrong with it, whichever button found out.
    let latest = Signal::derive(move || refused.get().or_else(|| test_refused.get()));
    Effect::new(move || {
        if test.pending().get() {
            connect.value().set(None);
        }
    });
    Effect::new(move || {
        if connect.pending().get() {
            test.value().set(None);
        }
    });
    let footer = move || {
        view! {
            <Button label="Connect" weight=Weight::Primary form=FORM unavailable=connect.pending()/>
            <TestButton test connection/>
            <GoButton label="Cancel" href=Route::Directories/>
        }
        .into_any()
    };
    view! {
        <Page
            title="Connect directory"
            subtitle="An LDAP directory of your own"
            glyph=Glyph::PlugConnected
            above=above()
            menu=frame::tenant_menu(label::DIRECTORIES)
            footer
        >
            <div class="form-page">
                <p>
                    "Connect reads the directory once and stores how it is reached. Nothing is written to the "
                    "directory, and nothing flows before a configuration is enabled."
                </p>
                <TestResult test/>
                <WholeFormRefusal refusal=refused start="Not connected."/>
                <CommandForm id=FORM action=connect>
                    <ConnectionFields connection refusal=latest/>
                </CommandForm>
            </div>
        </Page>
    }
}

/// Above the pages of one directory.
pub fn above() -> Vec<Crumb> {
    let mut above = frame::azure_active_directory();
    above.push(Crumb::new(label::DIRECTORIES, Route::Directories));
    above
}

fn open_when_connected(connect: ServerAction<Connect>) {
    let toasts = Toasts::here();
    let navigate = use_navigate();
    after(connect, move |id| {
        toasts.show(Toast::success(
            "Directory connected",
            "A configuration can be made for its domain now.",
        ));
        navigate(&Route::Directory(id).to_string(), Default::default());
    });
}
