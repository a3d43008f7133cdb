//! New identifiers. Later ones sort after earlier ones, so that logs are walked by key (UUID
//! version 7, RFC 9562).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use engine::timestamp::Timestamp;
use rand::{Rng, SeedableRng, rngs::StdRng};
use sha2::{Digest, Sha256};
use uuid::{Builder, ContextV7, Uuid};

/// Hands out identifiers.
#[derive(Clone)]
pub(crate) struct Identifiers(Arc<Mutex<Kind>>);

enum Kind {
    Unforeseeable(ContextV7),
    Seeded(Box<Seeded>),
}

/// The same ones in the same order, whenever the same things happen at the same time.
struct Seeded {
    seed: u64,
    random: StdRng,
    count: u64,
    /// How often work of each name began; the same for all branches.
    begun: Arc<Mutex<HashMap<String, u64>>>,
    /// Of a branch.
    name: Option<String>,
}

impl Seeded {
    fn new(seed: u64, count: u64) -> Self {
        Self {
            seed,
            random: StdRng::seed_from_u64(seed),
            count,
            begun: Arc::default(),
            name: None,
        }
    }

    fn next(&mut self, now: Timestamp) -> Uuid {
        self.count += 1;
        let milliseconds = u64::try_from(now.0.div_euclid(1_000)).unwrap_or(0);
        let tail = tail(self.count, self.random.next_u32());
        Builder::from_unix_timestamp_millis(milliseconds, &tail).into_uuid()
    }

    fn begun(&self) -> MutexGuard<'_, HashMap<String, u64>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn branch(&self, name: &str) -> Self {
        /// Identifiers that one branch hands out before it meets the next one of its name.
        const ROOM: u32 = 24;
        let number = 1 + self.begun().get(name).copied().unwrap_or_default();
        let digest = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update(number.to_be_bytes())
            .chain_update(name)
            .finalize();
        let seed = digest
            .iter()
            .take(8)
            .fold(0, |seed, byte| seed << 8 | u64::from(*byte));
        Self {
            begun: Arc::clone(&self.begun),
            name: Some(name.to_owned()),
            ..Self::new(seed, number << ROOM)
        }
    }
}

impl Default for Identifiers {
    fn default() -> Self {
        Self::of(Kind::Unforeseeable(ContextV7::new()))
    }
}

impl Identifiers {
    fn of(kind: Kind) -> Self {
        Self(Arc::new(Mutex::new(kind)))
    }

    fn kind(&self) -> MutexGuard<'_, Kind> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on they follow from a number.
    pub(crate) fn begin_again(&self, seed: u64) {
        *self.kind() = Kind::Seeded(Box::new(Seeded::new(seed, 0)));
    }

    /// For work that goes on beside other work: where identifiers follow from a number, those of
    /// both follow from it, whoever is faster. Until [`Self::begun`] is said, another branch of the
    /// same name hands out the same ones: work that somebody else was faster to begin leaves no
    /// trace.
    pub(crate) fn branch(&self, name: &str) -> Self {
        match &mut *self.kind() {
            Kind::Unforeseeable(_) => self.clone(),
            Kind::Seeded(seeded) => Self::of(Kind::Seeded(Box::new(seeded.branch(name)))),
        }
    }

    /// The work of this branch has begun; the next branch of its name gets other identifiers.
    pub(crate) fn begun(&self) {
        if let Kind::Seeded(seeded) = &*self.kind()
            && let Some(name) = &seeded.name
        {
            *seeded.begun().entry(name.clone()).or_default() += 1;
        }
    }

    pub(crate) fn next(&self, now: Timestamp) -> Uuid {
        match &mut *self.kind() {
            Kind::Seeded(seeded) => seeded.next(now),
            Kind::Unforeseeable(context) => Uuid::new_v7(uuid::Timestamp::from_unix(
                &*context,
                u64::try_from(now.0.div_euclid(1_000_000)).unwrap_or(0),
                u32::try_from(now.0.rem_euclid(1_000_000) * 1_000).unwrap_or(0),
            )),
        }
    }
}

/// What follows the time: 38 bits that count, so that identifiers of the same instant keep their
/// order, and 32 that nobody else has by chance.
fn tail(count: u64, random: u32) -> [u8; 10] {
    // Version and variant are put over the upper four bits of byte 0 and the upper two of byte 2.
    let count = count & 0x3f_ffff_ffff;
    let bytes = [
        (count >> 34) as u8 & 0x0f,
        (count >> 26) as u8,
        (count >> 20) as u8 & 0x3f,
        (count >> 12) as u8,
        (count >> 4) as u8,
        ((count << 4) as u8 & 0xf0) | (random >> 28) as u8,
    ];
    let rest = random.to_be_bytes();
    [
        bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], rest[0], rest[1], rest[2],
        rest[3],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_767_603_600_000_000);

    #[test]
    fn the_same_number_gives_the_same_identifiers_in_the_same_order() {
        let of = |seed| {
            let identifiers = Identifiers::default();
            identifiers.begin_again(seed);
            let ids: Vec<Uuid> = (0..20_000).map(|_| identifiers.next(NOW)).collect();
            ids
        };
        let ids = of(7);
        assert_eq!(ids, of(7));
        assert_ne!(ids, of(8));
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn branches_hand_out_the_same_identifiers_whoever_is_faster() {
        let of = |faster: &str, slower: &str| {
            let identifiers = Identifiers::default();
            identifiers.begin_again(1);
            let (one, other) = (identifiers.branch(faster), identifiers.branch(slower));
            let mut ids = vec![
                (faster.to_owned(), one.next(NOW)),
                (slower.to_owned(), other.next(NOW)),
            ];
            // Who tried in vain to begin took nothing away.
            drop(identifiers.branch(faster));
            one.begun();
            ids.push((faster.to_owned(), identifiers.branch(faster).next(NOW)));
            ids.retain(|(name, _)| name == "a");
            ids
        };
        assert_eq!(of("a", "b")[..1], of("b", "a")[..1]);
        let twice = of("a", "b");
        assert!(
            twice[0].1 < twice[1].1,
            "a later branch of the same name comes after"
        );
    }

    #[test]
    fn identifiers_of_a_later_moment_sort_after_earlier_ones() {
        for identifiers in [Identifiers::default(), {
            let seeded = Identifiers::default();
            seeded.begin_again(1);
            seeded
        }] {
            let earlier = identifiers.next(NOW);
            let later = identifiers.next(Timestamp(NOW.0 + 1_000));
            assert!(earlier < later);
        }
    }
}
