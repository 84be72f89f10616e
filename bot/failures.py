"""What a log may say about an error: its kind and where it arose. Never its text, which may quote people."""

import traceback


def describe(error: BaseException) -> dict[str, str]:
    """Kind and the innermost places of an error, as log keys."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return {"kind": type(error).__name__, "where": where}
