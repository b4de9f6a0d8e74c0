//! Shares as horizontal bars in one SVG. The numbers stand beside the bars as text, so nothing is in colour alone.

use crate::view::view;
use leptos::prelude::*;

/// A bar: what it stands for, its length in thousandths, the number beside it, and whether it is a good one.
pub type Bar = (String, u16, String, bool);

const ROW: usize = 44;
/// Of a label: more is cut, the tooltip has all of it.
const LABEL: usize = 48;

#[component]
pub fn ShareChart(
    /// What the chart shows, for screen readers.
    label: &'static str,
    bars: Vec<Bar>,
) -> impl IntoView {
    let height = bars.len() * ROW;
    let rows = bars
        .into_iter()
        .enumerate()
        .map(|(i, (name, share, number, good))| {
            let short: String = name.chars().take(LABEL).collect();
            let (top, width) = (i * ROW, u32::from(share) * 340 / 1000);
            view! {
                <g role="listitem" transform=format!("translate(0 {top})")>
                    <title>{format!("{name}: {number}")}</title>
                    <text x="0" y="16">{short}</text>
                    <rect class="chart-track" x="0" y="22" width="340" height="14" rx="3"></rect>
                    <rect class="chart-bar" class:is-good=good x="0" y="22" width=width.to_string() height="14" rx="3"></rect>
                    <text x="348" y="34">{number}</text>
                </g>
            }
        })
        .collect_view();
    view! {
        <svg class="chart" viewBox=format!("0 0 400 {height}") role="list" aria-label=label>
            {rows}
        </svg>
    }
    .into_any()
}
