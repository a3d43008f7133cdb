//! The five sections of the configuration page.

use engine::{configuration::ConfigurationId, records::ManagedCounts};
use leptos::prelude::*;

use super::editor::{EMAIL_FIELD, Editor, LIMITS, THRESHOLD_FIELD, clauses_in_words};
use crate::{
    components::{
        button::{Button, GoForm},
        choice::{CheckBox, RadioChoice, Segments, Switch},
        field::{TextField, TextKind},
        icon::Glyph,
        numbered_sections::{NumberedSection, NumberedSections},
        status_badge::Tag,
    },
    routes::Route,
    wording::count,
};

/// Forms behind the buttons of the sections: a form cannot stand inside the one that is saved.
const OPEN_SCOPE: &str = "open-scoping-filters";
const OPEN_ON_DEMAND: &str = "open-provision-on-demand";
const OPEN_MAPPINGS: &str = "open-attribute-mappings";

#[component]
pub fn FormsOfLinks(id: ConfigurationId) -> impl IntoView {
    view! {
        <GoForm id=OPEN_SCOPE href=Route::ScopingFilters(id)/>
        <GoForm id=OPEN_ON_DEMAND href=Route::ProvisionOnDemand(id)/>
        <GoForm id=OPEN_MAPPINGS href=Route::AttributeMappings(id)/>
    }
}

#[component]
pub fn Sections(editor: Editor) -> impl IntoView {
    view! {
        <NumberedSections label="Configuration sections">
            <ScopeSection editor/>
            <AttributesSection editor/>
            <ValidateSection/>
            <SettingsSection editor/>
            <DeploySection editor/>
        </NumberedSections>
    }
}

fn changed_tag(is_changed: Memo<bool>) -> impl Fn() -> Option<AnyView> + Send + Clone {
    move || {
        is_changed
            .get()
            .then(|| view! { <Tag label="Changed" class="warning"/> }.into_any())
    }
}

#[component]
fn ScopeSection(editor: Editor) -> impl IntoView {
    let id = editor.id();
    let is_changed = Memo::new(move |_| editor.scope_to_save().is_some());
    let scope = move || editor.scope_in_words(&editor.scope.read());
    let managed = move || managed_in_words(editor.state.read().managed);
    let tag = changed_tag(is_changed);
    view! {
        <NumberedSection
            id="section-scope"
            number=1
            title="Scope"
            lead="Which users, groups and contacts of the domain are synchronized."
            done=Signal::derive(move || !is_changed.get())
            tag=move || tag
        >
            <dl class="settings-list">
                <dt>"Objects in scope"</dt>
                <dd>
                    <a class="strong" href=Route::ScopingFilters(id).to_string()>{scope}</a>
                    <Button label="Edit scoping filters" glyph=Glyph::Filter small=true form=OPEN_SCOPE for_readers=true/>
                </dd>
                <dt>"Attribute filters"</dt>
                <dd>{move || sentence(&clauses_in_words(&editor.scope.read()))}</dd>
                <dt>"In the tenant now"</dt>
                <dd>{managed}</dd>
            </dl>
        </NumberedSection>
    }
}

/// With a capital letter.
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

fn managed_in_words(managed: ManagedCounts) -> String {
    match managed.total() {
        0 => "Nothing yet".to_owned(),
        _ => format!(
            "{}, {} and {}",
            count(managed.users, "user"),
            count(managed.groups, "group"),
            count(managed.contacts, "contact"),
        ),
    }
}

#[component]
fn AttributesSection(editor: Editor) -> impl IntoView {
    let hashes = editor.password_hash_sync;
    let is_impossible = !editor
        .saved
        .read_untracked()
        .directory
        .delivers_password_hashes;
    let hint = if is_impossible {
        "Not available: this directory does not give out password hashes."
    } else {
        "Every two minutes, what changed: a salted hash of the password hash, never the password."
    };
    let mappings = move || {
        let saved = editor.saved.read();
        count(
            saved
                .configuration
                .mappings
                .values()
                .map(|rows| rows.len() as u64)
                .sum(),
            "mapping",
        )
    };
    view! {
        <NumberedSection
            id="section-attributes"
            number=2
            title="Manage attributes"
            lead="How values of the directory become values of the tenant."
            done=true
        >
            <dl class="settings-list">
                <dt>"Attribute mappings"</dt>
                <dd>
                    <span>{mappings}</span>
                    <Button label="Click to edit mappings" glyph=Glyph::ArrowSwap small=true form=OPEN_MAPPINGS for_readers=true/>
                </dd>
                <dt id="password-hash-sync-label">"Password hash sync"</dt>
                <dd>
                    <Switch
                        name="draft[settings][password_hash_sync]"
                        labelled_by="password-hash-sync-label"
                        checked=hashes
                        hint
                        disabled=is_impossible
                    />
                </dd>
            </dl>
        </NumberedSection>
    }
}

