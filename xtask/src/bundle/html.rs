//! Pages as a bundle serves them.

use anyhow::{Context, Result, ensure};

use super::site::{SERVICE_WORKER, Site};
use crate::site::POLICY;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// Attributes whose values are addresses.
const ATTRIBUTES: [&str; 2] = [" href=\"", " src=\""];
/// The policy and the metadata are inserted after this: a policy only holds for what follows it.
pub(super) const CHARSET: &str = "<meta charset=\"utf-8\">\n";
const MODULE: &str = "<script type=\"module\" src=\"";
/// Where a page keeps what it asks for once it has been painted.
const NEXT: &str = "<template id=\"next\">\n";

/// A page of the checkout with the addresses of the bundle, the policy, and the modules that its own
/// needs asked for at once. `about` are further lines of its head, `next` of what it asks for later.
pub(super) fn page(site: &Site, text: &str, about: &str, next: &str) -> Result<String> {
    ensure!(
        text.contains(CHARSET),
        "a page should begin its head with {}",
        CHARSET.trim_end()
    );
    ensure!(
        next.is_empty() || text.contains(NEXT),
        "a page that asks for images should have {}",
        NEXT.trim_end()
    );
    let mut hints = String::new();
    for script in text.split(MODULE).skip(1) {
        let entry = script.split('"').next().unwrap_or_default();
        for module in site.needed_by(entry) {
            hints += &format!("<link rel=\"modulepreload\" href=\"{module}\">\n  ");
        }
    }
    let offline = format!("  <meta name=\"offline\" content=\"{SERVICE_WORKER}\">\n");
    let head = [CHARSET, &policy(text), about, &offline].concat();
    let text = text
        .replacen(CHARSET, &head, 1)
        .replacen(NEXT, &[NEXT, next].concat(), 1)
        .replacen(MODULE, &format!("{hints}{MODULE}"), 1);
    let text = in_each_language(site, &text)?;
    Ok(with_addresses(&text, |address| site.place(address)))
}

/// Text that is shown before the page knows the reader's language: it is written in each of them.
pub(super) fn in_each_language(site: &Site, text: &str) -> Result<String> {
    const EACH: &str = " data-i18n-each=\"";
    let Some((before, rest)) = text.split_once(EACH) else {
        return Ok(text.to_owned());
    };
    let (key, behind) = rest
        .split_once("\">")
        .context("an element with words in each language has them as its last attribute")?;
    let spans = site.words(key)?;
    let spans = spans
        .iter()
        .map(|(tag, words)| format!("<span lang=\"{tag}\">{}</span>", escaped(words)));
    Ok(format!("{before}>{}{behind}", spans.collect::<String>()))
}

/// The policy as a line of this page's head; inline styles are allowed by their hash. Which pages may frame the page
/// can only be said in a header.
pub(super) fn policy(page: &str) -> String {
    const STYLES: &str = "style-src 'self'";
    let mut styles = STYLES.to_owned();
    for behind in page.split("<style>").skip(1) {
        let rules = behind.split("</style>").next().unwrap_or_default();
        let hash = BASE64_STANDARD.encode(Sha256::digest(rules.as_bytes()));
        styles += &format!(" 'sha256-{hash}'");
    }
    let policy = POLICY.replace(STYLES, &styles);
    format!("  <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n")
}

/// Text as part of a page, within quotes or not.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The page with some of its addresses replaced.
fn with_addresses(page: &str, moved: impl Fn(&str) -> Option<String>) -> String {
    let mut whole = String::with_capacity(page.len());
    let mut rest = page;
    loop {
        let begins = ATTRIBUTES
            .iter()
            .filter_map(|name| Some(rest.find(name)? + name.len()))
            .min();
        let Some((begin, end)) =
            begins.and_then(|begin| Some((begin, begin + rest[begin..].find('"')?)))
        else {
            whole += rest;
            return whole;
        };
        let address = &rest[begin..end];
        whole += &rest[..begin];
        whole += moved(address).as_deref().unwrap_or(address);
        rest = &rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_page_gets_its_policy_first_then_hints_then_its_module() {
        let files = [
            ("app/main.js", "import './a.js';\n"),
            ("app/a.js", ""),
            ("app/place.js", "'../data/'"),
            ("style/x.css", ""),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.into()));
        let site = Site::new(files.into(), Path::new("nowhere"), &[]).unwrap();
        let text = "<head>\n<meta charset=\"utf-8\">\n<link rel=\"stylesheet\" href=\"style/x.css\"><a href=\"#x\"><template id=\"next\">\n</template><script type=\"module\" src=\"app/main.js\"></script>";
        let page = page(&site, text, "ABOUT\n", "NEXT\n").unwrap();
        let order = [
            "charset",
            "Content-Security-Policy",
            "ABOUT",
            "offline",
            "NEXT",
            "</template>",
            "modulepreload",
            "<script",
        ];
        let places: Vec<_> = order.iter().map(|word| page.find(word).unwrap()).collect();
        assert!(places.is_sorted(), "{page}");
        for path in ["app/main.js", "app/a.js", "style/x.css"] {
            assert!(page.contains(&format!("\"{}{path}\"", site.code)), "{page}");
        }
        assert!(page.contains("href=\"#x\""), "{page}");
        let without = text.replace("id=\"next\"", "");
        assert!(super::page(&site, &without, "", "NEXT\n").is_err());
    }

    #[test]
    fn a_pages_own_styles_are_allowed_and_no_others() {
        // From `printf %s 'a{b:c}' | openssl dgst -sha256 -binary | base64`.
        let hash = "'sha256-0cRUVYRKwNwnl1hkfkPGjkht16b039TjFdJzmXfFK2o='";
        let line = policy("<style>a{b:c}</style>");
        assert!(
            line.contains(&format!("style-src 'self' {hash};")),
            "{line}"
        );
        assert!(policy("").contains("style-src 'self';"));
    }

    #[test]
    fn words_stand_there_in_each_language() {
        let files = [
            ("app/place.js", "'../data/'"),
            (
                "locales/index.json",
                r#"{ "en": "English", "zh-CN": "中文" }"#,
            ),
            ("locales/en.json", r#"{ "a": "one & two" }"#),
            ("locales/zh-CN.json", r#"{ "a": "一和二" }"#),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.into()));
        let site = Site::new(files.into(), Path::new("nowhere"), &[]).unwrap();
        assert_eq!(
            in_each_language(&site, "<p class=\"x\" data-i18n-each=\"a\"></p>").unwrap(),
            "<p class=\"x\"><span lang=\"en\">one &amp; two</span><span lang=\"zh-CN\">一和二</span></p>"
        );
    }

    #[test]
    fn words_cannot_end_an_attribute() {
        assert_eq!(
            escaped("a \"b\" <c> & d"),
            "a &quot;b&quot; &lt;c&gt; &amp; d"
        );
    }
}
