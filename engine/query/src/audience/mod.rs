//! Conditions on customers, in SQL, as tests that run over all of them at once.
//!
//! Comparisons of a column with a constant become comparisons of stored numbers, a condition on one column
//! of words is asked once for each word, and other segments, lists and tags become sets. Whatever else is
//! left is asked of DataFusion, of those customers whom nothing else decides.

mod functions;
mod judge;
mod reader;

pub(crate) use functions::Group;
pub(crate) use judge::schema_of;

use crate::local_day::current_date;
use crate::parser::parser;
use crate::problem::{missing_column, not_understood, place_of, problem, refuse_first};
use datafusion::arrow::temporal_conversions::timestamp_us_to_datetime;
use datafusion::common::{DFSchema, DFSchemaRef};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::prelude::SessionContext;
use perennial_definitions::{CustomerExpression, ExpressionProblem, Expressions, Lexical, Segment};
use perennial_fold::{Audience, ColumnSpec, CustomerTable, CustomerTest, Instant, Members};
use perennial_model::{Currency, CustomerId, nearest};
use perennial_ports::{GroupKind, StoreError};
use perennial_timeline::Timeline;
use reader::{Reader, Words, no_name};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Lists and tags of customers, by name.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// `in_list('name')`
    pub lists: BTreeMap<String, Arc<Members>>,
    /// `has_tag('name')`
    pub tags: BTreeMap<String, Arc<Members>>,
}

impl Groups {
    /// Those of a brand, each customer as who it is now.
    ///
    /// # Errors
    /// What the store says.
    pub async fn read(timeline: &Timeline) -> Result<Self, StoreError> {
        let (store, mut groups) = (timeline.store(), Self::default());
        for group in store.groups().await? {
            let profiles = store.group_members(group.kind, &group.name).await?;
            let members: Members = profiles.into_iter().map(|profile| timeline.customer_of(profile)).collect();
            let of_kind = match group.kind {
                GroupKind::List => &mut groups.lists,
                GroupKind::Tag => &mut groups.tags,
            };
            of_kind.insert(group.name, Arc::new(members));
        }
        Ok(groups)
    }
}

/// Whom to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Those in the segment of this name.
    Segment(&'a str),
    /// Those who meet a condition.
    Condition(&'a str),
}

/// Tests to ask together.
#[derive(Debug)]
pub struct Compiled {
    /// The tests.
    pub audience: Audience,
    /// Which of them each wanted one is, or why there is none.
    pub places: Vec<Result<usize, ExpressionProblem>>,
}

/// The customers of a table that a pass made who are in a segment, ascending. Lists and tags are as they are
/// now, whatever the instant.
///
/// # Errors
/// Why the segment cannot be used.
pub fn members_of_segment(
    table: &CustomerTable,
    currency: Currency,
    instant: &Instant,
    segment: &str,
    segments: &[Segment],
    groups: &Groups,
) -> Result<Vec<CustomerId>, ExpressionProblem> {
    let conditions = CustomerConditions::new(table.specs.clone(), currency, instant)?;
    let Compiled { audience, places } = conditions.compile(&[Wanted::Segment(segment)], segments, groups);
    let place = places.into_iter().next().unwrap_or(Ok(0))?;
    let members = audience.members_of_table(table, 1);
    let mut customers: Vec<CustomerId> =
        members.get(place).map(|members| members.customers().collect()).unwrap_or_default();
    customers.sort_unstable();
    Ok(customers)
}

/// Reads conditions on customers, as of an instant.
pub struct CustomerConditions {
    context: SessionContext,
    schema: DFSchemaRef,
    specs: Vec<ColumnSpec>,
    currency: Currency,
    now: SimplifyContext,
}

impl std::fmt::Debug for CustomerConditions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("CustomerConditions").field("currency", &self.currency).finish_non_exhaustive()
    }
}

