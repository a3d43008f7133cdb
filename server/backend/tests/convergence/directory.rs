//! A directory that people change: users and groups in a few containers, kept beside the
//! [`MemorySource`] that the product reads, so that the oracle need not ask it.

use std::collections::{BTreeMap, BTreeSet};

use connectors::memory::{MemorySource, Tombstones};
use engine::directory::{
    AttributeValue, Attributes, Dn, ObjectGuid, ObjectKind, SourceAnchor, SourceObject,
};
use uuid::Uuid;

use crate::dice::Dice;

pub(crate) const UNITS: [&str; 4] = ["OU=Sales", "OU=Inner,OU=Sales", "OU=Field", "OU=Lab"];
const WORDS: [&str; 6] = ["Amber", "Birch", "Cedar", "Dune", "Elm", "Flint"];

pub(crate) struct Directory {
    pub(crate) source: MemorySource,
    pub(crate) objects: BTreeMap<SourceAnchor, SourceObject>,
    pub(crate) domain: &'static str,
    gone: Vec<SourceObject>,
    made: usize,
}

impl Directory {
    pub(crate) fn new(domain: &'static str, dice: &mut Dice) -> Self {
        let tombstones = match dice.chance(50) {
            true => Tombstones::Kept,
            false => Tombstones::Forgotten,
        };
        let source = MemorySource::new(tombstones);
        source.set_page_size(dice.between(1, 9));
        let mut directory = Self {
            source,
            objects: BTreeMap::new(),
            domain,
            gone: Vec::new(),
            made: 0,
        };
        // Named by scopes, so it is there for good.
        directory.put(directory.object(ObjectKind::Group, "Chosen", "OU=Lab", "chosen"));
        for _ in 0..dice.between(3, 14) {
            directory.add_user(dice);
        }
        for _ in 0..dice.between(0, 3) {
            directory.add_group(dice);
        }
        directory
    }

    pub(crate) fn dn(&self, relative: &str) -> Dn {
        let parts = self.domain.split('.').map(|part| format!("DC={part}"));
        let head = parts.collect::<Vec<_>>().join(",");
        Dn::parse(&format!("{relative},{head}")).unwrap()
    }

    pub(crate) fn chosen_group(&self) -> Dn {
        self.dn("CN=Chosen,OU=Lab")
    }

