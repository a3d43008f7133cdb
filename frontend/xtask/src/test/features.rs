//! Whether each feature of the table in `end2end/features.md` is shown by a test that exists, and
//! each test that claims to show one names a row of it.
//!
//! A row is shown by pages (a Playwright test carries its tag, such as `@F14`), by Rust tests that
//! the row names, or by both; or the row says that the feature was not built, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::workspace::{Workspace, files_below};

const TABLE: &str = "end2end/features.md";
const SPECS: &str = "end2end/tests";
const RUST: [&str; 3] = ["app/src", "frontend", "server"];
const NOT_BUILT: &str = "not built:";
/// In the column of what shows a feature: a Playwright test with its tag.
const PAGES: &str = "pages";

/// What the table, the Playwright tests and the Rust tests say.
#[derive(Default)]
struct Evidence {
    rows: BTreeMap<String, Shown>,
    tags: BTreeSet<String>,
    rust_tests: BTreeSet<String>,
}

/// What shows a feature, as its row says.
#[derive(Debug, PartialEq, Eq)]
enum Shown {
    By {
        pages: bool,
        rust_tests: Vec<String>,
    },
    NotBuilt,
}

/// Fails with every row without a test, and every test that names no row.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let evidence = Evidence::gather(&workspace.root)?;
    let problems = evidence.problems();
    if !problems.is_empty() {
        bail!("{TABLE}:\n{}", problems.join("\n"));
    }
    println!("{} features: {}", evidence.rows.len(), evidence.summary());
    Ok(())
}

impl Evidence {
    fn gather(root: &Path) -> Result<Self> {
        let mut evidence = Self {
            rows: rows(&read(&root.join(TABLE))?)?,
            ..Self::default()
        };
        for file in files_below(&root.join(SPECS))? {
            evidence.tags.extend(tags(&read(&file)?));
        }
        for folder in RUST {
            for file in files_below(&root.join(folder))? {
                if file.extension().is_some_and(|extension| extension == "rs") {
                    evidence.rust_tests.extend(rust_tests(&read(&file)?));
                }
            }
        }
        Ok(evidence)
    }

    fn problems(&self) -> Vec<String> {
        let of_rows = self.rows.iter().flat_map(|(row, shown)| match shown {
            Shown::By { pages, rust_tests } => self.problems_of(row, *pages, rust_tests),
            Shown::NotBuilt if self.tags.contains(row) => {
                vec![format!(
                    "{row} was not built, but a page test claims to show it"
                )]
            }
            Shown::NotBuilt => Vec::new(),
        });
        let unknown = self.tags.iter().filter(|tag| !self.rows.contains_key(*tag));
        let of_tags = unknown.map(|tag| format!("@{tag} is a tag of a page test and no row"));
        of_rows.chain(of_tags).collect()
    }

    fn problems_of(&self, row: &str, pages: bool, rust_tests: &[String]) -> Vec<String> {
        let mut problems = Vec::new();
        match (pages, self.tags.contains(row)) {
            (true, false) => problems.push(format!("{row} has no page test with the tag @{row}")),
            (false, true) => problems.push(format!("{row} has a page test, but its row says none")),
            _ => {}
        }
        let missing = rust_tests
            .iter()
            .filter(|name| !self.rust_tests.contains(*name));
        problems.extend(missing.map(|name| format!("{row} names {name}, which is no Rust test")));
        if !pages && rust_tests.is_empty() {
            problems.push(format!("{row} says nothing that shows it"));
        }
        problems
    }

    fn summary(&self) -> String {
        let is_in_pages = |shown: &&Shown| matches!(shown, Shown::By { pages: true, .. });
        let is_missing = |shown: &&Shown| matches!(shown, Shown::NotBuilt);
        let (pages, missing) = (
            self.rows.values().filter(is_in_pages).count(),
            self.rows.values().filter(is_missing).count(),
        );
        let others = self.rows.len() - pages - missing;
        format!("{pages} shown in pages, {others} by Rust tests alone, {missing} not built")
    }
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

/// The rows of the table; a row that comes twice is a mistake.
fn rows(table: &str) -> Result<BTreeMap<String, Shown>> {
    let mut rows = BTreeMap::new();
    for line in table.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", row, name, shown, ""] = cells[..] else {
            continue;
        };
        if !is_row(row) {
            continue;
        }
        if name.is_empty() {
            bail!("{TABLE}: {row} has no name");
        }
        if rows.insert(row.to_owned(), read_shown(shown)).is_some() {
            bail!("{TABLE}: {row} comes twice");
        }
    }
    Ok(rows)
}

