//! A server of an empty brand.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use perennial_api::{
    About, Auth, AuthOptions, CaughtUp, Definer, DefinitionEdit, EditRefused, Figures, FoldedTable, LiveKeeper,
    LiveView, Metrics, Network, Peer, Server, Sources, UploadLimits, Uploads, first_owner_link, router,
};
use perennial_files::LocalFiles;
use perennial_fold::{Instant, LiveOptions, LiveTable, Registry, Revenue};
use perennial_learn::{Thresholds, register, relatives};
use perennial_listen::ResolverOptions;
use perennial_listen::message::Intake;
use perennial_model::{Clock, Role, Zone};
use perennial_ports::{NewMember, Session};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_testkit::{ManualClock, TestFolder};
use perennial_timeline::{Feed, Timeline, TimelineOptions};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::{Mutex, watch};
use tower::ServiceExt;

/// Of the owner.
pub(crate) const PASSWORD: &str = "西湖龙井一九八五年春天";
/// 2026-01-01.
const BEGIN_US: i64 = 1_767_225_600_000_000;
pub(crate) const DAY_US: i64 = perennial_model::DAY_US;

/// See the module.
pub(crate) struct TestServer {
    pub(crate) server: Arc<Server>,
    pub(crate) clock: Arc<ManualClock>,
    router: Router,
    _live: (LiveTable, Feed, watch::Sender<LiveView>),
    _folder: TestFolder,
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

/// Of a table that is never asked for anything new.
struct Current;

impl LiveKeeper for Current {
    fn catch_up(&self) -> CaughtUp<'_> {
        Box::pin(async { Ok(()) })
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answered {
    /// The word of the error.
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// The session's cookie, as a browser would send it back.
    pub(crate) fn cookie(&self) -> String {
        let set = self.headers[header::SET_COOKIE].to_str().unwrap();
        set.split(';').next().unwrap().to_owned()
    }

    pub(crate) fn csrf(&self) -> String {
        self.body["csrf_token"].as_str().unwrap().to_owned()
    }
}

/// A browser that is signed in.
pub(crate) struct Browser {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        let folder = TestFolder::new();
        let path = folder.path();
        let store = Arc::new(SqlStore::open(path).await.unwrap());
        let hot = Arc::new(SqlHotLog::open(path).await.unwrap());
        let files = Arc::new(LocalFiles::open(path).unwrap());
        let clock = Arc::new(ManualClock::at(BEGIN_US));
        let options = TimelineOptions::default();
        let shared = Arc::<ManualClock>::clone(&clock);
        let timeline = Timeline::open(Arc::<SqlStore>::clone(&store), hot, files, shared, options).await.unwrap();
        let (snapshot, feed) = timeline.follow(1000).await.unwrap();
        let (thresholds, instant) = (Thresholds::default(), Instant::new(clock.now_us(), Zone::utc(), Revenue::Net));
        let mut registry = Registry::new();
        register(&mut registry, &thresholds, &instant, snapshot.declared()).unwrap();
        let relative = relatives(&thresholds).unwrap();
        let live = LiveTable::load(&snapshot, registry, relative, None, &instant, LiveOptions::default()).unwrap();
        let view = LiveView {
            columns: Arc::clone(live.columns()),
            zone: Zone::utc(),
            fitted: Arc::from([]),
            definitions: Arc::default(),
            version: 0,
            groups: Arc::default(),
            segments_swept_us: Arc::default(),
        };
        let (sender, live_view) = watch::channel(view);
        let proxy: Network = "10.0.0.0/8".parse().unwrap();
        let options = AuthOptions { trusted_proxies: vec![proxy], ..AuthOptions::default() };
        let server = Arc::new(Server {
            sql: perennial_api::sql_service(
                &timeline,
                Arc::<ManualClock>::clone(&clock),
                live_view.clone(),
                perennial_query::SqlLimits::default(),
            )
            .unwrap(),
            intake: Intake::open(&timeline, ResolverOptions::default()).await.unwrap(),
            sources: Arc::new(Sources::open(Arc::<SqlStore>::clone(&store)).await.unwrap()),
            watched: watch::channel(Vec::new()).1,
            figures: Figures::default(),
            uploads: Uploads::open(path, UploadLimits { file_bytes: 1_000_000, ..UploadLimits::default() }).unwrap(),
            timeline,
            clock: Arc::<ManualClock>::clone(&clock),
            live: live_view,
            keeper: Arc::new(Current),
            definer: Arc::new(Untouched),
            writing: Mutex::new(()),
            auth: Auth::new(store, options),
            metrics: Metrics::new(),
            about: About::new("sqlite"),
        });
        let router = router(Arc::clone(&server));
        Self { server, clock, router, _live: (live, feed, sender), _folder: folder }
    }

    /// Sends a request as it is, from an address.
    pub(crate) async fn send_from(&self, peer: &str, mut request: Request<Body>) -> Answered {
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into());
        Answered { status: parts.status, headers: parts.headers, body }
    }

    /// Sends JSON with headers.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answered {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.send_from("192.0.2.1", request.body(body).unwrap()).await
    }

    /// As a browser that is signed in does.
    pub(crate) async fn by(&self, browser: &Browser, method: &str, path: &str, body: &Value) -> Answered {
        let headers = [("cookie", browser.cookie.as_str()), ("x-csrf-token", browser.csrf.as_str())];
        self.send(method, path, &headers, body).await
    }

    pub(crate) async fn with_token(&self, token: &str, method: &str, path: &str, body: &Value) -> Answered {
        self.send(method, path, &[("authorization", &format!("Bearer {token}"))], body).await
    }

    /// The first owner, by the printed link.
    pub(crate) async fn owner(&self) -> Browser {
        let path = first_owner_link(&*self.server.auth.accounts, &*self.clock).await.unwrap().unwrap();
        let token = path.split_once("token=").unwrap().1;
        let body = json!({"token": token, "email": "Own@Shop.example", "name": "老板", "password": PASSWORD});
        let made = self.send("POST", "/api/setup", &[], &body).await;
        assert_eq!(made.status, 200, "{made:?}");
        Browser { cookie: made.cookie(), csrf: made.csrf() }
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answered {
        self.send("POST", "/api/sign-in", &[], &json!({"email": email, "password": password})).await
    }

    /// A member of a role, signed in without a password: hashing takes time.
    pub(crate) async fn member(&self, role: Role) -> (u64, Browser) {
        let accounts = &self.server.auth.accounts;
        let email = format!("{}-{}@shop.example", role.as_str(), accounts.members().await.unwrap().len());
        let (name, language) = (role.as_str().to_owned(), "en".to_owned());
        let password = Some("$argon2id$none".to_owned());
        let new = NewMember { email, name, role, language, password, created_us: self.clock.now_us() };
        let member_id = accounts.add_member(&new).await.unwrap().unwrap();
        (member_id, self.browser_of(member_id).await)
    }

    /// Another session of a member.
    pub(crate) async fn browser_of(&self, member_id: u64) -> Browser {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let secret = format!("secret-{}", NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        let now_us = self.clock.now_us();
        let hash = Sha256::digest(&secret).into();
        let session = Session { hash, member_id, created_us: now_us, seen_us: now_us, expires_us: now_us + DAY_US };
        self.server.auth.accounts.open_session(&session).await.unwrap();
        let cookie = format!("perennial_session={secret}");
        let csrf = self.send("GET", "/api/session", &[("cookie", &cookie)], &Value::Null).await.csrf();
        Browser { cookie, csrf }
    }
}
