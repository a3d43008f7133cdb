//! The page of one user, group or contact: who it is, where it comes from, every attribute, and
//! the groups and members around it.

use engine::{
    directory::{AttributeValue, Attributes, ObjectGuid, ObjectKind},
    records::{self, DirectoryKind, TenantObjectDetails, TenantObjectSource, TenantObjectSummary},
    tenant::TenantObjectId,
};
use leptos::prelude::*;

use super::{
    account_badge,
    attributes::{AttributeTable, SourceTable},
    link, mixed_columns, mixed_row, name, page_of,
    provisioning_link::ProvisioningLink,
    sign_in::SignInForm,
    words,
};
use crate::{
    api::{self, ApiError, resource::resource, tenant::Restore},
    components::{
        breadcrumb::Crumb,
        button::Button,
        command_bar::Command,
        copy_button::CopyButton,
        empty_state::EmptyState,
        essentials::{Essentials, Fact},
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        moment::Moment,
        page::Page,
        status_badge::StatusBadge,
        tabs::{Tab, Tabs},
    },
    list_address::ListAddress,
    live::{self, keep_fresh},
    pages::{
        frame::{self, label},
        loading::{id_in_address, page_for},
        paged_list::{Looks, PagedList, Rows},
    },
    routes::Route,
    wording::number,
};

const TAB: &str = "tab";
const MEMBERS: &str = "members";
const MEMBER_OF: &str = "member-of";
const SOURCE: &str = "source";
const PANEL: &str = "object-panel";

type Loaded = (TenantObjectDetails, Option<TenantObjectSource>);

/// The page of the object that the address names.
#[component]
pub fn ObjectPage() -> impl IntoView {
    page_for(id_in_address(), load, page)
}

async fn load(id: Option<TenantObjectId>) -> Result<Loaded, ApiError> {
    match id {
        Some(id) => api::tenant::object(id).await,
        None => Err(ApiError::NotFound("There is no such object.".to_owned())),
    }
}

fn page(loaded: Loaded) -> impl IntoView {
    let summary = loaded.0.summary.clone();
    let id = summary.id;
    let latest = RwSignal::new(loaded);
    keep_fresh(latest, move || api::tenant::object(id));
    // Changes only where something that is shown changed.
    let object = Memo::new(move |_| latest.get());
    let words = words(summary.kind);
    let can_sign_in = summary.kind == ObjectKind::User && summary.deleted_at.is_none();
    let menu = match summary.deleted_at {
        Some(_) => label::DELETED_USERS,
        None => words.page,
    };
    view! {
        <Page
            title=name(&summary).as_str()
            subtitle=subtitle(&summary)
            glyph=words.glyph
            above=above(summary.kind)
            menu=frame::tenant_menu(menu)
            commands=commands(&summary)
        >
            {move || object.with(|(details, _)| {
                details.summary.deleted_at.is_some().then(|| view! { <Deleted id/> })
            })}
            {move || facts(object.get())}
            {can_sign_in.then(|| view! { <SignInForm id address=ListAddress::of(page_of(summary.kind, id))/> })}
            <Parts kind=summary.kind id object/>
            <ProvisioningLink details=object.with_untracked(|(details, _)| details.clone())/>
        </Page>
    }
}

fn subtitle(summary: &TenantObjectSummary) -> String {
    let title = words(summary.kind).title;
    match &summary.user_principal_name {
        Some(name) => format!("{title} · {name}"),
        None => title.to_owned(),
    }
}

fn above(kind: ObjectKind) -> Vec<Crumb> {
    let words = words(kind);
    let mut above = frame::azure_active_directory();
    above.push(Crumb::new(words.page, words.list));
    above
}

fn commands(summary: &TenantObjectSummary) -> Vec<Command> {
    let logs = Route::ProvisioningLogs;
    let logs = format!("{logs}?identity={}&range=30d", summary.id);
    vec![
        Command::go("Provisioning logs", Glyph::DocumentBulletList, logs),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()).after_line(),
    ]
}

