//! `/sign-in`: by email address and password; or, with an invitation in the address, by setting
//! both for the first time.

use engine::configuration::draft::FieldError;
use leptos::{ev, prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::loading::when_loaded;
use crate::{
    api::{
        self, ApiError,
        resource::resource,
        session::{AcceptInvitation, SignIn as SignInAction},
    },
    browser,
    components::{
        button::{Button, ButtonLink, Weight},
        field::{TextField, TextKind},
        message_bar::{MessageBar, Severity},
    },
    list_address::ListAddress,
    routes::{Route, own_address},
};

#[component]
pub fn SignIn() -> impl IntoView {
    // The router's own map unescapes twice, which would spoil an address inside the address.
    let address = ListAddress::of(Route::SignIn).get_untracked();
    match address.get("invitation").map(str::to_owned) {
        Some(invitation) => view! { <Invited invitation/> }.into_any(),
        None => view! { <Known next=own_address(&address.text("next"))/> }.into_any(),
    }
}

#[component]
fn Centred(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <Title text=format!("{title} - Cloud sync")/>
        <div class="centred-page" id="content" tabindex="-1">
            <div class="card">
                <h1>{title}</h1>
                {children()}
            </div>
        </div>
    }
}

/// What went wrong, as far as it concerns no single field.
#[component]
fn Refused(error: Signal<Option<ApiError>>) -> impl IntoView {
    move || {
        error.get().and_then(|error| error.of_whole_form()).map(|text| {
            view! { <MessageBar id="refused" severity=Severity::Error start="Not signed in." text announced=true/> }
        })
    }
}

/// The error of a server action's last answer.
fn error_of<T: Send + Sync + 'static>(
    answer: Signal<Option<Result<T, ApiError>>>,
) -> Signal<Option<ApiError>> {
    Signal::derive(move || {
        answer
            .read()
            .as_ref()
            .and_then(|answer| answer.as_ref().err().cloned())
    })
}

#[component]
fn Known(next: String) -> impl IntoView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let sign_in = ServerAction::<SignInAction>::new();
    let error = error_of(sign_in.value().into());
    load_when_done(sign_in.value().into(), next.clone());
    let address = next.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        sign_in.dispatch(SignInAction {
            email: email.get_untracked(),
            password: password.get_untracked(),
            next: address.clone(),
        });
    };
    view! {
        <Centred title="Sign in">
            <Refused error/>
            <form class="stack" method="post" action=SignInAction::url() on:submit=submit>
                <input type="hidden" name="next" value=next/>
                <TextField name="email" label="User name" kind=TextKind::UserName value=email hint="Your email address." required=true/>
                <TextField name="password" label="Password" kind=TextKind::Password value=password required=true/>
                <div><Button label="Sign in" weight=Weight::Primary unavailable=sign_in.pending() for_readers=true/></div>
            </form>
        </Centred>
    }
}

#[component]
fn Invited(invitation: String) -> impl IntoView {
    let asked = invitation.clone();
    let is_valid = resource(
        || (),
        move |()| api::session::invitation_is_valid(asked.clone()),
    );
    when_loaded(is_valid, move |is_valid| {
        if is_valid {
            view! { <FirstPassword invitation=invitation.clone()/> }.into_any()
        } else {
            view! { <UsedUp/> }.into_any()
        }
    })
}

#[component]
fn UsedUp() -> impl IntoView {
    view! {
        <Centred title="This link is used up">
            <p>
                "Each link works once, for a day. If nobody has signed in yet, start the server again: it prints "
                "a new one."
            </p>
            <div><ButtonLink label="Sign in" href=Route::SignIn/></div>
        </Centred>
    }
}

#[component]
fn FirstPassword(invitation: String) -> impl IntoView {
    let text = || RwSignal::new(String::new());
    let (display_name, email, password) = (text(), text(), text());
    let accept = ServerAction::<AcceptInvitation>::new();
    let error = error_of(accept.value().into());
    load_when_done(
        accept.value().into(),
        Route::AzureActiveDirectory.to_string(),
    );
    let of_field = move |field: &'static str| {
        Signal::derive(move || {
            error
                .read()
                .as_ref()
                .and_then(|error| error.of_field(field))
        })
    };
    let token = invitation.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        accept.dispatch(AcceptInvitation {
            invitation: token.clone(),
            display_name: display_name.get_untracked(),
            email: email.get_untracked(),
            password: password.get_untracked(),
        });
    };
    view! {
        <Centred title="Welcome to Cloud sync">
            <p class="muted">"Set the name and the password with which you will sign in from now on."</p>
            <Refused error/>
            <form class="stack" method="post" action=AcceptInvitation::url() on:submit=submit novalidate>
                <input type="hidden" name="invitation" value=invitation/>
                <TextField name="display_name" label="Name" value=display_name error=of_field("display_name") required=true/>
                <TextField name="email" label="Email address" kind=TextKind::UserName value=email error=of_field("email") required=true/>
                <TextField
                    name="password"
                    label="Password"
                    kind=TextKind::NewPassword
                    value=password
                    hint="At least twelve characters; a sentence is good."
                    error=of_field("password")
                    required=true
                />
                <div><Button label="Continue" weight=Weight::Primary unavailable=accept.pending() for_readers=true/></div>
            </form>
        </Centred>
    }
}

/// Everything on the next page depends on who is signed in, so it comes from the server.
fn load_when_done(answer: Signal<Option<Result<(), ApiError>>>, next: String) {
    Effect::new(move || match answer.get() {
        Some(Ok(())) => browser::load(&next),
        Some(Err(ApiError::Invalid(errors))) => focus_first(&errors),
        Some(Err(_)) | None => {}
    });
}

fn focus_first(errors: &[FieldError]) {
    if let Some(error) = errors.first() {
        browser::focus_by_id(&error.field);
    }
}
