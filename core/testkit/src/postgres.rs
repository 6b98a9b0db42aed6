//! PostgreSQL for tests: a server of its own, where PostgreSQL is installed.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

/// Starts a server, keeps it for as long as its input is open, takes it away then.
const SCRIPT: &str = include_str!("postgres.sh");
/// Programs and address of a server that all tests of a run share, as the script prints them.
const SHARED: &str = "PERENNIAL_TEST_POSTGRES";

/// A server of its own; it goes when this is dropped, or with the process.
#[derive(Debug)]
pub struct PostgresServer {
    programs: String,
    address: String,
    script: Option<Script>,
}

#[derive(Debug)]
struct Script {
    process: Child,
    wishes: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl PostgresServer {
    /// Starts one.
    ///
    /// # Errors
    /// Says what to install, or what went wrong.
    pub fn start() -> Result<Self, String> {
        Self::start_in(&std::env::temp_dir())
    }

    /// Starts one that keeps its data in a folder of its own below this one.
    ///
    /// # Errors
    /// As [`PostgresServer::start`].
    pub fn start_in(folder: &Path) -> Result<Self, String> {
        let mut process = Command::new("sh")
            .args(["-c", SCRIPT])
            .env("TMPDIR", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot run sh: {error}"))?;
        let (Some(wishes), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("sh has no input or no output".to_owned());
        };
        let mut script = Script { process, wishes, answers: BufReader::new(answers) };
        let line = script.answer()?;
        let mut server = Self::parse(&line)?;
        server.script = Some(script);
        Ok(server)
    }

    fn parse(line: &str) -> Result<Self, String> {
        match line.trim().split_once(" postgres://") {
            Some((programs, place)) if !line.starts_with("error:") => {
                Ok(Self { programs: programs.to_owned(), address: format!("postgres://{place}"), script: None })
            }
            _ => Err(line.trim().to_owned()),
        }
    }

    /// As [`SHARED`] takes it.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.programs, self.address)
    }

    /// The address of a new, empty database.
    ///
    /// # Errors
    /// Says what PostgreSQL said.
    pub fn new_database(&self, name: &str) -> Result<String, String> {
        let maintenance = format!("{}/postgres", self.address);
        self.sql(&maintenance, &format!("CREATE DATABASE \"{name}\""))?;
        Ok(format!("{}/{name}", self.address))
    }

    /// Runs SQL by `psql`; returns what it prints, bare.
    ///
    /// # Errors
    /// Says what PostgreSQL said.
    pub fn sql(&self, address: &str, sql: &str) -> Result<String, String> {
        let arguments = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "-c", sql];
        let done = Command::new(Path::new(&self.programs).join("psql")).arg(address).args(arguments).output();
        let done = done.map_err(|error| format!("cannot run psql: {error}"))?;
        if done.status.success() {
            return Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned());
        }
        Err(String::from_utf8_lossy(&done.stderr).into_owned())
    }

    /// `start`, `stop` or `restart`, at once, as if its machine had failed; done when it returns.
    ///
    /// # Errors
    /// When the server is not this one's own.
    pub fn ask(&mut self, wish: &str) -> Result<(), String> {
        let script = self.script.as_mut().ok_or("the server is shared with other tests")?;
        writeln!(script.wishes, "{wish}").map_err(|error| error.to_string())?;
        script.answer().map(drop)
    }
}

impl Script {
    fn answer(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| error.to_string())?;
        if line.is_empty() { Err("the script of the server has ended".to_owned()) } else { Ok(line) }
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Some(Script { mut process, wishes, .. }) = self.script.take() {
            drop(wishes);
            drop(process.wait());
        }
    }
}

/// The server for this process: the shared one, or one that ends with the process. `None` where
/// PostgreSQL is not installed; the reason is printed, so that a test that passes over it says so.
pub fn postgres_server() -> Option<&'static PostgresServer> {
    static SERVER: OnceLock<Result<PostgresServer, String>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match std::env::var(SHARED) {
        Ok(line) => PostgresServer::parse(&line),
        Err(_) => PostgresServer::start(),
    });
    if let Err(reason) = server {
        eprintln!("skipped: {reason}");
    }
    server.as_ref().ok()
}

/// The address of the database that goes with a test's folder; the same one again for the same
/// folder. `None` as for [`postgres_server`].
///
/// # Panics
/// When the database cannot be made.
#[must_use]
#[expect(clippy::expect_used, reason = "a test without its database cannot run")]
pub fn postgres_database(folder: &Path) -> Option<String> {
    static MADE: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let server = postgres_server()?;
    let name = folder.file_name()?.to_string_lossy().replace(['.', '-'], "_");
    let mut made = MADE.lock().expect("nobody panicked with the list");
    if made.get_or_insert_default().insert(name.clone()) {
        return Some(server.new_database(&name).expect("a new database"));
    }
    Some(format!("{}/{name}", server.address))
}
