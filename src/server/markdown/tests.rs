//! What Markdown becomes, and what it never becomes.

use super::*;

const ID: &str = "0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000";

#[test]
fn ordinary_cards() {
    assert_eq!(html("Washington, D.C."), "<p>Washington, D.C.</p>\n");
    assert_eq!(html("**bold** and `code`"), "<p><strong>bold</strong> and <code>code</code></p>\n");
    assert_eq!(html("# Title"), "<h3>Title</h3>\n");
    assert_eq!(html("```rust\nlet a = 1 < 2;\n```"), "<pre><code>let a = 1 &lt; 2;\n</code></pre>\n");
    assert!(html("|a|b|\n|-|-|\n|1|2|").contains("<td>2</td>"));
    assert_eq!(html("5 < 6 & 7"), "<p>5 &lt; 6 &amp; 7</p>\n");
    assert_eq!(html(""), "");
}

#[test]
fn formulas_become_mathml() {
    let inline = html("The area is $\\pi r^2$.");
    assert!(inline.contains("<math") && inline.contains("</math>") && inline.contains('π'), "{inline}");
    let block = html("$$\\frac{a}{b}$$");
    assert!(block.contains("<mfrac>") && block.contains("block"), "{block}");
    assert!(!html("It costs $5 and $10.").contains("<math"), "prices are no formulas");
    let two = html("$a$ then $b$");
    assert_eq!(two.matches("<math").count(), 2);
}

#[test]
fn broken_formulas_show_their_source() {
    for broken in [
        "$\\frac{a$",
        "$\\nosuchcommand x$",
        "$a^{b$",
        "$\\left( a$",
        "$\\begin{matrix} a$",
        "$}$",
        "$\\def\\a{\\a}\\a$",
    ] {
        let shown = html(broken);
        assert!(shown.contains("math-error") && shown.contains("title="), "{broken}: {shown}");
        assert!(!shown.contains("<math"), "{broken}: {shown}");
    }
    let injected = html("$\\frac{\"><script>alert(1)</script>$");
    assert!(!injected.contains("<script"), "{injected}");
}

#[test]
fn nothing_is_ever_executed() {
    let attacks = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt&#58;alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![a](javascript:alert(1))",
        "![a](data:image/svg+xml;base64,AAAA)",
        "<svg onload=alert(1)>",
        "<style>*{display:none}</style>",
        "<iframe src=//evil.test></iframe>",
        "$\\text{<script>alert(1)</script>}$",
        "$\\text{\" onerror=alert(1) \"}$",
        "$\\href{javascript:alert(1)}{x}$",
        "$\\color{red\" onload=\"alert(1)}x$",
        "![$\\text{\" onerror=alert(1) x=\"}$](/images/0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000)",
        "<a href=\"javascript:alert(1)\">x</a>",
        "[x]: javascript:alert(1)\n[x]",
        "<div style=\"background:url(javascript:alert(1))\">",
        "a\u{0}<scr\u{0}ipt>alert(1)</script>",
    ];
    for attack in attacks {
        let shown = html(attack);
        // What is left of it is text: the only way into a tag is a `<`.
        let mut tags = shown.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default().to_lowercase());
        assert!(
            tags.all(|tag| !["script", "svg", "style", "iframe", "div"].iter().any(|bad| tag.starts_with(bad))
                && !tag.contains(" on")
                && !tag.contains("javascript:")
                && !tag.contains("href=\"data:")
                && !tag.contains("src=\"data:")),
            "{attack}: {shown}"
        );
    }
}

#[test]
fn pictures_are_our_own_or_links() {
    let own = html(&format!("![A map](/images/{ID})"));
    assert!(
        own.contains(&format!("src=\"/images/{ID}\"")) && own.contains("alt=\"A map\"") && own.contains("lazy"),
        "{own}"
    );
    let foreign = html("![A map](https://example.org/track.png)");
    assert!(!foreign.contains("<img") && foreign.contains("<a href=\"https://example.org/track.png\""), "{foreign}");
    assert!(!html(&format!("![x](/images/{ID}?a)")).contains("<img"));
    assert!(!html("![x](/images/../api/sign_out)").contains("<img"));
    let nested = html("[![x](https://a.test/i.png)](https://b.test)");
    assert_eq!(nested.matches("<a ").count(), 1, "{nested}");
    assert!(html("[a](https://b.test)").contains("rel=\"nofollow noopener\""));
}

#[test]
fn hostile_texts_end_soon() {
    for text in [
        "[".repeat(5_000),
        "![".repeat(2_500),
        "> ".repeat(2_500),
        "- ".repeat(2_500),
        "*a ".repeat(1_666),
        "`".repeat(5_000),
        "$".repeat(5_000),
        "<".repeat(5_000),
        format!("${}$", "{".repeat(4_998)),
        format!("${}$", "\\frac".repeat(390)),
        format!("${}$", "x^".repeat(990)),
        format!("${}$", "\\sqrt".repeat(390)),
        "|a".repeat(2_500),
        "&#xE000;".repeat(600),
    ] {
        assert!(html(&text).len() < 400_000);
        assert!(plain_text(&text).len() <= 5_000 * 4);
    }
}

#[test]
fn plain_text_is_one_line_without_markup() {
    assert_eq!(plain_text("**Wien**\n\n*(Vienna)*"), "Wien (Vienna)");
    assert_eq!(plain_text("$x^2$ and `code`"), "x^2 and code");
    assert_eq!(plain_text(&format!("![A map](/images/{ID})")), "A map");
    assert_eq!(plain_text("a  b"), "a b");
    assert_eq!(plain_text("1 < 2 &amp; 3"), "1 < 2 & 3");
}
