//! The pages. A page's path on disk is its address.
//!
//! Each page loads its data in one function and shows it in another, so that a page can be split
//! off the bundle later without being rewritten.

pub mod azure_ad_connect;
pub mod cloud_sync;
pub mod frame;
pub mod home;
pub mod loading;
pub mod mailbox;
pub mod not_found;
pub mod notices;
pub mod sign_in;

pub use azure_ad_connect::AzureAdConnect;
pub use cloud_sync::{
    CloudSync, agents::Agents, configurations::EditConfiguration, new::NewConfigurationPage,
};
pub use home::AzureActiveDirectory;
pub use mailbox::Mailbox;
pub use not_found::NotFound;
pub use notices::Notices;
pub use sign_in::SignIn;
