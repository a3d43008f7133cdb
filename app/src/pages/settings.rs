//! `/settings/…`: what administrators choose for everything at once.

pub mod tenant_features;
