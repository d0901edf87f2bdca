//! Which memory the inputs and outputs of a session are.

use super::{Failure, Host, Session, View, check};
use ort::{AsPointer, memory::MemoryInfo, session::IoBinding, sys, value::PrimitiveTensorElementType};
use std::{ffi::CStr, fmt};

/// Inputs and outputs of a run. What is bound must outlive the run: keep views in the binding ([`Binding::keep`]), host tensors beside it.
pub(crate) struct Binding {
    pub(super) io: IoBinding,
    views: Vec<View>,
}

/// Something that can be bound.
pub(crate) trait Bound {
    fn value(&self) -> *const sys::OrtValue;
}

impl<T: PrimitiveTensorElementType + fmt::Debug> Bound for Host<T> {
    fn value(&self) -> *const sys::OrtValue {
        Host::value(self)
    }
}

impl Bound for View {
    fn value(&self) -> *const sys::OrtValue {
        View::value(self)
    }
}

impl Binding {
    pub(crate) fn new(session: &Session) -> Result<Self, Failure> {
        Ok(Binding { io: session.session.create_binding()?, views: Vec::new() })
    }

    /// Binds an input. On a device, host memory is copied there now and not at the run, so inputs that changed are bound again.
    pub(crate) fn input(&mut self, name: &CStr, value: &impl Bound) -> Result<(), Failure> {
        // SAFETY: the pointers are to live objects; the interface takes its own reference to the value.
        check(unsafe { (ort::api().BindInput)(self.io.ptr_mut(), name.as_ptr(), value.value()) })
    }

    /// Binds an output to memory that is there already.
    pub(crate) fn output(&mut self, name: &CStr, value: &impl Bound) -> Result<(), Failure> {
        // SAFETY: as for an input.
        check(unsafe { (ort::api().BindOutput)(self.io.ptr_mut(), name.as_ptr(), value.value()) })
    }

    /// Leaves the memory of an output to the session, on its device; nobody reads it.
    pub(crate) fn discard(&mut self, name: &CStr, device: &MemoryInfo<'_>) -> Result<(), Failure> {
        // SAFETY: as for an input; the device description is copied.
        check(unsafe { (ort::api().BindOutputToDevice)(self.io.ptr_mut(), name.as_ptr(), device.ptr()) })
    }

    /// Binds a view and keeps it.
    pub(crate) fn keep(&mut self, view: View) {
        self.views.push(view);
    }
}
