//! One stylesheet out of many: puts the files that `@import "file.css";` names where it stands.
//!
//! Nothing is rewritten or minified. The browsers that can run the portal know nested CSS, and
//! after brotli a minifier saves next to nothing, while a CSS compiler would double the time that
//! this tool takes to build.

use std::path::Path;

use anyhow::{Context, Result};

/// The stylesheet with everything it imports, from the inside out.
pub(crate) fn bundle(file: &Path) -> Result<String> {
    let source = std::fs::read_to_string(file)
        .with_context(|| format!("reading the stylesheet {}", file.display()))?;
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
            bundled.push_str(&bundle(&folder.join(name))?);
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

    fn style(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, content).unwrap();
        }
        folder
    }

    #[test]
    fn imports_are_replaced_by_what_they_name_in_order() {
        let folder = style(&[
            (
                "main.css",
                "@import \"tokens.css\";\n@import \"components/all.css\";\nbody {}\n",
            ),
            ("tokens.css", ":root {}\n"),
            ("components/all.css", "@import \"button.css\";\n"),
            ("components/button.css", ".button {}"),
        ]);
        let bundled = bundle(&folder.path().join("main.css")).unwrap();
        assert_eq!(bundled, ":root {}\n.button {}\nbody {}\n");
    }

    #[test]
    fn an_import_of_another_form_is_refused_rather_than_left_to_the_browser() {
        let folder = style(&[("main.css", "@import url(tokens.css) screen;\n")]);
        let error = bundle(&folder.path().join("main.css")).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("@import url(tokens.css) screen;"),
            "{error}"
        );
    }

    #[test]
    fn a_missing_import_is_named() {
        let folder = style(&[("main.css", "@import \"tokens.css\";\n")]);
        let error = bundle(&folder.path().join("main.css")).unwrap_err();
        assert!(error.to_string().ends_with("tokens.css"), "{error}");
    }
}
