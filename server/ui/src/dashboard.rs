//! The dashboard's files, embedded as the web build wrote them.

/// Name, content, content in gzip; ordered by name.
type Entry = (&'static str, &'static [u8], Option<&'static [u8]>);

static FILES: &[Entry] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

/// The page of every address that is not a file.
const INDEX: &str = "index.html";

/// Files under here have a hash of their content in their names.
const HASHED: &str = "assets/";

/// Says how to build the dashboard, where a binary was built without it.
const NOT_BUILT: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Perennial</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:34em;margin:16vh auto 0;padding:0 20px;color-scheme:light dark}code{font-size:.92em}</style></head>
<body><h1>The dashboard is not in this build</h1>
<p>The server runs and its API answers. To have the pages, run <code>cargo xtask web</code> (it needs Node.js 20.19 or newer), build <code>perennial</code> again, and start it again.</p>
<h2 lang="zh-CN">此版本未包含界面</h2>
<p lang="zh-CN">服务已经启动，接口可用。要使用页面，请运行 <code>cargo xtask web</code>（需要 Node.js 20.19 及以上），重新构建 <code>perennial</code> 后再启动。</p>
</body></html>
"#;

/// One file of the dashboard, ready to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// The file as it is.
    pub bytes: &'static [u8],
    /// The same in gzip, for who accepts that; absent where it would not be smaller.
    pub gzip: Option<&'static [u8]>,
    /// What to send as `Content-Type`.
    pub content_type: &'static str,
    /// Whether the name changes with the content, so that it may be kept for ever.
    pub immutable: bool,
}

/// The dashboard's file at a path of the server, with or without the leading slash.
#[must_use]
pub fn asset(path: &str) -> Option<Asset> {
    find(FILES, path.trim_start_matches('/'))
}

/// The dashboard's page, for `/` and for every address that the page itself draws. A binary built
/// without `cargo xtask web` has one that says how to build it.
#[must_use]
pub fn dashboard_page() -> Asset {
    let missing =
        Asset { bytes: NOT_BUILT.as_bytes(), gzip: None, content_type: content_type(INDEX), immutable: false };
    find(FILES, INDEX).unwrap_or(missing)
}

fn find(files: &[Entry], name: &str) -> Option<Asset> {
    let at = files.binary_search_by(|(each, ..)| (*each).cmp(name)).ok()?;
    let (_, bytes, gzip) = *files.get(at)?;
    Some(Asset { bytes, gzip, content_type: content_type(name), immutable: name.starts_with(HASHED) })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: &[Entry] = &[
        ("assets/app-1a2b.js", b"let a", Some(b"packed")),
        ("icon.svg", b"<svg/>", None),
        ("index.html", b"<html>", None),
    ];

    #[test]
    fn files_are_found_by_their_path_alone() {
        let script = find(SOME, "assets/app-1a2b.js").unwrap();
        assert_eq!((script.bytes, script.gzip), (b"let a".as_slice(), Some(b"packed".as_slice())));
        assert_eq!(script.content_type, "text/javascript; charset=utf-8");
        for path in ["", "assets", "assets/", "../Cargo.toml", "assets/app-1a2b.js.gz", "customers/17"] {
            assert_eq!(find(SOME, path), None, "{path}");
        }
    }

    #[test]
    fn only_hashed_names_may_be_kept_for_ever() {
        assert!(find(SOME, "assets/app-1a2b.js").unwrap().immutable);
        assert!(!find(SOME, "index.html").unwrap().immutable);
        assert!(!find(SOME, "icon.svg").unwrap().immutable);
    }

    #[test]
    fn the_page_refers_only_to_files_that_are_embedded() {
        let page = std::str::from_utf8(dashboard_page().bytes).unwrap();
        let named: Vec<&str> = page.split('"').filter(|text| text.starts_with("/assets/")).collect();
        assert!(named.iter().all(|path| asset(path).is_some()), "{named:?}");
        assert_eq!(FILES.is_empty(), page.contains("cargo xtask web"));
    }

    #[test]
    fn the_table_is_ordered_so_that_every_file_is_found() {
        assert!(FILES.iter().all(|(name, bytes, _)| asset(name).is_some_and(|asset| asset.bytes == *bytes)));
    }

    #[test]
    fn gzip_is_gzip_and_smaller() {
        for (name, bytes, gzip) in FILES {
            let Some(gzip) = gzip else { continue };
            assert!(gzip.starts_with(&[0x1f, 0x8b]) && gzip.len() < bytes.len(), "{name}");
        }
    }
}
