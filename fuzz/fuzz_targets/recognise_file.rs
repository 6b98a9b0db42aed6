//! Any bytes as an export of a shop: what its columns mean is found out or refused, in words of both
//! languages, and never panics.
#![no_main]

mod library_panics;

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use perennial_listen::read::{ReadOptions, open};
use perennial_listen::{Language, RecogniseOptions, recognise};

fuzz_target!(init: library_panics::are_for_the_product(), |bytes: &[u8]| {
    let Some((&choice, content)) = bytes.split_first() else { return };
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(content).expect("room for it");
    let Ok(sources) = open(file.path(), &ReadOptions::default()) else { return };
    let columns = sources.first().map_or(0, |source| source.header().len());
    // A column as a property, and what the file need not have for that.
    let column = usize::from(choice) % columns.max(1) + 1;
    let map = ["time", "member", "amount"].into_iter().zip(1..=columns).filter(|_| choice > 127);
    let options = RecogniseOptions {
        properties: vec![format!("own={column}")],
        map: map.map(|(field, column)| format!("{field}={column}")).collect(),
        ..RecogniseOptions::default()
    };
    let Ok(plan) = recognise(sources, &options) else { return };
    assert!(!plan.properties().is_empty());
    assert_eq!(plan.lines(Language::En).len(), plan.lines(Language::Zh).len());
});
