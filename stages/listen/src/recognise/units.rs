//! Which files are read as one, in which order, and under which name.

use super::field::Field;
use super::plan::{Part, Role, Unit};
use super::settings::Looked;
use super::{RecogniseOptions, Recognition};
use crate::layout::Layout;
use crate::read::Source;
use crate::value::{TimeParser, clean, guess_format, is_none};
use perennial_model::Zone;
use rustc_hash::FxHashSet;

/// What is found of a file's place among the others.
pub(super) struct Place {
    pub(super) role: Role,
    /// Item reports: the order reports that they belong to, the best first.
    owners: Vec<usize>,
    /// The latest time in the sample.
    latest_us: i64,
}

/// The place of each file.
pub(super) fn places(tables: &[Looked<'_>], roles: &[Role], zone: &Zone) -> Vec<Place> {
    let place = |(index, role): (usize, &Role)| Place {
        role: *role,
        owners: if *role == Role::Items { owners(index, tables, roles) } else { Vec::new() },
        latest_us: latest(&tables[index], zone),
    };
    roles.iter().enumerate().map(place).collect()
}

/// Taobao's item report belongs to Taobao's order reports, any other to those whose orders it names
/// (and to those that are written like the best of them: a sample does not show all).
fn owners(items: usize, tables: &[Looked<'_>], roles: &[Role]) -> Vec<usize> {
    let layout = |index: usize| tables[index].recognition.layout;
    let reports: Vec<usize> = (0..tables.len())
        .filter(|index| roles[*index] == Role::Whole && tables[*index].recognition.columns.has(Field::Order))
        .collect();
    if layout(items) == Layout::TaobaoItems {
        let taobao: Vec<usize> =
            reports.iter().copied().filter(|index| layout(*index) == Layout::TaobaoOrders).collect();
        if !taobao.is_empty() {
            return taobao;
        }
    }
    let wanted = orders(&tables[items]);
    let shared = |index: usize| orders(&tables[index]).intersection(&wanted).count();
    let mut found: Vec<(usize, usize)> = reports.into_iter().map(|index| (shared(index), index)).collect();
    found.sort_by_key(|(shared, index)| (usize::MAX - shared, *index));
    let Some((_, best)) = found.first().copied() else {
        return Vec::new();
    };
    let is_alike = |index: usize| tables[index].header == tables[best].header;
    found.into_iter().filter(|(shared, index)| *shared > 0 || is_alike(*index)).map(|(_, index)| index).collect()
}

fn orders<'a>(table: &Looked<'a>) -> FxHashSet<&'a str> {
    let column = table.recognition.columns.get(Field::Order);
    let ids = table.sample.iter().filter_map(|row| row.get(column?)).map(|cell| clean(cell));
    ids.filter(|id| !is_none(id)).map(|id| id.trim_start_matches("=\"").trim_end_matches('"')).collect()
}

fn latest(table: &Looked<'_>, zone: &Zone) -> i64 {
    let times = |field: Field| {
        let column = table.recognition.columns.get(field)?;
        let cells = || table.sample.iter().filter_map(|row| row.get(column)).map(|cell| clean(cell));
        let mut parser = TimeParser::new(guess_format(cells())?, zone.clone(), i64::MAX);
        cells().filter_map(|cell| parser.parse(cell).ok()).map(|(time_us, _)| time_us).max()
    };
    let fields = [Field::PaidTime, Field::Time, Field::CancelledTime];
    fields.into_iter().filter_map(times).max().unwrap_or(i64::MIN)
}

/// Items are of the same feed as the orders that they belong to.
pub(super) fn name_sources(recognitions: &mut [Recognition], places: &[Place], options: &RecogniseOptions) {
    for (index, place) in places.iter().enumerate() {
        let name = match &options.source {
            Some(name) => Some(name.trim().to_owned()),
            None => place.owners.first().and_then(|owner| recognitions.get(*owner)).map(|owner| owner.source.clone()),
        };
        if let Some((recognition, name)) = recognitions.get_mut(index).zip(name) {
            recognition.source = name;
        }
    }
}

/// Item reports stand behind their order reports, in one unit, so that each line finds its order;
/// every other file is a unit. The unit with the latest rows is last, because of two versions of an
/// order the one read later counts; files of the same time go by their names.
pub(super) fn units(sources: Vec<Source>, recognitions: Vec<Recognition>, places: &[Place]) -> Vec<Unit> {
    let mut unit_of: Vec<usize> = (0..places.len()).collect();
    for (index, place) in places.iter().enumerate() {
        for owner in &place.owners {
            let (one, other) = (unit_of[index].min(unit_of[*owner]), unit_of[index].max(unit_of[*owner]));
            unit_of.iter_mut().filter(|unit| **unit == other).for_each(|unit| *unit = one);
        }
    }
    let mut units: Vec<(i64, Unit)> = places.iter().map(|_| (i64::MIN, Unit { parts: Vec::new() })).collect();
    for (((source, recognition), place), unit) in sources.into_iter().zip(recognitions).zip(places).zip(unit_of) {
        let (latest_us, unit) = &mut units[unit];
        *latest_us = place.latest_us.max(*latest_us);
        unit.parts.push(Part { source, recognition, role: place.role });
    }
    units.retain(|(_, unit)| !unit.parts.is_empty());
    for (_, unit) in &mut units {
        unit.parts.sort_by_key(|part| part.role == Role::Items);
    }
    let name = |unit: &Unit| unit.parts.first().map(|part| part.source.name().to_owned());
    units.sort_by_cached_key(|(latest_us, unit)| (*latest_us, name(unit)));
    units.into_iter().map(|(_, unit)| unit).collect()
}
