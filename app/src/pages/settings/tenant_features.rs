//! `/settings/tenant-features`: how the tenant matches objects and settles conflicts, for all
//! configurations at once, and the account by which the service writes to it.

use engine::tenant::TenantFeatures as Features;
use leptos::prelude::*;

use crate::{
    api::resource::resource,
    api::settings::{self, RepairAccount, SetFeatures},
    components::{
        button::{Button, Weight},
        card::Card,
        choice::CheckBox,
        command_bar::Command,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        page::Page,
        toast::{Toast, Toasts},
    },
    pages::{
        forms::{CommandForm, WholeFormRefusal, after, complain, refusal},
        frame::{self, label},
        loading::when_loaded,
    },
};

const FORM: &str = "tenant-features-form";

#[component]
pub fn TenantFeatures() -> impl IntoView {
    let features = resource(|| (), |()| settings::features());
    when_loaded(features, move |shown| {
        page(shown, move || features.refetch())
    })
}

fn page(features: Features, reload: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let save = ServerAction::<SetFeatures>::new();
    let toasts = Toasts::here();
    after(save, move |()| {
        toasts.show(Toast::success(
            "Settings saved",
            "They hold from the next cycle on.",
        ));
    });
    let commands = vec![Command::submit("Save", Glyph::Save, FORM).primary()];
    view! {
        <Page
            title=label::TENANT_FEATURES
            subtitle="For all configurations"
            glyph=Glyph::Settings
            above=frame::azure_active_directory()
            menu=frame::settings_menu(label::TENANT_FEATURES)
            commands
        >
            <Account features reload/>
            <CommandForm id=FORM action=save>
                <WholeFormRefusal refusal=refusal(save) start="Not saved."/>
                <Matching features/>
                <Conflicts features/>
            </CommandForm>
        </Page>
    }
}

#[component]
fn Matching(features: Features) -> impl IntoView {
    view! {
        <Card id="matching-title" title="Matching">
            <div class="stack">
                <CheckBox
                    name="soft_match_on_user_principal_name"
                    label="Soft match on user principal name"
                    checked=RwSignal::new(features.soft_match_on_user_principal_name)
                    hint="A user of the directory takes over the cloud user with the same user principal name. Off: only mail addresses are compared."
                />
                <CheckBox
                    name="block_soft_match"
                    label="Block soft match"
                    checked=RwSignal::new(features.block_soft_match)
                    hint="Nobody is taken over by name or address. Recommended once every user that should match does."
                />
                <CheckBox
                    name="block_cloud_object_takeover_through_hard_match"
                    label="Block cloud object takeover through hard match"
                    checked=RwSignal::new(features.block_cloud_object_takeover_through_hard_match)
                    hint="A user who is managed in the cloud stays so, even when the source anchor is the same."
                />
            </div>
        </Card>
    }
}

#[component]
fn Conflicts(features: Features) -> impl IntoView {
    view! {
        <Card id="conflicts-title" title="Conflicts">
            <div class="stack">
                <CheckBox
                    name="quarantine_user_principal_name_on_conflict"
                    label="Quarantine the user principal name on conflict"
                    checked=RwSignal::new(features.quarantine_user_principal_name_on_conflict)
                    hint="A user whose name another one has gets a placeholder until the name is free. Off: the user fails."
                />
                <CheckBox
                    name="quarantine_proxy_addresses_on_conflict"
                    label="Quarantine proxy addresses on conflict"
                    checked=RwSignal::new(features.quarantine_proxy_addresses_on_conflict)
                    hint="An address that another object has is left out until it is free. Off: the object fails."
                />
            </div>
        </Card>
    }
}

/// Shows only when something is wrong with the account.
#[component]
fn Account(features: Features, reload: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let repair = ServerAction::<RepairAccount>::new();
    let toasts = Toasts::here();
    after(repair, move |()| {
        toasts.show(Toast::success(
            "Account repaired",
            "The next cycle writes to the tenant again.",
        ));
        reload();
    });
    complain(repair.value().into(), "Not repaired");
    features.synchronization_account.refusal().map(|refusal| {
        view! {
            <MessageBar
                id="account"
                severity=Severity::Error
                start="The tenant takes no writes."
                text=refusal.message
            >
                <ActionForm action=repair>
                    <Button label="Repair account" weight=Weight::Primary small=true/>
                </ActionForm>
            </MessageBar>
        }
    })
}
