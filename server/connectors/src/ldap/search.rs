//! Searches: paged (RFC 2696) for what may be many, plain for what is few.

use engine::directory::ObjectGuid;
use ldap3_proto::{
    control::LdapControl,
    proto::{
        LdapDerefAliases, LdapFilter, LdapOp, LdapPartialAttribute, LdapResult, LdapResultCode,
        LdapSearchRequest, LdapSearchResultEntry, LdapSearchScope,
    },
};

use super::{
    connection::{Connection, Patience, not_understood},
    extended_names,
    filter::Filter,
    refusal,
    settings::LdapSettings,
};
use crate::source::SourceError;

/// One entry as the directory sent it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) dn: String,
    /// Where names were asked for with identifiers.
    pub(super) guid: Option<ObjectGuid>,
    pub(super) attributes: Vec<LdapPartialAttribute>,
}

impl From<LdapSearchResultEntry> for Entry {
    fn from(LdapSearchResultEntry { dn, attributes }: LdapSearchResultEntry) -> Self {
        Self {
            dn,
            guid: None,
            attributes,
        }
    }
}

/// What is searched for, and where.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pub(super) base: String,
    pub(super) scope: LdapSearchScope,
    pub(super) filter: Filter,
    pub(super) attributes: Vec<String>,
    /// Names come with the identifiers of their objects: `<GUID=…>;<SID=…>;CN=…` (MS-ADTS
    /// 3.1.1.3.4.1.5). Only where the directory can.
    pub(super) extended_names: bool,
}

impl Search {
    /// One entry by its name.
    pub(super) fn entry(dn: &str, attributes: &[&str]) -> Self {
        Self {
            base: dn.to_owned(),
            scope: LdapSearchScope::Base,
            filter: Filter::Present("objectClass"),
            attributes: attributes.iter().map(ToString::to_string).collect(),
            extended_names: false,
        }
    }

    fn entry_of(&self, received: LdapSearchResultEntry) -> Entry {
        match self.extended_names {
            true => extended_names::entry(received),
            false => Entry::from(received),
        }
    }

    fn controls(&self) -> Vec<LdapControl> {
        const AS_TEXT: i32 = 1;
        let extended = LdapControl::ExtendedDn {
            criticality: true,
            format: AS_TEXT,
        };
        self.extended_names
            .then_some(extended)
            .into_iter()
            .collect()
    }

    fn request(&self, greatest_number: i32) -> LdapOp {
        LdapOp::SearchRequest(LdapSearchRequest {
            base: self.base.clone(),
            scope: self.scope.clone(),
            aliases: LdapDerefAliases::Never,
            sizelimit: greatest_number,
            timelimit: 0,
            typesonly: false,
            // The codec puts the real one in.
            filter: LdapFilter::Present("objectClass".to_owned()),
            attrs: self.attributes.clone(),
        })
    }
}

/// How a search ended.
struct Done {
    result: LdapResult,
    cookie: Vec<u8>,
}

/// In a row, between two entries.
const GREATEST_NUMBER_OF_REFERENCES: u32 = 10_000;

enum Item {
    Entry(LdapSearchResultEntry),
    Done(Done),
}

impl Connection {
    async fn next_item(&mut self, id: i32, patience: &mut Patience) -> Result<Item, SourceError> {
        for _ in 0..GREATEST_NUMBER_OF_REFERENCES {
            let message = self.receive(id, patience).await?;
            match message.op {
                LdapOp::SearchResultEntry(entry) => return Ok(Item::Entry(entry)),
                LdapOp::SearchResultDone(result) => {
                    let cookie = cookie_of(message.ctrl);
                    return Ok(Item::Done(Done { result, cookie }));
                }
                // What lies on other servers is not followed.
                LdapOp::SearchResultReference(_) | LdapOp::IntermediateResponse(_) => {}
                _ => return Err(not_understood("a search was answered with something else.")),
            }
        }
        Err(not_understood("it refers elsewhere without end."))
    }

    /// All entries of a search that finds few. More than `greatest_number` are not taken.
    pub(super) async fn find(
        &mut self,
        settings: &LdapSettings,
        search: &Search,
        greatest_number: u16,
    ) -> Result<Vec<Entry>, SourceError> {
        let mut patience = Patience::new(settings.timeouts.page);
        let request = search.request(greatest_number.into());
        let filter = Some(search.filter.clone());
        let id = self
            .send(request, search.controls(), filter, &mut patience)
            .await?;
        let mut entries = Vec::new();
        loop {
            match self.next_item(id, &mut patience).await? {
                Item::Entry(entry) if entries.len() < greatest_number.into() => {
                    entries.push(search.entry_of(entry));
                }
                Item::Entry(_) => {}
                Item::Done(done) => {
                    // A limit of our own is no mistake; one of the directory's with nothing found
                    // would be.
                    let cut_by_us = done.result.code == LdapResultCode::SizeLimitExceeded
                        && entries.len() == usize::from(greatest_number);
                    if done.result.code == LdapResultCode::Success || cut_by_us {
                        return Ok(entries);
                    }
                    let found = entries.len() as u64;
                    return Err(refusal::of_search(
                        settings,
                        &search.base,
                        &done.result,
                        found,
                    ));
                }
            }
        }
    }

