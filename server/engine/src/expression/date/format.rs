//! Formats of .NET.
