//! `/cloud-sync/configurations/:id/get-started`, new skin: the five steps as tiles.

use leptos::prelude::*;

use super::{next_step::Step, overview::Shown};
use crate::components::icon::Glyph;
use crate::components::{
    button::ButtonLink,
    status_badge::{Badge, StatusBadge, Tone},
};

#[component]
pub fn GetStarted(shown: Shown) -> impl IntoView {
    view! {
        <p class="lead muted">
            "Five steps from a new configuration to one that runs. Each can be repeated at any time."
        </p>
        <ol class="tiles" aria-label="Get started">
            {Step::ALL
                .into_iter()
                .zip(1..)
                .map(|(step, number)| view! { <Tile shown step number/> })
                .collect_view()}
        </ol>
    }
}

#[component]
fn Tile(shown: Shown, step: Step, number: u8) -> impl IntoView {
    let id = shown.editor.id();
    let heading = format!("tile-{number}");
    let labelled_by = heading.clone();
    let enabled = move || {
        let saved = shown.editor.saved.read();
        (step == Step::Enable && saved.configuration.deployment.is_enabled()).then(|| {
            let badge = Badge::new("Enabled", Glyph::CheckmarkCircleFilled, Tone::Good);
            view! { <StatusBadge badge/> }
        })
    };
    let label = match step {
        Step::Enable => "Review and enable",
        other => other.label(),
    };
    view! {
        <li>
            <section class="card" aria-labelledby=labelled_by>
                <span class="section-number done" aria-hidden="true">{number}</span>
                <h2 id=heading>
                    <span class="visually-hidden">{number}". "</span>
                    {step.label()}
                </h2>
                <p class="muted">{step.lead()}</p>
                <p class="row"><ButtonLink label href=step.address(id) small=true/> {enabled}</p>
            </section>
        </li>
    }
}
