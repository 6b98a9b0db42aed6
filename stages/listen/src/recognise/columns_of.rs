//! Recognition of one table from its header and a sample.

use super::field::{Columns, Field};
use super::mapping::Mapping;
use super::names::{names_of, normalise};
use super::{Recognised, Recognition, Why, amount, content};
use crate::layout::Layout;
use crate::value::{NumberStyle, TimeFormat, clean, guess_format, id_text};

/// Header of a table whose first row is data already: `1`, `2`, ….
fn is_nameless(header: &[String]) -> bool {
    header.iter().enumerate().all(|(index, name)| *name == (index + 1).to_string())
}

/// Collects meanings and why they were given.
struct Found {
    columns: Columns,
    why: [Why; Field::COUNT],
}

impl Found {
    fn set(&mut self, field: Field, column: usize, why: Why) {
        self.columns.set(field, Some(column));
        self.why[field as usize] = why;
    }

    /// The first name found among columns without a meaning.
    fn by_names<'w>(&mut self, field: Field, wanted: impl Iterator<Item = &'w str>, names: &[String], why: Why) {
        if self.columns.has(field) {
            return;
        }
        let free = |column: &usize| self.columns.field_of(*column).is_none();
        let place = |name: &'w str| (0..names.len()).find(|column| names[*column] == name && free(column));
        let found = { wanted }.find_map(place);
        if let Some(column) = found {
            self.set(field, column, why);
        }
    }
}

/// What a table's columns mean.
pub(crate) fn recognise_table(
    file: &str,
    header: &[String],
    sample: &[Vec<String>],
    mappings: &[Mapping],
) -> Recognition {
    let names: Vec<String> = header.iter().map(|name| normalise(name)).collect();
    let layout = Layout::detect(&names);
    let mut found = Found { columns: Columns::default(), why: [Why::Name; Field::COUNT] };
    let fixed = apply_mappings(&mut found, header, mappings);
    for (field, wanted) in layout.own_fields().iter().filter(|(field, _)| !fixed.contains(field)) {
        found.by_names(*field, wanted.iter().copied(), &names, Why::Layout);
    }
    if !layout.is_complete() {
        for field in Field::ALL.into_iter().filter(|field| !fixed.contains(field)) {
            found.by_names(field, names_of(field), &names, Why::Name);
        }
        by_prefix(&mut found, &names, &fixed);
        infer(&mut found, header, sample, &fixed);
    }
    let before = found.columns;
    let amount_decided = amount::resolve(&mut found.columns, &names, sample, &fixed);
    carry_why(&mut found, before);
    assemble(file, layout, header, sample, &found, amount_decided)
}

/// `number_of_cds`, `no_of_items`: how many of whatever the shop sells.
fn by_prefix(found: &mut Found, names: &[String], fixed: &[Field]) {
    let counts = |name: &String| name.starts_with("numberof") || name.starts_with("noof");
    let free = |column: &usize| found.columns.field_of(*column).is_none();
    let column = names.iter().position(counts).filter(free);
    if let Some(column) = column.filter(|_| !found.columns.has(Field::Quantity) && !fixed.contains(&Field::Quantity)) {
        found.set(Field::Quantity, column, Why::Name);
    }
}

fn apply_mappings(found: &mut Found, header: &[String], mappings: &[Mapping]) -> Vec<Field> {
    for mapping in mappings {
        match (mapping.find(header), &mapping.column) {
            (Some(column), _) => {
                if let Some(other) = found.columns.field_of(column) {
                    found.columns.set(other, None);
                }
                found.set(mapping.field, column, Why::Mapped);
            }
            (None, None) => found.columns.set(mapping.field, None),
            // The column is another file's.
            (None, Some(_)) => {}
        }
    }
    mappings
        .iter()
        .filter(|mapping| mapping.column.is_none() || mapping.find(header).is_some())
        .map(|mapping| mapping.field)
        .collect()
}

