//! What opens over the forest: one pane or question at a time, named by the address.

use engine::{
    configuration::draft::FieldError,
    directory::{Dn, ObjectGuid},
    forest::{
        EntryClass,
        draft::{self, CONTAINER, MEMBER, NAME},
        entry::{EntryDetails, EntrySummary, TreeNode},
        first_password,
    },
};
use leptos::prelude::*;

use super::{
    PANE, Shown,
    attributes::EditAttributes,
    new::{NewGroup, NewOrganizationalUnit, NewUser},
};
use crate::{
    api::{
        ApiError,
        forest::{AddMembers, Delete, MoveTo, Rename, SetPassword},
    },
    components::{
        button::{Button, GoButton, Weight},
        choice::CheckBox,
        dialog::Dialog,
        field::{SelectOption, TextArea, TextKind},
        pane::Pane,
        toast::{Toast, Toasts},
    },
    pages::forms::{
        CommandForm, DraftField, DraftSelect, Refusal, WholeFormRefusal, after, go_to, refusal,
        staying,
    },
    routes::Route,
    wording::counted,
};

pub const NEW_USER: &str = "new-user";
pub const NEW_GROUP: &str = "new-group";
pub const NEW_UNIT: &str = "new-organizational-unit";
pub const ATTRIBUTES: &str = "attributes";
pub const MEMBERS: &str = "members";
pub const PASSWORD: &str = "password";
pub const RENAME: &str = "rename";
pub const MOVE: &str = "move";
pub const DELETE: &str = "delete";

/// The form of whatever is open.
pub const FORM: &str = "pane-form";

/// What the address asks for, as soon as what it needs is loaded.
#[component]
pub fn OpenPane(shown: Shown) -> impl IntoView {
    let address = shown.address;
    let pane = Memo::new(move |_| address.with(|address| address.text(PANE)));
    let open = move || {
        let pane = pane.get();
        Suspend::new(async move {
            if pane.is_empty() {
                return ().into_any();
            }
            let tree = shown.tree.await.unwrap_or_default();
            let entry = shown.entry.await.and_then(Result::ok);
            opened(&pane, shown, tree, entry).await
        })
    };
    view! { <Suspense>{open}</Suspense> }
}

async fn opened(
    pane: &str,
    shown: Shown,
    tree: Vec<TreeNode>,
    entry: Option<EntryDetails>,
) -> AnyView {
    let here = shown.container.await;
    let places = Places::new(&tree, here);
    match (pane, entry) {
        (NEW_USER, _) => view! { <NewUser shown places/> }.into_any(),
        (NEW_GROUP, _) => view! { <NewGroup shown places/> }.into_any(),
        (NEW_UNIT, _) => view! { <NewOrganizationalUnit shown places/> }.into_any(),
        (ATTRIBUTES, Some(entry)) => view! { <EditAttributes shown entry/> }.into_any(),
        (MEMBERS, Some(entry)) => view! { <NewMembers shown summary=entry.summary/> }.into_any(),
        (PASSWORD, Some(entry)) => view! { <NewPassword shown entry/> }.into_any(),
        (RENAME, Some(entry)) => view! { <NewName shown summary=entry.summary/> }.into_any(),
        (MOVE, Some(entry)) => view! { <NewPlace shown summary=entry.summary places/> }.into_any(),
        (DELETE, Some(entry)) => view! { <Deletion shown summary=entry.summary/> }.into_any(),
        _ => ().into_any(),
    }
}

/// The containers as choices, indented like the tree.
#[derive(Clone)]
pub struct Places {
    pub options: Vec<SelectOption>,
    /// The distinguished name of the container that is open.
    pub here: String,
}

impl Places {
    fn new(tree: &[TreeNode], here: Option<ObjectGuid>) -> Self {
        let option = |node: &TreeNode| {
            let indentation = "\u{2003}".repeat(node.depth as usize);
            SelectOption::new(node.dn.to_string(), format!("{indentation}{}", node.name))
        };
        let open = tree
            .iter()
            .find(|node| Some(node.id) == here)
            .or(tree.first());
        Self {
            options: tree.iter().map(option).collect(),
            here: open.map(|node| node.dn.to_string()).unwrap_or_default(),
        }
    }
}

