//! The SQL of definitions: judged, and made into what a pass can fold.

use crate::audience::CustomerConditions;
use crate::event_test::{EventConditions, columns};
use crate::problem::problem;
use perennial_definitions::{
    CustomerExpression, Definitions, EventExpression, ExpressionProblem, Expressions, Function, Lexical, Metric,
    Segment, Text, Then, Unit, type_of_both,
};
use perennial_fold::Function as Folded;
use perennial_fold::{
    ColumnSpec, EventColumn, Instant, Metric as FoldedMetric, NumberColumn, Revenue, StreakUnit, Test, WordColumn,
    WordSet, lasting,
};
use perennial_model::{Currency, DAY_US, PropertySpec, PropertyType, Zone};

/// The function by which a segment names another one.
const IN_SEGMENT: &str = "in_segment";
/// Segments within segments, at most.
const MOST_WITHIN: usize = 32;

/// Judges the SQL of a brand's definitions, and compiles its metrics.
#[derive(Debug)]
pub struct SqlExpressions {
    events: EventConditions,
    customers: Vec<ColumnSpec>,
    currency: Currency,
}

impl SqlExpressions {
    /// Of a brand with this currency and these declared properties, whose customer table has these columns
    /// besides its metrics.
    ///
    /// # Errors
    /// None in practice.
    pub fn new(
        currency: Currency,
        properties: &[PropertySpec],
        customers: Vec<ColumnSpec>,
    ) -> Result<Self, ExpressionProblem> {
        Ok(Self { events: EventConditions::new(currency, properties)?, customers, currency })
    }

