//! Tells those who may only read, on every page with commands, that they look and do not change.

use engine::records::{Role, SignedIn};
use leptos::prelude::*;

use crate::{
    api::{ApiError, resource::Resource},
    components::message_bar::MessageBar,
};

/// Who is signed in; `root` provides it to everything below.
pub type Session = Resource<Result<Option<SignedIn>, ApiError>>;

#[component]
pub fn ReadersBar() -> impl IntoView {
    let session = use_context::<Session>();
    let bar = move || {
        Suspend::new(async move {
            let signed_in = session?.await.ok()??;
            (signed_in.role == Role::ReportsReader).then(|| {
                let changer = Role::HybridIdentityAdministrator.label();
                view! {
                    <MessageBar
                        id="look-only"
                        start="You can look, not change."
                        text=format!("Changing needs the role {changer}.")
                    />
                }
            })
        })
    };
    view! { <Suspense>{bar}</Suspense> }
}
