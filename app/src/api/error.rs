//! The one error that server functions have, and how it reads at the edge.
//!
//! What a person can do something about arrives as a sentence. An internal error is logged here,
//! once, with a reference; the person sees only the reference.

use engine::configuration::draft::FieldError;
use leptos::server_fn::{
    Bytes, Decodes,
    codec::JsonEncoding,
    error::{FromServerFnError, IntoAppError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

use crate::browser;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ApiError {
    #[error("Sign in to go on.")]
    SignInRequired,
    #[error("{0}")]
    NotFound(String),
    /// Each message stands beside its field.
    #[error("{}", .0.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" "))]
    Invalid(Vec<FieldError>),
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    NotPermitted(String),
    #[error("{0}")]
    TooManyAttempts(String),
    /// A directory or target did not do what was asked of it.
    #[error("{0}")]
    Outside(String),
    /// The service cannot do anything of the kind at the moment.
    #[error("{0}")]
    Unavailable(String),
    #[error("The service reported an error. Your data is unchanged. Reference {reference}.")]
    Internal { reference: String },
    /// The request did not get through, or its answer was none of ours.
    #[error("The service did not answer. Your entries are kept; try again.")]
    NoAnswer,
}

impl ApiError {
    /// What is wrong with one field.
    pub fn of_field(&self, field: &str) -> Option<String> {
        match self {
            Self::Invalid(errors) => errors
                .iter()
                .find(|error| error.field == field)
                .map(|error| error.message.clone()),
            _ => None,
        }
    }

    /// What concerns no single field.
    pub fn of_whole_form(&self) -> Option<String> {
        match self {
            Self::Invalid(_) => None,
            other => Some(other.to_string()),
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        leptos::logging::debug_warn!("{error}");
        Self::NoAnswer
    }

    /// Each refusal that reaches the browser is read here, so this is where the portal hears that
    /// its reader is not signed in any more, whatever the page was asking for.
    fn de(answer: Bytes) -> Self {
        let error = Self::Encoder::decode(answer).unwrap_or_else(|error| {
            ServerFnErrorErr::Deserialization(error.to_string()).into_app_error()
        });
        if error == Self::SignInRequired {
            browser::tell_signed_out();
        }
        error
    }
}

/// Gives the page under way the status of a page that is missing.
pub fn answer_not_found() {
    #[cfg(feature = "ssr")]
    ApiError::NotFound(String::new()).set_status();
}

#[cfg(feature = "ssr")]
mod at_the_edge {
    use axum::http::StatusCode;
    use backend::{Backend, Error, admins::SignInError, service_health};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    use super::ApiError;
    use crate::api::caller::is_form_without_script;

    impl From<Error> for ApiError {
        fn from(error: Error) -> Self {
            let error = match error {
                Error::NotFound(thing) => Self::NotFound(format!("There is no such {thing}.")),
                Error::Invalid(errors) => Self::Invalid(errors),
                Error::Conflict(sentence) => Self::Conflict(sentence),
                Error::NotPermitted(sentence) => Self::NotPermitted(sentence),
                Error::Outside(sentence) => Self::Outside(sentence),
                Error::DiskFull => {
                    if let Some(backend) = use_context::<Backend>() {
                        service_health::note_failure(&backend, &error);
                    }
                    Self::Unavailable(error.to_string())
                }
                Error::Internal(source) => logged(source.as_ref()),
            };
            error.set_status();
            error
        }
    }

    impl From<SignInError> for ApiError {
        fn from(error: SignInError) -> Self {
            let sentence = error.to_string();
            let error = match error {
                SignInError::WrongCredentials => Self::NotPermitted(sentence),
                SignInError::TooManyAttempts { .. } => Self::TooManyAttempts(sentence),
                SignInError::Failed(error) => return error.into(),
            };
            error.set_status();
            error
        }
    }

    fn logged(source: &(dyn std::error::Error + 'static)) -> ApiError {
        let reference = use_context::<Backend>()
            .map(|backend| backend.new_id().to_string())
            .unwrap_or_default();
        tracing::error!(reference, error = source, "A request failed");
        ApiError::Internal { reference }
    }

    impl ApiError {
        /// Gives the answer under way the status that says the same. A form that was sent without
        /// a script leads back to its page, which shows the error: that is a redirect.
        pub(crate) fn set_status(&self) {
            if is_form_without_script() {
                return;
            }
            if let Some(response) = use_context::<ResponseOptions>() {
                response.set_status(self.status());
            }
        }

        fn status(&self) -> StatusCode {
            match self {
                Self::SignInRequired => StatusCode::UNAUTHORIZED,
                Self::NotFound(_) => StatusCode::NOT_FOUND,
                Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                Self::Conflict(_) => StatusCode::CONFLICT,
                Self::NotPermitted(_) => StatusCode::FORBIDDEN,
                Self::TooManyAttempts(_) => StatusCode::TOO_MANY_REQUESTS,
                Self::Outside(_) | Self::NoAnswer => StatusCode::BAD_GATEWAY,
                Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
                Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
    }
}
