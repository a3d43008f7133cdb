//! The answer for addresses without a page.

use leptos::prelude::*;

use crate::{
    api::error::answer_not_found,
    components::{button::ButtonLink, icon::Glyph, page::Page},
    pages::frame,
    routes::Route,
};

#[component]
pub fn NotFound() -> impl IntoView {
    answer_not_found();
    view! {
        <Page title="Page not found" glyph=Glyph::QuestionCircle above=frame::home()>
            <p>"There is no page at this address. It may have belonged to a deleted configuration."</p>
            <div class="row">
                <ButtonLink label="Back to configurations" href=Route::CloudSync/>
            </div>
        </Page>
    }
}
