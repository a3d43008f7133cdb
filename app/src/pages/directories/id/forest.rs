//! A demo forest: the tree at the left, what lies in the open container beside it, and the selected
//! entry with what can be done to it. Everything that is open stands in the address.

pub mod attributes;
pub mod entry;
pub mod list;
pub mod new;
pub mod panes;

use engine::{
    directory::ObjectGuid,
    forest::{
        EntryClass, Forest,
        entry::{EntryDetails, EntrySummary, TreeNode},
    },
    records::{DirectoryId, DirectorySummary},
};
use leptos::prelude::*;

use self::{entry::EntryPane, list::EntryList, panes::OpenPane};
use super::super::new::above;
use crate::{
    api::{
        self, ApiError,
        resource::{Resource, resource},
    },
    components::{
        command_bar::Command,
        icon::Glyph,
        page::Page,
        tree::{Node, Tree},
    },
    list_address::ListAddress,
    live,
    pages::{
        frame::{self, label},
        loading::failure,
        paged_list::Rows,
    },
    routes::Route,
};

const CONTAINER: &str = "container";
const SEARCH: &str = "search";
const ENTRY: &str = "entry";
const TAB: &str = "tab";
const PANE: &str = "pane";

pub type TreeResource = Resource<Result<Vec<TreeNode>, ApiError>>;
pub type EntryResource = Resource<Option<Result<EntryDetails, ApiError>>>;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Shown {
    pub forest: Forest,
    pub directory: DirectoryId,
    pub address: Memo<ListAddress>,
    pub tree: TreeResource,
    /// The container that is open.
    pub container: Resource<Option<ObjectGuid>>,
    pub rows: Rows<EntrySummary>,
    pub selected: Memo<Option<ObjectGuid>>,
    pub entry: EntryResource,
    /// Members of the selected group, or groups of the selected entry, as its open tab wants.
    pub related: Rows<EntrySummary>,
}

impl Shown {
    pub fn new(forest: Forest, directory: DirectoryId) -> Self {
        let address = ListAddress::of(Route::Directory(directory));
        let selected = Memo::new(move |_| address.with(|address| read_guid(address, ENTRY)));
        let place = Memo::new(move |_| address.with(Place::said_by));
        let tree = resource(|| (), move |()| api::forest::tree(forest));
        let entry = resource(
            move || selected.get(),
            move |id| async move {
                match id {
                    Some(id) => Some(api::forest::entry(forest, id).await),
                    None => None,
                }
            },
        );
        let container = resource(
            move || place.get(),
            move |place| open_container(forest, tree, place),
        );
        Self {
            forest,
            directory,
            address,
            tree,
            container,
            rows: list::rows(forest, address, tree, place),
            selected,
            entry,
            related: entry::related(address, selected),
        }
    }

    /// Loads everything again after something was changed.
    pub fn reload(self) {
        self.tree.refetch();
        self.rows.refetch();
        self.entry.refetch();
        self.related.refetch();
    }

    /// The page with a pane open over it.
    pub fn with_pane(self, pane: &'static str) -> Signal<String> {
        let address = self.address;
        Signal::derive(move || address.with(|address| address.with(PANE, pane)).to_string())
    }

    /// The page without the pane.
    pub fn without_pane(self) -> Signal<String> {
        let address = self.address;
        Signal::derive(move || address.with(|address| address.without(&[PANE])).to_string())
    }

    /// The page with an entry selected, in the container that is open.
    pub fn selecting(self, id: ObjectGuid) -> Signal<String> {
        let address = self.address;
        Signal::derive(move || address.with(|address| select(address, id)).to_string())
    }

    /// The page with another container open and nothing selected.
    pub fn opening(self, container: ObjectGuid) -> Signal<String> {
        let address = self.address;
        Signal::derive(move || address.with(|address| open(address, container)).to_string())
    }

    /// As [`Self::selecting`], with no pane open.
    pub fn at_entry(self, id: ObjectGuid) -> String {
        let address = self.address.get_untracked();
        select(&address.without(&[PANE]), id).to_string()
    }
}

fn select(address: &ListAddress, id: ObjectGuid) -> ListAddress {
    let inner = address.of_inner_list().first_page();
    inner.without(&[TAB]).with(ENTRY, id)
}

fn open(address: &ListAddress, container: ObjectGuid) -> ListAddress {
    let outer = address.first_page().of_inner_list().first_page();
    let closed = outer.without(&[SEARCH, ENTRY, TAB, PANE]);
    closed.with(CONTAINER, container)
}

