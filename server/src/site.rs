//! The built site: the portal's module, stylesheet and static files, held in memory.
//!
//! A release build carries the site inside; otherwise it is read once from the folder that
//! `cargo xtask` built. Both are answered in the same way: the compressed sibling that the browser
//! understands, a validator for the next time, and for the package, whose name changes with its
//! content, leave to keep it for good.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::{fs, io};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};

/// The package's folder is called so, followed by a digest of its content.
const PACKAGE_PREFIX: &str = "pkg-";
const KEEP_FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");

/// Every file of the site, by its path without the leading slash.
#[derive(Debug, Default)]
pub struct Site {
    files: HashMap<String, SiteFile>,
}

#[derive(Debug)]
struct SiteFile {
    content: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    content_type: HeaderValue,
    /// Weak, because the compressed siblings share it.
    validator: HeaderValue,
}

impl Site {
    /// The site in `folder`, or the one inside this binary, or none: then pages come without
    /// style and script, and can still be read.
    pub fn find(folder: Option<&Path>) -> io::Result<Self> {
        if let Some(folder) = folder {
            return Self::read_folder(folder);
        }
        Ok(Self::embedded().unwrap_or_else(|| {
            tracing::warn!(
                "This build carries no site: pages come without style and script. \
                 `cargo xtask run --dev` names one."
            );
            Self::default()
        }))
    }

    /// Reads all files below the folder.
    pub fn read_folder(folder: &Path) -> io::Result<Self> {
        let mut files = HashMap::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(below) = folders.pop() {
            for entry in fs::read_dir(&below)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(name) = path.strip_prefix(folder) {
                    let name = name.to_string_lossy().replace('\\', "/");
                    files.insert(name, Bytes::from(fs::read(&path)?));
                }
            }
        }
        Ok(Self::from_contents(files))
    }

    #[cfg(feature = "embed")]
    fn embedded() -> Option<Self> {
        #[derive(rust_embed::Embed)]
        #[folder = "$CLOUD_SYNC_SITE"]
        struct Embedded;

        let content = |name: &str| match Embedded::get(name)?.data {
            std::borrow::Cow::Borrowed(bytes) => Some(Bytes::from_static(bytes)),
            std::borrow::Cow::Owned(bytes) => Some(Bytes::from(bytes)),
        };
        let files = Embedded::iter().filter_map(|name| Some((name.to_string(), content(&name)?)));
        Some(Self::from_contents(files.collect()))
    }

    #[cfg(not(feature = "embed"))]
    fn embedded() -> Option<Self> {
        None
    }

    fn from_contents(mut contents: HashMap<String, Bytes>) -> Self {
        let (siblings, names): (Vec<String>, Vec<String>) = contents
            .keys()
            .cloned()
            .partition(|name| is_sibling(name, &contents));
        let mut siblings: HashMap<String, Bytes> = siblings
            .into_iter()
            .filter_map(|name| contents.remove_entry(&name))
            .collect();
        let mut files = HashMap::new();
        for name in names {
            let brotli = siblings.remove(&format!("{name}.br"));
            let gzip = siblings.remove(&format!("{name}.gz"));
            if let Some(content) = contents.remove(&name) {
                let file = SiteFile::new(&name, content, brotli, gzip);
                files.insert(name, file);
            }
        }
        Self { files }
    }

    /// The package's folder, for the links in a page's head.
    pub fn package_folder(&self) -> &str {
        self.files
            .keys()
            .filter_map(|name| name.split('/').next())
            .find(|folder| folder.starts_with(PACKAGE_PREFIX))
            .unwrap_or("pkg")
    }

    /// Which files of the package belong to which part of the portal; none where there is no
    /// package.
    pub fn parts(&self) -> HashMap<String, Vec<String>> {
        let table = format!("{}/parts.json", self.package_folder());
        self.files
            .get(&table)
            .and_then(|file| serde_json::from_slice(&file.content).ok())
            .unwrap_or_default()
    }

    /// Answers a request for one of the site's files; none where there is no such file.
    pub fn answer(&self, method: &Method, path: &str, asked: &HeaderMap) -> Option<Response<Body>> {
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        let name = path.trim_start_matches('/');
        let file = self.files.get(name)?;
        let lasting = if name.starts_with(PACKAGE_PREFIX) {
            KEEP_FOR_GOOD
        } else {
            ASK_EACH_TIME
        };
        let mut response = if file.is_known_to(asked) {
            let mut unchanged = Response::new(Body::empty());
            *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
            unchanged
        } else {
            file.response(asked)
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, lasting);
        headers.insert(header::ETAG, file.validator.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        Some(response)
    }
}

/// Whether the name is another file's, with an ending for its compression.
fn is_sibling(name: &str, contents: &HashMap<String, Bytes>) -> bool {
    let original = name
        .strip_suffix(".br")
        .or_else(|| name.strip_suffix(".gz"));
    original.is_some_and(|original| contents.contains_key(original))
}

impl SiteFile {
    fn new(name: &str, content: Bytes, brotli: Option<Bytes>, gzip: Option<Bytes>) -> Self {
        let guess = mime_guess::from_path(name).first_or_octet_stream();
        let charset = if guess.type_() == "text" {
            "; charset=utf-8"
        } else {
            ""
        };
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        Self {
            content_type: header_value(format!("{guess}{charset}")),
            validator: header_value(format!("W/\"{:016x}\"", hasher.finish())),
            content,
            brotli,
            gzip,
        }
    }

    /// Whether the browser holds this very content.
    fn is_known_to(&self, asked: &HeaderMap) -> bool {
        let ours = self.validator.to_str().unwrap_or_default();
        let theirs = asked
            .get(header::IF_NONE_MATCH)
            .and_then(|known| known.to_str().ok());
        theirs.is_some_and(|known| known.split(',').any(|known| known.trim() == ours))
    }

    fn response(&self, asked: &HeaderMap) -> Response<Body> {
        let (content, encoding) = match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts(asked, "br") => (brotli, Some("br")),
            (_, Some(gzip)) if accepts(asked, "gzip") => (gzip, Some("gzip")),
            _ => (&self.content, None),
        };
        let mut response = Response::new(Body::from(content.clone()));
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, self.content_type.clone());
        if let Some(encoding) = encoding {
            let encoding = HeaderValue::from_static(encoding);
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, encoding);
        }
        response
    }
}

fn header_value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// Whether `Accept-Encoding` names the encoding without refusing it by `q=0`.
/// <https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding>
fn accepts(asked: &HeaderMap, encoding: &str) -> bool {
    let accepted = asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
