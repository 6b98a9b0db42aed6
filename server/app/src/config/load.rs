//! File, then environment.

use super::{Config, FILE};
use crate::error::usage;
use anyhow::Result;
use perennial_model::nearest;
use serde_json::Value;
use std::path::{Path, PathBuf};
use toml::Table;

/// Variables of the environment begin with this.
const PREFIX: &str = "PERENNIAL_";

/// Where configuration comes from.
pub(crate) struct Sources<'a> {
    /// The data directory, whose file need not be there.
    pub(crate) directory: &'a Path,
    /// A file that must be there.
    pub(crate) file: Option<&'a Path>,
    /// The environment.
    pub(crate) environment: &'a [(String, String)],
}

/// The configuration, and remarks about variables of the environment that mean nothing: other programs
/// may have set them, so they are no errors.
pub(crate) fn load(sources: &Sources<'_>) -> Result<(Config, Vec<String>)> {
    let path = sources.file.map_or_else(|| sources.directory.join(FILE), PathBuf::from);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(problem) if sources.file.is_none() && problem.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(problem) => return Err(usage(format!("cannot read {}: {problem}", path.display()))),
    };
    let said = |problem: &toml::de::Error| usage(explain(&path, &text, problem));
    toml::from_str::<Config>(&text).map_err(|problem| said(&problem))?;
    let table = toml::from_str::<Table>(&text).map_err(|problem| said(&problem))?;
    let (config, remarks) = with_environment(table, sources.environment)?;
    check(&config)?;
    Ok((config, remarks))
}

/// Sets what the environment says, one variable after the other, so that a wrong one is named.
fn with_environment(mut table: Table, environment: &[(String, String)]) -> Result<(Config, Vec<String>)> {
    let (known, mut remarks) = (keys()?, Vec::new());
    for (name, value) in environment.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
        let Some((_, key)) = known.iter().find(|(known, _)| known == name) else {
            let near = nearest(name, known.iter().map(|(known, _)| known.as_str()));
            let near = near.map_or_else(String::new, |near| format!(": is {near} meant?"));
            remarks.push(format!("the environment's {name} is no key of the configuration{near}"));
            continue;
        };
        let plain = toml::Value::String(value.clone());
        // A list, a number or a word of truth is written as in the file; all else is text.
        let read = format!("value = {value}").parse::<Table>().ok().and_then(|mut table| table.remove("value"));
        let tried = [Some(plain), read].into_iter().flatten().map(|value| {
            let mut table = table.clone();
            set(&mut table, key, value);
            table.clone().try_into::<Config>().map(|_| table)
        });
        let mut last = None;
        let fitting = tried.into_iter().find_map(|outcome| outcome.map_err(|problem| last = Some(problem)).ok());
        let Some(fitting) = fitting else {
            let problem = last.map_or_else(String::new, |problem| problem.message().to_owned());
            return Err(usage(format!("the environment's {name}: {problem}")));
        };
        table = fitting;
    }
    let config = table.try_into().map_err(|problem: toml::de::Error| usage(problem.message().to_owned()))?;
    Ok((config, remarks))
}

fn set(table: &mut Table, key: &[String], value: toml::Value) {
    match key {
        [name] => drop(table.insert(name.clone(), value)),
        [section, rest @ ..] => {
            let inner = table.entry(section.clone()).or_insert_with(|| toml::Value::Table(Table::new()));
            if let toml::Value::Table(inner) = inner {
                set(inner, rest, value);
            }
        }
        [] => {}
    }
}

/// All keys that can be said in the environment, with the variable of each.
fn keys() -> Result<Vec<(String, Vec<String>)>> {
    let schema = schemars::schema_for!(Config).to_value();
    let properties = |schema: &Value| schema["properties"].as_object().cloned().unwrap_or_default();
    let mut keys = Vec::new();
    for (name, value) in properties(&schema) {
        let section = value["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
        match section {
            Some(section) => {
                let inner = properties(&schema["$defs"][section]);
                keys.extend(inner.keys().map(|key| vec![name.clone(), key.clone()]));
            }
            None => keys.push(vec![name]),
        }
    }
    let variable = |key: &Vec<String>| format!("{PREFIX}{}", key.join("_").to_uppercase());
    Ok(keys.into_iter().map(|key| (variable(&key), key)).collect())
}

/// What is wrong where, and which key was probably meant.
fn explain(path: &Path, text: &str, problem: &toml::de::Error) -> String {
    let (mut line, mut column) = (1, 1);
    if let Some(span) = problem.span() {
        let before = text.get(..span.start).unwrap_or_default();
        line = before.matches('\n').count() + 1;
        column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    }
    let message = problem.message();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let place = format!("{}:{line}:{column}", path.display());
    match quoted.split_first() {
        Some((unknown, known)) if message.starts_with("unknown field") => {
            let near = nearest(unknown, known.iter().copied());
            let near =
                near.map_or_else(|| format!("known are {}", known.join(", ")), |near| format!("is {near} meant?"));
            format!("{place}: there is no key {unknown} here: {near}")
        }
        _ => format!("{place}: {}", message.lines().collect::<Vec<_>>().join(" ")),
    }
}

/// What no type says.
fn check(config: &Config) -> Result<()> {
    for proxy in &config.http.trusted_proxies {
        proxy.parse::<perennial_api::Network>().map_err(|problem| usage(format!("http.trusted_proxies: {problem}")))?;
    }
    if let Some(url) = &config.public_url
        && !(url.starts_with("https://") || url.starts_with("http://"))
    {
        return Err(usage(format!("public_url {url} is no address: write it as https://crm.example")));
    }
    super::first::said(config)?;
    if config.sql.tls_certificate.is_some() != config.sql.tls_key.is_some() {
        return Err(usage("sql.tls_certificate and sql.tls_key belong together: give both or neither"));
    }
    let schema = schemars::schema_for!(Config).to_value();
    let value = serde_json::to_value(config)?;
    in_range(&schema, &schema, &value, "")
}

/// Numbers within the bounds that the schema documents.
fn in_range(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<()> {
    let schema = match schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        Some(name) => &root["$defs"][name],
        None => schema,
    };
    if let Some(number) = value.as_i64() {
        let (least, most) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
        if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
            let most = most.map_or_else(String::new, |most| format!(" to {most}"));
            return Err(usage(format!("{at} is {number}: take {}{most}", least.unwrap_or(0))));
        }
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        in_range(root, &schema["properties"][name], value, &at)?;
    }
    Ok(())
}
