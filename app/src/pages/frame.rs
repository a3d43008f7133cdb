//! What stands around the pages of one place: their breadcrumbs and menus.

use engine::configuration::ConfigurationId;

use crate::{
    components::{
        breadcrumb::Crumb,
        icon::Glyph,
        service_menu::{Menu, MenuGroup, MenuItem},
    },
    routes::Route,
    skin::{Skin, word},
};

/// The labels by which menus mark the open page.
pub mod label {
    pub const CONFIGURATIONS: &str = "Configurations";
    pub const AGENTS: &str = "On-premises provisioning agents";
    pub const PROVISIONING_LOGS: &str = "Provisioning logs";
    pub const INSIGHTS: &str = "Insights";
    pub const AUDIT_LOGS: &str = "Audit logs";
    pub const EDIT: &str = "Edit provisioning configuration";
    pub const GET_STARTED: &str = "Get started";
    pub const PROPERTIES: &str = "Properties";
    pub const SCOPING_FILTERS: &str = "Scoping filters";
    pub const ATTRIBUTE_MAPPINGS: &str = "Attribute mappings";
    pub const PROVISION_ON_DEMAND: &str = "Provision on demand";
    pub const PREVIEW: &str = "Preview";
    pub const SYNC_STATUS: &str = "Sync status";
    pub const OVERVIEW: &str = "Overview";
    pub const USERS: &str = "Users";
    pub const GROUPS: &str = "Groups";
    pub const CONTACTS: &str = "Contacts";
    pub const DELETED_USERS: &str = "Deleted users";
    pub const AZURE_AD_CONNECT: &str = "Azure AD Connect";
    pub const DIRECTORIES: &str = "On-premises directories";
    pub const MAILBOX: &str = "Mailbox";
    pub const TEST_ENVIRONMENT: &str = "Test environment";
    pub const NOTIFICATIONS: &str = "Notifications";
    pub const PEOPLE_AND_ROLES: &str = "People and roles";
    pub const ACCESS_TOKENS: &str = "Access tokens";
    pub const TENANT_FEATURES: &str = "Synchronization features";
}

/// Above the pages at the top.
pub fn home() -> Vec<Crumb> {
    vec![Crumb::new("Home", Route::AzureActiveDirectory)]
}

/// Above the pages of the tenant.
pub fn azure_active_directory() -> Vec<Crumb> {
    let mut crumbs = home();
    crumbs.push(Crumb::new(
        word("Azure Active Directory"),
        Route::AzureActiveDirectory,
    ));
    crumbs
}

/// Above the home of cloud sync.
pub fn azure_ad_connect() -> Vec<Crumb> {
    let mut crumbs = azure_active_directory();
    crumbs.push(Crumb::new(word("Azure AD Connect"), Route::AzureAdConnect));
    crumbs
}

/// Above the pages of cloud sync.
pub fn cloud_sync() -> Vec<Crumb> {
    let mut crumbs = azure_ad_connect();
    crumbs.push(Crumb::new(
        word("Azure AD Connect cloud sync"),
        Route::CloudSync,
    ));
    crumbs
}

/// Above the pages of one configuration.
pub fn configuration(id: ConfigurationId, domain: &str) -> Vec<Crumb> {
    let mut crumbs = cloud_sync();
    crumbs.push(Crumb::new(domain, Route::Configuration(id)));
    crumbs
}

