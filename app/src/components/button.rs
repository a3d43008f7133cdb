//! Buttons and links that look like buttons.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate, location::Url};

use super::icon::{Glyph, Icon, IconSize};
use crate::{browser, list_address::ListAddress, permission::Permission};

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one thing that the page or pane is for.
    Primary,
    #[default]
    Secondary,
    /// Destroys something.
    Danger,
    /// Quiet, among others.
    Subtle,
}

impl Weight {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "",
            Self::Danger => "danger",
            Self::Subtle => "subtle",
        }
    }
}

/// A button. Without `on_click` it sends the form that it stands in, or the one that `form` names.
#[component]
pub fn Button(
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] weight: Weight,
    #[prop(into, optional_no_strip)] glyph: Option<Glyph>,
    #[prop(optional)] small: bool,
    #[prop(into, optional)] on_click: Option<Callback<()>>,
    /// The id of the form that is sent.
    #[prop(optional)]
    form: Option<&'static str>,
    /// What the form gets to know about this button.
    #[prop(optional)]
    name: Option<&'static str>,
    #[prop(into, optional)] value: Option<String>,
    /// Looks and says that it cannot be used now, but keeps its place and its focus.
    #[prop(into, optional)]
    unavailable: Signal<bool>,
    /// Gets the focus when its pane or dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Sends a form that changes nothing: only such a one is for readers, too.
    #[prop(optional)]
    for_readers: bool,
) -> impl IntoView {
    let changes = on_click.is_none() && !for_readers;
    let refusal = Permission::here().refusal().filter(|_| changes);
    // A refused one sends nothing before the script runs, either.
    let kind = if on_click.is_some() || refusal.is_some() {
        "button"
    } else {
        "submit"
    };
    let unavailable = Signal::derive(move || refusal.is_some() || unavailable.get());
    let click = move |event: ev::MouseEvent| {
        if unavailable.get_untracked() {
            event.prevent_default();
        } else if let Some(on_click) = on_click {
            on_click.run(());
        }
    };
    view! {
        <button
            type=kind
            class=button_class(weight, small)
            form=form
            name=name
            value=value
            autofocus=autofocus
            title=refusal
            aria-description=refusal
            aria-disabled=move || unavailable.get().then_some("true")
            on:click=click
        >
            {glyph.map(|glyph| view! { <Icon glyph size=IconSize::Sixteen/> })}
            {move || label.get()}
        </button>
    }
}

/// A link that looks like a button: it only goes somewhere.
#[component]
pub fn ButtonLink(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] weight: Weight,
    #[prop(into, optional_no_strip)] glyph: Option<Glyph>,
    #[prop(optional)] small: bool,
    /// Whether the page comes from the server as a whole, its top and all.
    #[prop(optional)]
    from_server: bool,
) -> impl IntoView {
    let rel = from_server.then_some("external");
    view! {
        <a class=button_class(weight, small) href=move || href.get() rel=rel>
            {glyph.map(|glyph| view! { <Icon glyph size=IconSize::Sixteen/> })}
            {move || label.get()}
        </a>
    }
}

/// A button that goes somewhere. It is a form underneath, so that it works before the script does.
#[component]
pub fn GoButton(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] weight: Weight,
    #[prop(into, optional_no_strip)] glyph: Option<Glyph>,
    #[prop(optional)] small: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    view! {
        <GoForm href>
            <Button label weight glyph small autofocus for_readers=true/>
        </GoForm>
    }
}

/// The form around a button that goes somewhere; for components that draw their own button. A
/// button inside another form names this one by its `id`.
///
/// A long list has one for all its rows, whose buttons say by a name what they choose: so many
/// forms, read and taken over one by one, are what makes such a page slow.
#[component]
pub fn GoForm(
    #[prop(into)] href: Signal<String>,
    /// Whether it shows something else on the same page, which then stays where it is.
    #[prop(optional)]
    stays: bool,
    /// Whether it leads nowhere now.
    #[prop(into, optional)]
    unavailable: Signal<bool>,
    /// The name by which the pressed button says what it chooses.
    #[prop(optional)]
    chooses: Option<&'static str>,
    #[prop(optional)] id: Option<&'static str>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let navigate = use_navigate();
    let choosing = move |event: &ev::SubmitEvent| {
        let href = href.get_untracked();
        let chosen = chooses.and_then(|name| Some((name, browser::submitter_value(event)?)));
        match chosen {
            Some((name, value)) => ListAddress::of_href(&href).with(name, value).to_string(),
            None => href,
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let options = NavigateOptions {
            scroll: !stays,
            ..NavigateOptions::default()
        };
        if !unavailable.get_untracked() {
            navigate(&choosing(&event), options);
        }
    };
    let path = move || href.with(|href| without_query(href).to_owned());
    view! {
        <form id=id class="button-form" method="get" action=path on:submit=submit>
            {move || href.with(|href| query_inputs(href))}
            {children.map(|children| children())}
        </form>
    }
}

/// A form sent by GET replaces the query of its address, so the query travels as fields.
fn query_inputs(href: &str) -> Vec<AnyView> {
    let query = href.split_once('?').map_or("", |(_, query)| query);
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), Url::unescape(value)))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> }.into_any())
        .collect()
}

fn without_query(href: &str) -> &str {
    href.split_once('?').map_or(href, |(path, _)| path)
}

/// A button that shows only a drawing; `label` is its name and its tooltip.
#[component]
pub fn IconButton(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] glyph: Signal<Glyph>,
    #[prop(into, optional)] on_click: Option<Callback<()>>,
    /// As small as the text that it stands in.
    #[prop(optional)]
    inline: bool,
    /// The id of the popover that it opens.
    #[prop(into, optional)]
    opens: Option<String>,
    #[prop(into, optional)] pressed: Option<Signal<bool>>,
    #[prop(into, optional)] expanded: Option<Signal<bool>>,
    /// Looks and says that it cannot be used now, but keeps its place and its focus.
    #[prop(into, optional)]
    unavailable: Signal<bool>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let kind = if on_click.is_some() || opens.is_some() {
        "button"
    } else {
        "submit"
    };
    let inline = if inline { "inline" } else { "" };
    view! {
        <button
            type=kind
            class=format!("icon-button {inline} {class}")
            aria-label=move || label.get()
            title=move || label.get()
            popovertarget=opens
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            aria-expanded=move || expanded.map(|expanded| expanded.get().to_string())
            aria-disabled=move || unavailable.get().then_some("true")
            on:click=move |_| {
                if let Some(on_click) = on_click {
                    on_click.run(());
                }
            }
        >
            <Icon glyph/>
        </button>
    }
}

fn button_class(weight: Weight, small: bool) -> String {
    let small = if small { " small-button" } else { "" };
    format!("button {}{small}", weight.class())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_an_address_stands_before_its_query() {
        assert_eq!(without_query("/users?page=2"), "/users");
        assert_eq!(without_query("/users"), "/users");
    }
}
