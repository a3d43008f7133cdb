//! `/settings/people-and-roles`: who may sign in, with which role, and who is invited.

use engine::{
    access::{Invitation, PeopleAndInvitations, Person},
    records::Role,
};
use leptos::prelude::*;
use uuid::Uuid;

use super::{access_tokens::role_choices, shown_once::ShownOnce};
use crate::{
    api::access::{self, ChangeRole, Invite, PeoplePage, RemovePerson, WithdrawInvitation},
    api::resource::resource,
    components::{
        button::{Button, GoButton, Weight},
        card::Card,
        choice::RadioGroup,
        command_bar::Command,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        dialog::Dialog,
        icon::{Glyph, Icon},
        menu::{MenuButton, MenuCommand},
        moment::{Moment, MomentForm},
        page::Page,
        pane::Pane,
        status_badge::Tag,
        toast::{Toast, Toasts},
    },
    list_address::ListAddress,
    live::{self, keep_fresh},
    pages::{
        forms::{CommandForm, WholeFormRefusal, after, complain, go_to, refusal},
        frame::{self, label},
        loading::when_loaded,
    },
    routes::Route,
};

const INVITE_FORM: &str = "invite-form";
const ROLE_FORM: &str = "role-form";
const REMOVE_FORM: &str = "remove-form";
const PANE: &str = "pane";
/// Whose role is changed, and who is removed, in the address.
const ROLE_OF: &str = "role-of";
const REMOVE: &str = "remove";

#[component]
pub fn PeopleAndRoles() -> impl IntoView {
    let people = resource(|| (), |()| access::people());
    when_loaded(people, page)
}

fn page(loaded: PeoplePage) -> impl IntoView {
    let (shown, link) = (RwSignal::new(loaded.access), RwSignal::new(loaded.new_link));
    keep_fresh(shown, || async { Ok(access::people().await?.access) });
    let address = ListAddress::of(Route::PeopleAndRoles);
    let is_inviting = Memo::new(move |_| address.read().get(PANE) == Some("invite"));
    let named = move |by: &'static str| {
        Memo::new(move |_| {
            let id: Uuid = address.read().read(by)?;
            let shown = shown.read();
            shown.people.iter().find(|person| person.id == id).cloned()
        })
    };
    let (changed, removed) = (named(ROLE_OF), named(REMOVE));
    view! {
        <Page
            title=label::PEOPLE_AND_ROLES
            subtitle="Who may sign in"
            glyph=Glyph::PeopleTeam
            above=frame::azure_active_directory()
            menu=frame::settings_menu(label::PEOPLE_AND_ROLES)
            commands=commands()
        >
            <ShownOnce
                id="new-invitation-title"
                title="New invitation"
                what="invitation link"
                hint="Send it to whoever shall come in. It works once, for a day, and is not shown again."
                secret=link
            />
            <List shown/>
            <Invitations shown/>
            {move || is_inviting.get().then(|| view! { <InvitePane link/> })}
            {move || changed.get().map(|person| view! { <RolePane person/> })}
            {move || removed.get().map(|person| view! { <Remove person/> })}
        </Page>
    }
}

fn commands() -> Vec<Command> {
    vec![
        Command::go(
            "Invite a person",
            Glyph::PersonAdd,
            Route::PeopleAndRoles.with(PANE, "invite"),
        )
        .changes(),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()).after_line(),
        Command::go("Audit logs", Glyph::History, Route::AuditLogs),
    ]
}

/// Rows that stay the same stay the same elements, so that the focus stays where it was.
#[component]
fn List(shown: RwSignal<PeopleAndInvitations>) -> impl IntoView {
    let columns = vec![
        Column::new("Name"),
        Column::new("Role"),
        Column::new("Added").hidden_when_medium(),
        Column::new("Last seen").hidden_when_narrow(),
        Column::actions(),
    ];
    view! {
        <DataGrid label="People" columns>
            <For
                each=move || shown.get().people
                key=|person| format!("{person:?}")
                children=row
            />
        </DataGrid>
    }
}

fn row(person: Person) -> impl IntoView {
    let commands = row_commands(&person);
    let at = person.created_at;
    let menu = format!("More actions for {}", person.display_name);
    let seen = match person.last_seen_at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => view! { <span class="muted">"Not signed in"</span> }.into_any(),
    };
    let you = person.is_you.then(|| view! { <Tag label="You"/> });
    view! {
        <Row>
            <RowHeader>
                <span class="with-icon">
                    <Icon glyph=Glyph::Person/>
                    <span class="two-lines">
                        <span><span class="strong">{person.display_name}</span>" "{you}</span>
                        <small>{person.email}</small>
                    </span>
                </span>
            </RowHeader>
            <Cell label="Role">{person.role.label()}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium><Moment at/></Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow>{seen}</Cell>
            <Cell actions=true>
                <MenuButton
                    id=format!("person-{}", person.id)
                    label=menu
                    commands
                />
            </Cell>
        </Row>
    }
}

fn row_commands(person: &Person) -> Vec<MenuCommand> {
    const OF_THE_DEMO: &str = "The demo administrator belongs to the demo and stays as it is.";
    let stays = person.is_demo.then_some(OF_THE_DEMO);
    let own = person
        .is_you
        .then_some("Nobody removes themselves. Ask another administrator.");
    let to = |name, label, glyph| {
        let href = Route::PeopleAndRoles.with(name, person.id);
        MenuCommand::go(label, glyph, href)
    };
    vec![
        to(ROLE_OF, "Change role", Glyph::Edit)
            .changes()
            .unavailable_because(stays),
        to(REMOVE, "Remove", Glyph::Delete)
            .danger()
            .unavailable_because(stays.or(own)),
    ]
}

