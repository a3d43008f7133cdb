//! What the pages of users, groups and contacts have in common: the list, the page of one object,
//! and how it is named and linked to.

pub mod attributes;
pub mod list;
pub mod object;
pub mod provisioning_link;
pub mod sign_in;

use engine::{directory::ObjectKind, records::TenantObjectSummary, tenant::TenantObjectId};
use leptos::prelude::*;

use crate::{
    components::{
        data_grid::{Cell, Column, ColumnRoom, Row, RowHeader},
        icon::Glyph,
        status_badge::{Badge, StatusBadge, Tone},
    },
    pages::frame::label,
    routes::Route,
};

/// The words, the drawing and the addresses of a kind of object.
#[derive(Clone, Copy)]
pub struct KindWords {
    /// `Users`, as the page is called.
    pub page: &'static str,
    /// As one row is called, and several.
    pub noun: [&'static str; 2],
    /// `User`, as the subtitle begins.
    pub title: &'static str,
    pub glyph: Glyph,
    pub list: Route,
}

pub fn words(kind: ObjectKind) -> KindWords {
    match kind {
        ObjectKind::User => KindWords {
            page: label::USERS,
            noun: ["user", "users"],
            title: "User",
            glyph: Glyph::Person,
            list: Route::Users,
        },
        ObjectKind::Group => KindWords {
            page: label::GROUPS,
            noun: ["group", "groups"],
            title: "Group",
            glyph: Glyph::PeopleTeam,
            list: Route::Groups,
        },
        ObjectKind::Contact => KindWords {
            page: label::CONTACTS,
            noun: ["contact", "contacts"],
            title: "Contact",
            glyph: Glyph::ContactCard,
            list: Route::Contacts,
        },
    }
}

/// The page of one object.
pub fn page_of(kind: ObjectKind, id: TenantObjectId) -> Route {
    match kind {
        ObjectKind::User => Route::User(id),
        ObjectKind::Group => Route::Group(id),
        ObjectKind::Contact => Route::Contact(id),
    }
}

/// A link to an object, by its name.
pub fn link(object: &TenantObjectSummary) -> impl IntoView + use<> {
    let href = page_of(object.kind, object.id).to_string();
    view! { <a href=href>{name(object)}</a> }
}

/// What to call an object; some directories have people without a name.
pub fn name(object: &TenantObjectSummary) -> String {
    let name = object.display_name.trim();
    if name.is_empty() {
        "(no name)".to_owned()
    } else {
        name.to_owned()
    }
}

/// Whether somebody may sign in.
pub fn account_badge(is_enabled: bool) -> Badge {
    if is_enabled {
        Badge::new("Enabled", Glyph::CheckmarkCircleFilled, Tone::Good)
    } else {
        Badge::new("Disabled", Glyph::CircleOff, Tone::Off)
    }
}

/// The columns of [`mixed_row`].
pub fn mixed_columns() -> Vec<Column> {
    vec![
        Column::new("Name"),
        Column::new("Type"),
        Column::new("User principal name or mail").hidden_when_narrow(),
        Column::new("Account").hidden_when_medium(),
    ]
}

/// A row of a list of several kinds: members, groups that somebody is a member of.
pub fn mixed_row(object: TenantObjectSummary) -> AnyView {
    let (link, title) = (link(&object), words(object.kind).title);
    let account = object.account_enabled.map(account_badge);
    let address = object.user_principal_name.or(object.mail);
    view! {
        <Row>
            <RowHeader>{link}</RowHeader>
            <Cell>{title}</Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow>{address}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium>
                {account.map(|badge| view! { <StatusBadge badge/> })}
            </Cell>
        </Row>
    }
    .into_any()
}
