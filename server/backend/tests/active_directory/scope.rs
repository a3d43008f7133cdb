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
