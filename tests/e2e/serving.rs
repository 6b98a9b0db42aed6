//! Clients that are slow, many, or in the middle of something.

use crate::browser::owner;
use crate::network::{Answer, Server, basic, request};
use crate::run::perennial;
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Patience of one second for everything.
const IMPATIENT: [(&str, &str); 4] = [
    ("PERENNIAL_HTTP_IDLE_SECS", "1"),
    ("PERENNIAL_HTTP_BODY_SECS", "1"),
    ("PERENNIAL_HTTP_BODY_BYTES_PER_SEC", "100000"),
    ("PERENNIAL_HTTP_WRITE_SECS", "1"),
];

fn healthy(server: &Server) {
    let answer = server.ask("GET", "/readyz", &[], &Value::Null);
    assert_eq!((answer.status, &answer.body), (200, &Value::from("ready\n")));
}

/// Whatever comes until the other end closes.
fn rest(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => bytes,
        Err(problem) if problem.kind() == ErrorKind::ConnectionReset => bytes,
        Err(problem) => panic!("the connection was not closed: {problem}"),
    }
}

/// Reads one whole answer of `/healthz` and leaves the connection open.
fn answered(stream: &mut TcpStream) {
    let (mut bytes, mut some) = (Vec::new(), [0_u8; 512]);
    while !bytes.ends_with(b"\r\n\r\nok\n") {
        let count = stream.read(&mut some).unwrap();
        assert!(count > 0, "closed before the answer ended");
        bytes.extend_from_slice(&some[..count]);
    }
}

/// Waits, without taking anything of the answers, until the other end has hung up.
fn wait_until_given_up(stream: &mut TcpStream) {
    let began = Instant::now();
    loop {
        match stream.write(b"\r\n") {
            Err(problem) if !matches!(problem.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return,
            _ => assert!(began.elapsed() < Duration::from_secs(20), "still served, though it takes nothing"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn slow_clients_are_given_up_while_others_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(folder.path(), &IMPATIENT);
    // A header that never ends.
    let mut head = server.connect();
    head.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").unwrap();
    // A body of which only the beginning comes.
    let mut body = server.connect();
    body.write_all(b"POST /api/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 60\r\n\r\n{\"email\":").unwrap();
    // Nothing at all.
    let silent = server.connect();
    // Answers that nobody takes: far more than the system's buffers hold.
    let mut deaf = server.connect();
    let many = "GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(2000);
    deaf.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let _ = deaf.write_all(many.as_bytes());
    healthy(&server);
    let began = Instant::now();
    rest(head);
    rest(silent);
    let told = Answer::parse(&rest(body)).unwrap();
    assert_eq!((told.status, &told.body["error"]["code"]), (408, &Value::from("too_slow")));
    wait_until_given_up(&mut deaf);
    let taken = rest(deaf);
    assert!(taken.windows(9).filter(|window| window == b"HTTP/1.1 ").count() < 2000, "it was cut off");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    healthy(&server);
}

#[test]
fn a_file_that_comes_too_slowly_is_told_so_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start_with(folder.path(), &IMPATIENT);
    let boss = owner(&mut server);
    let upload = |path: &str, length: usize| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: {}\r\nx-csrf-token: {}\r\n\
             content-length: {length}\r\n\r\norder_id,email,",
            boss.cookie, boss.csrf
        )
    };
    let mut slow = server.connect();
    slow.write_all(upload("/api/imports?name=orders.csv", 600).as_bytes()).unwrap();
    let told = Answer::parse(&rest(slow)).unwrap();
    assert_eq!((told.status, &told.body["error"]["code"]), (408, &Value::from("too_slow")), "{told:?}");
    // One that hangs up in the middle has heard nothing and leaves nothing either.
    let mut cut = server.connect();
    cut.write_all(upload("/api/imports?name=cut.csv", 600).as_bytes()).unwrap();
    drop(cut);
    let uploads = || std::fs::read_dir(folder.path().join("brand/uploads")).unwrap().count();
    let began = Instant::now();
    while uploads() > 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "half a file was kept");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(boss.ask(&server, "GET", "/api/imports", &Value::Null).body["imports"], json!([]));
}

