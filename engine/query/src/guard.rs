//! Functions that make much of little: `repeat('x', 2000000000)` would take the server's memory before
//! any limit is asked, for limits count what sorting, grouping and joining hold.

use datafusion::arrow::array::AsArray;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, FieldRef, Int64Type};
use datafusion::common::{ScalarValue, exec_datafusion_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
};
use std::sync::Arc;

/// Bytes of text, or values of lists, that one call for a batch of rows may make.
const MOST: u128 = 64 << 20;
/// Those that take how long the answer is to be, and which argument says so.
const BY_LENGTH: [(&str, usize); 5] =
    [("repeat", 1), ("lpad", 1), ("rpad", 1), ("array_repeat", 1), ("array_resize", 1)];
/// Those that count from one value to another.
const BY_SPAN: [&str; 2] = ["generate_series", "range"];

/// Puts bounds on these functions of a session.
pub(crate) fn bound_functions(registry: &mut dyn FunctionRegistry) -> Result<()> {
    let by_length = BY_LENGTH.iter().map(|(name, argument)| (*name, Growth::Length(*argument)));
    for (name, growth) in by_length.chain(BY_SPAN.iter().map(|name| (*name, Growth::Span))) {
        let inner = registry.udf(name)?;
        if inner.inner().downcast_ref::<Bounded>().is_none() {
            registry.register_udf(Arc::new(ScalarUDF::new_from_impl(Bounded { inner, growth })))?;
        }
    }
    Ok(())
}

/// What decides how large an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Growth {
    Length(usize),
    Span,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Bounded {
    inner: Arc<ScalarUDF>,
    growth: Growth,
}

impl ScalarUDFImpl for Bounded {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        self.inner.return_type(arguments)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.inner.return_field_from_args(arguments)
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.inner().coerce_types(arguments)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = arguments.number_rows;
        let each = match self.growth {
            Growth::Length(index) => arguments.args.get(index).map_or(Ok(0), most)?,
            Growth::Span => span(&arguments.args)?,
        };
        let width = match (self.name(), arguments.args.first()) {
            ("repeat", Some(text)) => longest(text),
            _ => 1,
        };
        let whole = each.unsigned_abs().saturating_mul(rows.max(1) as u128).saturating_mul(width);
        if whole > MOST {
            let name = self.name();
            return Err(DataFusionError::ResourcesExhausted(format!("{name} would make {whole} values")));
        }
        self.inner.invoke_with_args(arguments)
    }
}

/// The largest of a column of integers; nothing where it is of another type.
fn most(value: &ColumnarValue) -> Result<i128> {
    let one = |scalar: &ScalarValue| scalar.cast_to(&DataType::Int64);
    Ok(match value {
        ColumnarValue::Scalar(scalar) => match one(scalar) {
            Ok(ScalarValue::Int64(Some(count))) => i128::from(count.max(0)),
            _ => 0,
        },
        ColumnarValue::Array(array) => {
            let Ok(counts) = cast(array, &DataType::Int64) else { return Ok(0) };
            i128::from(counts.as_primitive::<Int64Type>().iter().flatten().max().unwrap_or(0).max(0))
        }
    })
}

/// How many steps there are from the first value to the second; of the whole column the farthest.
fn span(arguments: &[ColumnarValue]) -> Result<i128> {
    let bounds = |value: &ColumnarValue| -> Result<Option<(i128, i128)>> {
        let array = value.to_array(1).map_err(|problem| exec_datafusion_err!("{problem}"))?;
        let Ok(array) = cast(&array, &DataType::Int64) else { return Ok(None) };
        let values = array.as_primitive::<Int64Type>();
        let (low, high) = (values.iter().flatten().min(), values.iter().flatten().max());
        Ok(low.zip(high).map(|(low, high)| (i128::from(low), i128::from(high))))
    };
    let (from, to) = match arguments {
        [to] => (Some((0, 0)), bounds(to)?),
        [from, to, ..] => (bounds(from)?, bounds(to)?),
        [] => (None, None),
    };
    let (Some(from), Some(to)) = (from, to) else { return Ok(0) };
    let far = (to.1 - from.0).abs().max((to.0 - from.1).abs());
    Ok(far / arguments.get(2).map_or(1, |step| step_of(step, arguments)).max(1))
}

