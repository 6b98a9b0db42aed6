//! Lengths of files and functions, `#[allow]`, and the first line of every module.

use super::Problem;
use super::text::is_code;
use std::path::Path;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// Lines of a file.
const FILE_LINES: usize = 500;
/// Lines of a function, from `fn` to its closing brace.
const FUNCTION_LINES: usize = 55;
/// The same of a test, which may tell a longer story.
const TEST_LINES: usize = 110;

/// Checks one file.
pub(super) fn check(name: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lines = text.lines().count();
    if is_code(name) && lines > FILE_LINES {
        problems.push(format!("{name}: {lines} lines, at most {FILE_LINES}: split it by what its parts are for"));
    }
    if name.ends_with(".rs") {
        problems.extend(rust(name, text));
    }
    problems
}

fn rust(name: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !text.starts_with("//!") {
        problems.push(format!("{name}:1: begin with a `//!` line that says what the module is for"));
    }
    match syn::parse_file(text) {
        Ok(file) => {
            let mut visitor = Visitor { name, tests: usize::from(is_test_file(name)), problems };
            visitor.visit_file(&file);
            visitor.problems
        }
        Err(error) => {
            problems.push(format!("{name}:{}: does not parse: {error}", error.span().start().line));
            problems
        }
    }
}

fn is_test_file(name: &str) -> bool {
    let mut folders = Path::new(name).components().map(|part| part.as_os_str());
    name.ends_with("/tests.rs") || folders.any(|folder| folder == "tests" || folder == "testkit")
}

struct Visitor<'a> {
    name: &'a str,
    /// How many things around here are tests.
    tests: usize,
    problems: Vec<Problem>,
}

impl Visitor<'_> {
    fn function(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let first = signature.fn_token.span().start().line;
        let lines = body.span().end().line + 1 - first;
        let most = if self.tests > 0 { TEST_LINES } else { FUNCTION_LINES };
        if lines > most {
            self.problems
                .push(format!("{}:{first}: fn {} has {lines} lines, at most {most}", self.name, signature.ident));
        }
    }

    fn inside(&mut self, attributes: &[syn::Attribute], visit: impl FnOnce(&mut Self)) {
        let test = usize::from(attributes.iter().any(is_test));
        self.tests += test;
        visit(self);
        self.tests -= test;
    }
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]` and their like.
fn is_test(attribute: &syn::Attribute) -> bool {
    let path = attribute.path();
    let named_test = path.segments.last().is_some_and(|last| last.ident == "test");
    let only_for_tests = path.is_ident("cfg")
        && attribute
            .meta
            .require_list()
            .is_ok_and(|list| list.tokens.to_string().split(' ').any(|word| word == "test"));
    named_test || only_for_tests
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inside(&item.attrs, |visitor| visit::visit_item_mod(visitor, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.inside(&item.attrs, |visitor| visit::visit_item_impl(visitor, item));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.inside(&item.attrs, |visitor| {
            visitor.function(&item.sig, &item.block);
            visit::visit_item_fn(visitor, item);
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.inside(&item.attrs, |visitor| {
            visitor.function(&item.sig, &item.block);
            visit::visit_impl_item_fn(visitor, item);
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.function(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let line = attribute.span().start().line;
        let conditional =
            || attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string().contains("allow ("));
        if attribute.path().is_ident("allow") || attribute.path().is_ident("cfg_attr") && conditional() {
            self.problems.push(format!("{}:{line}: use #[expect(lint, reason = \"…\")], never allow", self.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function_of(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_of_56_lines_is_too_long_but_not_as_a_test() {
        let text = |lines| format!("//! A module.\n{}", function_of(lines));
        assert!(check("a.rs", &text(55)).is_empty());
        assert_eq!(check("a.rs", &text(56)), ["a.rs:2: fn long has 56 lines, at most 55"]);
        let in_tests = format!("//! A module.\n#[cfg(test)]\nmod tests {{\n{}}}\n", function_of(110));
        assert!(check("a.rs", &in_tests).is_empty());
        let test = format!("//! A module.\n#[test]\n{}", function_of(111));
        assert_eq!(check("a.rs", &test).len(), 1);
    }

    #[test]
    fn methods_count_too() {
        let text = format!("//! A module.\nimpl Thing {{\n{}}}\n", function_of(60));
        assert_eq!(check("a.rs", &text).len(), 1);
    }

    #[test]
    fn allow_is_found_wherever_it_stands() {
        let found = |attribute: &str| check("a.rs", &format!("//! A module.\n{attribute}\nfn short() {{}}\n")).len();
        assert_eq!(found("#[allow(dead_code)]"), 1);
        assert_eq!(found("#[cfg_attr(unix, allow(dead_code))]"), 1);
        assert_eq!(found("#[expect(dead_code, reason = \"none allow it\")]"), 0);
    }

    #[test]
    fn a_module_says_what_it_is_for() {
        assert_eq!(check("a.rs", "fn short() {}\n").len(), 1);
    }

    #[test]
    fn a_file_of_501_lines_is_too_long() {
        assert_eq!(check("web/src/a.ts", &"let a;\n".repeat(501)).len(), 1);
        assert!(check("web/src/a.ts", &"let a;\n".repeat(500)).is_empty());
        assert!(check("data.csv", &"1,2\n".repeat(501)).is_empty());
    }
}
