//! However a directory changes and whatever goes wrong on the way, the tenant ends as it should.
//!
//! Each seed is a story of its own: two random directories, a tenant with objects of its own, people
//! who change all three, and cycles in which readings are cut, answers are empty, directories change
//! while they are read, processes die between any two commits, writes are refused, two servers work
//! at once and clocks jump. After every cycle nothing may have been deleted that is still there, nor
//! too much at once, nor anything that is not ours; nobody may have got another identity. In the end
//! everything heals, and the tenant must be at rest and equal to a small model that shares no code
//! with the engine (`oracle.rs`).
//!
//! A few hundred seeds run with the other tests; `cargo xtask prove` runs ten thousand and more.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod cycles;
mod dice;
mod directory;
mod ending;
mod mishap;
mod oracle;
mod promises;
mod tenant;
mod world;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use backend::testing::is_on_postgres;

use crate::{mishap::Mishap, world::World};

/// One seed's story.
async fn tell(world: &mut World) {
    for _ in 0..world.dice.between(1, 3) {
        let mishap = Mishap::any(&mut world.dice);
        world.cycle(mishap).await;
    }
    for _ in 0..2 {
        world.perturb().await;
        for _ in 0..world.dice.between(1, 5) {
            let mishap = Mishap::any(&mut world.dice);
            world.cycle(mishap).await;
            if world.dice.chance(25) {
                world.approve().await;
            }
            if world.dice.chance(20) {
                world.perturb().await;
            }
        }
    }
    world.heal().await;
    world.compare().await;
}

/// What went wrong, with everything that led there.
fn failure_of(seed: u64) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut world = runtime.block_on(World::new(seed));
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(tell(&mut world))));
    let panic = outcome.err()?;
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked");
    let story = world.story.join("\n");
    Some(format!(
        "{story}\nseed {seed}: {message}\nreplay with: cargo xtask prove --seed {seed} --seeds 1"
    ))
}

/// Runs so many seeds on all cores; what failed, by seed.
fn prove(first: u64, seeds: u64) -> Vec<String> {
    let next = AtomicU64::new(first);
    let failures = Mutex::new(Vec::new());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds {
                        break;
                    }
                    let told = seed - first;
                    if told > 0 && told.is_multiple_of(1_000) {
                        eprintln!("{told} stories told");
                    }
                    if let Some(failure) = failure_of(seed) {
                        eprintln!("{failure}\n");
                        failures.lock().unwrap().push(format!("seed {seed}"));
                    }
                }
            });
        }
    });
    failures.into_inner().unwrap()
}

#[test]
fn whatever_goes_wrong_the_tenant_ends_as_it_should() {
    // A PostgreSQL takes seconds for each fresh database.
    let seeds = if is_on_postgres() { 10 } else { 300 };
    let failures = prove(1, seeds);
    assert!(failures.is_empty(), "{failures:?}");
}

#[test]
#[ignore = "takes minutes; `cargo xtask prove` runs it"]
fn whatever_goes_wrong_ten_thousand_times_the_tenant_ends_as_it_should() {
    let first = number("PROVE_FIRST_SEED").unwrap_or(1);
    let seeds = number("PROVE_SEEDS").unwrap_or(10_000);
    let failures = prove(first, seeds);
    println!("{} of {seeds} seeds failed", failures.len());
    assert!(failures.is_empty(), "{failures:?}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command says by the environment which seeds it wants"
)]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
