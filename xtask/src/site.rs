//! The served playground: the page from the checkout, the modules, the data sets, the vendored library.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::data;
use crate::host::Host;
use crate::notices;
use crate::npm;
use crate::project::Project;
use crate::teaching;
use crate::toolchain::Toolchain;
use crate::wasm::{self, Module};

/// What the page may do: nothing but load its own files. A bundle's pages say it themselves. Who may
/// frame a page can be said in a header only; without one, everybody may.
pub(crate) const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; \
     base-uri 'none'";

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Makes what does not come from the compiler: the library from npm, the list of modules, and the notices on what is
/// linked into those that are `ready`.
pub(crate) fn prepare(project: &Project, host: &Host, ready: &[Module]) -> Result<()> {
    let toolchain = Toolchain::find(host)?;
    let _alone = project.alone()?;
    npm::install(project, host)?;
    let sets = data::ids().map(str::to_owned);
    let notices = notices::html(project, ready, &sets)?;
    fs::write(project.site().join(notices::FILE), notices)?;
    wasm::write_list(project, toolchain)
}

/// Serves the playground on this machine only, from now on, and returns its address.
pub(crate) fn serve(project: &Project, listener: TcpListener) -> Result<String> {
    let address = format!("http://{}/", listener.local_addr()?);
    let router = router(project);
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    thread::spawn(move || {
        let served = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, router).await
        });
        if let Err(error) = served {
            eprintln!("The server has stopped: {error}");
        }
    });
    Ok(address)
}

/// The first free port from this one on; 0 stands for any.
pub(crate) fn listen(port: u16) -> Result<TcpListener> {
    const TRIES: u16 = 20;
    let bind = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let mut ports = port..=port.saturating_add(TRIES);
    ports.find_map(|port| bind(port).ok()).with_context(|| {
        format!(
            "the ports from {port} on are all taken; choose another: cargo xtask serve --port N"
        )
    })
}

