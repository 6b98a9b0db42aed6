//! What a statement says, without the statement: its tree may be deep, and stays on the threads that
//! have the stack to walk it and to let go of it.

use crate::session::Shared;
use datafusion::sql::parser::Statement as EngineStatement;
use datafusion::sql::sqlparser::ast::{
    CloseCursor, DeclareType, Expr, FetchDirection, Function, FunctionArguments, Ident, Set, Statement, Value,
    visit_expressions_mut, visit_relations,
};
use perennial_query::{QueryError, check_size, only_reads};
use std::ops::ControlFlow;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// Something asked of the tables.
    Query,
    /// The same, to be fetched in parts.
    Declare { cursor: String },
    /// So many rows of it; none where the direction is not forward.
    Fetch { cursor: String, most: Option<usize> },
    /// The cursor is done with; none for all.
    Close { cursor: Option<String> },
    /// A setting of the session.
    Set { name: String, value: String },
    /// Shown.
    Show { name: String },
    /// The transaction begins.
    Begin,
    /// It ends.
    Commit,
    /// It ends and did not happen.
    Rollback,
    /// What has no meaning here and does no harm, with the word that it is done.
    Taken(&'static str),
    /// What would change something.
    Refused(String),
}

impl Said {
    pub(crate) fn of(statement: &Statement) -> Self {
        match statement {
            Statement::Declare { .. } => match declared(statement) {
                Some((cursor, _)) => Self::Declare { cursor },
                None => Self::Refused("DECLARE".to_owned()),
            },
            Statement::Fetch { name, direction, .. } => {
                Self::Fetch { cursor: name.value.clone(), most: rows_of(direction) }
            }
            Statement::Close { cursor: CloseCursor::All } => Self::Close { cursor: None },
            Statement::Close { cursor: CloseCursor::Specific { name } } => {
                Self::Close { cursor: Some(name.value.clone()) }
            }
            Statement::Set(Set::SingleAssignment { variable, values, .. }) => Self::Set {
                name: variable.to_string().to_lowercase(),
                value: values.iter().map(text).collect::<Vec<_>>().join(", "),
            },
            // Tools set what they need of other databases.
            Statement::Set(_) => Self::Taken("SET"),
            Statement::ShowVariable { variable } => Self::Show { name: shown_name(variable) },
            Statement::Reset(_) => Self::Taken("RESET"),
            Statement::Discard { .. } => Self::Taken("DISCARD ALL"),
            Statement::Deallocate { .. } => Self::Taken("DEALLOCATE"),
            Statement::UNLISTEN { .. } => Self::Taken("UNLISTEN"),
            Statement::StartTransaction { .. } => Self::Begin,
            Statement::Commit { .. } => Self::Commit,
            Statement::Rollback { savepoint: None, .. } => Self::Rollback,
            Statement::Rollback { .. } => Self::Taken("ROLLBACK"),
            Statement::Savepoint { .. } => Self::Taken("SAVEPOINT"),
            Statement::ReleaseSavepoint { .. } => Self::Taken("RELEASE"),
            other if only_reads(&for_engine(other)) => Self::Query,
            other => Self::Refused(other.to_string()),
        }
    }
}

/// The statements of a text, with Perennial's word for what cannot be read.
pub(crate) fn parse(shared: &Shared, sql: &str) -> Result<Vec<Statement>, QueryError> {
    check_size(sql)?;
    let parsed = shared.parser.parse(sql);
    let limit_bytes = shared.service.limits().memory_bytes;
    let mut statements = parsed.map_err(|problem| QueryError::from_engine(&problem.into(), limit_bytes))?;
    statements.iter_mut().for_each(without_catalogue_gaps);
    Ok(statements)
}

/// Puts NULL where the catalogue has nothing to say: psql lists members of roles and the like by
/// `ARRAY(SELECT …)`, which the engine does not have, joins storage options, which no table has, and asks
/// for types that are rows, of which there are none. A query over own tables is left as it is, and says
/// what is wrong.
fn without_catalogue_gaps(statement: &mut Statement) {
    let other = visit_relations(statement, |name| {
        let name = name.to_string();
        let catalogue = name.starts_with("pg_catalog.") || ["unnest", "generate_series"].contains(&name.as_str());
        if catalogue { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    if other.is_break() {
        return;
    }
    let _: ControlFlow<()> = visit_expressions_mut(statement, |expression| {
        let gap = match expression {
            Expr::Function(function) => {
                matches!(function.args, FunctionArguments::Subquery(_)) || names_storage_options(function)
            }
            Expr::Subquery(query) => asks_for_row_types(&query.to_string()),
            _ => false,
        };
        if gap {
            *expression = Expr::Value(Value::Null.into());
        }
        ControlFlow::Continue(())
    });
}

/// What `\d+` of psql asks for each table.
fn names_storage_options(function: &Function) -> bool {
    let name = function.name.0.last().map(ToString::to_string);
    name.as_deref() == Some("array_to_string") && function.args.to_string().contains("reloptions")
}

/// What `\dT` of psql asks for each type: whether a table stands behind it that is only a type.
fn asks_for_row_types(query: &str) -> bool {
    query.contains("relkind = 'c'")
}

/// The statement that asks the tables: the one a cursor is declared for, or itself.
pub(crate) fn asked(statement: Statement) -> Statement {
    declared(&statement).map_or(statement, |(_, query)| query)
}

/// As the engine takes it.
pub(crate) fn for_engine(statement: &Statement) -> EngineStatement {
    EngineStatement::Statement(Box::new(statement.clone()))
}

/// A cursor's name and its query.
fn declared(statement: &Statement) -> Option<(String, Statement)> {
    let Statement::Declare { stmts } = statement else { return None };
    let [declared] = stmts.as_slice() else { return None };
    let (Some(DeclareType::Cursor), [name]) = (&declared.declare_type, declared.names.as_slice()) else { return None };
    Some((name.value.clone(), Statement::Query(declared.for_query.clone()?)))
}

fn rows_of(direction: &FetchDirection) -> Option<usize> {
    match direction {
        FetchDirection::Next | FetchDirection::Forward { limit: None } => Some(1),
        FetchDirection::Count { limit } | FetchDirection::Forward { limit: Some(limit) } => match &limit.value {
            Value::Number(digits, _) => digits.to_string().parse().ok(),
            _ => None,
        },
        FetchDirection::All | FetchDirection::ForwardAll => Some(usize::MAX),
        _ => None,
    }
}

/// Under which name a setting is shown: `SHOW TIME ZONE` is one too.
fn shown_name(variable: &[Ident]) -> String {
    let words: Vec<String> = variable.iter().map(|word| word.value.to_lowercase()).collect();
    match words.join("_").as_str() {
        "time_zone" => "timezone".to_owned(),
        "transaction_isolation_level" => "transaction_isolation".to_owned(),
        other => other.to_owned(),
    }
}

/// A value without its quotes.
fn text(value: &Expr) -> String {
    match value {
        Expr::Value(value) => value.clone().into_string().unwrap_or_else(|| value.to_string()),
        other => other.to_string(),
    }
}
