//! Where forms go on that were sent without a script, as far as a route does not say it alone.

use backend::Backend;
use engine::{
    configuration::ConfigurationId,
    directory::{ObjectGuid, ObjectKind},
    forest::Forest,
};
use secrecy::{ExposeSecret, SecretString};

use crate::routes::Route;

/// The link that lets one more person in.
pub(in crate::api) fn invitation(backend: &Backend, token: &SecretString) -> String {
    let portal = backend.settings.portal_url.trim_end_matches('/');
    let page = Route::SignIn.with("invitation", token.expose_secret());
    format!("{portal}{page}")
}

/// The mappings, telling that they were saved.
pub(in crate::api) fn saved_mappings(id: ConfigurationId, kind: ObjectKind) -> String {
    let page = Route::AttributeMappings(id).with("kind", kind);
    format!("{page}&notice=schema-saved")
}

/// Where the forest, or one of its entries, is shown.
pub(in crate::api) fn in_forest(forest: Forest, entry: Option<ObjectGuid>) -> String {
    let page = Route::Directory(backend::directories::id_of_forest(forest));
    match entry {
        Some(entry) => page.with("entry", entry),
        None => page.to_string(),
    }
}
