//! Random choices of one evaluation, all drawn from the seed that the caller hands over.
//!
//! The generator is a cryptographic one (ChaCha20), because `RandomString` makes first passwords:
//! whoever sees some of its output cannot tell the rest. The caller draws the seed from the
//! system's randomness, fresh for every object.

use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};

/// Thirty-two random bytes.
pub type Seed = [u8; 32];

pub(super) struct Random(ChaCha20Rng);

impl Random {
    pub(super) fn from_seed(seed: Seed) -> Self {
        Self(ChaCha20Rng::from_seed(seed))
    }

    pub(super) fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// One of the choices, each as likely as the others. There must be one.
    pub(super) fn choose(&mut self, choices: &[char]) -> char {
        choices[self.below(choices.len())]
    }

    pub(super) fn shuffle(&mut self, characters: &mut [char]) {
        for index in (1..characters.len()).rev() {
            let other = self.below(index + 1);
            characters.swap(index, other);
        }
    }

    /// A number below the limit. Draws again where the remainder would favour small numbers.
    fn below(&mut self, limit: usize) -> usize {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let unbiased = u32::MAX - u32::MAX % limit;
        loop {
            let drawn = self.0.next_u32();
            if drawn < unbiased {
                return (drawn % limit) as usize;
            }
        }
    }
}
