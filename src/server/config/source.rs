//! Where settings come from: one table of the file, overridden by one environment variable each.
//! Remembers which keys exist, so that a typo is found and the nearest right key named.

use crate::domain::flags::Flag;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    path::Path,
};

/// What is wrong with the configuration, as a sentence for the operator.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    pub(super) fn unreadable(path: &Path, cause: &std::io::Error) -> Self {
        Self(format!("The configuration file {} cannot be read: {cause}.", path.display()))
    }

    pub(super) fn feature_not_built(flag: Flag) -> Self {
        Self(format!(
            "FEATURE_{0} = true: the feature {0} is not built in this version and cannot be turned on. Remove the setting, or set it to false.",
            flag.name()
        ))
    }

    pub(super) fn feature_needs(flag: Flag, missing: Flag) -> Self {
        Self(format!(
            "The feature {0} is on, but it needs {1}, which is off. Turn on {1} (FEATURE_{1}=true), or turn off {0} (FEATURE_{0}=false).",
            flag.name(),
            missing.name()
        ))
    }
}

/// The tables of `Leptos.toml`, by the names used here.
const LEPTOS_HEADER: &str = "[package.metadata.leptos]";

/// Read by Leptos itself; listed so that a typo among them is found as well.
const LEPTOS_KEYS: [&str; 10] = [
    "output-name",
    "site-root",
    "site-pkg-dir",
    "site-addr",
    "reload-port",
    "reload-external-port",
    "reload-ws-protocol",
    "env",
    "hash-files",
    "server-fn-prefix",
];

/// The file's values as text, and the environment.
pub(super) struct Source<'e> {
    /// (table, key) → value as one would write it in a variable.
    file: BTreeMap<(String, String), String>,
    env: &'e BTreeMap<String, String>,
    known: BTreeSet<(String, String)>,
    variables: BTreeSet<String>,
}

impl<'e> Source<'e> {
    pub(super) fn new(file: &str, env: &'e BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut table: toml::Table =
            file.parse().map_err(|error| ConfigError(format!("Leptos.toml is not valid TOML: {error}")))?;
        let mut tables = Vec::new();
        if let Some(leptos) = table.remove("package").and_then(|package| {
            package.get("metadata").and_then(|metadata| metadata.get("leptos")).and_then(|t| t.as_table()).cloned()
        }) {
            tables.push(("leptos".to_owned(), leptos));
        }
        for (name, value) in table {
            match value {
                toml::Value::Table(inner) => tables.push((name, inner)),
                _ => {
                    return Err(ConfigError(format!(
                        "Leptos.toml: the key {name} stands outside of a table. Put it below one of [server], [database], [limits], [features]."
                    )));
                }
            }
        }
        let mut values = BTreeMap::new();
        for (name, inner) in tables {
            for (key, value) in inner {
                let text = as_text(&value).ok_or_else(|| {
                    ConfigError(format!(
                        "Leptos.toml, [{name}] {key} = {value}: a text, number, true or false is allowed here."
                    ))
                })?;
                values.insert((name.clone(), key), text);
            }
        }
        let known = LEPTOS_KEYS.iter().map(|key| ("leptos".to_owned(), (*key).to_owned())).collect();
        Ok(Self { file: values, env, known, variables: BTreeSet::new() })
    }

    /// Any text.
    pub(super) fn text(
        &mut self,
        table: &str,
        key: &str,
        variable: &str,
        default: &str,
    ) -> Result<String, ConfigError> {
        self.parsed(table, key, variable, default, "a text that is not empty", |text| {
            (!text.is_empty()).then(|| text.to_owned())
        })
    }

    /// `true` or `false`.
    pub(super) fn boolean(
        &mut self,
        table: &str,
        key: &str,
        variable: &str,
        default: bool,
    ) -> Result<bool, ConfigError> {
        let default = if default { "true" } else { "false" };
        self.choice(table, key, variable, default, &[("true", true), ("false", false)])
    }

    /// A whole number within `allowed`.
    pub(super) fn number(
        &mut self,
        table: &str,
        key: &str,
        variable: &str,
        default: u64,
        allowed: RangeInclusive<u64>,
    ) -> Result<u64, ConfigError> {
        let range = format!("a whole number from {} to {}", allowed.start(), allowed.end());
        self.parsed(table, key, variable, &default.to_string(), &range, |text| {
            text.parse().ok().filter(|n| allowed.contains(n))
        })
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        table: &str,
        key: &str,
        variable: &str,
        default: &str,
        choices: &[(&str, T)],
    ) -> Result<T, ConfigError> {
        let allowed = choices.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        self.parsed(table, key, variable, default, &allowed, |text| {
            choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
        })
    }

    /// Anything else; `allowed` completes the sentence "Allowed: …".
    pub(super) fn parsed<T>(
        &mut self,
        table: &str,
        key: &str,
        variable: &str,
        default: &str,
        allowed: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfigError> {
        let place = (table.to_owned(), key.to_owned());
        let (text, from) = match (self.env.get(variable), self.file.get(&place)) {
            (Some(text), _) => (text.trim().to_owned(), format!("{variable} = {text}")),
            (None, Some(text)) => (text.clone(), format!("Leptos.toml, {} {key} = {text}", header(table))),
            (None, None) => (default.to_owned(), format!("{} {key}", header(table))),
        };
        self.known.insert(place);
        self.variables.insert(variable.to_owned());
        parse(&text).ok_or_else(|| ConfigError(format!("{from}: this value cannot be used. Allowed: {allowed}.")))
    }

    /// Refuses keys of the file and variables of ours that nothing has asked for.
    pub(super) fn finish(self) -> Result<(), ConfigError> {
        for (table, key) in self.file.keys() {
            if self.known.contains(&(table.clone(), key.clone())) {
                continue;
            }
            let tables: BTreeSet<&str> = self.known.iter().map(|(table, _)| table.as_str()).collect();
            if !tables.contains(table.as_str()) {
                return Err(unknown(&format!("Leptos.toml: the table [{table}]"), table, tables.iter().copied()));
            }
            let keys = self.known.iter().filter(|(t, _)| t == table).map(|(_, key)| key.as_str());
            return Err(unknown(&format!("Leptos.toml: the key {key} in {}", header(table)), key, keys));
        }
        for name in self.env.keys() {
            // Settings of the scripts in bin/ and of the tests share the prefix, so only features are all ours.
            if name.starts_with("FEATURE_") && !self.variables.contains(name) {
                return Err(unknown(
                    &format!("The variable {name}"),
                    name,
                    self.variables.iter().map(String::as_str).filter(|v| v.starts_with("FEATURE_")),
                ));
            }
        }
        Ok(())
    }
}

fn header(table: &str) -> String {
    if table == "leptos" { LEPTOS_HEADER.to_owned() } else { format!("[{table}]") }
}

fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.trim().to_owned()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(on) => Some(on.to_string()),
        toml::Value::Array(items) => Some(items.iter().map(as_text).collect::<Option<Vec<_>>>()?.join(",")),
        _ => None,
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> ConfigError {
    let nearest = known.clone().min_by_key(|candidate| distance(name, candidate));
    let list = known.collect::<Vec<_>>().join(", ");
    ConfigError(match nearest.filter(|nearest| distance(name, nearest) <= 2 + name.len() / 4) {
        Some(nearest) => format!("{what} is not known. Did you mean {nearest}? Known are: {list}."),
        None => format!("{what} is not known. Known are: {list}."),
    })
}

/// Levenshtein's edit distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