fn router(project: &Project) -> Router {
    let always = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    let notes = {
        let project = project.clone();
        || async move { made(teaching::page(&project)) }
    };
    Router::new()
        .nest_service("/pkg", ServeDir::new(project.site().join("pkg")))
        .nest_service("/vendor", ServeDir::new(project.site().join("vendor")))
        .nest_service("/data", ServeDir::new(project.data()))
        .route_service(
            "/notices.html",
            ServeFile::new(project.site().join(notices::FILE)),
        )
        .route(&format!("/{}", teaching::FILE), get(notes))
        .fallback_service(
            ServeDir::new(project.www())
                .not_found_service(ServeFile::new(project.www().join("404.html"))),
        )
        .layer(middleware::from_fn(guard))
        // Revalidated at every request, so that a reload shows the latest build.
        .layer(always(header::CACHE_CONTROL, "no-cache"))
        .layer(always(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // All three let the browser isolate the page, so that it may have threads: it loads nothing from
        // elsewhere, and may be framed by pages that want the same.
        .layer(always(OPENER_POLICY, "same-origin"))
        .layer(always(EMBEDDER_POLICY, "require-corp"))
        .layer(always(RESOURCE_POLICY, "cross-origin"))
        // A sandboxed frame has no origin, and reads its own modules and data only where everybody may.
        .layer(always(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
}

/// A page that is made anew at every request, so that a reload shows what was written.
fn made(page: Result<String>) -> Response {
    match page {
        Ok(page) => Html(page).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response(),
    }
}

/// Answers only to the names of this machine, so that no page elsewhere reads the checkout by giving its own name
/// this machine's address, and serves no hidden file.
async fn guard(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    if !host
        .and_then(|host| host.to_str().ok())
        .is_some_and(is_this_machine)
    {
        let why = "This server answers to localhost and 127.0.0.1 only.\n";
        return (StatusCode::MISDIRECTED_REQUEST, why).into_response();
    }
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
    if path.split(['/', '\\']).any(|part| part.starts_with('.')) {
        return StatusCode::NOT_FOUND.into_response();
    }
    next.run(request).await
}

/// Whether a host's name, with a port or without, is one that this machine alone has.
fn is_this_machine(host: &str) -> bool {
    let port = |rest: &str| rest.is_empty() || rest.starts_with(':');
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| {
        let (own, rest) = host.split_at_checked(name.len()).unwrap_or_default();
        own.eq_ignore_ascii_case(name) && port(rest)
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    fn get(address: &str, path: &str) -> String {
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        ask(host, path, host)
    }

    /// What a server answers to whoever calls it by this name.
    fn ask(server: &str, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(server).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn serves_each_folder_with_its_types_and_a_strict_policy() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        let project = Project {
            root: at("root"),
            cache: at("cache"),
            target: at("target"),
        };
        for (path, content) in [
            (project.www().join("index.html"), "<p>page"),
            (project.www().join("teaching.html"), "<!-- notes -->\n"),
            (
                project.www().join("locales/index.json"),
                r#"{ "en": "English" }"#,
            ),
            (
                project.root.join("docs/teaching.md"),
                "## 1. Shuffled pixels",
            ),
            (project.site().join("pkg/core/core_bg.wasm"), "wasm"),
            (project.site().join("vendor/uplot.js"), "library"),
            (project.data().join("mnist/manifest.json"), "{}"),
        ] {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let address = serve(&project, listen(0).unwrap()).unwrap();
        for (path, kind) in [
            ("/", "text/html"),
            ("/teaching.html", "text/html"),
            ("/pkg/core/core_bg.wasm", "application/wasm"),
            ("/vendor/uplot.js", "text/javascript"),
            ("/data/mnist/manifest.json", "application/json"),
        ] {
            let answer = get(&address, path);
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
            assert!(
                answer.contains(&format!("content-type: {kind}")),
                "{path}: {answer}"
            );
            for line in [
                "content-security-policy: default-src 'self'",
                "access-control-allow-origin: *",
                "cross-origin-opener-policy: same-origin",
                "cross-origin-embedder-policy: require-corp",
                "cross-origin-resource-policy: cross-origin",
            ] {
                assert!(answer.contains(line), "{path}: {answer}");
            }
        }
        let notes = get(&address, "/teaching.html");
        assert!(notes.contains("1. Shuffled pixels</h2>"), "{notes}");
        assert!(get(&address, "/data/cifar10/manifest.json").starts_with("HTTP/1.1 404"));
        assert!(get(&address, "/../secret").starts_with("HTTP/1.1 404"));
    }

    #[test]
    fn answers_to_no_other_name_and_serves_no_hidden_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        let project = Project {
            root: at("root"),
            cache: at("cache"),
            target: at("target"),
        };
        for path in ["pkg/cpu/cpu.js", "pkg/cpu/.made-from", "pkg/.git/config"] {
            let path = project.site().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "content").unwrap();
        }
        let address = serve(&project, listen(0).unwrap()).unwrap();
        let server = address.trim_start_matches("http://").trim_end_matches('/');
        let port = server.rsplit(':').next().unwrap();
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"] {
            for host in [host.to_owned(), format!("{host}:{port}")] {
                let answer = ask(server, "/pkg/cpu/cpu.js", &host);
                assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
            }
        }
        for host in [
            "rebound.example",
            "127.0.0.1.rebound.example",
            "localhost.rebound.example:80",
            "localhosts",
            "10.0.0.1",
            "é",
            "",
        ] {
            let answer = ask(server, "/pkg/cpu/cpu.js", host);
            assert!(!answer.contains("content\n") && !answer.ends_with("content"));
            let refused = ["HTTP/1.1 421", "HTTP/1.1 400"];
            let found = refused.iter().any(|line| answer.starts_with(line));
            assert!(found, "{host}: {answer}");
        }
        for path in [
            "/pkg/cpu/.made-from",
            "/pkg/cpu/%2emade-from",
            "/pkg/cpu%2F.made-from",
            "/pkg/cpu%2f%2Emade-from",
            "/pkg/.git/config",
            "/pkg/cpu/../cpu/.made-from",
        ] {
            let answer = get(&address, path);
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        }
    }

    #[test]
    fn a_taken_port_gives_the_next_one() {
        let first = listen(0).unwrap();
        let taken = first.local_addr().unwrap().port();
        let second = listen(taken).unwrap().local_addr().unwrap().port();
        assert!(second > taken);
    }
}
