//! Repeatable chance: the same seed, stream and index always give the same numbers.
//!
//! splitmix64, counter-based. Every object draws from a stream of its own, so that adding an
//! object does not change the others.

/// What the numbers are for. Streams of one seed do not influence each other.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Identifiers = 1,
    DomainIdentifier = 2,
    Names = 3,
    Details = 4,
    Anchors = 5,
    Photos = 6,
}

pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64, stream: Stream, index: u64) -> Self {
        Self(mix(seed ^ mix(stream as u64 ^ mix(index))))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = mix(self.0);
        self.0
    }

    /// A number from 0 to `limit` - 1.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = limit.max(1) as u64;
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    pub(super) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }
}

fn mix(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
