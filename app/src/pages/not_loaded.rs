//! What stands in the place of a page whose code the browser could not fetch.

use leptos::prelude::*;

use crate::{
    components::{icon::Glyph, page::Page},
    pages::frame,
};

/// A link that lets the server answer, which needs no code: a newer version may be running there.
#[component]
pub fn NotLoaded() -> impl IntoView {
    view! {
        <Page title="This page could not be loaded" glyph=Glyph::QuestionCircle above=frame::home()>
            <p>
                "Its code did not arrive: the connection is interrupted, or a newer version of the \
                 portal is running. "
                <a href="" rel="external">"Load the page again"</a>
            </p>
        </Page>
    }
}
