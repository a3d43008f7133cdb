//! The portal: what people see and click. The server renders it, the browser takes it over.
//!
//! In reading order: [`shell`] (the document around everything, server only), [`root`] (what every
//! page has), [`routes`] (every address once), [`pages`] (a page's path on disk is its address),
//! [`components`] (properties in, events out; no server function, no address of the portal),
//! [`api`] (server functions), [`live`] (what keeps pages up to date), [`list_address`] (what the
//! address of a list says), [`permission`] (who may change things), [`preferences`] (what a reader switched),
//! [`skin`] (the two generations of words),
//! [`wording`] (dates, counts and states as people read them),
//! [`browser`] (the only file that talks to the browser).
//!
//! Nothing here decides; decisions are `engine`'s, and the server's doings are `backend`'s, which
//! this crate sees only when it is compiled for the server.

pub mod api;
pub mod browser;
pub mod components;
pub mod list_address;
pub mod live;
pub mod pages;
pub mod permission;
pub mod preferences;
pub mod root;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod session_cookie;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod shown_once;
pub mod skin;
pub mod wording;
