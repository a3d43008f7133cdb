//! A demo forest as its pages show it: at a glance, as a tree, as lists, one entry.

use std::collections::HashMap;

use engine::{
    directory::ObjectGuid,
    forest::{
        EntryClass, Forest,
        entry::{EntryDetails, EntryFilter, EntrySummary, ForestSummary, Showcase, TreeNode},
    },
    records::{Page, PageKey},
};

use super::{
    seed,
    store::{self, CONTAINERS, Column, Condition, Entry, Join, NO_CONTAINERS},
};
use crate::{Backend, Error, Result};

/// The forests, each at a glance.
pub async fn forests(backend: &Backend) -> Result<Vec<ForestSummary>> {
    let mut summaries = Vec::new();
    for forest in Forest::ALL {
        let counts =
            store::grouped(backend.db.read(), Column::Class, Condition::of(forest)).await?;
        let sum = |class: EntryClass, enabled: Option<bool>| {
            let of_class = counts.iter().filter(|row| row.key == class.as_str());
            let wanted = of_class.filter(|row| enabled.is_none() || row.account_enabled == enabled);
            wanted.map(|row| row.count).sum()
        };
        summaries.push(ForestSummary {
            forest,
            base_dn: engine::directory::Dn::parse(forest.base_dn()).map_err(Error::internal)?,
            users: sum(EntryClass::User, None),
            disabled_users: sum(EntryClass::User, Some(false)),
            groups: sum(EntryClass::Group, None),
            contacts: sum(EntryClass::Contact, None),
        });
    }
    Ok(summaries)
}

/// All containers, parents before children, brothers by name.
pub async fn tree(backend: &Backend, forest: Forest) -> Result<Vec<TreeNode>> {
    let condition = Condition::of(forest).and_sql(CONTAINERS);
    let containers = store::entries(backend.db.read(), condition, "ORDER BY e.sort_key").await?;
    let condition = Condition::of(forest).and_sql(NO_CONTAINERS);
    let counts = store::grouped(backend.db.read(), Column::Parent, condition).await?;
    let mut entries: HashMap<String, u64> = HashMap::new();
    for row in counts {
        *entries.entry(row.key).or_default() += row.count;
    }
    let mut nodes = Vec::with_capacity(containers.len());
    let heads = containers
        .iter()
        .filter(|container| container.parent.is_none());
    for head in heads {
        add_branch(&mut nodes, &containers, &entries, head, 0);
    }
    Ok(nodes)
}

fn add_branch(
    nodes: &mut Vec<TreeNode>,
    containers: &[Entry],
    entries: &HashMap<String, u64>,
    container: &Entry,
    depth: u32,
) {
    let is_domain = container.class == EntryClass::Domain;
    nodes.push(TreeNode {
        id: container.id,
        parent: container.parent,
        class: container.class,
        name: if is_domain {
            container.forest.to_string()
        } else {
            container.dn.name()
        },
        dn: container.dn.clone(),
        depth,
        entries: entries
            .get(&container.id.to_string())
            .copied()
            .unwrap_or_default(),
    });
    let children = containers
        .iter()
        .filter(|child| child.parent == Some(container.id));
    for child in children {
        add_branch(nodes, containers, entries, child, depth + 1);
    }
}

