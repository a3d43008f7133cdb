//! How a configuration is, and when it runs again.
