//! The tenant, looked at and changed behind the product's back: what people do in the cloud.

use std::collections::{BTreeMap, BTreeSet};

use backend::Backend;
use engine::{
    directory::{AttributeName, AttributeValue, Attributes, SourceAnchor},
    records::ProvisioningDetail,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object {
    pub(crate) kind: String,
    pub(crate) anchor: Option<SourceAnchor>,
    pub(crate) managed_by: Option<String>,
    pub(crate) is_deleted: bool,
    pub(crate) attributes: Attributes,
}

impl Object {
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.attributes
            .values(name)
            .first()
            .map(|value| match value {
                AttributeValue::Boolean(flag) => flag.to_string(),
                other => other.as_text().unwrap_or_default().to_owned(),
            })
    }
}

pub(crate) type Objects = BTreeMap<Uuid, Object>;

pub(crate) async fn objects(backend: &Backend) -> Objects {
    let rows = sqlx::query(
        "SELECT id, kind, source_anchor, managed_by, attributes, deleted_at FROM tenant_objects",
    )
    .fetch_all(backend.db.read())
    .await
    .unwrap();
    rows.iter()
        .map(|row| {
            let anchor: Option<String> = row.get("source_anchor");
            let object = Object {
                kind: row.get("kind"),
                anchor: anchor.map(SourceAnchor::from_stored),
                managed_by: row.get("managed_by"),
                is_deleted: row.get::<Option<i64>, _>("deleted_at").is_some(),
                attributes: serde_json::from_str(&row.get::<String, _>("attributes")).unwrap(),
            };
            (row.get::<String, _>("id").parse().unwrap(), object)
        })
        .collect()
}

/// Who refers to whom by an attribute.
pub(crate) async fn references(
    backend: &Backend,
    attribute: &str,
) -> BTreeMap<Uuid, BTreeSet<Uuid>> {
    let rows =
        sqlx::query("SELECT object_id, target_id FROM tenant_references WHERE attribute = $1")
            .bind(attribute.to_owned())
            .fetch_all(backend.db.read())
            .await
            .unwrap();
    let mut references: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for row in rows {
        let id = |column: &str| row.get::<String, _>(column).parse().unwrap();
        references
            .entry(id("object_id"))
            .or_default()
            .insert(id("target_id"));
    }
    references
}

/// What failed last, as the log tells it.
pub(crate) async fn failures(backend: &Backend) -> Vec<String> {
    let rows = sqlx::query(
        "SELECT display_name, detail FROM provisioning_log WHERE result = 'failure'
         ORDER BY id DESC LIMIT 3",
    )
    .fetch_all(backend.db.read())
    .await
    .unwrap();
    rows.iter()
        .map(|row| {
            let detail: ProvisioningDetail =
                serde_json::from_str(&row.get::<String, _>("detail")).unwrap();
            let name: String = row.get("display_name");
            format!("{name}: {:?}", detail.error)
        })
        .collect()
}

pub(crate) async fn run(backend: &Backend, sql: String) {
    sqlx::query(AssertSqlSafe(sql))
        .execute(backend.db.read())
        .await
        .unwrap();
}

/// Somebody makes an object in the cloud.
pub(crate) async fn add_cloud_object(backend: &Backend, id: Uuid, kind: &str, name: &str) {
    let mut attributes = Attributes::new().with("DisplayName", name);
    let mut key = "NULL".to_owned();
    if kind == "user" {
        attributes = attributes
            .with("UserPrincipalName", name)
            .with("AccountEnabled", "true");
        key = format!("'{}'", name.to_lowercase());
    }
    let attributes = serde_json::to_string(&attributes).unwrap();
    run(
        backend,
        format!(
            "INSERT INTO tenant_objects
                 (id, kind, display_name, sort_key, user_principal_name_key, attributes,
                  account_enabled, created_at, changed_at)
             VALUES ('{id}', '{kind}', '{name}', '{name}{id}', {key}, '{attributes}', 1, 0, 0)"
        ),
    )
    .await;
}

/// Somebody changes a synchronized object where it should not be changed.
pub(crate) async fn drift(backend: &Backend, id: Uuid, object: &Object) {
    let mut attributes = object.attributes.clone();
    attributes.set("Department", vec!["Changed in the cloud".into()]);
    attributes.remove(&AttributeName::from("JobTitle"));
    let attributes = serde_json::to_string(&attributes).unwrap();
    run(
        backend,
        format!("UPDATE tenant_objects SET attributes = '{attributes}' WHERE id = '{id}'"),
    )
    .await;
}

/// Somebody deletes a user in the cloud; it lies in the recycle bin.
pub(crate) async fn delete_softly(backend: &Backend, id: Uuid) {
    cut_references(backend, id).await;
    let now = backend.now().0;
    run(
        backend,
        format!("UPDATE tenant_objects SET deleted_at = {now} WHERE id = '{id}'"),
    )
    .await;
}

/// Somebody deletes an object in the cloud for good.
pub(crate) async fn delete_for_good(backend: &Backend, id: Uuid) {
    cut_references(backend, id).await;
    run(
        backend,
        format!("DELETE FROM tenant_objects WHERE id = '{id}'"),
    )
    .await;
}

async fn cut_references(backend: &Backend, id: Uuid) {
    run(
        backend,
        format!("DELETE FROM tenant_references WHERE object_id = '{id}' OR target_id = '{id}'"),
    )
    .await;
}
