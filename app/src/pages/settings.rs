//! `/settings/…`: what administrators choose for everything at once.

pub mod access_tokens;
pub mod notifications;
pub mod people_and_roles;
pub mod shown_once;
pub mod tenant_features;
