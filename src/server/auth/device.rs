//! A browser's own words about itself, shortened to names that its owner recognises in a list.

/// The browser's name in a `User-Agent`; empty when unknown. Order matters: most claim to be several.
pub fn browser(user_agent: &str) -> &'static str {
    const NAMES: [(&str, &str); 7] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
    ];
    first(user_agent, &NAMES).unwrap_or(if user_agent.contains("Safari/") { "Safari" } else { "" })
}

/// The system's name in a `User-Agent`; empty when unknown.
pub fn system(user_agent: &str) -> &'static str {
    const NAMES: [(&str, &str); 7] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "Chromebook"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ];
    first(user_agent, &NAMES).unwrap_or("")
}

fn first(text: &str, names: &[(&str, &'static str)]) -> Option<&'static str> {
    names.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_ones_are_recognised() {
        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36 Edg/140";
        assert_eq!((browser(edge), system(edge)), ("Edge", "Windows"));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!((browser(phone), system(phone)), ("Safari", "iPhone"));
        assert_eq!((browser("curl/8"), system("curl/8")), ("", ""));
    }
}
