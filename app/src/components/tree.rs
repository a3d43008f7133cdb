//! A tree of places, each a link. Without a script all of it is open; with one, branches open and
//! close, and the arrows move as the Tree View pattern says.

use std::collections::BTreeSet;

use leptos::{attr::custom::custom_attribute, ev, html, prelude::*};

use super::icon::{Glyph, Icon, IconSize};
use crate::browser::{self, Axis};

/// A node. A tree comes as a list in which parents stand before their children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub id: String,
    pub parent: Option<String>,
    /// 1 for roots.
    pub level: u32,
    pub label: String,
    pub glyph: Glyph,
    pub href: String,
    pub has_children: bool,
    /// How much is directly in it.
    pub count: Option<u64>,
}

/// The tree; `current` is the id of the place that is open.
#[component]
pub fn Tree(
    #[prop(into)] label: String,
    #[prop(into)] nodes: Signal<Vec<Node>>,
    #[prop(into)] current: Signal<Option<String>>,
    /// Gets the id of a branch whose children are not among the nodes yet, when it is opened.
    #[prop(into, optional)]
    on_open: Option<Callback<String>>,
    /// Gets the id of the node that is clicked, which then leads nowhere.
    #[prop(into, optional)]
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let tree = NodeRef::<html::Div>::new();
    let branches = Branches {
        nodes,
        closed: RwSignal::new(BTreeSet::new()),
        on_open,
    };
    let pressed = move |event: ev::KeyboardEvent| {
        let Some(tree) = tree.get() else { return };
        let focused = browser::focused_attribute("data-id").unwrap_or_default();
        match branches.step(&event.key(), &focused) {
            Some(Step::Toggle) => branches.toggle(&focused),
            Some(Step::GoTo(id)) => browser::focus_first(&tree, &format!("[data-id=\"{id}\"]")),
            None => {
                browser::move_focus(&event, &tree, "[role=treeitem]", Axis::Vertical);
                return;
            }
        }
        event.prevent_default();
    };
    let stop = Memo::new(move |_| tab_stop(&nodes.get(), current.get()));
    let row = move |node: Node| view! { <TreeItem node branches current stop on_choose/> };
    view! {
        <div class="tree" role="tree" aria-label=label node_ref=tree on:keydown=pressed>
            <For each=move || nodes.get() key=|node| format!("{node:?}") children=row/>
        </div>
    }
}

/// The one node that the Tab key stops at: the open place, or the first.
fn tab_stop(nodes: &[Node], current: Option<String>) -> Option<String> {
    let is_there = |id: &String| nodes.iter().any(|node| node.id == *id);
    let first = || nodes.first().map(|node| node.id.clone());
    current.filter(is_there).or_else(first)
}

#[component]
fn TreeItem(
    node: Node,
    branches: Branches,
    current: Signal<Option<String>>,
    stop: Memo<Option<String>>,
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let Node {
        id,
        parent,
        level,
        label,
        glyph,
        href,
        has_children,
        count,
    } = node;
    let id = StoredValue::new(id);
    let is_closed = move || branches.is_closed(&id.get_value());
    let expanded = move || has_children.then(|| (!is_closed()).to_string());
    let is_current = move || current.with(|current| *current == Some(id.get_value()));
    let is_stop = move || stop.with(|stop| *stop == Some(id.get_value()));
    let toggle = move |event: ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        branches.toggle(&id.get_value());
    };
    let click = move |event: ev::MouseEvent| {
        if let Some(on_choose) = on_choose {
            event.prevent_default();
            on_choose.run(id.get_value());
        }
    };
    view! {
        <a
            role="treeitem"
            data-id=id.get_value()
            // Leptos has no name of its own for this attribute.
            {..custom_attribute("aria-level", level.to_string())}
            href=href
            data-noscroll=""
            aria-expanded=expanded
            aria-selected=move || is_current().to_string()
            tabindex=move || if is_stop() { "0" } else { "-1" }
            hidden=move || branches.is_hidden(parent.as_deref())
            on:click=click
        >
            {match has_children {
                true => view! {
                    <span class="twisty" class:closed=is_closed on:click=toggle>
                        <Icon glyph=Glyph::ChevronDown size=IconSize::Sixteen/>
                    </span>
                }
                .into_any(),
                false => view! { <span class="twisty"></span> }.into_any(),
            }}
            <Icon glyph/>
            <span class="tree-label">{label}</span>
            {count.map(|count| view! { <span class="tree-count">{count}</span> })}
        </a>
    }
}

