//! Forms that send a server function: by themselves before a script runs, through its action
//! afterwards. What the server refuses stands beside its field.

use leptos::{
    ev,
    form::FromFormData,
    prelude::*,
    server_fn::{ServerFn, error::FromServerFnError},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::de::DeserializeOwned;

use super::signed_out::SignInLink;
use crate::{
    api::ApiError,
    browser,
    components::{
        field::{SelectField, SelectOption, TextField, TextKind, id_of},
        message_bar::{MessageBar, Severity},
        toast::{Toast, Toasts},
    },
};

/// What the last answer refused; nothing while it is fine.
pub type Refusal = Signal<Option<ApiError>>;

/// The form of an action. Its fields are named as the server function's arguments.
#[component]
pub fn CommandForm<S>(
    id: &'static str,
    action: ServerAction<S>,
    children: Children,
) -> impl IntoView
where
    S: ServerFn + DeserializeOwned + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Error: FromServerFnError + Send + Sync + 'static,
{
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match S::from_event(&event) {
            Ok(input) => drop(action.dispatch(input)),
            Err(error) => leptos::logging::error!("The form does not fit its function: {error}"),
        }
    };
    view! {
        <form id=id class="stack wide" method="post" action=S::url() on:submit=submit>
            {children()}
        </form>
    }
}

/// What an action's last answer refused.
pub fn refusal<S>(action: ServerAction<S>) -> Refusal
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Signal::derive(move || action.value().get()?.err())
}

/// Runs `done` after each success; after a refusal the focus goes to the first bad field.
pub fn after<S>(action: ServerAction<S>, done: impl Fn(S::Output) + 'static)
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Effect::new(move || match action.value().get() {
        Some(Ok(output)) => done(output),
        Some(Err(ApiError::Invalid(errors))) => {
            if let Some(first) = errors.first() {
                browser::focus_by_id(&first.field);
            }
        }
        Some(Err(_)) | None => (),
    });
}

/// What was refused and concerns no single field.
#[component]
pub fn WholeFormRefusal(refusal: Refusal, start: &'static str) -> impl IntoView {
    move || {
        let error = refusal.get()?;
        let text = error.of_whole_form()?;
        Some(match error {
            ApiError::SignInRequired => view! {
                <MessageBar id="form-refused" severity=Severity::Error start text announced=true>
                    <SignInLink/>
                </MessageBar>
            }
            .into_any(),
            _ => view! {
                <MessageBar id="form-refused" severity=Severity::Error start text announced=true/>
            }
            .into_any(),
        })
    }
}

/// A line of text that starts with `initial`.
#[component]
pub fn DraftField(
    name: &'static str,
    label: &'static str,
    #[prop(into, optional)] initial: String,
    #[prop(optional)] kind: TextKind,
    #[prop(into, optional)] hint: String,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    refusal: Refusal,
) -> impl IntoView {
    let error = of_field(refusal, id_of(name));
    let value = RwSignal::new(initial);
    view! { <TextField name label value kind hint error required autofocus/> }
}

/// One of several values; `initial` is chosen.
#[component]
pub fn DraftSelect(
    name: &'static str,
    label: &'static str,
    #[prop(into)] initial: String,
    options: Vec<SelectOption>,
    #[prop(into, optional)] hint: String,
    refusal: Refusal,
) -> impl IntoView {
    let error = of_field(refusal, id_of(name));
    let value = RwSignal::new(initial);
    view! { <SelectField name label value options hint error/> }
}

/// What is wrong with one field.
pub fn of_field(refusal: Refusal, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || refusal.get()?.of_field(field))
}

/// A command without a form of its own says in a toast why nothing happened.
pub fn complain<T: Clone + Send + Sync + 'static>(
    answer: Signal<Option<Result<T, ApiError>>>,
    title: &'static str,
) {
    let toasts = Toasts::here();
    Effect::new(move || {
        if let Some(Err(error)) = answer.get() {
            toasts.show(Toast::error(title, error.to_string()));
        }
    });
}

/// Leads to another address without scrolling: back from a pane or a question.
pub fn go_to(address: impl Into<Signal<String>>) -> Callback<()> {
    let (go, address) = (staying(), address.into());
    Callback::new(move |()| go.run(address.get_untracked()))
}

/// Leads to whatever address it is told, without scrolling.
pub fn staying() -> Callback<String> {
    let navigate = use_navigate();
    Callback::new(move |address: String| {
        let stay = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&address, stay);
    })
}
