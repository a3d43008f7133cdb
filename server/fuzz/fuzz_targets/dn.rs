//! Any text as a distinguished name: its parts belong together, and it reads as itself.

#![no_main]

use engine::directory::Dn;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let Ok(dn) = Dn::parse(input) else { return };
    let again = Dn::parse(dn.as_str()).expect("a name reads as itself");
    assert_eq!(again.key(), dn.key());
    assert!(dn.is_under(&dn));
    let _ = (dn.rdn(), dn.name());
    let mut above = dn.parent();
    while let Some(parent) = above {
        assert!(dn.is_under(&parent), "{dn} lies under {parent}");
        let rest = Dn::parse(parent.as_str()).expect("a parent is a name");
        assert_eq!(rest.key(), parent.key());
        above = parent.parent();
    }
    // Any text can be the name of a child.
    if let Ok(child) = dn.child("CN", input) {
        assert_eq!(child.parent().as_ref().map(Dn::key), Some(dn.key()));
        assert_eq!(child.name(), input);
    }
});
