"""What can go wrong, in one sentence that names the way out."""


class EmbeddedError(Exception):
    """An embedded server cannot be had; the text is meant for the person at the terminal."""
