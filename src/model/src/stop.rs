//! Stop strings, found wherever the boundaries of tokens lie.

use crate::Request;
use std::sync::Arc;

/// Holds a sample's text back as long as it may be the beginning of a stop string.
#[derive(Clone, Debug)]
pub(crate) struct StopMatcher {
    /// Whose stop strings count.
    request: Arc<Request>,
    /// All text so far, up to the stop string.
    text: String,
    /// How much of it has been released.
    released: usize,
}

impl StopMatcher {
    pub(crate) fn new(request: Arc<Request>) -> Self {
        StopMatcher { request, text: String::new(), released: 0 }
    }

    /// Takes more text. Returns the stop string that is complete first, if any; of several that end together the longest. What stands
    /// before it is the sample's text, and nothing may be added.
    pub(crate) fn push(&mut self, more: &str) -> Option<&str> {
        let before = self.text.len();
        self.text.push_str(more);
        let complete = |end: usize| {
            self.request.stop.iter().filter(|stop| self.text.as_bytes()[..end].ends_with(stop.as_bytes())).max_by_key(|stop| stop.len())
        };
        let (end, stop) = (before + 1..=self.text.len()).find_map(|end| Some((end, complete(end)?)))?;
        self.text.truncate(end - stop.len());
        Some(stop)
    }

    /// Text that was not released yet and that nothing which comes can take back.
    pub(crate) fn release(&mut self) -> String {
        let text = self.text.as_bytes();
        // The longest end of the text that a stop string begins with.
        let held = |stop: &&String| (1..stop.len().min(text.len() + 1)).rev().find(|&length| text.ends_with(&stop.as_bytes()[..length]));
        let held = self.request.stop.iter().filter_map(|stop| held(&stop)).max().unwrap_or(0);
        self.release_to(self.text.len() - held)
    }

    /// All text that was not released yet; for the end of a sample.
    pub(crate) fn finish(&mut self) -> String {
        self.release_to(self.text.len())
    }

    /// The sample's text so far.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn release_to(&mut self, end: usize) -> String {
        let end = end.max(self.released);
        let from = std::mem::replace(&mut self.released, end);
        self.text.get(from..end).unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(stops: &[&str]) -> StopMatcher {
        let stop = stops.iter().map(|&stop| stop.to_owned()).collect();
        StopMatcher::new(Arc::new(Request { stop, ..Request::new("") }))
    }

    /// Feeds a text in pieces of every size: what is released, then what is left, must be the text before the stop.
    fn check(text: &str, stops: &[&str], expected: &str, stop: Option<&str>) {
        let chars: Vec<char> = text.chars().collect();
        for size in 1..=chars.len().max(1) {
            let mut matcher = matcher(stops);
            let (mut released, mut found) = (String::new(), None::<String>);
            for piece in chars.chunks(size) {
                found = matcher.push(&piece.iter().collect::<String>()).map(str::to_owned);
                if found.is_some() {
                    break;
                }
                released += &matcher.release();
            }
            released += &matcher.finish();
            assert_eq!((released.as_str(), matcher.text(), found.as_deref()), (expected, expected, stop), "in pieces of {size}");
        }
    }

    #[test]
    fn text_before_a_stop_string_is_exact_whatever_the_pieces() {
        check("simp\n```\nrest", &["```"], "simp\n", Some("```"));
        check("a``b```", &["```"], "a``b", Some("```"));
        check("ℕ → ℕ ∎ℕ", &["∎"], "ℕ → ℕ ", Some("∎"));
        check("no stop here", &["```", "zzz"], "no stop here", None);
        check("ends with ``", &["```"], "ends with ``", None);
        check("aab", &["ab"], "a", Some("ab"));
        check("", &["x"], "", None);
    }

    #[test]
    fn the_stop_string_that_is_complete_first_counts() {
        check("xabcd", &["abcd", "bc"], "xa", Some("bc"));
        check("xabc", &["c", "abc"], "x", Some("abc"));
    }

    #[test]
    fn nothing_is_released_that_may_be_taken_back() {
        let mut matcher = matcher(&["abc"]);
        assert_eq!(matcher.push("xab"), None);
        assert_eq!(matcher.release(), "x");
        assert_eq!(matcher.push("ab"), None);
        assert_eq!(matcher.release(), "ab");
        assert_eq!(matcher.push("cd"), Some("abc"));
        assert_eq!(matcher.finish(), "");
        assert_eq!(matcher.text(), "xab");
    }
}