/// The least step, in the units of the values that are counted.
fn step_of(step: &ColumnarValue, arguments: &[ColumnarValue]) -> i128 {
    let Ok(array) = step.to_array(1) else { return 1 };
    if let Ok(steps) = cast(&array, &DataType::Int64) {
        return steps
            .as_primitive::<Int64Type>()
            .iter()
            .flatten()
            .map(|step| i128::from(step).abs())
            .min()
            .unwrap_or(1);
    }
    let ColumnarValue::Scalar(ScalarValue::IntervalMonthDayNano(Some(step))) = step else { return 1 };
    const DAY_NS: i128 = 86_400_000_000_000;
    let nanos = (i128::from(step.months) * 28 + i128::from(step.days)) * DAY_NS + i128::from(step.nanoseconds);
    let unit = match arguments.first().map(ColumnarValue::data_type) {
        Some(DataType::Date32) => DAY_NS,
        Some(DataType::Timestamp(unit, _)) => match unit {
            datafusion::arrow::datatypes::TimeUnit::Second => 1_000_000_000,
            datafusion::arrow::datatypes::TimeUnit::Millisecond => 1_000_000,
            datafusion::arrow::datatypes::TimeUnit::Microsecond => 1_000,
            datafusion::arrow::datatypes::TimeUnit::Nanosecond => 1,
        },
        _ => 1,
    };
    nanos.abs() / unit
}

/// Bytes of the longest text, roughly.
fn longest(text: &ColumnarValue) -> u128 {
    match text {
        ColumnarValue::Scalar(ScalarValue::Utf8(Some(text)) | ScalarValue::Utf8View(Some(text))) => text.len() as u128,
        ColumnarValue::Scalar(_) => 1,
        ColumnarValue::Array(array) => {
            let Ok(lengths) = datafusion::arrow::compute::kernels::length::length(array.as_ref()) else { return 1 };
            let Ok(lengths) = cast(&lengths, &DataType::Int64) else { return 1 };
            lengths.as_primitive::<Int64Type>().iter().flatten().max().unwrap_or(1).unsigned_abs().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::execution::context::SessionContext;

    async fn outcome(sql: &str) -> Result<String> {
        let context = SessionContext::new();
        let state = context.state_ref();
        bound_functions(&mut *state.write())?;
        let rows = context.sql(sql).await?.collect().await?;
        Ok(datafusion::arrow::util::pretty::pretty_format_batches(&rows)?.to_string())
    }

    #[tokio::test]
    async fn what_makes_much_of_little_is_refused_and_the_rest_is_not() {
        for sql in [
            "SELECT length(repeat('x', 2000000000))",
            "SELECT repeat(repeat('x', 10000), 10000)",
            "SELECT length(repeat('x', 20000 + value % 2)) FROM generate_series(1, 8000)",
            "SELECT length(lpad('x', 2000000000))",
            "SELECT length(rpad('x', value * 100000)) FROM generate_series(1, 8000)",
            "SELECT array_length(array_repeat(1, 3000000000))",
            "SELECT array_length(array_resize([1], 3000000000))",
            "SELECT array_length(generate_series(1, 3000000000))",
            "SELECT array_length(range(3000000000))",
            "SELECT array_length(range(3000000000, 1, -2))",
            "SELECT array_length(generate_series(timestamp '2020-01-01', timestamp '2026-01-01', interval '1 ms'))",
        ] {
            let problem = outcome(sql).await.expect_err(sql);
            assert!(matches!(problem.find_root(), DataFusionError::ResourcesExhausted(_)), "{sql}: {problem}");
        }
        for (sql, expected) in [
            ("SELECT repeat('ab', 3)", "ababab"),
            ("SELECT lpad('7', 3, '0')", "007"),
            ("SELECT length(repeat('x', 1000000))", "1000000"),
            ("SELECT array_length(generate_series(1, 1000000, 2))", "500000"),
            ("SELECT array_length(generate_series(date '2024-01-01', date '2025-01-01', interval '1 day'))", "367"),
            (
                "SELECT array_length(generate_series(timestamp '2024-01-01', timestamp '2025-01-01', interval '1 hour'))",
                "8785",
            ),
            ("SELECT array_length(array_repeat(1, 5))", "5"),
            ("SELECT count(*) FROM generate_series(1, 100000)", "100000"),
        ] {
            let answer = outcome(sql).await.expect(sql);
            assert!(answer.contains(expected), "{sql}: {answer}");
        }
    }
}
