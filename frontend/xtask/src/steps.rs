//! What a person sees meanwhile: a line before each step, and at the end how long each one took.

use std::time::{Duration, Instant};

use anyhow::Result;

/// The steps so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    /// Announces the step, does it and keeps its time, failed or not.
    pub(crate) fn step<T>(
        &mut self,
        title: &'static str,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        println!("\n==> {title}");
        let started = Instant::now();
        let outcome = work();
        self.done.push((title, started.elapsed()));
        outcome
    }

    pub(crate) fn print_times(&self) {
        println!();
        for (title, duration) in &self.done {
            println!("{:>8.1} s  {title}", duration.as_secs_f64());
        }
        let total: Duration = self.done.iter().map(|(_, duration)| duration).sum();
        println!("{:>8.1} s  in all\n", total.as_secs_f64());
    }
}
