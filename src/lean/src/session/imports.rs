//! Which modules a file imports, as far as it takes to see that two files import the same.
//!
//! A worker loads its imports once; a document whose import section changes makes it exit and ask for a restart. So a session
//! restarts it beforehand, when the tokens here differ.

/// The tokens of a file's import section: `module`, `prelude`, `public`, `meta`, `import`, `all` and module names. Comments and
/// spaces do not count; documentation comments end the section, as they do for Lean.
pub fn import_tokens(text: &str) -> Vec<&str> {
    let mut tokens: Vec<&str> = Vec::new();
    let mut rest = text;
    loop {
        rest = skip_trivia(rest);
        let end = rest.char_indices().find(|(i, c)| c.is_whitespace() || starts_comment(&rest[*i..])).map_or(rest.len(), |(i, _)| i);
        let (token, after) = rest.split_at(end);
        let in_import = matches!(tokens.last(), Some(&("import" | "all")));
        let belongs = match token {
            "" => false,
            "module" | "prelude" | "public" | "meta" | "import" => true,
            _ => in_import,
        };
        if !belongs {
            return tokens;
        }
        tokens.push(token);
        rest = after;
    }
}

fn starts_comment(text: &str) -> bool {
    text.starts_with("--") || text.starts_with("/-")
}

/// What follows spaces and ordinary comments.
fn skip_trivia(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        if text.starts_with("--") {
            text = text.find('\n').map_or("", |end| &text[end..]);
        } else if text.starts_with("/-") && !text.starts_with("/--") && !text.starts_with("/-!") {
            text = after_block_comment(text);
        } else {
            return text;
        }
    }
}

/// What follows the block comment at the start of `text`; nothing where it does not end.
fn after_block_comment(text: &str) -> &str {
    let mut depth = 0usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/-") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"-/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return &text[at..];
            }
        } else {
            at += 1;
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_import_section_and_nothing_more() {
        let text = "/- a /- nested -/ comment -/\n-- line\nmodule\nprelude\npublic meta import all Foo.«a b».Bar -- why\nimport Baz/-x-/import Q\ntheorem import";
        // A quoted name with a space is cut, equally in every text that has it.
        assert_eq!(import_tokens(text), ["module", "prelude", "public", "meta", "import", "all", "Foo.«a"],);
        assert_eq!(import_tokens("import A\nimport B/-x-/\nimport C\nopen Nat"), ["import", "A", "import", "B", "import", "C"]);
        assert_eq!(import_tokens("/-! doc -/ import A"), [""; 0]);
        assert_eq!(import_tokens("/- open import A"), [""; 0]);
        assert_eq!(import_tokens("theorem t : True := trivial"), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(import|/-|-/|--|\n| |«|A|ℕ|/-!){0,30}") {
            let tokens = import_tokens(&text);
            prop_assert!(tokens.iter().all(|t| text.contains(t)));
        }
    }
}
