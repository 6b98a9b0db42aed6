//! `perennial serve`: holds a data directory until told to stop.

use crate::brand::Brand;
use crate::cli::ServeArgs;
use crate::clock::SystemClock;
use crate::commands::definitions::Editor;
use crate::config::{self, Config, Watch};
use crate::host::{Host, Served};
use crate::live::Keeper;
use crate::socket::{Listener, answer_all};
use crate::sql::{self, SqlSettings};
use crate::watch::{WatchOptions, Watcher};
use anyhow::{Context, Result, anyhow};
use perennial_api::{
    About, Auth, AuthOptions, Figures, Metrics, Server, Sources, Uploads, WatchedFolder, first_owner_link, sql_service,
};
use perennial_listen::ResolverOptions;
use perennial_listen::message::Intake;
use perennial_model::DAY_US;
use perennial_query::SqlLimits;
use perennial_store_sql::SqlStore;
use perennial_timeline::Timeline;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Mutex, watch};

/// Seconds between two looks into watched folders.
const WATCH_EVERY_SECS: u32 = 5;
/// Commands told to stop are waited for in steps of this.
const LAST_WORK_STEP: Duration = Duration::from_millis(20);
/// So many of them: ten seconds.
const LAST_WORK_STEPS: u32 = 500;
/// Runs are merged and replaced files deleted so often.
const HOUSEKEEPING: Duration = Duration::from_secs(60);

pub(crate) async fn run(arguments: &ServeArgs) -> Result<u8> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let config = configure(arguments)?;
    // Before customers are loaded: an address that is taken should not take that long to tell.
    let http = listener(&config).await?;
    let brand = open(&arguments.data.data, &config).await?;
    let (keeper, loaded) = Keeper::start(brand.timeline.clone()).await?;
    let listener = Listener::bind(&brand.directory)?;
    let settings = SqlSettings::of(&config.sql);
    let sql = sql::Bound::bind(&settings).await?;
    let (watcher, watched) = Watcher::new(&watch_options(&config), &brand.directory)?;
    let server = server(&brand, &keeper, &config, watched, settings.limits).await?;
    let address = address(&config, http.as_ref())?;
    let served = Served {
        server: Arc::clone(&server),
        directory: brand.directory.clone(),
        store: Arc::clone(&brand.store),
        keeper,
        address: address.clone(),
    };
    let host = Arc::new(Host::Server(Box::new(served)));
    tokio::spawn(Figures::warm(Arc::clone(&server)));
    say!("{}: {} customers ready in {:.1} s", brand.directory.display(), loaded.customers, loaded.seconds);
    let (stop, stopped) = watch::channel(false);
    let http = http.map(|listener| {
        let router = perennial_api::router(Arc::clone(&server));
        tokio::spawn(crate::http::answer_all(listener, router, config.http.clone(), stopped))
    });
    if http.is_some() {
        welcome(&brand, address.as_deref()).await?;
    }
    if let Some(sql) = &sql {
        say!("PostgreSQL protocol on {}", sql.address()?);
    }
    let outcome = tokio::select! {
        outcome = answer_all(listener, Arc::clone(&host)) => outcome,
        outcome = sql::answer(sql, server) => outcome,
        () = keep_house(&brand.timeline) => Ok(()),
        () = watcher.keep(&host) => Ok(()),
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    };
    stop.send_replace(true);
    if let Some(http) = http {
        http.await?;
    }
    let served = alone(host).await?;
    tokio::task::spawn_blocking(move || served.keeper.stop()).await?;
    brand.timeline.flush().await?;
    brand.close().await;
    outcome?;
    Ok(0)
}

/// The brand, with a zone and a currency where the configuration says them: before customers are loaded, whose
/// days are of that zone.
async fn open(directory: &Path, config: &Config) -> Result<Brand> {
    let store = config.store.as_deref().filter(|store| !store.is_empty());
    let brand = Brand::create_for_server(directory, store).await?;
    config::settle(config, &*brand.store).await?;
    Ok(brand)
}

fn watch_options(config: &Config) -> WatchOptions {
    let folders = config.watch.iter().map(|watch| (watch.folder.clone(), watch.map.clone())).collect();
    let every_secs = config.watch_every_secs.unwrap_or(WATCH_EVERY_SECS);
    WatchOptions { folders, every: Duration::from_secs(u64::from(every_secs)) }
}

