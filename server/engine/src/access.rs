//! Who may use the portal, as its settings show it: people, invitations, access tokens.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{records::Role, timestamp::Timestamp};

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub id: Uuid,
    pub display_name: String,
    pub email: String,
    pub role: Role,
    /// Signed in by the demo itself; can be neither changed nor removed.
    pub is_demo: bool,
    /// Whoever asked.
    pub is_you: bool,
    pub created_at: Timestamp,
    /// As far as a session tells that has not ended yet.
    pub last_seen_at: Option<Timestamp>,
}

/// A link that nobody has followed yet. The link itself is known to whoever made it only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub id: Uuid,
    pub role: Role,
    /// Who made it.
    pub invited_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// All who may come in, now or soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PeopleAndInvitations {
    pub people: Vec<Person>,
    pub invitations: Vec<Invitation>,
}

/// By which a program acts for the person who made it. The token itself was shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessToken {
    pub id: Uuid,
    pub name: String,
    /// The email address of the person.
    pub owner: String,
    /// What it may do; never more than its owner.
    pub role: Role,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub is_expired: bool,
}

/// What somebody types who makes a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessTokenDraft {
    pub name: String,
    pub role: Role,
    pub days: u32,
}

/// For how many days a token can be valid.
pub const TOKEN_LIFETIMES_IN_DAYS: [u32; 4] = [7, 30, 90, 365];
