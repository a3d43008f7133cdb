//! The right column of the configuration page: how it is now, and what **Save** would change.

use engine::{
    records::{CyclePhase, CycleProgress},
    sign_in::PasswordHashSyncState,
};
use leptos::prelude::*;

use super::editor::Editor;
use crate::{
    api::{self, resource::resource},
    components::{
        card::{Card, Points},
        copy_button::CopyButton,
        essentials::Fact,
        icon::Glyph,
        moment::Moment,
        progress::ProgressBar,
        status_badge::StatusBadgeButton,
    },
    live,
    pages::cloud_sync::{provisioning_logs::filters::failures_of, status},
    routes::Route,
    wording::{count, number},
};

#[component]
pub fn Summary(editor: Editor) -> impl IntoView {
    let changes = Signal::derive(move || editor.changes());
    view! {
        <aside aria-label="Summary">
            <Card id="sync-status-title" title="Sync status">
                <Progress editor/>
                <Facts editor/>
            </Card>
            {move || editor.has_changes().then(|| view! {
                <Card id="before-you-save" title="Before you save">
                    <p class="hint">"Compared with the stored settings"</p>
                    <Points points=changes glyph=Glyph::Edit/>
                </Card>
            })}
        </aside>
    }
}

#[component]
fn Facts(editor: Editor) -> impl IntoView {
    let id = editor.id();
    let state = editor.state;
    let badge = Signal::derive(move || status::badge(state.read().status));
    let last = Memo::new(move |_| state.read().last_cycle.clone());
    let last_run = move || match last.get() {
        Some(cycle) => view! {
            <Moment at=cycle.ended_at/>
            {format!(", {}", status::duration_in_words(&cycle))}
        }
        .into_any(),
        None => view! { <span class="muted">"Not yet run"</span> }.into_any(),
    };
    let next_run = move || status::next_run(&state.read());
    let job = id.job_id();
    view! {
        <dl class="facts">
            <Fact name="Status">
                <StatusBadgeButton badge name=editor.domain() href=Route::SyncStatus(id)/>
            </Fact>
            <Fact name="Last run">{last_run}</Fact>
            <Fact name="Next run">{next_run}</Fact>
            <Fact name="Users">{move || number(state.read().managed.users)}</Fact>
            <Fact name="Groups">{move || number(state.read().managed.groups)}</Fact>
            <Fact name="Contacts">{move || number(state.read().managed.contacts)}</Fact>
            <Fact name="Failures"><Failures editor/></Fact>
            <Fact name="Passwords"><Passwords editor/></Fact>
            <Fact name="Job ID">
                <span class="monospace">{job.clone()}</span>
                <CopyButton what="job ID" text=job/>
            </Fact>
        </dl>
    }
}

/// How many objects failed and are tried again, and the way to why.
#[component]
pub fn Failures(editor: Editor) -> impl IntoView {
    let failures = Memo::new(move |_| editor.state.read().failures);
    move || match failures.get() {
        0 => "None".into_any(),
        failures => view! {
            <a href=failures_of(editor.id())>{format!("{} being retried", number(failures))}</a>
        }
        .into_any(),
    }
}

/// What password hash sync did so far.
#[component]
fn Passwords(editor: Editor) -> impl IntoView {
    let id = editor.id();
    let is_on = Memo::new(move |_| editor.saved.read().configuration.password_hash_sync);
    let state = resource(|| (), move |()| api::configurations::password_hash_sync(id));
    live::reload_on_change(state);
    let words = move || {
        let is_on = is_on.get();
        Suspend::new(async move {
            match (is_on, state.await) {
                (false, _) => "Not synchronized".to_owned(),
                (true, Ok(state)) => passwords_in_words(&state),
                (true, Err(error)) => error.to_string(),
            }
        })
    };
    view! { <Transition>{words}</Transition> }
}

fn passwords_in_words(state: &PasswordHashSyncState) -> String {
    if let Some(error) = &state.error {
        return error.clone();
    }
    if state.last_run.is_none() {
        return "Not yet run".to_owned();
    }
    let others = [
        (state.must_change, "to be changed first"),
        (state.failed, "being retried"),
    ];
    let others = others
        .into_iter()
        .filter(|(number_of, _)| *number_of > 0)
        .map(|(number_of, what)| format!("{} {what}", number(number_of)));
    let all = std::iter::once(count(state.synchronized, "user")).chain(others);
    all.collect::<Vec<_>>().join(", ")
}

/// The cycle under way in numbers: read, to write, written, speed, time left.
#[component]
pub fn Progress(editor: Editor) -> impl IntoView {
    let progress = Memo::new(move |_| editor.state.read().progress.clone());
    let is_running = Memo::new(move |_| progress.read().is_some());
    let domain = editor.domain();
    move || {
        is_running.get().then(|| {
            let label = format!("Cycle of {domain}");
            view! { <Running progress label/> }
        })
    }
}

#[component]
fn Running(progress: Memo<Option<CycleProgress>>, label: String) -> impl IntoView {
    let of = move |read: fn(&CycleProgress) -> String| {
        move || progress.read().as_ref().map(read).unwrap_or_default()
    };
    let done = Signal::derive(move || {
        progress
            .read()
            .as_ref()
            .map_or(0, |it| status::reached(it).0)
    });
    let total = Signal::derive(move || {
        progress
            .read()
            .as_ref()
            .and_then(|it| status::reached(it).1)
    });
    view! {
        <div class="stack close">
            <p class="strong">{of(phase_in_words)}</p>
            <ProgressBar label done total full_width=true/>
            <p class="muted small">{of(status::progress_in_words)}</p>
            <dl class="figures small-figures">
                <div><dt>"Read"</dt><dd>{of(|it| number(it.objects_read))}</dd></div>
                <div><dt>"To write"</dt><dd>{of(|it| number(it.to_write))}</dd></div>
                <div><dt>"Written"</dt><dd>{of(|it| number(it.written))}</dd></div>
            </dl>
            <p class="muted small">{of(speed_in_words)}</p>
        </div>
    }
}

fn phase_in_words(progress: &CycleProgress) -> String {
    let doing = match progress.phase {
        CyclePhase::Reading => "reading the directory",
        CyclePhase::Planning => "working out changes",
        CyclePhase::Writing => "writing to the tenant",
        CyclePhase::References => "linking managers and members",
    };
    format!("{} cycle: {doing}", status::kind_in_words(progress.kind))
}

fn speed_in_words(progress: &CycleProgress) -> String {
    let speed = format!(
        "{} objects per second",
        number(progress.objects_per_second.max(0.0) as u64)
    );
    match status::time_left(progress) {
        Some(left) => format!("{speed}, {left}"),
        None => speed,
    }
}

#[cfg(test)]
mod tests {
    use engine::timestamp::Timestamp;

    use super::*;

    #[test]
    fn passwords_are_told_in_numbers_and_a_failure_in_its_sentence() {
        let not_yet = PasswordHashSyncState::default();
        assert_eq!(passwords_in_words(&not_yet), "Not yet run");
        let good = PasswordHashSyncState {
            last_run: Some(Timestamp(1)),
            synchronized: 1_160,
            must_change: 20,
            ..not_yet.clone()
        };
        assert_eq!(
            passwords_in_words(&good),
            "1,160 users, 20 to be changed first"
        );
        let bad = PasswordHashSyncState {
            error: Some("The directory refused.".to_owned()),
            ..good
        };
        assert_eq!(passwords_in_words(&bad), "The directory refused.");
    }
}
