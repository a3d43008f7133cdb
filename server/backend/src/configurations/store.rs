//! The SQL of configurations and of what the cycles know of them.

mod deleted;
mod leases;
mod saved;
mod schedule;
mod state;

use engine::configuration::ConfigurationId;
use sqlx::{Row, any::AnyRow};

pub(super) use self::{
    deleted::{deleted_before, deleted_for_domain, mark_deleted, remove, restore},
    leases::{release_all_leases, somebody_is_at_work, take_lease_away},
    saved::{all, count_all, disable, insert, rename_scope, row, update},
    schedule::{
        due, forget_cursor, make_due, next_due, recommend_restart, request_restart, set_health,
        write_health,
    },
    state::{state, state_row},
};
pub(crate) use self::{
    leases::{extend_lease, release_lease, take_lease},
    state::StateRow,
};
use crate::{Error, Result};

fn configuration_id(row: &AnyRow) -> Result<ConfigurationId> {
    row.try_get::<String, _>("id")?
        .parse()
        .map_err(Error::internal)
}
