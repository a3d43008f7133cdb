//! `/cloud-sync/new`: a configuration for a domain that has none.

use engine::{
    configuration::{
        DeletionProtection, defaults,
        draft::{DOMAIN, NewConfiguration},
    },
    directory::ObjectKind,
    records::{DirectoryKind, DirectorySummary},
};
use leptos::{ev, prelude::*, server_fn::ServerFn};

use crate::{
    api::{self, configurations::Create, resource::resource},
    components::{
        button::{Button, ButtonLink, GoButton, Weight},
        card::{Card, Points},
        choice::Switch,
        empty_state::EmptyState,
        field::{SelectField, SelectOption},
        icon::{Glyph, Icon},
        message_bar::{MessageBar, Severity},
        page::Page,
    },
    pages::{directories::NoDirectory, frame, loading::when_loaded},
    routes::Route,
    skin::{Skin, word},
};

const FORM: &str = "new-configuration";

#[component]
pub fn NewConfigurationPage() -> impl IntoView {
    let directories = resource(|| (), |()| api::directories::list());
    when_loaded(directories, page)
}

fn page(mut directories: Vec<DirectorySummary>) -> impl IntoView {
    let create = ServerAction::<Create>::new();
    let is_any_connected = !directories.is_empty();
    directories.retain(|directory| directory.configuration.is_none());
    let can_create = !directories.is_empty();
    let body = match (is_any_connected, can_create) {
        (false, _) => view! { <NoDirectory/> }.into_any(),
        (true, false) => view! { <NothingToConfigure/> }.into_any(),
        (true, true) => view! { <CreateForm directories create/> }.into_any(),
    };
    let footer = move || {
        let is_busy = create.pending();
        view! {
            {can_create.then(|| view! {
                <Button label="Create" weight=Weight::Primary form=FORM unavailable=is_busy/>
            })}
            <GoButton label="Cancel" href=Route::CloudSync/>
            <span class="note">"Opens the new configuration."</span>
        }
    };
    view! {
        <Page
            title="New configuration"
            subtitle=word("Azure AD Connect cloud sync")
            glyph=Glyph::AddCircle
            above=frame::cloud_sync()
            footer
        >
            {body}
        </Page>
    }
}

#[component]
fn NothingToConfigure() -> impl IntoView {
    view! {
        <EmptyState
            glyph=Glyph::FolderPeople
            title="Every domain has its configuration"
            text="Connect another directory to make a configuration for its domain."
        >
            <GoButton label="Connect a directory" href=Route::NewDirectory weight=Weight::Primary/>
            <ButtonLink label="Review all directories" href=Route::Directories/>
        </EmptyState>
    }
}

#[component]
fn CreateForm(directories: Vec<DirectorySummary>, create: ServerAction<Create>) -> impl IntoView {
    let first = directories
        .first()
        .map(|directory| directory.domain.to_string());
    let domain = RwSignal::new(first.unwrap_or_default());
    let password_hash_sync = RwSignal::new(true);
    let options: Vec<SelectOption> = directories
        .iter()
        .map(|directory| SelectOption::new(directory.domain.as_str(), directory.domain.as_str()))
        .collect();
    let chosen = Memo::new(move |_| {
        let domain = domain.read();
        directories
            .iter()
            .find(|directory| directory.domain.as_str() == *domain)
            .cloned()
    });
    let no_hashes = Signal::derive(move || !delivers_password_hashes(&chosen.read()));
    let error = Signal::derive(move || error_of(&create, |error| error.of_field(DOMAIN)));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let new = NewConfiguration {
            domain: domain.get_untracked(),
            password_hash_sync: password_hash_sync.get_untracked() && !no_hashes.get_untracked(),
        };
        create.dispatch(Create { new });
    };
    view! {
        <form id=FORM class="form-page" method="post" action=Create::url() on:submit=submit>
            <FormError create/>
            <p class="muted">
                "A configuration connects one directory domain with this tenant. It starts switched off, so "
                "that you can check it first."
            </p>
            {Skin::here().is_new().then(|| view! { <Directions/> })}
            <SelectField
                name="new[domain]"
                label="Domain"
                value=domain
                options
                hint=Signal::derive(move || domain_hint(&chosen.read()))
                error
                required=true
            />
            <div class="stack close">
                <Switch
                    name="new[password_hash_sync]"
                    label="Enable password hash sync"
                    checked=password_hash_sync
                    hint=Signal::derive(move || hash_hint(!no_hashes.get()))
                    disabled=no_hashes
                />
            </div>
            <WhatCreateDoes chosen/>
        </form>
    }
}

