//! One change of a forest under way: holds the forest, hands out change numbers, and ends with the
//! audit entry.

use std::collections::{HashMap, HashSet};

use engine::{
    directory::{AttributeValue, Attributes, Dn, ObjectGuid, Values},
    forest::{EntryClass, Forest, draft::CONTAINER, editable::AttributeChange},
};

use crate::{
    Actor, Backend, Error, Result, audit,
    database::Write,
    forest::{
        formats, seed,
        store::{self, Condition, Entry, ForestState, Join, Reference},
    },
};

/// What became of one change.
pub(super) enum Applied {
    Changed,
    /// It was so already.
    Same,
    /// The sentence stands at the field.
    Refused(String),
}

pub(super) struct Edit<'a> {
    backend: &'a Backend,
    pub(super) write: Write,
    forest: Forest,
    state: ForestState,
}

impl<'a> Edit<'a> {
    pub(super) async fn begin(backend: &'a Backend, forest: Forest) -> Result<Self> {
        let mut write = backend.db.write().await?;
        store::hold(&mut write, forest).await?;
        let state = store::state(write.connection(), forest).await?;
        Ok(Self {
            backend,
            write,
            forest,
            state: state.ok_or(Error::NotFound("forest"))?,
        })
    }

    pub(super) async fn finish(mut self, actor: &Actor, target: &str, detail: &str) -> Result<()> {
        store::put_state(&mut self.write, self.forest, &self.state).await?;
        let activity = audit::Activity::ChangeDemoForest;
        audit::record(
            self.backend,
            &mut self.write,
            actor,
            activity,
            target,
            detail,
        )
        .await?;
        self.write.commit().await?;
        self.backend.announce_change();
        Ok(())
    }

    fn next_change(&mut self) -> i64 {
        self.state.last_change += 1;
        self.state.last_change
    }

    pub(super) fn new_entry(
        &mut self,
        class: EntryClass,
        container: &Entry,
        dn: Dn,
        mut attributes: Attributes,
    ) -> Entry {
        let now = self.backend.now();
        if matches!(class, EntryClass::User | EntryClass::Group) {
            let number = u32::try_from(self.state.next_relative_identifier).unwrap_or(u32::MAX);
            let domain = seed::domain_identifier(self.forest, self.state.seed);
            let sid = formats::security_identifier(&domain, number);
            attributes.set("objectSid", vec![sid]);
            self.state.next_relative_identifier += 1;
        }
        let created = formats::generalized_time(now.to_date_time());
        attributes.set("whenCreated", vec![created.into()]);
        let name = dn.name();
        let mut entry = Entry {
            id: ObjectGuid::from_uuid(self.backend.new_id()),
            forest: self.forest,
            class,
            parent: Some(container.id),
            dn,
            attributes,
            change: 0,
            changed_at: now,
        };
        set_name(&mut entry, &name);
        entry
    }

    /// Stores entries as changed now.
    pub(super) async fn put(&mut self, mut entries: Vec<Entry>) -> Result<()> {
        let now = self.backend.now();
        for entry in &mut entries {
            entry.change = self.next_change();
            entry.changed_at = now;
        }
        store::put(&mut self.write, &entries).await
    }

    async fn one(&mut self, condition: Condition) -> Result<Option<Entry>> {
        let entries = store::entries(self.write.connection(), condition, "ORDER BY e.id LIMIT 1");
        Ok(entries.await?.pop())
    }

    /// An entry that people may change.
    pub(super) async fn changeable(&mut self, id: ObjectGuid) -> Result<Entry> {
        let condition = Condition::of(self.forest).and("e.id = ", id);
        let entry = self.one(condition).await?.ok_or(Error::NotFound("entry"))?;
        if entry.is_critical() {
            return Err(Error::Conflict(format!(
                "{} came with the directory and stays as it is.",
                entry.dn
            )));
        }
        Ok(entry)
    }

