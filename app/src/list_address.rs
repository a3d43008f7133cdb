//! What the address of a list says: its filters, what is selected, and the page that is shown.
//!
//! Lists are paged by key. The address carries the keys of the last pages, so that one can go
//! back as well as forward, and send either to somebody.

use std::fmt;

use engine::records::{Page, PageKey};
use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Url};

use crate::{routes::Route, wording};

/// How many rows a page of a list has.
pub const ROWS_PER_PAGE: u32 = 50;

/// How many pages one can go back one by one; from the one before, one gets to the first.
const KEPT_KEYS: usize = 20;

/// A path with its query, the query's parts unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAddress {
    path: String,
    query: Vec<(String, String)>,
    /// The names of the query's parts that say what page is shown.
    names: PageNames,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PageNames {
    page: &'static str,
    after: &'static str,
}

const LIST: PageNames = PageNames {
    page: "page",
    after: "after",
};

/// For a list in the details of what the first one lists.
const INNER_LIST: PageNames = PageNames {
    page: "inner-page",
    after: "inner-after",
};

impl ListAddress {
    /// The address of the page `route` as the browser shows it. It stays as it was when the
    /// browser leaves the page.
    pub fn of(route: Route) -> Memo<Self> {
        let path = route.to_string();
        let location = use_location();
        Memo::new(move |earlier: Option<&Self>| match earlier {
            Some(earlier) if location.pathname.with(|open| *open != path) => earlier.clone(),
            // A pane of the page has an address of its own, which says nothing of the page.
            None if location.pathname.with(|open| *open != path) => Self::parse(&path, ""),
            _ => Self::parse(&path, &location.search.get()),
        })
    }

    /// The address of `route` that says nothing else.
    pub fn plain(route: Route) -> Self {
        Self::parse(&route.to_string(), "")
    }

    /// The address of `route` for as long as the browser is there: for panes that open over a page.
    pub fn while_open(route: Route) -> Memo<Option<Self>> {
        let path = route.to_string();
        let location = use_location();
        Memo::new(move |_| {
            let is_open = location.pathname.with(|open| *open == path);
            is_open.then(|| Self::parse(&path, &location.search.get()))
        })
    }

    /// The address that a link leads to.
    pub fn of_href(href: &str) -> Self {
        let (path, query) = href.split_once('?').unwrap_or((href, ""));
        Self::parse(path, query)
    }

    /// The address made of a path and the query behind it.
    pub fn parse(path: &str, search: &str) -> Self {
        let plain = |text: &str| Url::unescape(&text.replace('+', " "));
        let pairs = search.trim_start_matches('?').split('&');
        let query = pairs
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (plain(name), plain(value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        Self {
            path: path.to_owned(),
            query,
            names: LIST,
        }
    }

    /// The same address, as the list in the details reads it.
    #[must_use]
    pub fn of_inner_list(&self) -> Self {
        Self {
            names: INNER_LIST,
            ..self.clone()
        }
    }

    /// The same, at the first page of the list.
    #[must_use]
    pub fn first_page(&self) -> Self {
        self.without(&[self.names.page, self.names.after])
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.values(name);
        values.next()
    }

    /// As [`Self::get`]; empty when the address does not say.
    pub fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }

    /// As [`Self::get`], where it can be read as a `T`.
    pub fn read<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    /// Everything that the address says under one name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.values(name).map(str::to_owned).collect()
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let of_name = self.query.iter().filter(move |(own, _)| own == name);
        of_name.map(|(_, value)| value.as_str())
    }

