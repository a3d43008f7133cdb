//! One row: add it or change it. **Apply** leaves it on the page.

use engine::{
    configuration::{
        Apply as When, AttributeMapping, MappingSource,
        draft::mapping::{
            APPLY, CONSTANT_VALUE, DEFAULT_VALUE, EXPRESSION, MAPPING_TYPE, MappingDraft,
            MappingType, SOURCE_ATTRIBUTE, TARGET,
        },
    },
    directory::{AttributeName, ObjectKind},
};
use leptos::prelude::*;

use super::{ADD, EDIT, KIND, PANE, Shown, TARGET as TARGET_PART, kind_label, trial};
use crate::{
    api::{ApiError, mappings::Apply},
    browser,
    components::{
        button::{Button, GoButton, Weight},
        choice::{RadioChoice, RadioGroup},
        field::{SelectField, SelectOption, TextArea, TextField, TextKind},
        pane::Pane,
    },
    list_address::ListAddress,
    pages::{
        attribute_names::{AttributeNames, unknown_attributes},
        cloud_sync::configurations::expression_builder::CharacterCount,
        forms::{CommandForm, WholeFormRefusal, after, refusal},
    },
    routes::Route,
};

const FORM: &str = "mapping-form";

#[component]
pub fn MappingPane(
    shown: Shown,
    kind: ObjectKind,
    /// The row that is changed; none for a new one.
    original: Option<AttributeMapping>,
) -> impl IntoView {
    let apply = ServerAction::<Apply>::new();
    let local = RwSignal::new(None::<ApiError>);
    let refused = refusal(apply);
    let refusal = Signal::derive(move || local.get().or_else(|| refused.get()));
    let target = original.as_ref().map(|row| row.target.clone());
    let close = shown.close();
    let place = target.clone();
    after(apply, move |row| {
        match shown.editor.put(kind, place.as_ref(), row) {
            Ok(()) => close.run(()),
            Err(errors) => {
                if let Some(first) = errors.first() {
                    browser::focus_by_id(&first.field);
                }
                local.set(Some(ApiError::Invalid(errors)));
            }
        }
    });
    let title = match original {
        Some(_) => "Edit attribute mapping",
        None => "Add attribute mapping",
    };
    let subtitle = match &target {
        Some(target) => format!("{} · {target}", kind_label(kind)),
        None => kind_label(kind).to_owned(),
    };
    let back = shown.plain();
    let footer = move || {
        view! {
            <Button label="Apply" weight=Weight::Primary form=FORM unavailable=apply.pending()/>
            <GoButton label="Cancel" href=back/>
            <span class="note">"Stored with Save schema."</span>
        }
    };
    view! {
        <Pane id="mapping-pane" title subtitle on_close=close footer>
            <WholeFormRefusal refusal start="Not applied."/>
            <p class="only-without-script">"Without a script, Apply stores this mapping at once."</p>
            <CommandForm id=FORM action=apply>
                <input type="hidden" name="id" value=shown.editor.id().to_string()/>
                {target.as_ref().map(|target| view! {
                    <input type="hidden" name="original" value=target.to_string()/>
                })}
                <Fields shown kind original refusal/>
            </CommandForm>
        </Pane>
    }
}

