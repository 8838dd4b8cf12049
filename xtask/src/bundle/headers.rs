//! Headers, for hosts that read them from a file.

/// What some hosts read headers from, at the top of what they serve.
pub(super) const FILE: &str = "_headers";

/// The headers that docs/hosting.md advises, in the form of Netlify and Cloudflare Pages; `url` is where
/// the bundle will be. Others pass over the file.
pub(super) fn text(url: Option<&str>) -> String {
    let path = url.and_then(|url| url.splitn(4, '/').nth(3)).unwrap_or("");
    let top = format!("/{path}").trim_end_matches('/').to_owned();
    let everywhere = [
        "Access-Control-Allow-Origin: *",
        "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: cross-origin",
        "Cross-Origin-Embedder-Policy: require-corp",
        "Document-Isolation-Policy: isolate-and-credentialless",
        "X-Content-Type-Options: nosniff",
    ];
    let named = "Cache-Control: public, max-age=31536000, immutable";
    format!(
        "{top}/*\n  {}\n{top}/v/*\n  {named}\n{top}/data/*\n  {named}\n",
        everywhere.join("\n  ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_begin_where_the_bundle_will_be() {
        let at = |url| text(url).lines().next().unwrap_or_default().to_owned();
        assert_eq!(at(None), "/*");
        assert_eq!(at(Some("https://your.host/")), "/*");
        assert_eq!(at(Some("https://your.host/a/b/")), "/a/b/*");
        assert!(text(None).contains("\n/v/*\n  Cache-Control: public"));
    }
}
