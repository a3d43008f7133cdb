//! Where a stored password goes, and where it does not.

use engine::{
    configuration::draft::{self, LdapDraft},
    records::{AuditEntry, DirectoryId, Role},
};
use secrecy::SecretString;
use tokio::net::TcpListener;

use super::*;
use crate::{Actor, audit, testing::TestBackend};

/// A connected directory at an address where somebody listens, and another listener.
struct World {
    backend: TestBackend,
    id: DirectoryId,
    stored: LdapDraft,
    /// Of somebody who would like to have the password.
    stranger: TcpListener,
    _directory: TcpListener,
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ldap://{}", listener.local_addr().unwrap());
    (listener, url)
}

impl World {
    async fn new() -> Self {
        let backend = TestBackend::new().await;
        let (directory, url) = listener().await;
        let (stranger, _) = listener().await;
        let id = Uuid::from_u128(7);
        let stored = LdapDraft {
            url,
            bind_dn: "cn=sync,dc=contoso,dc=test".to_owned(),
            base_dn: "dc=contoso,dc=test".to_owned(),
            ..LdapDraft::default()
        };
        connect::store_for_tests(&backend, id, &stored, &SecretString::from("s3cret")).await;
        Self {
            backend,
            id,
            stored,
            stranger,
            _directory: directory,
        }
    }

    async fn test_as(&self, actor: &Actor, draft: LdapDraft) -> Error {
        let asked = test(&self.backend, actor, Some(self.id), draft);
        // The directory accepts connections and never answers.
        match tokio::time::timeout(Duration::from_millis(200), asked).await {
            Ok(answer) => answer.unwrap_err(),
            Err(_) => Error::Outside("it was asked".to_owned()),
        }
    }

    async fn audit(&self) -> Vec<AuditEntry> {
        audit::list(&self.backend, None, 50).await.unwrap().items
    }
}

fn is_asked_for_the_password(error: &Error) -> bool {
    matches!(error, Error::Invalid(fields)
        if fields.len() == 1 && fields[0].field == draft::BIND_PASSWORD)
}

#[tokio::test]
async fn the_stored_password_goes_only_where_it_always_goes() {
    let world = World::new().await;
    let stranger = format!("ldap://{}", world.stranger.local_addr().unwrap());
    let elsewhere = [
        LdapDraft {
            url: stranger.clone(),
            ..world.stored.clone()
        },
        LdapDraft {
            url: world.stored.url.replace("ldap://", "ldaps://"),
            ..world.stored.clone()
        },
        LdapDraft {
            start_tls: true,
            ..world.stored.clone()
        },
        LdapDraft {
            bind_dn: "cn=other,dc=contoso,dc=test".to_owned(),
            ..world.stored.clone()
        },
        LdapDraft {
            ca_certificate_pem: "x".to_owned(),
            ..world.stored.clone()
        },
    ];
    for draft in elsewhere {
        let refusal = world.test_as(&Actor::System, draft.clone()).await;
        assert!(is_asked_for_the_password(&refusal), "{draft:?}: {refusal}");
        let refusal = change(&world.backend, &Actor::System, world.id, draft).await;
        assert!(is_asked_for_the_password(&refusal.unwrap_err()));
    }
    let nobody_came = tokio::time::timeout(Duration::from_millis(1), world.stranger.accept()).await;
    assert!(nobody_came.is_err());
    let asked = world.test_as(&Actor::System, world.stored.clone()).await;
    assert_eq!(asked.to_string(), "it was asked");
}

#[tokio::test]
async fn a_program_does_not_use_the_stored_password() {
    let world = World::new().await;
    let program = Actor::Program {
        name: "anna@contoso.test (backup)".to_owned(),
        role: Role::HybridIdentityAdministrator,
    };
    let refusal = world.test_as(&program, world.stored.clone()).await;
    assert!(is_asked_for_the_password(&refusal), "{refusal}");
}

#[tokio::test]
async fn each_test_of_a_connection_is_audited_with_its_address_and_its_end_and_they_are_limited() {
    let world = World::new().await;
    let (gone, url) = listener().await;
    drop(gone);
    let draft = LdapDraft {
        url: url.clone(),
        bind_password: "typed".to_owned(),
        ..world.stored.clone()
    };
    for _ in 0..10 {
        let refusal = world.test_as(&Actor::System, draft.clone()).await;
        assert!(matches!(&refusal, Error::Invalid(fields) if fields[0].field == draft::URL));
    }
    let refusal = world.test_as(&Actor::System, draft.clone()).await;
    assert!(
        refusal
            .to_string()
            .starts_with("Too many requests: 10 connections"),
        "{refusal}"
    );
    let refusal = connect(&world.backend, &Actor::System, draft).await;
    assert!(
        refusal
            .unwrap_err()
            .to_string()
            .starts_with("Too many requests")
    );
    let rows = world.audit().await;
    assert_eq!(rows.len(), 10);
    assert_eq!(rows[0].activity, "Test directory connection");
    assert!(!rows[0].succeeded);
    let detail = &rows[0].detail;
    assert!(
        detail.starts_with(&format!("{url} as cn=sync,")),
        "{detail}"
    );
    assert!(!detail.contains("typed"));
}
