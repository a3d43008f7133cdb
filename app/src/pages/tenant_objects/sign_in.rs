//! **Check sign-in** on a user's page: the proof that the password of the directory works in the
//! tenant. What was typed goes to the server and nowhere else; the answer is one sentence.

use engine::{sign_in::SignInCheck, tenant::TenantObjectId};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::{ApiError, tenant::CheckSignIn},
    components::{
        button::Button,
        card::Card,
        field::{TextField, TextKind},
        message_bar::{MessageBar, Severity},
    },
    list_address::ListAddress,
};

/// Where the answer stands when it came without a script.
const ANSWER: &str = "sign-in";

type Answer = Option<Result<SignInCheck, ApiError>>;

#[component]
pub fn SignInForm(id: TenantObjectId, address: Memo<ListAddress>) -> impl IntoView {
    let check = ServerAction::<CheckSignIn>::new();
    let password = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let password = password.get_untracked();
        check.dispatch(CheckSignIn { id, password });
    };
    // Nobody else should find it on the screen.
    Effect::new(move || {
        if check.value().with(Option::is_some) {
            password.set(String::new());
        }
    });
    let answer = Signal::derive(move || check.value().get().or_else(|| told(address)));
    view! {
        <Card id="check-sign-in" title="Check sign-in">
            <div class="stack">
                <div aria-live="polite">{move || shown(&answer.get())}</div>
                <form class="stack" method="post" action=CheckSignIn::url() on:submit=submit aria-labelledby="check-sign-in">
                    <input type="hidden" name="id" value=id.to_string()/>
                    <TextField
                        name="password"
                        label="On-premises password"
                        kind=TextKind::NewPassword
                        value=password
                        hint="Compared with what password hash sync brought; not stored, not logged."
                        required=true
                    />
                    <div><Button label="Check sign-in" unavailable=check.pending()/></div>
                </form>
            </div>
        </Card>
    }
}

/// What the address says, after a form that was sent without a script.
fn told(address: Memo<ListAddress>) -> Answer {
    let word = address.with(|address| address.text(ANSWER));
    SignInCheck::parse(&word).map(Ok)
}

fn shown(answer: &Answer) -> Option<AnyView> {
    let (severity, start, text) = match answer.as_ref()? {
        Ok(check) => in_words(*check),
        Err(error) => (Severity::Error, "Not checked.", error.to_string()),
    };
    Some(view! { <MessageBar id="sign-in-answer" severity start text/> }.into_any())
}

fn in_words(check: SignInCheck) -> (Severity, &'static str, String) {
    let (severity, start, text) = match check {
        SignInCheck::Accepted => (
            Severity::Success,
            "Password accepted.",
            "The on-premises password works in the tenant.",
        ),
        SignInCheck::AcceptedButDisabled => (
            Severity::Warning,
            "Password accepted, account disabled.",
            "The password is right, but a disabled account cannot sign in.",
        ),
        SignInCheck::Wrong => (
            Severity::Error,
            "Password wrong.",
            "It is not the password that was synchronized last. A new one takes up to two minutes.",
        ),
        SignInCheck::NothingSynchronized => (
            Severity::Info,
            "No password was synchronized yet.",
            "Password hash sync is off, has not run yet, or the password must be changed first.",
        ),
        SignInCheck::TooManyAttempts => (
            Severity::Error,
            "Too many attempts.",
            "Passwords of this user are not looked at for up to fifteen minutes.",
        ),
    };
    (severity, start, text.to_owned())
}
