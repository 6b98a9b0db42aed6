//! What people are called and what they write.

use super::catalogue::Name;
use super::chance::one_of;
use crate::Language;
use rand::Rng;

const fn name(en: &'static str, zh: &'static str) -> Name {
    Name { en, zh }
}

const GIVEN: [Name; 12] = [
    name("Ann", "安"),
    name("Ben", "本"),
    name("Cleo", "可"),
    name("Dana", "丹"),
    name("Eli", "以利"),
    name("Flora", "花"),
    name("Gus", "古"),
    name("Hana", "花奈"),
    name("Ivo", "一沃"),
    name("June", "六月"),
    name("Kit", "小凯"),
    name("Lina", "丽娜"),
];

const GLAD: [Name; 5] = [
    name("Tastes as it smells, will buy again", "味道和香气一样好，会回购"),
    name("Came quickly and well packed", "发货快，包装好"),
    name("Good value", "性价比高"),
    name("My mother liked it", "妈妈很喜欢"),
    name("As described", "和描述一致"),
];

const LATE: [Name; 3] = [
    name("Came days after the promised date", "比承诺的日期晚了好几天"),
    name("Too late for the birthday", "错过了生日，太晚了"),
    name("Nobody could say where it was", "问物流没人知道在哪"),
];

const BROKEN: [Name; 3] = [
    name("It leaks, sent back", "漏水，已退货"),
    name("The lid does not close", "盖子盖不紧"),
    name("Broken after two days", "用了两天就坏了"),
];

const REPLIES: [Name; 5] = [
    name("Thank you!", "谢谢！"),
    name("When will it be back in stock?", "什么时候补货？"),
    name("Yes, please", "好的"),
    name("Not now", "暂时不需要"),
    name("Is there a larger one?", "有大一点的吗？"),
];

/// Somebody who cannot be mistaken for anybody: the surname says that it is simulated.
pub(super) fn person(language: Language, rng: &mut impl Rng) -> String {
    match language {
        Language::English => format!("{} Simulated", one_of(&GIVEN, rng).en),
        Language::Chinese => format!("模拟{}", one_of(&GIVEN, rng).zh),
    }
}

/// How an order went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Glad,
    Late,
    Broken,
}

pub(super) fn review(mood: Mood, language: Language, rng: &mut impl Rng) -> &'static str {
    let words: &[Name] = match mood {
        Mood::Glad => &GLAD,
        Mood::Late => &LATE,
        Mood::Broken => &BROKEN,
    };
    one_of(words, rng).of(language)
}

pub(super) fn reply(language: Language, rng: &mut impl Rng) -> &'static str {
    one_of(&REPLIES, rng).of(language)
}
