//! The expression of a mapping tried on an object of the directory, without leaving the pane.

use engine::{
    configuration::ConfigurationId,
    directory::ObjectKind,
    expression_builder::{Question, Sample},
};
use leptos::prelude::*;

use crate::{
    api::expressions::Test,
    components::{
        button::Button,
        field::{Field, TextInput, TextKind},
        icon::Glyph,
    },
    pages::{
        cloud_sync::configurations::expression_builder::{
            Answer, output::Output, samples::sample_label,
        },
        object_field::Suggestions,
    },
};

#[component]
pub fn Trial(id: ConfigurationId, kind: ObjectKind, expression: RwSignal<String>) -> impl IntoView {
    let sample = RwSignal::new(String::new());
    let test = ServerAction::<Test>::new();
    let answer = Signal::derive(move || {
        let result = test.value().get()?;
        Some(Answer::new(expression.get_untracked(), result))
    });
    let error = Signal::derive(move || answer.get()?.object_error());
    let ask = Callback::new(move |()| {
        let question = Question {
            expression: expression.get_untracked(),
            sample: Sample::Object(sample.get_untracked()),
        };
        test.dispatch(Test { id, kind, question });
    });
    view! {
        <section class="card inset stack only-with-script" aria-labelledby="trial-title">
            <h3 id="trial-title">"Test expression"</h3>
            <Field id="trial_sample" label=sample_label(kind) error class="full-width">
                <div class="with-button">
                    <TextInput
                        name="trial_sample"
                        value=sample
                        kind=TextKind::Technical
                        error
                        suggestions=Some("trial-suggestions")
                    />
                    <Button label="Test expression" glyph=Glyph::Beaker on_click=ask unavailable=test.pending()/>
                </div>
            </Field>
            <Suggestions id kind list="trial-suggestions" value=sample/>
            {move || answer.with(Option::is_some).then(|| view! { <Output answer/> })}
        </section>
    }
}
