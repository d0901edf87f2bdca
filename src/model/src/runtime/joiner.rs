//! A graph that copies: pieces of tensors, joined and padded. On a device it is what moves keys and values between caches, since
//! memory there is only reached by running graphs.
//!
//! For tensor `i` of shape `[1, heads, length, size]`, and for all tensors at once:
//! `to.i = pad(concat(from.i[:, :, first], more.i[:, :, second]))`, zeros being put before and after along the length.

use super::{Binding, Element, Failure, Host, Session, SessionOptions, View, name};
use crate::ModelError;
use ort::{
    editor::{Graph, Model, Node, ONNX_DOMAIN, Opset},
    operator::Attribute,
    value::{Outlet, Shape, SymbolicDimensions, ValueType},
};
use std::{ffi::CString, ops::Range};

/// The graph, for tensors of the given heads and sizes.
pub(crate) struct Joiner {
    session: Session,
    names: Vec<[CString; 3]>,
}

/// One end of a copy: a view per tensor, and which positions of it count.
pub(crate) type Piece = (Vec<View>, Range<usize>);

const OPSET: u32 = 18;

impl Joiner {
    /// Builds the graph on the device of `options`.
    pub(crate) fn new(tensors: &[(usize, usize)], element: Element, options: &SessionOptions) -> Result<Self, ModelError> {
        let model = model(tensors, element).map_err(|Failure(detail)| ModelError::Runtime { detail })?;
        let session = Session::build(options, |builder| Ok(model.into_session(builder)?))?;
        let names = (0..tensors.len()).map(|at| ["from", "more", "to"].map(|part| name(&format!("{part}.{at}")))).collect();
        Ok(Joiner { session, names })
    }

    /// Writes the two pieces, one after the other, to all of `to`, with `before` positions of zeros before and `after` behind.
    pub(crate) fn join(&mut self, first: Piece, second: Piece, to: Vec<View>, before: usize, after: usize) -> Result<(), Failure> {
        let mut binding = Binding::new(&self.session)?;
        let ends = [first.1.start, first.1.end, second.1.start, second.1.end].map(|end| Host::of(&[1], &[end as i64]));
        for (end, name) in ends.into_iter().zip([c"first.start", c"first.end", c"second.start", c"second.end"]) {
            // The binding holds the value; the tensor itself may go.
            binding.input(name, &end?)?;
        }
        let pads = [0, 0, before as i64, 0, 0, 0, after as i64, 0];
        binding.input(c"axis", &Host::of(&[1], &[2i64])?)?;
        binding.input(c"pads", &Host::of(&[8], &pads)?)?;
        for (((names, first), second), to) in self.names.iter().zip(first.0).zip(second.0).zip(to) {
            binding.input(&names[0], &first)?;
            binding.input(&names[1], &second)?;
            binding.output(&names[2], &to)?;
            [first, second, to].into_iter().for_each(|view| binding.keep(view));
        }
        self.session.run(&binding)
    }
}

fn model(tensors: &[(usize, usize)], element: Element) -> Result<Model, Failure> {
    let tensor = |name: String, ty: Element, dims: &[i64]| {
        Outlet::new(
            name,
            ValueType::Tensor { ty, shape: Shape::new(dims.iter().copied()), dimension_symbols: SymbolicDimensions::empty(dims.len()) },
        )
    };
    let mut graph = Graph::new()?;
    let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
    for control in ["first.start", "first.end", "second.start", "second.end", "axis"] {
        inputs.push(tensor(control.to_owned(), Element::Int64, &[1]));
    }
    inputs.push(tensor("pads".to_owned(), Element::Int64, &[8]));
    let mut nodes = Vec::new();
    for (at, &(heads, size)) in tensors.iter().enumerate() {
        let dims = [1, heads as i64, -1, size as i64];
        inputs.extend(["from", "more"].map(|part| tensor(format!("{part}.{at}"), element, &dims)));
        outputs.push(tensor(format!("to.{at}"), element, &dims));
        let value = |part: &str| format!("{part}.{at}");
        let mut node = |operator: &str, inputs: &[String], output: String, attributes: Vec<Attribute>| -> Result<(), Failure> {
            nodes.push(Node::new(operator, ONNX_DOMAIN, &output, inputs, [&output], attributes)?);
            Ok(())
        };
        let slice = |from: &str, part: &str| [value(from), format!("{part}.start"), format!("{part}.end"), "axis".to_owned()];
        node("Slice", &slice("from", "first"), value("first"), vec![])?;
        node("Slice", &slice("more", "second"), value("second"), vec![])?;
        node("Concat", &[value("first"), value("second")], value("joined"), vec![Attribute::new("axis", 2i64)?])?;
        node("Pad", &[value("joined"), "pads".to_owned()], value("to"), vec![])?;
    }
    graph.set_inputs(inputs)?;
    graph.set_outputs(outputs)?;
    nodes.into_iter().try_for_each(|node| graph.add_node(node))?;
    let mut model = Model::new([Opset::new(ONNX_DOMAIN, OPSET)?])?;
    model.set_graph(graph)?;
    Ok(model)
}
