//! The SQL of the tenant.

mod details;
mod links;
mod lists;
mod objects;
mod recycle_bin;

use engine::tenant::TenantObjectId;

pub(super) use self::{
    details::{details, references, referring},
    links::{is_managing, linked_anchors},
    lists::{counts, list},
    objects::{existing, is_name_taken},
    recycle_bin::{deleted_users, empty_recycle_bin, restore},
};
pub(crate) use self::{
    links::{linked, release, unlink},
    objects::{candidates, taken_values},
};

/// The order of lists: by name without case, then by id, so that every key is unique.
pub(super) fn sort_key(display_name: &str, id: TenantObjectId) -> String {
    format!("{}\u{1}{id}", display_name.to_lowercase())
}
