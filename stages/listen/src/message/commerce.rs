//! Names of Segment's e-commerce specification and what they mean to the engine.

use super::event::{Event, object};
use super::fields::Fields;
use super::json::{Json, Members};
use super::problem::{At, Problem, ProblemCode};
use super::read::Feed;
use crate::value::Decimal;
use perennial_model::{Currency, EventKind, Mid, OrderKey, names};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// What an event's name makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// An order and its lines.
    Order,
    /// Money given back.
    Refund,
    /// The order does not count any more.
    Cancellation,
    /// Something about one product.
    Product,
    /// Something about a cart, a coupon, a list; or anything else.
    Other,
}

/// Letters of a name in lower case → the name, and what it means. The older wordings of the
/// specification (Completed Order) stand beside the newer ones.
const NAMES: [(&str, &str, Meaning); 37] = [
    ("ordercompleted", names::ORDER_COMPLETED, Meaning::Order),
    ("completedorder", names::ORDER_COMPLETED, Meaning::Order),
    ("orderupdated", "Order Updated", Meaning::Order),
    ("updatedorder", "Order Updated", Meaning::Order),
    ("orderrefunded", names::ORDER_REFUNDED, Meaning::Refund),
    ("refundedorder", names::ORDER_REFUNDED, Meaning::Refund),
    ("ordercancelled", names::ORDER_CANCELLED, Meaning::Cancellation),
    ("ordercanceled", names::ORDER_CANCELLED, Meaning::Cancellation),
    ("cancelledorder", names::ORDER_CANCELLED, Meaning::Cancellation),
    ("productviewed", "Product Viewed", Meaning::Product),
    ("viewedproduct", "Product Viewed", Meaning::Product),
    ("productclicked", "Product Clicked", Meaning::Product),
    ("productadded", "Product Added", Meaning::Product),
    ("addedproduct", "Product Added", Meaning::Product),
    ("productremoved", "Product Removed", Meaning::Product),
    ("removedproduct", "Product Removed", Meaning::Product),
    ("productreviewed", "Product Reviewed", Meaning::Product),
    ("productshared", "Product Shared", Meaning::Product),
    ("productaddedtowishlist", "Product Added to Wishlist", Meaning::Product),
    ("productremovedfromwishlist", "Product Removed from Wishlist", Meaning::Product),
    ("wishlistproductaddedtocart", "Wishlist Product Added to Cart", Meaning::Product),
    ("cartviewed", "Cart Viewed", Meaning::Other),
    ("cartshared", "Cart Shared", Meaning::Other),
    ("checkoutstarted", "Checkout Started", Meaning::Other),
    ("checkoutstepviewed", "Checkout Step Viewed", Meaning::Other),
    ("checkoutstepcompleted", "Checkout Step Completed", Meaning::Other),
    ("paymentinfoentered", "Payment Info Entered", Meaning::Other),
    ("couponentered", "Coupon Entered", Meaning::Other),
    ("couponapplied", "Coupon Applied", Meaning::Other),
    ("coupondenied", "Coupon Denied", Meaning::Other),
    ("couponremoved", "Coupon Removed", Meaning::Other),
    ("productlistviewed", "Product List Viewed", Meaning::Other),
    ("productlistfiltered", "Product List Filtered", Meaning::Other),
    ("productssearched", "Products Searched", Meaning::Other),
    ("searchedproducts", "Products Searched", Meaning::Other),
    ("promotionviewed", "Promotion Viewed", Meaning::Other),
    ("promotionclicked", "Promotion Clicked", Meaning::Other),
];

/// Ids of a product, the best first.
const ITEM: [&str; 4] = ["product_id", "productId", "sku", "name"];
/// Ids of an order.
const ORDER: [&str; 2] = ["order_id", "orderId"];
/// What an order came to, the best first: with tax and shipping, as the customer paid it.
const AMOUNT: [&str; 4] = ["total", "revenue", "value", "subtotal"];
/// What was given back, the best first.
const REFUNDED: [&str; 4] = ["refund_amount", "total", "revenue", "value"];
const STORE: [&str; 3] = ["store", "store_id", "affiliation"];
const STAFF: [&str; 3] = ["staff", "staff_id", "salesperson"];

