//! After an erasure no identifier of the customer is in any byte under the data directory.

use crate::harness::{SHARDS, batch, expected, options, picture};
use crate::search::{in_bytes, in_hot_log, in_parquet};
use perennial_files::LocalFiles;
use perennial_model::{ConsentChannel, ConsentRecord, CustomerId, IdentityKey, IdentityKind, Mid, OrderKey, Purpose};
use perennial_ports::{IdentityBinding, PhoneName, Store, SuggestionSeen};
use perennial_store_sql::{SqlHotLog, SqlStore};
use perennial_testkit::{ManualClock, NaiveOracle, TestFolder, TestRow, customer, random_rows};
use perennial_timeline::{ChunkCommit, Timeline};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Two profiles of the customer who goes: one by member number, one anonymous at first.
pub(crate) fn profiles() -> [CustomerId; 2] {
    [CustomerId::new(0, 900), CustomerId::new(1, 901)]
}

fn key(kind: IdentityKind, value: &str) -> IdentityKey {
    IdentityKey { kind, value: value.to_owned() }
}

/// Keys by which the customer is known, with the profile each leads to.
pub(crate) fn identities() -> Vec<IdentityBinding> {
    let [known, anonymous] = profiles();
    [
        (IdentityKind::Member, "MEMBER-77014", known),
        (IdentityKind::Phone, "+8613912345678", known),
        (IdentityKind::Email, "zhang.wei@mail.example", known),
        (IdentityKind::Anonymous, "device-5f3c9a11", anonymous),
    ]
    .map(|(kind, value, profile)| IdentityBinding { key: key(kind, value), profile })
    .to_vec()
}

/// Orders of the customer; as the store keeps a number, the bytes of their keys are words.
const ORDER_WORDS: [&[u8; 8]; 2] = [b"ORD-KEY1", b"ORD-KEY2"];

/// A name that was seen with the customer's phone; as the store keeps a number, its bytes are a word.
const NAME_WORD: &[u8; 8] = b"NAME-OF1";

/// What the customer agreed to, with a word in every part that can hold one.
fn consents() -> Vec<ConsentRecord> {
    let record = |(mid, profile): (u64, CustomerId)| ConsentRecord {
        profile,
        mid: Mid(mid),
        purpose: Purpose::marketing(),
        channel: ConsentChannel::Sms,
        given: mid == 1,
        at_us: 20,
        recorded_us: 20,
        source: "till-of-zhang".to_owned(),
        wording_version: Some("wording-for-zhang".to_owned()),
        ip: Some("198.51.100.77".to_owned()),
        evidence: Some("form-of-zhang".to_owned()),
    };
    (1..).zip(profiles()).map(record).collect()
}

/// What is kept together with the customer's rows.
pub(crate) fn commit() -> ChunkCommit {
    let keys = ORDER_WORDS.map(|word| OrderKey(u64::from_be_bytes(*word)));
    let order_owners = keys.into_iter().zip(profiles()).collect();
    ChunkCommit { new_identities: identities(), order_owners, consents: consents(), ..ChunkCommit::default() }
}

/// All words that must not be found afterwards.
pub(crate) fn words() -> Vec<String> {
    let keys = identities().into_iter().map(|identity| identity.key.value);
    let numbers = ORDER_WORDS.into_iter().chain([NAME_WORD]);
    let keys = keys.chain(numbers.map(|word| String::from_utf8_lossy(word).into_owned()));
    let texts = ["ORDER-9900", "张伟先生", "engraved-for-zhang", "wechat-of-zhang", "Zhang Wei called"];
    let proof = ["till-of-zhang", "wording-for-zhang", "198.51.100.77", "form-of-zhang"];
    keys.chain(texts.into_iter().chain(proof).map(str::to_owned)).collect()
}

/// Rows of the customer, with an identifier in every column that can hold one.
pub(crate) fn rows_of_the_customer(first_mid: u64) -> Vec<TestRow> {
    let rows = (0..40).map(|number| {
        let profile = profiles()[(number % 2) as usize];
        let mid = first_mid + number;
        TestRow {
            order_id: Some(format!("ORDER-9900{number}")),
            item: Some("engraved-for-zhang".to_owned()),
            channel: Some("wechat-of-zhang".to_owned()),
            name: "Zhang Wei called".to_owned(),
            ..TestRow::order(profile, mid, 10 + number as i64, 100)
        }
        .with_properties("{\"to\":\"张伟先生\",\"phone\":\"+8613912345678\",\"mail\":\"zhang.wei@mail.example\"}")
    });
    rows.collect()
}

struct Brand {
    folder: TestFolder,
    store: Arc<SqlStore>,
    hot: Arc<SqlHotLog>,
    timeline: Timeline,
    oracle: NaiveOracle,
}

impl Brand {
    async fn open() -> Self {
        let folder = TestFolder::new();
        let store = Arc::new(SqlStore::open(folder.path()).await.unwrap());
        let hot = Arc::new(SqlHotLog::open(folder.path()).await.unwrap());
        let files = Arc::new(LocalFiles::open(&folder.path().join("files")).unwrap());
        let clock = Arc::new(ManualClock::at(5_000_000));
        let timeline =
            Timeline::open(Arc::clone(&store) as _, Arc::clone(&hot) as _, files, clock, options()).await.unwrap();
        Self { folder, store, hot, timeline, oracle: NaiveOracle::default() }
    }

