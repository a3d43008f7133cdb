//! From the file's text to configurations that may be stored, or to everything that is wrong with
//! it, each with its place.

use std::fmt;

use engine::{
    configuration::{
        AttributeMapping, Configuration, DirectoryExtension, DomainName, ExtensionName,
        MappingSource, Mappings, ObjectFlow, Scope, ScopingFilter,
        defaults::Dialect,
        draft::{self, FieldError, mapping},
        scoping_filter::{Clause, Operator},
    },
    directory::{AttributeName, Dn, ObjectKind},
};
use toml::de::{DeTable, DeValue};

use super::document::{
    ClauseDocument, ConfigurationDocument, Document, FORMAT, FlowDocument, MappingDocument,
    ScopeDocument,
};

/// Larger files are not read. A configuration takes some kilobytes.
pub const LARGEST_FILE: usize = 16 * 1024 * 1024;

/// Something in the file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Counts from 1; none where the whole file is concerned.
    pub line: Option<usize>,
    /// As in the file: `configuration."contoso.test".scope.groups`.
    pub place: String,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)
    }
}

/// The file, read but not yet judged.
pub(super) struct File<'a> {
    pub(super) document: Document,
    text: &'a str,
    places: toml::Spanned<DeTable<'a>>,
}

impl<'a> File<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, Problem> {
        let whole = |message: String| Problem {
            line: None,
            place: String::new(),
            message,
        };
        if text.len() > LARGEST_FILE {
            return Err(whole("The file is larger than 16 MB.".to_owned()));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let unreadable = |error: toml::de::Error| Problem {
            line: error.span().map(|span| line_of(text, span.start)),
            ..whole(error.message().to_owned())
        };
        let places = DeTable::parse(text).map_err(unreadable)?;
        let document: Document = toml::from_str(text).map_err(unreadable)?;
        let file = Self {
            document,
            text,
            places,
        };
        if file.document.format == FORMAT {
            Ok(file)
        } else {
            let message = format!("This program reads files of format {FORMAT} only.");
            Err(file.problem(&["format"], message))
        }
    }

    /// At the deepest part of the path that the file has.
    pub(super) fn problem(&self, path: &[&str], message: impl Into<String>) -> Problem {
        let mut table = Some(self.places.get_ref());
        let mut at = None;
        for name in path {
            let entry = table.and_then(|table| table.iter().find(|(key, _)| key.get_ref() == name));
            let Some((key, value)) = entry else { break };
            at = Some(key.span().start);
            table = match value.get_ref() {
                DeValue::Table(below) => Some(below),
                _ => None,
            };
        }
        let keys: Vec<_> = path.iter().map(|name| super::print::key(name)).collect();
        Problem {
            line: at.map(|at| line_of(self.text, at)),
            place: keys.join("."),
            message: message.into(),
        }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    1 + before.iter().filter(|&&byte| byte == b'\n').count()
}

