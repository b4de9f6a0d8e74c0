//! Each of the eighteen rules of the live quiz names its tests in the docs; each of these tests is there.

use std::{collections::BTreeMap, fs, path::Path};

/// All that stands in files below `folder`.
fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, into);
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&fs::read_to_string(&entry).unwrap());
        }
    }
}

/// Whether a test of this name runs: its function, under an attribute that makes it one.
fn is_test(sources: &str, name: &str) -> bool {
    let is = |before: &str| {
        let attribute = before.trim_end().trim_end_matches("async").trim_end().lines().next_back().unwrap_or_default();
        matches!(attribute.trim(), "#[test]") || attribute.trim().starts_with("#[tokio::test")
    };
    sources.match_indices(&format!("fn {name}(")).any(|(at, _)| is(&sources[..at]))
}

#[test]
fn each_rule_has_the_tests_that_the_docs_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_to_string(root.join("docs/BLITZ.md")).unwrap();
    let mut all = String::new();
    ["src", "tests"].iter().for_each(|folder| sources(&root.join(folder), &mut all));
    let mut rules: BTreeMap<u32, usize> = BTreeMap::new();
    for line in docs.lines().filter(|line| line.starts_with("| A")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let Ok(number) = cells[1].trim_start_matches('A').parse::<u32>() else { continue };
        let tests: Vec<&str> = cells[4].split('`').filter(|name| name.starts_with('a')).collect();
        for test in &tests {
            assert!(test.starts_with(&format!("a{number:02}_")), "{test} carries the number of another rule");
            assert!(is_test(&all, test), "docs/BLITZ.md names {test}, which is no test");
        }
        rules.insert(number, tests.len());
    }
    assert_eq!(rules.keys().copied().collect::<Vec<_>>(), (1..=18).collect::<Vec<_>>());
    assert!(rules.values().all(|tests| *tests > 0), "a rule without a test: {rules:?}");
}
