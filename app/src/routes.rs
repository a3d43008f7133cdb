//! Every address of the portal, once: as links that cannot be mistyped, and as the table that says
//! which page answers.

use std::fmt;

use engine::configuration::ConfigurationId;
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute as PlaceWithPanes, Route as Address, Routes},
    path,
};
use uuid::Uuid;

use crate::{
    list_address::with_query,
    pages::{AzureActiveDirectory, NotFound, SignIn, parts::Page},
};

/// A page. `to_string` is its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    AzureActiveDirectory,
    AzureAdConnect,
    CloudSync,
    NewConfiguration,
    Agents,
    Insights,
    /// The folder of its files; no page.
    InsightsFiles,
    ProvisioningLogs,
    /// The folder of its files; no page.
    ProvisioningLogFiles,
    AuditLogs,
    /// The folder of its files; no page.
    AuditLogFiles,
    Configuration(ConfigurationId),
    GetStarted(ConfigurationId),
    Properties(ConfigurationId),
    ScopingFilters(ConfigurationId),
    AttributeMappings(ConfigurationId),
    ExpressionBuilder(ConfigurationId),
    ProvisionOnDemand(ConfigurationId),
    Preview(ConfigurationId),
    SyncStatus(ConfigurationId),
    Quarantine(ConfigurationId),
    ProvisioningLogsOf(ConfigurationId),
    InsightsOf(ConfigurationId),
    Users,
    User(Uuid),
    Groups,
    Group(Uuid),
    Contacts,
    Contact(Uuid),
    DeletedUsers,
    Directories,
    NewDirectory,
    Directory(Uuid),
    NotificationSettings,
    PeopleAndRoles,
    AccessTokens,
    TenantFeatures,
    Mailbox,
    Demo,
    SignIn,
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const CONFIGURATIONS: &str = "/cloud-sync/configurations";
        match self {
            Self::AzureActiveDirectory => f.write_str("/"),
            Self::AzureAdConnect => f.write_str("/azure-ad-connect"),
            Self::CloudSync => f.write_str("/cloud-sync"),
            Self::NewConfiguration => f.write_str("/cloud-sync/new"),
            Self::Agents => f.write_str("/cloud-sync/agents"),
            Self::Insights => f.write_str("/cloud-sync/insights"),
            Self::InsightsFiles => f.write_str("/cloud-sync/insights/files"),
            Self::ProvisioningLogs => f.write_str("/cloud-sync/provisioning-logs"),
            Self::ProvisioningLogFiles => f.write_str("/cloud-sync/provisioning-logs/files"),
            Self::AuditLogFiles => f.write_str("/cloud-sync/audit-logs/files"),
            Self::AuditLogs => f.write_str("/cloud-sync/audit-logs"),
            Self::Configuration(id) => write!(f, "{CONFIGURATIONS}/{id}"),
            Self::GetStarted(id) => write!(f, "{CONFIGURATIONS}/{id}/get-started"),
            Self::Properties(id) => write!(f, "{CONFIGURATIONS}/{id}/properties"),
            Self::ScopingFilters(id) => write!(f, "{CONFIGURATIONS}/{id}/scoping-filters"),
            Self::AttributeMappings(id) => write!(f, "{CONFIGURATIONS}/{id}/attribute-mappings"),
            Self::ExpressionBuilder(id) => write!(f, "{CONFIGURATIONS}/{id}/expression-builder"),
            Self::ProvisionOnDemand(id) => write!(f, "{CONFIGURATIONS}/{id}/provision-on-demand"),
            Self::Preview(id) => write!(f, "{CONFIGURATIONS}/{id}/preview"),
            Self::SyncStatus(id) => write!(f, "{CONFIGURATIONS}/{id}/status"),
            Self::Quarantine(id) => write!(f, "{CONFIGURATIONS}/{id}/quarantine"),
            Self::ProvisioningLogsOf(id) => write!(f, "{CONFIGURATIONS}/{id}/provisioning-logs"),
            Self::InsightsOf(id) => write!(f, "{CONFIGURATIONS}/{id}/insights"),
            Self::Users => f.write_str("/users"),
            Self::User(id) => write!(f, "/users/{id}"),
            Self::Groups => f.write_str("/groups"),
            Self::Group(id) => write!(f, "/groups/{id}"),
            Self::Contacts => f.write_str("/contacts"),
            Self::Contact(id) => write!(f, "/contacts/{id}"),
            Self::DeletedUsers => f.write_str("/deleted-users"),
            Self::Directories => f.write_str("/directories"),
            Self::NewDirectory => f.write_str("/directories/new"),
            Self::Directory(id) => write!(f, "/directories/{id}"),
            Self::NotificationSettings => f.write_str("/settings/notifications"),
            Self::PeopleAndRoles => f.write_str("/settings/people-and-roles"),
            Self::AccessTokens => f.write_str("/settings/access-tokens"),
            Self::TenantFeatures => f.write_str("/settings/tenant-features"),
            Self::Mailbox => f.write_str("/mailbox"),
            Self::Demo => f.write_str("/demo"),
            Self::SignIn => f.write_str("/sign-in"),
        }
    }
}

