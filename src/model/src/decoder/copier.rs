//! Copies of keys and values between caches.

use super::{Cache, Shape, cache::Part};
use crate::runtime::{Element, Failure, Joiner, Session, View};

/// What copies.
pub(super) enum Copier {
    /// The processor, for caches in host memory.
    Host,
    /// A graph, for caches on a device.
    Device(Box<Joiner>, Element),
}

impl Copier {
    /// Writes parts one after the other into row `row` of `to`, from position `at` on. What the row holds elsewhere is lost.
    pub(super) fn fill(
        &mut self,
        session: &Session,
        to: &Cache,
        row: usize,
        at: usize,
        parts: &[Part<'_>],
        shape: &Shape,
    ) -> Result<(), Failure> {
        match self {
            Copier::Host => to.fill(row, at, parts, shape),
            Copier::Device(joiner, element) => {
                let parts: Vec<&Part<'_>> = parts.iter().filter(|part| part.length > 0).collect();
                join(joiner, *element, session, (to, row, at), &parts, shape)?;
            }
        }
        Ok(())
    }

    /// Puts numbers where `fill` will not write.
    pub(super) fn zero(&self, cache: &Cache) {
        if let Copier::Host = self {
            cache.zero();
        }
    }
}

/// Joins two parts at a time; more than two by way of a cache of their own.
fn join(
    joiner: &mut Joiner,
    element: Element,
    session: &Session,
    (to, row, at): (&Cache, usize, usize),
    parts: &[&Part<'_>],
    shape: &Shape,
) -> Result<(), Failure> {
    let views = |cache: &Cache, row: usize| -> Result<Vec<View>, Failure> {
        (0..shape.heads.len()).map(|tensor| cache.view(tensor, row, 1, shape, element)).collect()
    };
    let all = |part: &Part<'_>| Ok::<_, Failure>((views(part.cache, part.row)?, part.start..part.start + part.length));
    match parts {
        // Zeros everywhere: what is not there yet must be numbers all the same.
        [] => joiner.join((views(to, row)?, 0..0), (views(to, row)?, 0..0), views(to, row)?, at, to.length - at),
        [one] => {
            let nothing = (views(one.cache, one.row)?, 0..0);
            joiner.join(all(one)?, nothing, views(to, row)?, at, to.length - at - one.length)
        }
        [one, two] => joiner.join(all(one)?, all(two)?, views(to, row)?, at, to.length - at - one.length - two.length),
        [one, two, rest @ ..] => {
            let length = one.length + two.length;
            let both = Cache::new(session, shape, 1, length)?;
            join(joiner, element, session, (&both, 0, 0), &[one, two], shape)?;
            let both = Part { cache: &both, row: 0, start: 0, length };
            join(joiner, element, session, (to, row, at), &[&[&both], rest].concat(), shape)
        }
    }
}
