//! What a test of an expression sees, on typed values and on objects of a directory.

use std::sync::Arc;

use connectors::memory::{MemorySource, Tombstones};
use engine::{
    configuration::draft::NewConfiguration,
    directory::{Dn, SourceAnchor, SourceObject},
};

use super::*;
use crate::{Actor, testing::TestBackend};

/// A directory with one person, and a configuration for it.
async fn world() -> (TestBackend, ConfigurationId) {
    let backend = TestBackend::new().await;
    directories::ensure_forests(&backend).await.unwrap();
    let source = MemorySource::new(Tombstones::Kept);
    source.put(SourceObject {
        anchor: SourceAnchor::from_bytes(b"anna"),
        dn: Dn::parse("CN=Anna,OU=Sales,DC=contoso,DC=test").unwrap(),
        guid: None,
        kind: ObjectKind::User,
        attributes: Attributes::new()
            .with("userPrincipalName", "anna@contoso.test")
            .with("userAccountControl", 514)
            .with("manager", "CN=Boss,DC=contoso,DC=test")
            .with("badgeColour", "red")
            .with("unicodePwd", "secret"),
    });
    let directory = directories::list(&backend).await.unwrap().remove(0);
    backend.substitutes.set(directory.id, Arc::new(source));
    let new = NewConfiguration {
        domain: directory.domain.to_string(),
        password_hash_sync: false,
    };
    let id = configurations::create(&backend, &Actor::System, new)
        .await
        .unwrap();
    (backend, id)
}

async fn asked(expression: &str, sample: Sample) -> Result<TestResult> {
    let (backend, id) = world().await;
    let question = Question {
        expression: expression.to_owned(),
        sample,
    };
    test(&backend, id, ObjectKind::User, question).await
}

fn values(values: &[&str]) -> Outcome {
    Outcome::Values(values.iter().map(ToString::to_string).collect())
}

#[tokio::test]
async fn a_real_object_is_seen_as_a_cycle_sees_it() {
    for name in ["anna@contoso.test", "CN=Anna,OU=Sales,DC=contoso,DC=test"] {
        let text = r#"IIF([accountDisabled] = "True", %DomainFQDN% & [distinguishedName], "no")"#;
        let result = asked(text, Sample::Object(name.to_owned())).await.unwrap();
        assert_eq!(
            result.outcome,
            values(&["contoso.testCN=Anna,OU=Sales,DC=contoso,DC=test"])
        );
        assert_eq!(
            result.object.as_deref(),
            Some("CN=Anna,OU=Sales,DC=contoso,DC=test")
        );
    }
}

#[tokio::test]
async fn a_typed_value_stands_for_its_attribute_alone() {
    let typed = |attribute: &str| Sample::Typed {
        attribute: attribute.to_owned(),
        value: "anna@contoso.com".to_owned(),
    };
    let text = r#"Replace([mail], "contoso.com", , , "fabrikam.test", , )"#;
    for attribute in ["mail", " [Mail] "] {
        let result = asked(text, typed(attribute)).await.unwrap();
        assert_eq!(result.outcome, values(&["anna@fabrikam.test"]));
    }
    let result = asked("[sn]", typed("mail")).await.unwrap();
    assert_eq!(result.outcome, values(&[]));
}

#[tokio::test]
async fn references_passwords_and_strangers_are_refused() {
    for text in ["[manager]", "[userPassword]", "Trim(["] {
        let anna = Sample::Object("anna@contoso.test".to_owned());
        let outcome = asked(text, anna).await.unwrap().outcome;
        assert!(
            matches!(outcome, Outcome::Refused(_)),
            "{text}: {outcome:?}"
        );
    }
    for nobody in ["", "nobody@contoso.test"] {
        let error = asked("[sn]", Sample::Object(nobody.to_owned()))
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::Invalid(errors) if errors[0].field == OBJECT),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn attributes_are_offered_without_secrets_and_references() {
    let (backend, id) = world().await;
    let offer = offer(&backend, id).await.unwrap();
    // The last one is known to the directory only.
    for offered in [
        "department",
        "proxyAddresses",
        "userPrincipalName",
        "badgeColour",
    ] {
        let is_offered = |name: &String| name.eq_ignore_ascii_case(offered);
        assert!(offer.attributes.iter().any(is_offered), "{offered}");
    }
    for hidden in ["manager", "unicodePwd"] {
        assert!(
            !offer.attributes.iter().any(|name| name == hidden),
            "{hidden}"
        );
    }
    assert!(offer.functions.len() > 40);
}

#[tokio::test]
async fn attributes_that_the_directory_does_not_have_are_named() {
    let (backend, id) = world().await;
    let direct = |name: &str| MappingSource::Direct {
        attribute: name.into(),
    };
    let asked =
        async |sources: &[MappingSource]| unknown_attributes(&backend, id, sources).await.unwrap();
    // Of the directory, of the default mappings, of every object; and in other letters.
    for known in ["badgeColour", "department", "sourceAnchor", "BADGECOLOUR"] {
        assert_eq!(asked(&[direct(known)]).await, None, "{known}");
    }
    let one = Some("contoso.test has no attribute nosuchattr.".to_owned());
    assert_eq!(asked(&[direct("nosuchattr")]).await, one);
    let expression = MappingSource::Expression {
        expression: r#"Join(" ", [badgeColour], [first], [second])"#.to_owned(),
    };
    let several = Some("contoso.test has no attributes first, nosuchattr and second.".to_owned());
    assert_eq!(asked(&[expression, direct("nosuchattr")]).await, several);
}
