"""Answers that only fill a field: "tbd", "we'll figure it out", the question once more. They count as missing.

Noticed is what says nothing at all. "None", "no" and "nothing" are answers, and so is a decision that is still to be
taken when it says by whom or when.
"""

import re

#: Whole answers that say nothing, as `_bare` leaves them.
_EMPTY_WORDS = frozenset(
    (
        "tbd", "tba", "tbc", "tbn", "todo", "na", "nya", "wip", "pending", "later", "soon", "unknown",
        "unclear", "open", "undecided", "undefined", "unspecified", "whatever", "somehow", "someone",
        "somebody", "anyone", "placeholder", "test", "testing", "example", "sample", "text", "answer", "asap",
        "idem", "ditto", "depends", "dunno", "maybe", "perhaps", "eventually", "tk", "fixme", "blank", "empty",
        "missing", "null", "nil", "undetermined", "asdf", "asdfgh", "qwerty", "qwertz", "azerty", "qwer", "foo",
        "bar", "foobar", "blah", "blabla", "offen", "unbekannt", "folgt", "spaeter", "später", "inconnu",
    )
)  # fmt: skip
_EMPTY_PHRASES = frozenset(
    (
        "not available", "not applicable", "not known", "not yet", "not yet known", "not yet defined",
        "not defined", "not decided", "not sure", "not sure yet", "not clear", "no idea", "no answer",
        "do not know", "dont know", "i dont know", "we dont know", "it depends", "that depends", "see above",
        "see below", "as above", "same", "same as above", "as discussed", "to follow", "more to follow",
        "coming soon", "in progress", "work in progress", "fill in later", "ask later", "good question",
        "some text", "your answer here", "write something", "to do", "n a", "k a", "noch offen", "noch unklar",
        "wird noch geklärt", "kommt noch", "a definir", "à définir", "a voir", "à voir", "on verra", "we shall see",
        "lets see", "time will tell",
    )
)  # fmt: skip
_TO_BE = re.compile(
    r"(still )?(needs? to be|is to be|to be|will be|tbd|tba|tbc|todo)"
    r"( (determined|defined|decided|confirmed|discussed|agreed|clarified|announced|done|named|specified|set|filled|"
    r"fill|figured|sorted|worked|out|in|later|soon|then|still|yet))*"
)
_FIGURE_OUT = re.compile(
    r"((we|i|they|somebody|someone|the team) ?)?((wi)?ll |can |should |will have to |have to |need to |to )?"
    r"(figure|work|sort|find|see|decide|discuss|look|cross|think|check)"
    r"( (it|that|this|them|things?|about|into|on|over))*"
    r"( out)?( (it|that|this|later|then|when|soon|once|we|get|are|there|time|comes|the|as|go|along|if|works?|next))*"
)
_FILLER = re.compile(r"lorem ipsum.*|(.)\1*|(.{1,3})\2{2,}")
#: An answer of more words than these is an answer, however it begins.
_FEW = 9


def is_placeholder(text: str, question: str = "") -> bool:
    """Whether `text` fills a field without answering `question`. Blank text is not: it is blank."""
    if not text.strip():
        return False
    said = _bare(text)
    if len(said) <= 1 or _FILLER.fullmatch(said):
        return not said.isdigit()
    if said in _EMPTY_WORDS or said in _EMPTY_PHRASES or said.replace(" ", "") in _EMPTY_WORDS:
        return True
    if len(said.split()) <= _FEW and (_TO_BE.fullmatch(said) or _FIGURE_OUT.fullmatch(said)):
        return True
    return bool(question) and _repeats(said, _bare(question))


def _bare(text: str) -> str:
    """`text` in small letters, without apostrophes, other signs as one space."""
    small = text.casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    return " ".join(re.sub(r"[\W_]+", " ", small).split())


def _repeats(said: str, question: str) -> bool:
    """Whether an answer of two words or more only uses the words of the question, in their order."""
    words = said.split()
    asked = iter(question.split())
    return len(words) > 1 and all(word in asked for word in words)
