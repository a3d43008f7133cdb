//! Who is a member of the chosen groups, and how many levels below them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::configuration::{Configuration, ConfigurationId};
use sqlx::Row;

use crate::{
    Result,
    database::{Write, assembled, rows_per_statement, value_list},
};

/// The groups whose members are in scope: the chosen ones at level 0, and those that lie below
/// them as far as the configuration follows. Keys of distinguished names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach(BTreeMap<String, u8>);

impl Reach {
    pub(super) async fn load(write: &mut Write, configuration: &Configuration) -> Result<Self> {
        let chosen = configuration.scope.groups();
        let mut reach: BTreeMap<String, u8> = chosen
            .iter()
            .map(|group| (group.key().to_owned(), 0))
            .collect();
        let mut level: Vec<String> = reach.keys().cloned().collect();
        for depth in 1..=configuration.nested_group_depth {
            let below = groups_in(write, configuration.id, &level).await?;
            level = below
                .into_iter()
                .filter(|group| !reach.contains_key(group))
                .collect();
            if level.is_empty() {
                break;
            }
            reach.extend(level.iter().map(|group| (group.clone(), depth)));
        }
        Ok(Self(reach))
    }

    pub(super) fn contains(&self, group: &str) -> bool {
        self.0.contains_key(group)
    }

    /// Groups that are reached now and were not, or the other way round. A chosen group is never
    /// among them: when it disappears, its members stay until a person restarts.
    pub(super) fn changed_since(&self, before: &Self) -> Vec<String> {
        let nested = |reach: &Self| -> BTreeSet<String> {
            let nested = reach.0.iter().filter(|(_, level)| **level > 0);
            nested.map(|(group, _)| group.clone()).collect()
        };
        nested(self)
            .symmetric_difference(&nested(before))
            .cloned()
            .collect()
    }

    /// How many objects are in scope only because nested groups are followed.
    pub(super) async fn added_by_nesting(
        &self,
        write: &mut Write,
        configuration: ConfigurationId,
    ) -> Result<u64> {
        let at = |wanted: fn(u8) -> bool| -> Vec<String> {
            let groups = self.0.iter().filter(|(_, level)| wanted(**level));
            groups.map(|(group, _)| group.clone()).collect()
        };
        let direct = members_in(write, configuration, &at(|level| level == 0)).await?;
        let nested = members_in(write, configuration, &at(|level| level > 0)).await?;
        let added = nested.difference(&direct);
        Ok(added
            .filter(|member| self.0.get(*member) != Some(&0))
            .count() as u64)
    }

    /// For each of these reference keys whose object is a member of a reached group: the least level.
    pub(super) async fn members(
        &self,
        write: &mut Write,
        configuration: ConfigurationId,
        keys: &[&str],
    ) -> Result<HashMap<String, u8>> {
        let mut members = HashMap::new();
        if self.0.is_empty() {
            return Ok(members);
        }
        for keys in keys.chunks(rows_per_statement(1)) {
            let sql = format!(
                "SELECT DISTINCT r.target_key, g.dn_key FROM source_references r
                 JOIN source_objects g
                     ON g.configuration_id = r.configuration_id AND g.anchor = r.owner_anchor
                 WHERE r.configuration_id = $1 AND r.attribute = 'member' AND g.is_gone = 0
                     AND r.target_key IN ({})",
                value_list(2, keys.len())
            );
            let mut query = assembled(sql).bind(configuration.to_string());
            for key in keys {
                query = query.bind((*key).to_owned());
            }
            for row in query.fetch_all(write.connection()).await? {
                let group: String = row.try_get("dn_key")?;
                if let Some(level) = self.0.get(&group) {
                    let least: &mut u8 =
                        members.entry(row.try_get("target_key")?).or_insert(*level);
                    *least = (*least).min(*level);
                }
            }
        }
        Ok(members)
    }
}

/// The groups that are direct members of these groups.
async fn groups_in(
    write: &mut Write,
    configuration: ConfigurationId,
    groups: &[String],
) -> Result<BTreeSet<String>> {
    members_of(write, configuration, groups, "AND m.kind = 'group'").await
}

/// Everything that is a direct member of these groups.
async fn members_in(
    write: &mut Write,
    configuration: ConfigurationId,
    groups: &[String],
) -> Result<BTreeSet<String>> {
    members_of(write, configuration, groups, "").await
}

async fn members_of(
    write: &mut Write,
    configuration: ConfigurationId,
    groups: &[String],
    condition: &'static str,
) -> Result<BTreeSet<String>> {
    let mut below = BTreeSet::new();
    for groups in groups.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT DISTINCT m.dn_key FROM source_objects g
             JOIN source_references r
                 ON r.configuration_id = g.configuration_id AND r.owner_anchor = g.anchor
             JOIN source_objects m
                 ON m.configuration_id = r.configuration_id AND m.reference_key = r.target_key
             WHERE g.configuration_id = $1 AND g.is_gone = 0 AND r.attribute = 'member'
                 AND m.is_gone = 0 {condition} AND g.dn_key IN ({})",
            value_list(2, groups.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for group in groups {
            query = query.bind(group.clone());
        }
        for row in query.fetch_all(write.connection()).await? {
            below.insert(row.try_get("dn_key")?);
        }
    }
    Ok(below)
}

/// The members of these groups are to be evaluated again.
pub(super) async fn mark_members(
    write: &mut Write,
    configuration: ConfigurationId,
    groups: &[String],
) -> Result<()> {
    for groups in groups.chunks(rows_per_statement(1)) {
        let sql = format!(
            "UPDATE source_objects SET is_marked = 1
             WHERE configuration_id = $1 AND is_marked = 0 AND reference_key IN
                 (SELECT r.target_key FROM source_references r
                  JOIN source_objects g
                      ON g.configuration_id = r.configuration_id AND g.anchor = r.owner_anchor
                  WHERE r.configuration_id = $1 AND r.attribute = 'member' AND g.dn_key IN ({}))",
            value_list(2, groups.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for group in groups {
            query = query.bind(group.clone());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}
