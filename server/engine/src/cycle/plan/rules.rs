//! What holds for every object of a cycle, made of a stored configuration.

use std::collections::BTreeMap;

use super::ScopeDoubt;
use crate::{
    configuration::{
        Configuration, ConfigurationId, ObjectFlow, scope::ScopeRules,
        scoping_filter::FilterProblem,
    },
    cycle::mapped::{BadMapping, CompiledMappings, Surroundings},
    directory::ObjectKind,
    tenant::TenantFeatures,
};

/// What holds for every object of a cycle.
pub struct Rules {
    pub configuration: ConfigurationId,
    pub scope: ScopeRules,
    flows: BTreeMap<ObjectKind, ObjectFlow>,
    pub(super) skip_out_of_scope_deletions: bool,
    pub(super) scope_doubt: Option<ScopeDoubt>,
    pub mappings: CompiledMappings,
    pub surroundings: Surroundings,
    pub features: TenantFeatures,
}

impl Rules {
    pub fn compile(
        configuration: &Configuration,
        surroundings: Surroundings,
        features: TenantFeatures,
    ) -> Result<Self, BadRules> {
        let flow = |kind| (kind, configuration.object_flow(kind));
        Ok(Self {
            configuration: configuration.id,
            scope: ScopeRules::compile(configuration)?,
            flows: ObjectKind::ALL.into_iter().map(flow).collect(),
            skip_out_of_scope_deletions: configuration.skip_out_of_scope_deletions,
            scope_doubt: None,
            mappings: CompiledMappings::compile(configuration)?,
            surroundings,
            features,
        })
    }

    /// For a cycle in which nobody is deleted for being out of scope.
    #[must_use]
    pub fn with_scope_in_doubt(self, doubt: ScopeDoubt) -> Self {
        Self {
            scope_doubt: Some(doubt),
            ..self
        }
    }

    /// Whether objects that are out of scope are deleted in the tenant.
    pub(super) fn out_of_scope_deletes(&self, kind: ObjectKind) -> bool {
        self.flow(kind).delete && !self.skip_out_of_scope_deletions && self.scope_doubt.is_none()
    }

    pub(super) fn flow(&self, kind: ObjectKind) -> &ObjectFlow {
        &self.flows[&kind]
    }
}

/// A stored configuration that cannot be used any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRules {
    #[error(transparent)]
    Mapping(#[from] BadMapping),
    #[error("The scoping filter cannot be used: {0}")]
    Filter(#[from] FilterProblem),
}
