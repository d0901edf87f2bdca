//! The best of many arms, without looking at all of them each time.
//!
//! For a given [`scale`](super::scale) `x`, an arm scores `value + x · width`: a line over `x`. Between two looks, one arm changes and
//! `x` moves a little. So arms are kept in blocks, and a block remembers its best arm together with the interval of `x` in which no
//! other line of the block crosses it. A look asks each block for its best and works only where an arm changed or `x` left the interval.
//! A wide node of a search tree, with ten thousand children, is as cheap as one with three hundred would be. Few arms are looked at all.

use super::Estimate;
use std::ops::Range;

/// Arms in one block.
const BLOCK: usize = 32;
/// What intervals are narrowed by, so that rounding never lets a block's best be another than the one found by comparing scores.
const MARGIN: f64 = 1e-9;

/// Arms in the order they were added.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choices {
    arms: Vec<Arm>,
    /// None while there is only one.
    blocks: Vec<Block>,
}

/// An arm as a line.
#[derive(Clone, Copy, Debug)]
struct Arm {
    /// What the owner calls it.
    name: u32,
    value: f64,
    width: f64,
    visits: f64,
}

impl Arm {
    fn score(self, scale: f64) -> f64 {
        self.value + scale * self.width
    }
}

/// What is known of a block of arms.
#[derive(Clone, Copy, Debug)]
struct Block {
    visits: f64,
    best: usize,
    /// Scales for which `best` is the best; none of them if `from > to`.
    from: f64,
    to: f64,
}

impl Choices {
    /// Adds an arm, and gives it its number: 0, 1, 2, …
    pub(crate) fn push(&mut self, name: u32, estimate: Estimate) -> usize {
        let arm = self.arms.len();
        self.arms.push(Arm { name, value: 0.0, width: 0.0, visits: 0.0 });
        if arm == BLOCK {
            self.blocks.push(self.unknown(0));
        }
        if arm >= BLOCK && arm.is_multiple_of(BLOCK) {
            self.blocks.push(self.unknown(arm / BLOCK));
        }
        self.set(arm, estimate);
        arm
    }

    /// Replaces what is thought of an arm.
    pub(crate) fn set(&mut self, arm: usize, estimate: Estimate) {
        let Arm { name, .. } = self.arms[arm];
        self.arms[arm] = Arm { name, value: estimate.value, width: estimate.width(), visits: estimate.visits };
        if !self.blocks.is_empty() {
            self.blocks[arm / BLOCK] = self.unknown(arm / BLOCK);
        }
    }

    /// The sum of all arms' visits.
    pub(crate) fn visits(&self) -> f64 {
        match self.blocks.as_slice() {
            [] => self.arms.iter().map(|a| a.visits).sum(),
            blocks => blocks.iter().map(|b| b.visits).sum(),
        }
    }

    /// The name of the arm with the highest score, and that score; the first one of those that are equal.
    pub(crate) fn best(&mut self, scale: f64) -> Option<(u32, f64)> {
        let mut best: Option<(u32, f64)> = None;
        let mut offer = |arm: &Arm| {
            let score = arm.score(scale);
            if best.is_none_or(|(_, best)| score > best) {
                best = Some((arm.name, score));
            }
        };
        if self.blocks.is_empty() {
            self.arms.iter().for_each(&mut offer);
        }
        for block in 0..self.blocks.len() {
            if !(self.blocks[block].from <= scale && scale <= self.blocks[block].to) {
                self.compare(block, scale);
            }
            offer(&self.arms[self.blocks[block].best]);
        }
        best
    }

    fn range(&self, block: usize) -> Range<usize> {
        block * BLOCK..((block + 1) * BLOCK).min(self.arms.len())
    }

    /// A block whose best arm has yet to be found.
    fn unknown(&self, block: usize) -> Block {
        let range = self.range(block);
        let visits = self.arms[range.clone()].iter().map(|a| a.visits).sum();
        Block { visits, best: range.start, from: f64::INFINITY, to: f64::NEG_INFINITY }
    }

    /// Finds the best arm of a block and for which scales it is that.
    fn compare(&mut self, block: usize, scale: f64) {
        let range = self.range(block);
        let mut best = range.start;
        for arm in range.clone() {
            if self.arms[arm].score(scale) > self.arms[best].score(scale) {
                best = arm;
            }
        }
        let (mut from, mut to) = (f64::NEG_INFINITY, f64::INFINITY);
        let winner = self.arms[best];
        for arm in &self.arms[range] {
            let steeper = arm.width - winner.width;
            let crossing = (winner.value - arm.value) / steeper;
            if steeper > 0.0 {
                to = to.min(crossing - MARGIN);
            } else if steeper < 0.0 {
                from = from.max(crossing + MARGIN);
            }
        }
        self.blocks[block] = Block { best, from, to, ..self.blocks[block] };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_of_equals_wins_and_an_empty_choice_has_none() {
        let mut choices = Choices::default();
        assert_eq!(choices.best(1.0), None);
        let arm = Estimate { value: 0.5, visits: 4.0 };
        assert_eq!((choices.push(7, arm), choices.push(5, arm)), (0, 1));
        // 0.5 + 3 / sqrt(4) = 2.
        assert_eq!(choices.best(3.0), Some((7, 2.0)));
        assert_eq!(choices.visits(), 8.0);
    }

    proptest! {
        #[test]
        fn blocks_find_what_comparing_all_arms_finds(
            arms in prop::collection::vec((0.0f64..1.0, 0u32..5), 1..120),
            changes in prop::collection::vec((any::<prop::sample::Index>(), 0.0f64..1.0, 0.0f64..50.0, 1.0f64..6.0), 1..60),
        ) {
            let mut choices = Choices::default();
            let mut all: Vec<Estimate> = arms.iter().map(|(value, visits)| Estimate { value: *value, visits: f64::from(*visits) }).collect();
            all.iter().zip(0..).for_each(|(arm, name)| assert_eq!(choices.push(name, *arm), name as usize));
            for (arm, value, visits, scale) in changes {
                let arm = arm.index(all.len());
                all[arm] = Estimate { value, visits };
                choices.set(arm, all[arm]);
                let mut best = 0;
                for i in 0..all.len() {
                    if all[i].score(scale) > all[best].score(scale) {
                        best = i;
                    }
                }
                prop_assert_eq!(choices.best(scale), Some((best as u32, all[best].score(scale))));
                let sum: f64 = all.iter().map(|arm| arm.visits).sum();
                prop_assert!((choices.visits() - sum).abs() < 1e-9);
            }
        }
    }
}
