//! What a choice of the pane would do to the tenant: the plan of it, counted before anything is
//! saved.

use engine::{
    configuration::draft::{ConfigurationDraft, ScopeDraft},
    preview::PlanCounts,
};
use leptos::prelude::*;

use crate::{
    api::previews::MakeOfDraft,
    components::{button::Button, icon::Glyph, moment::Moment},
    pages::{
        cloud_sync::{configurations::editor::Editor, status::failures_in_words},
        forms::complain,
    },
    wording::number,
};

/// The region; `draft` is what the pane holds at this moment.
#[component]
pub fn EffectOnTenant(editor: Editor, draft: Signal<ScopeDraft>) -> impl IntoView {
    let make = ServerAction::<MakeOfDraft>::new();
    complain(make.value().into(), "Not counted");
    let counted_for = RwSignal::new(None::<ScopeDraft>);
    let count = move |()| {
        let scope = draft.get_untracked();
        counted_for.set(Some(scope.clone()));
        let draft = ConfigurationDraft {
            scope: Some(scope),
            ..untrack(|| editor.draft())
        };
        let id = editor.id();
        make.dispatch(MakeOfDraft { id, draft });
    };
    // What was counted for another choice says nothing of this one.
    let shown = Memo::new(move |_| {
        let is_current = counted_for.read().as_ref() == Some(&*draft.read());
        make.value().get()?.ok().filter(|_| is_current)
    });
    let said = move || match (make.pending().get(), shown.read().is_some()) {
        (true, _) => "The directory is being read and compared with the tenant.",
        (false, false) => "Counted from the directory, before anything is saved.",
        (false, true) => "Nothing changes until you select Done and then Save.",
    };
    view! {
        <section class="stack close" aria-labelledby="effect-title" aria-busy=move || make.pending().get().then_some("true")>
            <h3 id="effect-title">"Effect on the tenant"</h3>
            {move || shown.get().map(|preview| {
                let managed = editor.state.read_untracked().managed.total();
                view! {
                    <Figures counts=preview.counts managed/>
                    <p class="hint">"Counted "<Moment at=preview.made_at/>"."</p>
                }
            })}
            <p class="muted" role="status">{said}</p>
            <div class="row">
                <Button
                    label="Count the effect"
                    glyph=Glyph::Beaker
                    small=true
                    on_click=count
                    unavailable=make.pending()
                />
            </div>
        </section>
    }
}

#[component]
fn Figures(counts: PlanCounts, managed: u64) -> impl IntoView {
    let Movement { enter, leave, then } = Movement::of(&counts, managed);
    view! {
        <dl class="figures small-figures">
            <div><dt>"Enter the scope"</dt><dd>{number(enter)}</dd></div>
            <div><dt>"Leave the scope"</dt><dd>{number(leave)}</dd></div>
            <div><dt>"In scope then"</dt><dd>{number(then)}</dd></div>
        </dl>
        {failures_in_words(counts.failures).map(|failures| view! {
            <p>{failures}". The preview lists them."</p>
        })}
    }
}

/// Who comes, who goes, and how many there are afterwards.
#[derive(Debug, PartialEq, Eq)]
struct Movement {
    enter: u64,
    leave: u64,
    then: u64,
}

impl Movement {
    fn of(counts: &PlanCounts, managed: u64) -> Self {
        let enter = counts.creates.total() + counts.restores.total() + counts.take_overs.total();
        let leave = counts.deletes.total();
        Self {
            enter,
            leave,
            then: (managed + enter).saturating_sub(leave),
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::records::ManagedCounts;

    use super::*;

    #[test]
    fn objects_that_come_back_or_are_taken_over_enter_too() {
        let users = |users| ManagedCounts {
            users,
            ..ManagedCounts::default()
        };
        let counts = PlanCounts {
            creates: users(3),
            restores: users(2),
            take_overs: users(1),
            deletes: users(4),
            updates: users(9),
            ..PlanCounts::default()
        };
        let movement = Movement {
            enter: 6,
            leave: 4,
            then: 12,
        };
        assert_eq!(Movement::of(&counts, 10), movement);
    }
}
