//! The selected entry: what can be done to it, who it is, its attributes, members and groups.

use engine::{
    directory::{AttributeName, AttributeValue, Attributes, ObjectGuid},
    forest::{
        EntryClass, Forest,
        entry::{EntryDetails, EntrySummary},
    },
    records::Page,
};
use leptos::prelude::*;

use super::{CONTAINER, ENTRY, Shown, TAB, panes};
use crate::{
    api::{
        self,
        forest::{RemoveMember, SetAccountEnabled},
        resource::resource,
    },
    components::{
        button::{Button, GoButton},
        copy_button::CopyButton,
        data_grid::{Cell, Column, ColumnRoom, Row, RowHeader},
        detail_pane::{DetailPane, PaneAddresses},
        empty_state::EmptyState,
        essentials::Fact,
        icon::Glyph,
        moment::Moment,
        status_badge::StatusBadge,
        tabs::{Tab, Tabs},
        toast::{Toast, Toasts},
    },
    list_address::ListAddress,
    pages::{
        forms::{after, complain},
        paged_list::{Looks, PagedList, Rows},
        tenant_objects::{
            account_badge,
            attributes::{Values, texts},
        },
    },
    routes::Route,
    wording::number,
};

const PANEL: &str = "entry-panel";
const MEMBERS: &str = "members";
const MEMBER_OF: &str = "member-of";

/// What the open tab lists; nothing while it lists nothing.
pub fn related(
    address: Memo<ListAddress>,
    selected: Memo<Option<ObjectGuid>>,
) -> Rows<EntrySummary> {
    let wanted = Memo::new(move |_| {
        let address = address.with(ListAddress::of_inner_list);
        (selected.get(), address.text(TAB), address.after())
    });
    resource(
        move || wanted.get(),
        |(selected, tab, after)| async move {
            match (selected, tab.as_str()) {
                (Some(id), MEMBERS) => api::forest::members(id, after).await,
                (Some(id), MEMBER_OF) => api::forest::member_of(id, after).await,
                _ => Ok(Page::default()),
            }
        },
    )
}

