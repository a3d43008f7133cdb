//! The frame of every page: breadcrumb, title, service menu, commands, content.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    breadcrumb::{Breadcrumb, Crumb},
    command_bar::{Command, CommandBar},
    icon::Glyph,
    service_menu::{Menu, ServiceMenu},
    title_row::{PageTitle, TitleRow},
};

/// What stands above the blocks of every page with commands; `root` may provide it.
#[derive(Clone)]
pub struct AboveBlocks(pub ViewFn);

/// A page. `children` are its blocks.
#[component]
pub fn Page(
    #[prop(into)] title: PageTitle,
    #[prop(into, optional)] subtitle: Signal<String>,
    glyph: Glyph,
    /// The places above the page, from the top.
    above: Vec<Crumb>,
    /// The last part of the breadcrumb, when it is not the page's own name.
    #[prop(into, optional)]
    here: Option<String>,
    #[prop(optional)] menu: Option<Menu>,
    #[prop(optional)] commands: Vec<Command>,
    /// At the end of the command bar.
    #[prop(into, optional)]
    state: Signal<String>,
    #[prop(into, optional)] state_needs_attention: Signal<bool>,
    /// Under the content, staying in sight: the buttons of a form that is a page.
    #[prop(into, optional)]
    footer: Option<ViewFnOnce>,
    /// Beside the content: a detail pane, as long as something is selected.
    #[prop(into, optional)]
    beside: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let close = above.last().map(|crumb| crumb.href.clone());
    let here = here.unwrap_or_else(|| title.instance.clone().unwrap_or_else(|| title.page.clone()));
    let body = if menu.is_some() {
        "page-body"
    } else {
        "page-body without-menu"
    };
    let has_commands = !commands.is_empty();
    let above_blocks = use_context::<AboveBlocks>().filter(|_| has_commands);
    let bar = has_commands.then(|| view! { <CommandBar commands state state_needs_attention/> });
    view! {
        <Title text=title.document_title()/>
        <Breadcrumb above here/>
        <TitleRow title subtitle glyph close/>
        <div class=body>
            {menu.map(|menu| view! { <ServiceMenu menu/> })}
            <div class="page-content" id="content" tabindex="-1">
                {bar}
                {above_blocks.map(|AboveBlocks(above)| above.run())}
                <div class="page-blocks">{children()}</div>
                {footer.map(|footer| view! { <div class="form-footer">{footer.run()}</div> })}
            </div>
            {beside.run()}
        </div>
    }
}
