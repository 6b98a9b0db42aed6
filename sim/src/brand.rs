//! What the brand sells and where: fixed by the seed before anyone buys.

use crate::words::{self, Language, Words};
use rand::{Rng, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Normal};

pub(crate) const CATEGORIES: usize = 200;
pub(crate) const PRODUCTS_OF_CATEGORY: usize = 100;

/// A product of the catalogue.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) sku: String,
    pub(crate) name: String,
    /// In minor units.
    pub(crate) price_minor: i64,
}

/// The simulated brand: a catalogue with prices, popularity, channels and the words of its export.
#[derive(Debug, Clone)]
pub struct Brand {
    pub(crate) words: Words,
    pub(crate) categories: Vec<String>,
    products: Vec<Product>,
    category_chance: Ladder,
    product_chance: Ladder,
    channel_chance: Ladder,
}

impl Brand {
    /// The brand of a seed.
    #[must_use]
    pub fn new(seed: u64, language: Language) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let categories: Vec<_> = (0..CATEGORIES).map(|number| words::category(language, number)).collect();
        let products = categories
            .iter()
            .enumerate()
            .flat_map(|(category, name)| (0..PRODUCTS_OF_CATEGORY).map(move |number| (category, name, number)));
        let products = products.map(|(category, category_name, number)| Product {
            sku: format!("SKU{:05}", category * PRODUCTS_OF_CATEGORY + number),
            name: words::product(language, category_name, number),
            price_minor: price_minor(&mut rng),
        });
        Self {
            words: Words::of(language),
            products: products.collect(),
            categories,
            category_chance: Ladder::zipf(CATEGORIES, 1.1),
            product_chance: Ladder::zipf(PRODUCTS_OF_CATEGORY, 1.2),
            channel_chance: Ladder::new([0.5, 0.3, 0.12, 0.08]),
        }
    }

    pub(crate) fn product(&self, category: usize, number: usize) -> &Product {
        &self.products[category * PRODUCTS_OF_CATEGORY + number]
    }

    pub(crate) fn pick_category(&self, rng: &mut impl Rng) -> usize {
        self.category_chance.pick(rng)
    }

    pub(crate) fn pick_product(&self, rng: &mut impl Rng) -> usize {
        self.product_chance.pick(rng)
    }

    pub(crate) fn pick_channel(&self, rng: &mut impl Rng) -> &'static str {
        self.words.channels[self.channel_chance.pick(rng)]
    }
}

fn price_minor(rng: &mut impl Rng) -> i64 {
    let logarithm: f64 = Normal::new(3.2, 0.7).map_or(3.2, |normal| normal.sample(rng));
    (logarithm.exp() * 100.0).round() as i64
}

/// Chances added up, so that one draw picks by binary search.
#[derive(Debug, Clone)]
struct Ladder(Vec<f64>);

impl Ladder {
    fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut sum = 0.0;
        Self(
            weights
                .into_iter()
                .map(|weight| {
                    sum += weight;
                    sum
                })
                .collect(),
        )
    }

    fn zipf(count: usize, exponent: f64) -> Self {
        Self::new((1..=count).map(|rank| (rank as f64).powf(-exponent)))
    }

    fn pick(&self, rng: &mut impl Rng) -> usize {
        let Some(sum) = self.0.last() else { return 0 };
        let draw = rng.random::<f64>() * sum;
        self.0.partition_point(|step| *step <= draw).min(self.0.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_popularity_have_their_documented_shape() {
        let brand = Brand::new(1, Language::English);
        let logs: Vec<_> = brand.products.iter().map(|product| (product.price_minor as f64 / 100.0).ln()).collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        assert!((mean - 3.2).abs() < 0.02, "mean log price {mean}");
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let mut counts = [0_u32; CATEGORIES];
        (0..100_000).for_each(|_| counts[brand.pick_category(&mut rng)] += 1);
        let ratio = f64::from(counts[0]) / f64::from(counts[1]);
        assert!((ratio - 2f64.powf(1.1)).abs() < 0.15, "first to second category {ratio}");
        assert!(counts.iter().all(|count| *count > 0));
    }

    #[test]
    fn category_names_are_distinct() {
        for language in [Language::Chinese, Language::English] {
            let mut names = Brand::new(1, language).categories;
            names.sort();
            names.dedup();
            assert_eq!(names.len(), CATEGORIES);
        }
    }
}
