//! A demo and test mode: a world that follows from a number, a clock that can be moved, things
//! that can be made to happen, and a way back to the first day.
//!
//! Everything here is refused where the server is no demo.

pub(crate) mod agent;
mod scenarios;
mod store;
#[cfg(test)]
mod tests;
pub(crate) mod world;

use std::time::Duration;

use engine::{
    demo::DemoState, forest::entry::Showcase, tenant::SynchronizationAccount, timestamp::Timestamp,
};
use tokio::time::{sleep, timeout};

pub use self::scenarios::run;
use self::store::Stored;
use crate::{
    Actor, Backend, Error, Result,
    clock::Clock,
    configurations,
    database::Database,
    directories,
    forest::{self, seed::DEFAULT_SEED},
    installation::{self, InstallationRefusal},
    password_hash_sync, tenant,
};

/// What somebody asked for when the server was started; what is left out stays as it was, or is as
/// usual in a new world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub seed: Option<u64>,
    /// Lets the clock stand still, at this moment in the beginning.
    pub clock: Option<Timestamp>,
}

impl Wish {
    /// Whether a world is another one than the one that is wished for.
    fn is_denied_by(self, stored: &Stored) -> bool {
        self.seed.is_some_and(|seed| seed != stored.seed)
            || self
                .clock
                .is_some_and(|clock| Some(clock.0) != stored.clock_start)
    }
}

/// The clock of the demo in this database: where it stood when the server was stopped.
pub async fn clock(db: &Database, wish: Wish) -> Result<Clock> {
    let stored = store::stored(db.read()).await?;
    let stored = stored.filter(|stored| !wish.is_denied_by(stored));
    let start = match &stored {
        Some(stored) => stored.clock_start,
        None => wish.clock.map(|clock| clock.0),
    };
    let clock = match start {
        Some(start) => Clock::manual(Timestamp(start)),
        None => Clock::shifted(),
    };
    if let Some(stored) = stored {
        clock.set_position(stored.clock_position);
    }
    Ok(clock)
}

/// Makes the world on the first start, or when another one is wished for; goes on with it
/// otherwise.
pub async fn ensure_world(backend: &Backend, wish: Wish) -> Result<()> {
    only_in_a_demo(backend)?;
    match store::stored(backend.db.read()).await? {
        Some(stored) if !wish.is_denied_by(&stored) => go_on(backend, stored).await,
        Some(stored) => {
            let seed = wish.seed.unwrap_or(stored.seed);
            make(backend, seed, wish.clock).await
        }
        None => {
            let seed = wish.seed.unwrap_or(DEFAULT_SEED);
            make(backend, seed, wish.clock).await
        }
    }
}

async fn go_on(backend: &Backend, stored: Stored) -> Result<()> {
    let starts = stored.starts + 1;
    let stored = Stored { starts, ..stored };
    backend.begin_identifiers(stored.seed.wrapping_add(starts.cast_unsigned() << 32));
    backend.world.set_agent_is_stopped(stored.agent_is_stopped);
    let mut write = backend.db.write().await?;
    store::put(&mut write, &stored).await?;
    write.commit().await
}

/// Puts the world back to its first day, or makes it from another number. Nothing of the old one
/// is left but who is signed in.
pub async fn reset(backend: &Backend, actor: &Actor, seed: Option<u64>) -> Result<DemoState> {
    only_in_a_demo(backend)?;
    actor.may_change()?;
    let stored = stored(backend).await?;
    let clock_start = stored.clock_start.map(Timestamp);
    make(backend, seed.unwrap_or(stored.seed), clock_start).await?;
    state(backend).await
}

