//! Which values `SelectUniqueValue` must leave alone: the tenant is asked once in a cycle, and only
//! if there is somebody to choose a value for.

use engine::cycle::{plan::Rules, taken_values::TakenValues};

use crate::{Result, database::Write, tenant};

/// Asked for when it is needed first.
#[derive(Default)]
pub(super) struct Taken {
    values: TakenValues,
    is_asked: bool,
}

impl Taken {
    /// `is_creating`: somebody is not linked yet, so that values may have to be chosen.
    pub(super) async fn values(
        &mut self,
        write: &mut Write,
        rules: &Rules,
        is_creating: bool,
    ) -> Result<&mut TakenValues> {
        if is_creating && !self.is_asked {
            let attributes = rules.mappings.unique_targets();
            self.values = tenant::taken_values(write, &attributes).await?;
            self.is_asked = true;
        }
        Ok(&mut self.values)
    }
}
