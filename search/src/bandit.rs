//! Discounted upper confidence bounds, with virtual losses for what is under way.
//!
//! A [`Record`] is what is known of one arm. Its estimate follows DeepSeek-Prover-V1.5 (<https://arxiv.org/abs/2408.08152>), section
//! 3.3: with rewards `R_1 … R_n` and a discount `γ`, `W = Σ γ^(n-t) R_t` (equation 8) and `N = Σ γ^t` over `t < n` (equation 9), kept
//! up to date as `W ← γW + R` and `N ← γN + 1`. An arm scores `W/N + sqrt(2 ln T / N)` (equation 7), `T` being the sum of all arms'
//! `N`. With `γ = 1` that is UCB1 (equations 4 to 6). A smaller one forgets, as rewards for finding something new must: they get rarer.
//!
//! Work under way counts as visits without reward (section 3.4, *virtual loss*), so `k` jobs make it `W' = W γ^k` and
//! `N' = N γ^k + (1 - γ^k) / (1 - γ)`. As in the paper's code, `N'` counts at least [`LEAST_VISITS`] where it divides, and `T` at least
//! [`LEAST_TOTAL`] in the logarithm: an arm never tried has a bonus of at least `sqrt(2 ln 2 / 0.01)`, 11.8, and goes before all others.

mod choices;

pub(crate) use choices::Choices;

/// What an arm's visits count for at least where something is divided by them.
const LEAST_VISITS: f64 = 0.01;
/// What all arms' visits count for at least in the exploration bonus.
const LEAST_TOTAL: f64 = 2.0;

/// How arms are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Selection {
    /// Discounted upper confidence bounds, the choice of the paper with γ = 0.99.
    Discounted {
        /// The weight that a reward keeps from one visit to the next; between 0 and 1.
        gamma: f64,
    },
    /// UCB1, the paper's ablation: nothing is forgotten.
    Ucb1,
}

impl Selection {
    /// The discount; 1 where there is none.
    pub(crate) fn gamma(self) -> f64 {
        match self {
            Selection::Discounted { gamma } if gamma.is_finite() => gamma.clamp(0.0, 1.0),
            Selection::Discounted { .. } | Selection::Ucb1 => 1.0,
        }
    }
}

/// The discounted statistics of one arm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Record {
    /// `W`.
    rewards: f64,
    /// `N`.
    visits: f64,
    /// Jobs under way.
    running: u32,
}

impl Record {
    /// A job begins.
    pub(crate) fn begin(&mut self) {
        self.running += 1;
    }

    /// A job ends without a result: as if it had never begun.
    pub(crate) fn withdraw(&mut self) {
        debug_assert!(self.running > 0, "a job ends that never began");
        self.running = self.running.saturating_sub(1);
    }

    /// A job ends with this reward.
    pub(crate) fn finish(&mut self, reward: f64, gamma: f64) {
        self.withdraw();
        self.rewards = gamma * self.rewards + reward;
        self.visits = gamma * self.visits + 1.0;
    }

    /// How many jobs are under way.
    pub(crate) fn running(&self) -> u32 {
        self.running
    }

    /// What to think of the arm now, virtual losses included.
    pub(crate) fn estimate(&self, gamma: f64) -> Estimate {
        let kept = gamma.powi(self.running.try_into().unwrap_or(i32::MAX));
        let lost = if gamma < 1.0 { (1.0 - kept) / (1.0 - gamma) } else { f64::from(self.running) };
        let visits = self.visits * kept + lost;
        Estimate { value: self.rewards * kept / visits.max(LEAST_VISITS), visits }
    }
}

/// The present estimate of an arm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Estimate {
    /// `W' / N'`.
    pub(crate) value: f64,
    /// `N'`.
    pub(crate) visits: f64,
}

impl Estimate {
    /// What the exploration bonus of an arm is for a [`scale`] of 1.
    pub(crate) fn width(self) -> f64 {
        self.visits.max(LEAST_VISITS).sqrt().recip()
    }

