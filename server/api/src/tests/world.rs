//! A brand in a temporary folder, its live table, and requests to it.

use crate::{
    Auth, AuthOptions, Caller, CaughtUp, Definer, DefinitionEdit, EditRefused, Figures, FoldedTable, LiveKeeper,
    LiveView, Server, Sources, UploadLimits, Uploads, all,
};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use axum::{Extension, Router};
use http_body_util::BodyExt;
use perennial_definitions::Definitions;
use perennial_files::LocalFiles;
use perennial_fold::{Instant, LiveOptions, LiveTable, Registry, Revenue};
use perennial_learn::{Thresholds, register, relatives};
use perennial_listen::message::Intake;
use perennial_listen::read::{self, ReadOptions};
use perennial_listen::{ImportOptions, RecogniseOptions, ResolverOptions, import, recognise};
use perennial_model::{Clock, Role, Zone};
use perennial_ports::BrandSettings;
use perennial_query::Groups;
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_testkit::{ManualClock, TestFolder};
use perennial_timeline::{Timeline, TimelineOptions};
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::{Mutex, watch};
use tower::ServiceExt;

/// 2026-03-01 10:00 in Shanghai.
pub(super) const NOW_US: i64 = 1_772_330_400_000_000;

/// Bytes of an uploaded file.
pub(super) const MOST_UPLOAD_BYTES: u64 = 200_000;

pub(super) struct World {
    pub(super) folder: TestFolder,
    pub(super) server: Arc<Server>,
    pub(super) clock: Arc<ManualClock>,
    /// Whoever asks, unless another role is named.
    role: Role,
    view: watch::Sender<LiveView>,
}

impl World {
    /// Without any customer.
    pub(super) async fn new() -> Self {
        let folder = TestFolder::new();
        let clock = Arc::new(ManualClock::at(NOW_US));
        let path = folder.path();
        let store = Arc::new(SqlStore::open(path).await.unwrap());
        let timeline = Timeline::open(
            Arc::<SqlStore>::clone(&store),
            Arc::new(SqlHotLog::open(path).await.unwrap()),
            Arc::new(LocalFiles::open(path).unwrap()),
            Arc::<ManualClock>::clone(&clock),
            TimelineOptions::default(),
        )
        .await
        .unwrap();
        let (view, live) = watch::channel(loaded(&timeline, clock.now_us()).await);
        let kept = timeline.clone();
        let server = Arc::new(Server {
            sql: crate::sql_service(
                &timeline,
                Arc::<ManualClock>::clone(&clock),
                live.clone(),
                perennial_query::SqlLimits::default(),
            )
            .unwrap(),
            metrics: crate::Metrics::new(),
            about: crate::server::About::new("sqlite"),
            intake: Intake::open(&timeline, ResolverOptions::default()).await.unwrap(),
            sources: Arc::new(Sources::open(Arc::<SqlStore>::clone(&store)).await.unwrap()),
            auth: Auth::new(store, AuthOptions::default()),
            watched: watch::channel(Vec::new()).1,
            timeline,
            clock: Arc::<ManualClock>::clone(&clock),
            live,
            keeper: Arc::new(Refolding { timeline: kept, clock: Arc::clone(&clock), view: view.clone() }),
            definer: Arc::new(Untouched),
            writing: Mutex::new(()),
            figures: Figures::default(),
            uploads: Uploads::open(path, UploadLimits { file_bytes: MOST_UPLOAD_BYTES, ..UploadLimits::default() })
                .unwrap(),
        });
        Self { folder, server, clock, role: Role::Owner, view }
    }

    /// With a shop of some hundred customers.
    pub(super) async fn with_shop() -> Self {
        let world = Self::new().await;
        world.import("shop.csv", &shop_csv(300)).await;
        world
    }

    /// Imports a file, and folds the live table anew.
    pub(super) async fn import(&self, name: &str, text: &str) {
        self.import_alone(name, text).await;
        self.refold().await;
    }

    /// Imports a file of which the live table does not know yet.
    pub(super) async fn import_alone(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let sources = read::open(&path, &ReadOptions::default()).unwrap();
        let named = |text: &str| Some(text.to_owned());
        let options = RecogniseOptions {
            timezone: named("Asia/Shanghai"),
            currency: named("CNY"),
            ..RecogniseOptions::default()
        };
        let plan = recognise(sources, &options).unwrap();
        let timeline = &self.server.timeline;
        let settings = BrandSettings { zone: plan.zone().clone(), currency: plan.currency() };
        settings.save(&**timeline.store()).await.unwrap();
        import(timeline, plan, ImportOptions::new(self.clock.now_us()), Arc::new(())).await.unwrap();
        std::fs::remove_file(&path).unwrap();
    }

    pub(super) async fn refold(&self) {
        self.view.send_replace(loaded(&self.server.timeline, self.clock.now_us()).await);
    }

