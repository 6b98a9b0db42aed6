//! `perennial lift`: an experiment in a file, arm by arm against its control group.

use super::files::told_apart;
use super::report::terminal_language;
use crate::cli::{Language, LiftArgs};
use crate::error::usage;
use anyhow::{Context, Result, bail};
use perennial_listen::ListenError;
use perennial_listen::read::{ReadError, ReadOptions, Source, open};
use perennial_measure::{Answer, Collector, CompareError, CompareRequest, Lang};

pub(crate) async fn run(arguments: LiftArgs) -> Result<u8> {
    let json = arguments.json;
    let lang = match arguments.lang.unwrap_or_else(terminal_language) {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    };
    let answer = tokio::task::spawn_blocking(move || compared(&arguments)).await.context("cannot compare")??;
    if answer.sample_ratio.alarm {
        match lang {
            Lang::En => aside!("warning: {}", answer.sample_ratio.text_en),
            Lang::Zh => aside!("警告：{}", answer.sample_ratio.text_zh),
        }
    }
    if json {
        say!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        say!("{}", answer.text(lang).trim_end());
    }
    Ok(0)
}

/// Reads the file row by row and compares its arms.
fn compared(arguments: &LiftArgs) -> Result<Answer> {
    let request = request(arguments)?;
    let source = opened(arguments)?;
    let mut collector = Collector::new(request, source.name(), source.header()).map_err(refused)?;
    let mut rows = source.rows().map_err(unreadable)?;
    while let Some(row) = rows.next().map_err(unreadable)? {
        // A row left out would be a customer left out: groups would no longer be as assigned.
        if let Some(problem) = row.problem() {
            bail!("{}, line {}: {problem}", source.name(), row.line());
        }
        collector.add(row.line(), |column| row.get(column)).map_err(refused)?;
    }
    collector.answer().map_err(refused)
}

/// The one table of the file. Its first full row names the columns, since options do.
fn opened(arguments: &LiftArgs) -> Result<Source> {
    let options = ReadOptions { sheet: arguments.sheet.clone(), header: Some(true), ..ReadOptions::default() };
    let mut sources = open(&arguments.file, &options).map_err(unreadable)?;
    let names: Vec<String> = sources.iter().map(|source| source.name().to_owned()).collect();
    match sources.pop() {
        Some(source) if sources.is_empty() => Ok(source),
        _ => Err(usage(format!(
            "{} holds {} tables ({}): an experiment is one of them, unpack it",
            arguments.file.display(),
            names.len(),
            names.join(", ")
        ))),
    }
}

fn request(arguments: &LiftArgs) -> Result<CompareRequest> {
    Ok(CompareRequest {
        arm: arguments.arm.clone(),
        control: arguments.control.clone(),
        outcomes: arguments.outcome.clone(),
        level: arguments.level,
        expected: named_numbers("--expected", &arguments.expected)?,
        strata: arguments.strata.clone(),
        worthwhile: named_numbers("--worthwhile", &arguments.worthwhile)?,
        lower_is_better: arguments.lower_is_better.clone(),
        customers_per_day: arguments.per_day,
        planned: arguments.planned,
    })
}

fn named_numbers(option: &str, texts: &[String]) -> Result<Vec<(String, f64)>> {
    texts.iter().map(|text| named_number(option, text)).collect()
}

/// `NAME=NUMBER`; a name may hold `=` itself.
fn named_number(option: &str, text: &str) -> Result<(String, f64)> {
    let parts = text.rsplit_once('=').and_then(|(name, number)| Some((name.trim(), number.trim().parse().ok()?)));
    match parts {
        Some((name, number)) if !name.is_empty() => Ok((name.to_owned(), number)),
        _ => Err(usage(format!("{option} {text}: write it as NAME=NUMBER, for example {option} control=1"))),
    }
}

fn refused(problem: CompareError) -> anyhow::Error {
    if problem.is_usage() { usage(problem.to_string()) } else { anyhow::Error::new(problem) }
}

fn unreadable(problem: ReadError) -> anyhow::Error {
    told_apart(ListenError::from(problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_named_by_what_stands_before_the_last_sign() {
        assert_eq!(named_number("--expected", "No E-Mail=1").unwrap(), ("No E-Mail".to_owned(), 1.0));
        assert_eq!(named_number("--expected", "a=b = 0.5").unwrap(), ("a=b".to_owned(), 0.5));
        for text in ["a", "=1", "a=", "a=b"] {
            assert!(named_number("--expected", text).unwrap_err().to_string().contains("NAME=NUMBER"), "{text}");
        }
    }
}
