//! Holds the layout: where feature gates stand, which way dependencies point, and that no request can panic on purpose.
//! Reads the sources as text, so that it needs no build of the browser's side.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What each floor of `src/` may name. Dependencies point one way; `domain` knows nothing of the app.
const MAY_USE: [(&str, &[&str]); 9] = [
    ("domain", &["domain"]),
    ("protocol", &["protocol", "domain"]),
    // Sentences are about errors and refusals, so they know those types.
    ("words", &["words", "domain", "protocol", "api"]),
    // The server only inside the bodies of server functions, which the browser's build does not have.
    ("api", &["api", "domain", "protocol", "server"]),
    ("client", &["client", "api", "domain", "protocol", "words"]),
    ("components", &["components", "client", "api", "domain", "protocol", "words"]),
    ("pages", &["pages", "components", "client", "api", "domain", "protocol", "words"]),
    ("app", &["pages", "components", "client", "api", "domain", "words"]),
    ("server", &["server", "api", "domain", "protocol", "words", "app", "client"]),
];

/// Feature gates may stand here and nowhere else.
const GATES: [&str; 2] = ["src/lib.rs", "src/client/mod.rs"];

/// Where a request path may panic, and why.
const PANICS: [(&str, &str, &str); 1] = [(
    "src/server/random.rs",
    ".expect(\"the operating system provides random bytes\")",
    "without randomness no secret can be made; going on would be worse",
)];

struct Source {
    path: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<Source> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found.sort();
    let source = |path: PathBuf| Source {
        text: fs::read_to_string(&path).unwrap(),
        path: path.strip_prefix(root()).unwrap().display().to_string(),
    };
    found.into_iter().map(source).collect()
}

impl Source {
    /// The code without line comments and without its unit tests.
    fn code(&self) -> String {
        let code = self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
    }

    /// `domain` for `src/domain/deck.rs`, `app` for `src/app.rs`.
    fn floor(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split(['/', '.']).next().unwrap_or_default()
    }
}

/// The modules that follow each `crate::` in a piece of code, in lists too: `crate::{api::…, domain::{…}}`.
fn named_modules(code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            named.insert(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut expects_name = true;
        for (at, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => expects_name = true,
                c if expects_name && c.is_alphabetic() => {
                    named.insert(word(&list[at..]));
                    expects_name = false;
                }
                _ => {}
            }
        }
    }
    named
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn lists_of_imports_are_read() {
    let code = "use crate::{\n    api::error::{AppError, FieldError},\n    domain::ids::*,\n};\ncrate::server::x()";
    assert_eq!(named_modules(code), ["api", "domain", "server"].map(str::to_owned).into());
}

