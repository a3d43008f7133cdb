//! What the program does besides serving: one file per command.
//!
//! A command reads, calls the engine or the backend, and prints. What it prints is made by plain
//! functions, so that tests need no process.

pub mod vectors;