    fn object(&self, kind: ObjectKind, name: &str, unit: &str, anchor: &str) -> SourceObject {
        let id = format!("{}/{anchor}", self.domain);
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, id.as_bytes());
        let attributes = Attributes::new().with("cn", name).with("displayName", name);
        let attributes = match kind {
            ObjectKind::User => attributes
                .with("userPrincipalName", format!("{name}@{}", self.domain))
                .with("sAMAccountName", name)
                .with("userAccountControl", "512"),
            _ => attributes.with("groupType", "-2147483646"),
        };
        SourceObject {
            anchor: ObjectGuid::from_uuid(id).source_anchor(),
            dn: self.dn(&format!("CN={name},{unit}")),
            guid: None,
            kind,
            attributes,
        }
    }

    fn put(&mut self, object: SourceObject) {
        self.source.put(object.clone());
        self.objects.insert(object.anchor.clone(), object);
    }

    fn next_name(&mut self, letter: char) -> String {
        self.made += 1;
        format!("{letter}{}", self.made)
    }

    /// Adds a user whose name nobody else has or had; its user principal name.
    pub(crate) fn add_user(&mut self, dice: &mut Dice) -> String {
        let name = self.next_name('u');
        let mut user = self.object(ObjectKind::User, &name, dice.pick(&UNITS), &name);
        if dice.chance(60) {
            set(&mut user, "department", dice.pick(&WORDS));
        }
        if dice.chance(40) {
            let manager = self.somebody(dice, ObjectKind::User);
            if let Some(manager) = manager {
                set(&mut user, "manager", self.objects[&manager].dn.as_str());
            }
        }
        self.put(user);
        format!("{name}@{}", self.domain)
    }

    fn add_group(&mut self, dice: &mut Dice) {
        let name = self.next_name('g');
        let mut group = self.object(ObjectKind::Group, &name, dice.pick(&UNITS), &name);
        let members: Vec<AttributeValue> = self
            .objects
            .values()
            .filter(|_| dice.chance(35))
            .map(|object| object.dn.as_str().into())
            .collect();
        group.attributes.set("member", members);
        self.put(group);
    }

    /// Somebody other than the chosen group.
    fn somebody(&self, dice: &mut Dice, kind: ObjectKind) -> Option<SourceAnchor> {
        let chosen = self.chosen_group();
        let of_kind: Vec<_> = self
            .objects
            .values()
            .filter(|object| object.kind == kind && object.dn != chosen)
            .map(|object| object.anchor.clone())
            .collect();
        (!of_kind.is_empty()).then(|| dice.pick(&of_kind))
    }

    fn anybody(&self, dice: &mut Dice) -> Option<SourceAnchor> {
        let kind = match dice.chance(75) {
            true => ObjectKind::User,
            false => ObjectKind::Group,
        };
        self.somebody(dice, kind)
    }

    /// One change, as people make them. Says what it was.
    pub(crate) fn change(&mut self, dice: &mut Dice) -> String {
        let change = match dice.below(14) {
            0 | 1 => Some(format!("add {}", self.add_user(dice))),
            2 => {
                self.add_group(dice);
                Some("add a group".to_owned())
            }
            3 | 4 => self.edit(dice),
            5 => self.switch(dice),
            6 => self.rename(dice),
            7 => self.move_somebody(dice),
            8 | 9 => self.remove(dice),
            10 => self.bring_back(dice),
            11 | 12 => self.change_members(dice),
            _ => self.change_names(dice),
        };
        change.unwrap_or_else(|| "nothing".to_owned())
    }

    fn edit(&mut self, dice: &mut Dice) -> Option<String> {
        let who = self.anybody(dice)?;
        let mut object = self.objects[&who].clone();
        let attribute = dice.pick(&["department", "title", "displayName", "description"]);
        if attribute != "displayName" && dice.chance(30) {
            object.attributes.remove(&attribute.into());
        } else {
            let word = format!("{} {}", dice.pick(&WORDS), dice.below(9));
            set(&mut object, attribute, &word);
        }
        let said = format!("edit {attribute} of {}", object.dn);
        self.put(object);
        Some(said)
    }

    fn switch(&mut self, dice: &mut Dice) -> Option<String> {
        let who = self.somebody(dice, ObjectKind::User)?;
        let mut user = self.objects[&who].clone();
        let flags = match user.attributes.text("userAccountControl") {
            Some("512") => "514",
            _ => "512",
        };
        set(&mut user, "userAccountControl", flags);
        let said = format!("{} gets {flags}", user.dn);
        self.put(user);
        Some(said)
    }

    fn rename(&mut self, dice: &mut Dice) -> Option<String> {
        let who = self.anybody(dice)?;
        let name = self.next_name('r');
        let dn = self.objects[&who]
            .dn
            .parent()
            .unwrap()
            .child("CN", &name)
            .unwrap();
        Some(self.relocate(&who, &dn, &name))
    }

    fn move_somebody(&mut self, dice: &mut Dice) -> Option<String> {
        let who = self.anybody(dice)?;
        let name = self.objects[&who].dn.name();
        let dn = self.dn(&format!("CN={name},{}", dice.pick(&UNITS)));
        Some(self.relocate(&who, &dn, &name))
    }

    /// Another name; whoever refers to it follows, as in a directory with referential integrity.
    fn relocate(&mut self, who: &SourceAnchor, dn: &Dn, name: &str) -> String {
        let mut object = self.objects[who].clone();
        let before = object.dn.clone();
        set(&mut object, "cn", name);
        object.dn = dn.clone();
        self.put(object);
        self.refer(&before, Some(dn));
        format!("{before} becomes {dn}")
    }

    /// Whoever names `before` names `after` from now on, or nothing.
    fn refer(&mut self, before: &Dn, after: Option<&Dn>) {
        let mut changed = Vec::new();
        for object in self.objects.values() {
            let mut object = object.clone();
            let mut is_changed = false;
            for attribute in ["member", "manager"] {
                let values = object.attributes.values(attribute).to_vec();
                let kept = values.iter().filter_map(|value| {
                    let names_it = Dn::parse(value.as_text()?).ok()? == *before;
                    match (names_it, after) {
                        (false, _) => Some(value.clone()),
                        (true, Some(after)) => Some(after.as_str().into()),
                        (true, None) => None,
                    }
                });
                let kept: Vec<_> = kept.collect();
                if kept != values {
                    object.attributes.set(attribute, kept);
                    is_changed = true;
                }
            }
            if is_changed {
                changed.push(object);
            }
        }
        changed.into_iter().for_each(|object| self.put(object));
    }

    pub(crate) fn remove(&mut self, dice: &mut Dice) -> Option<String> {
        if self.objects.len() < 4 {
            return None;
        }
        let who = self.anybody(dice)?;
        let object = self.objects.remove(&who)?;
        self.source.remove(&who);
        let said = format!("remove {}", object.dn);
        // Some directories leave names of what is gone behind.
        if dice.chance(70) {
            self.refer(&object.dn, None);
        }
        self.gone.push(object);
        Some(said)
    }

    /// What was deleted is restored with its identity, unless its names are in use.
    fn bring_back(&mut self, dice: &mut Dice) -> Option<String> {
        let at = dice.below(self.gone.len());
        let object = self.gone.get(at)?.clone();
        let same_name = |other: &SourceObject| {
            other.dn == object.dn
                || (user_name(other).is_some() && user_name(other) == user_name(&object))
        };
        if self.objects.values().any(same_name) {
            return None;
        }
        self.gone.remove(at);
        let said = format!("bring {} back", object.dn);
        self.put(object);
        Some(said)
    }

    fn change_members(&mut self, dice: &mut Dice) -> Option<String> {
        let group = match dice.chance(40) {
            true => self.anchor_of(&self.chosen_group())?,
            false => self.somebody(dice, ObjectKind::Group)?,
        };
        let who = self.anybody(dice).filter(|who| *who != group)?;
        let name = self.objects[&who].dn.clone();
        let mut group = self.objects[&group].clone();
        let mut members = group.attributes.values("member").to_vec();
        let before = members.len();
        members.retain(|member| member.as_text() != Some(name.as_str()));
        let word = match members.len() == before {
            true => {
                members.push(name.as_str().into());
                "gets"
            }
            false => "loses",
        };
        group.attributes.set("member", members);
        let said = format!("{} {word} {name}", group.dn);
        self.put(group);
        Some(said)
    }

    /// Another user principal name: a new one, or two that change places.
    fn change_names(&mut self, dice: &mut Dice) -> Option<String> {
        let who = self.somebody(dice, ObjectKind::User)?;
        let mut one = self.objects[&who].clone();
        let own = user_name(&one)?;
        if dice.chance(50) {
            let name = format!("{}@{}", self.next_name('n'), self.domain);
            set(&mut one, "userPrincipalName", &name);
            self.put(one);
            return Some(format!("{own} becomes {name}"));
        }
        let other = self.somebody(dice, ObjectKind::User)?;
        let mut other = self.objects[&other].clone();
        let others = user_name(&other)?;
        if one.anchor == other.anchor {
            return None;
        }
        set(&mut one, "userPrincipalName", &others);
        set(&mut other, "userPrincipalName", &own);
        self.put(one);
        self.put(other);
        Some(format!("{own} and {others} change places"))
    }

    /// Somebody gets a user principal name that is somebody else's.
    pub(crate) fn take_name(&mut self, dice: &mut Dice, name: &str) -> Option<String> {
        let who = self.somebody(dice, ObjectKind::User)?;
        if self
            .objects
            .values()
            .any(|one| user_name(one).as_deref() == Some(name))
        {
            return None;
        }
        let mut user = self.objects[&who].clone();
        set(&mut user, "userPrincipalName", name);
        let said = format!("{} takes the name {name}", user.dn);
        self.put(user);
        Some(said)
    }

    /// Whoever has one of these names gets a new one.
    pub(crate) fn give_up_names(&mut self, names: &BTreeSet<String>) {
        let holders: Vec<SourceObject> = self
            .objects
            .values()
            .filter(|one| user_name(one).is_some_and(|name| names.contains(&name)))
            .cloned()
            .collect();
        for mut user in holders {
            let name = format!("{}@{}", self.next_name('p'), self.domain);
            set(&mut user, "userPrincipalName", &name);
            self.put(user);
        }
    }

    pub(crate) fn user_names(&self) -> Vec<String> {
        self.objects.values().filter_map(user_name).collect()
    }

    pub(crate) fn anchor_of(&self, dn: &Dn) -> Option<SourceAnchor> {
        let mut objects = self.objects.values();
        objects
            .find(|object| object.dn == *dn)
            .map(|object| object.anchor.clone())
    }
}

fn set(object: &mut SourceObject, attribute: &str, value: &str) {
    object.attributes.set(attribute, vec![value.into()]);
}

pub(crate) fn user_name(object: &SourceObject) -> Option<String> {
    object
        .attributes
        .text("userPrincipalName")
        .map(str::to_owned)
}
