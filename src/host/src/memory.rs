//! The guest's linear memory as the host sees it: shared by all threads of the guest, so every access is a checked copy.

use wasmtime::{Result, SharedMemory, bail};

/// A handle to the shared linear memory. Cheap to clone.
#[derive(Clone)]
pub(crate) struct GuestMemory(SharedMemory);

/// Page size of WebAssembly, bytes.
const PAGE: u64 = 65536;

impl GuestMemory {
    pub(crate) fn new(memory: SharedMemory) -> GuestMemory {
        GuestMemory(memory)
    }

    pub(crate) fn shared(&self) -> &SharedMemory {
        &self.0
    }

    /// The start of `length` bytes at `address`, if they lie inside the memory.
    fn range(&self, address: u32, length: usize) -> Result<*mut u8> {
        let data = self.0.data();
        match (address as usize).checked_add(length) {
            Some(end) if end <= data.len() => Ok(data[address as usize..].as_ptr().cast_mut().cast()),
            _ => bail!("the guest passed an address outside its memory"),
        }
    }

    pub(crate) fn write(&self, address: u32, bytes: &[u8]) -> Result<()> {
        let to = self.range(address, bytes.len())?;
        // SAFETY: `to` is valid for `bytes.len()` bytes of guest memory, which never moves or shrinks and which no Rust
        // reference points into; guest threads that race with the copy garble only their own data.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) };
        Ok(())
    }

    pub(crate) fn read(&self, address: u32, into: &mut [u8]) -> Result<()> {
        let from = self.range(address, into.len())?;
        // SAFETY: as in `write`.
        unsafe { std::ptr::copy_nonoverlapping(from, into.as_mut_ptr(), into.len()) };
        Ok(())
    }

    pub(crate) fn read_vec(&self, address: u32, length: u32) -> Result<Vec<u8>> {
        self.range(address, length as usize)?;
        let mut bytes = vec![0; length as usize];
        self.read(address, &mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn u32(&self, address: u32) -> Result<u32> {
        let mut bytes = [0; 4];
        self.read(address, &mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    pub(crate) fn u8(&self, address: u32) -> Result<u8> {
        let mut bytes = [0];
        self.read(address, &mut bytes)?;
        Ok(bytes[0])
    }

    pub(crate) fn set_u8(&self, address: u32, value: u8) -> Result<()> {
        self.write(address, &[value])
    }

    pub(crate) fn set_u32(&self, address: u32, value: u32) -> Result<()> {
        self.write(address, &value.to_le_bytes())
    }

    pub(crate) fn set_u64(&self, address: u32, value: u64) -> Result<()> {
        self.write(address, &value.to_le_bytes())
    }

    /// The bytes of a C string, without its NUL.
    pub(crate) fn c_string(&self, address: u32) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        loop {
            match self.u8(address.wrapping_add(bytes.len() as u32))? {
                0 => return Ok(bytes),
                byte => bytes.push(byte),
            }
        }
    }

    /// Grows to hold at least `bytes`; whether that worked.
    pub(crate) fn grow_to(&self, bytes: u64) -> bool {
        let wanted = bytes.div_ceil(PAGE);
        let have = self.0.size();
        wanted <= have || self.0.grow(wanted - have).is_ok()
    }
}