fn found(name: &str) -> Option<(&'static str, Meaning)> {
    // Most senders write a name as the specification does.
    if let Some((_, name, meaning)) = NAMES.iter().find(|(_, known, _)| *known == name) {
        return Some((name, *meaning));
    }
    let letters = || name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
    NAMES.iter().find(|(known, ..)| letters().eq(known.chars())).map(|(_, name, meaning)| (*name, *meaning))
}

/// The specification's way to write a name that it knows: `order_completed` is Order Completed.
#[must_use]
pub(super) fn canonical(name: &str) -> Option<&'static str> {
    found(name).map(|(name, _)| name)
}

/// The events of a `track` message.
pub(super) fn events(feed: &Feed, event: Event, said: &Fields<'_, '_>) -> Result<Vec<Event>, Problem> {
    let meaning = found(&event.name).map_or(Meaning::Other, |(_, meaning)| meaning);
    match meaning {
        Meaning::Order => order(feed, event, said),
        Meaning::Refund => refund(feed, event, said).map(|event| vec![event]),
        Meaning::Cancellation => {
            let (order, order_id) = order_of(feed, order_id(said)?);
            let properties = object(said, &[], &[]);
            Ok(vec![Event { kind: EventKind::Cancellation, order, order_id, properties, ..event }])
        }
        Meaning::Product => {
            let item = said.first_word(&ITEM)?.map(Into::into);
            said.decimal("price")?;
            let quantity_milli = said.quantity("quantity")?;
            let category = category(said)?;
            let properties = object(said, &[], category.as_slice());
            Ok(vec![Event { item, quantity_milli, properties, ..event }])
        }
        Meaning::Other => {
            let value_minor = stated_value(feed, said);
            let order_id = said.first_word(&ORDER).ok().flatten();
            let (order, order_id) = order_id.map_or((OrderKey::NONE, None), |id| order_of(feed, id));
            Ok(vec![Event { order, order_id, value_minor, properties: object(said, &[], &[]), ..event }])
        }
    }
}

/// `revenue` or `value` of any event, where it is an amount in the brand's currency.
fn stated_value(feed: &Feed, said: &Fields<'_, '_>) -> Option<i64> {
    check_currency(feed, said).ok()?;
    ["revenue", "value"].iter().find_map(|name| said.money(name, feed.currency).ok().flatten())
}

fn order_id<'a>(said: &Fields<'_, 'a>) -> Result<Cow<'a, str>, Problem> {
    said.first_word(&ORDER)?.ok_or_else(|| said.missing("order_id", "send the id of the order"))
}

fn order_of(feed: &Feed, id: Cow<'_, str>) -> (OrderKey, Option<Arc<str>>) {
    (feed.hash_key.order(&feed.source, &id), Some(id.into()))
}

fn check_currency(feed: &Feed, said: &Fields<'_, '_>) -> Result<(), Problem> {
    let Some(word) = said.word("currency")? else { return Ok(()) };
    if crate::recognise::parse_currency(&word) == Some(feed.currency) {
        return Ok(());
    }
    let message = format!("is not {}, the currency of the brand: send amounts in it", feed.currency);
    Err(said.problem("currency", ProblemCode::OtherCurrency, message))
}

fn first_money(said: &Fields<'_, '_>, fields: &[&str], currency: Currency) -> Result<Option<i64>, Problem> {
    fields.iter().find_map(|name| said.money(name, currency).transpose()).transpose()
}

/// The header and a line a product.
fn order(feed: &Feed, event: Event, said: &Fields<'_, '_>) -> Result<Vec<Event>, Problem> {
    let (order, order_id) = order_of(feed, order_id(said)?);
    check_currency(feed, said)?;
    let amount = first_money(said, &AMOUNT, feed.currency)?;
    let products = products(feed, said)?;
    if amount.is_none() && products.iter().all(|product| product.value_minor.is_none()) {
        return Err(said.missing("total", "send what the order came to, or the price of each product"));
    }
    let mut added = Vec::new();
    for (name, from) in [("store", STORE), ("staff", STAFF)] {
        added.extend(said.first_word(&from)?.map(|word| (name, word)));
    }
    let line =
        Event { order, kind: EventKind::OrderLine, name: Cow::Borrowed(names::ORDER_LINE), order_id, ..event.clone() };
    let header = Event {
        mid: feed.hash_key.order_header_mid(order),
        order,
        kind: EventKind::Order,
        order_id: line.order_id.clone(),
        value_minor: amount,
        properties: object(said, &["products"], &added),
        ..event
    };
    let mids = line_mids(feed, line.order_id.as_deref().unwrap_or_default(), &products);
    let mut events = Vec::with_capacity(1 + products.len());
    events.push(header);
    events.extend(mids.into_iter().zip(products).map(|(mid, product)| Event {
        mid,
        item: product.item,
        quantity_milli: Some(product.quantity_milli),
        value_minor: product.value_minor,
        properties: product.properties,
        ..line.clone()
    }));
    Ok(events)
}

