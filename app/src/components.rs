//! The parts that pages are made of. Each takes properties and hands out events; none knows a
//! server function or an address of the portal. Each has a style sheet of the same name in
//! `style/components`.
//!
//! Names and roles follow the design: one name per control, native elements first, hints and
//! errors as descriptions. Nothing carries a `style` attribute, because the content security
//! policy forbids it.

pub mod breadcrumb;
pub mod button;
pub mod card;
pub mod chart;
pub mod choice;
pub mod command_bar;
pub mod copy_button;
pub mod data_grid;
pub mod detail_pane;
pub mod dialog;
pub mod empty_state;
pub mod essentials;
pub mod field;
pub mod filters;
pub mod global_search;
pub mod icon;
pub mod menu;
pub mod message_bar;
pub mod moment;
pub mod numbered_sections;
pub mod page;
pub mod pager;
pub mod pane;
pub mod preferences;
pub mod progress;
pub mod service_menu;
pub mod status_badge;
pub mod tabs;
pub mod title_row;
pub mod toast;
pub mod top_bar;
pub mod tree;
