"""What schemathesis cannot read out of a document: media types of lines, and what counts as absent."""

import schemathesis

LINES = ("application/x-ndjson", "text/csv")


def as_text(value):
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else str(value)).encode()


@schemathesis.serializer(*LINES)
def lines(ctx, value):
    return as_text(value)


def has_null(value):
    if isinstance(value, dict):
        return any(member is None or has_null(member) for member in value.values())
    return isinstance(value, list) and any(map(has_null, value))


def can_be_sent(headers):
    """Text with line ends, taken from an answer, is no header."""
    return all(isinstance(value, str) and "\n" not in value and "\r" not in value for value in headers.values())


@schemathesis.hook
def filter_case(context, case):
    # What is no text is not a wrong body of lines: as text, which is how it is sent, it is lines like any other.
    if case.media_type in LINES and not isinstance(case.body, (str, bytes)):
        return False
    # null stands for absent wherever a member may be left out, as the document says in words.
    return not has_null(case.body) and can_be_sent(case.headers or {})
