//! What can go wrong, by what the caller does next.

use engine::configuration::draft::FieldError;

use crate::database;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The named thing does not exist (any more).
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// What was typed cannot be stored; each message stands beside its field.
    #[error("{}", .0.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" "))]
    Invalid(Vec<FieldError>),
    /// It does not fit what is there now, for example because somebody else was faster.
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    NotPermitted(String),
    /// A directory or target did not do what was asked of it; the sentence is for people.
    #[error("{0}")]
    Outside(String),
    /// There is no room for what was to be stored. Nothing of it was.
    #[error(
        "The disk that holds the database is full, so nothing was stored. Free some space: \
         everything goes on by itself."
    )]
    DiskFull,
    /// Nobody can choose by this; it is logged once, at the edge.
    #[error("{0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One field's error.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match database::is_disk_full(&error) {
            true => Self::DiskFull,
            false => Self::internal(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
