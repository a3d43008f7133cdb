//! `/settings/access-tokens`: by which programs act for people. A new one is shown once.

use engine::{
    access::{AccessToken, TOKEN_LIFETIMES_IN_DAYS},
    records::Role,
};
use leptos::prelude::*;
use uuid::Uuid;

use super::shown_once::ShownOnce;
use crate::{
    api::access::{self, CreateToken, RevokeToken, TokensPage},
    api::resource::resource,
    components::{
        button::{Button, GoButton, Weight},
        choice::{RadioChoice, RadioGroup},
        command_bar::Command,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        dialog::Dialog,
        empty_state::EmptyState,
        field::SelectOption,
        icon::Glyph,
        menu::{MenuButton, MenuCommand},
        moment::{Moment, MomentForm},
        page::Page,
        pane::Pane,
        status_badge::{Badge, StatusBadge, Tone},
        toast::{Toast, Toasts},
    },
    list_address::ListAddress,
    live::{self, keep_fresh},
    pages::{
        forms::{
            CommandForm, DraftField, DraftSelect, WholeFormRefusal, after, go_to, of_field, refusal,
        },
        frame::{self, label},
        loading::when_loaded,
    },
    routes::Route,
    wording::count,
};

const FORM: &str = "token-form";
const REVOKE_FORM: &str = "revoke-form";
const PANE: &str = "pane";
const REVOKE: &str = "revoke";

#[component]
pub fn AccessTokens() -> impl IntoView {
    let tokens = resource(|| (), |()| access::tokens());
    when_loaded(tokens, page)
}

fn page(loaded: TokensPage) -> impl IntoView {
    let TokensPage { tokens, new } = loaded;
    let (shown, new) = (RwSignal::new(tokens), RwSignal::new(new));
    keep_fresh(shown, || async { Ok(access::tokens().await?.tokens) });
    let is_empty = Memo::new(move |_| shown.read().is_empty());
    let address = ListAddress::of(Route::AccessTokens);
    let is_making = Memo::new(move |_| address.read().get(PANE) == Some("new"));
    let revoked = Memo::new(move |_| {
        let id: Uuid = address.read().read(REVOKE)?;
        shown.read().iter().find(|token| token.id == id).cloned()
    });
    view! {
        <Page
            title=label::ACCESS_TOKENS
            subtitle="By which programs act for people"
            glyph=Glyph::Key
            above=frame::azure_active_directory()
            menu=frame::settings_menu(label::ACCESS_TOKENS)
            commands=commands()
        >
            <ShownOnce
                id="new-token-title"
                title="New access token"
                what="access token"
                hint="Copy it now: it is not shown again. Programs send it as the header Authorization: Bearer."
                secret=new
            />
            {move || list(shown, is_empty.get())}
            {move || is_making.get().then(|| view! { <NewToken new/> })}
            {move || revoked.get().map(|token| view! { <Revoke token/> })}
        </Page>
    }
}

fn commands() -> Vec<Command> {
    vec![
        Command::go(
            "New access token",
            Glyph::Add,
            Route::AccessTokens.with(PANE, "new"),
        )
        .changes(),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()).after_line(),
    ]
}

fn list(shown: RwSignal<Vec<AccessToken>>, is_empty: bool) -> AnyView {
    if is_empty {
        return view! {
            <EmptyState
                glyph=Glyph::Key
                title="No access token"
                text="With a token a program can do what you may do, or only read, until the token expires."
            >
                <GoButton label="New access token" weight=Weight::Primary href=Route::AccessTokens.with(PANE, "new")/>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Name"),
        Column::new("Role"),
        Column::new("Owner").hidden_when_medium(),
        Column::new("Created").hidden_when_medium(),
        Column::new("Last used").hidden_when_narrow(),
        Column::new("Expires"),
        Column::actions(),
    ];
    view! {
        <DataGrid label="Access tokens" columns>
            <For each=move || shown.get() key=|token| format!("{token:?}") children=row/>
        </DataGrid>
    }
    .into_any()
}

fn row(token: AccessToken) -> impl IntoView {
    let revoke = Route::AccessTokens.with(REVOKE, token.id);
    let commands = vec![MenuCommand::go("Revoke", Glyph::Delete, revoke).danger()];
    let (at, expires_at) = (token.created_at, token.expires_at);
    let menu = format!("More actions for {}", token.name);
    let used = match token.last_used_at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => view! { <span class="muted">"Never"</span> }.into_any(),
    };
    let expires = match token.is_expired {
        true => {
            let badge = Badge::new("Expired", Glyph::CircleOff, Tone::Off);
            view! { <StatusBadge badge/> }.into_any()
        }
        false => view! { <Moment at=expires_at form=MomentForm::Exact/> }.into_any(),
    };
    view! {
        <Row>
            <RowHeader><span class="strong">{token.name}</span></RowHeader>
            <Cell label="Role">{token.role.label()}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium>{token.owner}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium><Moment at/></Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow>{used}</Cell>
            <Cell label="Expires">{expires}</Cell>
            <Cell actions=true>
                <MenuButton
                    id=format!("token-{}", token.id)
                    label=menu
                    commands
                />
            </Cell>
        </Row>
    }
}