#[component]
fn ValidateSection() -> impl IntoView {
    view! {
        <NumberedSection
            id="section-validate"
            number=3
            title="Validate"
            lead="Try the saved configuration on one object before it runs for all."
            done=true
            tag=|| view! { <Tag label="Recommended" class="brand"/> }
        >
            <dl class="settings-list">
                <dt>"Test"</dt>
                <dd>
                    <Button
                        label="Provision a user"
                        glyph=Glyph::Flash
                        small=true
                        form=OPEN_ON_DEMAND
                    />
                </dd>
            </dl>
        </NumberedSection>
    }
}

#[component]
fn SettingsSection(editor: Editor) -> impl IntoView {
    let is_changed = Memo::new(move |_| {
        let changes = editor.changes();
        changes.iter().any(|change| {
            [
                "Notification email",
                "Prevent accidental deletion",
                "Threshold",
            ]
            .into_iter()
            .chain(LIMITS.iter().map(|limit| limit.label))
            .any(|field| change.starts_with(field))
        })
    });
    let tag = changed_tag(is_changed);
    view! {
        <NumberedSection
            id="section-settings"
            number=4
            title="Settings"
            lead="Who is told about problems, and when deletions are held back."
            done=Signal::derive(move || !is_changed.get())
            tag=move || tag
        >
            <SettingsFields editor/>
        </NumberedSection>
    }
}

/// Who is told, and when deletions are held back.
#[component]
pub fn SettingsFields(editor: Editor) -> impl IntoView {
    let is_off = Signal::derive(move || !editor.prevent_accidental_deletion.get());
    let check = move |()| editor.check_settings();
    view! {
        <TextField
            name="draft[settings][notification_email]"
            label="Notification email"
            kind=TextKind::Emails
            value=editor.notification_email
            hint="Gets one message when the configuration enters quarantine. Separate several addresses with a semicolon."
            error=editor.error(EMAIL_FIELD)
            on_leave=check
        />
        <CheckBox
            name="draft[settings][prevent_accidental_deletion]"
            label="Prevent accidental deletion"
            checked=editor.prevent_accidental_deletion
            hint="If a cycle would delete this many objects or more, nothing of it is written until you decide."
        />
        <TextField
            name="draft[settings][accidental_deletion_threshold]"
            label="Accidental deletion threshold"
            kind=TextKind::WholeNumber
            value=editor.threshold
            hint=Signal::derive(move || threshold_hint(editor))
            error=editor.error(THRESHOLD_FIELD)
            disabled=is_off
            class="narrow"
            on_leave=check
        />
        <MoreLimits editor is_off/>
    }
}

/// Limits that few need; open when one of them is set.
#[component]
fn MoreLimits(editor: Editor, is_off: Signal<bool>) -> impl IntoView {
    let check = move |()| editor.check_settings();
    let is_open = untrack(|| editor.limits.iter().any(|limit| !limit.read().is_empty()));
    let fields = LIMITS.iter().zip(editor.limits).map(|(limit, value)| {
        view! {
            <TextField
                name=limit.name
                label=limit.label
                kind=TextKind::WholeNumber
                value
                hint=limit.hint
                error=editor.error(limit.field)
                disabled=is_off
                class="narrow"
                on_leave=check
            />
        }
    });
    view! {
        <details class="more-limits" open=is_open>
            <summary>"More limits of deletions"</summary>
            <div class="stack">{fields.collect_view()}</div>
        </details>
    }
}

fn threshold_hint(editor: Editor) -> String {
    if !editor.prevent_accidental_deletion.get() {
        return "Not used while prevention is off: any number of deletions passes.".to_owned();
    }
    let typed = editor.threshold.get();
    let stored = editor
        .saved
        .read()
        .configuration
        .deletion_protection
        .threshold
        .get();
    let meaning = match typed.trim().parse::<u32>() {
        Ok(0) | Err(_) => String::new(),
        Ok(threshold) => {
            let most = count(u64::from(threshold) - 1, "deletion");
            format!("With {threshold}, at most {most} pass in one cycle.")
        }
    };
    if typed.trim() == stored.to_string() {
        meaning
    } else {
        format!("Saved value: {stored}. {meaning}")
    }
}

#[component]
fn DeploySection(editor: Editor) -> impl IntoView {
    let is_changed = Memo::new(move |_| {
        let stored = editor.saved.read().configuration.deployment.is_enabled();
        (editor.enabled.read().as_str() == "true") != stored
    });
    let choices = vec![
        RadioChoice::new("true", "Enable", "").with_glyph(Glyph::PlayCircle),
        RadioChoice::new("false", "Disable", "").with_glyph(Glyph::Prohibited),
    ];
    let is_enabled = move || editor.saved.read().configuration.deployment.is_enabled();
    let tag = changed_tag(is_changed);
    view! {
        <NumberedSection
            id="section-deploy"
            number=5
            title="Deploy"
            lead="Switching on starts an initial cycle. Switching off lets the current cycle finish and keeps every object."
            done=Signal::derive(move || is_enabled() && !is_changed.get())
            tag=move || tag
        >
            <div id="deploy">
                <Segments name="draft[settings][enabled]" legend="Deploy" value=editor.enabled choices/>
            </div>
        </NumberedSection>
    }
}
