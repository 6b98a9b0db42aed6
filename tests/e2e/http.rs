//! A server that listens, and a client of a few lines: it sends what no client would.

use crate::run::command;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

/// A server that is killed when the test ends, whatever happens.
pub(crate) struct Listening {
    pub(crate) child: Child,
    /// Host and port.
    pub(crate) address: String,
    lines: BufReader<ChildStdout>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answered {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

impl Listening {
    pub(crate) fn start(folder: &Path) -> Self {
        let arguments = ["serve", "--data", "brand", "--listen", "127.0.0.1:0"];
        let mut child = command(folder, &arguments).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut listening = Self { child, address: String::new(), lines };
        let mut said = String::new();
        while listening.address.is_empty() {
            let mut line = String::new();
            assert!(listening.lines.read_line(&mut line).unwrap() > 0, "the server ended: {said}");
            if let Some((_, rest)) = line.split_once("listening on http://") {
                listening.address = rest.split_whitespace().next().unwrap().trim_end_matches('/').to_owned();
            }
            said.push_str(&line);
        }
        listening
    }

    /// Sends a request and reads the whole answer.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answered {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        // A server that has heard enough may hang up.
        let _ = stream.write_all(body);
        answer(stream)
    }
}

fn answer(mut stream: TcpStream) -> Answered {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let _ = stream.shutdown(Shutdown::Both);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split_whitespace().nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
    Answered { status, head: head.to_lowercase(), body: body.to_owned() }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The header that says a write key.
pub(crate) fn basic(key: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::from("Basic ");
    for three in format!("{key}:").as_bytes().chunks(3) {
        let number = (0..3).fold(0_usize, |sum, at| sum << 8 | usize::from(three.get(at).copied().unwrap_or(0)));
        for place in 0..4 {
            let letter = LETTERS[number >> (18 - 6 * place) & 63];
            out.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}