/// `F14`
fn is_row(word: &str) -> bool {
    word.strip_prefix('F')
        .is_some_and(|digits| digits.len() >= 2 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `pages, `a_rust_test``, or `not built: why`.
fn read_shown(text: &str) -> Shown {
    if text
        .strip_prefix(NOT_BUILT)
        .is_some_and(|why| !why.trim().is_empty())
    {
        return Shown::NotBuilt;
    }
    let words = || text.split(',').map(str::trim);
    Shown::By {
        pages: words().any(|word| word == PAGES),
        rust_tests: words()
            .filter(|word| *word != PAGES && !word.is_empty())
            .map(|word| word.trim_matches('`').to_owned())
            .collect(),
    }
}

/// What stands behind `'@` in a spec: the tags of its tests.
fn tags(spec: &str) -> Vec<String> {
    let quoted = spec.split("'@").skip(1);
    let words = quoted.filter_map(|rest| rest.split_once('\''));
    words
        .map(|(word, _)| word)
        .filter(|word| is_row(word))
        .map(str::to_owned)
        .collect()
}

/// The names of the functions under `#[test]` and `#[tokio::test]`.
fn rust_tests(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let (true, Some((_, rest))) = (is_test, line.split_once("fn ")) {
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            names.push(name.to_owned());
            is_test = false;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "\
| Row | Feature | Shown by |
|---|---|---|
| F01 | The way in | pages |
| F02 | Counting | pages, `four_pass_and_five_are_held` |
| F03 | Arithmetic | `sums_are_right` |
| F04 | Telepathy | not built: nobody knows how |
";

    fn evidence(tags: &[&str], rust_tests: &[&str]) -> Evidence {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Evidence {
            rows: rows(ROWS).unwrap(),
            tags: owned(tags),
            rust_tests: owned(rust_tests),
        }
    }

    const RUST_TESTS: [&str; 2] = ["four_pass_and_five_are_held", "sums_are_right"];

    #[test]
    fn rows_with_their_tests_are_fine() {
        let evidence = evidence(&["F01", "F02"], &RUST_TESTS);
        assert_eq!(evidence.problems(), Vec::<String>::new());
        assert_eq!(
            evidence.summary(),
            "2 shown in pages, 1 by Rust tests alone, 1 not built"
        );
    }

    #[test]
    fn a_row_without_a_page_test_and_a_tag_without_a_row_are_told() {
        let problems = evidence(&["F01", "F99"], &RUST_TESTS).problems();
        assert_eq!(
            problems,
            [
                "F02 has no page test with the tag @F02",
                "@F99 is a tag of a page test and no row",
            ]
        );
    }

    #[test]
    fn a_rust_test_that_is_gone_is_told() {
        let problems = evidence(&["F01", "F02"], &RUST_TESTS[1..]).problems();
        let [problem] = &problems[..] else {
            panic!("{problems:?}");
        };
        assert!(problem.contains("four_pass_and_five_are_held"), "{problem}");
    }

    #[test]
    fn what_the_table_denies_cannot_be_claimed() {
        let problems = evidence(&["F01", "F02", "F03", "F04"], &RUST_TESTS).problems();
        assert_eq!(
            problems,
            [
                "F03 has a page test, but its row says none",
                "F04 was not built, but a page test claims to show it",
            ]
        );
    }

    #[test]
    fn a_row_cannot_come_twice_or_without_a_name() {
        assert!(rows("| F01 | a | pages |\n| F01 | b | pages |").is_err());
        assert!(rows("| F01 |  | pages |").is_err());
    }

    #[test]
    fn a_row_that_is_not_built_says_why() {
        assert_eq!(read_shown("not built: too early"), Shown::NotBuilt);
        assert_ne!(read_shown("not built:"), Shown::NotBuilt);
    }

    #[test]
    fn tags_and_rust_tests_are_found_in_their_files() {
        let spec = "test('mail to a@b', { tag: ['@F08', '@F108'] }, async () => {\n  x('@slow')";
        assert_eq!(tags(spec), ["F08", "F108"]);
        let source =
            "#[test]\nfn one() {}\nfn none() {}\n#[tokio::test]\n#[ignore]\nasync fn two() {}";
        assert_eq!(rust_tests(source), ["one", "two"]);
    }
}
