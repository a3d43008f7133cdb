//! What the search of the top bar offers: pages by all their names, configurations, and objects of
//! the tenant.

use engine::configuration::ConfigurationId;
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use crate::{
    api::{
        self,
        search::{Found, Hit},
    },
    browser,
    components::{
        global_search::{GlobalSearch, SearchGroup, SearchHit},
        icon::Glyph,
    },
    routes::Route,
};

/// Somebody who types is not asked about at every letter.
const PAUSE_MILLISECONDS: u32 = 150;

/// Pages with the names that other generations of the portal gave them.
const PAGES: [(&str, &str, Route, Glyph); 11] = [
    (
        "Azure Active Directory",
        "Microsoft Entra ID, overview",
        Route::AzureActiveDirectory,
        Glyph::BuildingMultiple,
    ),
    (
        "Azure AD Connect",
        "Microsoft Entra Connect",
        Route::AzureAdConnect,
        Glyph::CloudSync,
    ),
    (
        "Azure AD Connect cloud sync",
        "Cloud sync, configurations",
        Route::CloudSync,
        Glyph::ArrowSyncCircle,
    ),
    (
        "New configuration",
        "Cloud sync",
        Route::NewConfiguration,
        Glyph::AddCircle,
    ),
    (
        "On-premises provisioning agents",
        "Agents",
        Route::Agents,
        Glyph::ServerMultiple,
    ),
    (
        "Provisioning logs",
        "Logs",
        Route::ProvisioningLogs,
        Glyph::DocumentBulletList,
    ),
    ("Audit logs", "Logs", Route::AuditLogs, Glyph::History),
    ("Users", "Tenant", Route::Users, Glyph::Person),
    ("Groups", "Tenant", Route::Groups, Glyph::PeopleTeam),
    (
        "On-premises directories",
        "Demo forests, LDAP",
        Route::Directories,
        Glyph::FolderPeople,
    ),
    (
        "Mailbox",
        "Notifications, mail, outbox",
        Route::Mailbox,
        Glyph::Mail,
    ),
];

#[component]
pub fn Search() -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(Found::default());
    let groups = Signal::derive(move || groups(&text.read(), &found.read()));
    let on_type = move |typed: String| {
        text.set(typed.clone());
        browser::after_milliseconds(PAUSE_MILLISECONDS, move || {
            if text.try_get_untracked().as_ref() == Some(&typed) {
                look_up(typed, text, found);
            }
        });
    };
    view! { <GlobalSearch action=Route::Users groups on_type/> }
}

fn look_up(typed: String, text: RwSignal<String>, found: RwSignal<Found>) {
    if typed.trim().is_empty() {
        found.set(Found::default());
        return;
    }
    spawn_local(async move {
        let answer = api::search::find(typed.trim().to_owned()).await;
        if let (Ok(answer), Some(now)) = (answer, text.try_get_untracked())
            && now == typed
        {
            found.set(answer);
        }
    });
}

fn groups(text: &str, found: &Found) -> Vec<SearchGroup> {
    let configuration = |id| Route::Configuration(ConfigurationId(id));
    // Pages are found at once and stay where they are; what the server finds comes below them.
    vec![
        SearchGroup {
            label: "Pages",
            hits: pages(text),
        },
        SearchGroup {
            label: "Configurations",
            hits: hits(&found.configurations, configuration, Glyph::ArrowSyncCircle),
        },
        SearchGroup {
            label: "Users",
            hits: hits(&found.users, Route::User, Glyph::Person),
        },
        SearchGroup {
            label: "Groups",
            hits: hits(&found.groups, Route::Group, Glyph::PeopleTeam),
        },
    ]
}

fn hits(found: &[Hit], route: fn(Uuid) -> Route, glyph: Glyph) -> Vec<SearchHit> {
    let hit = |found: &Hit| SearchHit {
        label: found.label.clone(),
        detail: found.detail.clone(),
        href: route(found.id).to_string(),
        glyph,
    };
    found.iter().map(hit).collect()
}

fn pages(text: &str) -> Vec<SearchHit> {
    let text = text.trim().to_lowercase();
    let fits = |(label, also, ..): &&(&str, &str, Route, Glyph)| {
        !text.is_empty()
            && (label.to_lowercase().contains(&text) || also.to_lowercase().contains(&text))
    };
    let hit = |(label, also, route, glyph): &(&str, &str, Route, Glyph)| SearchHit {
        label: (*label).to_owned(),
        detail: (*also).to_owned(),
        href: route.to_string(),
        glyph: *glyph,
    };
    PAGES.iter().filter(fits).take(6).map(hit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_the_name_of_either_generation() {
        let labels = |text: &str| {
            pages(text)
                .into_iter()
                .map(|hit| hit.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(labels("entra conn"), ["Azure AD Connect"]);
        assert_eq!(
            labels("azure ad connect"),
            ["Azure AD Connect", "Azure AD Connect cloud sync"]
        );
        assert!(labels(" ").is_empty());
    }
}
