//! What mail, chat, course systems and people do to links on their way.

/// A way in which links are changed before they arrive, from what a person copied to what the page gets.
pub(super) type Change = (&'static str, fn(&str) -> String);

/// Encodes what is not a letter or a digit.
pub(super) fn encoded(text: &str) -> String {
    let each = text.bytes().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    each.collect()
}

/// The address with another text behind its `#`.
fn behind(address: &str, change: impl Fn(&str) -> String) -> String {
    match address.split_once('#') {
        Some((before, behind)) => format!("{before}#{}", change(behind)),
        None => address.to_owned(),
    }
}

fn wide(text: &str) -> String {
    let wide = |char: char| match char {
        '!'..='~' => char::from_u32(u32::from(char) + 0xfee0).unwrap_or(char),
        _ => char,
    };
    text.chars().map(wide).collect()
}

pub(super) const CHANGES: &[Change] = &[
    ("as it was", str::to_owned),
    ("entities", |link| link.replace('&', "&amp;")),
    ("entities, twice", |link| link.replace('&', "&amp;amp;")),
    ("entities by number", |link| {
        link.replace('&', "&#38;").replace('=', "&#x3D;")
    }),
    ("entities without their end", |link| {
        link.replace('&', "&amp")
    }),
    ("semicolons", |link| link.replace('&', ";")),
    ("commas", |link| link.replace('&', ", ")),
    ("spaces", |link| link.replace('&', " ")),
    ("plus signs", |link| link.replace('&', "+")),
    ("colons", |link| behind(link, |text| text.replace('=', ":"))),
    ("colons and spaces", |link| {
        behind(link, |text| text.replace('=', ": "))
    }),
    ("escapes of JSON", |link| {
        link.replace('&', "\\u0026").replace('=', "\\u003d")
    }),
    ("escapes of old scripts", |link| {
        behind(link, |text| text.replace('=', "%u003D"))
    }),
    ("encoded", |link| behind(link, encoded)),
    ("encoded twice", |link| {
        behind(link, |text| encoded(&encoded(text)))
    }),
    ("only = encoded", |link| {
        behind(link, |text| text.replace('=', "%3D"))
    }),
    ("only & encoded", |link| {
        behind(link, |text| text.replace('&', "%26"))
    }),
    ("# encoded", |link| link.replacen("/#", "/%23", 1)),
    ("as a query", |link| link.replacen("/#", "/?", 1)),
    ("a full stop", |link| format!("{link}.")),
    ("an ideographic full stop", |link| format!("{link}。")),
    ("a comma and words", |link| format!("{link}，谢谢")),
    ("words", |link| format!("{link} for the lesson")),
    ("brackets", |link| format!("({link})")),
    ("wide brackets", |link| format!("（{link}）")),
    ("quotes", |link| format!("“{link}”")),
    ("angles", |link| format!("<{link}>")),
    ("Markdown", |link| format!("[Exercise 1]({link})")),
    ("Markdown, named as it is", |link| {
        format!("[{link}]({link})")
    }),
    ("backslashes of Markdown", |link| {
        let is_escaped = |sign: &char| "_&=#*+-.~()[]!".contains(*sign);
        let escaped = |sign: char| is_escaped(&sign).then_some('\\').into_iter().chain([sign]);
        link.chars().flat_map(escaped).collect()
    }),
    ("backslashes before & and =", |link| {
        link.replace('&', "\\&").replace('=', "\\=")
    }),
    ("backslashes, twice", |link| {
        link.replace('&', "\\\\\\&").replace('=', "\\\\\\=")
    }),
    ("followed", |link| {
        format!("{link}&utm_source=mail&fbclid=IwAR0")
    }),
    ("followed, behind a ?", |link| {
        format!("{link}?utm_source=mail&utm_medium=x")
    }),
    ("followed before the #", |link| {
        link.replacen("/#", "/?utm_source=mail#", 1)
    }),
    ("a mail gateway", |link| {
        format!(
            "https://eur01.safelinks.example/?url={}&data=05%7C01&reserved=0",
            encoded(link)
        )
    }),
    ("a search engine", |link| {
        format!("https://www.example.com/url?q={}&sa=D", encoded(link))
    }),
    ("another gateway", |link| {
        format!(
            "https://urldefense.com/v3/__{}__;Iw!!AbC!xyz$",
            link.replacen("/#", "/*", 1)
        )
    }),
    ("an older gateway", |link| {
        let inner = encoded(link).replace("%2F", "_").replace('%', "-");
        format!("https://urldefense.proofpoint.com/v2/url?u={inner}&d=DwMFaQ&c=x")
    }),
    ("a text fragment", |link| format!("{link}:~:text=lesson")),
    ("invisible characters", |link| {
        link.replace('&', "\u{200b}&\u{feff}")
            .replace('=', "\u{ad}=")
    }),
    ("wide forms", |link| behind(link, wide)),
    ("capitals", |link| behind(link, str::to_uppercase)),
    ("line breaks", |link| link.replace('&', "\r\n&")),
    ("line breaks behind", |link| link.replace('&', "&\n")),
    ("look-alikes", |link| {
        behind(link, |text| {
            text.replace('e', "е").replace('o', "о").replace('a', "а")
        })
    }),
    ("dashes", |link| {
        behind(link, |text| text.replace('-', "\u{2011}"))
    }),
    ("quoted-printable", |link| {
        behind(link, |text| text.replace('=', "=3D"))
    }),
];
