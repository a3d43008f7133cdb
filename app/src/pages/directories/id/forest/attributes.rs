//! Changing the attributes of an entry: those that a person may change, in one form. The form sends
//! all of them; the forest sees itself which ones are new.

use engine::forest::{
    editable::{EditableAttribute, Shape, editable},
    entry::EntryDetails,
};
use leptos::prelude::*;

use super::{
    Shown,
    panes::{FORM, FormPane, Meant, told_at},
};
use crate::{
    api::forest::ChangeAttributes,
    components::{
        field::{Field, description_of},
        toast::Toast,
    },
    pages::forms::{CommandForm, Refusal, after, of_field, refusal},
};

#[component]
pub fn EditAttributes(shown: Shown, entry: EntryDetails) -> impl IntoView {
    let change = ServerAction::<ChangeAttributes>::new();
    let refused = refusal(change);
    let id = entry.summary.id;
    let tell = told_at(shown, || {
        Toast::success("Attributes changed", "The next cycle carries them on.")
    });
    after(change, move |()| tell(id));
    let subtitle = entry.summary.label().to_owned();
    let fields = move || {
        editable(entry.summary.class)
            .map(|attribute| {
                let value = value_of(attribute, &entry);
                view! { <AttributeField attribute value refusal=refused/> }
            })
            .collect_view()
    };
    view! {
        <FormPane
            id="edit-attributes"
            title="Edit attributes"
            subtitle
            shown
            done="Save"
            pending=change.pending()
            refusal=refused
        >
            <CommandForm id=FORM action=change>
                <Meant shown id/>
                {fields()}
            </CommandForm>
        </FormPane>
    }
}

/// As the form shows it: several values on lines of their own, references by name.
fn value_of(attribute: &EditableAttribute, entry: &EntryDetails) -> String {
    let reference = match attribute.name {
        "manager" => entry.manager.as_ref(),
        "managedBy" => entry.managed_by.as_ref(),
        _ => None,
    };
    if let Some(reference) = reference {
        return reference.dn.to_string();
    }
    let values = entry.attributes.values(attribute.name).iter();
    let lines: Vec<_> = values.map(ToString::to_string).collect();
    lines.join("\n")
}

#[component]
fn AttributeField(
    attribute: &'static EditableAttribute,
    value: String,
    refusal: Refusal,
) -> impl IntoView {
    let EditableAttribute {
        name, label, shape, ..
    } = *attribute;
    let error = of_field(refusal, name);
    let hint = match shape {
        Shape::Lines => format!("{name}, one value a line"),
        Shape::Reference => format!("{name}, a distinguished name"),
        Shape::Line | Shape::Text => name.to_owned(),
    };
    let is_invalid = move || error.with(Option::is_some).then_some("true");
    let sent_as = format!("draft[{name}]");
    let control = match shape {
        Shape::Text | Shape::Lines => view! {
            <textarea
                id=name
                name=sent_as
                class="input"
                rows="3"
                spellcheck="false"
                aria-invalid=is_invalid
                aria-describedby=description_of(name)
            >
                {value}
            </textarea>
        }
        .into_any(),
        Shape::Line | Shape::Reference => view! {
            <input
                id=name
                name=sent_as
                class=if shape == Shape::Reference { "input monospace" } else { "input" }
                type="text"
                autocomplete="off"
                spellcheck="false"
                value=value
                aria-invalid=is_invalid
                aria-describedby=description_of(name)
            />
        }
        .into_any(),
    };
    view! { <Field id=name label hint error>{control}</Field> }
}
