//! Names change, and are used again.

use super::story::Story;

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn who_gets_the_name_of_a_deleted_person_inherits_nothing() {
    let people = [
        ("anna", "OU=Sales"),
        ("ben", "OU=Sales"),
        ("eve", "OU=Sales"),
    ];
    let story = Story::begin("reuse", &people, &[("staff", &["anna", "ben", "eve"])]).await;
    story.set("CN=eve,OU=Sales", "manager", &story.dn("CN=anna,OU=Sales"));
    story.cycle().await;
    assert_eq!(story.members("staff").await, ["anna", "ben", "eve"]);

    story.delete("CN=anna,OU=Sales");
    let cycle = story.cycle().await;
    assert_eq!(cycle.counts.deleted, 1);
    assert_eq!(story.members("staff").await, ["ben", "eve"]);

    story.add_person("stranger", "CN=anna,OU=Sales");
    let cycle = story.cycle().await;
    assert_eq!(story.log(&cycle).await, ["Create stranger"]);
    assert_eq!(story.members("staff").await, ["ben", "eve"]);
    let restart = story.restart().await;
    assert_eq!(restart.counts.changes(), 0);
}

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn a_name_that_is_given_on_in_one_cycle_hands_no_membership_over() {
    let story = Story::begin("handover", &[("anna", "OU=Sales")], &[("staff", &["anna"])]).await;
    story.cycle().await;
    story.rename("CN=anna,OU=Sales", "CN=anna (IT),OU=Sales");
    story.add_person("stranger", "CN=anna,OU=Sales");
    let cycle = story.cycle().await;
    assert_eq!(
        story.log(&cycle).await,
        [
            "Create stranger",
            "Update anna CommonName, OnPremisesDistinguishedName"
        ]
    );
    assert_eq!(story.members("staff").await, ["anna"]);
}

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn a_person_who_is_renamed_and_moved_keeps_memberships_and_reports() {
    let people = [
        ("anna", "OU=Sales"),
        ("ben", "OU=Sales"),
        ("eve", "OU=Support"),
    ];
    let story = Story::begin("renamed", &people, &[("staff", &["anna", "ben"])]).await;
    story.set("CN=ben,OU=Sales", "manager", &story.dn("CN=anna,OU=Sales"));
    story.cycle().await;
    story.rename("CN=anna,OU=Sales", "CN=Anna Berg,OU=Support");
    let cycle = story.cycle().await;
    assert_eq!(
        story.log(&cycle).await,
        ["Update anna CommonName, OnPremisesDistinguishedName"]
    );
    assert_eq!(story.members("staff").await, ["anna", "ben"]);
}

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn renaming_a_unit_takes_no_membership_away() {
    let people = [("anna", "OU=Sales"), ("ben", "OU=Inner,OU=Sales")];
    let story = Story::begin("unit", &[("kim", "OU=Sales")], &[("staff", &["kim"])]).await;
    story.add_unit("OU=Inner,OU=Sales");
    for (name, unit) in people {
        story.add_person(name, &format!("CN={name},{unit}"));
    }
    story.cycle().await;
    story.rename("OU=Sales", "OU=Vertrieb");
    let cycle = story.cycle().await;
    assert_eq!(
        (cycle.counts.deleted, cycle.counts.references_removed),
        (0, 0)
    );
    assert_eq!(
        story.log(&cycle).await,
        [
            "Update anna OnPremisesDistinguishedName",
            "Update ben OnPremisesDistinguishedName",
            "Update kim OnPremisesDistinguishedName"
        ]
    );
    assert_eq!(story.members("staff").await, ["kim"]);
}
