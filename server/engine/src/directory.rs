//! What a directory is made of: names, anchors, attributes, objects. No protocol: connectors
//! translate LDAP into these words, and nobody beyond them sees LDAP.

pub mod anchor;
pub mod attribute;
pub mod dn;
pub mod object;
pub mod reference;

pub use anchor::{ObjectGuid, SourceAnchor};
pub use attribute::{AttributeName, AttributeValue, Attributes, Values};
pub use dn::{Dn, DnError};
pub use object::{ObjectKind, SourceObject};
pub use reference::ObjectReference;
