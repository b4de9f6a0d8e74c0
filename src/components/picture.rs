//! The picture on the first page: a question on the projector, answered from three phones.

use crate::view::view;
use crate::words::use_words;
use leptos::prelude::*;

const SHAPES: &str = r##"<rect x="40" y="20" width="440" height="268" rx="14" fill="var(--surface-raised)" stroke="var(--text)" stroke-width="3"/>
<path d="M20 20h480" stroke="var(--text)" stroke-width="7" stroke-linecap="round"/>
<rect x="140" y="58" width="240" height="16" rx="8" fill="var(--text)"/><rect x="176" y="86" width="168" height="16" rx="8" fill="var(--text)"/>
<circle cx="440" cy="62" r="18" fill="none" stroke="var(--border)" stroke-width="7"/><path d="M440 44a18 18 0 1 1-18 18" fill="none" stroke="var(--accent)" stroke-width="7" stroke-linecap="round"/>
<rect x="64" y="130" width="190" height="60" rx="10" fill="var(--answer-a)"/><rect x="266" y="130" width="190" height="60" rx="10" fill="var(--answer-b)"/>
<rect x="64" y="202" width="190" height="60" rx="10" fill="var(--answer-c)"/><rect x="266" y="202" width="190" height="60" rx="10" fill="var(--answer-d)"/>
<g fill="#fff"><path d="m94 147 15 26H79z"/><path d="m296 144 16 16-16 16-16-16z"/><circle cx="94" cy="232" r="14"/><rect x="283" y="219" width="26" height="26" rx="2"/>
<g opacity=".85"><rect x="124" y="154" width="92" height="12" rx="6"/><rect x="326" y="154" width="64" height="12" rx="6"/><rect x="124" y="226" width="74" height="12" rx="6"/><rect x="326" y="226" width="104" height="12" rx="6"/></g></g>
<g stroke="var(--text)" stroke-width="3" fill="var(--surface-raised)"><rect x="96" y="262" width="84" height="150" rx="14" transform="rotate(-7 138 337)"/><rect x="218" y="270" width="84" height="150" rx="14"/><rect x="340" y="262" width="84" height="150" rx="14" transform="rotate(7 382 337)"/></g>
<g transform="rotate(-7 138 337)"><rect x="108" y="280" width="60" height="24" rx="5" fill="var(--answer-a)"/><rect x="108" y="310" width="60" height="24" rx="5" fill="var(--border)"/><rect x="108" y="340" width="60" height="24" rx="5" fill="var(--border)"/><rect x="108" y="370" width="60" height="24" rx="5" fill="var(--border)"/><path d="m131 292 5 5 9-10" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></g>
<rect x="230" y="288" width="60" height="24" rx="5" fill="var(--answer-a)"/><rect x="230" y="318" width="60" height="24" rx="5" fill="var(--answer-b)"/><rect x="230" y="348" width="60" height="24" rx="5" fill="var(--answer-c)"/><rect x="230" y="378" width="60" height="24" rx="5" fill="var(--answer-d)"/>
<g transform="rotate(7 382 337)"><rect x="352" y="280" width="60" height="24" rx="5" fill="var(--border)"/><rect x="352" y="310" width="60" height="24" rx="5" fill="var(--border)"/><rect x="352" y="340" width="60" height="24" rx="5" fill="var(--border)"/><rect x="352" y="370" width="60" height="24" rx="5" fill="var(--answer-d)"/><path d="m375 382 5 5 9-10" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></g>"##;

#[component]
pub fn Picture() -> impl IntoView {
    view! { <svg class="hero-picture" viewBox="0 0 520 430" role="img" aria-label=use_words().home.picture inner_html=SHAPES></svg> }
}
