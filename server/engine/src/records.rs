//! What is shown afterwards.
