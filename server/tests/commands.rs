//! The program's commands, as a person starts them.

#![expect(clippy::unwrap_used, reason = "the helpers are part of the tests, too")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Started in a folder of its own, to see what a command leaves behind.
fn cloud_sync(folder: &TempDir, words: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cloud-sync"))
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that does not read its input closes it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

const GOOD: &str = r#"{"id": "good", "expression": "1", "expect": {"value": 1}}"#;
const BAD: &str = r#"{"id": "bad", "expression": "1", "expect": {"value": 2}}"#;

#[test]
fn test_vectors_decide_the_exit_status_and_touch_nothing() {
    let folder = TempDir::new().unwrap();
    let command = ["expression", "test", "-"];
    let output = cloud_sync(&folder, &command, GOOD);
    assert_eq!(text(&output.stdout), "1 passed, 0 failed\n");
    assert_eq!(status(&output), 0);

    let output = cloud_sync(&folder, &command, &format!("{BAD}\n{GOOD}\n"));
    assert_eq!(
        text(&output.stdout),
        "FAILED line 1: bad\n  expected: 2\n  got:      1\n1 passed, 1 failed\n"
    );
    assert_eq!(status(&output), 1);

    let output = cloud_sync(&folder, &["scope", "test", "missing.jsonl"], "");
    assert!(text(&output.stderr).starts_with("missing.jsonl cannot be read: "));
    assert_eq!(status(&output), 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_published_vectors_pass() {
    let folder = TempDir::new().unwrap();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/tests/vectors");
    for (noun, file, count) in [
        ("expression", "expressions.jsonl", 433),
        ("scope", "scoping-filters.jsonl", 100),
    ] {
        let file = vectors.join(file);
        let output = cloud_sync(&folder, &[noun, "test", file.to_str().unwrap()], "");
        assert_eq!(text(&output.stdout), format!("{count} passed, 0 failed\n"));
        assert_eq!(status(&output), 0);
    }
}

const FILE: &str = r#"format = 1
[configuration."contoso.test"]
directory = { kind = "demo_forest" }
notification_emails = ["ops@contoso.test"]
[configuration."contoso.test".scope]
organizational_units = ["OU=Sales,OU=Users,OU=Corp,DC=contoso,DC=test"]
[configuration."contoso.test".deletion_protection]
threshold = 2
"#;

/// What a good command says.
fn said(folder: &TempDir, words: &[&str], input: &str) -> String {
    let output = cloud_sync(folder, words, input);
    assert_eq!(status(&output), 0, "{words:?}: {}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

#[test]
fn a_configuration_is_brought_in_planned_run_and_taken_out_from_the_command_line() {
    let folder = TempDir::new().unwrap();
    let none = cloud_sync(&folder, &["plan", "contoso.test"], "");
    assert!(text(&none.stderr).contains("there is no database in the folder data"));
    assert_eq!(
        (status(&none), fs::read_dir(folder.path()).unwrap().count()),
        (1, 0)
    );

    let look = ["import", "-", "--demo", "--dry-run"];
    let nothing = cloud_sync(&folder, &look, FILE);
    assert!(text(&nothing.stderr).contains("no Cloud sync in this database yet"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let bad = cloud_sync(&folder, &["import", "-"], "");
    assert!(text(&bad.stderr).ends_with("Nothing was changed.\n"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    said(&folder, &["import", "-", "--demo"], "format = 1\n");
    let unknown = cloud_sync(&folder, &["plan", "contoso.test", "--demo"], "");
    assert!(text(&unknown.stderr).contains("there is no configuration for contoso.test"));
    let look = said(&folder, &look, FILE);
    assert!(
        look.contains("deletion_protection.threshold: 500 → 2"),
        "{look}"
    );
    assert!(look.ends_with("Nothing was changed: this was a dry run.\n"));
    said(&folder, &["import", "-", "--demo"], FILE);

    let plan = said(&folder, &["plan", "Contoso.Test", "--demo"], "");
    assert!(plan.contains("\n  UserPrincipalName: ∅ → "), "{plan}");
    assert!(!plan.contains("\ncreate     0 users"), "{plan}");
    let cycle = said(&folder, &["run", "contoso.test", "--demo"], "");
    assert!(cycle.contains("deleted 0, held 0"), "{cycle}");
    assert!(!cycle.contains("created 0"), "{cycle}");
    let plan = said(&folder, &["plan", "contoso.test", "--json", "--demo"], "");
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["summary"]["counts"]["creates"]["users"], 0);

    let exported = said(&folder, &["export", "--demo"], "");
    let again = said(&folder, &["import", "-", "--demo"], &exported);
    assert!(
        again.starts_with("contoso.test: as in the file\n"),
        "{again}"
    );
    said(&folder, &["export", "--output", "file.toml", "--demo"], "");
    let file = fs::read_to_string(folder.path().join("file.toml")).unwrap();
    assert_eq!(file, exported);

    // A unit that is not there takes nobody away.
    let nowhere = exported.replace("OU=Sales,OU=Users", "OU=Finance,OU=Users");
    said(&folder, &["import", "-", "--demo"], &nowhere);
    let plan = said(&folder, &["plan", "contoso.test", "--demo"], "");
    assert!(plan.contains("\ndelete     0 users"), "{plan}");

    let another = exported.replace("OU=Sales,OU=Users", "OU=Engineering,OU=Users");
    said(&folder, &["import", "-", "--demo"], &another);
    for command in ["plan", "run"] {
        let held = cloud_sync(&folder, &[command, "contoso.test", "--demo"], "");
        assert_eq!(status(&held), 2, "{command}: {}", text(&held.stdout));
    }
    let refused = cloud_sync(
        &folder,
        &["import", "-", "--demo"],
        "format = 1\nformat = 2\n",
    );
    assert!(text(&refused.stderr).starts_with("-: line 2, duplicate key"));
    assert_eq!(status(&refused), 1);
}
