"""Teaches schemathesis the media types of this API that it does not know."""

import schemathesis


def as_text(value):
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else str(value)).encode()


@schemathesis.serializer("application/x-ndjson", "text/csv")
def lines(ctx, value):
    return as_text(value)
