//! Changing a demo forest: everything a person can do to an entry.
//!
//! Each act is one transaction: the rows, their change numbers and the audit entry, or nothing.
//! What names the changed entries counts as changed with them, because its values are other names
//! now.

mod transaction;

use engine::{
    configuration::draft::FieldError,
    directory::{Attributes, Dn, ObjectGuid},
    forest::{
        EntryClass, Forest,
        draft::{
            self, ACCOUNT_NAME, GroupDraft, MEMBER, NAME, NewEntry, OrganizationalUnitDraft,
            PersonDraft, USER_PRINCIPAL_NAME,
        },
        editable::{self, ChangeDraft},
    },
};

use secrecy::SecretString;

use self::transaction::{Applied, Edit};
use super::{
    formats, passwords,
    store::{self, Entry, Reference},
};
use crate::{Actor, Backend, Error, Result};

/// Adds a person with an enabled account.
pub async fn add_person(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    draft: &PersonDraft,
) -> Result<ObjectGuid> {
    actor.may_change()?;
    let mut person = draft.validate(forest).map_err(Error::Invalid)?;
    let password_set = formats::file_time(backend.now().to_date_time());
    for (name, value) in [
        ("userAccountControl", formats::ENABLED),
        ("accountExpires", formats::NEVER),
        ("primaryGroupID", "513"),
        ("pwdLastSet", &password_set),
    ] {
        person.attributes.set(name, vec![value.into()]);
    }
    add(backend, actor, forest, EntryClass::User, person).await
}

/// Adds a group without members.
pub async fn add_group(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    draft: &GroupDraft,
) -> Result<ObjectGuid> {
    actor.may_change()?;
    let group = draft.validate(forest).map_err(Error::Invalid)?;
    add(backend, actor, forest, EntryClass::Group, group).await
}

pub async fn add_organizational_unit(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    draft: &OrganizationalUnitDraft,
) -> Result<ObjectGuid> {
    actor.may_change()?;
    let unit = draft.validate(forest).map_err(Error::Invalid)?;
    add(backend, actor, forest, EntryClass::OrganizationalUnit, unit).await
}

async fn add(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    class: EntryClass,
    new: NewEntry,
) -> Result<ObjectGuid> {
    let mut edit = Edit::begin(backend, forest).await?;
    let container = edit.container(&new.container).await?;
    let mut errors = Vec::new();
    let dn = child_of(&container, class, &new.name)?;
    if edit.is_taken(&dn).await? {
        errors.push(FieldError::new(NAME, format!("{dn} exists already.")));
    }
    let fields = [
        ("sAMAccountName", ACCOUNT_NAME),
        ("userPrincipalName", USER_PRINCIPAL_NAME),
    ];
    errors.extend(edit.taken_names(&new.attributes, None, &fields).await?);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let entry = edit.new_entry(class, &container, dn, new.attributes);
    let (id, name) = (entry.id, entry.dn.to_string());
    edit.put(vec![entry]).await?;
    let detail = format!("Added a {}.", class.label().to_lowercase());
    edit.finish(actor, &name, &detail).await?;
    Ok(id)
}

fn child_of(container: &Entry, class: EntryClass, name: &str) -> Result<Dn> {
    container
        .dn
        .child(class.naming_attribute(), name)
        .map_err(|error| Error::field(NAME, error.to_string()))
}

/// Gives attributes new values; those that the draft does not name, or names as they are, stay.
pub async fn change_attributes(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    id: ObjectGuid,
    draft: &ChangeDraft,
) -> Result<()> {
    actor.may_change()?;
    let mut edit = Edit::begin(backend, forest).await?;
    let mut entry = edit.changeable(id).await?;
    let changes = editable::validate(entry.class, draft).map_err(Error::Invalid)?;
    let (mut changed, mut errors) = (Vec::new(), Vec::new());
    for change in changes {
        let name = change.name().to_string();
        match edit.apply(&mut entry, change).await? {
            Applied::Changed => changed.push(name),
            Applied::Same => {}
            Applied::Refused(message) => errors.push(FieldError::new(&name, message)),
        }
    }
    let unique = ["sAMAccountName", "userPrincipalName"].map(|name| (name, name));
    errors.extend(
        edit.taken_names(&entry.attributes, Some(id), &unique)
            .await?,
    );
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    if changed.is_empty() {
        return Ok(());
    }
    let name = entry.dn.to_string();
    edit.put(vec![entry]).await?;
    let detail = format!("Changed {}.", changed.join(", "));
    edit.finish(actor, &name, &detail).await
}

