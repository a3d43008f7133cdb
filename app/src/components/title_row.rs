//! The name of a page: `instance | page`, its subtitle, and the way out.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

use super::{
    button::{GoForm, IconButton},
    icon::{Glyph, Icon, IconSize},
};
use crate::browser;

/// What a page is called. Most pages have one name; a service or configuration with several pages
/// is named first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageTitle {
    pub instance: Option<String>,
    pub page: String,
}

impl PageTitle {
    pub fn new(page: impl Into<String>) -> Self {
        Self {
            instance: None,
            page: page.into(),
        }
    }

    /// `instance | page`
    pub fn of(instance: impl Into<String>, page: impl Into<String>) -> Self {
        Self {
            instance: Some(instance.into()),
            page: page.into(),
        }
    }

    /// As the browser's tab shows it.
    pub fn document_title(&self) -> String {
        match &self.instance {
            Some(instance) => format!("{instance}, {} - Cloud sync", self.page),
            None => format!("{} - Cloud sync", self.page),
        }
    }
}

impl From<&str> for PageTitle {
    fn from(page: &str) -> Self {
        Self::new(page)
    }
}

/// Which page has had the focus last, so that a change of page moves it and a change within a page
/// does not. Provided by `root`.
#[derive(Clone, Copy)]
pub struct FocusedPage(pub StoredValue<String>);

#[component]
pub fn TitleRow(
    title: PageTitle,
    #[prop(into)] subtitle: Signal<String>,
    glyph: Glyph,
    /// Where closing the page leads.
    close: Option<String>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    move_focus_after_change_of_page(heading);
    view! {
        <div class="title-row">
            <span class="page-glyph"><Icon glyph size=IconSize::TwentyFour/></span>
            <div class="titles">
                <h1 node_ref=heading tabindex="-1">
                    {title.instance.map(|instance| view! {
                        <span class="instance">{instance}" "<span class="separator">"|"</span></span>
                        " "
                    })}
                    <span class="page-name">{title.page}</span>
                </h1>
                <div class="subtitle">{move || subtitle.get()}</div>
            </div>
            {close.map(|href| view! {
                <div class="title-tools">
                    <GoForm href>
                        <IconButton label="Close page" glyph=Glyph::Dismiss/>
                    </GoForm>
                </div>
            })}
        </div>
    }
}

/// People who do not see the page hear its name after they followed a link.
fn move_focus_after_change_of_page(heading: NodeRef<html::H1>) {
    let path = use_location().pathname;
    let focused = use_context::<FocusedPage>();
    Effect::new(move || {
        let Some(FocusedPage(focused)) = focused else {
            return;
        };
        let path = path.get_untracked();
        let before = focused.try_update_value(|last| std::mem::replace(last, path.clone()));
        let is_first_page = before.as_ref().is_none_or(String::is_empty);
        if let Some(heading) = heading.get()
            && !is_first_page
            && before.as_ref() != Some(&path)
        {
            browser::focus(&heading);
        }
    });
}
