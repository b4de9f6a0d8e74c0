//! What Markdown becomes, and what it never becomes.

use super::*;

const ID: &str = "0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000";

#[test]
fn ordinary_cards() {
    assert_eq!(render("Washington, D.C."), "<p>Washington, D.C.</p>\n");
    assert_eq!(render("**bold** and `code`"), "<p><strong>bold</strong> and <code>code</code></p>\n");
    assert_eq!(render("# Title"), "<h3>Title</h3>\n");
    assert_eq!(render("```rust\nlet a = 1 < 2;\n```"), "<pre><code>let a = 1 &lt; 2;\n</code></pre>\n");
    assert!(render("|a|b|\n|-|-|\n|1|2|").contains("<td>2</td>"));
    assert_eq!(render("5 < 6 & 7"), "<p>5 &lt; 6 &amp; 7</p>\n");
    assert_eq!(render(""), "");
}

#[test]
fn formulas_become_mathml() {
    let inline = render("The area is $\\pi r^2$.");
    assert!(inline.contains("<math") && inline.contains("</math>") && inline.contains('π'), "{inline}");
    let block = render("$$\\frac{a}{b}$$");
    assert!(block.contains("<mfrac>") && block.contains("block"), "{block}");
    assert!(!render("It costs $5 and $10.").contains("<math"), "prices are no formulas");
    let two = render("$a$ then $b$");
    assert_eq!(two.matches("<math").count(), 2);
}

#[test]
fn broken_formulas_show_their_source() {
    for broken in ["$\\nosuchcommand x$", "$\\left( a$", "$\\begin{matrix} a$", "$\\def\\a{\\a}\\a$", "$\\frac{a}$"] {
        let shown = render(broken);
        assert!(shown.contains("math-error") && shown.contains("title="), "{broken}: {shown}");
        assert!(!shown.contains("<math"), "{broken}: {shown}");
    }
    // With a brace that stays open it is no formula to begin with.
    for open in ["$\\frac{a$", "$a^{b$", "$}$"] {
        assert_eq!(render(open), format!("<p>{open}</p>\n"));
    }
    let injected = render("$\\frac{\"><script>alert(1)</script>$");
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
        let shown = render(attack);
        // What is left of it is text: the only way into a tag is a `<`.
        let mut tags = shown.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default().to_lowercase());
        assert!(
            tags.all(|tag| !["script", "svg", "style", "iframe", "div"].iter().any(|bad| tag.starts_with(bad))
                // Between quotation marks it is a value, not an attribute.
                && !tag.split('"').step_by(2).any(|outside| outside.contains(" on"))
                && !tag.contains("javascript:")
                && !tag.contains("href=\"data:")
                && !tag.contains("src=\"data:")),
            "{attack}: {shown}"
        );
    }
}

#[test]
fn pictures_are_our_own_or_links() {
    let own = render(&format!("![A map](/images/{ID})"));
    assert!(
        own.contains(&format!("src=\"/images/{ID}\"")) && own.contains("alt=\"A map\"") && own.contains("lazy"),
        "{own}"
    );
    let foreign = render("![A map](https://example.org/track.png)");
    assert!(!foreign.contains("<img") && foreign.contains("<a href=\"https://example.org/track.png\""), "{foreign}");
    assert!(!render(&format!("![x](/images/{ID}?a)")).contains("<img"));
    assert!(!render("![x](/images/../api/sign_out)").contains("<img"));
    let nested = render("[![x](https://a.test/i.png)](https://b.test)");
    assert_eq!(nested.matches("<a ").count(), 1, "{nested}");
    assert!(render("[a](https://b.test)").contains("rel=\"nofollow noopener\""));
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
        assert!(render(&text).len() < 400_000);
        assert!(plain_text(&text).len() <= 5_000 * 4);
    }
}

#[test]
fn a_formula_that_is_too_long_or_too_deep_stays_as_it_was_typed() {
    let long = |parts| format!("${}x$", "x+".repeat(parts));
    assert!(render(&long(900)).contains("<math"), "1,802 bytes");
    for formula in [long(1_000), format!("${}x{}$", "{".repeat(41), "}".repeat(41))] {
        let shown = render(&formula);
        assert!(!shown.contains("<math") && shown.contains('x'), "{shown}");
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
