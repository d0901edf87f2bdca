//! `Content-Length` framing that survives any byte sequence.
//!
//! Lean's server writes frames to its standard output, and so may anything else in its process: the embedded build prints
//! `[DEBUG…]` lines there, and elaborated code can print what it likes. The rules of this reader:
//!
//! - Bytes outside a frame are skipped, up to [`MAX_GARBAGE`] in a row; then the stream is given up as [`FrameError::Garbage`].
//! - A header whose length is missing, negative or not a number is skipped like garbage.
//! - A length above [`MAX_FRAME`] is [`FrameError::TooLong`]: waiting for such a frame would swallow everything that follows.
//! - The payload's meaning is not looked at. A payload that is no JSON is for the caller to report: the frame that it damaged may
//!   have been the awaited one, so skipping it could turn a broken pipe into an endless wait.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The longest payload accepted, in bytes.
pub const MAX_FRAME: usize = 64 << 20;
/// How many bytes outside frames are skipped before the stream is given up.
pub const MAX_GARBAGE: usize = 4 << 20;
/// The longest line kept while a header is looked for; of a longer one only the end matters.
const MAX_LINE: usize = 4096;
const LENGTH_FIELD: &[u8] = b"content-length:";

/// Why a stream of frames was given up.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FrameError {
    /// A header announced more than [`MAX_FRAME`] bytes.
    #[error("a frame of {0} bytes was announced, more than the {MAX_FRAME} allowed")]
    TooLong(u128),
    /// More than [`MAX_GARBAGE`] bytes arrived without a frame.
    #[error("more than {MAX_GARBAGE} bytes arrived that belong to no frame")]
    Garbage,
}

/// The framing without the I/O: bytes are pushed in, payloads come out.
#[derive(Debug, Default)]
pub struct FrameDecoder {
    buffer: Vec<u8>,
    /// How much of `buffer` has been used up.
    start: usize,
    /// How far past `start` no line end was found.
    scanned: usize,
    /// The length announced by the header being read.
    announced: Option<usize>,
    /// The blank line was seen: a payload of this length follows.
    payload: Option<usize>,
    garbage: usize,
}

impl FrameDecoder {
    /// Adds bytes in the order in which they arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 && self.start >= self.buffer.len() / 2 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole payload, or `None` until more bytes arrive.
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        loop {
            if let Some(length) = self.payload {
                if self.buffer.len() - self.start < length {
                    return Ok(None);
                }
                let payload = self.buffer[self.start..self.start + length].to_vec();
                self.start += length;
                self.payload = None;
                self.garbage = 0;
                return Ok(Some(payload));
            }
            let unread = &self.buffer[self.start..];
            let Some(end) = unread[self.scanned..].iter().position(|b| *b == b'\n').map(|i| i + self.scanned) else {
                self.scanned = unread.len();
                return self.trim_unfinished_line().map(|()| None);
            };
            let line = unread[..end].strip_suffix(b"\r").unwrap_or(&unread[..end]);
            let (blank, found) = (line.is_empty(), length_in(line)?);
            self.start += end + 1;
            self.scanned = 0;
            if blank && let Some(length) = self.announced.take() {
                self.payload = Some(length);
            } else if found.is_some() {
                self.announced = found;
            } else {
                self.count_garbage(end + 1)?;
            }
        }
    }

    /// Keeps only the end of an unfinished line that has grown past any header's length.
    fn trim_unfinished_line(&mut self) -> Result<(), FrameError> {
        let unread = self.buffer.len() - self.start;
        if unread <= 2 * MAX_LINE {
            return Ok(());
        }
        self.start += unread - MAX_LINE;
        self.scanned = MAX_LINE;
        self.count_garbage(unread - MAX_LINE)
    }

    fn count_garbage(&mut self, bytes: usize) -> Result<(), FrameError> {
        self.garbage += bytes;
        if self.garbage > MAX_GARBAGE { Err(FrameError::Garbage) } else { Ok(()) }
    }
}

/// The length that a header line announces. The field may follow garbage on the same line, printed without a line end.
fn length_in(line: &[u8]) -> Result<Option<usize>, FrameError> {
    let at = line.windows(LENGTH_FIELD.len()).rposition(|window| window.eq_ignore_ascii_case(LENGTH_FIELD));
    let Some(digits) = at.and_then(|at| std::str::from_utf8(&line[at + LENGTH_FIELD.len()..]).ok()).map(str::trim) else {
        return Ok(None);
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    match digits.parse::<u128>().unwrap_or(u128::MAX) {
        length if length > MAX_FRAME as u128 => Err(FrameError::TooLong(length)),
        length => Ok(Some(length as usize)),
    }
}

/// Frames read from a byte stream.
#[derive(Debug)]
pub struct FrameReader<R> {
    inner: R,
    decoder: FrameDecoder,
    chunk: Vec<u8>,
}

/// Why no further frame can be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The stream is no stream of frames.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The pipe failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    /// A reader of the frames in `inner`.
    pub fn new(inner: R) -> Self {
        FrameReader { inner, decoder: FrameDecoder::default(), chunk: vec![0; 64 << 10] }
    }

    /// The next payload, or `None` at the end of the stream, be it inside a frame or not.
    pub async fn next_frame(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        loop {
            if let Some(payload) = self.decoder.next_frame()? {
                return Ok(Some(payload));
            }
            match self.inner.read(&mut self.chunk).await? {
                0 => return Ok(None),
                n => self.decoder.push(&self.chunk[..n]),
            }
        }
    }
}

