//! From a figure to the log rows that it counts: the same filters, and the same time.

use engine::{
    insights::{DateRange, InsightsQuery},
    records::{ProvisioningAction, ProvisioningResult},
    timestamp::Timestamp,
};

use crate::{
    list_address::ListAddress,
    pages::cloud_sync::provisioning_logs::filters::{
        ACTION, CODE, DURING, FROM, RANGE, STATUS, SYNC,
    },
    routes::Route,
};

/// Where the figures of a query lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Links {
    route: Route,
    query: InsightsQuery,
}

impl Links {
    pub fn new(route: Route, query: InsightsQuery) -> Self {
        Self { route, query }
    }

    pub fn query(&self) -> &InsightsQuery {
        &self.query
    }

    /// The log as far back as the figures look, to the hour or day.
    pub fn everything(&self) -> String {
        let address = ListAddress::parse(&self.route.to_string(), "");
        let narrowed = self.narrowed(address);
        narrowed.with(RANGE, self.range_word()).to_string()
    }

    /// The log of all configurations has no word for its usual range of a day.
    fn range_word(&self) -> &'static str {
        match self.query.range {
            DateRange::Day => "",
            DateRange::Week => "7d",
            DateRange::Fortnight => "14d",
            DateRange::Month => "30d",
        }
    }

    fn narrowed(&self, mut address: ListAddress) -> ListAddress {
        if let Some(action) = self.query.action {
            address = address.with(ACTION, action.as_str());
        }
        if let Some(result) = self.query.result {
            address = address.with(STATUS, result.as_str());
        }
        if let Some(sync_type) = self.query.sync_type {
            address = address.with(SYNC, sync_type.as_str());
        }
        address
    }

    fn since(&self, since: Timestamp) -> ListAddress {
        let address = ListAddress::parse(&self.route.to_string(), "");
        self.narrowed(address).with(FROM, self.step_word(since))
    }

    /// As the address says a step of the range.
    fn step_word(&self, start: Timestamp) -> String {
        match self.query.range {
            DateRange::Day => start.hour(),
            DateRange::Week | DateRange::Fortnight | DateRange::Month => start.day(),
        }
    }

    pub fn of_action(&self, since: Timestamp, action: ProvisioningAction) -> String {
        self.since(since).with(ACTION, action.as_str()).to_string()
    }

    pub fn of_result(&self, since: Timestamp, result: ProvisioningResult) -> String {
        self.since(since).with(STATUS, result.as_str()).to_string()
    }

    pub fn of_code(&self, since: Timestamp, route: Route, code: &str) -> String {
        let own = Self {
            route,
            ..self.clone()
        };
        own.since(since).with(CODE, code).to_string()
    }

    pub fn of_route(&self, since: Timestamp, route: Route) -> String {
        Self {
            route,
            ..self.clone()
        }
        .since(since)
        .to_string()
    }

    /// The rows of one hour or day.
    pub fn during(&self, start: Timestamp) -> String {
        let address = ListAddress::parse(&self.route.to_string(), "");
        let address = self.narrowed(address);
        address.with(DURING, self.step_word(start)).to_string()
    }
}

#[cfg(test)]
mod tests {
    use engine::records::SyncType;

    use super::*;

    #[test]
    fn a_figure_leads_to_the_rows_that_it_counts() {
        let query = InsightsQuery {
            range: DateRange::Week,
            sync_type: Some(SyncType::Object),
            ..InsightsQuery::default()
        };
        let links = Links::new(Route::ProvisioningLogs, query);
        let (since, _) = Timestamp::parse_day_or_hour("2026-03-11").unwrap();
        assert_eq!(
            links.of_action(since, ProvisioningAction::Create),
            "/cloud-sync/provisioning-logs?sync=object&from=2026-03-11&action=create"
        );
        assert_eq!(
            links.during(since),
            "/cloud-sync/provisioning-logs?sync=object&during=2026-03-11"
        );
    }
}
