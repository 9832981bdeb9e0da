//! Whether `new URL(text)` of JavaScript (the WHATWG URL Standard) would accept a text.

use std::net::Ipv6Addr;

/// Whether the text is an absolute URL.
pub fn is_absolute(text: &str) -> bool {
    is_ordinary(text) || is_url(text)
}

/// Whether it is on the web, of a host that is letters, digits, `-` and `.`, and no number.
fn is_ordinary(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let bytes = rest.unwrap_or_default().as_bytes();
    let is_of_host = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    let length = bytes.iter().take_while(|b| is_of_host(b)).count();
    let (host, behind) = bytes.split_at(length);
    let last = host.rsplit(|b| *b == b'.').next().unwrap_or_default();
    last.first().is_some_and(u8::is_ascii_alphabetic) && matches!(behind, [] | [b'/', ..])
}

fn is_url(text: &str) -> bool {
    let text: String = text
        .trim_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let scheme = scheme.to_ascii_lowercase();
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !is_scheme {
        return false;
    }
    match scheme.as_str() {
        "http" | "https" | "ws" | "wss" | "ftp" => {
            let rest = rest.trim_start_matches(['/', '\\']);
            is_authority(before(rest, &['/', '\\', '?', '#']), true)
        }
        "file" => match rest
            .strip_prefix("//")
            .or_else(|| rest.strip_prefix("\\\\"))
        {
            // The host of a file may be empty or a drive letter, and has no port or user.
            Some(rest) => {
                let host = before(rest, &['/', '\\', '?', '#']);
                host.is_empty() || is_drive(host) || is_host(host, true)
            }
            None => true,
        },
        _ => match rest.strip_prefix("//") {
            Some(rest) => {
                let authority = before(rest, &['/', '?', '#']);
                authority.is_empty() || is_authority(authority, false)
            }
            None => true,
        },
    }
}

/// `[user[:password]@]host[:port]`
fn is_authority(text: &str, special: bool) -> bool {
    let host = text.rsplit_once('@').map_or(text, |(_, host)| host);
    let (host, port) = match host.rsplit_once(':') {
        Some((before, port)) if !port.contains(']') => (before, port),
        _ => (host, ""),
    };
    let is_port = port.is_empty()
        || (port.bytes().all(|b| b.is_ascii_digit())
            && port.trim_start_matches('0').len() <= 5
            && port.parse::<u32>().unwrap_or(0) <= 0xFFFF);
    is_port && is_host(host, special)
}

fn is_host(host: &str, special: bool) -> bool {
    if let Some(inner) = host.strip_prefix('[') {
        return inner
            .strip_suffix(']')
            .is_some_and(|v6| v6.parse::<Ipv6Addr>().is_ok());
    }
    if !special {
        return !host.is_empty() && !host.chars().any(is_forbidden);
    }
    let Some(host) = percent_decoded(host) else {
        return false;
    };
    let forbidden = |c: char| is_forbidden(c) || c.is_control() || c == '%';
    if host.is_empty() || host.chars().any(forbidden) {
        return false;
    }
    let labels = host.strip_suffix('.').unwrap_or(&host);
    let last = labels.rsplit('.').next().unwrap_or_default();
    if v4_number(last).is_some() || (!last.is_empty() && last.bytes().all(|b| b.is_ascii_digit())) {
        return is_v4(labels);
    }
    true
}

/// An IPv4 address as browsers read it: 1 to 4 numbers, of which the last fills the rest.
fn is_v4(text: &str) -> bool {
    let numbers: Option<Vec<u64>> = text.split('.').map(v4_number).collect();
    let Some((&last, first)) = numbers.as_deref().and_then(<[u64]>::split_last) else {
        return false;
    };
    let bits = match first.len() {
        0 => 32,
        1 => 24,
        2 => 16,
        3 => 8,
        _ => return false,
    };
    first.iter().all(|&number| number <= 255) && last < 1 << bits
}

fn v4_number(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match (hex, text.strip_prefix('0')) {
        (Some(""), _) | (None, Some("")) => Some(0),
        (Some(digits), _) => u64::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) => u64::from_str_radix(digits, 8).ok(),
        (None, None) => text
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse().unwrap_or(u64::MAX)),
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escape = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let escape = escape.filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) if byte == b'%' => {
                bytes.push(decoded);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// The forbidden host code points.
fn is_forbidden(c: char) -> bool {
    matches!(
        c,
        '\0' | '\t'
            | '\n'
            | '\r'
            | ' '
            | '#'
            | '/'
            | ':'
            | '<'
            | '>'
            | '?'
            | '@'
            | '['
            | '\\'
            | ']'
            | '^'
            | '|'
    )
}

fn is_drive(host: &str) -> bool {
    matches!(host.as_bytes(), [letter, b':' | b'|'] if letter.is_ascii_alphabetic())
}

fn before<'t>(text: &'t str, stop: &[char]) -> &'t str {
    text.split(stop).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{is_absolute, is_ordinary, is_url};

    #[test]
    fn what_is_seen_at_a_glance_is_a_url() {
        for begin in ["https://", "http://", "ftp://"] {
            for host in [
                "a.b", "a.0x1", "a.1", "a-1.b2", "1.a", "a.", "a", ".a", "-", "[a]",
            ] {
                for end in ["", "/", "/ ?", "?", ":1", "@1"] {
                    let text = format!("{begin}{host}{end}");
                    assert!(!is_ordinary(&text) || is_url(&text), "{text}");
                }
            }
        }
        assert!(is_ordinary("https://wiki.example.com/a b"));
    }

    #[test]
    fn agrees_with_the_url_standard() {
        let valid = [
            "https://example.com",
            "http:example.com",
            "HTTPS:\\\\example.com\\a",
            "https://user:pw@example.com:8080/a?b#c",
            "https://ex ample.com".replace(' ', "").leak(),
            "https://[::1]:80/",
            "https://127.1",
            "https://0x7f.1",
            "https://пример.рф",
            "https://a%41.com",
            "https://example.com:",
            " https://example.com ",
            "mailto:a@b",
            "slack://channel?id=1",
            "data:,x",
            "file:///etc",
            "file://c:/x",
            "foo://",
            "a:b",
            "localhost:3000",
        ];
        for text in valid {
            assert!(is_absolute(text), "`{text}` is a URL");
        }
        let invalid = [
            "",
            "example.com",
            "/a",
            "//a.b/c",
            "https://",
            "https:///",
            "https://exa mple.com",
            "https://a:99999",
            "https://a:b",
            "https://[::1",
            "https://1.2.3.4.5",
            "https://256.1.1.1",
            "https://a<b",
            "https://a%20b",
            "1http://a",
            "http s://a",
            "foo://a b",
            "https://a:80:80",
        ];
        for text in invalid {
            assert!(!is_absolute(text), "`{text}` is no URL");
        }
    }
}
