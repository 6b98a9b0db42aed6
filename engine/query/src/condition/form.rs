//! The form of one comparison, where it has one.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Interval,
    TypedString, UnaryOperator, Value, ValueWithSpan,
};
use perennial_definitions::{Behaviour, Comparison, Condition, ConditionValue, Metric};

/// The condition that an expression is; none where only SQL can say it.
pub(super) fn of(expression: &Expr, metrics: &[Metric]) -> Option<Condition> {
    let column =
        |operand: &Expr, comparison: Comparison| Some(Condition::Column { column: column(operand)?, comparison });
    let is_time = |operand: &Expr| {
        let column = self::column(operand);
        let metric = metrics.iter().find(|metric| column.as_ref() == Some(&metric.name));
        metric.is_some_and(|metric| Behaviour::of_metric(metric).is_time())
    };
    match expression {
        Expr::Identifier(_) => column(expression, Comparison::Yes {}),
        Expr::Value(ValueWithSpan { value: Value::Boolean(true), .. }) => Some(Condition::All { all: Vec::new() }),
        Expr::Value(ValueWithSpan { value: Value::Boolean(false), .. }) => Some(Condition::Any { any: Vec::new() }),
        Expr::IsNull(operand) => column(operand, Comparison::Unknown {}),
        Expr::IsNotNull(operand) => column(operand, Comparison::Known {}),
        Expr::IsNotTrue(inner) => Some(Condition::Not { not: Box::new(of(inner, metrics)?), unknown_too: true }),
        Expr::InList { expr, list, negated } => {
            let values = list.iter().map(literal).collect::<Option<Vec<_>>>()?;
            column(expr, if *negated { Comparison::NoneOf { values } } else { Comparison::OneOf { values } })
        }
        Expr::Between { expr, negated, low, high } => {
            let comparison = match (back(low, is_time(expr)), back(high, is_time(expr))) {
                (Some(value), Some(0)) => Comparison::WithinDays { value: days(value, is_time(expr))? },
                _ => Comparison::Between { least: literal(low)?, most: literal(high)? },
            };
            negated_if(*negated, column(expr, comparison)?)
        }
        Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
            negated_if(*negated, column(expr, like(pattern)?)?)
        }
        Expr::BinaryOp { left, op, right } => match (literal(right), literal(left)) {
            (Some(value), _) => column(left, compared(op, value)?),
            (_, Some(value)) => column(right, compared(&swapped(op)?, value)?),
            _ => column(left, looking_back(op, right, is_time(left))?),
        },
        _ => call(expression),
    }
}

fn negated_if(negated: bool, condition: Condition) -> Option<Condition> {
    Some(if negated { Condition::Not { not: Box::new(condition), unknown_too: false } } else { condition })
}

/// A name as the engine takes it: without quotes in lower case.
pub(super) fn name(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_ascii_lowercase() }
}

fn column(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Identifier(identifier) => Some(name(identifier)),
        _ => None,
    }
}

/// `in_segment('…')`, `in_list('…')` or `has_tag('…')`.
pub(super) fn call(expression: &Expr) -> Option<Condition> {
    let Expr::Function(function) = expression else { return None };
    let [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))] = arguments(function)? else { return None };
    let name = text(argument)?;
    match called(function)?.as_str() {
        "in_segment" => Some(Condition::Segment { segment: name }),
        "in_list" => Some(Condition::List { list: name }),
        "has_tag" => Some(Condition::Tag { tag: name }),
        _ => None,
    }
}

/// The name of a function that is called plainly.
fn called(function: &Function) -> Option<String> {
    let Function { name, parameters: FunctionArguments::None, filter: None, null_treatment: None, over: None, .. } =
        function
    else {
        return None;
    };
    match name.0.as_slice() {
        [only] => only.as_ident().map(self::name),
        _ => None,
    }
}

fn arguments(function: &Function) -> Option<&[FunctionArg]> {
    match &function.args {
        FunctionArguments::None => Some(&[]),
        FunctionArguments::List(list) if list.duplicate_treatment.is_none() && list.clauses.is_empty() => {
            Some(&list.args)
        }
        _ => None,
    }
}

fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