/// Writes one payload with its header in a single write.
pub async fn write_frame<W: AsyncWrite + Unpin>(writer: &mut W, payload: &[u8]) -> std::io::Result<()> {
    let mut frame = format!("Content-Length: {}\r\n\r\n", payload.len()).into_bytes();
    frame.extend_from_slice(payload);
    writer.write_all(&frame).await?;
    writer.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(payload: &str) -> Vec<u8> {
        format!("Content-Length: {}\r\n\r\n{payload}", payload.len()).into_bytes()
    }

    fn decode(bytes: &[u8], step: usize) -> Result<Vec<Vec<u8>>, FrameError> {
        let mut decoder = FrameDecoder::default();
        let mut out = Vec::new();
        for chunk in bytes.chunks(step.max(1)) {
            decoder.push(chunk);
            while let Some(payload) = decoder.next_frame()? {
                out.push(payload);
            }
        }
        Ok(out)
    }

    fn texts(bytes: &[u8]) -> Vec<String> {
        decode(bytes, 7).unwrap().into_iter().map(|p| String::from_utf8(p).unwrap()).collect()
    }

    #[test]
    fn skips_debug_lines_and_garbage_between_frames() {
        let mut bytes = b"[DEBUG:M] About to process\n\xff\xfe\x00\r\n\n".to_vec();
        bytes.extend(frame("{\"a\":\"\u{2115}\"}"));
        bytes.extend(b"[DEBUG:N] no line end");
        bytes.extend(frame("{}"));
        bytes.extend(b"Content-Type: x\r\ncontent-length: 2\r\n[DEBUG] inside the header\nX: y\r\n\r\n[]");
        assert_eq!(texts(&bytes), ["{\"a\":\"\u{2115}\"}", "{}", "[]"]);
    }

    #[test]
    fn skips_headers_without_a_usable_length() {
        for bad in ["-5", "", "12 34", "0x10", "1e3", "+7", "９"] {
            let mut bytes = format!("Content-Length: {bad}\r\n\r\n").into_bytes();
            bytes.extend(frame("[1]"));
            assert_eq!(texts(&bytes), ["[1]"], "length {bad:?}");
        }
    }

    #[test]
    fn refuses_oversized_lengths() {
        let header = format!("Content-Length: {}\r\n\r\n", MAX_FRAME + 1);
        assert_eq!(decode(header.as_bytes(), 3), Err(FrameError::TooLong(MAX_FRAME as u128 + 1)));
        let header = format!("Content-Length: {}\r\n\r\n", "9".repeat(60));
        assert_eq!(decode(header.as_bytes(), 3), Err(FrameError::TooLong(u128::MAX)));
    }

    #[test]
    fn gives_up_on_endless_garbage_in_bounded_memory() {
        for garbage in [&[b'x'; 8192][..], &[b'\n'; 8192][..]] {
            let mut decoder = FrameDecoder::default();
            let mut result = Ok(None);
            for _ in 0..=MAX_GARBAGE / garbage.len() + 2 {
                decoder.push(garbage);
                result = decoder.next_frame();
                assert!(decoder.buffer.len() < 8 * garbage.len());
                if result.is_err() {
                    break;
                }
            }
            assert_eq!(result, Err(FrameError::Garbage));
        }
    }

    #[test]
    fn finds_a_header_after_a_very_long_line() {
        let mut bytes = vec![b'x'; 100_000];
        bytes.extend(frame("{}"));
        assert_eq!(texts(&bytes), ["{}"]);
    }

    #[tokio::test]
    async fn reads_what_it_writes_and_ends_at_half_a_frame() {
        let mut bytes = Vec::new();
        for payload in ["{}", "", "\u{1d538}"] {
            write_frame(&mut bytes, payload.as_bytes()).await.unwrap();
        }
        bytes.extend(b"Content-Length: 10\r\n\r\nhalf");
        let mut reader = FrameReader::new(&bytes[..]);
        for payload in ["{}", "", "\u{1d538}"] {
            assert_eq!(reader.next_frame().await.unwrap().unwrap(), payload.as_bytes());
        }
        assert!(reader.next_frame().await.unwrap().is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived_and_chunking_does_not_matter(bytes in prop::collection::vec(any::<u8>(), 0..400), step in 1usize..64) {
            prop_assert_eq!(decode(&bytes, step), decode(&bytes, 1));
        }

        #[test]
        fn header_like_bytes_are_survived(parts in prop::collection::vec(
            prop::sample::select(vec!["Content-Length: ", "3", "-", "\r\n", "\n", "\r", "abc", " ", "99999999999", "content-length:0"]), 0..40),
            step in 1usize..9,
        ) {
            let bytes = parts.concat();
            prop_assert_eq!(decode(bytes.as_bytes(), step), decode(bytes.as_bytes(), 1000));
        }

        #[test]
        fn frames_are_found_after_lines_of_garbage(
            payloads in prop::collection::vec(".*", 1..6),
            garbage in prop::collection::vec("[^:\r\n]{0,40}", 6),
            step in 1usize..50,
        ) {
            let mut bytes = Vec::new();
            for (payload, garbage) in payloads.iter().zip(&garbage) {
                bytes.extend(garbage.as_bytes());
                bytes.push(b'\n');
                bytes.extend(frame(payload));
            }
            let decoded: Vec<String> = decode(&bytes, step).unwrap().into_iter().map(|p| String::from_utf8(p).unwrap()).collect();
            prop_assert_eq!(decoded, payloads);
        }
    }
}