/// The fly-out of the top bar.
pub fn portal_menu() -> Vec<MenuGroup> {
    vec![
        group(
            None,
            vec![
                item(
                    "Home",
                    Route::AzureActiveDirectory,
                    Glyph::Home,
                    Glyph::HomeFilled,
                ),
                item(
                    "Azure Active Directory",
                    Route::AzureActiveDirectory,
                    Glyph::BuildingMultiple,
                    Glyph::BuildingMultipleFilled,
                ),
                item(
                    label::AZURE_AD_CONNECT,
                    Route::AzureAdConnect,
                    Glyph::CloudSync,
                    Glyph::CloudSyncFilled,
                ),
                item(
                    "Cloud sync",
                    Route::CloudSync,
                    Glyph::ArrowSyncCircle,
                    Glyph::ArrowSyncCircleFilled,
                ),
            ],
        ),
        group(
            Some("Tenant"),
            vec![
                item(
                    label::USERS,
                    Route::Users,
                    Glyph::Person,
                    Glyph::PersonFilled,
                ),
                item(
                    label::GROUPS,
                    Route::Groups,
                    Glyph::PeopleTeam,
                    Glyph::PeopleTeamFilled,
                ),
                item(
                    label::CONTACTS,
                    Route::Contacts,
                    Glyph::ContactCard,
                    Glyph::ContactCard,
                ),
                item(
                    label::DELETED_USERS,
                    Route::DeletedUsers,
                    Glyph::BinRecycle,
                    Glyph::BinRecycleFilled,
                ),
            ],
        ),
        group(
            Some("On-premises"),
            vec![
                item(
                    label::DIRECTORIES,
                    Route::Directories,
                    Glyph::FolderPeople,
                    Glyph::FolderPeopleFilled,
                ),
                item(
                    label::MAILBOX,
                    Route::Mailbox,
                    Glyph::Mail,
                    Glyph::MailFilled,
                ),
            ],
        ),
        group(Some("Settings"), settings_pages()),
    ]
}

/// What is set once for everything, for menus.
pub fn settings_pages() -> Vec<MenuItem> {
    vec![
        item(
            label::NOTIFICATIONS,
            Route::NotificationSettings,
            Glyph::Alert,
            Glyph::Alert,
        ),
        item(
            label::PEOPLE_AND_ROLES,
            Route::PeopleAndRoles,
            Glyph::PeopleTeam,
            Glyph::PeopleTeamFilled,
        ),
        item(
            label::ACCESS_TOKENS,
            Route::AccessTokens,
            Glyph::Key,
            Glyph::KeyFilled,
        ),
        item(
            label::TENANT_FEATURES,
            Route::TenantFeatures,
            Glyph::Settings,
            Glyph::SettingsFilled,
        ),
    ]
}

/// The menu of the settings.
pub fn settings_menu(current: &'static str) -> Menu {
    Menu {
        name: "Settings",
        groups: vec![group(None, settings_pages())],
    }
    .at(word(current))
}

/// The menu of the tenant's pages.
pub fn tenant_menu(current: &'static str) -> Menu {
    let groups = vec![
        group(
            None,
            vec![item(
                label::OVERVIEW,
                Route::AzureActiveDirectory,
                Glyph::Home,
                Glyph::HomeFilled,
            )],
        ),
        group(
            Some("Manage"),
            vec![
                item(
                    label::USERS,
                    Route::Users,
                    Glyph::Person,
                    Glyph::PersonFilled,
                ),
                item(
                    label::GROUPS,
                    Route::Groups,
                    Glyph::PeopleTeam,
                    Glyph::PeopleTeamFilled,
                ),
                item(
                    label::CONTACTS,
                    Route::Contacts,
                    Glyph::ContactCard,
                    Glyph::ContactCard,
                ),
                item(
                    label::DELETED_USERS,
                    Route::DeletedUsers,
                    Glyph::BinRecycle,
                    Glyph::BinRecycleFilled,
                ),
                item(
                    label::AZURE_AD_CONNECT,
                    Route::AzureAdConnect,
                    Glyph::CloudSync,
                    Glyph::CloudSyncFilled,
                ),
                item(
                    label::TENANT_FEATURES,
                    Route::TenantFeatures,
                    Glyph::Settings,
                    Glyph::SettingsFilled,
                ),
            ],
        ),
        group(
            Some("On-premises"),
            vec![
                item(
                    label::DIRECTORIES,
                    Route::Directories,
                    Glyph::FolderPeople,
                    Glyph::FolderPeopleFilled,
                ),
                item(
                    label::MAILBOX,
                    Route::Mailbox,
                    Glyph::Mail,
                    Glyph::MailFilled,
                ),
            ],
        ),
    ];
    Menu {
        name: "Azure Active Directory",
        groups,
    }
    .at(word(current))
}

