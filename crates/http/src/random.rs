//! Randomness for jitter and markers. Not for keys.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    sync::atomic::{AtomicU64, Ordering},
};

/// A source of randomness for jitter and markers. Keys and passwords are made elsewhere.
pub trait Random: Send + Sync {
    /// Fills `target`.
    fn bytes(&self, target: &mut [u8]);

    /// A number from 0 (included) to 1 (excluded).
    fn unit(&self) -> f64 {
        let mut bytes = [0; 4];
        self.bytes(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn bytes(&self, target: &mut [u8]) {
        if getrandom::fill(target).is_err() {
            // A container without getrandom(2) and /dev/urandom. Jitter and markers need to differ, not to be secret:
            // the standard library's hash seeds do that.
            for chunk in target.chunks_mut(8) {
                let word = RandomState::new().hash_one(std::time::Instant::now());
                chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
            }
        }
    }
}

/// The same sequence for the same seed (`SplitMix64`), for tests.
#[derive(Debug)]
pub struct SeededRandom(AtomicU64);

impl SeededRandom {
    /// Starts the sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut word = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }
}

impl Random for SeededRandom {
    fn bytes(&self, target: &mut [u8]) {
        for chunk in target.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_sequence() {
        let (one, two) = (SeededRandom::new(7), SeededRandom::new(7));
        let (mut left, mut right) = ([0; 21], [0; 21]);
        one.bytes(&mut left);
        two.bytes(&mut right);
        assert_eq!(left, right);
        one.bytes(&mut left);
        assert_ne!(left, right);
    }

    #[test]
    fn a_unit_lies_between_zero_and_one() {
        struct Fixed(u8);
        impl Random for Fixed {
            fn bytes(&self, target: &mut [u8]) {
                target.fill(self.0);
            }
        }
        assert!(Fixed(0).unit().abs() < f64::EPSILON);
        assert!(Fixed(0xff).unit() < 1.0);
        let random = SeededRandom::new(1);
        assert!((0..1000).map(|_| random.unit()).all(|unit| (0.0..1.0).contains(&unit)));
    }

    #[test]
    fn the_operating_system_gives_different_bytes() {
        let (mut one, mut two) = ([0; 16], [0; 16]);
        OsRandom.bytes(&mut one);
        OsRandom.bytes(&mut two);
        assert_ne!(one, two);
    }
}