/// Entries by name, a page at a time.
pub async fn list(
    backend: &Backend,
    forest: Forest,
    filter: &EntryFilter,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<EntrySummary>> {
    let mut condition = Condition::of(forest);
    if let Some(container) = filter.container {
        condition = condition.and("e.parent_id = ", container);
    }
    if let Some(class) = filter.class {
        condition = condition.and("e.class = ", class.as_str());
    }
    let search = filter.search.trim().to_lowercase();
    if !search.is_empty() {
        condition = condition.and_contains("e.search_text LIKE ", &search);
    }
    let total = store::count(backend.db.read(), condition.clone()).await?;
    let condition = after_key(condition, after);
    let tail = format!("ORDER BY e.sort_key LIMIT {}", i64::from(limit) + 1);
    let entries = store::entries(backend.db.read(), condition, &tail).await?;
    Ok(page(entries, limit, total))
}

/// One entry, with what it refers to.
pub async fn entry(backend: &Backend, forest: Forest, id: ObjectGuid) -> Result<EntryDetails> {
    let entry = find(backend, forest, id).await?;
    let count = |join| store::count_references(backend.db.read(), join, "member", id);
    Ok(EntryDetails {
        source_anchor: entry.anchor(),
        parent: entry.parent,
        manager: referred(backend, id, "manager").await?,
        managed_by: referred(backend, id, "managedBy").await?,
        member_count: count(Join::Targets).await?,
        member_of_count: count(Join::Owners).await?,
        changed_at: entry.changed_at,
        summary: entry.summary(),
        attributes: entry.attributes,
    })
}

async fn find(backend: &Backend, forest: Forest, id: ObjectGuid) -> Result<Entry> {
    let condition = Condition::of(forest).and("e.id = ", id);
    let entries = store::entries(backend.db.read(), condition, "").await?;
    entries.into_iter().next().ok_or(Error::NotFound("entry"))
}

async fn referred(
    backend: &Backend,
    owner: ObjectGuid,
    attribute: &str,
) -> Result<Option<EntrySummary>> {
    let condition = Condition::default()
        .and("r.owner_id = ", owner)
        .and("r.attribute = ", attribute);
    let entries = store::referring(backend.db.read(), Join::Targets, condition, "").await?;
    Ok(entries.first().map(Entry::summary))
}

/// The direct members of a group, by name.
pub async fn members(
    backend: &Backend,
    group: ObjectGuid,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<EntrySummary>> {
    linked(backend, Join::Targets, group, after, limit).await
}

/// The groups that an entry is a direct member of, by name.
pub async fn member_of(
    backend: &Backend,
    member: ObjectGuid,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<EntrySummary>> {
    linked(backend, Join::Owners, member, after, limit).await
}

async fn linked(
    backend: &Backend,
    join: Join,
    id: ObjectGuid,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<EntrySummary>> {
    let other_end = match join {
        Join::Targets => "r.owner_id = ",
        Join::Owners => "r.target_id = ",
    };
    let total = store::count_references(backend.db.read(), join, "member", id).await?;
    let condition = Condition::default()
        .and("r.attribute = ", "member")
        .and(other_end, id);
    let condition = after_key(condition, after);
    let tail = format!("ORDER BY e.sort_key LIMIT {}", i64::from(limit) + 1);
    let entries = store::referring(backend.db.read(), join, condition, &tail).await?;
    Ok(page(entries, limit, total))
}

fn after_key(condition: Condition, after: Option<PageKey>) -> Condition {
    match after {
        Some(key) => condition.and("e.sort_key > ", key.0),
        None => condition,
    }
}

fn page(mut entries: Vec<Entry>, limit: u32, total: u64) -> Page<EntrySummary> {
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries
        .last()
        .filter(|_| more)
        .map(|last| PageKey(last.sort_key()));
    Page {
        items: entries.iter().map(Entry::summary).collect(),
        next,
        total: Some(total),
    }
}

/// What forests that are made from `seed` have to show, in its order. Entries that people deleted since are listed too.
pub fn showcases(seed: u64) -> Vec<Showcase> {
    let entries = Forest::ALL.into_iter().flat_map(|forest| {
        let entries = seed::seed(forest, seed).into_iter();
        entries.map(move |entry| (forest, entry))
    });
    entries
        .filter_map(|(forest, entry)| {
            entry.shows.map(|shows| Showcase {
                directory: crate::directories::id_of_forest(forest),
                id: entry.guid,
                name: entry.dn.name(),
                case: shows.case.to_owned(),
                expect: shows.expect.to_owned(),
            })
        })
        .collect()
}
