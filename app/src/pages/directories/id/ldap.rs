//! An LDAP directory: how it is reached, how it is, and the containers in it.

use engine::records::{
    Contact, ContainerSummary, DirectoryDetails, DirectoryId, DirectorySummary, LdapConnection,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::super::{
    badge,
    connection::{Connection, ConnectionFields, FORM, TestButton, TestResult},
    new::above,
};
use crate::{
    api::{
        self, ApiError,
        directories::{Change, Disconnect, Test},
        resource::{Resource, resource},
    },
    components::{
        button::{Button, GoButton, Weight},
        card::Card,
        command_bar::Command,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        dialog::Dialog,
        empty_state::EmptyState,
        essentials::{Essentials, Fact},
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        moment::Moment,
        page::Page,
        pane::Pane,
        status_badge::StatusBadge,
        toast::{Toast, Toasts},
    },
    list_address::ListAddress,
    live::{self, keep_fresh},
    pages::{
        forms::{CommandForm, WholeFormRefusal, after, go_to, refusal},
        frame::{self, label},
        paged_list::NotLoaded,
    },
    routes::Route,
    wording::interval,
};

const PANE: &str = "pane";
const CONNECTION: &str = "connection";
const DISCONNECT: &str = "disconnect";
const CONTAINER: &str = "container";

/// The page. What is shown of the connection follows its changes.
pub fn page(details: DirectoryDetails) -> impl IntoView {
    let id = details.summary.id;
    let domain = details.summary.domain.to_string();
    let base = details.summary.base_dn.to_string();
    let details = RwSignal::new(details);
    keep_fresh(details, move || api::directories::details(id));
    let shown = Memo::new(move |_| details.get());
    let address = ListAddress::of(Route::Directory(id));
    let pane = Memo::new(move |_| address.with(|address| address.text(PANE)));
    let test = ServerAction::<Test>::new();
    view! {
        <Page
            title=domain.as_str()
            subtitle="LDAP directory"
            glyph=Glyph::FolderPeople
            above=above()
            menu=frame::tenant_menu(label::DIRECTORIES)
            commands=commands(id, shown, test)
        >
            <TestResult test/>
            {move || last_error(&shown.read(), test)}
            {move || facts(shown.get())}
            <Containers id base address/>
        </Page>
        {move || match pane.get().as_str() {
            CONNECTION => view! { <ChangeConnection id stored=shown.get_untracked().connection/> }.into_any(),
            DISCONNECT => view! { <Disconnection id domain=domain.clone()/> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

fn commands(
    id: DirectoryId,
    shown: Memo<DirectoryDetails>,
    test: ServerAction<Test>,
) -> Vec<Command> {
    let test_again = Callback::new(move |()| {
        let stored = shown.get_untracked().connection;
        test.dispatch(Test {
            existing: Some(id),
            draft: Connection::new(stored.as_ref()).draft(),
        });
    });
    let in_use = Signal::derive(move || {
        let summary = &shown.read().summary;
        let reason = || format!("Delete the configuration for {} first.", summary.domain);
        summary.configuration.map(|_| reason())
    });
    let page = Route::Directory(id);
    vec![
        Command::run("Test again", Glyph::PlugConnected, test_again),
        Command::go(
            "Change connection",
            Glyph::Edit,
            page.with(PANE, CONNECTION),
        )
        .changes(),
        Command::go("Disconnect", Glyph::Delete, page.with(PANE, DISCONNECT))
            .danger()
            .unavailable_because(in_use),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()).after_line(),
    ]
}

/// What the last reading or test could not do, as long as no newer test says something else.
fn last_error(details: &DirectoryDetails, test: ServerAction<Test>) -> Option<AnyView> {
    let is_tested = test.pending().get() || test.value().get().is_some();
    let error = details.summary.last_contact.as_ref()?.error.clone()?;
    (!is_tested).then(|| {
        view! {
            <MessageBar id="last-contact" severity=Severity::Error start="The directory did not answer." text=error/>
        }
        .into_any()
    })
}

fn facts(details: DirectoryDetails) -> impl IntoView {
    let state = badge(&details.summary);
    let DirectorySummary {
        configuration,
        last_contact,
        ..
    } = details.summary;
    let at = last_contact.map(|Contact { at, .. }| at);
    let deletions = details.deletions_checked_every_seconds.map(|seconds| {
        let text = format!(
            "Checked every {}, because the directory does not report them",
            interval(seconds)
        );
        view! { <Fact name="Deletions">{text}</Fact> }
    });
    let configuration = match configuration {
        Some(id) => {
            let href = Route::Configuration(id).to_string();
            view! { <a href=href>"Open configuration"</a> }.into_any()
        }
        None => view! {
            <span class="muted">"None"</span>
            <a href=Route::NewConfiguration.to_string()>"New configuration"</a>
        }
        .into_any(),
    };
    let connection = details.connection.map(|connection| {
        let encryption = encryption(&connection);
        let authority = match connection.ca_certificate_pem {
            Some(_) => "Own certificate",
            None => "Public ones",
        };
        view! {
            <Fact name="Address"><span class="monospace">{connection.url}</span></Fact>
            <Fact name="Encryption">{encryption}</Fact>
            <Fact name="Trusted authority">{authority}</Fact>
            <Fact name="Bind DN"><span class="monospace">{connection.bind_dn}</span></Fact>
            <Fact name="Base DN"><span class="monospace">{connection.base_dn.to_string()}</span></Fact>
        }
    });
    view! {
        <Essentials>
            <Fact name="State">
                <StatusBadge badge=state/>
                {at.map(|at| view! { <span class="muted"><Moment at/></span> })}
            </Fact>
            <Fact name="Configuration">{configuration}</Fact>
            {connection}
            {deletions}
        </Essentials>
    }
}

fn encryption(connection: &LdapConnection) -> &'static str {
    match (connection.start_tls, connection.url.starts_with("ldaps:")) {
        (_, true) => "LDAPS",
        (true, false) => "StartTLS",
        (false, false) => "None: everything travels readable",
    }
}

/// One container after the other, from the base down.
#[component]
fn Containers(id: DirectoryId, base: String, address: Memo<ListAddress>) -> impl IntoView {
    let open =
        Memo::new(move |_| address.with(|address| address.get(CONTAINER).map(str::to_owned)));
    let containers = resource(
        move || open.get(),
        move |parent| api::directories::containers(id, parent),
    );
    let here = move || open.get().unwrap_or_else(|| base.clone());
    let is_below = move || open.with(Option::is_some);
    let top = move || {
        address
            .with(|address| address.without(&[CONTAINER]))
            .to_string()
    };
    view! {
        <Card id="containers-title" title="Containers">
            <div class="stack">
                <p class="row">
                    <span class="monospace break-anywhere">{here}</span>
                    {move || is_below().then(|| view! { <a href=top() data-noscroll="">"Back to the base"</a> })}
                </p>
                <Transition>
                    {move || Suspend::new(async move { listed(containers.await, containers, address) })}
                </Transition>
            </div>
        </Card>
    }
}

fn listed(
    answer: Result<Vec<ContainerSummary>, ApiError>,
    containers: Resource<Result<Vec<ContainerSummary>, ApiError>>,
    address: Memo<ListAddress>,
) -> AnyView {
    let columns = || {
        vec![
            Column::new("Name"),
            Column::new("Distinguished name").hidden_when_narrow(),
        ]
    };
    match answer {
        Err(error) => view! { <NotLoaded error retry=move |()| containers.refetch()/> }.into_any(),
        Ok(containers) if containers.is_empty() => view! {
            <EmptyState
                glyph=Glyph::FolderPeople
                title="No container"
                text="People and groups are not listed here, only what can hold them."
            />
        }
        .into_any(),
        Ok(containers) => view! {
            <DataGrid label="Containers" columns=columns()>
                {containers.into_iter().map(|container| container_row(container, address)).collect_view()}
            </DataGrid>
        }
        .into_any(),
    }
}

fn container_row(container: ContainerSummary, address: Memo<ListAddress>) -> impl IntoView {
    let dn = container.dn.to_string();
    let href = address
        .with_untracked(|address| address.with(CONTAINER, &dn))
        .to_string();
    let name = match container.has_containers {
        true => view! { <a href=href data-noscroll="">{container.name}</a> }.into_any(),
        false => container.name.into_any(),
    };
    view! {
        <Row>
            <RowHeader>{name}</RowHeader>
            <Cell room=ColumnRoom::HiddenWhenNarrow><span class="monospace">{dn}</span></Cell>
        </Row>
    }
}

/// Goes back to the page behind a pane.
fn close(id: DirectoryId) -> Callback<()> {
    go_to(Route::Directory(id))
}

#[component]
fn ChangeConnection(id: DirectoryId, stored: Option<LdapConnection>) -> impl IntoView {
    let connection = Connection::new(stored.as_ref());
    let test = ServerAction::<Test>::new();
    let change = ServerAction::<Change>::new();
    let (refused, test_refused) = (refusal(change), refusal(test));
    let latest = Signal::derive(move || refused.get().or_else(|| test_refused.get()));
    let (close, toasts, refresh) = (close(id), Toasts::here(), live::refresh());
    after(change, move |()| {
        toasts.show(Toast::success(
            "Connection changed",
            "It answered, and is stored.",
        ));
        refresh.run(());
        close.run(());
    });
    let footer = move || {
        view! {
            <Button label="Save" weight=Weight::Primary form=FORM unavailable=change.pending()/>
            <TestButton test connection existing=Some(id)/>
            <GoButton label="Cancel" href=Route::Directory(id)/>
        }
        .into_any()
    };
    view! {
        <Pane id="change-connection" title="Change connection" on_close=close footer>
            <TestResult test/>
            <WholeFormRefusal refusal=refused start="Not changed."/>
            <CommandForm id=FORM action=change>
                <input type="hidden" name="id" value=id.to_string()/>
                <ConnectionFields connection refusal=latest is_stored=true/>
            </CommandForm>
        </Pane>
    }
}

#[component]
fn Disconnection(id: DirectoryId, domain: String) -> impl IntoView {
    const DISCONNECT_FORM: &str = "disconnect-form";
    let disconnect = ServerAction::<Disconnect>::new();
    let (close, toasts, navigate) = (close(id), Toasts::here(), use_navigate());
    after(disconnect, move |()| {
        toasts.show(Toast::success(
            "Directory disconnected",
            "Nothing of it was changed.",
        ));
        navigate(&Route::Directories.to_string(), NavigateOptions::default());
    });
    let actions = move || {
        view! {
            <CommandForm id=DISCONNECT_FORM action=disconnect>
                <input type="hidden" name="id" value=id.to_string()/>
                <Button label="Disconnect" weight=Weight::Danger/>
            </CommandForm>
            <GoButton label="Cancel" href=Route::Directory(id) autofocus=true/>
        }
        .into_any()
    };
    view! {
        <Dialog id="disconnect" title=format!("Disconnect {domain}?") on_cancel=close actions>
            <p>"The portal forgets how the directory is reached. The directory itself is not touched."</p>
            <WholeFormRefusal refusal=refusal(disconnect) start="Not disconnected."/>
        </Dialog>
    }
}