impl CustomerConditions {
    /// Of customers with these columns, in this order.
    ///
    /// # Errors
    /// Two columns of one name.
    pub fn new(specs: Vec<ColumnSpec>, currency: Currency, instant: &Instant) -> Result<Self, ExpressionProblem> {
        let context = parser();
        for group in Group::ALL {
            context.register_udf(group.udf());
        }
        context.register_udf(current_date(instant.as_of_day));
        let schema = DFSchema::try_from(schema_of(specs.iter(), currency));
        let schema: DFSchemaRef = Arc::new(schema.map_err(|error| problem(0, error.to_string(), "rename a metric"))?);
        let now = timestamp_us_to_datetime(instant.as_of_us).map(|now| now.and_utc());
        let now =
            SimplifyContext::builder().with_schema(Arc::clone(&schema)).with_query_execution_start_time(now).build();
        Ok(Self { context, schema, specs, currency, now })
    }

    /// What a condition names.
    ///
    /// # Errors
    /// Why it cannot be used. That a segment or a list is not known is not for this to say.
    pub fn check(&self, sql: &str) -> Result<CustomerExpression, ExpressionProblem> {
        let expression = self.parsed(sql)?;
        self.test(&expression, sql, &mut |_, _, _| Ok(CustomerTest::Known(None)))?;
        // The parser forgets where names stand.
        let segments = Lexical.check_customer(sql, &[])?.segments;
        let columns = expression.column_refs().into_iter().map(|column| column.name.clone()).collect();
        Ok(CustomerExpression { columns, segments })
    }

    /// The tests of what is wanted, and of the segments within. A segment that cannot be used costs those
    /// that name it, not the others.
    #[must_use]
    pub fn compile(&self, wanted: &[Wanted<'_>], segments: &[Segment], groups: &Groups) -> Compiled {
        let mut compiler = Compiler {
            conditions: self,
            segments: segments.iter().map(|segment| (segment.name.as_str(), segment)).collect(),
            groups,
            known: BTreeMap::new(),
            tests: Vec::new(),
            sets: Vec::new(),
            set_places: BTreeMap::new(),
            path: Vec::new(),
        };
        let places = wanted.iter().map(|wanted| match wanted {
            Wanted::Segment(name) => compiler.segment(name, None),
            Wanted::Condition(sql) => compiler.condition(sql),
        });
        let places = places.collect();
        Compiled { audience: Audience::new(compiler.tests, compiler.sets), places }
    }

    fn parsed(&self, sql: &str) -> Result<Expr, ExpressionProblem> {
        let expression = self.context.parse_sql_expr(sql, &self.schema).map_err(|error| self.misread(sql, &error))?;
        refuse(&expression, sql)?;
        Ok(expression)
    }

    fn test(
        &self,
        expression: &Expr,
        sql: &str,
        resolve: &mut reader::Resolve<'_>,
    ) -> Result<CustomerTest, ExpressionProblem> {
        let words = Words {
            context: &self.context,
            schema: &self.schema,
            specs: &self.specs,
            currency: self.currency,
            now: self.now.clone(),
        };
        Reader { words: &words, sql, resolve }.test(expression)
    }

    /// What DataFusion says of a condition.
    fn misread(&self, sql: &str, error: &DataFusionError) -> ExpressionProblem {
        if let Some(name) = missing_column(error) {
            let fix = match nearest(name, self.schema.fields().iter().map(|field| field.name().as_str())) {
                Some(near) => format!("{near} is meant? perennial query \"select * from columns\" lists all"),
                None => "perennial query \"select * from columns\" lists all".to_owned(),
            };
            return problem(place_of(sql, name), format!("customers have no column {name}"), fix);
        }
        not_understood(sql, error)
    }
}

/// Puts tests in an order in which each stands behind those it names.
struct Compiler<'a> {
    conditions: &'a CustomerConditions,
    segments: BTreeMap<&'a str, &'a Segment>,
    groups: &'a Groups,
    known: BTreeMap<String, Result<usize, ExpressionProblem>>,
    tests: Vec<CustomerTest>,
    sets: Vec<Arc<Members>>,
    set_places: BTreeMap<(Group, String), usize>,
    /// Segments that are being read.
    path: Vec<String>,
}

