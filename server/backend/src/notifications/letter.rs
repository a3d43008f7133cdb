//! The words of the mails. Plain text and HTML say the same; there are no pictures and nothing that
//! watches the reader.

use std::fmt::Write;

use engine::{
    configuration::{Configuration, ConfigurationId},
    cycle::deletion_guard::{Limit, PAUSED},
    records::ManagedCounts,
    timestamp::Timestamp,
};
use time::{format_description::BorrowedFormatItem, macros::format_description};

use super::Notice;

pub(super) struct Letter {
    pub(super) subject: String,
    paragraphs: Vec<Vec<Piece>>,
}

/// A part of a paragraph.
enum Piece {
    Words(String),
    Address(String),
}

impl From<String> for Piece {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Piece {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

const DATE_AND_TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");

impl Letter {
    pub(super) fn about(notice: &Notice, configuration: &Configuration, portal_url: &str) -> Self {
        let domain = configuration.domain.as_str();
        let page = page_of(portal_url, configuration.id);
        let mut letter = match notice {
            Notice::DeletionsHeld {
                cycle_started_at,
                held,
                limit,
            } => deletions_held(domain, &page, *cycle_started_at, *held, *limit),
            Notice::Quarantined {
                reason,
                since,
                next_attempt,
            } => Self {
                subject: format!("Cloud sync: {domain} is in quarantine"),
                paragraphs: quarantine(&page, reason, *since, *next_attempt),
            },
            Notice::QuarantineReasonChanged {
                before,
                reason,
                since,
                next_attempt,
            } => Self {
                subject: format!("Cloud sync: new reason for the quarantine of {domain}"),
                paragraphs: std::iter::once(vec![format!("Before: {before}").into()])
                    .chain(quarantine(&page, reason, *since, *next_attempt))
                    .collect(),
            },
            Notice::SwitchedOff {
                in_quarantine_since,
            } => switched_off(domain, &page, *in_quarantine_since),
        };
        letter.paragraphs.push(vec![
            "You receive this because your address is the notification email of ".into(),
            format!("{domain}. Change it: ").into(),
            Piece::Address(page),
        ]);
        letter
    }

    /// Proves that mails arrive.
    pub(super) fn test(portal_url: &str) -> Self {
        let portal = portal_url.trim_end_matches('/');
        Self {
            subject: "Cloud sync: test message".to_owned(),
            paragraphs: vec![
                vec!["Mails of this server reach this address.".into()],
                vec![
                    "An administrator asked for this message: ".into(),
                    Piece::Address(format!("{portal}/settings/notifications")),
                ],
            ],
        }
    }

    pub(super) fn text(&self) -> String {
        let paragraphs = self.paragraphs.iter().map(|pieces| {
            pieces
                .iter()
                .fold(String::new(), |text, piece| match piece {
                    Piece::Words(words) | Piece::Address(words) => text + words,
                })
        });
        paragraphs.collect::<Vec<_>>().join("\n\n") + "\n"
    }

    pub(super) fn html(&self) -> String {
        let mut html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
                        <title>"
            .to_owned();
        html.push_str(&escaped(&self.subject));
        html.push_str("</title></head>\n<body>\n");
        for pieces in &self.paragraphs {
            html.push_str("<p>");
            for piece in pieces {
                let _ = match piece {
                    Piece::Words(words) => write!(html, "{}", escaped(words)),
                    Piece::Address(url) => {
                        let url = escaped(url);
                        write!(html, "<a href=\"{url}\">{url}</a>")
                    }
                };
            }
            html.push_str("</p>\n");
        }
        html.push_str("</body>\n</html>\n");
        html
    }
}

fn page_of(portal_url: &str, configuration: ConfigurationId) -> String {
    let portal = portal_url.trim_end_matches('/');
    format!("{portal}/cloud-sync/configurations/{configuration}")
}

fn deletions_held(
    domain: &str,
    page: &str,
    cycle_started_at: Timestamp,
    held: ManagedCounts,
    limit: Limit,
) -> Letter {
    let total = held.total();
    let why = match limit {
        Limit::Threshold { threshold } => format!("This configuration stops at {threshold}"),
        other => format!("It is held, because {other}"),
    };
    let kinds = [
        (held.users, "user"),
        (held.groups, "group"),
        (held.contacts, "contact"),
    ];
    let kinds = kinds.iter().filter(|(count, _)| *count > 0);
    let kinds: Vec<_> = kinds.map(|(count, noun)| counted(*count, noun)).collect();
    Letter {
        subject: format!(
            "Cloud sync: {} held in {domain}",
            counted(total, "deletion")
        ),
        paragraphs: vec![
            vec![
                format!(
                    "The cycle of {} would have deleted {} ({}). {why}. {PAUSED}",
                    moment(cycle_started_at),
                    counted(total, "object"),
                    kinds.join(", "),
                )
                .into(),
            ],
            vec![
                "Meant? Open ".into(),
                Piece::Address(format!("{page}/status")),
                " and choose Allow deletes. A mistake? Undo the cause, for example move the \
                 objects back or restore the scope, then choose Restart provisioning."
                    .into(),
            ],
        ],
    }
}

fn quarantine(
    page: &str,
    reason: &str,
    since: Timestamp,
    next_attempt: Timestamp,
) -> Vec<Vec<Piece>> {
    vec![
        vec![format!("Since {} no cycle succeeds: {reason}", moment(since)).into()],
        vec![
            format!(
                "Attempts become rarer, down to one a day; the next one is at {}. Objects in the \
             tenant stay as they are meanwhile.",
                moment(next_attempt)
            )
            .into(),
        ],
        vec![
            "Repair the cause, then choose Clear quarantine: ".into(),
            Piece::Address(format!("{page}/quarantine")),
        ],
    ]
}

fn switched_off(domain: &str, page: &str, since: Timestamp) -> Letter {
    Letter {
        subject: format!("Cloud sync: {domain} was switched off"),
        paragraphs: vec![
            vec![format!(
                "It had been in quarantine since {}. Objects in the tenant stay as they are and \
                 are no longer updated.",
                moment(since)
            )
            .into()],
            vec![
                "After the repair choose Enable and Save: ".into(),
                Piece::Address(page.to_owned()),
            ],
        ],
    }
}

/// `1 user`, `60 users`.
fn counted(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// `5 January 2026, 09:00 UTC`.
fn moment(at: Timestamp) -> String {
    at.to_date_time()
        .format(DATE_AND_TIME)
        .expect("a date and a time have all parts of the form")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