#[component]
fn NewToken(new: RwSignal<Option<String>>) -> impl IntoView {
    let create = ServerAction::<CreateToken>::new();
    let (toasts, close) = (Toasts::here(), go_to(Route::AccessTokens));
    after(create, move |text| {
        new.set(Some(text));
        toasts.show(Toast::success(
            "Token made",
            "It is shown on this page, this once.",
        ));
        close.run(());
    });
    let refusal = refusal(create);
    let footer = move || {
        view! {
            <Button label="Create" weight=Weight::Primary form=FORM unavailable=create.pending()/>
            <GoButton label="Cancel" href=Route::AccessTokens/>
        }
    };
    view! {
        <Pane id="token-pane" title="New access token" focuses_field=true on_close=close footer>
            <CommandForm id=FORM action=create>
                <WholeFormRefusal refusal start="Not made."/>
                <DraftField
                    name="draft[name]"
                    label="Name"
                    hint="By which you know it again, for example the program's name."
                    required=true
                    autofocus=true
                    refusal
                />
                <RadioGroup
                    name="draft[role]"
                    legend="Role"
                    value=RwSignal::new(Role::ReportsReader.as_str().to_owned())
                    choices=role_choices()
                    error=of_field(refusal, "role")
                />
                <DraftSelect
                    name="draft[days]"
                    label="Valid for"
                    initial="30"
                    options=lifetimes()
                    hint="Afterwards it is refused, and cannot be renewed."
                    refusal
                />
            </CommandForm>
        </Pane>
    }
}

/// The roles, the smaller one first.
pub fn role_choices() -> Vec<RadioChoice> {
    let choice = |role: Role| {
        let hint = match role {
            Role::HybridIdentityAdministrator => "Reads and changes everything.",
            Role::ReportsReader => "Reads everything and changes nothing.",
        };
        RadioChoice::new(role.as_str(), role.label(), hint)
    };
    Role::ALL.into_iter().rev().map(choice).collect()
}

fn lifetimes() -> Vec<SelectOption> {
    TOKEN_LIFETIMES_IN_DAYS
        .into_iter()
        .map(|days| SelectOption::new(days.to_string(), count(days.into(), "day")))
        .collect()
}

#[component]
fn Revoke(token: AccessToken) -> impl IntoView {
    let revoke = ServerAction::<RevokeToken>::new();
    let (toasts, close) = (Toasts::here(), go_to(Route::AccessTokens));
    after(revoke, move |()| {
        toasts.show(Toast::success(
            "Token revoked",
            "Programs that use it are refused now.",
        ));
        close.run(());
    });
    let refusal = refusal(revoke);
    let actions = move || {
        view! {
            <Button label="Revoke" weight=Weight::Danger form=REVOKE_FORM/>
            <GoButton label="Cancel" href=Route::AccessTokens autofocus=true/>
        }
    };
    view! {
        <Dialog id="revoke-dialog" title=format!("Revoke {}?", token.name) on_cancel=close actions>
            <CommandForm id=REVOKE_FORM action=revoke>
                <input type="hidden" name="id" value=token.id.to_string()/>
                <WholeFormRefusal refusal start="Not revoked."/>
                <p>"Programs that use it are refused from now on. This cannot be undone."</p>
            </CommandForm>
        </Dialog>
    }
}
