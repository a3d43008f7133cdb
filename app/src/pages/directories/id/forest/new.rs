//! Adding a person, a group or an organizational unit to a demo forest.

use leptos::prelude::*;

use super::{
    Shown,
    panes::{FORM, FormPane, Places, told_at},
};
use crate::{
    api::forest::{AddGroup, AddOrganizationalUnit, AddPerson},
    components::{
        field::{SelectOption, TextKind},
        toast::Toast,
    },
    pages::forms::{CommandForm, DraftField, DraftSelect, Refusal, after, refusal},
};

const CONTAINER: &str = "draft[container]";

#[component]
fn Container(places: Places, refusal: Refusal) -> impl IntoView {
    view! {
        <DraftSelect
            name=CONTAINER
            label="Container"
            initial=places.here
            options=places.options
            refusal
        />
    }
}

#[component]
fn InForest(shown: Shown) -> impl IntoView {
    view! { <input type="hidden" name="forest" value=shown.forest.domain()/> }
}

#[component]
pub fn NewUser(shown: Shown, places: Places) -> impl IntoView {
    let add = ServerAction::<AddPerson>::new();
    let refused = refusal(add);
    let tell = told_at(shown, || {
        Toast::success("User added", "The account is enabled.")
    });
    after(add, tell);
    let domain = shown.forest.domain();
    let field = move |name: &'static str, label: &'static str, kind: TextKind| {
        view! { <DraftField name label kind refusal=refused/> }
    };
    view! {
        <FormPane id="new-user" title="New user" subtitle=domain shown done="Add" pending=add.pending() refusal=refused>
            <CommandForm id=FORM action=add>
                <InForest shown/>
                <DraftField name="draft[given_name]" label="First name" autofocus=true refusal=refused/>
                {field("draft[surname]", "Last name", TextKind::Plain)}
                <DraftField
                    name="draft[display_name]"
                    label="Display name"
                    hint="First and last name when empty."
                    refusal=refused
                />
                <DraftField
                    name="draft[account_name]"
                    label="Account name"
                    hint="Up to 20 characters, unique in the forest."
                    required=true
                    refusal=refused
                />
                <DraftField
                    name="draft[user_principal_name]"
                    label="User principal name"
                    hint=format!("For example anna.bergmann@{domain}. Directories allow people without one.")
                    refusal=refused
                />
                {field("draft[mail]", "Mail", TextKind::Plain)}
                {field("draft[title]", "Job title", TextKind::Plain)}
                {field("draft[department]", "Department", TextKind::Plain)}
                <Container places refusal=refused/>
            </CommandForm>
        </FormPane>
    }
}

#[component]
pub fn NewGroup(shown: Shown, places: Places) -> impl IntoView {
    let add = ServerAction::<AddGroup>::new();
    let refused = refusal(add);
    let tell = told_at(shown, || {
        Toast::success("Group added", "It has no member yet.")
    });
    after(add, tell);
    let types = vec![
        SelectOption::new("security", "Security group"),
        SelectOption::new("distribution", "Distribution group"),
    ];
    let domain = shown.forest.domain();
    view! {
        <FormPane id="new-group" title="New group" subtitle=domain shown done="Add" pending=add.pending() refusal=refused>
            <CommandForm id=FORM action=add>
                <InForest shown/>
                <DraftField name="draft[name]" label="Name" required=true autofocus=true refusal=refused/>
                <DraftField
                    name="draft[account_name]"
                    label="Account name"
                    hint="The name when empty."
                    refusal=refused
                />
                <DraftField name="draft[description]" label="Description" refusal=refused/>
                <DraftField name="draft[mail]" label="Mail" refusal=refused/>
                <DraftSelect
                    name="draft[group_type]"
                    label="Type"
                    initial="security"
                    options=types
                    refusal=refused
                />
                <Container places refusal=refused/>
            </CommandForm>
        </FormPane>
    }
}

#[component]
pub fn NewOrganizationalUnit(shown: Shown, places: Places) -> impl IntoView {
    let add = ServerAction::<AddOrganizationalUnit>::new();
    let refused = refusal(add);
    let tell = told_at(shown, || {
        Toast::success("Organizational unit added", "It is empty.")
    });
    after(add, tell);
    let domain = shown.forest.domain();
    view! {
        <FormPane
            id="new-organizational-unit"
            title="New organizational unit"
            subtitle=domain
            shown
            done="Add"
            pending=add.pending()
            refusal=refused
        >
            <CommandForm id=FORM action=add>
                <InForest shown/>
                <DraftField name="draft[name]" label="Name" required=true autofocus=true refusal=refused/>
                <DraftField name="draft[description]" label="Description" refusal=refused/>
                <Container places refusal=refused/>
            </CommandForm>
        </FormPane>
    }
}
