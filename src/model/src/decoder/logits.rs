//! Where a graph writes its logits: host memory, as fp32 for the sampler whatever the graph's type.

use super::layout::Interface;
use crate::runtime::{Binding, Element, Failure, Host};
use half::{f16, slice::HalfFloatSliceExt};

pub(super) enum Logits {
    Single(Host<f32>),
    Half(Host<f16>, Vec<f32>),
}

impl Logits {
    /// Room for the logits of `rows` rows of one token.
    pub(super) fn new(interface: &Interface, rows: usize, vocab: usize) -> Result<Self, Failure> {
        let shape = if interface.logits_per_token { vec![rows, 1, vocab] } else { vec![rows, vocab] };
        Ok(match interface.logits_element {
            Element::Float16 => Logits::Half(Host::new(&shape)?, vec![0.0; rows * vocab]),
            _ => Logits::Single(Host::new(&shape)?),
        })
    }

    pub(super) fn bind(&self, binding: &mut Binding, interface: &Interface) -> Result<(), Failure> {
        match self {
            Logits::Single(host) => binding.output(&interface.logits, host),
            Logits::Half(host, _) => binding.output(&interface.logits, host),
        }
    }

    /// What the last run wrote.
    pub(super) fn read(&mut self) -> &[f32] {
        match self {
            Logits::Single(host) => host,
            Logits::Half(host, single) => {
                host.convert_to_f32_slice(single);
                single
            }
        }
    }
}
