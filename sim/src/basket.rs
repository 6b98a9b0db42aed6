//! What is in one session: views, and perhaps an order with its lines.

use crate::brand::Brand;
use rand::{Rng, RngExt as _};

const MOST_LINES: u32 = 12;
const MOST_VIEWS: u32 = 30;
const LINE_STOPS: f64 = 0.5;
const VIEW_STOPS: f64 = 0.35;
const CART: f64 = 0.4;
const ORDER_GIVEN_CART: f64 = 0.6;
const COMPANION: f64 = 0.3;
const CANCELLED: f64 = 0.01;
const REFUNDED: f64 = 0.03;
/// Of the refunds, those of half the money (a price adjustment) instead of all of it.
const REFUNDED_HALF: f64 = 0.25;

/// Rows that an order has on average: Geometric(0.5) cut at 12.
pub(crate) const MEAN_LINES: f64 = 1.999_5;
/// Rows that a session of an event file has on average: a visit, views, additions, lines.
pub(crate) const MEAN_SESSION_ROWS: f64 = 1.0 + 1.0 / VIEW_STOPS + CART + CART * ORDER_GIVEN_CART * MEAN_LINES;

/// One line of an order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) product: usize,
    pub(crate) quantity: i64,
    pub(crate) amount_minor: i64,
    pub(crate) refund_minor: i64,
}

/// An order.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) lines: Vec<Line>,
    pub(crate) cancelled: bool,
}

/// A session: products looked at, one perhaps put into the cart, perhaps an order.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) category: usize,
    pub(crate) channel: &'static str,
    pub(crate) views: Vec<usize>,
    pub(crate) cart: Option<usize>,
    pub(crate) order: Option<Order>,
}

impl Session {
    /// Draws one. With `orders_only` it is an order and nothing else.
    pub(crate) fn draw(brand: &Brand, orders_only: bool, rng: &mut impl Rng) -> Self {
        let (category, channel) = (brand.pick_category(rng), brand.pick_channel(rng));
        if orders_only {
            let order = Some(Order::draw(brand, category, rng));
            return Self { category, channel, views: Vec::new(), cart: None, order };
        }
        let views = (0..geometric(VIEW_STOPS, MOST_VIEWS, rng)).map(|_| brand.pick_product(rng)).collect();
        let cart = rng.random_bool(CART).then(|| brand.pick_product(rng));
        let order = (cart.is_some() && rng.random_bool(ORDER_GIVEN_CART)).then(|| Order::draw(brand, category, rng));
        Self { category, channel, views, cart, order }
    }
}

impl Order {
    fn draw(brand: &Brand, category: usize, rng: &mut impl Rng) -> Self {
        let cancelled = rng.random_bool(CANCELLED);
        let first = brand.pick_product(rng);
        let lines = (0..geometric(LINE_STOPS, MOST_LINES, rng)).map(|number| {
            let product = match number {
                0 => first,
                _ if rng.random_bool(COMPANION) => first ^ 1,
                _ => brand.pick_product(rng),
            };
            Line::draw(brand.product(category, product).price_minor, product, cancelled, rng)
        });
        Self { lines: lines.collect(), cancelled }
    }
}

impl Line {
    fn draw(price_minor: i64, product: usize, cancelled: bool, rng: &mut impl Rng) -> Self {
        let quantity = i64::from(geometric(0.75, 20, rng));
        let amount_minor = price_minor * quantity;
        let refund_minor = match rng.random_bool(REFUNDED) {
            true if !cancelled && rng.random_bool(REFUNDED_HALF) => amount_minor / 2,
            true if !cancelled => amount_minor,
            _ => 0,
        };
        Self { product, quantity, amount_minor, refund_minor }
    }
}

/// Trials up to the first success, at most `most`.
fn geometric(success: f64, most: u32, rng: &mut impl Rng) -> u32 {
    (1..most).find(|_| rng.random_bool(success)).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn sessions_have_the_rows_and_orders_of_the_model() {
        let (brand, mut rng) = (Brand::new(1, Language::English), ChaCha8Rng::seed_from_u64(5));
        let sessions: Vec<_> = (0..40_000).map(|_| Session::draw(&brand, false, &mut rng)).collect();
        let lines = |session: &Session| session.order.as_ref().map_or(0, |order| order.lines.len());
        let rows: usize = sessions
            .iter()
            .map(|session| 1 + session.views.len() + usize::from(session.cart.is_some()) + lines(session))
            .sum();
        let mean = rows as f64 / 40_000.0;
        assert!((mean - MEAN_SESSION_ROWS).abs() < 0.05, "{mean} against {MEAN_SESSION_ROWS}");
        let orders = sessions.iter().filter(|session| session.order.is_some()).count() as f64 / 40_000.0;
        assert!((orders - 0.24).abs() < 0.01, "{orders}");
    }

    #[test]
    fn companions_are_bought_together_more_often_than_by_chance() {
        let (brand, mut rng) = (Brand::new(1, Language::English), ChaCha8Rng::seed_from_u64(6));
        let orders: Vec<_> = (0..20_000).map(|_| Order::draw(&brand, 0, &mut rng)).collect();
        let longer: Vec<_> = orders.iter().filter(|order| order.lines.len() > 1).collect();
        let with = longer.iter().filter(|order| order.lines[1].product == order.lines[0].product ^ 1).count();
        assert!(with as f64 > 0.3 * longer.len() as f64);
    }
}
