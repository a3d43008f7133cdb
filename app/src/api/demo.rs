//! The demo's world, its clock, and what can be made to happen. Refused where there is no demo.

use engine::{
    demo::{DemoState, Scenario, ScenarioOutcome},
    forest::entry::Showcase,
};
use leptos::prelude::*;

use super::ApiError;

#[server(endpoint = "demo/state")]
pub async fn state() -> Result<DemoState, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::demo::state(&backend).await?)
}

/// The odd entries of the forests, and what is odd about them.
#[server(endpoint = "demo/showcases")]
pub async fn showcases() -> Result<Vec<Showcase>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::demo::showcases(&backend).await?)
}

/// `seed` may be empty: then the world stays the one that it is.
#[server(endpoint = "demo/reset")]
pub async fn reset(seed: String) -> Result<DemoState, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let seed = engine::demo::seed(&seed).map_err(|error| backend::Error::Invalid(vec![error]))?;
    let state = backend::demo::reset(&backend, &actor, seed).await?;
    super::caller::go_on_without_script(&crate::routes::Route::Demo.to_string());
    Ok(state)
}

#[server(endpoint = "demo/advance-clock")]
pub async fn advance_clock(seconds: u64) -> Result<DemoState, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let by = std::time::Duration::from_secs(seconds);
    let state = backend::demo::advance(&backend, &actor, by).await?;
    super::caller::go_on_without_script(&crate::routes::Route::Demo.to_string());
    Ok(state)
}

/// Makes every enabled configuration due, and waits for the end of their cycles.
#[server(endpoint = "demo/run-cycles")]
pub async fn run_cycles() -> Result<DemoState, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let state = backend::demo::run_cycles(&backend, &actor).await?;
    super::caller::go_on_without_script(&crate::routes::Route::Demo.to_string());
    Ok(state)
}

#[server(endpoint = "demo/run-scenario")]
pub async fn run_scenario(scenario: Scenario) -> Result<ScenarioOutcome, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let outcome = backend::demo::run(&backend, &actor, scenario).await?;
    super::caller::go_on_without_script(&crate::routes::Route::Demo.to_string());
    Ok(outcome)
}
