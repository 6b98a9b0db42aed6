//! A server that listens, and a client that sends what it is told.

use crate::run::command;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long an answer may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that is killed when the test ends, whatever happens.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
    /// The lines it printed, as far as they were read.
    pub(crate) said: String,
    lines: BufReader<ChildStdout>,
    log: Option<JoinHandle<String>>,
}

impl Server {
    /// Serves `brand` in a folder on a free port.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    pub(crate) fn start_with(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = command(folder, &["serve", "--data", "brand", "--listen", "127.0.0.1:0"]);
        command.envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = child.stderr.take().map(|stderr| std::thread::spawn(move || whole(stderr)));
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, address: String::new(), said: String::new(), lines, log };
        let ready = server.line();
        assert!(ready.contains("customers ready in"), "{ready}");
        let listening = server.line();
        let address = listening.trim().strip_prefix("listening on ").unwrap();
        server.address = address.trim_start_matches("http://").to_owned();
        server
    }

    /// The next line it prints: where it listens, then the link if it has no owner.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        self.said.push_str(&line);
        line
    }

    /// The token of the printed link.
    pub(crate) fn owner_token(&mut self) -> String {
        let line = self.line();
        assert!(line.starts_with(&format!("open http://{}/setup?token=", self.address)), "{line}");
        line.split_once("token=").unwrap().1.split_whitespace().next().unwrap().to_owned()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a request and reads the answer.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, path, headers, body.as_bytes())
    }

    /// Sends a request with any body and reads the answer.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request_head(method, path, headers, body.len()).as_bytes()).unwrap();
        // A server that has heard enough may hang up.
        let _ = stream.write_all(body);
        Answer::read(stream)
    }

    /// Ends it at once, whatever it does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, without waiting.
    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").arg(&pid).status().unwrap().success());
    }

    /// Waits for the end; exit code and log.
    pub(crate) fn ended(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.log.take().unwrap().join().unwrap())
    }

    pub(crate) fn stop(self) -> (Option<i32>, String) {
        self.terminate();
        self.ended()
    }
}

fn whole(mut stderr: ChildStderr) -> String {
    let mut text = Vec::new();
    let _ = stderr.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text of a request on a connection of its own.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    request_head(method, path, headers, body.len()) + body
}

fn request_head(method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: perennial\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n"
    )
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Answer {
    /// Everything until the connection ends.
    pub(crate) fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        // A server that hangs up on a body it will not hear resets the connection behind its answer.
        let _ = stream.read_to_end(&mut bytes);
        Self::parse(&bytes).unwrap_or_else(|| panic!("no whole answer: {:?}", String::from_utf8_lossy(&bytes)))
    }

    /// A whole answer, if it is one.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let whole = match length {
            Some(length) => length.trim().parse() == Ok(body.len()),
            None => status == 204 || body.ends_with("0\r\n\r\n"),
        };
        if !whole {
            return None;
        }
        let body = serde_json::from_str(body).unwrap_or_else(|_| Value::from(body));
        Some(Self { status, head: head.to_owned(), body })
    }

    pub(crate) fn cookie(&self) -> String {
        let line = self.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        line.split(';').next().unwrap().to_owned()
    }

    pub(crate) fn csrf(&self) -> String {
        self.body["csrf_token"].as_str().unwrap().to_owned()
    }
}

/// The header that says a write key.
pub(crate) fn basic(key: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:")))
}