    /// The same page of the list with one thing said differently: what is selected, which tab.
    #[must_use]
    pub fn with(&self, name: &str, value: impl fmt::Display) -> Self {
        let mut address = self.without(&[name]);
        address.query.push((name.to_owned(), value.to_string()));
        address
    }

    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        let is_kept = |(own, _): &&(String, String)| !names.contains(&own.as_str());
        Self {
            query: self.query.iter().filter(is_kept).cloned().collect(),
            ..self.clone()
        }
    }

    /// What the address says, under another path: a file of what the page shows.
    #[must_use]
    pub fn at_path(&self, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            ..self.first_page()
        }
    }

    /// What the address says beside `names` and the page, for a form that says `names` itself and
    /// leads to the first page.
    pub fn beside(&self, names: &[&str]) -> Vec<(String, String)> {
        self.without(names).first_page().query
    }

    /// The key that the shown page starts after; none on the first page.
    pub fn after(&self) -> Option<PageKey> {
        let key = self.values(self.names.after).last();
        key.map(|key| PageKey(key.to_owned()))
    }

    fn page(&self) -> u64 {
        let keys = u64::try_from(self.values(self.names.after).count()).unwrap_or(u64::MAX);
        let told = self.read(self.names.page).unwrap_or(keys + 1);
        if keys == 0 { 1 } else { told.max(2) }
    }

    /// The page after this one, which starts after `key`.
    #[must_use]
    pub fn next(&self, key: &PageKey) -> Self {
        let keys = self.values(self.names.after).chain([key.0.as_str()]);
        self.at(keys.map(str::to_owned).collect(), self.page() + 1)
    }

    /// The page before this one; none on the first page.
    pub fn previous(&self) -> Option<Self> {
        let mut keys: Vec<_> = self.values(self.names.after).map(str::to_owned).collect();
        keys.pop()?;
        Some(self.at(keys, self.page() - 1))
    }

    fn at(&self, keys: Vec<String>, page: u64) -> Self {
        let mut address = self.first_page();
        if !keys.is_empty() {
            let name = self.names.page.to_owned();
            address.query.push((name, page.to_string()));
        }
        let forgotten = keys.len().saturating_sub(KEPT_KEYS);
        let keys = keys.into_iter().skip(forgotten);
        let name = self.names.after;
        address.query.extend(keys.map(|key| (name.to_owned(), key)));
        address
    }

    /// `1 to 50 of 1,284 users`. The last page tells the total by itself.
    pub fn summary<T>(&self, page: &Page<T>, noun: [&str; 2]) -> String {
        let before = (self.page() - 1).saturating_mul(u64::from(ROWS_PER_PAGE));
        let last = before + u64::try_from(page.items.len()).unwrap_or(u64::MAX);
        let rows = format!(
            "{} to {}",
            wording::number(before + 1),
            wording::number(last)
        );
        let total = page.total.or(page.next.is_none().then_some(last));
        match total {
            Some(total) => {
                let [one, several] = noun;
                format!("{rows} of {}", wording::counted(total, one, several))
            }
            None => rows,
        }
    }
}

impl fmt::Display for ListAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_query(&self.path, &self.query))
    }
}

/// A path with the parts of a query, which are escaped here.
pub fn with_query(path: &str, query: &[(String, String)]) -> String {
    let pairs = query
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    let query: Vec<_> = pairs.collect();
    match query.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", query.join("&")),
    }
}

/// Everything but the unreserved characters of RFC 3986, 2.3.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(search: &str) -> ListAddress {
        ListAddress::parse("/users", search)
    }

    fn key(number: usize) -> PageKey {
        PageKey(format!("k{number}"))
    }

    #[test]
    fn what_an_address_says_survives_being_written() {
        let said = address("?search=100%25+%26more&empty=");
        assert_eq!(said.get("search"), Some("100% &more"));
        assert_eq!(said.to_string(), "/users?search=100%25%20%26more");
        assert_eq!(address("").to_string(), "/users");
    }

    #[test]
    fn the_pages_of_a_list_lead_forth_and_back() {
        let first = address("search=a");
        let third = first.next(&key(1)).next(&key(2));
        assert_eq!(
            third.to_string(),
            "/users?search=a&page=3&after=k1&after=k2"
        );
        assert_eq!(third.after(), Some(key(2)));
        let page = |next, total| Page {
            items: vec![(); 7],
            next,
            total,
        };
        let users = |page: &Page<()>| third.summary(page, ["user", "users"]);
        assert_eq!(users(&page(None, None)), "101 to 107 of 107 users");
        assert_eq!(
            users(&page(Some(key(3)), Some(1_284))),
            "101 to 107 of 1,284 users"
        );
        assert_eq!(users(&page(Some(key(3)), None)), "101 to 107");
        let second = third.previous().unwrap();
        assert_eq!(second.previous(), Some(first.clone()));
        assert_eq!(first.previous(), None);
    }

    #[test]
    fn a_long_way_keeps_its_last_steps() {
        let far = (1..=30).fold(address(""), |address, number| address.next(&key(number)));
        assert_eq!(far.page(), 31);
        let mut back = far;
        let mut steps = 0;
        while let Some(previous) = back.previous() {
            back = previous;
            steps += 1;
        }
        assert_eq!((steps, back.to_string().as_str()), (20, "/users"));
    }

    #[test]
    fn two_lists_on_a_page_are_paged_apart() {
        let outer = address("entry=x").next(&key(1));
        let both = outer.of_inner_list().next(&key(2));
        assert_eq!(
            both.to_string(),
            "/users?entry=x&page=2&after=k1&inner-page=2&inner-after=k2"
        );
        assert_eq!(both.after(), Some(key(2)));
        assert_eq!(both.first_page().to_string(), outer.to_string());
    }

    #[test]
    fn selecting_something_keeps_the_page_and_filtering_does_not() {
        let second = address("search=a&tab=x").next(&key(1));
        assert_eq!(
            second.with("tab", "y").to_string(),
            "/users?search=a&page=2&after=k1&tab=y"
        );
        let kept = second.beside(&["search"]);
        assert_eq!(kept, [("tab".to_owned(), "x".to_owned())]);
    }
}
