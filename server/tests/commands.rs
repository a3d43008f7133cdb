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
