//! Which provider runs which operator.
//!
//! ONNX Runtime gives an operator that a provider lacks to the CPU, with copies to and fro, and says nothing. For the arithmetic of
//! shapes that is right; a model whose matrix products run there does not run on the device that was asked for.

use super::{Failure, check};
use ort::{AsPointer, session::Session};
use std::{
    collections::BTreeMap,
    ffi::{CStr, c_char},
    ptr,
};

/// The setting under which a session remembers what [`misplaced`] asks for.
pub(super) const RECORDED: &str = "session.record_ep_graph_assignment_info";

/// What the names of operators that read weights or keys and values have in them.
const HEAVY: [&str; 4] = ["MatMul", "Gemm", "Attention", "MoE"];

/// The kinds of operators that read weights or keys and values and of which more than a quarter run on another provider than this one.
/// A few may: older exports compute the angles of positions by a small product, which ONNX Runtime leaves to the CPU on purpose.
pub(super) fn misplaced(session: &Session, provider: &str) -> Result<Vec<String>, Failure> {
    let (mut subgraphs, mut count) = (ptr::null(), 0);
    // SAFETY: the session lives, and owns what the pointers that are returned lead to; nothing is kept of them.
    check(unsafe { (ort::api().Session_GetEpGraphAssignmentInfo)(session.ptr(), &mut subgraphs, &mut count) })?;
    // Of each kind, how many run elsewhere and how many there are.
    let mut found: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for at in 0..count {
        // SAFETY: there are `count` of them.
        let subgraph = unsafe { *subgraphs.add(at) };
        // SAFETY: the function fits the pointer.
        let elsewhere = unsafe { text(|out| (ort::api().EpAssignedSubgraph_GetEpName)(subgraph, out)) }? != provider;
        let (mut nodes, mut count) = (ptr::null(), 0);
        // SAFETY: as for the subgraphs.
        check(unsafe { (ort::api().EpAssignedSubgraph_GetNodes)(subgraph, &mut nodes, &mut count) })?;
        for at in 0..count {
            // SAFETY: there are `count` of them, and the function fits the pointer.
            let operator = unsafe { text(|out| (ort::api().EpAssignedNode_GetOperatorType)(*nodes.add(at), out)) }?;
            if HEAVY.iter().any(|part| operator.contains(part)) {
                let (misplaced, all) = found.entry(operator).or_default();
                *misplaced += usize::from(elsewhere);
                *all += 1;
            }
        }
    }
    Ok(found.into_iter().filter(|(_, (misplaced, all))| misplaced * 4 > *all).map(|(operator, _)| operator).collect())
}

/// A text that a function of the interface returns.
///
/// # Safety
///
/// Unless it fails, the function leaves a pointer to a C string, which nothing frees during the call.
unsafe fn text(get: impl FnOnce(&mut *const c_char) -> ort::sys::OrtStatusPtr) -> Result<String, Failure> {
    let mut start = ptr::null();
    check(get(&mut start))?;
    if start.is_null() {
        return Ok(String::new());
    }
    // SAFETY: promised by the caller.
    Ok(unsafe { CStr::from_ptr(start) }.to_string_lossy().into_owned())
}