/// Segments within segments, at most: each takes a piece of the stack.
const MOST_WITHIN: usize = 32;

impl Compiler<'_> {
    /// The test of a segment that is wanted, or that another condition names at a place.
    fn segment(&mut self, name: &str, named_at: Option<usize>) -> Result<usize, ExpressionProblem> {
        let at = named_at.unwrap_or(0);
        // Where another one names it, the place within its own condition says nothing.
        let told = |inner: ExpressionProblem| match named_at {
            Some(offset) => {
                ExpressionProblem { offset, message: format!("segment {name}: {}", inner.message), ..inner }
            }
            None => inner,
        };
        if let Some(known) = self.known.get(name) {
            return known.clone().map_err(told);
        }
        if let Some(start) = self.path.iter().position(|open| open == name) {
            let circle = self.path[start..].iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(" → ");
            let fix = format!("take in_segment('{name}') out of {}", self.path.last().map_or("", String::as_str));
            return Err(problem(at, format!("these segments are defined by each other: {circle}"), fix));
        }
        if self.path.len() >= MOST_WITHIN {
            return Err(problem(at, "segments lie too deep within one another", "name fewer of them"));
        }
        let Some(segment) = self.segments.get(name).copied() else {
            let fix = match nearest(name, self.segments.keys().copied()) {
                Some(near) => format!("is {near} meant?"),
                None => "define it, or name a column".to_owned(),
            };
            return Err(problem(at, format!("there is no segment {name}"), fix));
        };
        self.path.push(name.to_owned());
        let place = self.condition(&segment.r#where);
        self.path.pop();
        self.known.insert(name.to_owned(), place.clone());
        place.map_err(told)
    }

    fn condition(&mut self, sql: &str) -> Result<usize, ExpressionProblem> {
        let conditions = self.conditions;
        let expression = conditions.parsed(sql)?;
        let test = conditions.test(&expression, sql, &mut |group, name, at| self.group(group, name, at))?;
        self.tests.push(test);
        Ok(self.tests.len() - 1)
    }

    fn group(&mut self, group: Group, name: &str, at: usize) -> Result<CustomerTest, ExpressionProblem> {
        if group == Group::Segment {
            return self.segment(name, Some(at)).map(CustomerTest::Earlier);
        }
        let known = if group == Group::List { &self.groups.lists } else { &self.groups.tags };
        let members = match (known.get(name), group) {
            (Some(members), _) => Arc::clone(members),
            (None, Group::List) => {
                let fix = match nearest(name, known.keys().map(String::as_str)) {
                    Some(near) => format!("is {near} meant?"),
                    None => "make the list first".to_owned(),
                };
                return Err(problem(at, format!("there is no list {name}"), fix));
            }
            // A tag that nobody has yet.
            (None, _) => Arc::default(),
        };
        let sets = &mut self.sets;
        let place = *self.set_places.entry((group, name.to_owned())).or_insert_with(|| {
            sets.push(members);
            sets.len() - 1
        });
        Ok(CustomerTest::Member(place))
    }
}

/// Nothing that looks beyond the customer's row.
fn refuse(expression: &Expr, sql: &str) -> Result<(), ExpressionProblem> {
    refuse_first(expression, |part| match part {
        Expr::ScalarFunction(call) if part.is_volatile_node() => {
            let message = format!("{}() differs each time it is asked", call.name());
            Some(problem(place_of(sql, call.name()), message, "leave it out"))
        }
        Expr::AggregateFunction(_) | Expr::WindowFunction(_) => {
            let fix = "make a metric of it, and compare that";
            Some(problem(0, "a condition looks at one customer and cannot add up several", fix))
        }
        Expr::ScalarSubquery(_) | Expr::InSubquery(_) | Expr::Exists(_) => {
            Some(problem(0, "a condition looks at one customer and cannot ask tables", "name its columns"))
        }
        Expr::Placeholder(_) => Some(problem(0, "a condition has no parameters", "write the value")),
        _ => Group::called(part).and_then(Result::err).map(|group| no_name(group, sql)),
    })
}
