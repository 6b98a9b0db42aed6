//! The machine-readable index: every file with what its fields are.

use super::{Gathered, instant};
use perennial_query::EventColumnText;
use serde::Serialize;

/// Version of the archive's form; a change of it is a change of what programs read.
const VERSION: u32 = 1;

#[derive(Serialize)]
pub(super) struct Index {
    format: &'static str,
    version: u32,
    customer_id: String,
    created_at: String,
    timezone: String,
    currency: String,
    currency_decimals: u32,
    pub(super) files: Vec<File>,
}

#[derive(Serialize)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) entries: usize,
    /// English and Chinese.
    #[serde(rename = "description_en")]
    pub(super) en: &'static str,
    #[serde(rename = "description_zh")]
    pub(super) zh: &'static str,
    fields: Vec<Field>,
}

#[derive(Serialize, Clone)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    data_type: String,
    description: String,
}

impl Index {
    pub(super) fn new(gathered: &Gathered) -> Self {
        Self {
            format: "perennial customer archive",
            version: VERSION,
            customer_id: gathered.customer.0.to_string(),
            created_at: instant(gathered.now_us),
            timezone: gathered.settings.zone.name().to_owned(),
            currency: gathered.settings.currency.as_str().to_owned(),
            currency_decimals: gathered.settings.currency.decimals(),
            files: Vec::new(),
        }
    }
}

const JSON: &str = "application/json";
const JSON_LINES: &str = "application/x-ndjson";

fn file(
    name: &str,
    media_type: &'static str,
    entries: usize,
    (en, zh): (&'static str, &'static str),
    fields: &[(&str, &str, &str)],
) -> File {
    let field = |(name, data_type, description): &(&str, &str, &str)| Field {
        name: (*name).to_owned(),
        data_type: (*data_type).to_owned(),
        description: (*description).to_owned(),
    };
    File { name: name.to_owned(), media_type, entries, en, zh, fields: fields.iter().map(field).collect() }
}

pub(super) fn identities(entries: usize) -> File {
    let words = (
        "Keys by which the customer is recognised, by the profile that each came with",
        "识别该客户的各个标识，按其来到时所属的档案排列",
    );
    let fields = [
        ("profiles[].profile_id", "text", "number of the profile"),
        (
            "profiles[].keys[].kind",
            "text",
            "member, unionid, phone, email, openid, external_userid, platform, anonymous",
        ),
        ("profiles[].keys[].value", "text", "the key"),
    ];
    file("identities.json", JSON, entries, words, &fields)
}

pub(super) fn merges(entries: usize) -> File {
    let words = (
        "Merges of profiles into this customer, undone ones too, and suggestions of more",
        "并入该客户的档案（含已撤销的）以及待定的合并建议",
    );
    let fields = [
        ("merges[].at", "instant", "when the one became part of the other"),
        ("merges[].reason", "text", "why"),
        ("merges[].undone_at", "instant", "when it was undone; null if it was not"),
        ("suggestions[].reason", "text", "the kind of key by which two customers may be one person"),
    ];
    file("merges.json", JSON, entries, words, &fields)
}

pub(super) fn consents(entries: usize) -> File {
    let words = (
        "What the customer agrees to now, and every change with its proof; what is not listed was never agreed to",
        "该客户目前同意的事项，以及每次变更的凭证；未列出的即从未同意",
    );
    let fields = [
        ("standing[].purpose", "text", "for what the data is used"),
        ("standing[].channel", "text", "by which way; any is all of them"),
        ("standing[].state", "text", "given or withdrawn"),
        ("history[].at", "instant", "when the customer said so"),
        ("history[].recorded_at", "instant", "when it was recorded"),
        ("history[].source", "text", "where it was said"),
        ("history[].wording_version", "text", "version of the words agreed to"),
        ("history[].ip", "text", "address that it came from"),
        ("history[].evidence", "text", "what else proves it"),
    ];
    file("consents.json", JSON, entries, words, &fields)
}

pub(super) fn customer(entries: usize) -> File {
    let words = (
        "What is computed of the customer: stage, scores, sums; each with its meaning",
        "由系统计算出的指标：阶段、得分、合计，各附含义",
    );
    let fields = [
        ("[].name", "text", "name of the column"),
        ("[].type", "text", "type of the value; money is in minor units of the brand's currency"),
        ("[].value", "any", "the value; null is unknown"),
        ("[].description_en", "text", "what it means"),
        ("[].description_zh", "text", "the same in Chinese"),
    ];
    file("customer.json", JSON, entries, words, &fields)
}

pub(super) fn events(entries: usize, columns: Vec<EventColumnText>) -> [File; 2] {
    let words = ("What the customer did, oldest first", "该客户的全部行为，按时间先后排列");
    let field = |column: EventColumnText| Field {
        name: column.name,
        data_type: column.data_type,
        description: column.description,
    };
    let fields: Vec<Field> = columns.into_iter().map(field).collect();
    let of = |name: &str, media_type| File { fields: fields.clone(), ..file(name, media_type, entries, words, &[]) };
    [of("events.jsonl", JSON_LINES), of("events.csv", "text/csv")]
}

pub(super) fn aside(entries: usize) -> File {
    let words = ("Messages that name the customer and could not be read yet", "提及该客户、但尚未能读入的消息");
    let fields = [
        ("event", "text", "name of the event"),
        ("time", "instant", "when it happened"),
        ("reason", "text", "why it could not be read"),
        ("message", "object", "the message as it came"),
    ];
    file("messages_kept_aside.jsonl", JSON_LINES, entries, words, &fields)
}