/// What becomes of a user in the recycle bin.
#[component]
fn Deleted(id: TenantObjectId) -> impl IntoView {
    let restore = ServerAction::<Restore>::new();
    let refresh = live::refresh();
    Effect::new(move || {
        if let Some(Ok(())) = restore.value().get() {
            refresh.run(());
        }
    });
    let text = Signal::derive(move || match restore.value().get() {
        Some(Err(error)) => error.to_string(),
        _ => "The user lies in the recycle bin and can be restored as it was.".to_owned(),
    });
    view! {
        <ActionForm action=restore>
            <input type="hidden" name="id" value=id.to_string()/>
            <MessageBar id="deleted" severity=Severity::Warning start="Deleted." text>
                <Button label="Restore" small=true/>
            </MessageBar>
        </ActionForm>
    }
}

/// Identity at the left, state at the right.
fn facts((details, source): Loaded) -> impl IntoView {
    let TenantObjectDetails {
        summary,
        source_anchor,
        managed_by,
        managed_by_domain,
        manager,
        created_at,
        changed_at,
        ..
    } = details;
    let id = summary.id.to_string();
    let configuration = managed_by.zip(managed_by_domain).map(|(id, domain)| {
        view! { <a href=Route::Configuration(id).to_string()>{domain.to_string()}</a> }
    });
    let account = summary.account_enabled.map(account_badge);
    let origin = origin(&summary, source.as_ref());
    let manager = manager.as_ref().map(link);
    let moment = |at| view! { <Moment at/> };
    let (deleted, purged) = (summary.deleted_at.map(moment), summary.purge_at.map(moment));
    let dn = source.as_ref().map(|source| source.dn.to_string());
    view! {
        <Essentials>
            <Fact name="Object ID">
                <span class="monospace">{id.clone()}</span>
                <CopyButton what="object ID" text=id/>
            </Fact>
            <Fact name="Source">{origin}</Fact>
            {source_anchor.map(|anchor| view! {
                <Fact name="Source anchor">
                    <span class="monospace">{anchor.to_string()}</span>
                    <CopyButton what="source anchor" text=anchor.to_string()/>
                </Fact>
            })}
            {configuration.map(|link| view! { <Fact name="Configuration">{link}</Fact> })}
            {dn.map(|dn| view! {
                <Fact name="On-premises name"><span class="monospace">{dn}</span></Fact>
            })}
            {account.map(|badge| view! { <Fact name="Account"><StatusBadge badge/></Fact> })}
            {summary.mail.map(|mail| view! { <Fact name="Mail">{mail}</Fact> })}
            {manager.map(|link| view! { <Fact name="Manager">{link}</Fact> })}
            <Fact name="Created"><Moment at=created_at/></Fact>
            <Fact name="Changed"><Moment at=changed_at/></Fact>
            {deleted.map(|at| view! { <Fact name="Deleted">{at}</Fact> })}
            {purged.map(|at| view! { <Fact name="Removed for good">{at}</Fact> })}
        </Essentials>
    }
}

/// The directory that has the object, as a link to the object there where there is one.
fn origin(summary: &TenantObjectSummary, source: Option<&TenantObjectSource>) -> AnyView {
    let Some(source) = source else {
        let word = match summary.is_synchronized {
            true => "Directory on-premises, not connected now",
            false => "Cloud",
        };
        return word.into_any();
    };
    let page = Route::Directory(source.directory.id);
    let href = match (source.directory.kind, object_guid(&source.attributes)) {
        (DirectoryKind::Forest, Some(guid)) => page.with("entry", guid),
        _ => page.to_string(),
    };
    view! { <a href=href>{source.directory.domain.to_string()}</a> }.into_any()
}

