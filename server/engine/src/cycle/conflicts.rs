//! Names that only one object of the tenant may have, and what happens when two want the same.
//!
//! The tenant writes the object all the same: a user principal name that somebody else has becomes
//! a placeholder, an address that somebody else has is left out. Both are remembered and put in
//! place once they are free (duplicate attribute resiliency; behaviour of the original, 3.6).

use super::{
    error_code::ErrorCode,
    mapped::Mapped,
    matching::{MatchingNames, smtp_address},
    plan::Failure,
};
use crate::{
    configuration::schema::{PROXY_ADDRESSES, USER_PRINCIPAL_NAME},
    directory::{AttributeName, SourceAnchor},
    tenant::{HeldBack, TenantFeatures, TenantObject, TenantObjectId},
};

/// A name with its kind, in the form in which it compares and is stored: `upn:…`, `smtp:…`.
pub fn user_principal_name_key(name: &str) -> String {
    format!("upn:{}", name.to_lowercase())
}

/// See [`user_principal_name_key`].
pub fn address_key(address: &str) -> String {
    format!("smtp:{}", address.to_lowercase())
}

/// Every name that an object takes, by its key.
pub fn keys(names: &MatchingNames) -> Vec<String> {
    let name = names
        .user_principal_name
        .iter()
        .map(|name| user_principal_name_key(name));
    let addresses = names.addresses.iter().map(|address| address_key(address));
    name.chain(addresses).collect()
}

/// Who has which name: in the tenant, and in the plan so far.
#[derive(Clone, Copy)]
pub struct Holders<'a> {
    /// Tenant objects with one of the object's names.
    pub candidates: &'a [&'a TenantObject],
    /// Whether another object of the same plan takes the name of this key.
    pub is_claimed: &'a dyn Fn(&str) -> bool,
    /// Whether the same plan takes the name of this key away from the tenant object.
    pub gives_up: &'a dyn Fn(TenantObjectId, &str) -> bool,
}

/// What came of the conflicts of one object.
#[derive(Debug, Default)]
pub struct Resolved {
    pub held_back: Vec<HeldBack>,
    /// Tenant objects that give a name up for this object in the same plan.
    pub takes_names_from: Vec<TenantObjectId>,
}

/// Who the object is, for a conflict.
#[derive(Clone, Copy)]
pub struct Claimant<'a> {
    pub anchor: &'a SourceAnchor,
    /// The tenant object that it is or becomes; none for a new one.
    pub own: Option<&'a TenantObject>,
    /// The domain of placeholders.
    pub initial_domain: &'a str,
    pub features: &'a TenantFeatures,
}

enum Holder {
    Nobody,
    GivesUp(TenantObjectId),
    Somebody,
}

/// Replaces or removes the values of `mapped` that somebody else has.
pub fn resolve(
    mapped: &mut Mapped,
    claimant: Claimant<'_>,
    holders: Holders<'_>,
) -> Result<Resolved, Failure> {
    let mut resolved = Resolved::default();
    resolve_user_principal_name(mapped, claimant, holders, &mut resolved)?;
    resolve_addresses(mapped, claimant, holders, &mut resolved)?;
    Ok(resolved)
}

fn resolve_user_principal_name(
    mapped: &mut Mapped,
    claimant: Claimant<'_>,
    holders: Holders<'_>,
    resolved: &mut Resolved,
) -> Result<(), Failure> {
    let Some(wanted) = mapped.text(USER_PRINCIPAL_NAME).map(str::to_owned) else {
        return Ok(());
    };
    match holders.of(&user_principal_name_key(&wanted), claimant) {
        Holder::Nobody => return Ok(()),
        Holder::GivesUp(holder) => {
            resolved.takes_names_from.push(holder);
            return Ok(());
        }
        Holder::Somebody => {}
    }
    if !claimant.features.quarantine_user_principal_name_on_conflict {
        return Err(taken("the user principal name", &wanted));
    }
    let current = claimant
        .own
        .filter(|own| !own.is_deleted)
        .and_then(|own| own.attributes.text(USER_PRINCIPAL_NAME))
        // It may be promised to somebody already, because this object was to give it up.
        .filter(|current| !(holders.is_claimed)(&user_principal_name_key(current)));
    let instead = current.map_or_else(
        || placeholder(&wanted, claimant.initial_domain, number_of(claimant.anchor)),
        str::to_owned,
    );
    mapped.replace(USER_PRINCIPAL_NAME, vec![instead.into()]);
    resolved.held_back.push(HeldBack {
        attribute: AttributeName::new(USER_PRINCIPAL_NAME),
        value: wanted,
    });
    Ok(())
}

