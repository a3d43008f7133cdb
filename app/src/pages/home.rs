//! `/`: Azure Active Directory, the tenant's overview and the way in.

use engine::records::TenantOverview;
use leptos::prelude::*;

use super::{
    frame::{self, label},
    loading::when_loaded,
};
use crate::{
    api::{self, resource::resource},
    components::{
        button::ButtonLink,
        card::Card,
        command_bar::Command,
        copy_button::CopyButton,
        essentials::{Essentials, Fact},
        icon::Glyph,
        page::Page,
        title_row::PageTitle,
    },
    live::keep_fresh,
    routes::Route,
    skin::word,
    wording::{count, number},
};

#[component]
pub fn AzureActiveDirectory() -> impl IntoView {
    let overview = resource(|| (), |()| api::tenant::overview());
    when_loaded(overview, page)
}

fn page(overview: TenantOverview) -> impl IntoView {
    let shown = RwSignal::new(overview.clone());
    keep_fresh(shown, api::tenant::overview);
    view! {
        <Page
            title=PageTitle::of(overview.name.clone(), label::OVERVIEW)
            subtitle=word("Azure Active Directory")
            glyph=Glyph::BuildingMultiple
            above=Vec::new()
            here=word("Azure Active Directory")
            menu=frame::tenant_menu(label::OVERVIEW)
            commands=commands()
        >
            <Facts overview/>
            <Counts shown/>
            <div class="cards">
                <Card id="connect-title" title=word("Azure AD Connect")>
                    <div class="stack">
                        <p>
                            "Bring users, groups and contacts of your directories into this tenant, "
                            "and keep them as they are there."
                        </p>
                        <p class="muted">{move || configured(&shown.read())}</p>
                        <div class="row">
                            <ButtonLink label=word("Open Azure AD Connect") href=Route::AzureAdConnect/>
                        </div>
                    </div>
                </Card>
                <Card id="directories-title" title="On-premises directories">
                    <div class="stack">
                        <p>
                            "The directories that agents can read: demo forests to try things out, and "
                            "LDAP directories of your own."
                        </p>
                        <div class="row">
                            <ButtonLink label="Open directories" href=Route::Directories/>
                        </div>
                    </div>
                </Card>
            </div>
        </Page>
    }
}

fn commands() -> Vec<Command> {
    vec![
        Command::go(
            word("Azure AD Connect"),
            Glyph::CloudSync,
            Route::AzureAdConnect,
        ),
        Command::go("Users", Glyph::Person, Route::Users).after_line(),
        Command::go("Groups", Glyph::PeopleTeam, Route::Groups),
        Command::go(
            "Provisioning logs",
            Glyph::DocumentBulletList,
            Route::ProvisioningLogs,
        )
        .optional(),
        Command::go("Audit logs", Glyph::History, Route::AuditLogs).optional(),
    ]
}

#[component]
fn Facts(overview: TenantOverview) -> impl IntoView {
    let id = overview.id.to_string();
    view! {
        <Essentials>
            <Fact name="Name">{overview.name}</Fact>
            <Fact name="Initial domain">{overview.initial_domain.to_string()}</Fact>
            <Fact name="Tenant ID">
                <span class="monospace">{id.clone()}</span>
                <CopyButton what="tenant ID" text=id/>
            </Fact>
            <Fact name="Hybrid identity">
                <a href=Route::CloudSync.to_string()>{word("Azure AD Connect cloud sync")}</a>
            </Fact>
        </Essentials>
    }
}

#[component]
fn Counts(shown: RwSignal<TenantOverview>) -> impl IntoView {
    let figure = move |name: &'static str, route: Route, value: fn(&TenantOverview) -> u64| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd><a href=route.to_string()>{move || number(value(&shown.read()))}</a></dd>
            </div>
        }
    };
    view! {
        <dl class="figures">
            {figure("Users", Route::Users, |overview| overview.counts.users)}
            {figure("Groups", Route::Groups, |overview| overview.counts.groups)}
            {figure("Contacts", Route::Contacts, |overview| overview.counts.contacts)}
            {figure("Deleted users", Route::DeletedUsers, |overview| overview.counts.deleted_users)}
            {figure("Configurations", Route::CloudSync, |overview| overview.configurations)}
        </dl>
    }
}

fn configured(overview: &TenantOverview) -> String {
    match overview.configurations {
        0 => "No configuration yet.".to_owned(),
        configurations => format!("{} in this tenant.", count(configurations, "configuration")),
    }
}
