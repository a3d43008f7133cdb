//! How an LDAP directory is reached: the form, its test, and what the test found.

use engine::{
    configuration::draft::{
        BASE_DN, BIND_DN, BIND_PASSWORD, CA_CERTIFICATE_PEM, LdapDraft, START_TLS, URL,
    },
    directory::ObjectKind,
    records::{ConnectionReport, DirectoryId, LdapConnection, SeenObjects},
};
use leptos::{ev, prelude::*, server_fn::ServerFn};

use crate::{
    api::directories::Test,
    components::{
        card::Points,
        choice::CheckBox,
        field::{FieldError, TextArea, TextField, TextKind},
        icon::Glyph,
        message_bar::{MessageBar, Severity},
    },
    pages::forms::{Refusal, of_field, refusal},
    wording::counted,
};

/// The form that carries the fields.
pub const FORM: &str = "connection-form";

/// What is typed.
#[derive(Clone, Copy)]
pub struct Connection {
    url: RwSignal<String>,
    start_tls: RwSignal<bool>,
    ca_certificate_pem: RwSignal<String>,
    bind_dn: RwSignal<String>,
    bind_password: RwSignal<String>,
    base_dn: RwSignal<String>,
}

impl Connection {
    /// Starts with what is stored; the password never comes back.
    pub fn new(stored: Option<&LdapConnection>) -> Self {
        let text = |part: fn(&LdapConnection) -> String| {
            RwSignal::new(stored.map(part).unwrap_or_default())
        };
        Self {
            url: text(|stored| stored.url.clone()),
            start_tls: RwSignal::new(stored.is_some_and(|stored| stored.start_tls)),
            ca_certificate_pem: text(|stored| {
                stored.ca_certificate_pem.clone().unwrap_or_default()
            }),
            bind_dn: text(|stored| stored.bind_dn.clone()),
            bind_password: RwSignal::new(String::new()),
            base_dn: text(|stored| stored.base_dn.to_string()),
        }
    }

    pub fn draft(self) -> LdapDraft {
        LdapDraft {
            url: self.url.get_untracked(),
            start_tls: self.start_tls.get_untracked(),
            ca_certificate_pem: self.ca_certificate_pem.get_untracked(),
            bind_dn: self.bind_dn.get_untracked(),
            bind_password: self.bind_password.get_untracked(),
            base_dn: self.base_dn.get_untracked(),
        }
    }
}

/// The fields. `is_stored` says that the directory is connected already: its password may stay.
#[component]
pub fn ConnectionFields(
    connection: Connection,
    refusal: Refusal,
    #[prop(optional)] is_stored: bool,
) -> impl IntoView {
    let error = move |field| of_field(refusal, field);
    let password_hint = match is_stored {
        true => "Leave it empty to keep the stored one.",
        false => "Stored sealed; nobody can read it back.",
    };
    view! {
        <TextField
            name="draft[url]"
            label="URL"
            kind=TextKind::Address
            value=connection.url
            hint="ldaps://host:636 is encrypted from the start; ldap://host:389 may start encryption."
            error=error(URL)
            required=true
            autofocus=is_stored
        />
        <div class="stack close">
            <CheckBox
                name="draft[start_tls]"
                label="StartTLS"
                checked=connection.start_tls
                hint="Encrypts an ldap:// connection before anything is said."
            />
            <FieldError id="start_tls-error" error=error(START_TLS)/>
        </div>
        <TextArea
            name="draft[ca_certificate_pem]"
            label="CA certificate"
            value=connection.ca_certificate_pem
            hint="Of the authority that issued the server's certificate, as PEM text. Leave it empty for a public one."
            error=error(CA_CERTIFICATE_PEM)
            technical=true
        />
        <TextField
            name="draft[bind_dn]"
            label="Bind DN"
            kind=TextKind::Technical
            value=connection.bind_dn
            hint="The account that reads, for example cn=reader,dc=example,dc=test."
            error=error(BIND_DN)
        />
        <TextField
            name="draft[bind_password]"
            label="Password"
            kind=TextKind::NewPassword
            value=connection.bind_password
            hint=password_hint
            error=error(BIND_PASSWORD)
        />
        <TextField
            name="draft[base_dn]"
            label="Base DN"
            kind=TextKind::Technical
            value=connection.base_dn
            hint="Where the reading begins, for example dc=example,dc=test."
            error=error(BASE_DN)
            required=true
        />
    }
}

/// Tries what is typed, without storing it.
#[component]
pub fn TestButton(
    test: ServerAction<Test>,
    connection: Connection,
    #[prop(optional_no_strip)] existing: Option<DirectoryId>,
) -> impl IntoView {
    let click = move |event: ev::MouseEvent| {
        event.prevent_default();
        if !test.pending().get_untracked() {
            test.dispatch(Test {
                existing,
                draft: connection.draft(),
            });
        }
    };
    view! {
        <button
            type="submit"
            class="button"
            form=FORM
            formaction=Test::url()
            aria-disabled=move || test.pending().get().then_some("true")
            on:click=click
        >
            "Test connection"
        </button>
    }
}

/// What the last test said.
#[component]
pub fn TestResult(test: ServerAction<Test>) -> impl IntoView {
    let refusal = refusal(test);
    move || {
        if test.pending().get() {
            return view! {
                <MessageBar id="test-result" severity=Severity::Running start="Testing the connection." announced=true/>
            }
            .into_any();
        }
        match test.value().get() {
            None => ().into_any(),
            Some(Ok(report)) => found(&report),
            Some(Err(_)) => refused(refusal),
        }
    }
}

fn refused(refusal: Refusal) -> AnyView {
    let text = Signal::derive(move || {
        refusal
            .get()
            .map(|error| error.to_string())
            .unwrap_or_default()
    });
    view! {
        <MessageBar id="test-result" severity=Severity::Error start="The connection does not work." text announced=true/>
    }
    .into_any()
}

fn found(report: &ConnectionReport) -> AnyView {
    let text = format!(
        "{} answered. It shows {}.",
        report.product,
        seen(&report.seen)
    );
    let warnings = report.warnings.clone();
    let has_warnings = !warnings.is_empty();
    view! {
        <MessageBar id="test-result" severity=Severity::Success start="The connection works." text announced=true/>
        {has_warnings.then(|| view! { <Points points=warnings glyph=Glyph::WarningFilled/> })}
    }
    .into_any()
}

/// `1,000 or more users, 12 groups, no contacts`
fn seen(seen: &[SeenObjects]) -> String {
    let words = |seen: &SeenObjects| {
        let noun = match seen.kind {
            ObjectKind::User => "user",
            ObjectKind::Group => "group",
            ObjectKind::Contact => "contact",
        };
        match (seen.count, seen.more) {
            (0, _) => format!("no {noun}"),
            (count, false) => counted(count, noun, &format!("{noun}s")),
            (count, true) => counted(
                count,
                &format!("or more {noun}s"),
                &format!("or more {noun}s"),
            ),
        }
    };
    seen.iter().map(words).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_test_saw_reads_as_a_sentence() {
        let objects = |kind, count, more| SeenObjects { kind, count, more };
        let all = [
            objects(ObjectKind::User, 1_000, true),
            objects(ObjectKind::Group, 1, false),
            objects(ObjectKind::Contact, 0, false),
        ];
        assert_eq!(seen(&all), "1,000 or more users, 1 group, no contact");
    }
}
