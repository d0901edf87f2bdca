//! Tensors on the host, and buffers on the device.

use super::{Failure, check};
use ort::{
    AsPointer,
    memory::{Allocator, MemoryInfo},
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
    tensor: Tensor<u8>,
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: the pointer is to memory that `tensor` owns, and `ort` declares tensors free to move between threads.
unsafe impl Send for Buffer {}
// SAFETY: through a shared reference the memory is only reached by `copy_from`, whose caller holds the decoder that owns both buffers
// exclusively, and by a running session, which the same decoder owns.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// Memory of the allocator's device; zeroed if that is the host.
    pub(crate) fn new(allocator: &Allocator, len: usize) -> Result<Arc<Self>, Failure> {
        let mut tensor = Tensor::<u8>::new(allocator, [len.max(1) as i64])?;
        let start = NonNull::new(tensor.data_ptr_mut().cast::<u8>()).ok_or_else(|| Failure("a tensor without memory".to_owned()))?;
        Ok(Arc::new(Buffer { tensor, start, len: len.max(1) }))
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Copies `len` bytes at `from_at` of `from` to `at`. Both buffers are on the host and are different ones, or the ranges are apart.
    pub(crate) fn copy_from(&self, at: usize, from: &Buffer, from_at: usize, len: usize) {
        assert!(at + len <= self.len && from_at + len <= from.len, "a copy past the end of a buffer");
        debug_assert!(self.tensor.memory_info().is_cpu_accessible() && from.tensor.memory_info().is_cpu_accessible());
        // SAFETY: both ranges lie inside their buffers, which are initialised; `ptr::copy` allows them to overlap; no session runs on
        // these buffers meanwhile, as the one thread that runs it is the one that copies.
        unsafe { std::ptr::copy(from.start.as_ptr().add(from_at), self.start.as_ptr().add(at), len) }
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
        let info: &MemoryInfo<'_> = buffer.tensor.memory_info();
        let mut value = std::ptr::null_mut();
        // SAFETY: the range lies inside the buffer, which the view keeps alive; `info` describes its device; `dims` outlives the call,
        // which copies it.
        check(unsafe {
            (ort::api().CreateTensorWithDataAsOrtValue)(
                info.ptr(),
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
