//! One stylesheet out of many: puts the files that `@import "file.css";` names where it stands.
//!
//! Nothing is rewritten or minified. The browsers that can run the portal know nested CSS, and
//! after brotli a minifier saves next to nothing, while a CSS compiler would double the time that
//! this tool takes to build.

use std::path::Path;

use anyhow::{Context, Result};

/// The stylesheet with everything it imports, from the inside out. `read` opens the files.
pub(crate) fn bundle(file: &Path, read: &impl Fn(&Path) -> Result<String>) -> Result<String> {
    let source = read(file)?;
    let folder = file.parent().context("a stylesheet lies in a folder")?;
    let mut bundled = String::with_capacity(source.len());
    for line in source.lines() {
        if line.trim_start().starts_with("@import") {
            let name = imported_file(line).with_context(|| {
                format!(
                    "{}: expected `@import \"file.css\";`, found `{line}`",
                    file.display()
                )
            })?;
            bundled.push_str(&bundle(&folder.join(name), read)?);
        } else {
            bundled.push_str(line);
            bundled.push('\n');
        }
    }
    Ok(bundled)
}

fn imported_file(line: &str) -> Option<&str> {
    line.trim()
        .strip_prefix("@import")?
        .trim()
        .strip_prefix('"')?
        .strip_suffix("\";")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle_of(files: &[(&str, &str)]) -> Result<String> {
        bundle(Path::new("main.css"), &|file| {
            let found = files.iter().find(|(name, _)| Path::new(name) == file);
            let (_, content) = found.with_context(|| format!("no {}", file.display()))?;
            Ok((*content).to_owned())
        })
    }

    #[test]
    fn imports_are_replaced_by_what_they_name_in_order() {
        let bundled = bundle_of(&[
            (
                "main.css",
                "@import \"tokens.css\";\n@import \"components/all.css\";\nbody {}\n",
            ),
            ("tokens.css", ":root {}\n"),
            ("components/all.css", "@import \"button.css\";\n"),
            ("components/button.css", ".button {}"),
        ]);
        assert_eq!(bundled.unwrap(), ":root {}\n.button {}\nbody {}\n");
    }

    #[test]
    fn an_import_of_another_form_is_refused_rather_than_left_to_the_browser() {
        let error = bundle_of(&[("main.css", "@import url(tokens.css) screen;\n")]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("@import url(tokens.css) screen;"),
            "{error}"
        );
    }

    #[test]
    fn a_missing_import_is_named() {
        let error = bundle_of(&[("main.css", "@import \"tokens.css\";\n")]).unwrap_err();
        assert_eq!(error.to_string(), "no tokens.css");
    }
}