/// Moves an entry, with everything below it, to another container.
pub async fn move_to(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    id: ObjectGuid,
    container: &str,
) -> Result<()> {
    actor.may_change()?;
    let container =
        draft::container(container, forest).map_err(|error| Error::Invalid(vec![error]))?;
    let mut edit = Edit::begin(backend, forest).await?;
    let entry = edit.changeable(id).await?;
    let container = edit.container(&container).await?;
    if container.dn.is_under(&entry.dn) {
        let message = "An organizational unit cannot be moved into itself.";
        return Err(Error::field(draft::CONTAINER, message));
    }
    let dn = child_of(&container, entry.class, &entry.dn.name())?;
    if edit.is_taken(&dn).await? {
        let message = format!("{} has an entry of this name already.", container.dn);
        return Err(Error::field(draft::CONTAINER, message));
    }
    let from = entry.dn.to_string();
    let count = edit.relocate(entry, Some(container.id), dn).await?;
    let detail = format!("Moved to {}{}.", container.dn, with_others(count));
    edit.finish(actor, &from, &detail).await
}

/// Gives an entry another name within its container.
pub async fn rename(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    id: ObjectGuid,
    name: &str,
) -> Result<()> {
    actor.may_change()?;
    let name = draft::entry_name(NAME, name).map_err(|error| Error::Invalid(vec![error]))?;
    let mut edit = Edit::begin(backend, forest).await?;
    let mut entry = edit.changeable(id).await?;
    let parent = entry.dn.parent().ok_or(Error::NotFound("container"))?;
    let dn = parent
        .child(entry.class.naming_attribute(), &name)
        .map_err(|error| Error::field(NAME, error.to_string()))?;
    if dn != entry.dn && edit.is_taken(&dn).await? {
        return Err(Error::field(NAME, format!("{dn} exists already.")));
    }
    let from = entry.dn.to_string();
    transaction::set_name(&mut entry, &name);
    let parent = entry.parent;
    let count = edit.relocate(entry, parent, dn).await?;
    let detail = format!("Renamed to {name}{}.", with_others(count));
    edit.finish(actor, &from, &detail).await
}

/// " with 60 entries below it".
fn with_others(count: usize) -> String {
    match count.saturating_sub(1) {
        0 => String::new(),
        1 => " with the entry below it".to_owned(),
        others => format!(" with {others} entries below it"),
    }
}

/// Switches an account on or off.
pub async fn set_account_enabled(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    id: ObjectGuid,
    enabled: bool,
) -> Result<()> {
    actor.may_change()?;
    let mut edit = Edit::begin(backend, forest).await?;
    let mut entry = edit.changeable(id).await?;
    let Some(flags) = entry.attributes.text("userAccountControl") else {
        return Err(Error::Conflict("This entry has no account.".to_owned()));
    };
    let flags = formats::with_enabled(flags, enabled);
    entry
        .attributes
        .set("userAccountControl", vec![flags.into()]);
    let name = entry.dn.to_string();
    edit.put(vec![entry]).await?;
    let detail = if enabled {
        "Enabled the account."
    } else {
        "Disabled the account."
    };
    edit.finish(actor, &name, detail).await
}

