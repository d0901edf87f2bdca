//! Tensors on the host, and buffers on the device.

use super::{Failure, check};
use ort::{
    AsPointer,
    memory::{Allocator, MemoryInfo},
    session::SharedSessionInner,
    sys,
    value::{PrimitiveTensorElementType, Tensor, TensorElementType},
};
use std::{
    fmt,
    ops::{Deref, DerefMut},
    ptr::NonNull,
    sync::Arc,
};

/// A tensor in host memory, zeroed when it is made.
pub(crate) struct Host<T: PrimitiveTensorElementType + fmt::Debug> {
    tensor: Tensor<T>,
    len: usize,
}

impl<T: PrimitiveTensorElementType + fmt::Debug> Host<T> {
    pub(crate) fn new(shape: &[usize]) -> Result<Self, Failure> {
        let dims: Vec<i64> = shape.iter().map(|&dim| dim as i64).collect();
        Ok(Host { tensor: Tensor::new(&Allocator::default(), dims)?, len: shape.iter().product() })
    }

    /// A tensor that holds `values`.
    pub(crate) fn of(shape: &[usize], values: &[T]) -> Result<Self, Failure>
    where
        T: Copy,
    {
        let mut host = Host::new(shape)?;
        host.copy_from_slice(values);
        Ok(host)
    }

    pub(super) fn value(&self) -> *const sys::OrtValue {
        self.tensor.ptr()
    }
}

impl<T: PrimitiveTensorElementType + fmt::Debug> Deref for Host<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        if self.len == 0 { &[] } else { self.tensor.extract_tensor().1 }
    }
}

impl<T: PrimitiveTensorElementType + fmt::Debug> DerefMut for Host<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        if self.len == 0 { &mut [] } else { self.tensor.extract_tensor_mut().1 }
    }
}

/// Bytes on the device of a session. Host code never holds a reference into them, it only asks for copies.
pub(crate) struct Buffer {
    value: NonNull<sys::OrtValue>,
    start: NonNull<u8>,
    len: usize,
    device: Arc<DeviceMemory>,
}

/// Where buffers of a session come from. They keep it, since an allocator must outlive its memory, and the session the allocator.
pub(crate) struct DeviceMemory {
    allocator: Allocator,
    info: MemoryInfo<'static>,
    on_host: bool,
    _session: Arc<SharedSessionInner>,
}

// SAFETY: what is not `Sync` is the allocator, and only `Buffer::new` uses it, for a decoder that is held exclusively.
unsafe impl Sync for DeviceMemory {}

impl DeviceMemory {
    pub(super) fn new(session: &ort::session::Session, info: MemoryInfo<'static>) -> Result<Arc<Self>, Failure> {
        let (allocator, on_host) = (Allocator::new(session, info.clone())?, info.is_cpu_accessible());
        Ok(Arc::new(DeviceMemory { allocator, info, on_host, _session: session.inner() }))
    }

    pub(super) fn info(&self) -> &MemoryInfo<'static> {
        &self.info
    }
}

// SAFETY: values of the C interface, and the memory they own, are not tied to a thread.
unsafe impl Send for Buffer {}
// SAFETY: through a shared reference the memory is only reached by `copy_from` and `zero`, whose caller holds the decoder that owns the
// buffers exclusively, and by a running session, which the same decoder owns.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// Memory of the allocator's device, with anything in it. (`ort` would zero it, which costs as much as filling it.)
    pub(crate) fn new(device: &Arc<DeviceMemory>, len: usize) -> Result<Arc<Self>, Failure> {
        let (len, mut value) = (len.max(1), std::ptr::null_mut());
        // SAFETY: the allocator lives; the shape is one number, which the call copies.
        check(unsafe {
            (ort::api().CreateTensorAsOrtValue)(
                device.allocator.ptr().cast_mut(),
                &(len as i64),
                1,
                TensorElementType::Uint8.into(),
                &mut value,
            )
        })?;
        let none = || Failure("a tensor without memory".to_owned());
        let value = NonNull::new(value).ok_or_else(none)?;
        let mut start = std::ptr::null_mut();
        // SAFETY: the value is a tensor that was just made.
        let found = check(unsafe { (ort::api().GetTensorMutableData)(value.as_ptr(), &mut start) });
        // From here on, dropping releases the value.
        let mut buffer = Buffer { value, start: NonNull::dangling(), len, device: Arc::clone(device) };
        found?;
        buffer.start = NonNull::new(start.cast::<u8>()).ok_or_else(none)?;
        Ok(Arc::new(buffer))
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Copies `len` bytes at `from_at` of `from` to `at`. Both buffers are on the host and are different ones, or the ranges are apart.
    pub(crate) fn copy_from(&self, at: usize, from: &Buffer, from_at: usize, len: usize) {
        assert!(at + len <= self.len && from_at + len <= from.len, "a copy past the end of a buffer");
        assert!(self.device.on_host && from.device.on_host, "a copy by the processor of memory that is not its own");
        // SAFETY: both ranges lie inside their buffers, in host memory; `ptr::copy` allows them to overlap and copies bytes whatever
        // they are; no session runs on these buffers meanwhile, as the one thread that runs it is the one that copies.
        unsafe { std::ptr::copy(from.start.as_ptr().add(from_at), self.start.as_ptr().add(at), len) }
    }

    /// Zeroes the buffer, which is on the host.
    pub(crate) fn zero(&self) {
        assert!(self.device.on_host, "a write by the processor to memory that is not its own");
        // SAFETY: the buffer's own range in host memory; nobody else reaches it meanwhile, as for a copy.
        unsafe { std::ptr::write_bytes(self.start.as_ptr(), 0, self.len) }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: the value was made by `new` and is released once.
        unsafe { (ort::api().ReleaseValue)(self.value.as_ptr()) }
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({} bytes)", self.len)
    }
}

/// A part of a buffer, seen as a tensor.
pub(crate) struct View {
    value: NonNull<sys::OrtValue>,
    _memory: Arc<Buffer>,
}

impl View {
    /// The tensor of `shape` that begins at byte `at`.
    pub(crate) fn new(buffer: &Arc<Buffer>, at: usize, shape: &[usize], element: TensorElementType) -> Result<Self, Failure> {
        let len = shape.iter().product::<usize>() * element.byte_size(1).unwrap_or(0);
        assert!(at + len <= buffer.len, "a view past the end of a buffer");
        let dims: Vec<i64> = shape.iter().map(|&dim| dim as i64).collect();
        let mut value = std::ptr::null_mut();
        // SAFETY: the range lies inside the buffer, which the view keeps alive; `info` describes its device; `dims` outlives the call,
        // which copies it.
        check(unsafe {
            (ort::api().CreateTensorWithDataAsOrtValue)(
                buffer.device.info.ptr(),
                buffer.start.as_ptr().add(at).cast(),
                len,
                dims.as_ptr(),
                dims.len(),
                element.into(),
                &mut value,
            )
        })?;
        let value = NonNull::new(value).ok_or_else(|| Failure("a view without a value".to_owned()))?;
        Ok(View { value, _memory: Arc::clone(buffer) })
    }

    pub(super) fn value(&self) -> *const sys::OrtValue {
        self.value.as_ptr()
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // SAFETY: the value was made by `new` and is released once.
        unsafe { (ort::api().ReleaseValue)(self.value.as_ptr()) }
    }
}

// SAFETY: a value of the C interface is not tied to a thread.
unsafe impl Send for View {}