fn read_guid(address: &ListAddress, name: &str) -> Option<ObjectGuid> {
    address.read(name).map(ObjectGuid::from_uuid)
}

/// Which container the address opens: the one that it names, else that of the selected entry, else
/// the domain.
#[derive(Clone, Copy, PartialEq)]
pub enum Place {
    Named(ObjectGuid),
    Around(ObjectGuid),
    Domain,
}

impl Place {
    fn said_by(address: &ListAddress) -> Self {
        let container = read_guid(address, CONTAINER).map(Self::Named);
        let around = || read_guid(address, ENTRY).map(Self::Around);
        container.or_else(around).unwrap_or(Self::Domain)
    }
}

async fn open_container(forest: Forest, tree: TreeResource, place: Place) -> Option<ObjectGuid> {
    let parent = match place {
        Place::Named(container) => return Some(container),
        Place::Around(id) => api::forest::entry(forest, id).await.ok()?.parent,
        Place::Domain => None,
    };
    match parent {
        Some(parent) => Some(parent),
        None => tree.await.ok()?.first().map(|node| node.id),
    }
}

pub fn page(forest: Forest, summary: &DirectorySummary) -> impl IntoView + use<> {
    let shown = Shown::new(forest, summary.id);
    live::reload_on_change(shown.tree);
    live::reload_on_change(shown.rows);
    live::reload_on_change(shown.entry);
    live::reload_on_change(shown.related);
    let is_selected = Memo::new(move |_| shown.selected.get().is_some());
    let beside =
        move || (move || is_selected.get().then(|| view! { <EntryPane shown/> })).into_any();
    view! {
        <Page
            title=summary.domain.to_string().as_str()
            subtitle="Demo directory"
            glyph=Glyph::FolderPeople
            above=above()
            menu=frame::tenant_menu(label::DIRECTORIES)
            commands=commands(shown)
            beside
        >
            <div class="with-tree">
                <ForestTree shown/>
                <EntryList shown/>
            </div>
        </Page>
        <OpenPane shown/>
    }
}

fn commands(shown: Shown) -> Vec<Command> {
    let add = |label, glyph, pane| Command::go(label, glyph, shown.with_pane(pane)).changes();
    let refresh = Callback::new(move |()| shown.reload());
    vec![
        add("New user", Glyph::PersonAdd, panes::NEW_USER),
        add("New group", Glyph::PeopleTeam, panes::NEW_GROUP).optional(),
        add(
            "New organizational unit",
            Glyph::FolderPeople,
            panes::NEW_UNIT,
        )
        .optional(),
        Command::run("Refresh", Glyph::ArrowClockwise, refresh).after_line(),
    ]
}

#[component]
fn ForestTree(shown: Shown) -> impl IntoView {
    view! {
        <Transition>
            {Suspend::new(async move {
                match shown.tree.await {
                    Ok(_) => view! { <LoadedTree shown/> }.into_any(),
                    Err(error) => failure(&error),
                }
            })}
        </Transition>
    }
}

#[component]
fn LoadedTree(shown: Shown) -> impl IntoView {
    let page = Route::Directory(shown.directory);
    let nodes = Memo::new(move |_| {
        let tree = shown.tree.get().and_then(Result::ok);
        as_nodes(&tree.unwrap_or_default(), page)
    });
    let current = Signal::derive(move || shown.container.get().flatten().map(|id| id.to_string()));
    view! { <Tree label=format!("Directory of {}", shown.forest) nodes current/> }
}

fn as_nodes(tree: &[TreeNode], page: Route) -> Vec<Node> {
    tree.iter()
        .map(|node| Node {
            id: node.id.to_string(),
            parent: node.parent.map(|parent| parent.to_string()),
            level: node.depth + 1,
            label: node.name.clone(),
            glyph: glyph(node.class),
            href: page.with(CONTAINER, node.id),
            has_children: tree.iter().any(|child| child.parent == Some(node.id)),
            count: (node.entries > 0).then_some(node.entries),
        })
        .collect()
}

fn glyph(class: EntryClass) -> Glyph {
    match class {
        EntryClass::Domain => Glyph::Globe,
        EntryClass::OrganizationalUnit | EntryClass::Container => Glyph::FolderPeople,
        EntryClass::User => Glyph::Person,
        EntryClass::Group => Glyph::PeopleTeam,
        EntryClass::Contact => Glyph::ContactCard,
        EntryClass::Computer => Glyph::Desktop,
    }
}