#[test]
fn ten_thousand_idle_connections_do_not_keep_requests_from_being_answered() {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let open_files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let limit: usize = open_files.split_whitespace().nth(3).and_then(|word| word.parse().ok()).unwrap_or(100_000);
    let wanted = 10_000.min(limit.saturating_sub(600));
    if wanted < 10_000 {
        eprintln!("only {limit} files may be open here: with {wanted} connections");
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let mut idle = Vec::with_capacity(wanted);
    for number in 0..wanted {
        let mut stream = server.connect();
        // Half of them have been answered once and are kept alive, of others the header has begun.
        match number % 4 {
            0 | 1 => {
                stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
                answered(&mut stream);
            }
            2 => stream.write_all(b"GET /hea").unwrap(),
            _ => {}
        }
        idle.push(stream);
    }
    let began = Instant::now();
    for _ in 0..100 {
        healthy(&server);
    }
    assert!(began.elapsed() < Duration::from_secs(20), "a hundred requests took {:?}", began.elapsed());
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let memory = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kilobytes: usize = memory.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(kilobytes < 400_000, "{memory} with {wanted} idle connections");
    // One that was idle is answered as well.
    let mut kept = idle.swap_remove(0);
    kept.write_all(request("GET", "/healthz", &[], "").as_bytes()).unwrap();
    assert_eq!(Answer::read(kept).status, 200);
    let stopping = Instant::now();
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(stopping.elapsed() < Duration::from_secs(15), "idle connections held it up: {:?}", stopping.elapsed());
}

#[test]
fn one_connection_too_many_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(folder.path(), &[("PERENNIAL_HTTP_CONNECTIONS", "3")]);
    let mut held: Vec<TcpStream> = (0..3).map(|_| server.connect()).collect();
    for stream in &mut held {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        assert!(stream.read(&mut [0_u8; 512]).unwrap() > 0);
    }
    let refused = Answer::parse(&rest(server.connect())).unwrap();
    assert_eq!((refused.status, &refused.body["error"]["code"]), (503, &Value::from("unavailable")));
    held.clear();
    // The place is free once the server has seen that they left.
    let came = (0..1000).any(|_| {
        let mut stream = server.connect();
        let _ = stream.write_all(request("GET", "/healthz", &[], "").as_bytes());
        Answer::parse(&rest(stream)).is_some_and(|answer| answer.status == 200)
    });
    assert!(came);
}

#[test]
fn told_to_stop_under_load_it_finishes_what_it_began() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    // A request that is under way: its body has half come.
    let body = "{\"email\":\"a@shop.example\",\"password\":\"does not matter\"}";
    let whole = request("POST", "/api/sign-in", &[], body);
    let (begin, end) = whole.split_at(whole.len() - 10);
    let mut half = server.connect();
    half.write_all(begin.as_bytes()).unwrap();
    let (stopping, answered, cut) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let address = server.address.clone();
    let (code, log) = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Ok(mut stream) = TcpStream::connect(&address) {
                    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
                    let asked = stream.write_all(request("GET", "/api/openapi.json", &[], "").as_bytes());
                    let bytes = if asked.is_ok() { rest(stream) } else { Vec::new() };
                    let counter = if Answer::parse(&bytes).is_some() { &answered } else { &cut };
                    counter.fetch_add(1, Ordering::SeqCst);
                    // Before it is told to stop nothing is cut; afterwards nothing that was begun.
                    assert!(stopping.load(Ordering::SeqCst) || Answer::parse(&bytes).is_some());
                    assert!(bytes.is_empty() || Answer::parse(&bytes).is_some(), "half an answer");
                }
            });
        }
        while answered.load(Ordering::SeqCst) < 100 {
            std::thread::yield_now();
        }
        stopping.store(true, Ordering::SeqCst);
        server.terminate();
        // It listens no more, and still takes the rest of what was under way.
        while TcpStream::connect(&address).is_ok() {
            std::thread::yield_now();
        }
        half.write_all(end.as_bytes()).unwrap();
        assert_eq!(Answer::read(half).status, 401);
        server.ended()
    });
    assert_eq!(code, Some(0), "{log}");
}

#[test]
fn sixty_megabytes_are_answered_whatever_the_route_and_whoever_sends_them() {
    let folder = tempfile::tempdir().unwrap();
    let made = perennial(folder.path(), &["key", "create", "--data", "brand", "--name", "shop"]);
    let server = Server::start(folder.path());
    let (right, wrong) = (basic(made.stdout.trim()), basic("wk_wrong"));
    let body = vec![b' '; 60 << 20];
    for (path, key, status) in [
        ("/v1/batch", right.as_str(), 413),
        ("/v1/batch", wrong.as_str(), 401),
        ("/api/sign-in", "", 413),
        ("/api/query", "", 401),
        ("/api/nothing", "", 404),
        ("/healthz", "", 405),
    ] {
        let mut stream = server.connect();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: perennial\r\nauthorization: {key}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // Not cut off while it sends: most clients would never read the answer.
        stream.write_all(&body).unwrap_or_else(|problem| panic!("{path}: {problem}"));
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap_or_else(|problem| panic!("{path}: {problem}"));
        let answer = Answer::parse(&bytes).unwrap();
        assert_eq!(answer.status, status, "{path} {answer:?}");
        assert!(!answer.body["error"]["message"].as_str().unwrap().is_empty(), "{path} {answer:?}");
    }
}