#[component]
fn Invitations(shown: RwSignal<PeopleAndInvitations>) -> impl IntoView {
    let invitations = Memo::new(move |_| shown.read().invitations.clone());
    let is_empty = Memo::new(move |_| invitations.read().is_empty());
    let withdraw = ServerAction::<WithdrawInvitation>::new();
    let toasts = Toasts::here();
    after(withdraw, move |()| {
        toasts.show(Toast::success(
            "Invitation withdrawn",
            "Its link leads nowhere now.",
        ));
    });
    complain(withdraw.value().into(), "Not withdrawn");
    let rows = move || {
        let columns = vec![
            Column::new("Role"),
            Column::new("Invited by"),
            Column::new("Expires"),
            Column::actions(),
        ];
        view! {
            <DataGrid label="Invitations" columns small=true>
                <For
                    each=move || invitations.get()
                    key=|invitation| invitation.id
                    children=move |one| invitation(one, withdraw)
                />
            </DataGrid>
        }
    };
    view! {
        <Card id="invitations-title" title="Invitations">
            {move || match is_empty.get() {
                true => view! {
                    <p class="muted">"No invitation is open. A link works once, for a day."</p>
                }
                .into_any(),
                false => rows().into_any(),
            }}
        </Card>
    }
}

fn invitation(invitation: Invitation, withdraw: ServerAction<WithdrawInvitation>) -> impl IntoView {
    let (id, expires_at) = (invitation.id, invitation.expires_at);
    view! {
        <Row>
            <RowHeader>{invitation.role.label()}</RowHeader>
            <Cell label="Invited by">{invitation.invited_by}</Cell>
            <Cell label="Expires"><Moment at=expires_at form=MomentForm::Log/></Cell>
            <Cell actions=true>
                <ActionForm action=withdraw>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <Button label="Withdraw" small=true/>
                </ActionForm>
            </Cell>
        </Row>
    }
}

#[component]
fn InvitePane(link: RwSignal<Option<String>>) -> impl IntoView {
    let invite = ServerAction::<Invite>::new();
    let (toasts, close) = (Toasts::here(), go_to(Route::PeopleAndRoles));
    after(invite, move |made| {
        link.set(Some(made));
        toasts.show(Toast::success(
            "Invitation made",
            "Its link is shown on this page, this once.",
        ));
        close.run(());
    });
    let refusal = refusal(invite);
    let footer = move || {
        view! {
            <Button label="Create link" weight=Weight::Primary form=INVITE_FORM unavailable=invite.pending()/>
            <GoButton label="Cancel" href=Route::PeopleAndRoles/>
        }
    };
    view! {
        <Pane id="invite-pane" title="Invite a person" on_close=close footer>
            <CommandForm id=INVITE_FORM action=invite>
                <WholeFormRefusal refusal start="Not invited."/>
                <p>"Whoever has the link sets a name, an email address and a password, once."</p>
                <Roles chosen=Role::ReportsReader/>
            </CommandForm>
        </Pane>
    }
}

#[component]
fn Roles(chosen: Role) -> impl IntoView {
    let value = RwSignal::new(chosen.as_str().to_owned());
    view! { <RadioGroup name="role" legend="Role" value choices=role_choices()/> }
}

#[component]
fn RolePane(person: Person) -> impl IntoView {
    let change = ServerAction::<ChangeRole>::new();
    let (toasts, close) = (Toasts::here(), go_to(Route::PeopleAndRoles));
    after(change, move |()| {
        toasts.show(Toast::success(
            "Role changed",
            "It holds for whatever they do next.",
        ));
        close.run(());
    });
    let refusal = refusal(change);
    let footer = move || {
        view! {
            <Button label="Apply" weight=Weight::Primary form=ROLE_FORM unavailable=change.pending()/>
            <GoButton label="Cancel" href=Route::PeopleAndRoles/>
        }
    };
    view! {
        <Pane id="role-pane" title="Change role" subtitle=person.display_name on_close=close footer>
            <CommandForm id=ROLE_FORM action=change>
                <WholeFormRefusal refusal start="Not changed."/>
                <input type="hidden" name="id" value=person.id.to_string()/>
                <Roles chosen=person.role/>
            </CommandForm>
        </Pane>
    }
}

#[component]
fn Remove(person: Person) -> impl IntoView {
    let remove = ServerAction::<RemovePerson>::new();
    let (toasts, close) = (Toasts::here(), go_to(Route::PeopleAndRoles));
    after(remove, move |()| {
        toasts.show(Toast::success(
            "Person removed",
            "Their access tokens went with them.",
        ));
        close.run(());
    });
    let refusal = refusal(remove);
    let actions = move || {
        view! {
            <Button label="Remove" weight=Weight::Danger form=REMOVE_FORM/>
            <GoButton label="Cancel" href=Route::PeopleAndRoles autofocus=true/>
        }
    };
    let title = format!("Remove {}?", person.display_name);
    view! {
        <Dialog id="remove-dialog" title on_cancel=close actions>
            <CommandForm id=REMOVE_FORM action=remove>
                <WholeFormRefusal refusal start="Not removed."/>
                <input type="hidden" name="id" value=person.id.to_string()/>
                <p>
                    "They are signed out, and their access tokens are refused from now on. What they did "
                    "stays in the audit log."
                </p>
            </CommandForm>
        </Dialog>
    }
}
