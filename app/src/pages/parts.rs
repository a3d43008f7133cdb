//! The parts in which the browser fetches the portal: the code of a page comes with the pages
//! beside which people open it, when the first of them is opened. The two pages on which people
//! arrive are in no part: they come with the main module.
//!
//! On the server everything is there at once. What several parts need lies in files of their own
//! or, when every page needs it, in the main module; the splitter finds that out.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::{
    browser::{OnItsWay, breathe},
    pages,
};

/// Names a part's files in the head of the page, so that the browser fetches them while it still
/// reads; the server provides it.
#[derive(Clone)]
pub struct FetchEarly(pub Arc<dyn Fn(&str) + Send + Sync>);

fn fetch_early(part: &str) {
    if let Some(FetchEarly(fetch)) = use_context() {
        fetch(part);
    }
}

/// Declares the parts: all pages as the table of addresses names them, and for each part the
/// function behind which the code of its pages lies.
macro_rules! parts {
    ($($(#[$meta:meta])* $part:ident: $($page:ident),+;)+) => {
        /// A page of the portal.
        #[derive(Clone, Copy, Debug)]
        pub enum Page {
            $($($page,)+)+
        }

        impl ChooseView for Page {
            async fn choose(self) -> AnyView {
                let shown = match self {
                    $($(Self::$page)|+ => {
                        fetch_early(stringify!($part));
                        $part::show(self).await
                    })+
                };
                shown.unwrap_or_else(|_| pages::NotLoaded().into_any())
            }

            async fn preload(&self) {
                let _on_its_way = OnItsWay::begin();
                let fetched = match self {
                    $($(Self::$page)|+ => $part::fetch().await,)+
                };
                // `choose` says it if the code does not come.
                fetched.ok();
                breathe().await;
            }
        }

        $(
            $(#[$meta])*
            mod $part {
                use leptos::{prelude::*, wasm_split::{SplitLoaderError, wasm_split}};

                use super::{Page, pages};

                #[wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(fetch), fallible)]
                pub(super) fn show(page: Page) -> Result<AnyView, SplitLoaderError> {
                    Ok(match page {
                        $(Page::$page => pages::$page().into_any(),)+
                        _ => ().into_any(),
                    })
                }
            }
        )+
    };
}

parts! {
    /// The way to the configurations, and what there is.
    lists: AzureAdConnect, CloudSync, Agents;

    /// A configuration and everything that is set on it.
    configuration: NewConfigurationPage, EditConfiguration, Quarantine;

    /// What becomes of attributes: as it is set, tried on one person, and planned for all.
    attributes: AttributeMappings, ProvisionOnDemand, Preview;

    /// What happened, row by row and in numbers, and the objects that came of it.
    results: ProvisioningLogs, ProvisioningLogsOfConfiguration, AuditLogs, Insights,
        InsightsOfConfiguration, Users, User, Groups, Group, Contacts, Contact, DeletedUsers;

    /// What surrounds the configurations: sources, settings, and what a demonstration has.
    surroundings: Directories, ConnectDirectory, Directory, NotificationSettings, PeopleAndRoles,
        AccessTokens, TenantFeatures, Demo, Mailbox;
}
