//! Builds, starts and tests the product (see README.md).
fn main() {}
