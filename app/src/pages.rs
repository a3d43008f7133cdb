//! The pages. A page's path on disk is its address.
//!
//! The browser fetches them in [`parts`].

pub mod attribute_names;
pub mod azure_ad_connect;
pub mod cloud_sync;
pub mod contacts;
pub mod deleted_users;
pub mod demo;
pub mod directories;
pub mod forms;
pub mod frame;
pub mod groups;
pub mod home;
pub mod loading;
pub mod mailbox;
pub mod not_found;
pub mod not_loaded;
pub mod notices;
pub mod object_field;
pub mod paged_list;
pub mod parts;
pub mod readers_bar;
pub mod running;
pub mod search;
pub mod service_troubles;
pub mod settings;
pub mod sign_in;
pub mod signed_out;
pub mod tenant_objects;
pub mod users;

pub use azure_ad_connect::AzureAdConnect;
pub use cloud_sync::{
    CloudSync,
    agents::Agents,
    audit_logs::AuditLogs,
    configurations::{
        EditConfiguration, attribute_mappings::AttributeMappings, on_demand::ProvisionOnDemand,
        preview::Preview, quarantine::Quarantine,
    },
    insights::{Insights, InsightsOfConfiguration},
    new::NewConfigurationPage,
    provisioning_logs::{ProvisioningLogs, ProvisioningLogsOfConfiguration},
};
pub use contacts::{Contacts, id::Contact};
pub use deleted_users::DeletedUsers;
pub use demo::Demo;
pub use directories::{Directories, id::Directory, new::ConnectDirectory};
pub use groups::{Groups, id::Group};
pub use home::AzureActiveDirectory;
pub use mailbox::Mailbox;
pub use not_found::NotFound;
pub use not_loaded::NotLoaded;
pub use notices::Notices;
pub use search::Search;
pub use settings::{
    access_tokens::AccessTokens, notifications::NotificationSettings,
    people_and_roles::PeopleAndRoles, tenant_features::TenantFeatures,
};
pub use sign_in::SignIn;
pub use users::{Users, id::User};