/// Reads the part of the file that is about one domain.
pub(super) struct Reader<'a> {
    file: &'a File<'a>,
    domain: &'a str,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a File<'a>, domain: &'a str) -> Self {
        Self {
            file,
            domain,
            problems: Vec::new(),
        }
    }

    /// The path goes on from the domain.
    pub(super) fn refuse(&mut self, path: &[&str], message: impl Into<String>) {
        let path = [&["configuration", self.domain], path].concat();
        self.problems.push(self.file.problem(&path, message));
    }

    /// The domain that the part is about, in its only spelling.
    pub(super) fn domain(&mut self, name: &str) -> Option<DomainName> {
        match DomainName::parse(name) {
            Ok(domain) if domain.as_str() == name => Some(domain),
            Ok(domain) => {
                self.refuse(&[], format!("Write the domain as {domain}."));
                None
            }
            Err(error) => {
                self.refuse(&[], error.to_string());
                None
            }
        }
    }

    /// `before` with everything that the file says; what is wrong with it is noted.
    pub(super) fn configuration(
        &mut self,
        document: &ConfigurationDocument,
        before: &Configuration,
        dialect: Dialect,
    ) -> Configuration {
        let extensions = self.extensions(document);
        Configuration {
            id: before.id,
            domain: before.domain.clone(),
            base_dn: before.base_dn.clone(),
            password_hash_sync: document.password_hash_sync,
            scope: self.scope(&document.scope, &before.base_dn),
            nested_group_depth: document.scope.nested_group_depth,
            mappings: self.mappings(document, &extensions, dialect),
            extensions,
            object_flows: self.flows(document),
            skip_out_of_scope_deletions: document.skip_out_of_scope_deletions,
            notification_emails: self.emails(&document.notification_emails),
            deletion_protection: document.deletion_protection.clone().into(),
            quarantine_limits: document.quarantine_limits.clone().into(),
            deployment: document.state,
            revision: before.revision,
        }
    }

    fn emails(&mut self, addresses: &[String]) -> Vec<String> {
        let mut good = Vec::new();
        for address in addresses {
            match draft::notification_emails(address) {
                Ok(found) => good.extend(found),
                Err(error) => self.refuse(&["notification_emails"], error.message),
            }
        }
        good
    }

    fn scope(&mut self, document: &ScopeDocument, base: &Dn) -> Scope {
        let units = self.names("organizational_units", &document.organizational_units, base);
        let groups = self.names("groups", &document.groups, base);
        match (units.is_empty(), groups.is_empty()) {
            (true, true) => Scope::All,
            (false, true) => Scope::OrganizationalUnits(units),
            (true, false) => Scope::Groups(groups),
            (false, false) => {
                let message = "Choose organizational units or groups; one configuration cannot \
                               have both.";
                self.refuse(&["scope", "groups"], message);
                Scope::All
            }
        }
    }

    fn names(&mut self, list: &str, texts: &[String], base: &Dn) -> Vec<Dn> {
        let mut names = Vec::new();
        for text in texts {
            match draft::scope_name(text, base, &names) {
                Ok(name) => names.push(name),
                Err(error) => self.refuse(&["scope", list], error.message),
            }
        }
        names
    }

    fn flows(
        &mut self,
        document: &ConfigurationDocument,
    ) -> std::collections::BTreeMap<ObjectKind, ObjectFlow> {
        let flows = document.flows.iter();
        flows
            .map(|(kind, flow)| (*kind, self.flow(*kind, flow)))
            .filter(|(_, flow)| *flow != ObjectFlow::default())
            .collect()
    }

    fn flow(&mut self, kind: ObjectKind, document: &FlowDocument) -> ObjectFlow {
        let problems_before = self.problems.len();
        let mut filter = ScopingFilter::default();
        for group in &document.filter {
            let clauses = group.iter().filter_map(|clause| self.clause(kind, clause));
            filter.groups.push(clauses.collect());
        }
        // A clause that could not be read leaves its group empty, which is no second mistake.
        if self.problems.len() == problems_before {
            for problem in filter.problems() {
                let clause = problem
                    .clause
                    .map(|clause| format!(", clause {}", clause + 1));
                let place = format!("Group {}{}", problem.group + 1, clause.unwrap_or_default());
                let message = format!("{place}: {}", problem.message);
                self.refuse(&["flows", kind.as_str(), "filter"], message);
            }
        }
        ObjectFlow {
            add: document.add,
            update: document.update,
            delete: document.delete,
            scoping_filter: filter,
        }
    }

    fn clause(&mut self, kind: ObjectKind, document: &ClauseDocument) -> Option<Clause> {
        match Operator::parse(&document.operator) {
            Ok(operator) => Some(Clause {
                attribute: AttributeName::from(document.attribute.as_str()),
                operator,
                value: document.value.clone(),
            }),
            Err(error) => {
                self.refuse(&["flows", kind.as_str(), "filter"], error.to_string());
                None
            }
        }
    }

    fn extensions(&mut self, document: &ConfigurationDocument) -> Vec<DirectoryExtension> {
        let mut extensions = Vec::new();
        for (name, extension) in &document.extensions {
            match ExtensionName::parse(name) {
                Ok(parsed) => extensions.push(DirectoryExtension {
                    name: parsed,
                    attribute_type: extension.attribute_type,
                    kinds: extension.kinds.clone(),
                }),
                Err(error) => self.refuse(&["extensions", name], error.to_string()),
            }
        }
        extensions
    }

    fn mappings(
        &mut self,
        document: &ConfigurationDocument,
        extensions: &[DirectoryExtension],
        dialect: Dialect,
    ) -> Mappings {
        let mut mappings = mapping::restore_defaults(dialect);
        for (kind, rows) in &document.mappings {
            let all = mappings.entry(*kind).or_default();
            for (target, row) in rows {
                self.mapping(all, *kind, target, row);
            }
        }
        match mapping::validated(&mappings, extensions) {
            Ok(mappings) => mappings,
            Err(errors) => {
                errors
                    .into_iter()
                    .for_each(|error| self.refuse_field(error));
                mappings
            }
        }
    }

    fn mapping(
        &mut self,
        rows: &mut Vec<AttributeMapping>,
        kind: ObjectKind,
        target: &str,
        document: &MappingDocument,
    ) {
        let name = AttributeName::from(target);
        let place = rows.iter().position(|row| row.target == name);
        let Some(source) = source(document) else {
            let path = ["mappings", kind.as_str(), target];
            self.refuse(&path, ONE_SOURCE);
            return;
        };
        let row = source.map(|source| AttributeMapping {
            target: name,
            source,
            apply: document.apply.unwrap_or_default(),
            flow_behavior: document.flow.unwrap_or_default(),
            default_value: document.default.clone(),
        });
        match (place, row) {
            (Some(place), Some(row)) => rows[place] = row,
            (None, Some(row)) => rows.push(row),
            (Some(place), None) => drop(rows.remove(place)),
            (None, None) => {}
        }
    }

    /// `user.DisplayName.expression`, and `extension.<name>`.
    fn refuse_field(&mut self, error: FieldError) {
        let mut parts = error.field.splitn(3, '.');
        let (first, second) = (parts.next(), parts.next());
        match (first, second) {
            (Some("extension"), Some(name)) => self.refuse(&["extensions", name], error.message),
            (Some(kind), Some(target)) => {
                self.refuse(&["mappings", kind, target], error.message);
            }
            _ => self.refuse(&["mappings"], error.message),
        }
    }
}

const ONE_SOURCE: &str = "Give one of direct, constant, expression, none = true, removed = true.";

/// None where the document does not say exactly one thing; a removed row has no source.
fn source(document: &MappingDocument) -> Option<Option<MappingSource>> {
    let MappingDocument {
        direct,
        constant,
        expression,
        none,
        removed,
        default: _,
        apply: _,
        flow: _,
    } = document.clone();
    match (direct, constant, expression, none, removed) {
        (Some(name), None, None, false, false) => Some(Some(MappingSource::Direct {
            attribute: name.as_str().into(),
        })),
        (None, Some(value), None, false, false) => Some(Some(MappingSource::Constant { value })),
        (None, None, Some(expression), false, false) => {
            Some(Some(MappingSource::Expression { expression }))
        }
        (None, None, None, true, false) => Some(Some(MappingSource::None)),
        (None, None, None, false, true) => Some(None),
        _ => None,
    }
}