fn infer(found: &mut Found, header: &[String], sample: &[Vec<String>], fixed: &[Field]) {
    let mut inferred = found.columns;
    content::infer(&mut inferred, header.len(), sample, is_nameless(header));
    for field in Field::ALL.into_iter().filter(|field| !fixed.contains(field)) {
        if let Some(column) = inferred.get(field).filter(|_| !found.columns.has(field)) {
            found.set(field, column, Why::Content);
        }
    }
}

/// An amount that changed its meaning keeps the reason why its column was chosen.
fn carry_why(found: &mut Found, before: Columns) {
    for field in [Field::LineAmount, Field::OrderAmount] {
        let column = found.columns.get(field);
        if let Some(old) = column.and_then(|column| before.field_of(column)).filter(|old| *old != field) {
            found.why[field as usize] = found.why[old as usize];
        }
    }
}

fn assemble(
    file: &str,
    layout: Layout,
    header: &[String],
    sample: &[Vec<String>],
    found: &Found,
    amount_decided: Option<Field>,
) -> Recognition {
    let columns = found.columns;
    let entry = |field: Field| {
        let column = columns.get(field)?;
        Some(Recognised { field, column, name: header.get(column)?.clone(), why: found.why[field as usize] })
    };
    let format_of = |field: Field| columns.get(field).and_then(|column| time_format(sample, column));
    Recognition {
        file: file.to_owned(),
        layout,
        source: layout.source_name().to_owned(),
        recognised: Field::ALL.into_iter().filter_map(entry).collect(),
        properties: Vec::new(),
        left: header.iter().cloned().enumerate().filter(|(column, _)| columns.field_of(*column).is_none()).collect(),
        columns,
        time_format: format_of(Field::Time),
        paid_format: format_of(Field::PaidTime),
        number_style: number_style(&columns, sample),
        amount_decided,
        cancel_prefix: has_cancel_prefix(&columns, sample),
    }
}

fn cells(sample: &[Vec<String>], column: usize) -> impl Iterator<Item = &str> {
    sample.iter().filter_map(move |row| row.get(column)).map(|cell| clean(cell))
}

fn time_format(sample: &[Vec<String>], column: usize) -> Option<TimeFormat> {
    guess_format(cells(sample, column))
}

fn number_style(columns: &Columns, sample: &[Vec<String>]) -> NumberStyle {
    let money = [Field::UnitPrice, Field::LineAmount, Field::OrderAmount, Field::RefundAmount, Field::Quantity];
    let columns = money.into_iter().filter_map(|field| columns.get(field));
    NumberStyle::guess(columns.flat_map(|column| cells(sample, column)))
}

