//! The link between an object of the tenant and the one of a directory that it comes from: seen, and
//! cut while the configuration rests.

use engine::{
    configuration::ConfigurationId,
    directory::SourceAnchor,
    records::{ObjectLink, TenantObjectDetails},
};
use leptos::{ev, prelude::*, server_fn::ServerFn};

use crate::{
    api::{self, resource::resource, tenant::DeleteLink},
    components::{
        button::Button,
        card::Card,
        copy_button::CopyButton,
        essentials::Fact,
        toast::{Toast, Toasts},
    },
    live,
    pages::forms::{after, complain},
    routes::Route,
};

/// Shows only what has a link.
#[component]
pub fn ProvisioningLink(details: TenantObjectDetails) -> impl IntoView {
    let named = details.managed_by.zip(details.source_anchor);
    named.map(|(configuration, anchor)| view! { <Linked configuration anchor/> })
}

#[component]
fn Linked(configuration: ConfigurationId, anchor: SourceAnchor) -> impl IntoView {
    let asked = anchor.clone();
    let link = resource(
        || (),
        move |()| api::tenant::link(configuration, asked.clone()),
    );
    live::reload_on_change(link);
    let delete = ServerAction::<DeleteLink>::new();
    let toasts = Toasts::here();
    after(delete, move |()| {
        let text = "The next cycle matches the object anew.";
        toasts.show(Toast::success("Link deleted", text));
        link.refetch();
    });
    complain(delete.value().into(), "Link not deleted");
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let link = link.await.ok().flatten();
                link.map(|link| view! { <Shown configuration link delete/> })
            })}
        </Transition>
    }
}

#[component]
fn Shown(
    configuration: ConfigurationId,
    link: ObjectLink,
    delete: ServerAction<DeleteLink>,
) -> impl IntoView {
    let anchor = link.anchor.to_string();
    let (shown_anchor, target) = (anchor.clone(), link.target_id.to_string());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let anchor = link.anchor.clone();
        delete.dispatch(DeleteLink {
            configuration,
            anchor,
        });
    };
    view! {
        <Card id="provisioning-link" title="Provisioning link">
            <div class="stack">
                <dl class="facts">
                    <Fact name="Source">
                        <span class="monospace break-anywhere">{shown_anchor.clone()}</span>
                        <CopyButton what="source of the link" text=shown_anchor/>
                    </Fact>
                    <Fact name="Target">
                        <span class="monospace break-anywhere">{target.clone()}</span>
                        <CopyButton what="target of the link" text=target/>
                    </Fact>
                    <Fact name="Job ID"><a href=Route::Configuration(configuration).to_string()>{configuration.job_id()}</a></Fact>
                </dl>
                <p class="muted">
                    "A linked object is not matched again. To cut the link, pause the configuration first; once it is started, the object is matched anew."
                </p>
                <form class="button-form" method="post" action=DeleteLink::url() on:submit=submit>
                    <input type="hidden" name="configuration" value=configuration.to_string()/>
                    <input type="hidden" name="anchor" value=anchor/>
                    <div><Button label="Delete link" unavailable=delete.pending()/></div>
                </form>
            </div>
        </Card>
    }
}