/// New skin: which way objects go. The other one is shown, because whoever knows the original looks
/// for it.
#[component]
fn Directions() -> impl IntoView {
    view! {
        <fieldset class="directions">
            <legend>"Direction"</legend>
            <div class="direction">
                <Icon glyph=Glyph::CloudSync/>
                <label>
                    <input type="radio" name="direction" checked=true aria-describedby="direction-in-hint"/>
                    {word("Active Directory to Azure AD")}
                </label>
                <p id="direction-in-hint" class="hint">
                    "People, groups and contacts of a directory come into the tenant."
                </p>
            </div>
            <div class="direction">
                <Icon glyph=Glyph::FolderPeople/>
                <label>
                    <input type="radio" name="direction" disabled=true aria-describedby="direction-out-hint"/>
                    "Microsoft Entra ID to AD sync"
                </label>
                <p id="direction-out-hint" class="hint">
                    "Not available: nothing is written into directories."
                </p>
            </div>
        </fieldset>
    }
}

#[component]
fn FormError(create: ServerAction<Create>) -> impl IntoView {
    move || {
        error_of(&create, api::ApiError::of_whole_form).map(|text| {
            view! { <MessageBar id="form-error" severity=Severity::Error start="Not created." text announced=true/> }
        })
    }
}

fn error_of(
    create: &ServerAction<Create>,
    part: impl Fn(&api::ApiError) -> Option<String>,
) -> Option<String> {
    create
        .value()
        .read()
        .as_ref()
        .and_then(|answer| answer.as_ref().err())
        .and_then(part)
}

fn delivers_password_hashes(chosen: &Option<DirectorySummary>) -> bool {
    chosen
        .as_ref()
        .is_none_or(|directory| directory.delivers_password_hashes)
}

fn domain_hint(chosen: &Option<DirectorySummary>) -> String {
    let served = chosen.as_ref().map(|directory| match directory.kind {
        DirectoryKind::Forest => format!("{} is an embedded demo forest.", directory.domain),
        DirectoryKind::Ldap => format!("{} is read from {}.", directory.domain, directory.address),
    });
    format!(
        "Only domains of connected directories without a configuration are listed. {}",
        served.unwrap_or_default(),
    )
}

fn hash_hint(is_possible: bool) -> String {
    if is_possible {
        "Sends a salted hash of the password hash to the tenant, never the password. Can be changed later."
    } else {
        "Not available: this directory does not give out password hashes."
    }
    .to_owned()
}

#[component]
fn WhatCreateDoes(chosen: Memo<Option<DirectorySummary>>) -> impl IntoView {
    let points = Signal::derive(move || chosen.read().as_ref().map(effects).unwrap_or_default());
    view! {
        <Card id="what-create-does" title="What Create does" inset=true>
            <Points points glyph=Glyph::Checkmark/>
        </Card>
    }
}

fn effects(directory: &DirectorySummary) -> Vec<String> {
    let mappings = defaults::mappings(directory.kind.into());
    let number_for = |kind| mappings.get(&kind).map_or(0, Vec::len);
    vec![
        format!("Makes the configuration {}, switched off", directory.domain),
        format!(
            "Loads {} user, {} group and {} contact mappings",
            number_for(ObjectKind::User),
            number_for(ObjectKind::Group),
            number_for(ObjectKind::Contact),
        ),
        format!(
            "Turns accidental deletion prevention on, with a threshold of {}",
            DeletionProtection::DEFAULT_THRESHOLD,
        ),
    ]
}
