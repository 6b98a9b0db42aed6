//! Looks whether the page has been built; nothing is built here (`cargo xtask web` does that).

use std::path::{Path, PathBuf};

/// Stands in until the page is built: it holds the figures and says how to see them drawn.
const NOT_BUILT: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Perennial</title></head>
<body><p>This perennial was built without its pages. Run <code>cargo xtask web</code>, build again, and make the report once more.</p>
<p>此版本未包含报告页面。请运行 <code>cargo xtask web</code>，重新构建后再生成报告。</p>
<script id="perennial-report" type="application/json">{}</script></body></html>
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../web/dist/report.html");
    let copy = PathBuf::from(std::env::var("OUT_DIR")?).join("report.html");
    println!("cargo::rustc-check-cfg=cfg(page_built)");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", page.display());
    if page.is_file() {
        std::fs::copy(&page, &copy)?;
        println!("cargo::rustc-cfg=page_built");
    } else {
        std::fs::write(&copy, NOT_BUILT)?;
    }
    Ok(())
}