/// Sets the password of a person. With `must_change` it holds until the next sign-in only, where the
/// person has to choose another one.
pub async fn set_password(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    id: ObjectGuid,
    password: &SecretString,
    must_change: bool,
) -> Result<()> {
    actor.may_change()?;
    passwords::check(password).map_err(|error| Error::Invalid(vec![error]))?;
    let mut edit = Edit::begin(backend, forest).await?;
    let mut entry = edit.changeable(id).await?;
    if entry.class != EntryClass::User {
        return Err(Error::Conflict("This entry has no account.".to_owned()));
    }
    let set_at = match must_change {
        true => formats::MUST_CHANGE.to_owned(),
        false => formats::file_time(backend.now().to_date_time()),
    };
    entry.attributes.set("pwdLastSet", vec![set_at.into()]);
    let name = entry.dn.to_string();
    passwords::put_one(backend, &mut edit.write, id, password).await?;
    edit.put(vec![entry]).await?;
    let detail = match must_change {
        true => "Set a password that must be changed at the next sign-in.",
        false => "Set a password.",
    };
    edit.finish(actor, &name, detail).await
}

/// Deletes an entry with everything below it; says how many entries went.
pub async fn delete(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    id: ObjectGuid,
) -> Result<usize> {
    actor.may_change()?;
    let mut edit = Edit::begin(backend, forest).await?;
    let entry = edit.changeable(id).await?;
    let name = entry.dn.to_string();
    let count = edit.delete(&entry).await?;
    let detail = format!("Deleted{}.", with_others(count));
    edit.finish(actor, &name, &detail).await?;
    Ok(count)
}

/// Adds members to a group. Each is named by distinguished name, user principal name, account name
/// or mail address.
pub async fn add_members(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    group: ObjectGuid,
    names: &[String],
) -> Result<()> {
    actor.may_change()?;
    let mut edit = Edit::begin(backend, forest).await?;
    let group = edit.group(group).await?;
    let (mut references, mut errors) = (Vec::new(), Vec::new());
    for name in names
        .iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
    {
        match edit.member(&group, name).await? {
            Ok(target) => references.push(Reference {
                owner: group.id,
                attribute: "member".to_owned(),
                target,
            }),
            Err(message) => errors.push(FieldError::new(MEMBER, message)),
        }
    }
    if references.is_empty() && errors.is_empty() {
        errors.push(FieldError::new(MEMBER, "Enter the name of a member."));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let name = group.dn.to_string();
    let detail = format!("Added {}.", members(references.len()));
    store::put_references(&mut edit.write, &references).await?;
    edit.put(vec![group]).await?;
    edit.finish(actor, &name, &detail).await
}

/// Takes members out of a group; who is none is passed over.
pub async fn remove_members(
    backend: &Backend,
    actor: &Actor,
    forest: Forest,
    group: ObjectGuid,
    members_to_remove: &[ObjectGuid],
) -> Result<()> {
    actor.may_change()?;
    let mut edit = Edit::begin(backend, forest).await?;
    let group = edit.group(group).await?;
    let targets = Some(members_to_remove).filter(|targets| !targets.is_empty());
    let removed = match targets {
        Some(_) => store::remove_references(&mut edit.write, group.id, "member", targets).await?,
        None => 0,
    };
    if removed == 0 {
        return Ok(());
    }
    let name = group.dn.to_string();
    edit.put(vec![group]).await?;
    let count = usize::try_from(removed).unwrap_or(usize::MAX);
    edit.finish(actor, &name, &format!("Removed {}.", members(count)))
        .await
}

fn members(count: usize) -> String {
    match count {
        1 => "1 member".to_owned(),
        _ => format!("{count} members"),
    }
}

/// Which of an entry's names somebody else has: `(attribute, field)` says where to look and where
/// to say so.
type UniqueNames<'a> = [(&'a str, &'a str)];

impl Edit<'_> {
    async fn taken_names(
        &mut self,
        attributes: &Attributes,
        own: Option<ObjectGuid>,
        names: &UniqueNames<'_>,
    ) -> Result<Vec<FieldError>> {
        let mut errors = Vec::new();
        for (attribute, field) in names {
            let Some(value) = attributes.text(attribute) else {
                continue;
            };
            let holder = self.holder(attribute, value).await?;
            if let Some(holder) = holder.filter(|holder| Some(holder.id) != own) {
                let message = format!("{} has this name already.", holder.dn);
                errors.push(FieldError::new(field, message));
            }
        }
        Ok(errors)
    }
}
