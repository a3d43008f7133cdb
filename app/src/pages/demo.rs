//! `/demo`: the test environment. Makes things happen, moves the clock, puts the world back.

use engine::{
    demo::{DemoState, Scenario, ScenarioOutcome},
    forest::entry::Showcase,
};
use leptos::prelude::*;

use super::{
    forms::{CommandForm, DraftField, DraftSelect, WholeFormRefusal, after, complain, refusal},
    frame::{self, label},
    loading::when_loaded,
};
use crate::{
    api::{
        self, ApiError,
        demo::{AdvanceClock, Reset, RunCycles, RunScenario},
        resource::resource,
    },
    components::{
        button::{Button, GoButton, Weight},
        card::Card,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        field::SelectOption,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        moment::{Moment, MomentForm},
        page::Page,
        status_badge::{Badge, StatusBadge, Tone},
        toast::{Toast, Toasts},
    },
    live::{self, keep_fresh},
    routes::Route,
};

type Told = RwSignal<Option<ScenarioOutcome>>;

async fn load() -> Result<(DemoState, Vec<Showcase>), ApiError> {
    Ok((api::demo::state().await?, api::demo::showcases().await?))
}

#[component]
pub fn Demo() -> impl IntoView {
    let demo = resource(|| (), |()| load());
    when_loaded(demo, |(state, showcases)| page(state, showcases))
}

fn page(state: DemoState, showcases: Vec<Showcase>) -> impl IntoView {
    let state = RwSignal::new(state);
    keep_fresh(state, api::demo::state);
    let told = Told::new(None);
    view! {
        <Page
            title=label::TEST_ENVIRONMENT
            subtitle="Demonstration"
            glyph=Glyph::Beaker
            above=frame::home()
            menu=frame::tenant_menu("")
            state=live::last_update_in_words()
        >
            <Outcome told/>
            <div class="cards">
                <World state/>
                <MoveClock/>
                <StartAgain state/>
            </div>
            <Scenarios told/>
            <OddCases showcases/>
        </Page>
    }
}

/// What the last scenario did.
#[component]
fn Outcome(told: Told) -> impl IntoView {
    move || {
        told.get().map(|outcome| {
            let dismiss = Callback::new(move |()| told.set(None));
            view! {
                <MessageBar
                    id="scenario-outcome"
                    severity=Severity::Success
                    start=format!("{}.", outcome.scenario.label())
                    text=outcome.done.join(" ")
                    on_dismiss=dismiss
                    announced=true
                >
                    <GoButton label="View configurations" href=Route::CloudSync small=true/>
                </MessageBar>
            }
        })
    }
}

#[component]
fn World(state: RwSignal<DemoState>) -> impl IntoView {
    let badge = |is_good: bool, good: &'static str, bad: &'static str| match is_good {
        true => Badge::new(good, Glyph::CheckmarkCircleFilled, Tone::Good),
        false => Badge::new(bad, Glyph::WarningFilled, Tone::Warning),
    };
    let now = Signal::derive(move || state.read().now);
    let clock = move || match state.read().clock_stands_still {
        true => "stands still until it is moved",
        false => "ticks",
    };
    view! {
        <Card id="world-title" title="How the demo stands">
            <dl class="facts">
                <div><dt>"Number"</dt><dd>{move || state.read().seed}</dd></div>
                <div><dt>"Time"</dt><dd><Moment at=now form=MomentForm::Exact/></dd></div>
                <div><dt>"Clock"</dt><dd>{clock}</dd></div>
                <div>
                    <dt>"Agent"</dt>
                    <dd>{move || view! { <StatusBadge badge=badge(state.read().agent_is_active, "active", "inactive")/> }}</dd>
                </div>
                <div>
                    <dt>"Target"</dt>
                    <dd>{move || view! {
                        <StatusBadge badge=badge(
                            state.read().target_accepts_credentials,
                            "accepts credentials",
                            "refuses credentials",
                        )/>
                    }}</dd>
                </div>
            </dl>
        </Card>
    }
}

