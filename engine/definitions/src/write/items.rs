//! The parts of a file that change by themselves: keys of the brand, and entries of the other files.

use crate::changes::{as_map, name_of};
use crate::read::read_alone;
use crate::yaml::{emit_item, emit_map};
use crate::{
    Definitions, EXPERIMENTS_FILE, Lexical, METRICS_FILE, SEGMENTS_FILE, SOURCES_FILE, SPEND_FILE, SourceFile,
    Surroundings,
};
use serde_json::{Map, Value};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// A key of the file.
    Key(String, Value),
    /// An entry of its list, by its name.
    Entry(String, Map<String, Value>),
}

impl Item {
    /// By which it is the same one in two versions.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Key(id, _) | Self::Entry(id, _) => id,
        }
    }

    /// Writes it behind so many spaces.
    pub(super) fn emit(&self, indent: usize, out: &mut String) {
        match self {
            Self::Key(key, value) => emit_map(&Map::from_iter([(key.clone(), value.clone())]), indent, out),
            Self::Entry(_, map) => emit_item(map, indent, out),
        }
    }
}

/// The only key of a file that is a list; none for the brand.
pub(super) fn list_key(file: &str) -> Option<&'static str> {
    match file {
        METRICS_FILE => Some("metrics"),
        SEGMENTS_FILE => Some("segments"),
        EXPERIMENTS_FILE => Some("experiments"),
        SOURCES_FILE => Some("sources"),
        SPEND_FILE => Some("spend"),
        _ => None,
    }
}

/// What a file says of these definitions.
pub(super) fn items(definitions: &Definitions, file: &str) -> Vec<Item> {
    let maps: Vec<Map<String, Value>> = match file {
        METRICS_FILE => definitions.metrics.iter().map(as_map).collect(),
        SEGMENTS_FILE => definitions.segments.iter().map(as_map).collect(),
        EXPERIMENTS_FILE => definitions.experiments.iter().map(as_map).collect(),
        SOURCES_FILE => definitions.sources.iter().map(as_map).collect(),
        SPEND_FILE => definitions.spend.iter().map(as_map).collect(),
        _ => return as_map(&definitions.brand).into_iter().map(|(key, value)| Item::Key(key, value)).collect(),
    };
    maps.into_iter().map(|map| Item::Entry(name_of(&map), as_written(map))).collect()
}

/// What a text says; none where it cannot be read.
pub(super) fn items_of_text(text: &str, file: &str) -> Option<Vec<Item>> {
    let source = SourceFile { name: file.to_owned(), text: text.to_owned() };
    let surroundings = Surroundings { columns: &[], timezone: None, currency: None, begun: &[], expressions: &Lexical };
    // Segments that name each other are all in one file; their SQL was judged when they were applied.
    Some(items(&read_alone(&source, &surroundings).ok()?.definitions, file))
}

/// A list of one event or outcome is written as that one.
fn as_written(mut map: Map<String, Value>) -> Map<String, Value> {
    for key in ["events", "outcomes"] {
        if let Some(Value::Array(names)) = map.get_mut(key)
            && let [one] = names.as_mut_slice()
        {
            let one = one.take();
            map.insert(key.to_owned(), one);
        }
    }
    if let Some(Value::Object(then)) = map.get_mut("then") {
        *then = as_written(std::mem::take(then));
    }
    map
}
