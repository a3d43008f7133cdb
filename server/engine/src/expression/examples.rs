//! The person for whom the examples of the functions hold.

use std::collections::BTreeMap;

use time::{OffsetDateTime, macros::datetime};

use super::EvaluationContext;
use crate::directory::{AttributeValue, Attributes};

/// When the examples are computed.
pub const NOW: OffsetDateTime = datetime!(2026-03-14 09:26:53 UTC);

/// Anna Bergmann of the demo domain.
pub fn object() -> Attributes {
    let mut attributes = Attributes::new()
        .with("givenName", "Zoë")
        .with("sn", "Bergmann")
        .with("displayName", "  Zoë Bergmann ")
        .with("userPrincipalName", "Zoe.Bergmann@contoso.test")
        .with("mail", "zoe.bergmann@contoso.test")
        .with("telephoneNumber", "+49 30 901820")
        .with("department", "Sales")
        .with("hireDate", "2026-04-01+02:00")
        .with("lastLogonTimestamp", 129_699_324_000_000_000)
        .with("userAccountControl", 514)
        .with("accountDisabled", true)
        .with(
            "distinguishedName",
            r"CN=Bergmann\, Zoë,OU=Sales,DC=contoso,DC=test",
        );
    attributes.set(
        "proxyAddresses",
        vec![
            "smtp:zb@contoso.test".into(),
            "SMTP:zoe.bergmann@contoso.test".into(),
        ],
    );
    attributes.set(
        "objectSid",
        vec![AttributeValue::Binary(vec![
            1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0,
        ])],
    );
    attributes.set(
        "appRoleAssignments",
        vec![
            r#"{"id":"1","value":"Approver","displayName":"Approves orders"}"#.into(),
            r#"{"id":"2","value":"Reader","displayName":"Reads orders"}"#.into(),
        ],
    );
    attributes
}

/// Calls `compute` with the context of the examples.
pub fn in_context<T>(compute: impl FnOnce(&EvaluationContext<'_>) -> T) -> T {
    let parameters = BTreeMap::from([("DomainFQDN".to_owned(), "contoso.test".to_owned())]);
    compute(&EvaluationContext {
        parameters: &parameters,
        default_domain: Some("contoso.onmicrosoft.test"),
        is_taken: &|value| value.eq_ignore_ascii_case("zoe@contoso.test"),
        ..EvaluationContext::at(NOW)
    })
}
