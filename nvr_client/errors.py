"""Everything that can go wrong with a recorder, sorted by what the caller can do.

RecorderError
├── Unreachable          try again later; the recorder does not answer
│   ├── TooSlow          it answered too slowly, or hung in the middle
│   │   └── Silent       it takes connections and answers nothing at all
│   ├── NoVideoPort      it answers, but its video port (RTSP) does not
│   └── Busy             it said that it is busy (503, device busy)
├── AccessRefused        a person must act: wrong password, locked account
│   ├── LoginBlocked     it rejected the login; we ask no more, so that the account is never locked by us
│   ├── NotAllowed       the login is good, but its account lacks the right for this; all else goes on
│   └── NotTrusted       it shows a certificate that is not the pinned one, or that nobody vouches for
├── CameraOffline        this camera has no picture now; others may
├── NothingRecorded      there is no footage in the asked span
├── NotSupported         the device cannot do this at all
├── BadAnswer            it answered something that is not what was asked (broken file, XML error, no picture)
└── NoSpace              our own disk is full, or cannot be written

`retryable` tells whether the same call may succeed later without a person. No message holds a password,
a user name or an address with credentials.
"""


class RecorderError(Exception):
    """The recorder could not do it."""

    retryable: bool = False


class Unreachable(RecorderError):
    """The recorder does not answer."""

    retryable = True


class TooSlow(Unreachable):
    """The recorder answered too slowly."""


class Silent(TooSlow):
    """The recorder takes connections and answers nothing at all."""


class NoVideoPort(Unreachable):
    """The recorder answers, but its video port does not."""


class Busy(Unreachable):
    """The recorder says that it is busy."""


class AccessRefused(RecorderError):
    """The recorder refused our user name, password or right."""


class LoginBlocked(AccessRefused):
    """The login was rejected, now or before; nothing is sent until a person has mended it."""


class NotAllowed(AccessRefused):
    """The recorder takes our login, but its account may not do this."""


class NotTrusted(AccessRefused):
    """The recorder's certificate is another one than the settings pin, or none that is vouched for."""


class CameraOffline(RecorderError):
    """The camera has no picture now."""

    retryable = True


class NothingRecorded(RecorderError):
    """There is no footage in the asked span."""


class NotSupported(RecorderError):
    """The device cannot do this."""


class BadAnswer(RecorderError):
    """The recorder answered something else than was asked."""

    retryable = True


class NoSpace(RecorderError):
    """Our own disk is full, or cannot be written."""
