//! `/settings/notifications`: how mails leave this server, whom the configurations tell, and a mail
//! that proves that it works.

use engine::records::{MailDelivery, MailSetup, MailSummary, NotifiedConfiguration};
use leptos::prelude::*;

use crate::{
    api::resource::resource,
    api::settings::{self, SendTestMail},
    components::{
        button::{Button, Weight},
        card::Card,
        command_bar::Command,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        empty_state::EmptyState,
        essentials::Fact,
        field::TextKind,
        icon::Glyph,
        message_bar::MessageBar,
        moment::Moment,
        page::Page,
        status_badge::StatusBadge,
        toast::{Toast, Toasts},
    },
    live::{self, keep_fresh},
    pages::{
        forms::{CommandForm, DraftField, WholeFormRefusal, after, refusal},
        frame::{self, label},
        loading::when_loaded,
        mailbox::{badge, trouble_of},
    },
    routes::Route,
};

const FORM: &str = "test-mail-form";

#[component]
pub fn NotificationSettings() -> impl IntoView {
    let setup = resource(|| (), |()| settings::mail());
    when_loaded(setup, page)
}

fn page(setup: MailSetup) -> impl IntoView {
    let shown = RwSignal::new(setup);
    keep_fresh(shown, settings::mail);
    let commands = vec![
        Command::submit("Send test e-mail", Glyph::Mail, FORM).primary(),
        Command::go("Mailbox", Glyph::MailFilled, Route::Mailbox).after_line(),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()),
    ];
    view! {
        <Page
            title=label::NOTIFICATIONS
            subtitle="For all configurations"
            glyph=Glyph::Mail
            above=frame::azure_active_directory()
            menu=frame::settings_menu(label::NOTIFICATIONS)
            commands
        >
            <Kept shown/>
            <div class="cards">
                <MailServer shown/>
                <TestMail/>
            </div>
            <Recipients shown/>
            <Latest shown/>
        </Page>
    }
}

/// Without a mail server nothing is lost, and nothing is sent.
#[component]
fn Kept(shown: RwSignal<MailSetup>) -> impl IntoView {
    let has_server = Memo::new(move |_| shown.read().server.is_some());
    move || {
        (!has_server.get()).then(|| {
            view! {
                <MessageBar
                    id="no-mail-server"
                    start="No mail server is set up."
                    text="Messages stay in the mailbox. Start the server with --smtp-url and --mail-from to send them."
                />
            }
        })
    }
}

#[component]
fn MailServer(shown: RwSignal<MailSetup>) -> impl IntoView {
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "None".to_owned());
    view! {
        <Card id="mail-server-title" title="Mail server">
            <dl class="facts">
                <Fact name="Server">{move || or_none(&shown.read().server)}</Fact>
                <Fact name="Sender">{move || or_none(&shown.read().sender)}</Fact>
                <Fact name="Links lead to">
                    <span class="monospace">{move || shown.read().portal_url.clone()}</span>
                </Fact>
            </dl>
        </Card>
    }
}

#[component]
fn TestMail() -> impl IntoView {
    let send = ServerAction::<SendTestMail>::new();
    let toasts = Toasts::here();
    after(send, move |mail| toasts.show(told(&mail)));
    let refusal = refusal(send);
    view! {
        <Card id="test-mail-title" title="Test message">
            <CommandForm id=FORM action=send>
                <WholeFormRefusal refusal start="Not sent."/>
                <DraftField
                    name="recipient"
                    label="Recipient"
                    kind=TextKind::Emails
                    hint="One address. The message is sent at once, and only once."
                    refusal
                />
                <div>
                    <Button label="Send test e-mail" weight=Weight::Secondary unavailable=send.pending()/>
                </div>
            </CommandForm>
        </Card>
    }
}

/// What became of the message, as far as it is known at once.
fn told(mail: &MailSummary) -> Toast {
    let to = mail.recipients.join("; ");
    match &mail.delivery {
        MailDelivery::Kept => Toast::success(
            "Test message written",
            format!("No mail server is set up, so the message to {to} lies in the mailbox."),
        ),
        MailDelivery::Delivered { .. } => Toast::success(
            "Test message sent",
            format!("The mail server took it for {to}."),
        ),
        MailDelivery::Waiting { last_error, .. } => Toast::error(
            "Test message waits",
            last_error
                .clone()
                .unwrap_or_else(|| "It is tried again.".to_owned()),
        ),
        MailDelivery::GivenUp { error } => Toast::error("Test message not sent", error.clone()),
    }
}

#[component]
fn Recipients(shown: RwSignal<MailSetup>) -> impl IntoView {
    let told = Memo::new(move |_| shown.read().configurations.clone());
    view! {
        <Card id="recipients-title" title="Who is told">
            {move || match told.get() {
                told if told.is_empty() => view! {
                    <p class="muted">"No configuration yet. Each one names its own addresses."</p>
                }
                .into_any(),
                told => recipients(told).into_any(),
            }}
        </Card>
    }
}

fn recipients(told: Vec<NotifiedConfiguration>) -> impl IntoView {
    let row = |NotifiedConfiguration {
                   id,
                   domain,
                   addresses,
               }| {
        let addresses = match addresses.is_empty() {
            true => view! { <span class="muted">"Nobody is notified."</span> }.into_any(),
            false => addresses.join("; ").into_any(),
        };
        let href = Route::Configuration(id).to_string();
        view! {
            <Row>
                <RowHeader><a href=href>{domain.to_string()}</a></RowHeader>
                <Cell label="Notification email">{addresses}</Cell>
            </Row>
        }
    };
    let columns = vec![
        Column::new("Configuration"),
        Column::new("Notification email"),
    ];
    view! {
        <DataGrid label="Who is told" columns>{told.into_iter().map(row).collect_view()}</DataGrid>
    }
}

#[component]
fn Latest(shown: RwSignal<MailSetup>) -> impl IntoView {
    let latest = Memo::new(move |_| shown.read().latest.clone());
    view! {
        <Card id="latest-title" title="Latest messages">
            {move || match latest.get() {
                latest if latest.is_empty() => view! {
                    <EmptyState
                        glyph=Glyph::Mail
                        title="No message"
                        text="Messages appear when a configuration needs somebody, and has an address to write to."
                    />
                }
                .into_any(),
                latest => messages(latest).into_any(),
            }}
        </Card>
    }
}

fn messages(latest: Vec<MailSummary>) -> impl IntoView {
    let row = |mail: MailSummary| {
        let trouble = trouble_of(&mail.delivery);
        let href = Route::Mailbox.with("mail", mail.id);
        view! {
            <Row>
                <RowHeader><a href=href>{mail.subject}</a></RowHeader>
                <Cell label="To">{mail.recipients.join("; ")}</Cell>
                <Cell room=ColumnRoom::HiddenWhenNarrow><Moment at=mail.at/></Cell>
                <Cell>
                    <span class="two-lines">
                        <StatusBadge badge=badge(&mail.delivery)/>
                        {trouble.map(|trouble| view! { <small>{trouble}</small> })}
                    </span>
                </Cell>
            </Row>
        }
    };
    let columns = vec![
        Column::new("Subject"),
        Column::new("To"),
        Column::new("Written").hidden_when_narrow(),
        Column::new("Delivery"),
    ];
    view! {
        <DataGrid label="Latest messages" columns>{latest.into_iter().map(row).collect_view()}</DataGrid>
    }
}