#[component]
fn MoveClock() -> impl IntoView {
    let advance = ServerAction::<AdvanceClock>::new();
    let run = ServerAction::<RunCycles>::new();
    let toasts = Toasts::here();
    after(advance, move |_| {
        toasts.show(Toast::success(
            "Clock advanced",
            "What is due by now begins.",
        ));
    });
    after(run, move |_| {
        toasts.show(Toast::success("Cycles run", "Nothing is due any more."));
    });
    complain(run.value().into(), "Cycles not run");
    let choices = [
        (120, "2 minutes"),
        (3_600, "1 hour"),
        (86_400, "1 day"),
        (7 * 86_400, "7 days"),
        (28 * 86_400, "28 days"),
    ];
    let options = choices.map(|(seconds, label)| SelectOption::new(seconds.to_string(), label));
    view! {
        <Card id="clock-title" title="Clock">
            <div class="stack">
                <CommandForm id="clock-form" action=advance>
                    <WholeFormRefusal refusal=refusal(advance) start="Not advanced."/>
                    <DraftSelect
                        name="seconds"
                        label="Advance by"
                        initial="120"
                        options=options.to_vec()
                        hint="Cycles run every 2 minutes, as far as nobody said otherwise."
                        refusal=refusal(advance)
                    />
                    <div class="row">
                        <Button label="Advance clock" glyph=Glyph::History/>
                    </div>
                </CommandForm>
                <CommandForm id="cycles-form" action=run>
                    <div class="row">
                        <Button label="Run cycle now" glyph=Glyph::ArrowSync unavailable=run.pending()/>
                    </div>
                </CommandForm>
            </div>
        </Card>
    }
}

#[component]
fn StartAgain(state: RwSignal<DemoState>) -> impl IntoView {
    let reset = ServerAction::<Reset>::new();
    let toasts = Toasts::here();
    after(reset, move |fresh: DemoState| {
        state.set(fresh);
        toasts.show(Toast::success(
            "Demo reset",
            format!("The world of number {} is as on its first day.", fresh.seed),
        ));
    });
    view! {
        <Card id="reset-title" title="Start again">
            <CommandForm id="reset-form" action=reset>
                <WholeFormRefusal refusal=refusal(reset) start="Not reset."/>
                <DraftField
                    name="seed"
                    label="Number of the world"
                    hint="The same number makes the same people. Empty: the one that there is."
                    refusal=refusal(reset)
                />
                <p class="hint">
                    "Configurations, logs, mails and everything in the tenant and in the demo directories are as on the first day."
                </p>
                <div class="row">
                    <Button label="Reset demo" glyph=Glyph::ArrowReset weight=Weight::Danger unavailable=reset.pending()/>
                </div>
            </CommandForm>
        </Card>
    }
}

#[component]
fn Scenarios(told: Told) -> impl IntoView {
    let run = ServerAction::<RunScenario>::new();
    after(run, move |outcome| told.set(Some(outcome)));
    complain(run.value().into(), "The scenario did not happen");
    let pending = move || run.input().get().map(|input| input.scenario.label());
    view! {
        <Card
            id="scenarios-title"
            title="Scenarios"
            aside=move || view! {
                <p class="muted" role="status">
                    {move || run.pending().get().then(pending).flatten().map(|label| format!("{label} …"))}
                </p>
            }
        >
            <ul class="scenarios">
                {Scenario::ALL.map(|scenario| view! { <ScenarioForm scenario run/> }).collect_view()}
            </ul>
        </Card>
    }
}

#[component]
fn ScenarioForm(scenario: Scenario, run: ServerAction<RunScenario>) -> impl IntoView {
    view! {
        <li>
            <ActionForm action=run>
                <input type="hidden" name="scenario" value=scenario.as_str()/>
                <Button label=scenario.label() glyph=Glyph::PlayCircle unavailable=run.pending()/>
            </ActionForm>
            <p>{scenario.story()}</p>
        </li>
    }
}

#[component]
fn OddCases(showcases: Vec<Showcase>) -> impl IntoView {
    let columns = vec![
        Column::new("Entry"),
        Column::new("Case").hidden_when_narrow(),
        Column::new("What to expect"),
    ];
    let count = showcases.len();
    view! {
        <Card id="odd-cases-title" title="Odd cases in the demo directories">
            <p class="muted">
                "Entries that are there to show how the service treats what is unusual. Open one to change it."
            </p>
            <details class="more">
                <summary>{format!("Show all {count}")}</summary>
                <DataGrid label="Odd cases" columns>
                    {showcases.into_iter().map(odd_case).collect_view()}
                </DataGrid>
            </details>
        </Card>
    }
}

fn odd_case(case: Showcase) -> impl IntoView {
    view! {
        <Row>
            <RowHeader>
                <a href=Route::Directory(case.directory).with("entry", case.id)>{case.name}</a>
            </RowHeader>
            <Cell room=ColumnRoom::HiddenWhenNarrow label="Case"><code>{case.case}</code></Cell>
            <Cell>{case.expect}</Cell>
        </Row>
    }
}
