//! `perennial serve`: holds a data directory until told to stop.

use crate::brand::Brand;
use crate::cli::ServeArgs;
use crate::clock::SystemClock;
use crate::host::{Host, Served};
use crate::live::Keeper;
use crate::socket::{Listener, answer_all};
use crate::watch::{WatchOptions, Watcher};
use anyhow::{Context, Result, anyhow};
use perennial_api::{Auth, AuthOptions, Figures, Server, Sources, first_owner_link};
use perennial_listen::ResolverOptions;
use perennial_listen::message::Intake;
use perennial_store_sql::SqlStore;
use perennial_timeline::Timeline;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Mutex;

/// Commands told to stop are waited for in steps of this.
const LAST_WORK_STEP: Duration = Duration::from_millis(20);
/// So many of them: ten seconds.
const LAST_WORK_STEPS: u32 = 500;
/// Runs are merged and replaced files deleted so often.
const HOUSEKEEPING: Duration = Duration::from_secs(60);

pub(crate) async fn run(arguments: &ServeArgs) -> Result<u8> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let brand = Brand::create_for_server(&arguments.data.data).await?;
    let (keeper, loaded) = Keeper::start(brand.timeline.clone()).await?;
    let listener = Listener::bind(&brand.directory)?;
    let options = WatchOptions { folders: arguments.watch.clone(), every: Duration::from_secs(arguments.watch_every) };
    let (watcher, watched) = Watcher::new(&options, &brand.directory)?;
    let server = Arc::new(Server {
        timeline: brand.timeline.clone(),
        clock: Arc::new(SystemClock),
        live: keeper.view.clone(),
        writing: Mutex::new(()),
        watched,
        auth: Auth::new(Arc::<SqlStore>::clone(&brand.store), AuthOptions::default()),
        intake: Intake::open(&brand.timeline, ResolverOptions::default()).await?,
        sources: Arc::new(Sources::open(Arc::<SqlStore>::clone(&brand.store)).await?),
        figures: Figures::default(),
    });
    let http = match arguments.listen {
        Some(address) => Some(TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?),
        None => None,
    };
    let address = http.as_ref().map(|http| http.local_addr().map(|address| format!("http://{address}"))).transpose()?;
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
    if let Some(address) = &address {
        say!("listening on {address}");
        if let Ok(Some(path)) = first_owner_link(&*brand.store, &SystemClock).await {
            say!("open {address}{path} to become the owner");
        }
    }
    let outcome = tokio::select! {
        outcome = answer_all(listener, Arc::clone(&host)) => outcome,
        outcome = answer_http(http, server) => outcome,
        () = keep_house(&brand.timeline) => Ok(()),
        () = watcher.keep(&host) => Ok(()),
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    };
    let served = alone(host).await?;
    tokio::task::spawn_blocking(move || served.keeper.stop()).await?;
    brand.timeline.flush().await?;
    brand.close().await;
    outcome?;
    Ok(0)
}

/// Answers requests until dropped; never ends where nobody is listened to.
async fn answer_http(listener: Option<TcpListener>, server: Arc<Server>) -> Result<()> {
    match listener {
        Some(listener) => crate::http::answer_all(listener, perennial_api::router(server)).await,
        None => std::future::pending().await,
    }
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
            eprintln!("warning: housekeeping: {problem}; trying again in a minute");
        }
    }
}