fn literal(expression: &Expr) -> Option<ConditionValue> {
    match expression {
        Expr::Value(ValueWithSpan { value, .. }) => match value {
            Value::Number(digits, false) => number(digits),
            Value::SingleQuotedString(text) => Some(ConditionValue::Text(text.clone())),
            Value::Boolean(value) => Some(ConditionValue::Boolean(*value)),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match expr.as_ref() {
            Expr::Value(ValueWithSpan { value: Value::Number(digits, false), .. }) => number(&format!("-{digits}")),
            _ => None,
        },
        Expr::TypedString(TypedString { data_type: DataType::Date, value, uses_odbc_syntax: false }) => {
            match &value.value {
                Value::SingleQuotedString(day) if is_day(day) => Some(ConditionValue::Text(day.clone())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// As the engine reads it: whole where it is, else floating-point.
fn number(digits: &str) -> Option<ConditionValue> {
    let whole = digits.parse::<i64>().map(Into::into).or_else(|_| digits.parse::<u64>().map(Into::into));
    let number = match whole {
        Ok(whole) => Some(whole),
        Err(_) => digits.parse().ok().and_then(serde_json::Number::from_f64),
    };
    number.map(ConditionValue::Number)
}

/// Whether it is as 2026-03-01.
fn is_day(text: &str) -> bool {
    let sign = |place: usize| matches!(place, 4 | 7);
    let is_so = |(place, byte): (usize, u8)| if sign(place) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(is_so)
}

fn compared(op: &BinaryOperator, value: ConditionValue) -> Option<Comparison> {
    Some(match op {
        BinaryOperator::Eq => Comparison::Equal { value },
        BinaryOperator::NotEq => Comparison::NotEqual { value },
        BinaryOperator::Lt => Comparison::Less { value },
        BinaryOperator::LtEq => Comparison::AtMost { value },
        BinaryOperator::Gt => Comparison::More { value },
        BinaryOperator::GtEq => Comparison::AtLeast { value },
        _ => return None,
    })
}

fn swapped(op: &BinaryOperator) -> Option<BinaryOperator> {
    Some(match op {
        BinaryOperator::Eq => BinaryOperator::Eq,
        BinaryOperator::NotEq => BinaryOperator::NotEq,
        BinaryOperator::Lt => BinaryOperator::Gt,
        BinaryOperator::LtEq => BinaryOperator::GtEq,
        BinaryOperator::Gt => BinaryOperator::Lt,
        BinaryOperator::GtEq => BinaryOperator::LtEq,
        _ => return None,
    })
}

/// `= current_date`, `< current_date - 29`, and `< now() - interval '30 days'` of a time.
fn looking_back(op: &BinaryOperator, right: &Expr, is_time: bool) -> Option<Comparison> {
    match (op, back(right, is_time)?) {
        (BinaryOperator::Eq, 0) if !is_time => Some(Comparison::WithinDays { value: 1 }),
        (BinaryOperator::Lt, back) => Some(Comparison::BeforeDays { value: days(back, is_time)? }),
        _ => None,
    }
}

/// So many days: today is one of them, now is none.
fn days(back: u32, is_time: bool) -> Option<u32> {
    if is_time { Some(back) } else { back.checked_add(1) }
}

/// Days from now back to a time, or from today back to a day.
fn back(expression: &Expr, is_time: bool) -> Option<u32> {
    match expression {
        Expr::Function(function) => {
            let wanted = if is_time { "now" } else { "current_date" };
            (arguments(function)?.is_empty() && called(function)? == wanted).then_some(0)
        }
        Expr::BinaryOp { left, op: BinaryOperator::Minus, right } if matches!(left.as_ref(), Expr::Function(_)) => {
            back(left, is_time)?;
            match (right.as_ref(), is_time) {
                (Expr::Value(ValueWithSpan { value: Value::Number(digits, false), .. }), false) => digits.parse().ok(),
                (Expr::Interval(Interval { value, leading_field: None, last_field: None, .. }), true) => {
                    text(value)?.strip_suffix(" days")?.parse().ok()
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Letters in it or at its beginning; none where a pattern says more.
fn like(pattern: &Expr) -> Option<Comparison> {
    let pattern = text(pattern)?;
    let (contains, rest) = pattern.strip_prefix('%').map_or((false, pattern.as_str()), |rest| (true, rest));
    let (mut value, mut letters) = (String::new(), rest.chars());
    loop {
        match letters.next()? {
            '\\' => value.push(letters.next().filter(|letter| matches!(letter, '\\' | '%' | '_'))?),
            '%' if letters.as_str().is_empty() => break,
            '%' | '_' => return None,
            letter => value.push(letter),
        }
    }
    Some(if contains { Comparison::Contains { value } } else { Comparison::BeginsWith { value } })
}