fn resolve_addresses(
    mapped: &mut Mapped,
    claimant: Claimant<'_>,
    holders: Holders<'_>,
    resolved: &mut Resolved,
) -> Result<(), Failure> {
    let values = mapped.values(PROXY_ADDRESSES).to_vec();
    let (mut kept, before) = (Vec::new(), values.len());
    for value in values {
        let Some(address) = smtp_address(&value) else {
            kept.push(value);
            continue;
        };
        match holders.of(&address_key(&address), claimant) {
            Holder::Nobody => kept.push(value),
            Holder::GivesUp(holder) => {
                resolved.takes_names_from.push(holder);
                kept.push(value);
            }
            Holder::Somebody if claimant.features.quarantine_proxy_addresses_on_conflict => {
                resolved.held_back.push(HeldBack {
                    attribute: AttributeName::new(PROXY_ADDRESSES),
                    value: value.to_string(),
                });
            }
            Holder::Somebody => return Err(taken("the address", &address)),
        }
    }
    if kept.len() < before {
        mapped.replace(PROXY_ADDRESSES, kept);
    }
    Ok(())
}

fn taken(what: &str, value: &str) -> Failure {
    Failure::new(
        ErrorCode::AttributeValueMustBeUnique,
        format!("Another object of the tenant or of the directory has {what} {value} already."),
    )
}

impl Holders<'_> {
    fn of(self, key: &str, claimant: Claimant<'_>) -> Holder {
        if (self.is_claimed)(key) {
            return Holder::Somebody;
        }
        let own = claimant.own.map(|own| own.id);
        let holder = self.candidates.iter().find(|other| {
            Some(other.id) != own
                && !other.is_deleted
                && keys(&MatchingNames::of_tenant_object(
                    other.kind,
                    &other.attributes,
                ))
                .iter()
                .any(|theirs| theirs == key)
        });
        match holder {
            None => Holder::Nobody,
            Some(holder) if (self.gives_up)(holder.id, key) => Holder::GivesUp(holder.id),
            Some(_) => Holder::Somebody,
        }
    }
}

/// For example `anna+4821@contoso.onmicrosoft.test`.
pub fn placeholder(wanted: &str, initial_domain: &str, number: u16) -> String {
    let prefix = wanted.split('@').next().unwrap_or_default();
    let prefix: String = prefix.chars().take(59).collect();
    format!("{prefix}+{:04}@{initial_domain}", number % 10_000)
}

/// The digits of an object's placeholder: the same in every cycle.
pub fn number_of(anchor: &SourceAnchor) -> u16 {
    let digest = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, anchor.as_str().as_bytes());
    u16::from_be_bytes([digest.as_bytes()[0], digest.as_bytes()[1]]) % 10_000
}

/// What the log says of values that were held back.
pub fn explanation(held_back: &[HeldBack]) -> String {
    let values: Vec<String> = held_back
        .iter()
        .map(|one| format!("{} {}", one.attribute, one.value))
        .collect();
    format!(
        "Another object has {} already; it follows by itself once it is free.",
        values.join(", ")
    )
}

/// Whether a value in `mapped` is free for the taking of a cloud-only object by name.
pub(super) fn without_claimed(
    names: &MatchingNames,
    is_claimed: &dyn Fn(&str) -> bool,
) -> MatchingNames {
    let free = |key: String| !is_claimed(&key);
    MatchingNames {
        user_principal_name: names
            .user_principal_name
            .clone()
            .filter(|name| free(user_principal_name_key(name))),
        primary_address: names
            .primary_address
            .clone()
            .filter(|address| free(address_key(address))),
        addresses: names.addresses.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_keeps_the_prefix_and_is_the_same_every_time() {
        let anchor = SourceAnchor::from_stored("anna");
        let name = || placeholder("anna@contoso.test", "contoso.test", number_of(&anchor));
        assert_eq!(name(), name());
        assert!(name().starts_with("anna+") && name().ends_with("@contoso.test"));
        assert_eq!(placeholder("a@b", "c.test", 7), "a+0007@c.test");
    }
}
