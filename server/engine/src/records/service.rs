//! What keeps the service as a whole from working.

use serde::{Deserialize, Serialize};

use crate::timestamp::Timestamp;

/// Something that keeps the service from working, whatever its configurations say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ServiceTrouble {
    /// Nothing can be stored, so nothing is synchronised.
    DiskFull { since: Timestamp },
    /// Mails do not leave, alarms among them.
    MailNotLeaving {
        /// How many of them.
        mails: u64,
        /// When the first of them was written.
        since: Timestamp,
        /// What the mail server, or the way to it, answered last.
        error: String,
    },
}
