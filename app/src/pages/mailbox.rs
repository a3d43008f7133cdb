//! `/mailbox`: the mails that the product wrote. Where no mail server is configured, this is where
//! they are read.

use engine::records::{MailDelivery, MailDetails, MailSummary, Page as Rows};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    frame::{self, label},
    loading::when_loaded,
};
use crate::{
    api::{self, ApiError, resource::resource},
    components::{
        command_bar::Command,
        empty_state::EmptyState,
        icon::{Glyph, Icon},
        moment::Moment,
        page::Page,
        pager::Pager,
        status_badge::{Badge, StatusBadge, Tone},
    },
    list_address::ListAddress,
    live::{self, keep_fresh},
    routes::Route,
};

/// The messages, and the one that is open.
#[derive(Clone, Serialize, Deserialize)]
struct Mails {
    rows: Rows<MailSummary>,
    open: Option<MailDetails>,
}

async fn load(address: ListAddress) -> Result<Mails, ApiError> {
    let rows = api::mailbox::list(address.after()).await?;
    let open = match address.read::<Uuid>("mail") {
        Some(mail) => Some(api::mailbox::read(mail).await?),
        None => None,
    };
    Ok(Mails { rows, open })
}

#[component]
pub fn Mailbox() -> impl IntoView {
    let address = ListAddress::of(Route::Mailbox);
    let mails = resource(move || address.get(), load);
    when_loaded(mails, move |mails| page(mails, address))
}

fn page(mails: Mails, address: Memo<ListAddress>) -> impl IntoView {
    let shown = RwSignal::new(mails);
    keep_fresh(shown, move || load(address.get_untracked()));
    let is_empty = Memo::new(move |_| shown.read().rows.items.is_empty());
    view! {
        <Page
            title="Mailbox"
            subtitle="Test environment"
            glyph=Glyph::Mail
            above=frame::home()
            menu=frame::tenant_menu(label::MAILBOX)
            commands=vec![Command::run("Refresh", Glyph::ArrowClockwise, live::refresh())]
            state=live::last_update_in_words()
        >
            {move || if is_empty.get() {
                view! {
                    <div class="card">
                        <EmptyState
                            glyph=Glyph::Mail
                            title="No message"
                            text="Mails of the product arrive here: when a configuration needs somebody, and has an address to write to."
                        />
                    </div>
                }
                .into_any()
            } else {
                view! { <Messages shown address/> }.into_any()
            }}
        </Page>
    }
}

#[component]
fn Messages(shown: RwSignal<Mails>, address: Memo<ListAddress>) -> impl IntoView {
    let open = Memo::new(move |_| shown.read().open.clone());
    let row = move |mail: MailSummary| {
        let href = address.read().with("mail", mail.id).to_string();
        let is_open = open
            .read()
            .as_ref()
            .is_some_and(|open| open.summary.id == mail.id);
        view! { <Message mail href is_open/> }
    };
    let rows = move || {
        shown
            .read()
            .rows
            .items
            .clone()
            .into_iter()
            .map(row)
            .collect_view()
    };
    let pager = move || {
        let rows = shown.read();
        let address = address.read();
        let previous = address.previous().map(|page| page.to_string());
        let next = rows
            .rows
            .next
            .as_ref()
            .map(|key| address.next(key).to_string());
        let summary = address.summary(&rows.rows, ["message", "messages"]);
        view! { <Pager summary previous next/> }
    };
    view! {
        <div class="mailbox">
            <div class="stack">
                <ul class="message-list" aria-label="Messages">{rows}</ul>
                {pager}
            </div>
            {move || match open.get() {
                Some(mail) => view! { <OpenMessage mail/> }.into_any(),
                None => view! { <p class="muted">"Choose a message to read it."</p> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Message(mail: MailSummary, href: String, is_open: bool) -> impl IntoView {
    view! {
        <li>
            <a href=href aria-current=is_open.then_some("true")>
                <Icon glyph=Glyph::Mail/>
                <span class="two-lines">
                    <span class="strong">{mail.subject}</span>
                    <small>{mail.recipients.join("; ")}" · "<Moment at=mail.at/></small>
                </span>
            </a>
        </li>
    }
}

#[component]
fn OpenMessage(mail: MailDetails) -> impl IntoView {
    let MailDetails { summary, text, .. } = mail;
    let trouble = trouble_of(&summary.delivery);
    view! {
        <article class="card" aria-labelledby="message-subject">
            <h2 id="message-subject">{summary.subject}</h2>
            <p class="muted">
                "To "{summary.recipients.join("; ")}" · "<Moment at=summary.at/>
            </p>
            <p><StatusBadge badge=badge(&summary.delivery)/></p>
            {trouble.map(|trouble| view! { <p class="muted">{trouble}</p> })}
            <div class="message-text">{with_links(&text)}</div>
        </article>
    }
}

/// The text, with its addresses as links.
fn with_links(text: &str) -> Vec<AnyView> {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let address = word.trim_end();
            if address.starts_with("https://") || address.starts_with("http://") {
                let space = word[address.len()..].to_owned();
                let (href, address) = (address.to_owned(), address.to_owned());
                view! { <a href=href>{address}</a>{space} }.into_any()
            } else {
                word.to_owned().into_any()
            }
        })
        .collect()
}

/// What became of a mail, as it looks.
pub fn badge(delivery: &MailDelivery) -> Badge {
    match delivery {
        MailDelivery::Kept => Badge::new("Kept here", Glyph::Mail, Tone::Off),
        MailDelivery::Waiting { .. } => Badge::new("Waiting", Glyph::ArrowSync, Tone::Running),
        MailDelivery::Delivered { .. } => {
            Badge::new("Delivered", Glyph::CheckmarkCircleFilled, Tone::Good)
        }
        MailDelivery::GivenUp { .. } => {
            Badge::new("Not delivered", Glyph::ErrorCircleFilled, Tone::Bad)
        }
    }
}

/// Why a mail has not arrived.
pub fn trouble_of(delivery: &MailDelivery) -> Option<String> {
    match delivery {
        MailDelivery::Waiting { last_error, .. } => last_error.clone(),
        MailDelivery::GivenUp { error } => Some(error.clone()),
        MailDelivery::Kept | MailDelivery::Delivered { .. } => None,
    }
}
