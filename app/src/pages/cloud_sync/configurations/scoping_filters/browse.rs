//! The tree of a directory's containers, in which an organizational unit is chosen. Branches are
//! asked for when they are opened, because a directory may have thousands.

use engine::{configuration::ConfigurationId, records::ContainerSummary};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api,
    components::{
        button::Button,
        icon::Glyph,
        tree::{Node, Tree},
    },
    pages::cloud_sync::configurations::editor::Editor,
    routes::Route,
};

#[component]
pub fn Browse(
    editor: Editor,
    /// Gets the name that was chosen.
    on_choose: Callback<String>,
) -> impl IntoView {
    let (id, domain) = (editor.id(), editor.domain());
    let head = editor.base_dn().to_string();
    let nodes = RwSignal::new(vec![head_of(id, &domain, &head)]);
    let selected = RwSignal::new(None::<String>);
    let trouble = RwSignal::new(None::<String>);
    let open = Callback::new(move |parent: String| {
        spawn_local(async move {
            let answer = api::directories::containers_of_configuration(id, Some(parent.clone()));
            match answer.await {
                Ok(children) => {
                    trouble.try_set(None);
                    nodes.try_update(|nodes| insert(nodes, id, &parent, children));
                }
                Err(error) => drop(trouble.try_set(Some(error.to_string()))),
            }
        });
    });
    // Opened by a click, so there is a browser.
    open.run(head);
    let choose = Callback::new(move |()| {
        if let Some(name) = selected.get_untracked() {
            on_choose.run(name);
        }
    });
    let nothing = Signal::derive(move || selected.read().is_none());
    view! {
        <div class="card inset browse">
            <div class="browse-tree">
                <Tree
                    label=format!("Organizational units of {domain}")
                    nodes
                    current=selected
                    on_open=open
                    on_choose=Callback::new(move |name| selected.set(Some(name)))
                />
            </div>
            <p class="field-error" role="alert" hidden=move || trouble.read().is_none()>{move || trouble.get()}</p>
            <div class="row">
                <Button label="Choose" on_click=choose unavailable=nothing/>
                <small class="monospace break-anywhere">{move || selected.get()}</small>
            </div>
        </div>
    }
}

fn head_of(id: ConfigurationId, domain: &str, head: &str) -> Node {
    Node {
        id: head.to_owned(),
        parent: None,
        level: 1,
        label: domain.to_owned(),
        glyph: Glyph::FolderPeople,
        href: Route::ScopingFilters(id).to_string(),
        has_children: true,
        count: None,
    }
}

/// Puts children behind their parent, once.
fn insert(
    nodes: &mut Vec<Node>,
    id: ConfigurationId,
    parent: &str,
    children: Vec<ContainerSummary>,
) {
    let Some(position) = nodes.iter().position(|node| node.id == parent) else {
        return;
    };
    if nodes
        .iter()
        .any(|node| node.parent.as_deref() == Some(parent))
    {
        return;
    }
    let level = nodes[position].level + 1;
    nodes[position].has_children = !children.is_empty();
    let child = |container: ContainerSummary| Node {
        id: container.dn.to_string(),
        parent: Some(parent.to_owned()),
        level,
        label: container.name,
        glyph: Glyph::FolderPeople,
        href: Route::ScopingFilters(id).to_string(),
        has_children: container.has_containers,
        count: None,
    };
    let children: Vec<Node> = children.into_iter().map(child).collect();
    nodes.splice(position + 1..position + 1, children);
}

#[cfg(test)]
mod tests {
    use engine::directory::Dn;

    use super::*;

    #[test]
    fn children_stand_behind_their_parent_once() {
        let id = ConfigurationId(uuid::Uuid::nil());
        let container = |name: &str| ContainerSummary {
            dn: Dn::parse(name).unwrap(),
            name: name.to_owned(),
            has_containers: true,
        };
        let mut nodes = vec![head_of(id, "x", "DC=x")];
        for _ in 0..2 {
            insert(
                &mut nodes,
                id,
                "DC=x",
                vec![container("OU=a,DC=x"), container("OU=b,DC=x")],
            );
        }
        insert(
            &mut nodes,
            id,
            "OU=a,DC=x",
            vec![container("OU=c,OU=a,DC=x")],
        );
        insert(&mut nodes, id, "OU=b,DC=x", Vec::new());
        let shown: Vec<_> = nodes
            .iter()
            .map(|node| (node.level, node.id.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (1, "DC=x"),
                (2, "OU=a,DC=x"),
                (3, "OU=c,OU=a,DC=x"),
                (2, "OU=b,DC=x")
            ]
        );
        assert!(!nodes[3].has_children);
    }
}