impl Route {
    /// The address with one more thing said in its query, which must need no escaping.
    pub fn with(self, name: &str, value: impl fmt::Display) -> String {
        format!("{self}?{name}={value}")
    }
}

/// What a configuration's page asks while somebody decides whether it is to be deleted.
pub const DELETE: &str = "delete";

/// Where it asks that.
pub fn deletion_question(id: ConfigurationId) -> String {
    Route::Configuration(id).with("ask", DELETE)
}

impl From<Route> for String {
    fn from(route: Route) -> Self {
        route.to_string()
    }
}

impl From<Route> for Signal<String> {
    fn from(route: Route) -> Self {
        route.to_string().into()
    }
}

/// The sign-in page, which leads on to `next`: an address within the portal, with its query.
pub fn sign_in_before(next: &str) -> String {
    let next = ("next".to_owned(), next.to_owned());
    with_query(&Route::SignIn.to_string(), &[next])
}

/// An address within the portal that somebody is to be led to; the first page for anything else,
/// because nobody may be led elsewhere by a link that another person made.
pub fn own_address(address: &str) -> String {
    let is_own = address.starts_with('/')
        && !address.starts_with("//")
        && address
            .chars()
            .all(|character| character.is_ascii_graphic() && character != '\\');
    if is_own {
        address.to_owned()
    } else {
        Route::AzureActiveDirectory.to_string()
    }
}