    pub(super) async fn group(&mut self, id: ObjectGuid) -> Result<Entry> {
        let entry = self.changeable(id).await?;
        match entry.class {
            EntryClass::Group => Ok(entry),
            _ => Err(Error::NotFound("group")),
        }
    }

    async fn by_name(&mut self, dn: &Dn) -> Result<Option<Entry>> {
        let condition = Condition::of(self.forest).and("e.dn_key = ", dn.key());
        self.one(condition).await
    }

    pub(super) async fn container(&mut self, dn: &Dn) -> Result<Entry> {
        let found = self.by_name(dn).await?;
        let container = found.filter(|entry| entry.class.is_container());
        container.ok_or_else(|| Error::field(CONTAINER, format!("There is no container {dn}.")))
    }

    pub(super) async fn is_taken(&mut self, dn: &Dn) -> Result<bool> {
        Ok(self.by_name(dn).await?.is_some())
    }

    /// Who has this account name or user principal name.
    pub(super) async fn holder(&mut self, attribute: &str, value: &str) -> Result<Option<Entry>> {
        let column = match attribute {
            "sAMAccountName" => "e.account_key = ",
            _ => "e.user_name_key = ",
        };
        self.one(Condition::of(self.forest).and(column, value.to_lowercase()))
            .await
    }

    /// Gives one attribute of `entry` its new values, or points it to another entry.
    pub(super) async fn apply(
        &mut self,
        entry: &mut Entry,
        change: AttributeChange,
    ) -> Result<Applied> {
        match change {
            AttributeChange::Values { name, values } => {
                let values: Values = values.into_iter().map(AttributeValue::from).collect();
                if entry.attributes.get(&name) == values {
                    return Ok(Applied::Same);
                }
                entry.attributes.set(name, values);
                Ok(Applied::Changed)
            }
            AttributeChange::Reference { name, target } => {
                self.refer(entry, name.as_str(), target.as_ref()).await
            }
        }
    }

    async fn refer(
        &mut self,
        entry: &Entry,
        attribute: &str,
        target: Option<&Dn>,
    ) -> Result<Applied> {
        let target = match target {
            None => None,
            Some(dn) => match self.by_name(dn).await? {
                Some(found) if found.id == entry.id => {
                    return Ok(Applied::Refused(
                        "An entry cannot refer to itself.".to_owned(),
                    ));
                }
                Some(found) if found.class.kind().is_some() => Some(found.id),
                _ => {
                    return Ok(Applied::Refused(format!(
                        "There is no person or group {dn}."
                    )));
                }
            },
        };
        if self.target_of(entry.id, attribute).await? == target {
            return Ok(Applied::Same);
        }
        store::remove_references(&mut self.write, entry.id, attribute, None).await?;
        let reference = target.map(|target| Reference {
            owner: entry.id,
            attribute: attribute.to_owned(),
            target,
        });
        store::put_references(&mut self.write, reference.as_slice()).await?;
        Ok(Applied::Changed)
    }

    async fn target_of(
        &mut self,
        owner: ObjectGuid,
        attribute: &str,
    ) -> Result<Option<ObjectGuid>> {
        let condition = Condition::default()
            .and("r.owner_id = ", owner)
            .and("r.attribute = ", attribute);
        let found = store::referring(self.write.connection(), Join::Targets, condition, "");
        Ok(found.await?.first().map(|entry| entry.id))
    }

    /// Whom a person means as a new member of a group, or what is wrong.
    pub(super) async fn member(
        &mut self,
        group: &Entry,
        name: &str,
    ) -> Result<std::result::Result<ObjectGuid, String>> {
        let Some(found) = self.named(name).await? else {
            return Ok(Err(format!("There is no person, group or contact {name}.")));
        };
        if found.id == group.id {
            return Ok(Err("A group cannot be a member of itself.".to_owned()));
        }
        let condition = Condition::default()
            .and("r.owner_id = ", group.id)
            .and("r.attribute = ", "member")
            .and("r.target_id = ", found.id);
        let already =
            store::referring(self.write.connection(), Join::Targets, condition, "").await?;
        Ok(match already.is_empty() {
            true => Ok(found.id),
            false => Err(format!("{} is a member already.", found.dn)),
        })
    }

