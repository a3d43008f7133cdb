//! What was chosen is followed, and what cannot be found takes nobody away.

use super::story::Story;

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn people_whose_group_is_the_scope_stay_when_their_unit_is_renamed() {
    let people = [("anna", "OU=Sales"), ("ben", "OU=Sales")];
    let story = Story::begin("pilots", &people, &[("pilot", &["anna", "ben"])]).await;
    story.scope_is_group("pilot").await;
    story.cycle().await;
    assert_eq!(story.people().await, ["anna", "ben"]);
    story.rename("OU=Sales", "OU=Vertrieb");
    let cycle = story.cycle().await;
    assert_eq!(
        (cycle.counts.deleted, cycle.counts.references_removed),
        (0, 0)
    );
    assert_eq!(story.people().await, ["anna", "ben"]);
    assert_eq!(story.members("pilot").await, ["anna", "ben"]);
}

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn who_gets_the_name_of_a_member_is_not_in_the_scope_of_the_group() {
    let story = Story::begin("pilots2", &[("anna", "OU=Sales")], &[("pilot", &["anna"])]).await;
    story.scope_is_group("pilot").await;
    story.cycle().await;
    story.delete("CN=anna,OU=Sales");
    story.add_person("stranger", "CN=anna,OU=Sales");
    story.cycle().await;
    story.cycle().await;
    assert_eq!(story.people().await, Vec::<String>::new());
    assert_eq!(story.members("pilot").await, Vec::<String>::new());
}

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn a_chosen_unit_is_followed_when_it_is_renamed_and_moved() {
    let people = [
        ("anna", "OU=Sales"),
        ("ben", "OU=Sales"),
        ("kim", "OU=Support"),
    ];
    let story = Story::begin("followed", &people, &[]).await;
    story.scope_is_units(&["OU=Sales"]).await;
    story.cycle().await;
    assert_eq!(story.people().await, ["anna", "ben"]);
    story.rename("OU=Sales", "OU=Vertrieb");
    let cycle = story.cycle().await;
    assert_eq!(
        story.log(&cycle).await,
        [
            "Update anna OnPremisesDistinguishedName",
            "Update ben OnPremisesDistinguishedName"
        ]
    );
    story.rename("OU=Vertrieb", "OU=Vertrieb,OU=Support");
    let cycle = story.cycle().await;
    assert_eq!(cycle.counts.deleted, 0);
    // Another unit with the old name is another unit.
    story.add_unit("OU=Sales");
    story.add_person("stranger", "CN=stranger,OU=Sales");
    story.cycle().await;
    assert_eq!(story.restart().await.counts.changes(), 0);
    assert_eq!(story.people().await, ["anna", "ben"]);
}

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn a_chosen_group_is_followed_when_it_is_renamed() {
    let story = Story::begin("pilots3", &[("anna", "OU=Sales")], &[("pilot", &["anna"])]).await;
    story.scope_is_group("pilot").await;
    story.cycle().await;
    story.rename("CN=pilot,OU=Groups", "CN=pioneers,OU=Groups");
    let cycle = story.cycle().await;
    assert_eq!(
        story.log(&cycle).await,
        ["Update pilot CommonName, OnPremisesDistinguishedName"]
    );
    assert_eq!(story.people().await, ["anna"]);
    assert_eq!(story.members("pilot").await, ["anna"]);
}

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn a_chosen_unit_that_was_dissolved_takes_nobody_away_until_a_person_says_so() {
    let story = Story::begin("dissolved", &[("anna", "OU=Sales")], &[]).await;
    story.add_unit("OU=Support");
    story.scope_is_units(&["OU=Sales"]).await;
    story.cycle().await;
    story.rename("CN=anna,OU=Sales", "CN=anna,OU=Support");
    story.delete("OU=Sales");
    let cycle = story.cycle().await;
    assert_eq!(cycle.counts.deleted, 0);
    assert_eq!(story.people().await, ["anna"]);
    story.scope_is_units(&["OU=Support"]).await;
    let restart = story.restart().await;
    assert_eq!(
        story.log(&restart).await,
        ["Update anna OnPremisesDistinguishedName"]
    );
    assert_eq!(story.people().await, ["anna"]);
}