/// Which page answers at which address. Pages are rendered when their data is there, so that they
/// can be read and their forms be sent before, or without, a script.
#[component]
pub fn PortalRoutes() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Address path=path!("/sign-in") view=SignIn ssr=SsrMode::Async/>
            <Address path=path!("/") view=AzureActiveDirectory ssr=SsrMode::Async/>
            <Address path=path!("/azure-ad-connect") view=Page::AzureAdConnect ssr=SsrMode::Async/>
            <Address path=path!("/cloud-sync") view=Page::CloudSync ssr=SsrMode::Async/>
            <Address path=path!("/cloud-sync/new") view=Page::NewConfigurationPage ssr=SsrMode::Async/>
            <Address path=path!("/cloud-sync/agents") view=Page::Agents ssr=SsrMode::Async/>
            <Address path=path!("/demo") view=Page::Demo ssr=SsrMode::Async/>
            <Address path=path!("/mailbox") view=Page::Mailbox ssr=SsrMode::Async/>
            <PlaceWithPanes path=path!("/cloud-sync/configurations/:id") view=Page::EditConfiguration ssr=SsrMode::Async>
                <Address path=path!("") view=nothing ssr=SsrMode::Async/>
                <Address path=path!("get-started") view=nothing ssr=SsrMode::Async/>
                <Address path=path!("properties") view=nothing ssr=SsrMode::Async/>
                <Address path=path!("scoping-filters") view=nothing ssr=SsrMode::Async/>
                <Address path=path!("status") view=nothing ssr=SsrMode::Async/>
            </PlaceWithPanes>
            <Address path=path!("/cloud-sync/insights") view=Page::Insights ssr=SsrMode::Async/>
            <Address path=path!("/cloud-sync/configurations/:id/insights") view=Page::InsightsOfConfiguration ssr=SsrMode::Async/>
            <Address path=path!("/cloud-sync/provisioning-logs") view=Page::ProvisioningLogs ssr=SsrMode::Async/>
            <PlaceWithPanes path=path!("/cloud-sync/configurations/:id") view=Page::AttributeMappings ssr=SsrMode::Async>
                <Address path=path!("attribute-mappings") view=nothing ssr=SsrMode::Async/>
                <Address path=path!("expression-builder") view=nothing ssr=SsrMode::Async/>
            </PlaceWithPanes>
            <Address path=path!("/cloud-sync/configurations/:id/provision-on-demand") view=Page::ProvisionOnDemand ssr=SsrMode::Async/>
            <Address path=path!("/cloud-sync/configurations/:id/preview") view=Page::Preview ssr=SsrMode::Async/>
            <Address path=path!("/cloud-sync/configurations/:id/quarantine") view=Page::Quarantine ssr=SsrMode::Async/>
            <Address path=path!("/cloud-sync/configurations/:id/provisioning-logs") view=Page::ProvisioningLogsOfConfiguration ssr=SsrMode::Async/>
            <Address path=path!("/cloud-sync/audit-logs") view=Page::AuditLogs ssr=SsrMode::Async/>
            <Address path=path!("/users") view=Page::Users ssr=SsrMode::Async/>
            <Address path=path!("/users/:id") view=Page::User ssr=SsrMode::Async/>
            <Address path=path!("/groups") view=Page::Groups ssr=SsrMode::Async/>
            <Address path=path!("/groups/:id") view=Page::Group ssr=SsrMode::Async/>
            <Address path=path!("/contacts") view=Page::Contacts ssr=SsrMode::Async/>
            <Address path=path!("/contacts/:id") view=Page::Contact ssr=SsrMode::Async/>
            <Address path=path!("/deleted-users") view=Page::DeletedUsers ssr=SsrMode::Async/>
            <Address path=path!("/settings/notifications") view=Page::NotificationSettings ssr=SsrMode::Async/>
            <Address path=path!("/settings/people-and-roles") view=Page::PeopleAndRoles ssr=SsrMode::Async/>
            <Address path=path!("/settings/access-tokens") view=Page::AccessTokens ssr=SsrMode::Async/>
            <Address path=path!("/settings/tenant-features") view=Page::TenantFeatures ssr=SsrMode::Async/>
            <Address path=path!("/directories") view=Page::Directories ssr=SsrMode::Async/>
            <Address path=path!("/directories/new") view=Page::ConnectDirectory ssr=SsrMode::Async/>
            <Address path=path!("/directories/:id") view=Page::Directory ssr=SsrMode::Async/>
        </Routes>
    }
}

/// What a pane adds to the page below it as far as the router knows: the page shows its panes.
fn nothing() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_their_page() {
        let id = ConfigurationId(Uuid::nil());
        assert_eq!(Route::CloudSync.to_string(), "/cloud-sync");
        assert_eq!(
            Route::ScopingFilters(id).to_string(),
            "/cloud-sync/configurations/00000000-0000-0000-0000-000000000000/scoping-filters",
        );
        assert_eq!(Route::CloudSync.with("page", 2), "/cloud-sync?page=2");
    }

    #[test]
    fn whoever_signs_in_first_keeps_the_whole_address() {
        assert_eq!(
            sign_in_before("/users?search=a%20b&page=2"),
            "/sign-in?next=%2Fusers%3Fsearch%3Da%2520b%26page%3D2",
        );
    }

    #[test]
    fn nobody_is_led_out_of_the_portal() {
        assert_eq!(own_address("/users?search=a"), "/users?search=a");
        for foreign in [
            "",
            "https://evil.test",
            "//evil.test",
            "/\\evil.test",
            "/a\r\nb",
            "users",
        ] {
            assert_eq!(own_address(foreign), "/", "{foreign:?}");
        }
    }
}