#[component]
pub fn EntryPane(shown: Shown) -> impl IntoView {
    view! {
        <Transition>
            {Suspend::new(async move {
                shown.entry.await;
                view! { <Loaded shown/> }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(shown: Shown) -> impl IntoView {
    let loaded = Memo::new(move |_| shown.entry.get().flatten());
    let title = Signal::derive(move || match loaded.get() {
        Some(Ok(entry)) => entry.summary.label().to_owned(),
        Some(Err(_)) => "Entry".to_owned(),
        None => String::new(),
    });
    let subtitle = move || {
        (move || match loaded.get() {
            Some(Ok(entry)) => entry.summary.dn.to_string(),
            _ => String::new(),
        })
        .into_any()
    };
    let addresses = Signal::derive(move || PaneAddresses {
        close: closed(shown),
        previous: None,
        next: None,
    });
    let body = move || match loaded.get() {
        Some(Ok(entry)) => view! { <Entry entry shown/> }.into_any(),
        Some(Err(error)) => view! { <p class="muted">{error.to_string()}</p> }.into_any(),
        None => ().into_any(),
    };
    view! { <DetailPane title subtitle addresses>{body}</DetailPane> }
}

/// The page without the entry, but in the same container.
fn closed(shown: Shown) -> String {
    let address = shown.address.with(|address| address.without(&[ENTRY, TAB]));
    match shown.container.get().flatten() {
        Some(container) => address.with(CONTAINER, container).to_string(),
        None => address.to_string(),
    }
}

#[component]
fn Entry(entry: EntryDetails, shown: Shown) -> impl IntoView {
    let EntrySummary { id, class, .. } = entry.summary;
    view! {
        <Commands summary=entry.summary.clone() shown/>
        {facts(&entry)}
        <Parts id class entry shown/>
    }
}

/// What can be done to this entry; the domain itself stays as it is.
#[component]
fn Commands(summary: EntrySummary, shown: Shown) -> impl IntoView {
    let class = summary.class;
    let is_movable = !matches!(class, EntryClass::Domain | EntryClass::Container);
    let pane = move |label: &'static str, glyph: Glyph, pane: &'static str| {
        view! { <GoButton label glyph href=shown.with_pane(pane) small=true/> }
    };
    let enabled = summary
        .account_enabled
        .filter(|_| class == EntryClass::User);
    let name = format!("Commands for {}", summary.label());
    is_movable.then(|| {
        view! {
            <div class="row" role="group" aria-label=name>
                {pane("Edit attributes", Glyph::Edit, panes::ATTRIBUTES)}
                {(class == EntryClass::Group).then(|| pane("Add members", Glyph::PersonAdd, panes::MEMBERS))}
                {enabled.map(|is_enabled| view! { <AccountSwitch id=summary.id is_enabled shown/> })}
                {enabled.map(|_| pane("Set password", Glyph::Password, panes::PASSWORD))}
                {pane("Rename", Glyph::TextT, panes::RENAME)}
                {pane("Move", Glyph::ArrowSwap, panes::MOVE)}
                {pane("Delete", Glyph::Delete, panes::DELETE)}
            </div>
        }
    })
}

#[component]
fn AccountSwitch(id: ObjectGuid, is_enabled: bool, shown: Shown) -> impl IntoView {
    let switch = ServerAction::<SetAccountEnabled>::new();
    let toasts = Toasts::here();
    after(switch, move |()| {
        let title = if is_enabled {
            "Account disabled"
        } else {
            "Account enabled"
        };
        toasts.show(Toast::success(title, "The next cycle carries it on."));
        shown.reload();
    });
    complain(switch.value().into(), "The account stays as it is");
    let (label, glyph) = match is_enabled {
        true => ("Disable account", Glyph::Prohibited),
        false => ("Enable account", Glyph::PlayCircle),
    };
    view! {
        <ActionForm action=switch>
            <input type="hidden" name="forest" value=shown.forest.domain()/>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="enabled" value=(!is_enabled).to_string()/>
            <Button label glyph=glyph small=true/>
        </ActionForm>
    }
}

fn facts(entry: &EntryDetails) -> AnyView {
    let EntryDetails {
        summary,
        source_anchor,
        manager,
        managed_by,
        changed_at,
        ..
    } = entry.clone();
    let id = summary.id.to_string();
    let account = summary.account_enabled.map(account_badge);
    let dn = |entry: EntrySummary| view! { <span title=entry.dn.to_string()>{entry.label().to_owned()}</span> };
    view! {
        <dl class="facts">
            <Fact name="Type">{summary.class.label()}</Fact>
            {account.map(|badge| view! { <Fact name="Account"><StatusBadge badge/></Fact> })}
            <Fact name="objectGUID">
                <span class="monospace">{id.clone()}</span>
                " "
                <CopyButton what="objectGUID" text=id/>
            </Fact>
            <Fact name="Source anchor">
                <span class="monospace">{source_anchor.to_string()}</span>
                " "
                <CopyButton what="source anchor" text=source_anchor.to_string()/>
            </Fact>
            {manager.map(|manager| view! { <Fact name="Manager">{dn(manager)}</Fact> })}
            {managed_by.map(|manager| view! { <Fact name="Managed by">{dn(manager)}</Fact> })}
            <Fact name="Changed"><Moment at=changed_at/></Fact>
        </dl>
    }
    .into_any()
}

#[component]
fn Parts(id: ObjectGuid, class: EntryClass, entry: EntryDetails, shown: Shown) -> impl IntoView {
    let address = shown.address;
    let open = Memo::new(move |_| address.with(|address| address.text(TAB)));
    let (members, groups) = (entry.member_count, entry.member_of_count);
    let attributes = entry.attributes.len();
    let has_groups = matches!(
        class,
        EntryClass::User | EntryClass::Group | EntryClass::Contact | EntryClass::Computer
    );
    let tabs = Signal::derive(move || {
        let tab = |value: &'static str, label: String| Tab {
            label,
            href: address
                .with(|address| address.of_inner_list().first_page().with(TAB, value))
                .to_string(),
            is_selected: open.get() == value || (value == "attributes" && open.get().is_empty()),
        };
        let mut tabs = vec![tab("attributes", format!("Attributes ({attributes})"))];
        if class == EntryClass::Group {
            tabs.push(tab(MEMBERS, format!("Members ({})", number(members))));
        }
        if has_groups {
            tabs.push(tab(MEMBER_OF, format!("Member of ({})", number(groups))));
        }
        tabs
    });
    let panel = move || match open.get().as_str() {
        MEMBERS => view! { <Members group=id shown/> }.into_any(),
        MEMBER_OF => view! { <Groups shown/> }.into_any(),
        _ => attributes_list(&entry.attributes),
    };
    view! {
        <Tabs label="Parts of the entry" tabs panel=PANEL/>
        <div id=PANEL class="stack" role="tabpanel" aria-label="Part of the entry">{panel}</div>
    }
}

/// Every attribute with its values; narrower than a table.
fn attributes_list(attributes: &Attributes) -> AnyView {
    let fact = |(name, values): (&AttributeName, &Vec<AttributeValue>)| {
        let values = texts(values);
        view! { <Fact name=name.to_string()><Values values/></Fact> }
    };
    view! { <dl class="facts">{attributes.iter().map(fact).collect_view()}</dl> }.into_any()
}

/// The address as the lists of members and groups read it.
fn inner(shown: Shown) -> Memo<ListAddress> {
    let address = shown.address;
    Memo::new(move |_| address.with(ListAddress::of_inner_list))
}

/// Leads to the entry in its own container.
fn link(entry: &EntrySummary, shown: Shown) -> impl IntoView + use<> {
    let href = Route::Directory(shown.directory).with(ENTRY, entry.id);
    view! { <a href=href data-noscroll="">{entry.label().to_owned()}</a> }
}

#[component]
fn Members(group: ObjectGuid, shown: Shown) -> impl IntoView {
    let address = inner(shown);
    let remove = ServerAction::<RemoveMember>::new();
    let toasts = Toasts::here();
    after(remove, move |()| {
        toasts.show(Toast::success(
            "Member removed",
            "The next cycle carries it on.",
        ));
        shown.reload();
    });
    complain(remove.value().into(), "The member stays");
    let looks = Looks {
        label: "Members".to_owned(),
        noun: ["member", "members"],
        columns: vec![Column::new("Name"), Column::new("Type"), Column::actions()],
    };
    let row = move |entry: EntrySummary| member_row(&entry, group, remove, shown);
    let empty = || {
        view! {
            <EmptyState glyph=Glyph::PeopleTeam title="No member" text="Add members with the command above."/>
        }
    };
    view! { <PagedList looks rows=shown.related address row empty/> }
}

fn member_row(
    entry: &EntrySummary,
    group: ObjectGuid,
    remove: ServerAction<RemoveMember>,
    shown: Shown,
) -> AnyView {
    let (link, class) = (link(entry, shown), entry.class.label());
    let (member, forest): (String, Forest) = (entry.id.to_string(), shown.forest);
    let label = format!("Remove {}", entry.label());
    view! {
        <Row>
            <RowHeader>{link}</RowHeader>
            <Cell>{class}</Cell>
            <Cell actions=true>
                <ActionForm action=remove>
                    <input type="hidden" name="forest" value=forest.domain()/>
                    <input type="hidden" name="group" value=group.to_string()/>
                    <input type="hidden" name="member" value=member/>
                    <button type="submit" class="button small-button" aria-label=label>"Remove"</button>
                </ActionForm>
            </Cell>
        </Row>
    }
    .into_any()
}

#[component]
fn Groups(shown: Shown) -> impl IntoView {
    let address = inner(shown);
    let looks = Looks {
        label: "Member of".to_owned(),
        noun: ["group", "groups"],
        columns: vec![
            Column::new("Name"),
            Column::new("Distinguished name").hidden_when_narrow(),
        ],
    };
    let row = move |entry: EntrySummary| {
        let (link, dn) = (link(&entry, shown), entry.dn.to_string());
        view! {
            <Row>
                <RowHeader>{link}</RowHeader>
                <Cell room=ColumnRoom::HiddenWhenNarrow>
                    <span class="monospace">{dn}</span>
                </Cell>
            </Row>
        }
        .into_any()
    };
    let empty = || view! { <EmptyState glyph=Glyph::PeopleTeam title="No group" text="It is a direct member of no group."/> };
    view! { <PagedList looks rows=shown.related address row empty/> }
}