/// The menu of the pages that concern all configurations.
pub fn cloud_sync_menu(current: &'static str) -> Menu {
    let groups = vec![
        group(
            None,
            vec![item(
                label::CONFIGURATIONS,
                Route::CloudSync,
                Glyph::ArrowSyncCircle,
                Glyph::ArrowSyncCircleFilled,
            )],
        ),
        group(
            Some("Monitor"),
            vec![
                item(
                    label::AGENTS,
                    Route::Agents,
                    Glyph::ServerMultiple,
                    Glyph::ServerMultipleFilled,
                ),
                item(
                    label::INSIGHTS,
                    Route::Insights,
                    Glyph::DataBarVertical,
                    Glyph::DataBarVerticalFilled,
                ),
                item(
                    label::PROVISIONING_LOGS,
                    Route::ProvisioningLogs,
                    Glyph::DocumentBulletList,
                    Glyph::DocumentBulletListFilled,
                ),
                item(
                    label::AUDIT_LOGS,
                    Route::AuditLogs,
                    Glyph::History,
                    Glyph::HistoryFilled,
                ),
            ],
        ),
        group(
            Some("Test environment"),
            vec![
                item(
                    label::DIRECTORIES,
                    Route::Directories,
                    Glyph::FolderPeople,
                    Glyph::FolderPeopleFilled,
                ),
                item(
                    label::USERS,
                    Route::Users,
                    Glyph::Person,
                    Glyph::PersonFilled,
                ),
                item(
                    label::MAILBOX,
                    Route::Mailbox,
                    Glyph::Mail,
                    Glyph::MailFilled,
                ),
            ],
        ),
    ];
    Menu {
        name: "Cloud sync",
        groups,
    }
    .at(word(current))
}

/// The menu inside one configuration.
pub fn configuration_menu(id: ConfigurationId, current: &'static str) -> Menu {
    let mut first = vec![item(
        label::EDIT,
        Route::Configuration(id),
        Glyph::Edit,
        Glyph::EditFilled,
    )];
    let mut properties = Vec::new();
    if Skin::here().is_new() {
        first.push(item(
            label::GET_STARTED,
            Route::GetStarted(id),
            Glyph::PlayCircle,
            Glyph::PlayCircle,
        ));
        properties.push(item(
            label::PROPERTIES,
            Route::Properties(id),
            Glyph::Settings,
            Glyph::SettingsFilled,
        ));
    }
    let groups = vec![
        group(None, first),
        group(
            Some("Manage"),
            [
                vec![
                    item(
                        label::SCOPING_FILTERS,
                        Route::ScopingFilters(id),
                        Glyph::Filter,
                        Glyph::FilterFilled,
                    ),
                    item(
                        label::ATTRIBUTE_MAPPINGS,
                        Route::AttributeMappings(id),
                        Glyph::ArrowSwap,
                        Glyph::ArrowSwapFilled,
                    ),
                    item(
                        label::PROVISION_ON_DEMAND,
                        Route::ProvisionOnDemand(id),
                        Glyph::Flash,
                        Glyph::FlashFilled,
                    ),
                    item(
                        label::PREVIEW,
                        Route::Preview(id),
                        Glyph::Beaker,
                        Glyph::Beaker,
                    ),
                ],
                properties,
            ]
            .concat(),
        ),
        group(
            Some("Monitor"),
            vec![
                item(
                    label::INSIGHTS,
                    Route::InsightsOf(id),
                    Glyph::DataBarVertical,
                    Glyph::DataBarVerticalFilled,
                ),
                item(
                    label::PROVISIONING_LOGS,
                    Route::ProvisioningLogsOf(id),
                    Glyph::DocumentBulletList,
                    Glyph::DocumentBulletListFilled,
                ),
            ],
        ),
        group(
            Some("Support + troubleshooting"),
            vec![
                item(
                    label::SYNC_STATUS,
                    Route::SyncStatus(id),
                    Glyph::HeartPulse,
                    Glyph::HeartPulseFilled,
                ),
                item(
                    "Review all agents",
                    Route::Agents,
                    Glyph::ServerMultiple,
                    Glyph::ServerMultipleFilled,
                ),
            ],
        ),
    ];
    Menu {
        name: "Configuration",
        groups,
    }
    .at(word(current))
}

fn group(heading: Option<&'static str>, items: Vec<MenuItem>) -> MenuGroup {
    MenuGroup { heading, items }
}

fn item(label: &'static str, route: Route, glyph: Glyph, current: Glyph) -> MenuItem {
    MenuItem::new(word(label), route, glyph).filled(current)
}
