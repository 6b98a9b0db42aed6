//! A member who is signed in.

use crate::network::{Answer, Server};
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "three otters juggling";

/// A member's browser.
pub(crate) struct Browser {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl Browser {
    pub(crate) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{answer:?}");
        Self { cookie: answer.cookie(), csrf: answer.csrf() }
    }

    pub(crate) fn ask(&self, server: &Server, method: &str, path: &str, body: &Value) -> Answer {
        server.ask(method, path, &[("cookie", &self.cookie), ("x-csrf-token", &self.csrf)], body)
    }

    /// A member of a role, invited by this one.
    pub(crate) fn invites(&self, server: &Server, role: &str) -> Self {
        let invite = json!({"email": format!("{role}@shop.example"), "name": role, "role": role});
        let invited = self.ask(server, "POST", "/api/members", &invite);
        let join = json!({"token": token_in(invited.body["link"].as_str().unwrap()), "password": PASSWORD});
        Self::of(&server.ask("POST", "/api/join", &[], &join))
    }
}

/// Whoever follows the printed link.
pub(crate) fn owner(server: &mut Server) -> Browser {
    let token = server.owner_token();
    let body =
        json!({"token": token, "email": "boss@shop.example", "name": "Boss", "password": PASSWORD, "language": "en"});
    Browser::of(&server.ask("POST", "/api/setup", &[], &body))
}

pub(crate) fn token_in(text: &str) -> String {
    text.split_once("token=").unwrap().1.split_whitespace().next().unwrap().to_owned()
}
