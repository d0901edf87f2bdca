//! Writes objects the way Lean's serializer does: children first, parts at multiples of 64 KiB.

use prove_olean::{BigNumbers, PointerSize};

/// A pointer, or a boxed number, in a file being written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word(pub u64);

pub struct Writer {
    size: PointerSize,
    big_numbers: BigNumbers,
    base: u64,
    done: Vec<Vec<u8>>,
    part: Vec<u8>,
    part_start: u64,
}

const PAGE: u64 = 1 << 16;

impl Writer {
    pub fn new(size: PointerSize, big_numbers: BigNumbers) -> Writer {
        // The 4-byte base makes addresses wrap around for files of more than 64 KiB.
        let base = match size {
            PointerSize::Four => 0xffff_0000,
            PointerSize::Eight => 0x1234_5678_0000,
        };
        let mut writer = Writer { size, big_numbers, base, done: Vec::new(), part: Vec::new(), part_start: 0 };
        writer.begin_part();
        writer
    }

    fn begin_part(&mut self) {
        let mut header = b"olean\x02".to_vec();
        header.push(u8::from(self.big_numbers == BigNumbers::Gmp));
        header.extend(*b"4.28.0-pre\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        header.extend([b'a'; 40]);
        self.part = header;
        self.word(Word(self.base.wrapping_add(self.part_start)));
        self.word(Word(0));
    }

    /// Ends the part, whose root is `root`, and begins the next.
    pub fn end_part(&mut self, root: Word) {
        let at = 80 + self.size.bytes();
        let bytes = self.bytes_of(root);
        self.part[at..at + bytes.len()].copy_from_slice(&bytes);
        let len = self.part.len() as u64;
        self.done.push(std::mem::take(&mut self.part));
        self.part_start += len.next_multiple_of(PAGE);
        self.begin_part();
    }

    pub fn parts(self) -> Vec<Vec<u8>> {
        self.done
    }

    fn bytes_of(&self, word: Word) -> Vec<u8> {
        match self.size {
            PointerSize::Four => (word.0 as u32).to_le_bytes().to_vec(),
            PointerSize::Eight => word.0.to_le_bytes().to_vec(),
        }
    }

    fn word(&mut self, word: Word) {
        let bytes = self.bytes_of(word);
        self.part.extend(bytes);
    }

    fn begin(&mut self, size: u16, other: u8, tag: u8) -> Word {
        self.part.resize(self.part.len().next_multiple_of(self.size.bytes()), 0);
        let at = Word(self.base.wrapping_add(self.part_start + self.part.len() as u64));
        self.part.extend([0; 4]);
        self.part.extend(size.to_le_bytes());
        self.part.extend([other, tag]);
        at
    }

    pub fn boxed(number: u64) -> Word {
        Word(number << 1 | 1)
    }

    pub fn ctor(&mut self, tag: u8, fields: &[Word], scalars: &[u8]) -> Word {
        let size = (8 + fields.len() * self.size.bytes() + scalars.len()).next_multiple_of(8);
        let at = self.begin(size as u16, fields.len() as u8, tag);
        let begin = self.part.len() - 8;
        fields.iter().for_each(|field| self.word(*field));
        self.part.extend(scalars);
        // Lean leaves whatever was there in the padding.
        self.part.resize(begin + size, 0xa5);
        at
    }

    pub fn array(&mut self, elements: &[Word]) -> Word {
        let at = self.begin(1, 0, 246);
        self.word(Word(elements.len() as u64));
        self.word(Word(elements.len() as u64));
        elements.iter().for_each(|element| self.word(*element));
        at
    }

    pub fn string(&mut self, text: &str) -> Word {
        let at = self.begin(1, 0, 249);
        self.word(Word(text.len() as u64 + 1));
        self.word(Word(text.len() as u64 + 1));
        self.word(Word(text.chars().count() as u64));
        self.part.extend(text.as_bytes());
        self.part.push(0);
        at
    }

    pub fn list(&mut self, elements: &[Word]) -> Word {
        elements.iter().rev().fold(Writer::boxed(0), |tail, head| self.ctor(1, &[*head, tail], &[]))
    }

    pub fn nat(&mut self, number: u64) -> Word {
        let bits = self.size.bytes() as u32 * 8 - 1;
        if number >> bits == 0 { Writer::boxed(number) } else { self.big(&number.to_le_bytes()) }
    }

    /// A big number from its little-endian bytes, a multiple of eight of them.
    pub fn big(&mut self, digits: &[u8]) -> Word {
        let word = self.size.bytes();
        let at = self.begin(0, 0, 250);
        match self.big_numbers {
            BigNumbers::Native => {
                self.word(Word(0));
                self.word(Word(digits.len() as u64 / 4));
                self.word(Word(at.0.wrapping_add(8 + 3 * word as u64)));
            }
            BigNumbers::Gmp => {
                let limbs = (digits.len() / word) as u32;
                self.part.extend(limbs.to_le_bytes());
                self.part.extend(limbs.to_le_bytes());
                self.word(Word(at.0.wrapping_add(16 + word as u64)));
            }
        }
        self.part.extend(digits);
        at
    }
}
