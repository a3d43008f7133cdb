//! The pages. A page's path on disk is its address.
//!
//! Each page loads its data in one function and shows it in another, so that a page can be split
//! off the bundle later without being rewritten.

pub mod frame;
pub mod not_found;

pub use not_found::NotFound;
