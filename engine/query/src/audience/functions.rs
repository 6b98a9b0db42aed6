//! What a condition on customers may call besides SQL's own functions: other segments, lists and tags.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{ScalarValue, not_impl_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Group {
    /// `in_segment('name')`
    Segment,
    /// `in_list('name')`
    List,
    /// `has_tag('name')`
    Tag,
}

impl Group {
    pub(crate) const ALL: [Self; 3] = [Self::Segment, Self::List, Self::Tag];

    /// The function's name.
    pub(crate) const fn function(self) -> &'static str {
        match self {
            Self::Segment => "in_segment",
            Self::List => "in_list",
            Self::Tag => "has_tag",
        }
    }

    /// The function for the parser: it is put in its place before anything is computed.
    pub(crate) fn udf(self) -> ScalarUDF {
        ScalarUDF::new_from_impl(Named {
            group: self,
            signature: Signature::exact(vec![DataType::Utf8], Volatility::Immutable),
        })
    }

    /// The group that a call names: none where it is no such call, an error where its argument is no name.
    pub(crate) fn called(expression: &Expr) -> Option<Result<(Self, &str), Self>> {
        let Expr::ScalarFunction(call) = expression else { return None };
        let group = Self::ALL.into_iter().find(|group| group.function() == call.name())?;
        Some(match call.args.as_slice() {
            [Expr::Literal(ScalarValue::Utf8(Some(name)), _)] => Ok((group, name)),
            _ => Err(group),
        })
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Named {
    group: Group,
    signature: Signature,
}

impl ScalarUDFImpl for Named {
    fn name(&self) -> &str {
        self.group.function()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> datafusion::error::Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> datafusion::error::Result<ColumnarValue> {
        not_impl_err!("{} is put in its place before", self.group.function())
    }
}
