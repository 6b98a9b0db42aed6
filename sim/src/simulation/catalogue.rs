//! What the brand sells, and where: the same for every seed.

use crate::Language;

/// In both languages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    pub(super) en: &'static str,
    pub(super) zh: &'static str,
}

impl Name {
    pub(super) const fn of(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh,
        }
    }
}

const fn name(en: &'static str, zh: &'static str) -> Name {
    Name { en, zh }
}

/// A category, with the price of its smallest product.
pub(super) struct Category {
    pub(super) name: Name,
    pub(super) weight: f64,
    price_minor: i64,
}

const fn category(en: &'static str, zh: &'static str, weight: f64, price_minor: i64) -> Category {
    Category { name: name(en, zh), weight, price_minor }
}

pub(super) const CATEGORIES: [Category; 12] = [
    category("Green tea", "绿茶", 5.0, 6_800),
    category("Oolong", "乌龙茶", 4.0, 7_900),
    category("Black tea", "红茶", 3.5, 5_900),
    category("Flower tea", "花茶", 3.0, 3_900),
    category("Pu'er", "普洱茶", 2.0, 12_800),
    category("Teapots", "茶壶", 1.2, 15_900),
    category("Cups", "茶杯", 1.8, 4_500),
    category("Tea sets", "茶具套装", 0.8, 29_900),
    category("Biscuits", "茶点", 2.5, 2_500),
    category("Gift boxes", "礼盒", 1.5, 18_800),
    category("Thermos flasks", "保温杯", 2.4, 9_900),
    category("Accessories", "茶道配件", 1.0, 1_900),
];

/// Products of a category: word of the name, price as a multiple of the smallest, weight.
const SIZES: [(Name, f64, f64); 8] = [
    (name("Everyday", "日常"), 1.0, 5.0),
    (name("Classic", "经典"), 1.3, 4.0),
    (name("Mountain", "高山"), 1.8, 2.5),
    (name("Spring harvest", "春采"), 2.4, 1.8),
    (name("Travel", "旅行"), 1.1, 1.5),
    (name("Limited", "限定"), 3.2, 0.8),
    (name("Family", "家庭"), 2.0, 1.2),
    (name("Master's", "大师"), 4.5, 0.4),
];

pub(super) const PRODUCTS: usize = SIZES.len();

/// A product by its category and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Product {
    pub(super) category: usize,
    pub(super) place: usize,
}

impl Product {
    pub(super) fn sku(self) -> String {
        format!("T{:02}-{:02}", self.category + 1, self.place + 1)
    }

    pub(super) fn name(self, language: Language) -> String {
        let (size, category) = (SIZES[self.place].0.of(language), CATEGORIES[self.category].name.of(language));
        match language {
            Language::English => format!("{size} {}", category.to_lowercase()),
            Language::Chinese => format!("{size}{category}"),
        }
    }

    pub(super) fn price_minor(self) -> i64 {
        // Whole yuan: nobody sells tea at 122.46.
        (CATEGORIES[self.category].price_minor as f64 * SIZES[self.place].1 / 100.0).round() as i64 * 100
    }
}

pub(super) fn category_weights() -> [f64; CATEGORIES.len()] {
    CATEGORIES.each_ref().map(|category| category.weight)
}

pub(super) fn product_weights() -> [f64; PRODUCTS] {
    SIZES.each_ref().map(|(.., weight)| *weight)
}

/// Where customers buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    Taobao,
    Tmall,
    Douyin,
    MiniProgram,
    Store,
    Web,
}

impl Channel {
    pub(super) const ALL: [Self; 6] =
        [Self::Taobao, Self::Tmall, Self::Douyin, Self::MiniProgram, Self::Store, Self::Web];
    /// How many customers are at home there.
    pub(super) const WEIGHTS: [f64; 6] = [0.2, 0.2, 0.15, 0.22, 0.13, 0.1];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Taobao => "taobao",
            Self::Tmall => "tmall",
            Self::Douyin => "douyin",
            Self::MiniProgram => "mini-program",
            Self::Store => "store",
            Self::Web => "web",
        }
    }

    /// Whether the brand sees who looks around: on a marketplace it does not.
    pub(super) const fn is_own(self) -> bool {
        matches!(self, Self::MiniProgram | Self::Web)
    }

    /// Whether the platform gives the buyer a name of its own.
    pub(super) const fn is_marketplace(self) -> bool {
        matches!(self, Self::Taobao | Self::Tmall | Self::Douyin)
    }
}

/// A store and how many staff it has.
pub(super) struct Store {
    pub(super) name: Name,
    pub(super) staff: usize,
    pub(super) weight: f64,
}

const fn store(en: &'static str, zh: &'static str, staff: usize, weight: f64) -> Store {
    Store { name: name(en, zh), staff, weight }
}

pub(super) const STORES: [Store; 6] = [
    store("Hangzhou Lakeside", "杭州湖滨店", 5, 1.5),
    store("Shanghai Jing'an", "上海静安店", 6, 1.6),
    store("Chengdu Taikoo", "成都太古店", 4, 1.3),
    store("Shenzhen Bay", "深圳湾店", 4, 1.1),
    store("Beijing Sanlitun", "北京三里屯店", 5, 1.2),
    store("Nanjing Confucius", "南京夫子庙店", 3, 0.8),
];

/// Names of staff; that of a store's `n`th is found by store and number.
const STAFF: [Name; 9] = [
    name("Mei", "小梅"),
    name("Lan", "小兰"),
    name("Zhu", "小竹"),
    name("Ju", "小菊"),
    name("Song", "小松"),
    name("He", "小荷"),
    name("Feng", "小枫"),
    name("Yu", "小雨"),
    name("Xue", "小雪"),
];

pub(super) fn staff(store: usize, number: usize, language: Language) -> String {
    let given = STAFF[(store * 4 + number) % STAFF.len()].of(language);
    format!("{given} {}{}", (b'A' + store as u8) as char, number + 1)
}

pub(super) fn store_weights() -> [f64; STORES.len()] {
    STORES.each_ref().map(|store| store.weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn everything_has_a_name_of_its_own_in_both_languages() {
        for language in [Language::English, Language::Chinese] {
            let products =
                (0..CATEGORIES.len()).flat_map(|category| (0..PRODUCTS).map(move |place| Product { category, place }));
            let names: BTreeSet<String> = products.clone().map(|product| product.name(language)).collect();
            assert_eq!(names.len(), CATEGORIES.len() * PRODUCTS);
            assert!(products.clone().all(|product| product.price_minor() > 1_000));
            let staff: Vec<String> = (0..STORES.len())
                .flat_map(|store| (0..STORES[store].staff).map(move |number| staff(store, number, language)))
                .collect();
            assert_eq!(staff.iter().collect::<BTreeSet<_>>().len(), staff.len());
        }
    }
}
