//! What is to be done about an object that is gone, or not in scope any more.

use super::{Change, Decided, Known, Rules, skip, source_display_name, story::Story, switched_off};
use crate::{
    configuration::schema::DISPLAY_NAME, cycle::error_code::ErrorCode, directory::SourceObject,
};

pub(super) fn decide(
    rules: &Rules,
    object: &SourceObject,
    is_gone: bool,
    known: Known<'_>,
    story: &mut Story,
) -> Decided {
    let Some(target) = known.linked.filter(|target| !target.is_deleted) else {
        let change = match is_gone {
            true => Change::Nothing,
            false => skip(
                ErrorCode::EntrySynchronizationSkipped,
                story.reason_for_deletion().to_owned(),
            ),
        };
        return Decided::of(change, source_display_name(object));
    };
    story.matched("The stored link names the tenant object.");
    let name = target.attributes.text(DISPLAY_NAME);
    let display_name = name.map_or_else(|| source_display_name(object), str::to_owned);
    let change = if !rules.flow(object.kind).delete {
        switched_off("Deletions", object.kind)
    } else if !is_gone && rules.skip_out_of_scope_deletions {
        skip(
            ErrorCode::EntrySynchronizationSkipped,
            format!(
                "{} SkipOutOfScopeDeletions is in force, so the tenant object stays as it is.",
                story.reason_for_deletion()
            ),
        )
    } else if let Some(doubt) = rules.scope_doubt.as_ref().filter(|_| !is_gone) {
        skip(
            ErrorCode::EntrySynchronizationSkipped,
            format!("{} {}", story.reason_for_deletion(), doubt.explanation()),
        )
    } else {
        Change::Delete {
            target_id: target.id,
        }
    };
    Decided::of(change, display_name)
}
