"""What a user can mend."""

from __future__ import annotations


class TrainError(Exception):
    """A message for the user: what is wrong, where, and what to do about it."""
