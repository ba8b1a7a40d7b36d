//! Where a server is and who asks it: base URL and key. Owns two rules: a key leaves this machine encrypted only, and it is
//! never shown, whatever a server says.

use crate::generator::GeneratorError;
use std::env;
use std::fmt;
use std::net::IpAddr;
use ureq::http::Uri;

/// The variables that OpenAI's own clients read.
const KEY: &str = "OPENAI_API_KEY";
const BASE_URL: &str = "OPENAI_BASE_URL";

/// A key, which is sent and never shown.
#[derive(Clone)]
pub struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// The key in the environment variable `name`, which must be set; by default the one of OpenAI's clients, if it is
    /// set. An empty name is no key.
    pub fn from_env(name: Option<&str>) -> Result<Option<Key>, GeneratorError> {
        let key = env::var(name.unwrap_or(KEY)).ok().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        let wrong = |what: &str| {
            let url = format!("${}", name.unwrap_or(KEY));
            Err(GeneratorError::Server { url, what: what.into(), hint: "it holds the server's key".into() })
        };
        match (key, name) {
            (_, Some("")) | (None, None) => Ok(None),
            (None, Some(_)) => wrong("this environment variable is not set"),
            (Some(key), _) if !key.bytes().all(|b| b.is_ascii_graphic()) => {
                wrong("a key has printable ASCII characters only")
            }
            (Some(key), _) => Ok(Some(Key(key))),
        }
    }

    /// The value of the header `Authorization`.
    pub fn header(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

/// `text` without the key, should a server repeat it.
pub fn redacted(text: String, key: Option<&Key>) -> String {
    match key {
        // Replacing a character or two would only spoil the text.
        Some(Key(key)) if key.len() >= 4 => text.replace(key.as_str(), "[key]"),
        _ => text,
    }
}

/// A base URL, such as `http://127.0.0.1:8000/v1`; without a path, `/v1` is meant. `None` reads the variable that OpenAI's
/// clients read.
pub fn base_url(given: Option<&str>, key: Option<&Key>) -> Result<String, GeneratorError> {
    let from_env = given.is_none().then(|| env::var(BASE_URL).ok()).flatten();
    let Some(text) = given.or(from_env.as_deref()).map(str::trim).filter(|url| !url.is_empty()) else {
        let hint = format!("--base-url http://127.0.0.1:8000/v1, or the environment variable {BASE_URL}");
        return Err(GeneratorError::Server { url: "no server".into(), what: "no base URL is given".into(), hint });
    };
    let wrong = |what: &str, hint: &str| {
        let url = if text.contains('@') { "the base URL" } else { text };
        Err(GeneratorError::Server { url: url.into(), what: what.into(), hint: hint.into() })
    };
    const EXAMPLE: &str = "for example http://127.0.0.1:8000/v1";
    let Ok(uri) = text.parse::<Uri>() else { return wrong("this is no URL", EXAMPLE) };
    let (Some("http" | "https"), Some(host)) = (uri.scheme_str(), uri.host()) else {
        return wrong("a base URL begins with http:// or https://", EXAMPLE);
    };
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return wrong("a URL with a password in it", "keys come from an environment variable (--api-key-env)");
    }
    if uri.query().is_some() {
        return wrong("a base URL has no `?`", EXAMPLE);
    }
    if key.is_some() && uri.scheme_str() == Some("http") && !is_loopback(host) {
        let hint = format!("use https://, or send no key: unset {KEY}, or --api-key-env \"\"");
        return wrong("the key would be sent unencrypted over the network", &hint);
    }
    let bare = text.trim_end_matches('/');
    Ok(if uri.path().trim_matches('/').is_empty() { format!("{bare}/v1") } else { bare.to_owned() })
}

/// Whether a host, as it stands in a URL or on its own, is this machine.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key("sk-secret".into())
    }

    fn base(url: &str, key: Option<&Key>) -> Result<String, String> {
        base_url(Some(url), key).map_err(|e| e.to_string())
    }

    #[test]
    fn a_base_url_without_a_path_means_v1() {
        assert_eq!(base("http://127.0.0.1:8000", None).as_deref(), Ok("http://127.0.0.1:8000/v1"));
        assert_eq!(base("https://example.org/", None).as_deref(), Ok("https://example.org/v1"));
        assert_eq!(base(" https://example.org/api/v3/ ", None).as_deref(), Ok("https://example.org/api/v3"));
        for (url, says) in [
            ("127.0.0.1:8000", "this is no URL"),
            ("localhost:8000", "begins with http"),
            ("ftp://a/b", "begins with http"),
            ("http://a/v1?x=1", "no `?`"),
        ] {
            let error = base(url, None).expect_err(url);
            assert!(error.contains(says) || error.contains("begins with http"), "{url}: {error}");
        }
        let error = base("https://me:hidden@a/v1", None).expect_err("a password");
        assert!(error.contains("--api-key-env") && !error.contains("hidden"), "{error}");
    }

    #[test]
    fn a_key_goes_over_the_network_encrypted_only() {
        for fine in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1/v1", "https://example.org"] {
            assert!(base(fine, Some(&key())).is_ok(), "{fine}");
        }
        let error = base("http://10.0.0.7:8000/v1", Some(&key())).expect_err("unencrypted");
        assert!(error.contains("unencrypted") && error.contains("https://"), "{error}");
        assert!(base("http://10.0.0.7:8000/v1", None).is_ok());
        assert!(!is_loopback("localhost.example.org") && is_loopback("127.8.9.1"));
    }

    #[test]
    fn a_key_is_never_shown() {
        assert_eq!(format!("{:?}", key()), "Key(..)");
        assert_eq!(redacted("wrong key sk-secret!".into(), Some(&key())), "wrong key [key]!");
        assert!(Key::from_env(Some("")).expect("no key").is_none());
        let error = Key::from_env(Some("AFCHECK_NO_SUCH_VARIABLE")).expect_err("not set");
        assert!(error.to_string().contains("$AFCHECK_NO_SUCH_VARIABLE"), "{error}");
    }
}
