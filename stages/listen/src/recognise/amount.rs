//! Whether a column of money is the line's or the whole order's: the sample shows it.

use super::field::{Columns, Field};
use crate::value::{clean, is_none};
use rustc_hash::FxHashMap;

/// Orders of several rows with one and the same amount on each, from which on the amount is the order's.
const ENOUGH_ORDERS: usize = 3;
/// Of a column with such a name one order of several rows is enough.
const TOTALS: [&str; 2] = ["total", "totalamount"];

/// How an amount behaves within orders of several rows.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Spread {
    /// Orders with different amounts on their rows.
    varying: usize,
    /// Orders with the same amount on each of their rows.
    constant: usize,
}

fn spread(sample: &[Vec<String>], order: usize, amount: usize) -> Spread {
    let cell =
        |row: &'_ Vec<String>, column: usize| row.get(column).map(|cell| clean(cell).to_owned()).unwrap_or_default();
    let mut orders: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for row in sample {
        let (id, value) = (cell(row, order), cell(row, amount));
        if !is_none(&id) && !is_none(&value) {
            orders.entry(id).or_default().push(value);
        }
    }
    let mut spread = Spread::default();
    for values in orders.values().filter(|values| values.len() > 1) {
        if values.windows(2).all(|pair| pair[0] == pair[1]) { spread.constant += 1 } else { spread.varying += 1 }
    }
    spread
}

/// Gives [`Field::Amount`] its meaning, and corrects an order's amount that differs between the rows
/// of one order. Returns the field whose meaning the sample decided. `fixed`: fields the user mapped.
pub(crate) fn resolve(
    columns: &mut Columns,
    names: &[String],
    sample: &[Vec<String>],
    fixed: &[Field],
) -> Option<Field> {
    let spread_of = |columns: &Columns, column| columns.get(Field::Order).map(|order| spread(sample, order, column));
    if let Some(column) = columns.get(Field::Amount) {
        columns.set(Field::Amount, None);
        if columns.has_any(&[Field::LineAmount, Field::OrderAmount]) && !fixed.contains(&Field::Amount) {
            return paid(columns, sample, fixed);
        }
        let field = match spread_of(columns, column) {
            Some(spread) if spread.varying == 0 && !columns.has(Field::Event) => {
                let one_row_an_order = spread.constant == 0 && !columns.has_any(&[Field::Item, Field::UnitPrice]);
                let is_total = names.get(column).is_some_and(|name| TOTALS.contains(&name.as_str()));
                let enough = if is_total { 1 } else { ENOUGH_ORDERS };
                if spread.constant >= enough || one_row_an_order { Field::OrderAmount } else { Field::LineAmount }
            }
            _ => Field::LineAmount,
        };
        columns.set(field, Some(column));
        return Some(field);
    }
    paid(columns, sample, fixed)
}

/// An order's amount that differs between the rows of one order is the line's.
fn paid(columns: &mut Columns, sample: &[Vec<String>], fixed: &[Field]) -> Option<Field> {
    let column = columns.get(Field::OrderAmount).filter(|_| !fixed.contains(&Field::OrderAmount))?;
    let varies = columns
        .get(Field::Order)
        .map(|order| spread(sample, order, column))
        .is_some_and(|spread| spread.varying > spread.constant);
    // Beside it a line's amount is a list price: what was paid counts.
    if !varies || fixed.contains(&Field::LineAmount) {
        return None;
    }
    columns.set(Field::OrderAmount, None);
    columns.set(Field::LineAmount, Some(column));
    Some(Field::LineAmount)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, &str)]) -> Vec<Vec<String>> {
        rows.iter().map(|(order, amount)| vec![(*order).to_owned(), (*amount).to_owned()]).collect()
    }

    fn meaning(field: Field, rows: &[(&str, &str)]) -> Columns {
        let mut columns = Columns::default();
        columns.set(Field::Order, Some(0));
        columns.set(field, Some(1));
        resolve(&mut columns, &[], &table(rows), &[]);
        columns
    }

    #[test]
    fn an_amount_that_differs_within_an_order_is_the_lines() {
        let rows = [("1", "5"), ("1", "6"), ("2", "7"), ("2", "7")];
        assert!(meaning(Field::Amount, &rows).has(Field::LineAmount));
        assert!(meaning(Field::OrderAmount, &[("1", "5"), ("1", "6"), ("2", "7")]).has(Field::LineAmount));
    }

    #[test]
    fn an_amount_repeated_on_each_row_is_the_orders() {
        let rows = [("1", "5"), ("1", "5"), ("2", "7"), ("2", "7"), ("3", "8"), ("3", "8"), ("4", "1")];
        assert!(meaning(Field::Amount, &rows).has(Field::OrderAmount));
        assert!(meaning(Field::OrderAmount, &rows).has(Field::OrderAmount));
    }

    #[test]
    fn one_row_an_order_is_the_orders() {
        assert!(meaning(Field::Amount, &[("1", "5"), ("2", "5")]).has(Field::OrderAmount));
    }

    #[test]
    fn without_orders_it_is_the_rows() {
        let mut columns = Columns::default();
        columns.set(Field::Amount, Some(1));
        assert_eq!(resolve(&mut columns, &[], &table(&[("1", "5")]), &[]), Some(Field::LineAmount));
    }
}