    async fn named(&mut self, name: &str) -> Result<Option<Entry>> {
        if let Ok(dn) = Dn::parse(name) {
            let found = self.by_name(&dn).await?;
            return Ok(found.filter(|entry| entry.class.kind().is_some()));
        }
        for column in ["e.user_name_key = ", "e.account_key = ", "e.mail_key = "] {
            let condition = Condition::of(self.forest)
                .and(column, name.to_lowercase())
                .and_sql(store::SYNCHRONIZED);
            if let Some(found) = self.one(condition).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Gives an entry another place or name, and everything below it the names that follow. Says
    /// how many entries have other names now.
    pub(super) async fn relocate(
        &mut self,
        entry: Entry,
        parent: Option<ObjectGuid>,
        dn: Dn,
    ) -> Result<usize> {
        let mut entries = store::subtree(&mut self.write, &entry).await?;
        let mut names = HashMap::from([(entry.id, dn.clone())]);
        for below in entries.iter_mut().skip(1) {
            let above = below.parent.and_then(|parent| names.get(&parent));
            let above = above.ok_or_else(|| Error::internal("an entry came before its parent"))?;
            let naming = below.class.naming_attribute();
            below.dn = above
                .child(naming, &below.dn.name())
                .map_err(Error::internal)?;
            names.insert(below.id, below.dn.clone());
        }
        if let Some(top) = entries.first_mut() {
            *top = Entry {
                parent,
                dn,
                ..entry
            };
        }
        let others = self.referrers(&entries).await?;
        let count = entries.len();
        entries.extend(others);
        self.put(entries).await?;
        Ok(count)
    }

    /// Entries outside of these that name one of them.
    async fn referrers(&mut self, entries: &[Entry]) -> Result<Vec<Entry>> {
        let ids: Vec<ObjectGuid> = entries.iter().map(|entry| entry.id).collect();
        let mut seen: HashSet<ObjectGuid> = ids.iter().copied().collect();
        let mut owners = Vec::new();
        for chunk in ids.chunks(500) {
            let condition = Condition::default().and_in("r.target_id", chunk);
            let found = store::referring(self.write.connection(), Join::Owners, condition, "");
            owners.extend(
                found
                    .await?
                    .into_iter()
                    .filter(|owner| seen.insert(owner.id)),
            );
        }
        Ok(owners)
    }

    /// Deletes an entry with everything below it; says how many that were.
    pub(super) async fn delete(&mut self, entry: &Entry) -> Result<usize> {
        let entries = store::subtree(&mut self.write, entry).await?;
        let mut changed = self.referrers(&entries).await?;
        let ids: Vec<ObjectGuid> = entries.iter().map(|entry| entry.id).collect();
        store::remove(&mut self.write, &ids).await?;
        let mut gone = Vec::new();
        for entry in entries.iter().filter(|entry| entry.class.kind().is_some()) {
            // An anchor that somebody else carries too is not gone, it is somebody else's now.
            let condition = Condition::of(self.forest).and("e.anchor = ", entry.anchor().as_str());
            match self.one(condition).await? {
                Some(other) if changed.iter().any(|entry| entry.id == other.id) => {}
                Some(other) => changed.push(other),
                None => gone.push((self.next_change(), entry.anchor())),
            }
        }
        store::put_tombstones(&mut self.write, self.forest, &gone).await?;
        self.put(changed).await?;
        Ok(entries.len())
    }
}

/// Sets the attributes that repeat an entry's name.
pub(super) fn set_name(entry: &mut Entry, name: &str) {
    entry.attributes.set("name", vec![name.into()]);
    let naming = entry.class.naming_attribute().to_lowercase();
    entry.attributes.set(naming.as_str(), vec![name.into()]);
}
