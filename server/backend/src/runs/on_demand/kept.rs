//! Tests that are kept, so that somebody can look at one again.

use engine::{configuration::ConfigurationId, on_demand::OnDemand};
use sqlx::Row;
use uuid::Uuid;

use crate::{Backend, Error, Result};

/// Tests of one configuration that are kept.
const KEPT: i64 = 50;

pub(super) async fn keep(backend: &Backend, id: ConfigurationId, test: &OnDemand) -> Result<()> {
    let mut write = backend.db.write().await?;
    sqlx::query("INSERT INTO on_demand_tests (id, configuration_id, document) VALUES ($1, $2, $3)")
        .bind(test.id.to_string())
        .bind(id.to_string())
        .bind(serde_json::to_string(test)?)
        .execute(write.connection())
        .await?;
    sqlx::query(
        "DELETE FROM on_demand_tests WHERE configuration_id = $1 AND id NOT IN
             (SELECT id FROM on_demand_tests WHERE configuration_id = $1 ORDER BY id DESC LIMIT $2)",
    )
    .bind(id.to_string())
    .bind(KEPT)
    .execute(write.connection())
    .await?;
    write.commit().await
}

/// What an earlier test found.
pub async fn on_demand_test(backend: &Backend, id: Uuid) -> Result<OnDemand> {
    let row = sqlx::query("SELECT document FROM on_demand_tests WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(backend.db.read())
        .await?
        .ok_or(Error::NotFound("test"))?;
    Ok(serde_json::from_str(row.try_get("document")?)?)
}