    /// Many others, and the customer in runs, in replaced runs, in re-homed rows and in the hot log.
    async fn fill(&mut self) {
        let others = random_rows(5, 400, 30, SHARDS);
        let mut chunk = rows_of_the_customer(1 << 40);
        chunk.extend_from_slice(&others[..200]);
        self.timeline.import_chunk(batch(&chunk), commit()).await.unwrap();
        self.oracle.add(&chunk);
        self.append(&rows_of_the_customer(2 << 40)).await;
        self.timeline.flush().await.unwrap();
        let [known, anonymous] = profiles();
        let hash_key = self.store.meta().await.unwrap().hash_key;
        let phone = hash_key.suppression(&identities()[1].key);
        let name = PhoneName { phone, name: u64::from_be_bytes(*NAME_WORD) };
        self.store.note_phone_names(&[name]).await.unwrap();
        let (one, other) = (known, customer(3, SHARDS));
        let seen = SuggestionSeen { one, other, reason: IdentityKind::Phone, at_us: 1, times: 1 };
        self.store.note_suggestions(&[seen]).await.unwrap();
        let reason = "Zhang Wei called";
        self.timeline.merge_profiles(anonymous, known, reason).await.unwrap();
        self.oracle.merge(anonymous, known);
        self.timeline.merge(0).await.unwrap();
        let mut hot = rows_of_the_customer(3 << 40);
        hot.extend_from_slice(&others[200..]);
        self.append(&hot).await;
    }

    async fn append(&mut self, rows: &[TestRow]) {
        self.timeline.append(batch(rows)).await.unwrap();
        self.oracle.add(rows);
    }

    /// Words found anywhere under the data directory.
    async fn found(&self) -> BTreeSet<String> {
        let words = words();
        let mut found = in_hot_log(self.hot.as_ref(), &words).await;
        for path in self.folder.files() {
            let bytes = std::fs::read(&path).unwrap();
            found.extend(in_bytes(path.to_string_lossy().as_bytes(), &words));
            found.extend(if is_run(&path) { in_parquet(&bytes.into(), &words) } else { in_bytes(&bytes, &words) });
        }
        found
    }
}

fn is_run(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "parquet")
}

#[tokio::test]
async fn no_byte_under_the_data_directory_names_an_erased_customer() {
    let mut brand = Brand::open().await;
    brand.fill().await;
    let all: BTreeSet<String> = words().into_iter().collect();
    assert_eq!(brand.found().await, all, "the search must be able to find every word");

    let erasure = brand.timeline.erase(profiles()[0]).await.unwrap();
    assert_eq!(brand.found().await, BTreeSet::new());
    assert_eq!(erasure.profiles, profiles());
    assert_eq!((erasure.identities, erasure.unreadable.len()), (4, 0));
    assert!(erasure.rows >= 120, "{erasure:?}");

    assert!(brand.store.suggestions().await.unwrap().is_empty());
    brand.oracle.erase(profiles()[0]);
    assert_eq!(picture(&brand.timeline).await, expected(&brand.oracle), "others keep every event");
    let key = brand.store.meta().await.unwrap().hash_key;
    let mut hashes: Vec<[u8; 16]> = identities().iter().map(|identity| key.suppression(&identity.key)).collect();
    hashes.sort_unstable();
    assert_eq!(brand.store.suppressed().await.unwrap(), hashes, "a keyed hash of each key stays");
}

#[tokio::test]
async fn an_erased_customer_stays_away() {
    let mut brand = Brand::open().await;
    brand.fill().await;
    brand.timeline.erase(profiles()[0]).await.unwrap();
    brand.oracle.erase(profiles()[0]);

    // The same export once more: as at the intake, what carries a suppressed key is left out.
    let key = brand.store.meta().await.unwrap().hash_key;
    let suppressed: BTreeSet<[u8; 16]> = brand.store.suppressed().await.unwrap().into_iter().collect();
    let is_kept = |keys: &[IdentityKey]| !keys.iter().any(|one| suppressed.contains(&key.suppression(one)));
    let new = customer(77, brand.timeline.meta().shards.get());
    let intake = [
        (vec![identities()[0].key.clone()], rows_of_the_customer(1 << 40)),
        (vec![key_of("other"), identities()[2].key.clone()], rows_of_the_customer(2 << 40)),
        (vec![key_of("other")], vec![TestRow::new(new, 7, 7)]),
    ];
    for (keys, rows) in intake {
        if is_kept(&keys) {
            brand.append(&rows).await;
        }
    }
    let seen = picture(&brand.timeline).await;
    assert_eq!(seen, expected(&brand.oracle));
    assert!(seen.contains_key(&new), "others are not kept away");
    assert!(profiles().iter().all(|profile| !seen.contains_key(profile)));
    let keys: Vec<IdentityKey> = identities().into_iter().map(|identity| identity.key).collect();
    assert_eq!(brand.store.find_identities(&keys).await.unwrap(), [None; 4]);
    assert_eq!(brand.found().await, BTreeSet::new());
}

fn key_of(value: &str) -> IdentityKey {
    key(IdentityKind::Member, value)
}