/// Goes back to the page behind the pane.
pub fn close(shown: Shown) -> Callback<()> {
    go_to(shown.without_pane())
}

/// Says that something was done and shows the entry that it was done to.
pub fn told_at(shown: Shown, toast: impl Fn() -> Toast + 'static) -> impl Fn(ObjectGuid) {
    let (toasts, go) = (Toasts::here(), staying());
    move |id| {
        toasts.show(toast());
        shown.reload();
        go.run(shown.at_entry(id));
    }
}

/// A pane around one form, with its button.
#[component]
pub fn FormPane(
    id: &'static str,
    #[prop(into)] title: String,
    #[prop(into, optional)] subtitle: String,
    shown: Shown,
    /// The button that sends the form.
    done: &'static str,
    #[prop(into)] pending: Signal<bool>,
    refusal: Refusal,
    children: Children,
) -> impl IntoView {
    let back = shown.without_pane();
    let footer = move || {
        view! {
            <Button label=done weight=Weight::Primary form=FORM unavailable=pending/>
            <GoButton label="Cancel" href=back/>
        }
        .into_any()
    };
    view! {
        <Pane id title subtitle on_close=close(shown) footer>
            <WholeFormRefusal refusal start="Nothing was changed."/>
            {children()}
        </Pane>
    }
}

/// The hidden fields that say which entry of which forest is meant.
#[component]
pub fn Meant(
    shown: Shown,
    #[prop(optional)] name: Option<&'static str>,
    id: ObjectGuid,
) -> impl IntoView {
    view! {
        <input type="hidden" name="forest" value=shown.forest.domain()/>
        <input type="hidden" name=name.unwrap_or("id") value=id.to_string()/>
    }
}

#[component]
fn NewName(shown: Shown, summary: EntrySummary) -> impl IntoView {
    let rename = ServerAction::<Rename>::new();
    let refused = refusal(rename);
    let id = summary.id;
    let tell = told_at(shown, || {
        Toast::success("Renamed", "What names the entry follows.")
    });
    after(rename, move |()| tell(id));
    view! {
        <FormPane id="rename" title="Rename" subtitle=summary.dn.to_string() shown done="Rename" pending=rename.pending() refusal=refused>
            <CommandForm id=FORM action=rename>
                <Meant shown id/>
                <DraftField
                    name=NAME
                    label="Name"
                    initial=summary.name
                    hint="The name in the directory; the display name is an attribute of its own."
                    required=true
                    autofocus=true
                    refusal=refused
                />
            </CommandForm>
        </FormPane>
    }
}

#[component]
fn NewPassword(shown: Shown, entry: EntryDetails) -> impl IntoView {
    let set = ServerAction::<SetPassword>::new();
    let refused = refusal(set);
    let summary = entry.summary;
    let id = summary.id;
    let tell = told_at(shown, || {
        Toast::success("Password set", "Password hash sync carries it on.")
    });
    after(set, move |()| tell(id));
    let account = entry.attributes.text("sAMAccountName").unwrap_or_default();
    let hint = format!(
        "7 to 127 characters. On the forest's first day, people had passwords like {}.",
        first_password(account)
    );
    let must_change = RwSignal::new(false);
    view! {
        <FormPane id="set-password" title="Set password" subtitle=summary.dn.to_string() shown done="Set" pending=set.pending() refusal=refused>
            <CommandForm id=FORM action=set>
                <Meant shown id/>
                <DraftField
                    name=draft::PASSWORD
                    label="New password"
                    kind=TextKind::NewPassword
                    hint
                    required=true
                    autofocus=true
                    refusal=refused
                />
                <CheckBox
                    name="must_change"
                    label="Must be changed at the next sign-in"
                    checked=must_change
                    hint="Such a password is not sent to the tenant; the one before it stays there."
                />
            </CommandForm>
        </FormPane>
    }
}

