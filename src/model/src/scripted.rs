//! A generator that answers from a list, for tests.