#[test]
fn dependencies_point_one_way() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        let Some((floor, allowed)) = MAY_USE.iter().find(|(floor, _)| *floor == source.floor()) else { continue };
        let named = named_modules(&source.code());
        let modules: BTreeSet<&str> = MAY_USE.iter().map(|(floor, _)| *floor).collect();
        for module in named.iter().filter(|name| modules.contains(name.as_str())) {
            if !allowed.contains(&module.as_str()) {
                wrong.push(format!("{}: {floor} must not use {module}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_api_uses_the_server_only_inside_of_functions() {
    for source in sources("src/api") {
        let outside: String = source.code().lines().filter(|line| !line.starts_with([' ', '\t'])).collect();
        assert!(!outside.contains("crate::server"), "{}: move it into the function's body", source.path);
        for import in source.code().split("\nuse crate::").skip(1) {
            let import = import.split(';').next().unwrap_or_default();
            assert!(!named_modules(&format!("crate::{import}")).contains("server"), "{}", source.path);
        }
    }
}

#[test]
fn what_waits_on_a_page_is_built_once() {
    // Leptos' own boundaries build their content several times on the server, and ask the database each time.
    for source in sources("src").into_iter().filter(|source| source.path != "src/components/suspense.rs") {
        for name in ["Suspense", "Transition"] {
            let code = source.code();
            let used = code.contains(&format!("<{name}>")) || code.contains(&format!("<{name} "));
            let ours = code.split("suspense::").skip(1).any(|list| {
                let list = list.split([';', '}']).next().unwrap_or_default();
                list.split(|c: char| !c.is_alphanumeric()).any(|word| word == name)
            });
            assert!(!used || ours, "{}: use components::suspense::{name}", source.path);
        }
    }
}

#[test]
fn statements_are_compiled_once() {
    for source in sources("src/server/storage") {
        assert!(!source.code().contains("LIMIT $"), "{}: LIMIT CAST($n AS BIGINT)", source.path);
    }
}

#[test]
fn feature_gates_stand_in_two_files_only() {
    let mut count = 0;
    for source in sources("src") {
        let gates = source.code().matches("feature = \"").count();
        assert!(gates == 0 || GATES.contains(&source.path.as_str()), "{}: a feature gate", source.path);
        count += gates;
    }
    // Raise it deliberately: each gate is a place where the two builds can differ without a test noticing.
    assert!(count <= 16, "{count} feature gates");
}

/// Leptos escapes nothing inside a `<textarea>`.
#[test]
fn what_stands_in_a_textarea_is_escaped() {
    for source in sources("src/pages").into_iter().chain(sources("src/components")) {
        let code = source.code();
        for (at, _) in code.match_indices("</textarea>") {
            let before = code[..at].trim_end();
            let escaped = before.ends_with('>') || before.lines().last().is_some_and(|line| line.contains("{content("));
            assert!(escaped, "{}: use components::text_area::content", source.path);
        }
    }
}

/// What would be compiled for each call anew, and what is used in its place: the browser's download is held small.
#[test]
fn pages_call_the_server_through_shared_code() {
    const DEAR: [(&str, &str); 4] = [
        ("Resource::new", "client::load"),
        ("Action::new(", "client::action::ServerAction"),
        ("form::ActionForm", "components::action_form"),
        ("spawn_local(", "client"),
    ];
    let mut wrong = Vec::new();
    for source in sources("src/pages").into_iter().chain(sources("src/components")) {
        let code = source.code();
        for (dear, instead) in DEAR {
            // `ServerAction::new` and `action_form::ActionForm` are what they should be.
            let found = code
                .match_indices(dear)
                .any(|(at, _)| !code[..at].ends_with("Server") && !code[..at].ends_with("action_"));
            if found {
                wrong.push(format!("{}: {dear} costs every visitor; use {instead}", source.path));
            }
        }
        if code.contains("ServerAction") && !code.contains("action::ServerAction") && !code.contains("action::{") {
            wrong.push(format!("{}: import client::action::ServerAction", source.path));
        }
        if code.contains("<ActionForm") && !code.contains("action_form::ActionForm") {
            wrong.push(format!("{}: import components::action_form::ActionForm", source.path));
        }
    }
    for source in sources("src/api") {
        let plain = |line: &&str| line.starts_with("#[server") && !line.contains("protocol = ");
        wrong.extend(source.code().lines().find(plain).map(|_| {
            format!("{}: #[server(protocol = Get)] for what only reads, #[server(protocol = Post)] else", source.path)
        }));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_owns() {
    for source in sources("src").into_iter().chain(sources("tests")) {
        let first = source.text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 8, "{}: begin with //! and what it owns", source.path);
    }
}

#[test]
fn no_request_path_panics_on_purpose() {
    let mut wrong = Vec::new();
    for source in sources("src/server").into_iter().chain(sources("src/api")) {
        // The load generator is a process of its own and answers nobody.
        if source.path.ends_with("tests.rs") || source.path.starts_with("src/server/load/") {
            continue;
        }
        for (number, line) in source.code().lines().enumerate() {
            let panics = [".unwrap()", ".expect(", "panic!(", "unreachable!("].iter().any(|call| line.contains(call));
            let allowed = PANICS.iter().any(|(path, text, _)| *path == source.path && line.contains(text));
            if panics && !allowed {
                wrong.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_row_of_the_list_of_panics_is_still_needed() {
    for (path, text, reason) in PANICS {
        assert!(fs::read_to_string(root().join(path)).unwrap().contains(text), "{path} no longer needs: {reason}");
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(root().join("migrations").join(engine)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn every_fault_of_the_list_has_its_test() {
    let list = std::fs::read_to_string(root().join("docs/CONTRIBUTING.md")).unwrap();
    let list = list.split("## Faults and their tests").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let rows: Vec<&str> = list.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() >= 15, "{} rows", rows.len());
    let code: String = ["src", "tests"].into_iter().flat_map(sources).map(|source| source.text).collect();
    for row in rows {
        let tests: Vec<&str> = row.rsplit('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "without a test: {row}");
        for test in tests {
            assert!(code.contains(&format!("fn {test}(")), "{test} does not exist");
        }
    }
}
