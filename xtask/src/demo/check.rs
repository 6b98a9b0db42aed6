//! A short look at the demo: it starts, the link works, traffic arrives, it stops, it starts again.

use super::running::Running;
use super::{Demo, Options, remove};
use crate::process;
use anyhow::{Context as _, Result, ensure};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);
/// Looks for what should have changed, so many times …
const LOOKS: u32 = 200;
/// … this far apart.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) fn run(root: &Path) -> Result<()> {
    let folder = process::target_dir().join("demo-check");
    remove(&folder)?;
    let mut options = Options {
        customers: 300,
        seed: 1,
        lang: "zh".into(),
        rate: 50.0,
        listen: "127.0.0.1:0".into(),
        out: None,
        fresh: false,
        check: true,
    };
    for start in 0..2 {
        let demo = Demo::open(root, &folder, &options)?;
        let running = demo.start(&options)?;
        let seen = look(&demo, &running);
        running.stop()?;
        seen.with_context(|| format!("start {}", start + 1))?;
        // Kept: a second start with other wishes has the first one's brand.
        options.customers = 0;
    }
    remove(&folder)
}

fn look(demo: &Demo<'_>, running: &Running) -> Result<()> {
    let ready = get(&running.url, "/readyz")?;
    ensure!(ready.starts_with("HTTP/1.1 200"), "/readyz answers {ready}");
    let link = running.sign_in.split_whitespace().find_map(|word| word.strip_prefix(&running.url));
    let link = link.with_context(|| format!("no sign-in link in {:?}", running.sign_in))?;
    let page = get(&running.url, link)?;
    ensure!(page.starts_with("HTTP/1.1 200") && page.contains("<html"), "{link} answers {page}");
    let before = events(demo)?;
    for _ in 0..LOOKS {
        if events(demo)? > before {
            return Ok(());
        }
        ensure!(!running.has_ended()?, "the server or its traffic has ended");
        std::thread::sleep(PAUSE);
    }
    anyhow::bail!("no message of the traffic has arrived")
}

fn events(demo: &Demo<'_>) -> Result<u64> {
    let mut query = demo.perennial();
    query.args(["query", "select count(*) from events", "--format", "csv", "--data"]).arg(demo.data());
    let said = process::output(&mut query)?;
    said.lines().last().and_then(|line| line.parse().ok()).with_context(|| format!("no count in {said:?}"))
}

/// What a path answers, head and body.
fn get(url: &str, path: &str) -> Result<String> {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).with_context(|| format!("cannot reach {address}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
