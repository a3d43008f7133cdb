//! The outbox: mails of the product, where no mail server takes them.

use engine::records::{MailDetails, MailSummary, Page, PageKey};
use leptos::prelude::*;
use uuid::Uuid;

use super::ApiError;

#[server(endpoint = "mailbox/list")]
pub async fn list(after: Option<PageKey>) -> Result<Page<MailSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let rows = crate::list_address::ROWS_PER_PAGE;
    Ok(backend::notifications::list(&backend, after, rows).await?)
}

#[server(endpoint = "mailbox/read")]
pub async fn read(mail: Uuid) -> Result<MailDetails, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::notifications::read(&backend, mail).await?)
}
