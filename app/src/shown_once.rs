//! The cookie that brings a secret from the form that made it to the one page that shows it, where
//! no script does that. It travels to the settings only, and the page that shows it takes it away.

use axum::http::{HeaderMap, HeaderValue, header};
use backend::Backend;
use secrecy::{ExposeSecret, SecretString};

/// What is shown once. Its word is the cookie's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    AccessToken,
    Invitation,
}

impl Secret {
    fn cookie_name(self) -> &'static str {
        match self {
            Self::AccessToken => "cloud_sync_new_token",
            Self::Invitation => "cloud_sync_new_invitation",
        }
    }

    /// What the form left for this page, if anything.
    pub fn brought_by(self, headers: &HeaderMap) -> Option<SecretString> {
        let cookies = headers.get_all(header::COOKIE).iter();
        let pairs = cookies
            .filter_map(|cookies| cookies.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='));
        let mut own =
            pairs.filter(|(name, value)| *name == self.cookie_name() && !value.is_empty());
        own.next()
            .map(|(_, value)| SecretString::from(value.to_owned()))
    }

    /// For the answer to the form: the page has a minute to show it.
    pub fn bring(self, backend: &Backend, text: &SecretString) -> Option<HeaderValue> {
        self.cookie(backend, text.expose_secret(), 60)
    }

    /// For the answer that shows it.
    pub fn take_away(self, backend: &Backend) -> Option<HeaderValue> {
        self.cookie(backend, "", 0)
    }

    fn cookie(self, backend: &Backend, text: &str, seconds: u32) -> Option<HeaderValue> {
        let (name, secure) = (
            self.cookie_name(),
            if backend.settings.behind_https {
                "; Secure"
            } else {
                ""
            },
        );
        let cookie = format!(
            "{name}={text}; Path=/settings; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
        );
        let mut value = HeaderValue::try_from(cookie).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}
