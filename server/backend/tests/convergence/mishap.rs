//! What goes wrong in one cycle.

use connectors::{SourceError, memory::Fault};

use crate::dice::Dice;
use backend::database::death::Moment;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mishap {
    Nothing,
    Source(Fault),
    /// A complete reading that names nobody, where everybody is asked for.
    EmptyAnswer,
    /// No cursor is known any more.
    HistoryForgotten,
    /// The process dies.
    Death {
        commit: u32,
        moment: Moment,
    },
    /// The database refuses every row of a table.
    Refused {
        table: &'static str,
    },
    /// Somebody changes the directory while it is read.
    Meddling,
    /// Another server works on the same database.
    TwoServers,
    /// The clock jumps, in minutes.
    ClockJump(i64),
}

const TABLES: [&str; 6] = [
    "tenant_objects",
    "links",
    "source_objects",
    "provisioning_log",
    "tenant_references",
    "cycles",
];

impl Mishap {
    pub(crate) fn any(dice: &mut Dice) -> Self {
        match dice.below(23) {
            0..7 => Self::Nothing,
            7 | 8 => Self::Source(Fault::CutAfterPages {
                pages: dice.below(3),
            }),
            9 => Self::Source(Fault::FailAfterPages {
                pages: dice.below(3),
                error: failure(dice),
            }),
            10 => Self::Source(Fault::Refuse(failure(dice))),
            11 => Self::Source(Fault::RepeatPages),
            12 => Self::Source(Fault::EmptyPages),
            13 => Self::Source(Fault::Skipped {
                objects: dice.between(1, 3) as u64,
            }),
            14 => Self::EmptyAnswer,
            15 => Self::HistoryForgotten,
            16 | 17 => Self::Death {
                commit: u32::try_from(dice.below(25)).unwrap(),
                moment: dice.pick(&[Moment::BeforeCommit, Moment::AfterCommit]),
            },
            18 => Self::Refused {
                table: dice.pick(&TABLES),
            },
            19 | 20 => Self::Meddling,
            21 => Self::TwoServers,
            _ => Self::ClockJump(dice.pick(&[-10, -1, 30, 600])),
        }
    }
}

fn failure(dice: &mut Dice) -> SourceError {
    let detail = || "as the test wanted".to_owned();
    match dice.below(6) {
        0 => SourceError::Unreachable {
            address: "directory".to_owned(),
            detail: detail(),
        },
        1 => SourceError::ConnectionLost { detail: detail() },
        2 => SourceError::SizeLimitExceeded { entries: 3 },
        3 => SourceError::TimedOut { seconds: 30 },
        4 => SourceError::BadCredentials { detail: detail() },
        _ => SourceError::CursorRejected,
    }
}