    /// One entry by its name; none where there is no such entry.
    pub(super) async fn entry(
        &mut self,
        settings: &LdapSettings,
        search: &Search,
    ) -> Result<Option<Entry>, SourceError> {
        match self.find(settings, search, 1).await {
            Ok(mut entries) => Ok(entries.pop()),
            Err(SourceError::BaseNotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn cookie_of(controls: Vec<LdapControl>) -> Vec<u8> {
    controls
        .into_iter()
        .find_map(|control| match control {
            LdapControl::SimplePagedResults { cookie, .. } => Some(cookie),
            _ => None,
        })
        .unwrap_or_default()
}

/// A search under way, page by page.
pub(super) struct PagedSearch<'a> {
    settings: &'a LdapSettings,
    search: &'a Search,
    page: Option<Page>,
    cookie: Vec<u8>,
    entries: u64,
    empty_pages: u32,
}

struct Page {
    id: i32,
    patience: Patience,
    entries: u64,
}

/// What comes next in a [`PagedSearch`].
pub(super) enum Step {
    Entry(Entry),
    /// The page is complete; until the next step the connection is free for other requests.
    PageEnd {
        more: bool,
    },
}

impl<'a> PagedSearch<'a> {
    /// Directories may answer with empty pages for a while, but not for ever.
    const GREATEST_NUMBER_OF_EMPTY_PAGES: u32 = 1_000;

    pub(super) fn new(settings: &'a LdapSettings, search: &'a Search) -> Self {
        Self {
            settings,
            search,
            page: None,
            cookie: Vec::new(),
            entries: 0,
            empty_pages: 0,
        }
    }

    /// The next entry or the end of a page. After the last page it must not be called again: it
    /// would begin from the start.
    pub(super) async fn next(&mut self, connection: &mut Connection) -> Result<Step, SourceError> {
        let mut page = match self.page.take() {
            Some(page) => page,
            None => self.ask(connection).await?,
        };
        match connection.next_item(page.id, &mut page.patience).await? {
            Item::Entry(entry) => {
                page.entries += 1;
                self.entries += 1;
                // A directory that does not page sends everything as one page; each part of a
                // page's size has a page's time.
                if page
                    .entries
                    .is_multiple_of(self.settings.page_size.max(1).into())
                {
                    page.patience = Patience::new(self.settings.timeouts.page);
                }
                self.page = Some(page);
                self.believable()?;
                Ok(Step::Entry(self.search.entry_of(entry)))
            }
            Item::Done(done) => self.page_end(&page, done),
        }
    }

    async fn ask(&self, connection: &mut Connection) -> Result<Page, SourceError> {
        let mut patience = Patience::new(self.settings.timeouts.page);
        let mut controls = self.search.controls();
        controls.push(LdapControl::SimplePagedResults {
            size: self.settings.page_size.into(),
            cookie: self.cookie.clone(),
        });
        let filter = Some(self.search.filter.clone());
        let request = self.search.request(0);
        let id = connection
            .send(request, controls, filter, &mut patience)
            .await?;
        Ok(Page {
            id,
            patience,
            entries: 0,
        })
    }

    fn page_end(&mut self, page: &Page, done: Done) -> Result<Step, SourceError> {
        if done.result.code != LdapResultCode::Success {
            let base = &self.search.base;
            return Err(refusal::of_search(
                self.settings,
                base,
                &done.result,
                self.entries,
            ));
        }
        self.empty_pages = if page.entries == 0 {
            self.empty_pages + 1
        } else {
            0
        };
        if self.empty_pages > Self::GREATEST_NUMBER_OF_EMPTY_PAGES {
            return Err(not_understood("it sends empty pages without end."));
        }
        self.cookie = done.cookie;
        Ok(Step::PageEnd {
            more: !self.cookie.is_empty(),
        })
    }

    fn believable(&self) -> Result<(), SourceError> {
        let greatest = self.settings.greatest_number_of_objects;
        if self.entries <= greatest {
            return Ok(());
        }
        Err(SourceError::Protocol {
            detail: format!("it sent more than {greatest} entries, which cannot be right."),
        })
    }
}
