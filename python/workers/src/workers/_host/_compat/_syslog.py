"""`syslog`, whose messages are lines of the function's log."""

from __future__ import annotations

import sys

LOG_EMERG, LOG_ALERT, LOG_CRIT, LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG = range(8)
LOG_KERN, LOG_USER, LOG_MAIL, LOG_DAEMON, LOG_AUTH, LOG_SYSLOG, LOG_LPR, LOG_NEWS, LOG_UUCP, LOG_CRON = (
    facility << 3 for facility in range(10)
)
LOG_LOCAL0, LOG_LOCAL1, LOG_LOCAL2, LOG_LOCAL3, LOG_LOCAL4, LOG_LOCAL5, LOG_LOCAL6, LOG_LOCAL7 = (
    facility << 3 for facility in range(16, 24)
)
LOG_PID, LOG_CONS, LOG_ODELAY, LOG_NDELAY, LOG_NOWAIT, LOG_PERROR = 1, 2, 4, 8, 16, 32

_settings = {"ident": "", "mask": 0xFF}


def LOG_MASK(pri: int, /) -> int:  # noqa: N802 - as syslog has it
    """Return the mask of one priority."""
    return 1 << pri


def LOG_UPTO(pri: int, /) -> int:  # noqa: N802 - as syslog has it
    """Return the mask of all priorities up to one."""
    return (1 << (pri + 1)) - 1


def openlog(ident: str = "", logoption: int = 0, facility: int = LOG_USER) -> None:  # noqa: ARG001
    """Set what stands before each message."""
    _settings["ident"] = ident


def closelog() -> None:
    """Forget the settings."""
    _settings.update(ident="", mask=0xFF)


def setlogmask(maskpri: int, /) -> int:
    """Set which priorities are written, and return what was set before."""
    before = int(_settings["mask"])
    if maskpri:
        _settings["mask"] = maskpri
    return before


def syslog(priority: int | str, message: str | None = None, /) -> None:
    """Write a message; the priority may be left out."""
    if message is None:
        priority, message = LOG_INFO, str(priority)
    if LOG_MASK(int(priority) & 7) & int(_settings["mask"]):
        ident = _settings["ident"]
        sys.stderr.write(f"{ident}: {message}\n" if ident else f"{message}\n")
