//! A file of customers on its way out: a piece is made when the one before was taken.

use crate::LiveView;
use crate::Server;
use crate::endpoints::columns::texts;
use crate::endpoints::export::TitleLanguage;
use bytes::Bytes;
use futures::Stream;
use futures::stream::try_unfold;
use perennial_fold::LiveColumns;
use perennial_query::{CustomerKeys, ExportError, ExportFile, keys_of_customers};
use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Customers read and written at once.
const PIECE: usize = 4_096;

/// Titles of what is no column of the table.
const TITLES: [(&str, &str, &str); 9] = [
    ("customer_id", "Customer number", "客户编号"),
    ("member", "Member number", "会员号"),
    ("unionid", "WeChat UnionID", "微信 UnionID"),
    ("phone", "Phone", "手机号"),
    ("email", "E-mail", "邮箱"),
    ("openid", "WeChat OpenID", "微信 OpenID"),
    ("external_userid", "WeCom contact", "企业微信外部联系人"),
    ("platform", "Platform account", "平台账号"),
    ("anonymous", "Device", "设备"),
];

/// What columns are called in a language.
pub(crate) fn titles(live: &LiveView, language: TitleLanguage) -> impl Fn(&str) -> Option<String> + '_ {
    move |name| {
        let in_language = |en: &str, zh: &str| if language == TitleLanguage::En { en } else { zh }.to_owned();
        if let Some(spec) = live.columns.specs().iter().find(|spec| spec.name == name) {
            let (title, _) = texts(spec, &live.definitions.metrics);
            return Some(in_language(&title.en, &title.zh));
        }
        TITLES.iter().find(|known| known.0 == name).map(|(_, en, zh)| in_language(en, zh))
    }
}

/// How a browser is told the name of a file, in ASCII and as it is (RFC 6266, RFC 5987).
pub(crate) fn named(of: Option<&str>, is_chinese: bool, day: &str, extension: &str) -> String {
    // What some system would not have in a name.
    let safe =
        |text: &str| text.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "_").replace(char::is_control, "_");
    let full = |what: &str, of: Option<&str>| {
        let parts: Vec<&str> = [Some(what), of, Some(day)].into_iter().flatten().collect();
        format!("{}.{extension}", parts.join("-"))
    };
    let of = of.map(safe);
    let plain =
        of.as_deref().filter(|of| of.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._- ".contains(&byte)));
    let (plain, whole) = (full("customers", plain), full(if is_chinese { "客户" } else { "customers" }, of.as_deref()));
    let mut encoded = String::new();
    for byte in whole.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// Where a piece is gathered.
#[derive(Clone, Default)]
pub(crate) struct Piece(Arc<Mutex<Vec<u8>>>);

impl Piece {
    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Piece {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// See the module. Whom the file is of is settled at its beginning; their columns are read as it is written,
/// and who was erased meanwhile is left out.
pub(crate) struct Writing {
    server: Arc<Server>,
    begun: LiveView,
    left: std::vec::IntoIter<u64>,
    /// None once its end is written.
    file: Option<ExportFile<Piece>>,
    piece: Piece,
}

impl Writing {
    pub(crate) fn begin(
        server: &Arc<Server>,
        begun: LiveView,
        customers: Vec<u64>,
        begin: impl FnOnce(Piece) -> Result<ExportFile<Piece>, ExportError>,
    ) -> Result<Self, ExportError> {
        let piece = Piece::default();
        let file = Some(begin(piece.clone())?);
        Ok(Self { server: Arc::clone(server), begun, left: customers.into_iter(), file, piece })
    }

    /// The file, in pieces. An error breaks the answer off, so that nobody takes a part for the whole.
    pub(crate) fn pieces(self) -> impl Stream<Item = Result<Bytes, Box<dyn Error + Send + Sync>>> {
        try_unfold(self, async |writing| {
            let next = writing.next().await;
            next.inspect_err(|problem| tracing::error!(error = %problem, "an export broke off"))
        })
    }

    /// The table as it is now: another one after it was folded anew.
    fn table(&self) -> Result<Arc<LiveColumns>, &'static str> {
        let (now, begun) = (self.server.live.borrow(), &self.begun);
        if now.columns.specs() != begun.columns.specs() || now.zone.name() != begun.zone.name() {
            return Err("what the brand defines was changed while the file was written: take it again");
        }
        Ok(Arc::clone(&now.columns))
    }

    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Box<dyn Error + Send + Sync>> {
        while let Some(mut file) = self.file.take() {
            let customers: Vec<u64> = self.left.by_ref().take(PIECE).collect();
            let keys = if file.plan().has_keys() {
                keys_of_customers(&self.server.timeline, &customers).await?
            } else {
                CustomerKeys::default()
            };
            let table = self.table()?;
            let written = tokio::task::spawn_blocking(move || {
                if customers.is_empty() {
                    return file.finish().map(|()| None);
                }
                file.write(&table.rows_of(customers, &file.plan().places()), &keys)?;
                Ok::<_, ExportError>(Some(file))
            });
            self.file = written.await??;
            let bytes = self.piece.take();
            // What is compressed or grouped does not come with every piece.
            if !bytes.is_empty() {
                return Ok(Some((bytes, self)));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_any_language_comes_with_one_in_ascii() {
        assert_eq!(
            named(None, false, "2026-03-01", "csv"),
            "attachment; filename=\"customers-2026-03-01.csv\"; filename*=UTF-8''customers-2026-03-01.csv"
        );
        assert_eq!(
            named(Some("沉睡\"a/b\r\n"), true, "2026-03-01", "xlsx"),
            "attachment; filename=\"customers-2026-03-01.xlsx\"; \
             filename*=UTF-8''%E5%AE%A2%E6%88%B7-%E6%B2%89%E7%9D%A1_a_b__-2026-03-01.xlsx"
        );
        assert!(
            named(Some("big_spenders"), false, "2026-03-01", "csv")
                .contains("\"customers-big_spenders-2026-03-01.csv\"")
        );
    }
}