/// The same for every version of the order, so that a line counts once.
fn line_mids(feed: &Feed, order_id: &str, products: &[Product]) -> Vec<Mid> {
    let mut nth: FxHashMap<&str, usize> = FxHashMap::default();
    let mid = |product| {
        let identity = Product::identity(product);
        let count = nth.entry(identity).or_default();
        let mid = feed.hash_key.mid(&feed.source, &format!("line:{order_id}:{identity}:{count}"));
        *count += 1;
        mid
    };
    products.iter().map(mid).collect()
}

/// A refund; without an amount and without products all of the order, which then does not count.
fn refund(feed: &Feed, event: Event, said: &Fields<'_, '_>) -> Result<Event, Problem> {
    let (order, order_id) = order_of(feed, order_id(said)?);
    check_currency(feed, said)?;
    let stated = first_money(said, &REFUNDED, feed.currency)?;
    let products = products(feed, said)?;
    let (mut item, mut quantity_milli) = (None, None);
    if let [only] = products.as_slice() {
        (item, quantity_milli) = (only.item.clone(), Some(only.quantity_milli));
    }
    let of_products = products
        .iter()
        .try_fold(0_i64, |sum, product| product.value_minor.map(|value| sum.saturating_add(value)))
        .filter(|_| !products.is_empty());
    if stated.is_none() && of_products.is_none() && !products.is_empty() {
        return Err(said.missing("total", "send what was given back, or the price of each product"));
    }
    let value_minor = stated.or(of_products).map(i64::saturating_abs);
    let kind = if value_minor.is_some() { EventKind::Refund } else { EventKind::Cancellation };
    let properties = object(said, &[], &[]);
    Ok(Event { kind, order, order_id, item, quantity_milli, value_minor, properties, ..event })
}

/// One of an order's products.
struct Product {
    item: Option<Box<str>>,
    quantity_milli: i64,
    value_minor: Option<i64>,
    properties: Option<String>,
}

impl Product {
    /// By which it is told from the order's others.
    fn identity(&self) -> &str {
        self.item.as_deref().or(self.properties.as_deref()).unwrap_or_default()
    }
}

fn products(feed: &Feed, said: &Fields<'_, '_>) -> Result<Vec<Product>, Problem> {
    let at = At::Member(&said.at, "products");
    let read = |(index, product): (usize, &Json<'_>)| match product {
        Json::Object(members) => self::product(feed, &At::Item(&at, index), members),
        other => {
            let message = format!("is {}: send an object", other.kind());
            Err(Problem::new(ProblemCode::WrongType, At::Item(&at, index), message))
        }
    };
    said.list("products")?.iter().enumerate().map(read).collect()
}

fn product(feed: &Feed, at: &At<'_>, members: Members<'_>) -> Result<Product, Problem> {
    let fields = Fields { at: *at, members };
    let item = fields.first_word(&ITEM)?.map(Into::into);
    let one = Decimal { mantissa: 1, scale: 0 };
    let quantity = fields.decimal("quantity")?.unwrap_or(one);
    let quantity_milli = fields.quantity("quantity")?.unwrap_or(perennial_model::QUANTITY_SCALE);
    let value_minor = fields.times("price", quantity, feed.currency)?;
    let mut added: Vec<_> = category(&fields)?.into_iter().collect();
    added.extend(fields.word("name")?.map(|name| ("item_name", name)));
    let properties = object(&fields, &["name"], &added);
    Ok(Product { item, quantity_milli, value_minor, properties })
}

/// A category is text, so that figures can be cut by it.
fn category<'a>(fields: &Fields<'_, 'a>) -> Result<Option<(&'static str, Cow<'a, str>)>, Problem> {
    Ok(fields.word("category")?.map(|word| ("category", word)))
}
