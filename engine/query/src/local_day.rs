//! `current_date`: the brand's local day at the instant of the query.
//!
//! The engine's own would need the session in the brand's zone, and then a time without a zone
//! would mean local time beside `now()` and universal time beside the column `time`.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

#[derive(Debug, PartialEq, Eq, Hash)]
struct LocalDay {
    day: i32,
    signature: Signature,
    aliases: Vec<String>,
}

/// The function `current_date`, also called `today`, that always gives this day.
pub(crate) fn current_date(day: i32) -> ScalarUDF {
    let aliases = vec!["today".to_owned()];
    ScalarUDF::new_from_impl(LocalDay { day, signature: Signature::nullary(Volatility::Stable), aliases })
}

impl ScalarUDFImpl for LocalDay {
    fn name(&self) -> &str {
        "current_date"
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Date32)
    }

    fn invoke_with_args(&self, _arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Ok(ColumnarValue::Scalar(ScalarValue::Date32(Some(self.day))))
    }
}