fn object_guid(attributes: &Attributes) -> Option<ObjectGuid> {
    match attributes.values("objectGUID") {
        [AttributeValue::Binary(bytes)] => {
            let bytes = bytes.as_slice().try_into().ok()?;
            Some(ObjectGuid::from_active_directory(bytes))
        }
        _ => None,
    }
}

/// Attributes, members, groups, in tabs.
#[component]
fn Parts(kind: ObjectKind, id: TenantObjectId, object: Memo<Loaded>) -> impl IntoView {
    let address = ListAddress::of(page_of(kind, id));
    let open = Memo::new(move |_| address.with(|address| address.text(TAB)));
    let related = related(id, address);
    live::reload_on_change(related);
    let tabs = Signal::derive(move || tabs(kind, &object.read(), &address.get(), &open.get()));
    let panel = move || match open.get().as_str() {
        MEMBERS => related_list(related, address, "Members", NO_MEMBER),
        MEMBER_OF => related_list(related, address, "Member of", NO_GROUP),
        SOURCE => {
            let source = move || object.get().1.map(|source| source.attributes);
            (move || view! { <SourceTable attributes=source().unwrap_or_default()/> }).into_any()
        }
        _ => (move || {
            let (details, source) = object.get();
            view! { <AttributeTable attributes=details.attributes source/> }
        })
        .into_any(),
    };
    view! {
        <Tabs label="Parts of the object" tabs panel=PANEL/>
        <div id=PANEL class="stack" role="tabpanel" aria-label="Part of the object">{panel}</div>
    }
}

fn tabs(
    kind: ObjectKind,
    (details, source): &Loaded,
    address: &ListAddress,
    open: &str,
) -> Vec<Tab> {
    let tab = |value: &str, label: &str, count: String| {
        tab(address, open, value, format!("{label} ({count})"))
    };
    let attributes = details.attributes.len().to_string();
    let mut tabs = vec![tab("", "Attributes", attributes)];
    if kind == ObjectKind::Group {
        tabs.push(tab(MEMBERS, "Members", number(details.member_count)));
    }
    tabs.push(tab(MEMBER_OF, "Member of", number(details.member_of_count)));
    if let Some(source) = source {
        let count = source.attributes.len().to_string();
        tabs.push(tab(SOURCE, "Source attributes", count));
    }
    tabs
}

fn tab(address: &ListAddress, open: &str, value: &str, label: String) -> Tab {
    let first_page = address.first_page().without(&[TAB]);
    let href = if value.is_empty() {
        first_page
    } else {
        first_page.with(TAB, value)
    };
    Tab {
        label,
        href: href.to_string(),
        is_selected: open == value,
    }
}

const NO_MEMBER: [&str; 2] = ["No member", "The group has no member in this tenant."];
const NO_GROUP: [&str; 2] = ["No group", "It is a direct member of no group."];

/// The members of a group, or the groups that an object is a member of, as the open tab wants.
fn related(id: TenantObjectId, address: Memo<ListAddress>) -> Rows<TenantObjectSummary> {
    let wanted = Memo::new(move |_| address.with(|address| (address.text(TAB), address.after())));
    resource(
        move || wanted.get(),
        move |(tab, after)| async move {
            match tab.as_str() {
                MEMBERS => api::tenant::members(id, after).await,
                MEMBER_OF => api::tenant::member_of(id, after).await,
                _ => Ok(records::Page::default()),
            }
        },
    )
}

fn related_list(
    rows: Rows<TenantObjectSummary>,
    address: Memo<ListAddress>,
    label: &str,
    [title, text]: [&'static str; 2],
) -> AnyView {
    let looks = Looks {
        label: label.to_owned(),
        noun: ["object", "objects"],
        columns: mixed_columns(),
    };
    let empty = move || view! { <EmptyState glyph=Glyph::PeopleTeam title text/> };
    view! { <PagedList looks rows address row=mixed_row empty/> }.into_any()
}