/// Invoices 536365 beside C536379: the C is a cancellation where nearly all other ids are numbers.
fn has_cancel_prefix(columns: &Columns, sample: &[Vec<String>]) -> bool {
    let Some(column) = columns.get(Field::Order) else {
        return false;
    };
    let (mut numbers, mut others) = (0_usize, 0_usize);
    for cell in cells(sample, column) {
        let id = id_text(cell).ok().flatten().unwrap_or_default();
        let plain = id.strip_prefix('C').unwrap_or(&id);
        if !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit()) { numbers += 1 } else { others += 1 }
    }
    numbers > others * 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Recognition {
        mapped(text, &[])
    }

    fn mapped(text: &str, maps: &[&str]) -> Recognition {
        let mut rows = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let header = rows.next().unwrap();
        let mappings: Vec<Mapping> = maps.iter().map(|map| Mapping::parse(map).unwrap()).collect();
        recognise_table("t.csv", &header, &rows.collect::<Vec<_>>(), &mappings)
    }

    fn shown(recognition: &Recognition) -> Vec<(Field, &str)> {
        recognition.recognised.iter().map(|entry| (entry.field, entry.name.as_str())).collect()
    }

    #[test]
    fn online_retail_in_both_its_forms() {
        let one = table(
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n536365,85123A,X,6.0,2010-12-01 08:26:00,2.55,17850.0,UK\nC536379,D,Y,-1,2010-12-01 09:41:00,27.5,14527.0,UK",
        );
        let two = table(
            "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n489434,85048,X,12,2009-12-01 07:45:00,6.95,13085,UK",
        );
        for recognition in [&one, &two] {
            let fields: Vec<Field> = shown(recognition).into_iter().map(|(field, _)| field).collect();
            let wanted = [
                Field::Order,
                Field::Member,
                Field::Time,
                Field::Item,
                Field::ItemName,
                Field::Quantity,
                Field::UnitPrice,
            ];
            assert_eq!(fields, wanted);
            assert_eq!(recognition.left, [(7, "Country".to_owned())]);
        }
        assert!(two.cancel_prefix);
    }

    #[test]
    fn cdnow_master_and_completejourney() {
        let cdnow =
            table("customer_id,date,number_of_cds,dollar_value\n00001,19970101,1,11.77\n00002,19970112,1,12.00");
        assert_eq!(cdnow.columns.get(Field::Member), Some(0));
        assert_eq!(cdnow.columns.get(Field::Time), Some(1));
        assert_eq!(cdnow.columns.get(Field::Quantity), Some(2));
        assert_eq!(cdnow.columns.get(Field::LineAmount), Some(3));
        let grocery = table(
            "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,week,transaction_timestamp\n900,330,31,1095275,1,0.5,0,1,2017-01-01 11:53:26",
        );
        let wanted = [
            (Field::Order, "basket_id"),
            (Field::Member, "household_id"),
            (Field::Time, "transaction_timestamp"),
            (Field::Item, "product_id"),
            (Field::Quantity, "quantity"),
            (Field::LineAmount, "sales_value"),
            (Field::Store, "store_id"),
        ];
        assert_eq!(shown(&grocery), wanted);
    }

    #[test]
    fn shops_of_several_branches_say_where_who_and_what_kind() {
        for (header, wanted) in [
            ("单号,会员号,日期,金额,门店名称,营业员,商品类目", ["门店名称", "营业员", "商品类目"]),
            (
                "order_id,customer_id,date,amount,Shop,Salesperson,Product Category",
                ["Shop", "Salesperson", "Product Category"],
            ),
            ("订单号,会员号,时间,金额,归属店铺,导购员,一级类目", ["归属店铺", "导购员", "一级类目"]),
        ] {
            let found = table(&format!("{header}\n1,2,2024-01-05,5.00,a,b,c"));
            let fields = [Field::Store, Field::Staff, Field::Category];
            assert_eq!(fields.map(|field| found.column_name(field)), wanted);
        }
        let told = mapped(
            "id,who,when,paid,where,by,kind\n1,ann,2024-01-05,5.00,x,y,z",
            &["store=where", "导购=by", "category=7"],
        );
        assert_eq!(told.column_name(Field::Staff), "by");
        assert_eq!((told.column_name(Field::Store), told.column_name(Field::Category)), ("where", "kind"));
    }

    #[test]
    fn an_event_log_has_lines() {
        let log = table(
            "event_id,customer_id,ts,event_type,order_id,sku,quantity,amount,channel\n1,7,2024-01-01 08:00:00.123456,visit,,,,,web\n2,7,2024-01-01 08:00:30,purchase,9,SKU1,1,5.5,web",
        );
        assert!(log.columns.has(Field::Message) && log.columns.has(Field::Event) && log.columns.has(Field::LineAmount));
        assert!(log.left.is_empty());
    }

    #[test]
    fn the_user_corrects() {
        let text = "id,who,when,paid\n1,ann,2024-01-05,5.00\n2,bob,2024-01-06,6.00";
        let recognition = mapped(text, &["order=id", "member=2", "order_amount=paid", "time=when"]);
        assert_eq!(
            shown(&recognition),
            [(Field::Order, "id"), (Field::Member, "who"), (Field::Time, "when"), (Field::OrderAmount, "paid")]
        );
        assert!(recognition.recognised.iter().all(|entry| entry.why == Why::Mapped));
        let unset = mapped("order_id,customer_id,date,amount\n1,2,2024-01-05,5", &["order="]);
        assert!(!unset.columns.has(Field::Order) && unset.columns.has(Field::LineAmount));
    }
}
