//! What the expression is tested on: a typed value, or an object of the directory.

use engine::{configuration::ConfigurationId, directory::ObjectKind};
use leptos::prelude::*;

use super::{
    Answer, THEN_TEST,
    draft::{Draft, ON_OBJECT, ON_VALUE},
};
use crate::{
    components::{
        button::Button,
        choice::{RadioChoice, Segments},
        field::{TextField, TextKind},
        icon::Glyph,
    },
    pages::object_field::ObjectField,
};

#[component]
pub fn Samples(
    id: ConfigurationId,
    kind: ObjectKind,
    draft: Draft,
    answer: Signal<Option<Answer>>,
    is_busy: Memo<bool>,
) -> impl IntoView {
    let is_on = move |choice: &'static str| draft.test_on.with(|test_on| test_on == choice);
    let choices = vec![
        RadioChoice::new(ON_VALUE, "Typed value", ""),
        RadioChoice::new(ON_OBJECT, "Object of the directory", ""),
    ];
    let object_error = Signal::derive(move || answer.get()?.object_error());
    view! {
        <section class="card inset stack" aria-labelledby="samples-title">
            <div class="samples-head">
                <h3 id="samples-title">"Test on"</h3>
                <Segments name="test_on" legend="Test on" value=draft.test_on choices/>
            </div>
            <div class="typed-sample of-mapping-type" hidden=move || !is_on(ON_VALUE)>
                <TextField
                    name="attribute_to_test"
                    label="Attribute to test"
                    value=draft.attribute
                    kind=TextKind::Technical
                    suggestions="builder-attributes"
                />
                <TextField name="sample_value" label="Sample value" value=draft.value/>
            </div>
            <div class="of-mapping-type" hidden=move || !is_on(ON_OBJECT)>
                <ObjectField
                    id
                    kind
                    name="sample"
                    label=sample_label(kind)
                    value=draft.sample
                    hint="A part of a name, or a distinguished name, user principal name, mail address or object identifier."
                    error=object_error
                />
            </div>
            <div class="row">
                <Button label="Test expression" glyph=Glyph::Beaker name="then" value=THEN_TEST unavailable=is_busy for_readers=true/>
                <span class="muted">"Nothing is written."</span>
            </div>
        </section>
    }
}

pub fn sample_label(kind: ObjectKind) -> String {
    format!("Sample {kind}")
}
