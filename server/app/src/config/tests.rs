//! The configuration from its three places.

use super::*;
use std::path::Path;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/config.schema.json");

fn loaded(text: &str, environment: &[(&str, &str)]) -> Result<(Config, Vec<String>), String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), text).unwrap();
    let environment: Vec<_> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let sources = Sources { directory: folder.path(), file: None, environment: &environment };
    load(&sources).map_err(|problem| problem.to_string())
}

#[test]
fn the_environment_goes_before_the_file() {
    let text = "listen = \"127.0.0.1:7070\"\n[http]\nconnections = 100\nidle_secs = 5\n[[watch]]\nfolder = \"in\"\n";
    let (config, remarks) = loaded(
        text,
        &[
            ("PERENNIAL_LISTEN", "[::1]:80"),
            ("PERENNIAL_HTTP_CONNECTIONS", "200"),
            ("PERENNIAL_HTTP_TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
            ("PERENNIAL_LOG_LEVEL", "debug"),
            ("PERENNIAL_STORE", "postgres://db/perennial"),
            ("HOME", "/root"),
        ],
    )
    .unwrap();
    assert!(remarks.is_empty(), "{remarks:?}");
    assert_eq!(config.listen.unwrap().to_string(), "[::1]:80");
    assert_eq!((config.http.connections, config.http.idle_secs, config.http.body_secs), (200, 5, 30));
    assert_eq!(config.http.trusted_proxies, ["10.0.0.0/8"]);
    assert_eq!((config.log.level, config.watch.len()), (LogLevel::Debug, 1));
    assert_eq!(config.store.as_deref(), Some("postgres://db/perennial"));
    assert_eq!(loaded("", &[]).unwrap().0, Config::default());
}

#[test]
fn limits_of_what_is_taken_are_those_of_the_parts_unless_said() {
    use perennial_api::UploadLimits;
    use perennial_listen::message::{IntakeBounds, Limits};
    let (usual, _) = loaded("", &[]).unwrap();
    assert_eq!((usual.ingest.bounds(), usual.uploads.limits()), (IntakeBounds::default(), UploadLimits::default()));
    let text = "[ingest]\nbody_kb = 2048\nmessage_kb = 64\nbatch_messages = 10\nwaiting_events = 5000\n\
                [uploads]\nfile_mb = 5\nwaiting_files = 2\n";
    let (said, _) = loaded(text, &[("PERENNIAL_INGEST_BATCH_MESSAGES", "20")]).unwrap();
    let limits = Limits { body_bytes: 2 << 20, message_bytes: 64 << 10, batch_messages: 20, ..Limits::API };
    assert_eq!(said.ingest.bounds(), IntakeBounds { limits, waiting_events: 5000 });
    assert_eq!(said.uploads.limits(), UploadLimits { file_bytes: 5 << 20, waiting_files: 2 });
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, said) in [
        ("lisen = \"127.0.0.1:7070\"", "perennial.toml:1:1: there is no key lisen here: is listen meant?"),
        ("[http]\n\n  conections = 5", "perennial.toml:3:3: there is no key conections here: is connections meant?"),
        ("[http]\nbanana = 5", "perennial.toml:2:1: there is no key banana here: known are connections, "),
        ("listen = 7070", "perennial.toml:1:10: "),
        ("listen = \"localhost\"", "perennial.toml:1:10: "),
        ("[log]\nlevel = \"loud\"", "perennial.toml:2:9: unknown variant `loud`"),
        ("listen = ", "perennial.toml:1:"),
        ("[http]\nidle_secs = 0", "http.idle_secs is 0: take 1 to 3600"),
        ("[http]\ntrusted_proxies = [\"proxy\"]", "http.trusted_proxies: \"proxy\" is no network"),
        ("public_url = \"crm.example\"", "write it as https://crm.example"),
        ("[ingest]\nbody_kb = 0", "ingest.body_kb is 0: take 1 to 65536"),
        ("[uploads]\nwaiting_files = 0", "uploads.waiting_files is 0: take 1 to 1000"),
        ("[sql]\ntls_key = \"key.pem\"", "belong together"),
        ("[[watch]]\nmap = []", "missing field `folder`"),
        ("timezone = \"Asia/Shanghai\"", "timezone and currency belong together"),
        ("timezone = \"Shanghai\"\ncurrency = \"CNY\"", "timezone: time zone \"Shanghai\" is not known"),
        ("timezone = \"UTC\"\ncurrency = \"yuan\"", "currency: currency \"yuan\" is not a code"),
    ] {
        let told = loaded(text, &[]).unwrap_err();
        assert!(told.contains(said), "{text}: {told}");
    }
    let told = loaded("", &[("PERENNIAL_HTTP_CONNECTIONS", "many")]).unwrap_err();
    assert!(told.contains("PERENNIAL_HTTP_CONNECTIONS: invalid type"), "{told}");
    let (_, remarks) = loaded("", &[("PERENNIAL_LISTN", "x"), ("PERENNIAL_SERVICE_HOST", "10.0.0.1")]).unwrap();
    assert!(
        remarks[0].contains("PERENNIAL_LISTN is no key of the configuration: is PERENNIAL_LISTEN meant?"),
        "{remarks:?}"
    );
    assert_eq!(remarks.len(), 2);
    let missing = Sources { directory: Path::new("."), file: Some(Path::new("nowhere.toml")), environment: &[] };
    assert!(load(&missing).unwrap_err().to_string().contains("cannot read nowhere.toml"));
}

#[test]
fn every_key_is_documented() {
    fn check(schema: &serde_json::Value, at: &str) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let described = property["description"].as_str().is_some_and(|text| text.len() > 8);
            assert!(described, "{at}.{name} has no description");
        }
        for (name, inner) in schema["$defs"].as_object().into_iter().flatten() {
            check(inner, name);
        }
    }
    check(&schema(), "config");
}

#[test]
fn the_schema_in_the_repository_is_the_one_of_the_code() {
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("PERENNIAL_WRITE_SCHEMAS").is_some() {
        std::fs::write(SCHEMA, &text).unwrap();
    }
    let kept = std::fs::read_to_string(SCHEMA).unwrap_or_default();
    assert!(kept == text, "schemas/config.schema.json is stale: run `cargo xtask schemas`");
}
