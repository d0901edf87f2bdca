"""The one error that ends an export with a message instead of a traceback."""


class ExportError(Exception):
    """Says what is wrong with the input or the machine, and what to do about it."""