    pub(super) async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.send_as(self.role, Method::GET, path, Body::empty()).await
    }

    pub(super) async fn get_as(&self, role: Role, path: &str) -> (StatusCode, Value) {
        self.send_as(role, Method::GET, path, Body::empty()).await
    }

    /// An answer that is expected.
    pub(super) async fn ok(&self, path: &str) -> Value {
        let (status, answer) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }

    pub(super) async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        self.send_as(self.role, method, path, Body::from(body.to_string())).await
    }

    /// An answer that is expected, as it is.
    pub(super) async fn bytes(&self, method: Method, path: &str, body: Body) -> Vec<u8> {
        let (status, bytes) = self.answered(self.role, method, path, body).await;
        assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&bytes));
        bytes
    }

    /// A request as the gate lets it in.
    pub(super) async fn send_as(&self, role: Role, method: Method, path: &str, body: Body) -> (StatusCode, Value) {
        let (status, bytes) = self.answered(role, method, path, body).await;
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn answered(&self, role: Role, method: Method, path: &str, body: Body) -> (StatusCode, Vec<u8>) {
        let response = self.response(role, method, path, body).await;
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, bytes.to_vec())
    }

    /// An answer that is still coming.
    pub(super) async fn response(&self, role: Role, method: Method, path: &str, body: Body) -> Response {
        let caller = Caller {
            member_id: 1,
            name: "ann@shop.example".to_owned(),
            role,
            scopes: None,
            token_id: None,
            session: None,
        };
        let mut router = Router::new();
        for route in all() {
            router = router.route(route.path, route.handler.layer(Extension(caller.clone())));
        }
        let request = Request::builder().method(method).uri(path).body(body).unwrap();
        router.with_state(Arc::clone(&self.server)).oneshot(request).await.unwrap()
    }
}

/// Definitions that nobody changes here: the binary does, and its tests show it.
struct Untouched;

#[async_trait::async_trait]
impl Definer for Untouched {
    async fn edit(&self, _: DefinitionEdit) -> Result<u64, EditRefused> {
        Err(EditRefused::Moved(0))
    }

    async fn table(
        &self,
        _: Option<i64>,
        _: Vec<perennial_definitions::Metric>,
    ) -> Result<FoldedTable, Box<dyn std::error::Error + Send + Sync>> {
        Err("tables are folded by the binary".into())
    }
}

/// Folds the live table anew whenever it is asked to catch up.
struct Refolding {
    timeline: Timeline,
    clock: Arc<ManualClock>,
    view: watch::Sender<LiveView>,
}

impl LiveKeeper for Refolding {
    fn catch_up(&self) -> CaughtUp<'_> {
        Box::pin(async {
            self.view.send_replace(loaded(&self.timeline, self.clock.now_us()).await);
            Ok(())
        })
    }
}

async fn loaded(timeline: &Timeline, now_us: i64) -> LiveView {
    let settings = BrandSettings::load(&**timeline.store()).await.unwrap();
    let zone = settings.map_or(Zone::utc(), |settings| settings.zone);
    let snapshot = timeline.snapshot().await.unwrap();
    let thresholds = Thresholds::default();
    let instant = Instant::new(now_us, zone.clone(), Revenue::Net);
    let mut registry = Registry::new();
    register(&mut registry, &thresholds, &instant, snapshot.declared()).unwrap();
    let relatives = relatives(&thresholds).unwrap();
    let live = LiveTable::load(&snapshot, registry, relatives, None, &instant, LiveOptions::default()).unwrap();
    let store = timeline.store();
    let defined = store.definitions().await.unwrap();
    LiveView {
        columns: Arc::clone(live.columns()),
        zone,
        fitted: live.fitted().into(),
        version: defined.as_ref().map_or(0, |defined| defined.version.version),
        definitions: Arc::new(
            defined.map_or_else(Definitions::default, |defined| serde_json::from_str(&defined.json).unwrap()),
        ),
        groups: Arc::new(Groups::read(timeline).await.unwrap()),
        segments_swept_us: Arc::default(),
    }
}

/// Orders of customers with rhythms of their own over two years; some stopped, some came back.
pub(super) fn shop_csv(customers: u64) -> String {
    let mut text = "order,member,phone,email,time,item,quantity,amount\n".to_owned();
    let mut random = 42_u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let mut order = 0;
    for number in 1..=customers {
        let (rhythm, mut day) = (15 + next(60), next(500));
        let stops = day + 30 + next(600);
        while day < 785 && day <= stops {
            order += 1;
            let (year, month, date) = perennial_model::civil_from_day(19_730 + i32::try_from(day).unwrap());
            let (hour, amount, quantity) = (8 + next(12), 20 + next(400), 1 + next(3));
            text += &format!(
                "A{order},M{number},138{number:08},buyer{number}@shop.example,{year:04}-{month:02}-{date:02} \
                 {hour:02}:15:00,SKU{},{quantity},{amount}.50\n",
                next(9)
            );
            day += 1 + rhythm / 2 + next(rhythm);
            if next(12) == 0 {
                day += 150;
            }
        }
    }
    text
}