#[component]
fn Fields(
    shown: Shown,
    kind: ObjectKind,
    original: Option<AttributeMapping>,
    refusal: Signal<Option<ApiError>>,
) -> impl IntoView {
    let own = original.as_ref().map(|row| row.target.clone());
    let draft = match &original {
        Some(row) => MappingDraft::of(kind, row),
        None => MappingDraft::new(kind),
    };
    let error = move |field: &'static str| crate::pages::forms::of_field(refusal, field);
    let flow = if draft.flow_behavior == Default::default() {
        "flowWhenChanged"
    } else {
        "flowAlways"
    };
    let mapping_type = RwSignal::new(word_of(draft.mapping_type).to_owned());
    let expression = RwSignal::new(draft.expression);
    take_what_was_built(shown, mapping_type, expression);
    let id = shown.editor.id();
    let source_attribute = RwSignal::new(draft.source_attribute);
    let unknown_source = unknown_attributes(id, move || MappingSource::Direct {
        attribute: source_attribute.read().trim().into(),
    });
    let unknown_in_expression = unknown_attributes(id, move || MappingSource::Expression {
        expression: expression.get(),
    });
    let is_hidden = move |of: MappingType| mapping_type.read().as_str() != word_of(of);
    let targets = shown.editor.free_targets(kind, own.as_ref());
    let targets: Vec<SelectOption> = own
        .is_none()
        .then(|| SelectOption::new("", "Choose a target attribute"))
        .into_iter()
        .chain(
            targets
                .into_iter()
                .map(|name| SelectOption::new(name.clone(), name)),
        )
        .collect();
    let types: Vec<SelectOption> = MappingType::ALL
        .map(|of| SelectOption::new(word_of(of), of.label()))
        .into();
    view! {
        <input type="hidden" name="draft[kind]" value=kind.to_string()/>
        <input type="hidden" name="draft[flow_behavior]" value=flow/>
        <SelectField name="draft[mapping_type]" label="Mapping type" value=mapping_type options=types error=error(MAPPING_TYPE) class="narrow"/>
        <div class="of-mapping-type" hidden=move || is_hidden(MappingType::Direct)>
            <TextField
                name="draft[source_attribute]"
                label="Source attribute"
                value=source_attribute
                kind=TextKind::Technical
                suggestions="known-sources"
                error=error(SOURCE_ATTRIBUTE)
                warning=unknown_source
            />
            <AttributeNames id list="known-sources"/>
        </div>
        <div class="of-mapping-type" hidden=move || is_hidden(MappingType::Constant)>
            <TextField name="draft[constant_value]" label="Constant value" value=RwSignal::new(draft.constant_value) error=error(CONSTANT_VALUE)/>
        </div>
        <div class="of-mapping-type" hidden=move || is_hidden(MappingType::Expression)>
            <TextArea
                name="draft[expression]"
                label="Expression"
                value=expression
                technical=true
                rows=5
                hint="Attributes stand in square brackets, texts in double quotes. Two double quotes alone clear the target."
                error=error(EXPRESSION)
                warning=unknown_in_expression
                class="full-width"
            />
            <div class="beside-expression">
                <a href=builder_address(shown, kind, own.as_ref(), expression)>"Try the expression builder"</a>
                <CharacterCount text=expression/>
            </div>
            <trial::Trial id kind expression/>
        </div>
        <TextField
            name="draft[default_value]"
            label="Default value if null (optional)"
            value=RwSignal::new(draft.default_value)
            hint="Written when the object is created and the source gives nothing. With the type None, written while the target is empty."
            error=error(DEFAULT_VALUE)
        />
        <SelectField name="draft[target]" label="Target attribute" value=RwSignal::new(draft.target) options=targets error=error(TARGET) required=true class="narrow"/>
        <RadioGroup name="draft[apply]" legend="Apply this mapping" value=RwSignal::new(apply_word(draft.apply).to_owned()) choices=apply_choices() error=error(APPLY)/>
    }
}

/// The expression that the builder gave back: at once, or in the address where no script runs.
fn take_what_was_built(shown: Shown, mapping_type: RwSignal<String>, expression: RwSignal<String>) {
    let take = move |built: String| {
        mapping_type.set(word_of(MappingType::Expression).to_owned());
        expression.set(built);
    };
    let in_address = shown
        .address
        .with_untracked(|address| address.text(super::EXPRESSION));
    if !in_address.is_empty() {
        take(in_address);
    }
    Effect::new(move || {
        if let Some(built) = shown.built.get() {
            take(built);
            shown.built.set(None);
        }
    });
}

/// The builder, with what stands in the pane.
fn builder_address(
    shown: Shown,
    kind: ObjectKind,
    target: Option<&AttributeName>,
    expression: RwSignal<String>,
) -> impl Fn() -> String + use<> {
    let page = ListAddress::plain(Route::ExpressionBuilder(shown.editor.id()));
    let of_mapping = match target {
        Some(target) => page.with(PANE, EDIT).with(TARGET_PART, target),
        None => page.with(PANE, ADD),
    };
    let of_mapping = of_mapping.with(KIND, kind);
    move || {
        expression.with(|text| match text.is_empty() {
            true => of_mapping.to_string(),
            false => of_mapping.with("expression_input", text).to_string(),
        })
    }
}

/// As the form sends it.
fn word_of(mapping_type: MappingType) -> &'static str {
    match mapping_type {
        MappingType::Direct => "direct",
        MappingType::Constant => "constant",
        MappingType::Expression => "expression",
        MappingType::None => "none",
    }
}

fn apply_word(apply: When) -> &'static str {
    match apply {
        When::Always => "always",
        When::OnlyDuringCreation => "onlyDuringCreation",
        When::ValueAddOnly => "valueAddOnly",
        When::MultiValueAddOnly => "multiValueAddOnly",
        When::AttributeAddOnly => "attributeAddOnly",
    }
}

fn apply_choices() -> Vec<RadioChoice> {
    let choice = |apply: When| RadioChoice::new(apply_word(apply), apply.label(), "");
    When::ALL.map(choice).into()
}
