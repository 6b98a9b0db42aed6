//! Who may depend on whom: model ← ports ← engine ← stages ← practices ← api ← app.

/// A crate's place in the architecture, told by its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Model,
    Ports,
    /// Gives shared dependencies one feature set; it holds no code, so anyone may name it.
    Unify,
    /// A dev-dependency only.
    Testkit,
    Engine,
    Stage,
    Practice,
    Adapter,
    /// The one adapter that runs queries on many machines.
    Cluster,
    Api,
    Ui,
    App,
    Sim,
    /// tests, benches, fuzz, xtask: nobody depends on them.
    Tool,
}

impl Place {
    /// The place of a crate in `folder`, relative to the top.
    pub(super) fn of(folder: &str) -> Option<Self> {
        Some(match folder.split_once('/') {
            Some(("core", "model")) => Self::Model,
            Some(("core", "ports")) => Self::Ports,
            Some(("core", "unify")) => Self::Unify,
            Some(("core", "testkit")) => Self::Testkit,
            Some(("engine", _)) => Self::Engine,
            Some(("stages", _)) => Self::Stage,
            Some(("practices", _)) => Self::Practice,
            Some(("adapters", "cluster")) => Self::Cluster,
            Some(("adapters", _)) => Self::Adapter,
            Some(("server", "api")) => Self::Api,
            Some(("server", "ui")) => Self::Ui,
            Some(("server", "app")) => Self::App,
            None if folder == "sim" => Self::Sim,
            None if ["tests", "benches", "fuzz", "xtask"].contains(&folder) => Self::Tool,
            _ => return None,
        })
    }

    /// Whether the product, not only its tests, may depend on `other`.
    pub(super) fn may_use(&self, other: &Self) -> bool {
        use Place::{Adapter, Api, App, Cluster, Engine, Model, Ports, Practice, Sim, Stage, Testkit, Tool, Ui, Unify};
        match (self, other) {
            (_, Tool) => false,
            (_, Unify) | (Tool, _) => true,
            (_, Testkit) => false,
            (Unify | Model | Ui, _) => false,
            (Ports | Sim, to) => *to == Model,
            (Testkit | Adapter, to) => matches!(to, Model | Ports),
            (Engine | Stage | Cluster, to) => matches!(to, Model | Ports | Engine),
            (Practice, to) => matches!(to, Model | Ports | Engine | Stage),
            (Api, to) => matches!(to, Model | Ports | Engine | Stage | Practice | Ui),
            (App, to) => *to != App,
        }
    }

    /// Whether its tests may depend on `other`: they may also have the test kit and real adapters.
    pub(super) fn tests_may_use(&self, other: &Self) -> bool {
        self.may_use(other) || matches!(other, Self::Testkit | Self::Adapter)
    }

    /// Whether it may name DataFusion.
    pub(super) fn may_use_datafusion(&self) -> bool {
        matches!(self, Self::Engine | Self::Cluster)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(from: &str, to: &str) -> bool {
        Place::of(from).unwrap().may_use(&Place::of(to).unwrap())
    }

    #[test]
    fn dependencies_point_inwards() {
        assert!(may("engine/timeline", "core/ports"));
        assert!(may("stages/learn", "engine/fold"));
        assert!(may("server/app", "adapters/files"));
        assert!(!may("core/ports", "engine/timeline"));
        assert!(!may("engine/fold", "stages/learn"));
        assert!(!may("core/model", "core/ports"));
    }

    #[test]
    fn stages_and_adapters_do_not_see_each_other() {
        assert!(!may("stages/learn", "stages/listen"));
        assert!(!may("adapters/files", "adapters/store-sql"));
        assert!(!may("adapters/files", "engine/timeline"));
        assert!(!may("engine/timeline", "adapters/files"));
        assert!(!may("stages/listen", "adapters/files"));
    }

    #[test]
    fn the_test_kit_is_for_tests() {
        let (engine, testkit) = (Place::of("engine/timeline").unwrap(), Place::of("core/testkit").unwrap());
        assert!(!engine.may_use(&testkit));
        assert!(engine.tests_may_use(&testkit));
        assert!(!Place::of("server/app").unwrap().may_use(&testkit));
    }

    #[test]
    fn a_crate_in_a_new_place_must_be_placed() {
        assert_eq!(Place::of("somewhere/else"), None);
    }
}
