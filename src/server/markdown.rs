//! shim
pub fn render(s: &str) -> String {
    format!("<p>{s}</p>")
}
pub fn plain_text(s: &str) -> String {
    s.to_owned()
}