#[component]
fn NewPlace(shown: Shown, summary: EntrySummary, places: Places) -> impl IntoView {
    let move_to = ServerAction::<MoveTo>::new();
    let refused = refusal(move_to);
    let id = summary.id;
    let below = match summary.class {
        EntryClass::OrganizationalUnit => "Everything below it moves along.",
        _ => "",
    };
    let (toasts, go) = (Toasts::here(), staying());
    after(move_to, move |()| {
        toasts.show(Toast::success("Moved", "Its identity stays the same."));
        shown.reload();
        // Without the container that it left: the page opens the one that it is in.
        let page = Route::Directory(shown.directory);
        go.run(page.with(super::ENTRY, id));
    });
    let parent = summary.dn.parent().as_ref().map(Dn::to_string);
    view! {
        <FormPane id="move" title="Move" subtitle=summary.dn.to_string() shown done="Move" pending=move_to.pending() refusal=refused>
            <CommandForm id=FORM action=move_to>
                <Meant shown id/>
                <DraftSelect
                    name=CONTAINER
                    label="Container"
                    initial=parent.unwrap_or_default()
                    options=places.options
                    hint=below
                    refusal=refused
                />
            </CommandForm>
        </FormPane>
    }
}

#[component]
fn NewMembers(shown: Shown, summary: EntrySummary) -> impl IntoView {
    let add = ServerAction::<AddMembers>::new();
    let refused = refusal(add);
    let id = summary.id;
    let tell = told_at(shown, || {
        Toast::success("Members added", "The next cycle carries them on.")
    });
    after(add, move |()| tell(id));
    let error = Signal::derive(move || refused.get().map(|error| sentences(&error)));
    let names = RwSignal::new(String::new());
    view! {
        <FormPane id="add-members" title="Add members" subtitle=summary.label().to_owned() shown done="Add" pending=add.pending() refusal=refused>
            <CommandForm id=FORM action=add>
                <Meant shown name="group" id/>
                <TextArea
                    name=MEMBER
                    label="Members"
                    value=names
                    hint="One a line: a distinguished name, user principal name, account name or mail address."
                    error
                />
            </CommandForm>
        </FormPane>
    }
}

/// Several members can be refused at once.
fn sentences(error: &ApiError) -> String {
    match error {
        ApiError::Invalid(errors) => {
            let sentences = errors
                .iter()
                .map(|FieldError { message, .. }| message.as_str());
            sentences.collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}

#[component]
fn Deletion(shown: Shown, summary: EntrySummary) -> impl IntoView {
    let delete = ServerAction::<Delete>::new();
    let refused = refusal(delete);
    let (toasts, go) = (Toasts::here(), staying());
    after(delete, move |count| {
        let entries = u64::try_from(count).unwrap_or(u64::MAX);
        let text = format!("{} went.", counted(entries, "entry", "entries"));
        toasts.show(Toast::success("Deleted", text));
        shown.reload();
        let address = shown.address.get_untracked();
        let address = address.without(&[PANE, super::ENTRY, super::TAB, super::CONTAINER]);
        go.run(address.to_string());
    });
    let text = match summary.class {
        EntryClass::OrganizationalUnit => "It goes with everything below it.",
        EntryClass::Group => "Its members stay.",
        _ => "A demo forest has no recycle bin.",
    };
    let back = shown.without_pane();
    let actions = move || {
        view! {
            <CommandForm id=FORM action=delete>
                <Meant shown id=summary.id/>
                <Button label="Delete" weight=Weight::Danger/>
            </CommandForm>
            <GoButton label="Cancel" href=back autofocus=true/>
        }
        .into_any()
    };
    view! {
        <Dialog id="delete-entry" title=format!("Delete {}?", summary.label()) on_cancel=close(shown) actions>
            <p class="break-anywhere">{summary.dn.to_string()}</p>
            <p>{text}" What a configuration made of it follows with its next cycle."</p>
            <WholeFormRefusal refusal=refused start="Not deleted."/>
        </Dialog>
    }
}