    /// The score to be compared with those of the other arms.
    pub(crate) fn score(self, scale: f64) -> f64 {
        self.value + scale * self.width()
    }
}

/// What all arms' bonuses have in common: `sqrt(2 ln T)`, for the sum `T` of their visits.
pub(crate) fn scale(total: f64) -> f64 {
    (2.0 * total.max(LEAST_TOTAL).ln()).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-9, "{found} instead of {wanted}");
    }

    fn visited(rewards: &[f64], gamma: f64) -> Record {
        let mut record = Record::default();
        for reward in rewards {
            record.begin();
            record.finish(*reward, gamma);
        }
        record
    }

    #[test]
    fn rewards_are_discounted_by_visits() {
        // Equations 8 and 9 for rewards 1, 0, 1 at γ = 0.99: W = 0.99²·1 + 0.99·0 + 1 = 1.9801, N = 1 + 0.99 + 0.9801 = 2.9701.
        let record = visited(&[1.0, 0.0, 1.0], 0.99);
        close(record.rewards, 1.9801);
        close(record.visits, 2.9701);
        close(record.estimate(0.99).value, 1.9801 / 2.9701);
        // At γ = 1 it is the mean, 2/3 (equations 4 to 6).
        close(visited(&[1.0, 0.0, 1.0], 1.0).estimate(1.0).value, 2.0 / 3.0);
        // The horizon is 1 / (1 - γ): after many visits N is 100.
        close(visited(&[0.0; 4000], 0.99).visits, 100.0);
    }

    #[test]
    fn jobs_under_way_count_as_visits_without_reward() {
        // k = 2 on W = 1.9801, N = 2.9701: γ² = 0.9801, W' = 1.9801·0.9801 = 1.94069601,
        // N' = 2.9701·0.9801 + (1 - 0.9801)/0.01 = 2.91099501 + 1.99 = 4.90099501.
        let mut record = visited(&[1.0, 0.0, 1.0], 0.99);
        let before = record;
        record.begin();
        record.begin();
        close(record.estimate(0.99).visits, 4.900_995_01);
        close(record.estimate(0.99).value, 1.940_696_01 / 4.900_995_01);
        // That is what two visits with reward 0 would make of it.
        let visited = visited(&[1.0, 0.0, 1.0, 0.0, 0.0], 0.99).estimate(0.99);
        close(record.estimate(0.99).visits, visited.visits);
        close(record.estimate(0.99).value, visited.value);
        record.withdraw();
        record.withdraw();
        assert_eq!(record, before);
        // Without discount: N' = 0 + 3.
        let fresh = Record { running: 3, ..Record::default() };
        close(fresh.estimate(1.0).visits, 3.0);
    }

    #[test]
    fn scores_are_those_of_equation_7() {
        // T = 5, an arm with W = 0.99, N = 1.99: 0.99/1.99 + sqrt(2·ln 5 / 1.99) = 0.49748743… + sqrt(3.21887582/1.99).
        let arm = visited(&[1.0, 0.0], 0.99).estimate(0.99);
        close(arm.score(scale(5.0)), 0.99 / 1.99 + (3.218_875_824_868_201_f64 / 1.99).sqrt());
        // Never tried, and nothing else either: sqrt(2·ln 2 / 0.01) = sqrt(138.629436…) = 11.774…
        close(Estimate::default().score(scale(0.0)), 138.629_436_111_989_06_f64.sqrt());
    }

    #[test]
    fn a_discount_out_of_range_is_brought_back() {
        assert_eq!(Selection::Discounted { gamma: f64::NAN }.gamma(), 1.0);
        assert_eq!(Selection::Discounted { gamma: 7.0 }.gamma(), 1.0);
        assert_eq!(Selection::Discounted { gamma: -1.0 }.gamma(), 0.0);
        assert_eq!(Selection::Ucb1.gamma(), 1.0);
    }
}