async fn make(backend: &Backend, seed: u64, clock_start: Option<Timestamp>) -> Result<()> {
    let _alone = backend.world.end().await;
    let mut write = backend.db.write().await?;
    if installation::is_real(&mut write).await? {
        return Err(InstallationRefusal::DemoOnRealData.into());
    }
    store::clear(&mut write).await?;
    let before = backend.now();
    backend
        .clock
        .set_position(clock_start.map_or(0, |start| start.0));
    let moved = backend.now().0.saturating_sub(before.0);
    store::move_sessions(&mut write, moved).await?;
    backend.begin_identifiers(seed);
    backend.forget_on_demand_calls();
    backend.world.set_agent_is_stopped(false);
    forest::make(backend, &mut write, seed).await?;
    directories::connect_forests(backend, &mut write).await?;
    let stored = Stored {
        seed,
        clock_start: clock_start.map(|start| start.0),
        clock_position: backend.clock.position(),
        agent_is_stopped: false,
        starts: 0,
    };
    store::put(&mut write, &stored).await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

/// How the demo stands.
pub async fn state(backend: &Backend) -> Result<DemoState> {
    only_in_a_demo(backend)?;
    let account = tenant::features(backend).await?.synchronization_account;
    Ok(DemoState {
        seed: stored(backend).await?.seed,
        now: backend.now(),
        clock_stands_still: matches!(backend.clock, Clock::Manual(_)),
        agent_is_active: !backend.world.agent_is_stopped(),
        target_accepts_credentials: account == SynchronizationAccount::Working,
    })
}

/// The farthest that the clock is moved at once: logs are forgotten after a month, and nothing here
/// takes longer than a year.
pub const FARTHEST: Duration = Duration::from_secs(366 * 24 * 3_600);

/// Moves the clock on; what is due by then begins at once. Whoever is signed in stays so.
pub async fn advance(backend: &Backend, actor: &Actor, by: Duration) -> Result<DemoState> {
    only_in_a_demo(backend)?;
    actor.may_change()?;
    if by > FARTHEST {
        let message = "The clock moves on by 366 days at most.";
        return Err(Error::field("advanceSeconds", message));
    }
    let mut write = backend.db.write().await?;
    let mut stored = stored_within(&mut write).await?;
    let moved = i64::try_from(by.as_micros()).map_err(Error::internal)?;
    store::move_sessions(&mut write, moved).await?;
    if !backend.clock.advance(by) {
        return Err(Error::internal("the clock of a demo can be moved"));
    }
    stored.clock_position = backend.clock.position();
    store::put(&mut write, &stored).await?;
    write.commit().await?;
    backend.wake_worker();
    state(backend).await
}

/// Moves the clock on to a moment.
pub async fn advance_to(backend: &Backend, actor: &Actor, to: Timestamp) -> Result<DemoState> {
    let now = backend.now();
    if to < now {
        let message = "The clock moves forward only. Reset the demo to go back.";
        return Err(Error::field("to", message));
    }
    advance(backend, actor, to.since(now)).await
}

/// What the forests have to show.
pub async fn showcases(backend: &Backend) -> Result<Vec<Showcase>> {
    only_in_a_demo(backend)?;
    Ok(forest::browse::showcases(stored(backend).await?.seed))
}

/// Makes every enabled configuration due, and waits until their cycles have ended.
pub async fn run_cycles(backend: &Backend, actor: &Actor) -> Result<DemoState> {
    only_in_a_demo(backend)?;
    actor.may_change()?;
    for summary in configurations::list(backend).await? {
        if summary.deployment.is_enabled() {
            configurations::run_soon(backend, summary.id).await?;
        }
    }
    settle(backend, Duration::from_secs(60)).await
}

/// Waits until nothing is due any more and nobody is at work, but not longer than `limit`: an error
/// then.
pub async fn settle(backend: &Backend, limit: Duration) -> Result<DemoState> {
    only_in_a_demo(backend)?;
    /// Looks so often at least, whatever is announced.
    const PAUSE: Duration = Duration::from_millis(50);
    let mut changes = backend.changes();
    let quiet = async {
        while !is_quiet(backend).await? {
            backend.wake_worker();
            changes.borrow_and_update();
            tokio::select! {
                _ = changes.changed() => {}
                () = sleep(PAUSE) => {}
            }
        }
        Ok::<_, Error>(())
    };
    match timeout(limit, quiet).await {
        Ok(outcome) => outcome?,
        Err(_) => {
            return Err(Error::Conflict(format!(
                "The service was still at work after {} seconds.",
                limit.as_secs()
            )));
        }
    }
    state(backend).await
}

async fn is_quiet(backend: &Backend) -> Result<bool> {
    let nobody_is_due = configurations::due(backend).await?.is_empty()
        && password_hash_sync::due(backend).await?.is_empty();
    Ok(nobody_is_due
        && !configurations::somebody_is_at_work(backend).await?
        && !password_hash_sync::somebody_is_at_work(backend).await?)
}

async fn stored(backend: &Backend) -> Result<Stored> {
    let stored = store::stored(backend.db.read()).await?;
    stored.ok_or(Error::NotFound("demo"))
}

async fn stored_within(write: &mut crate::database::Write) -> Result<Stored> {
    let stored = store::stored(write.connection()).await?;
    stored.ok_or(Error::NotFound("demo"))
}

async fn set_agent(backend: &Backend, is_stopped: bool) -> Result<()> {
    let mut write = backend.db.write().await?;
    let mut stored = stored_within(&mut write).await?;
    stored.agent_is_stopped = is_stopped;
    store::put(&mut write, &stored).await?;
    write.commit().await?;
    backend.world.set_agent_is_stopped(is_stopped);
    backend.wake_worker();
    Ok(())
}

pub(crate) fn only_in_a_demo(backend: &Backend) -> Result<()> {
    match backend.settings.demo {
        true => Ok(()),
        false => Err(Error::NotFound("demo")),
    }
}