    /// A metric as a pass folds it. A property that nobody has declared has the type that the metric tells.
    ///
    /// # Errors
    /// What in it cannot be used. Definitions that were read have no such problem.
    pub fn metric(&self, metric: &Metric) -> Result<FoldedMetric, ExpressionProblem> {
        let undeclared = self.undeclared(metric)?;
        if !undeclared.is_empty() {
            let (events, customers) = (self.events.with(&undeclared)?, self.customers.clone());
            return Self { events, customers, currency: self.currency }.metric(metric);
        }
        let described = metric.description.as_ref().or(metric.title.as_ref()).map_or("", Text::en);
        Ok(FoldedMetric {
            name: lasting(&metric.name),
            description: lasting(described),
            test: self.test(&metric.events, metric.r#where.as_deref())?,
            function: self.function(metric)?,
            window_days: metric.window.map(|window| window.days()),
        })
    }

    /// The condition of a segment, with the conditions of those it names in their place: what is unknown of
    /// them stays unknown.
    ///
    /// # Errors
    /// A segment that nobody defines, or more of them within one another than anybody means.
    pub fn spelled_out(&self, segment: &Segment, definitions: &Definitions) -> Result<String, ExpressionProblem> {
        spelled_out(segment, definitions, MOST_WITHIN)
    }

    /// Properties that a metric names and nobody has declared.
    fn undeclared(&self, metric: &Metric) -> Result<Vec<PropertySpec>, ExpressionProblem> {
        let then = metric.then.as_ref().and_then(|then| then.r#where.as_ref());
        let mut found: Vec<PropertySpec> = Vec::new();
        let conditions = metric.r#where.iter().chain(then).map(|sql| self.events.undeclared(sql));
        let of = metric.of.as_deref().filter(|of| self.events.column(of).is_none());
        let of = of.map(|of| Ok(vec![of_undeclared(of, metric.function)?]));
        for more in conditions.chain(of) {
            for spec in more? {
                let Some(known) = found.iter_mut().find(|known| known.name == spec.name) else {
                    found.push(spec);
                    continue;
                };
                let both = type_of_both(known.property_type, spec.property_type);
                let message = || format!("the property {} is taken for two types", spec.name);
                known.property_type = both.ok_or_else(|| problem(0, message(), "use it as one"))?;
            }
        }
        Ok(found)
    }

    fn test(&self, events: &[String], condition: Option<&str>) -> Result<Test, ExpressionProblem> {
        let named = match events {
            [] => Test::ALWAYS,
            names => Test::OneOf(WordColumn::Name, WordSet::new(names.to_vec())),
        };
        Ok(named.and(condition.map_or(Ok(Test::ALWAYS), |sql| self.events.read(sql))?))
    }

    fn function(&self, metric: &Metric) -> Result<Folded, ExpressionProblem> {
        let of = |function: fn(NumberColumn) -> Folded| match self.of(metric)? {
            EventColumn::Number(column) => Ok(function(column)),
            EventColumn::Word(_) | EventColumn::Kind => Err(no_number(metric.of.as_deref().unwrap_or_default())),
        };
        Ok(match metric.function {
            Function::Count => Folded::Count,
            Function::Sum => of(Folded::Sum)?,
            Function::Average => of(Folded::Average)?,
            Function::Min => of(Folded::Min)?,
            Function::Max => of(Folded::Max)?,
            Function::First => of(Folded::First)?,
            Function::Last => of(Folded::Last)?,
            Function::Distinct => match self.of(metric)? {
                EventColumn::Number(column) => Folded::DistinctNumbers(column),
                EventColumn::Word(column) => Folded::DistinctWords(column),
                EventColumn::Kind => return Err(no_distinct_kinds()),
            },
            Function::DaysSince => Folded::DaysSince,
            Function::Streak => Folded::Streak(match metric.unit.unwrap_or_default() {
                Unit::Day => StreakUnit::Day,
                Unit::Week => StreakUnit::Week,
                Unit::Month => StreakUnit::Month,
            }),
            Function::Sequence => {
                let Then { events, r#where } = metric.then.clone().unwrap_or_default();
                let days = metric.within.map_or(0, |within| within.days());
                Folded::Sequence { then: self.test(&events, r#where.as_deref())?, within_us: i64::from(days) * DAY_US }
            }
        })
    }

    fn of(&self, metric: &Metric) -> Result<EventColumn, ExpressionProblem> {
        let of = metric.of.as_deref().unwrap_or_default();
        self.events.column(of).map(|named| named.column).ok_or_else(|| no_column(of))
    }

    /// Columns of the customer table with these metrics.
    fn columns(&self, metrics: &[Metric]) -> Vec<ColumnSpec> {
        let mut columns = self.customers.clone();
        for metric in metrics {
            // One that cannot be used is told where it is defined.
            let Ok(folded) = self.metric(metric) else { continue };
            columns.push(ColumnSpec { name: folded.name, column_type: folded.column_type(), description: "" });
        }
        columns
    }
}

fn spelled_out(segment: &Segment, definitions: &Definitions, left: usize) -> Result<String, ExpressionProblem> {
    let sql = &segment.r#where;
    let mut out = sql.clone();
    let references = Lexical.check_customer(sql, &[])?.segments;
    for reference in references.iter().rev() {
        let named = definitions.segments.iter().find(|other| other.name == reference.name);
        let unknown = || problem(reference.offset, format!("there is no segment {}", reference.name), "define it");
        let deeper = left.checked_sub(1).ok_or_else(|| {
            problem(reference.offset, "segments lie too deep within one another", "name fewer of them")
        })?;
        let inner = spelled_out(named.ok_or_else(unknown)?, definitions, deeper)?;
        let head = sql.get(..reference.offset).unwrap_or_default().to_ascii_lowercase();
        let close = sql.get(reference.offset..).and_then(|rest| rest.find(')'));
        if let (Some(from), Some(to)) = (head.rfind(IN_SEGMENT), close) {
            out.replace_range(from..=reference.offset + to, &format!("({inner})"));
        }
    }
    Ok(out)
}

fn no_column(name: &str) -> ExpressionProblem {
    problem(0, format!("events have no column {name}"), format!("take one of {}", columns::names()))
}

/// The property of which a metric is made, typed by its function.
fn of_undeclared(of: &str, function: Function) -> Result<PropertySpec, ExpressionProblem> {
    let name = columns::property_name(of).ok_or_else(|| no_column(of))?;
    if let Some(property_type) = columns::type_of_own(name) {
        return Ok(PropertySpec { name: name.to_owned(), property_type });
    }
    if function == Function::Distinct {
        let message = format!("nobody has declared the property {name}, and nothing tells its type");
        return Err(problem(0, message, format!("apply a metric first that compares {of} with a text or a number")));
    }
    Ok(PropertySpec { name: name.to_owned(), property_type: PropertyType::Number })
}

fn no_number(name: &str) -> ExpressionProblem {
    problem(0, format!("{name} is no number"), "take value, quantity, time, received or day, or the function distinct")
}

fn no_distinct_kinds() -> ExpressionProblem {
    problem(0, "kinds are not counted", "take name")
}

impl Expressions for SqlExpressions {
    fn check_event(&self, sql: &str) -> Result<EventExpression, ExpressionProblem> {
        let undeclared = self.events.undeclared(sql)?;
        let wider = self.events.with(&undeclared)?;
        let columns = wider.names(sql)?;
        wider.read(sql)?;
        Ok(EventExpression { columns, undeclared })
    }

    fn check_value(&self, of: &str, function: Function) -> Result<EventExpression, ExpressionProblem> {
        let (found, undeclared) = match self.events.column(of) {
            Some(named) => (named.column, Vec::new()),
            None => {
                let spec = of_undeclared(of, function)?;
                (columns::of_property(&spec).column, vec![spec])
            }
        };
        let adds = matches!(function, Function::Sum | Function::Average);
        match (found, function) {
            (EventColumn::Kind, _) => return Err(no_distinct_kinds()),
            (EventColumn::Word(_), Function::Distinct) => {}
            (EventColumn::Word(_), _) => return Err(no_number(of)),
            (EventColumn::Number(NumberColumn::Time | NumberColumn::Received | NumberColumn::Day), _) if adds => {
                let fix = "take value or quantity, or the function min, max, first or last";
                return Err(problem(0, format!("{of} cannot be added up"), fix));
            }
            (EventColumn::Number(NumberColumn::Property(property)), _)
                if property.property_type() == PropertyType::Boolean =>
            {
                let fix = format!("count with where: {of} = true");
                return Err(problem(0, format!("{of} is true or false, no number"), fix));
            }
            (EventColumn::Number(_), _) => {}
        }
        Ok(EventExpression { columns: vec![of.to_owned()], undeclared })
    }

    fn check_customer(&self, sql: &str, metrics: &[Metric]) -> Result<CustomerExpression, ExpressionProblem> {
        let instant = Instant::new(0, Zone::utc(), Revenue::Net);
        CustomerConditions::new(self.columns(metrics), self.currency, &instant)?.check(sql)
    }
}