/// Which branches are closed, and what the keys do to them.
#[derive(Clone, Copy)]
struct Branches {
    nodes: Signal<Vec<Node>>,
    closed: RwSignal<BTreeSet<String>>,
    on_open: Option<Callback<String>>,
}

impl Branches {
    fn is_closed(self, id: &str) -> bool {
        let is_closed = self.closed.with(|closed| closed.contains(id));
        is_closed || self.waits_for_children(id)
    }

    /// Whether somebody has to bring the children of a branch first.
    fn waits_for_children(self, id: &str) -> bool {
        let is_child = |node: &Node| node.parent.as_deref() == Some(id);
        self.on_open.is_some() && !self.nodes.with(|nodes| nodes.iter().any(is_child))
    }

    fn toggle(self, id: &str) {
        if let Some(on_open) = self
            .on_open
            .filter(|_| untrack(|| self.waits_for_children(id)))
        {
            on_open.run(id.to_owned());
            return;
        }
        self.closed.update(|closed| {
            if !closed.remove(id) {
                closed.insert(id.to_owned());
            }
        });
    }

    /// Whether a branch above a child of `parent` is closed.
    fn is_hidden(self, parent: Option<&str>) -> bool {
        self.closed.with(|closed| {
            self.nodes
                .with_untracked(|nodes| is_below_closed(nodes, closed, parent))
        })
    }

    /// What an arrow to the side does at a node.
    fn step(self, key: &str, id: &str) -> Option<Step> {
        let is_closed = untrack(|| self.is_closed(id));
        self.nodes
            .with_untracked(|nodes| step(nodes, is_closed, key, id))
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// Opens or closes the branch.
    Toggle,
    GoTo(String),
}

fn step(nodes: &[Node], is_closed: bool, key: &str, id: &str) -> Option<Step> {
    let node = nodes.iter().find(|node| node.id == id)?;
    match (key, node.has_children && !is_closed) {
        ("ArrowRight", false) => node.has_children.then_some(Step::Toggle),
        ("ArrowRight", true) => {
            let is_child = |child: &&Node| child.parent.as_deref() == Some(id);
            let child = nodes.iter().find(is_child)?;
            Some(Step::GoTo(child.id.clone()))
        }
        ("ArrowLeft", true) => Some(Step::Toggle),
        ("ArrowLeft", false) => node.parent.clone().map(Step::GoTo),
        _ => None,
    }
}

fn is_below_closed(nodes: &[Node], closed: &BTreeSet<String>, parent: Option<&str>) -> bool {
    let mut above = parent;
    while let Some(id) = above {
        if closed.contains(id) {
            return true;
        }
        let node = nodes.iter().find(|node| node.id == id);
        above = node.and_then(|node| node.parent.as_deref());
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str, parent: Option<&str>) -> Node {
        Node {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            level: 1,
            label: id.to_owned(),
            glyph: Glyph::FolderPeople,
            href: String::new(),
            has_children: true,
            count: None,
        }
    }

    #[test]
    fn a_closed_branch_hides_everything_below_it() {
        let nodes = [node("a", None), node("b", Some("a")), node("c", Some("b"))];
        let closed = BTreeSet::from(["a".to_owned()]);
        let hidden = |parent| is_below_closed(&nodes, &closed, parent);
        assert_eq!(
            (hidden(None), hidden(Some("a")), hidden(Some("b"))),
            (false, true, true)
        );
    }

    #[test]
    fn arrows_open_and_close_branches_and_go_down_and_up() {
        let nodes = [node("a", None), node("b", Some("a"))];
        let go = |id: &str| Some(Step::GoTo(id.to_owned()));
        assert_eq!(step(&nodes, true, "ArrowRight", "a"), Some(Step::Toggle));
        assert_eq!(step(&nodes, false, "ArrowRight", "a"), go("b"));
        assert_eq!(step(&nodes, false, "ArrowLeft", "a"), Some(Step::Toggle));
        assert_eq!(step(&nodes, true, "ArrowLeft", "b"), go("a"));
        assert_eq!(step(&nodes, true, "ArrowLeft", "a"), None);
        assert_eq!(step(&nodes, false, "ArrowDown", "a"), None);
    }

    #[test]
    fn the_tab_key_stops_at_the_open_place_or_at_the_first() {
        let nodes = [node("a", None), node("b", Some("a"))];
        let stop = |current: &str| tab_stop(&nodes, Some(current.to_owned()));
        assert_eq!(stop("b").as_deref(), Some("b"));
        assert_eq!(stop("gone").as_deref(), Some("a"));
    }
}
