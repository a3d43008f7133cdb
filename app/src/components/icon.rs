//! Drawings from the sprite `icons.svg`. A drawing beside text is hidden from assistive
//! technology; a button that shows only a drawing carries its name itself.

use leptos::prelude::*;

/// Makes [`Glyph`] and its symbols in one list.
macro_rules! glyphs {
    ($($variant:ident = $symbol:literal),+ $(,)?) => {
        /// The drawings that the sprite holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Glyph {
            $($variant),+
        }

        impl Glyph {
            /// Where the drawing is, as an address for `<use>`.
            fn address(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!("/icons.svg#", $symbol)),+
                }
            }

            #[cfg(test)]
            const ALL: &[(Self, &str)] = &[$((Self::$variant, $symbol)),+];
        }
    };
}

glyphs! {
    Add = "add",
    AddCircle = "add-circle",
    Alert = "alert",
    ArrowCircleRight = "arrow-circle-right",
    ArrowClockwise = "arrow-clockwise",
    ArrowDownload = "arrow-download",
    ArrowImport = "arrow-import",
    ArrowRepeat = "arrow-repeat-1",
    ArrowReset = "arrow-reset",
    ArrowRight = "arrow-right",
    ArrowSortDown = "arrow-sort-down",
    ArrowSortUp = "arrow-sort-up",
    ArrowSwap = "arrow-swap",
    ArrowSwapFilled = "arrow-swap-filled",
    ArrowSync = "arrow-sync",
    ArrowSyncCircle = "arrow-sync-circle",
    ArrowSyncCircleFilled = "arrow-sync-circle-filled",
    ArrowUndo = "arrow-undo",
    Beaker = "beaker",
    BinRecycle = "bin-recycle",
    BinRecycleFilled = "bin-recycle-filled",
    BuildingMultiple = "building-multiple",
    BuildingMultipleFilled = "building-multiple-filled",
    Checkmark = "checkmark",
    CheckmarkCircleFilled = "checkmark-circle-filled",
    ChevronDown = "chevron-down",
    ChevronLeft = "chevron-left",
    ChevronRight = "chevron-right",
    ChevronUp = "chevron-up",
    CircleOff = "circle-off",
    CloudSync = "cloud-sync",
    CloudSyncFilled = "cloud-sync-filled",
    Code = "code",
    ColumnEdit = "column-edit",
    ContactCard = "contact-card",
    Copy = "copy",
    DarkTheme = "dark-theme",
    DataBarVertical = "data-bar-vertical",
    DataBarVerticalFilled = "data-bar-vertical-filled",
    Delete = "delete",
    Desktop = "desktop",
    Dismiss = "dismiss",
    DocumentBulletList = "document-bullet-list",
    DocumentBulletListFilled = "document-bullet-list-filled",
    Edit = "edit",
    EditFilled = "edit-filled",
    ErrorCircleFilled = "error-circle-filled",
    Filter = "filter",
    FilterAdd = "filter-add",
    FilterDismiss = "filter-dismiss",
    FilterFilled = "filter-filled",
    Flash = "flash",
    FlashFilled = "flash-filled",
    FolderPeople = "folder-people",
    FolderPeopleFilled = "folder-people-filled",
    Globe = "globe",
    HeartPulse = "heart-pulse",
    HeartPulseFilled = "heart-pulse-filled",
    History = "history",
    HistoryFilled = "history-filled",
    Home = "home",
    HomeFilled = "home-filled",
    Info = "info",
    InfoFilled = "info-filled",
    Key = "key",
    KeyFilled = "key-filled",
    Keyboard = "keyboard",
    Link = "link",
    LockClosed = "lock-closed",
    Mail = "mail",
    MailFilled = "mail-filled",
    MathFormula = "math-formula",
    MoreHorizontal = "more-horizontal",
    Navigation = "navigation",
    Open = "open",
    Organization = "organization",
    PanelRightContract = "panel-right-contract",
    Password = "password",
    PauseCircle = "pause-circle",
    PeopleSync = "people-sync",
    PeopleTeam = "people-team",
    PeopleTeamFilled = "people-team-filled",
    Person = "person",
    PersonAdd = "person-add",
    PersonCircle = "person-circle",
    PersonFilled = "person-filled",
    Pin = "pin",
    PinFilled = "pin-filled",
    Play = "play",
    PlayCircle = "play-circle",
    PlugConnected = "plug-connected",
    PlugConnectedFilled = "plug-connected-filled",
    Prohibited = "prohibited",
    Pulse = "pulse",
    QuestionCircle = "question-circle",
    Save = "save",
    Search = "search",
    Server = "server",
    ServerMultiple = "server-multiple",
    ServerMultipleFilled = "server-multiple-filled",
    Settings = "settings",
    SettingsFilled = "settings-filled",
    ShieldCheckmark = "shield-checkmark",
    ShieldErrorFilled = "shield-error-filled",
    ShieldKeyhole = "shield-keyhole",
    ShieldTask = "shield-task",
    SignOut = "sign-out",
    TextBulletListTree = "text-bullet-list-tree",
    TextT = "text-t",
    WarningFilled = "warning-filled",
    WeatherMoon = "weather-moon",
    WeatherSunny = "weather-sunny",
}

/// Sides of the square that a drawing fills, in pixels; 20 when nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    Sixteen,
    #[default]
    Twenty,
    TwentyFour,
    ThirtySix,
}

/// One drawing. `class` tints it where the component's style sheet knows a class.
#[component]
pub fn Icon(
    #[prop(into)] glyph: Signal<Glyph>,
    #[prop(optional)] size: IconSize,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let size = match size {
        IconSize::Sixteen => "icon size-16 ",
        IconSize::Twenty => "icon ",
        IconSize::TwentyFour => "icon size-24 ",
        IconSize::ThirtySix => "icon size-36 ",
    };
    view! {
        <svg class=format!("{size}{class}") aria-hidden="true" focusable="false">
            <use_ href=move || glyph.get().address()></use_>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sprite_holds_every_glyph() {
        let sprite = include_str!("../../../style/public/icons.svg");
        for (glyph, symbol) in Glyph::ALL {
            let mark = format!("<symbol id=\"{symbol}\"");
            assert!(sprite.contains(&mark), "no drawing for {glyph:?}");
        }
    }
}
