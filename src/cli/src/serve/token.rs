//! The token: who has it may use the daemon. It is kept in a file that only its owner may read.

use super::http::Refusal;
use crate::output::InputError;
use hyper::{HeaderMap, header::AUTHORIZATION};
use std::{
    fs::{File, Permissions},
    io::{ErrorKind, Read, Write},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

/// The longest file that is read as a token.
const LONGEST: u64 = 4096;
/// The shortest token that is taken.
const SHORTEST: usize = 16;

/// A token as its file has it.
pub(crate) struct Kept {
    pub(crate) token: String,
    /// The user whose file it is.
    pub(crate) owner: u32,
}

impl Kept {
    /// Reads the file, if it is there.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Option<Kept>> {
        let shown = path.display();
        let unreadable = |error: std::io::Error| InputError::plain(format!("the token's file {shown}: {error}"));
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error).into()),
        };
        let metadata = file.metadata().map_err(unreadable)?;
        let mode = metadata.mode();
        if mode & 0o077 != 0 {
            let message = format!("the token's file {shown} may be used by others than its owner (mode {:o})", mode & 0o777);
            return Err(InputError::new(message, format!("`chmod 600 {shown}`, or remove it, and a new token is made")).into());
        }
        let mut text = String::new();
        file.take(LONGEST).read_to_string(&mut text).map_err(unreadable)?;
        let token = text.trim();
        if token.len() < SHORTEST {
            let message = format!("the token's file {shown} holds {} characters", token.len());
            return Err(InputError::new(message, format!("a token has at least {SHORTEST}; remove the file, and one is made")).into());
        }
        Ok(Some(Kept { token: token.to_owned(), owner: metadata.uid() }))
    }
}

/// The token, as its hash: comparing hashes tells nobody by its time how much of a guess was right.
pub(super) struct Token(blake3::Hash);

impl Token {
    /// The token in this file, which is made if it is not there.
    pub(super) fn open(path: &Path) -> anyhow::Result<Token> {
        match Kept::read(path)? {
            Some(kept) => Ok(Token(blake3::hash(kept.token.as_bytes()))),
            None => Token::make(path),
        }
    }

    /// Makes one of 256 random bits. The file is whole when it is there; who comes second takes what the first has made.
    fn make(path: &Path) -> anyhow::Result<Token> {
        let unwritable = |error: std::io::Error| InputError::plain(format!("cannot make the token's file {}: {error}", path.display()));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(unwritable)?;
        let token: String = rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect();
        let rights = Permissions::from_mode(0o600);
        let mut file = tempfile::Builder::new().permissions(rights).tempfile_in(folder).map_err(unwritable)?;
        writeln!(file, "{token}").and_then(|()| file.as_file().sync_all()).map_err(unwritable)?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(Token(blake3::hash(token.as_bytes()))),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Token::open(path),
            Err(error) => Err(unwritable(error.error).into()),
        }
    }

    /// Lets in who has the token.
    pub(super) fn admit(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let sent = sent.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        match sent {
            Some((_, token)) if blake3::hash(token.trim().as_bytes()) == self.0 => Ok(()),
            _ => Err(Refusal::unauthorised()),
        }
    }
}
