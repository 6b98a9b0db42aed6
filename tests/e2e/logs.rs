//! What the server logs, whatever is sent to it: nothing of whom it is about.

use crate::browser::{PASSWORD, owner};
use crate::network::{Answer, Server, basic};
use crate::run::perennial;
use serde_json::{Value, json};

const PHONE: &str = "13877776666";
const EMAIL: &str = "ann.secret@shop.example";
const NAME: &str = "Ann%20Secretperson";
const ADDRESS: &str = "203.0.113.77";

struct Talk {
    server: Server,
    write_key: String,
    token: String,
    /// Requests answered.
    answered: usize,
}

impl Talk {
    fn send(&mut self, method: &str, path: &str, key: &str, body: &[u8]) -> Answer {
        let headers = [("authorization", key), ("content-type", "application/json"), ("user-agent", EMAIL)];
        let answer = self.server.send(method, path, &headers, body);
        assert!(answer.status < 500, "{method} {path}: {answer:?}");
        self.answered += 1;
        answer
    }

    /// Messages that are kept, that are refused and that are not JSON.
    fn messages(&mut self) {
        let key = basic(&self.write_key);
        let kept = json!({"type": "identify", "userId": EMAIL, "context": {"ip": ADDRESS}, "messageId": PHONE,
                          "traits": {"phone": PHONE, "email": EMAIL, "name": NAME}});
        assert_eq!(self.send("POST", "/v1/identify", &key, kept.to_string().as_bytes()).status, 200);
        for value in [json!(PHONE), json!(EMAIL), json!({ EMAIL: PHONE }), json!([NAME])] {
            let message = json!({
                "type": value, "event": value, "userId": value, "timestamp": value, "context": {"ip": value},
                "traits": {"email": value}, "properties": {"order_id": value, "total": value, EMAIL: "\u{0}"}
            });
            for call in ["track", "identify", "page", "screen", "group", "alias", EMAIL] {
                self.send("POST", &format!("/v1/{call}"), &key, message.to_string().as_bytes());
            }
            let batch = json!({"batch": [message, kept], "sentAt": value});
            self.send("POST", "/v1/batch", &key, batch.to_string().as_bytes());
            self.send("POST", "/v1/batch", &basic(EMAIL), batch.to_string().as_bytes());
        }
        self.send("POST", "/v1/batch", &key, format!("{{\"batch\": {EMAIL}").as_bytes());
    }

    /// Every route there is, with what no log should hold in its path, its query and its body.
    fn routes(&mut self) {
        let bearer = format!("Bearer {}", self.token);
        let described = self.send("GET", "/api/openapi.json", &bearer, b"").body;
        let sql = format!("SELECT cast('{EMAIL}' AS int) FROM \"{PHONE}\"");
        let bodies = [
            json!({"sql": sql}),
            json!({"sql": format!("SELECT cast('{EMAIL}' AS int)")}),
            json!({"reason": EMAIL, "add_keys": [{"kind": EMAIL, "value": PHONE}], "traits": {EMAIL: PHONE}}),
            json!({"state": "given", "purposes": [EMAIL], "ip": ADDRESS, "evidence": EMAIL}),
            json!({"text": EMAIL}),
            json!({"email": EMAIL, "password": PASSWORD, "name": NAME, "role": "viewer", "token": PHONE}),
            json!({EMAIL: PHONE}),
        ];
        for (path, methods) in described["paths"].as_object().unwrap() {
            for (method, _) in methods.as_object().unwrap() {
                let method = method.to_uppercase();
                for value in [PHONE, EMAIL] {
                    let path = path.split('{').next().unwrap().to_owned()
                        + &path.split_once('}').map(|(_, rest)| format!("{value}{rest}")).unwrap_or_default();
                    let asked = format!("{path}?q={EMAIL}&search={PHONE}&reveal={NAME}&as_of={EMAIL}&name={EMAIL}.csv");
                    if method == "GET" || method == "DELETE" {
                        self.send(&method, &path, &bearer, b"");
                        self.send(&method, &asked, &bearer, b"");
                        continue;
                    }
                    for body in &bodies {
                        self.send(&method, &path, &bearer, body.to_string().as_bytes());
                    }
                    self.send(&method, &asked, &bearer, format!("{EMAIL},{PHONE}\n{NAME},{PHONE}").as_bytes());
                }
            }
        }
    }
}

#[test]
fn the_log_holds_nothing_of_whom_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    let key = perennial(folder.path(), &["key", "create", "--data", "brand", "--name", "shop"]);
    let mut server = Server::start_with(folder.path(), &[("PERENNIAL_LOG_LEVEL", "debug")]);
    let boss = owner(&mut server);
    let roles = boss.ask(&server, "GET", "/api/roles", &Value::Null).body;
    let all = roles["roles"].as_array().unwrap().iter().find(|role| role["role"] == "owner").unwrap();
    let asked = json!({"name": "test", "scopes": all["permissions"]});
    let token = boss.ask(&server, "POST", "/api/tokens", &asked).body["token"].as_str().unwrap().to_owned();
    let mut talk = Talk { server, write_key: key.stdout.trim().to_owned(), token, answered: 0 };
    talk.messages();
    talk.routes();
    assert!(talk.answered > 200, "{}", talk.answered);
    let (code, log) = talk.server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.lines().count() >= talk.answered, "every request has its line");
    let secrets = [PHONE, "ann.secret", "Secretperson", ADDRESS, PASSWORD, "boss@", &talk.token, &talk.write_key];
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}