/// The configuration: command line before environment before file.
fn configure(arguments: &ServeArgs) -> Result<Config> {
    let environment: Vec<(String, String)> = std::env::vars().collect();
    let sources = config::Sources {
        directory: &arguments.data.data,
        file: arguments.config.as_deref(),
        environment: &environment,
    };
    let (mut config, remarks) = config::load(&sources)?;
    config.listen = arguments.listen.or(config.listen);
    config.sql.listen = arguments.sql_listen.or(config.sql.listen);
    config.watch.extend(arguments.watch.iter().map(|folder| Watch { folder: folder.clone(), map: Vec::new() }));
    config.watch_every_secs = arguments.watch_every.or(config.watch_every_secs);
    crate::log::begin(&config.log);
    for remark in remarks {
        tracing::warn!("{remark}");
    }
    Ok(config)
}

async fn listener(config: &Config) -> Result<Option<TcpListener>> {
    let Some(address) = config.listen else { return Ok(None) };
    Ok(Some(TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?))
}

async fn server(
    brand: &Brand,
    keeper: &Keeper,
    config: &Config,
    watched: watch::Receiver<Vec<WatchedFolder>>,
    limits: SqlLimits,
) -> Result<Arc<Server>> {
    let proxies = config.http.trusted_proxies.iter().filter_map(|proxy| proxy.parse().ok());
    let options = AuthOptions {
        session_idle_us: i64::from(config.sessions.idle_days) * DAY_US,
        session_longest_us: i64::from(config.sessions.longest_days) * DAY_US,
        trusted_proxies: proxies.collect(),
    };
    Ok(Arc::new(Server {
        timeline: brand.timeline.clone(),
        clock: Arc::new(SystemClock),
        live: keeper.view.clone(),
        keeper: Arc::new(keeper.ear()),
        definer: Arc::new(Editor { timeline: brand.timeline.clone() }),
        writing: Mutex::new(()),
        sql: sql_service(&brand.timeline, Arc::new(SystemClock), keeper.view.clone(), limits)?,
        watched,
        auth: Auth::new(Arc::<SqlStore>::clone(&brand.store), options),
        intake: Intake::open_bounded(&brand.timeline, ResolverOptions::default(), config.ingest.bounds()).await?,
        sources: Arc::new(Sources::open(Arc::<SqlStore>::clone(&brand.store)).await?),
        figures: Figures::default(),
        uploads: Uploads::open(&brand.directory, config.uploads.limits())?,
        metrics: Metrics::new(),
        about: About::new("sqlite"),
    }))
}

/// How the dashboard is reached.
fn address(config: &Config, http: Option<&TcpListener>) -> Result<Option<String>> {
    let Some(http) = http else { return Ok(None) };
    let listened = format!("http://{}", http.local_addr()?);
    Ok(Some(config.public_url.as_deref().map_or(listened, |url| url.trim_end_matches('/').to_owned())))
}

/// Says where the server is, and how to become its owner where it has none.
async fn welcome(brand: &Brand, address: Option<&str>) -> Result<()> {
    let address = address.unwrap_or_default();
    say!("listening on {address}");
    let link = first_owner_link(&*brand.store, &SystemClock).await;
    if let Some(path) = link.map_err(|problem| anyhow!(problem.message))? {
        say!("open {address}{path} to become the owner");
    }
    Ok(())
}

/// What the server holds, once the commands under way have let go of it.
async fn alone(mut host: Arc<Host>) -> Result<Box<Served>> {
    for _ in 0..LAST_WORK_STEPS {
        host = match Arc::try_unwrap(host) {
            Ok(Host::Server(served)) => return Ok(served),
            Ok(Host::Alone) => break,
            Err(shared) => shared,
        };
        tokio::time::sleep(LAST_WORK_STEP).await;
    }
    Err(anyhow!("a command is still under way: what was kept before stays"))
}

async fn keep_house(timeline: &Timeline) {
    loop {
        tokio::time::sleep(HOUSEKEEPING).await;
        if let Err(problem) = timeline.maintain().await {
            tracing::warn!(error = %problem, "housekeeping failed, it is tried again in a minute");
        }
        if let Err(problem) = timeline.settle_properties().await {
            tracing::warn!(error = %problem, "properties got no columns of their own, it is tried again in a minute");
        }
    }
}
