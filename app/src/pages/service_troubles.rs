//! Tells on every page what keeps the service as a whole from working.

use engine::records::ServiceTrouble;
use leptos::prelude::*;

use crate::{
    api::{self, ApiError, resource::Resource},
    components::message_bar::{MessageBar, Severity},
    live,
    routes::Route,
};

/// What is wrong now; `root` asks once and provides it to everything below.
pub type Troubles = Resource<Result<Vec<ServiceTrouble>, ApiError>>;

#[component]
pub fn ServiceTroubles() -> impl IntoView {
    let asked = use_context::<Troubles>();
    let bars = move || {
        Suspend::new(async move {
            let troubles = RwSignal::new(asked?.await.unwrap_or_default());
            live::keep_fresh(troubles, api::service_health::troubles);
            Some(move || troubles.read().iter().map(bar).collect_view())
        })
    };
    view! { <Suspense>{bars}</Suspense> }
}

fn bar(trouble: &ServiceTrouble) -> AnyView {
    match trouble {
        ServiceTrouble::DiskFull { .. } => view! {
            <MessageBar
                id="disk-full"
                severity=Severity::Error
                start="The disk is full."
                text="Nothing can be stored, so nothing is synchronized. Free some space on the \
                      machine that holds the database: everything goes on by itself."
                announced=true
            />
        }
        .into_any(),
        ServiceTrouble::MailNotLeaving { mails, error, .. } => view! {
            <MessageBar
                id="mail-not-leaving"
                severity=Severity::Warning
                start="Email is not getting out."
                text=format!("{}: {error}", not_delivered(*mails))
                announced=true
            >
                <a href=Route::NotificationSettings.to_string()>"Notification settings"</a>
            </MessageBar>
        }
        .into_any(),
    }
}

fn not_delivered(mails: u64) -> String {
    match mails {
        1 => "1 message was not delivered".to_owned(),
        mails => format!("{mails} messages were not delivered"),
    }
}
