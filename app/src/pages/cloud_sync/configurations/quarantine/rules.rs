//! The rules of a quarantine: which one it was, in words, and the limits of all.

use engine::{
    configuration::QuarantineLimits, health::QuarantineReason, records::ConfigurationState,
};
use leptos::prelude::*;

use crate::{
    components::{
        card::Card,
        data_grid::{Cell, Column, DataGrid, Row, RowHeader},
        status_badge::Tag,
    },
    wording::{count, number},
};

/// How many objects and references failed, as the rules count them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failed {
    pub objects: u64,
    pub references: u64,
}

impl Failed {
    pub fn of(state: &ConfigurationState) -> Self {
        Self {
            objects: state.failures,
            references: state.unresolved_references,
        }
    }
}

/// The rule that put the configuration into quarantine.
pub fn rule_in_words(
    reason: QuarantineReason,
    failed: Failed,
    limits: &QuarantineLimits,
) -> String {
    let Failed {
        objects,
        references,
    } = failed;
    match reason {
        QuarantineReason::EncounteredBaseEscrowThreshold => format!(
            "Too many objects failed ({}, limit {})",
            number(objects),
            number(limits.failures)
        ),
        QuarantineReason::EncounteredTotalEscrowThreshold => format!(
            "Too many objects and references failed ({}, limit {})",
            number(objects.saturating_add(references)),
            number(limits.failures_with_references)
        ),
        QuarantineReason::EncounteredEscrowProportionThreshold => format!(
            "{} failed, more than {} % of all in scope",
            count(objects, "object"),
            limits.percentage.get()
        ),
        QuarantineReason::EncounteredQuarantineException => {
            "The target or the sign-in refused every call".to_owned()
        }
        QuarantineReason::TooManyDeletes => "Delete threshold exceeded".to_owned(),
        QuarantineReason::QuarantinedOnDemand => "Put on hold by the operator".to_owned(),
        QuarantineReason::IngestionInterrupted => {
            "Reading the directory was interrupted".to_owned()
        }
        QuarantineReason::Unknown => "Cause not known".to_owned(),
    }
}

/// A rule beside what is counted for it now.
struct Rule {
    name: &'static str,
    reason: QuarantineReason,
    limit: String,
    now: String,
}

fn rules(failed: Failed, limits: &QuarantineLimits) -> [Rule; 4] {
    let Failed {
        objects,
        references,
    } = failed;
    let from = count(limits.minimum, "failure");
    [
        Rule {
            name: "Share of objects that failed",
            reason: QuarantineReason::EncounteredEscrowProportionThreshold,
            limit: format!("{} %, from {from} on", limits.percentage.get()),
            now: number(objects),
        },
        Rule {
            name: "Objects that failed",
            reason: QuarantineReason::EncounteredBaseEscrowThreshold,
            limit: number(limits.failures),
            now: number(objects),
        },
        Rule {
            name: "Objects that failed, and references without a target",
            reason: QuarantineReason::EncounteredTotalEscrowThreshold,
            limit: number(limits.failures_with_references),
            now: number(objects.saturating_add(references)),
        },
        Rule {
            name: "Directory or tenant refuse every call",
            reason: QuarantineReason::EncounteredQuarantineException,
            limit: "The first refusal".to_owned(),
            now: "Not counted".to_owned(),
        },
    ]
}

/// Every rule with its limit and its count; the one that holds is marked.
#[component]
pub fn Rules(
    #[prop(into)] failed: Signal<Failed>,
    limits: QuarantineLimits,
    #[prop(into)] reason: Signal<Option<QuarantineReason>>,
) -> impl IntoView {
    let columns = vec![
        Column::new("Rule"),
        Column::new("Limit"),
        Column::new("Now"),
    ];
    let rows = move || {
        let reason = reason.get();
        rules(failed.get(), &limits)
            .into_iter()
            .map(|rule| rule_row(rule, reason))
            .collect_view()
    };
    view! {
        <Card id="rules-title" title="Limits of a quarantine">
            <DataGrid label="Limits of a quarantine" small=true columns>{rows}</DataGrid>
        </Card>
    }
}

fn rule_row(rule: Rule, reason: Option<QuarantineReason>) -> impl IntoView {
    let Rule {
        name,
        reason: own,
        limit,
        now,
    } = rule;
    view! {
        <Row>
            <RowHeader>
                {name}" "{(reason == Some(own)).then(|| view! { <Tag label="This one"/> })}
            </RowHeader>
            <Cell label="Limit">{limit}</Cell>
            <Cell label="Now">{now}</Cell>
        </Row>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_told_with_what_it_counts() {
        let failed = Failed {
            objects: 40_001,
            references: 30_000,
        };
        let told = |reason| rule_in_words(reason, failed, &QuarantineLimits::default());
        assert_eq!(
            told(QuarantineReason::EncounteredBaseEscrowThreshold),
            "Too many objects failed (40,001, limit 40,000)"
        );
        assert_eq!(
            told(QuarantineReason::EncounteredTotalEscrowThreshold),
            "Too many objects and references failed (70,001, limit 60,000)"
        );
        assert_eq!(
            told(QuarantineReason::EncounteredEscrowProportionThreshold),
            "40,001 objects failed, more than 40 % of all in scope"
        );
    }
}
