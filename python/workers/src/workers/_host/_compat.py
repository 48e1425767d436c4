"""Gaps of GraalPy that can be mended from Python, each for as long as GraalPy has it.

`MENDED` says which there were. When one is gone, an end-to-end test fails, and its mend may go too.
"""

from __future__ import annotations

import ssl

MENDED: list[str] = []


def mend() -> None:
    """Mend what is missing."""
    if not hasattr(ssl, "VERIFY_X509_PARTIAL_CHAIN"):
        # urllib3 imports it, and does without TLS when it is not there. The value is OpenSSL's.
        ssl.VERIFY_X509_PARTIAL_CHAIN = 0x80000
        MENDED.append("ssl.VERIFY_X509_PARTIAL_CHAIN")
    name = "hostname_checks_common_name"
    checks: property = vars(ssl.SSLContext)[name]
    if checks.fset is None:
        # urllib3 sets it; it matches names itself where ssl.HAS_NEVER_CHECK_COMMON_NAME is false, as here.
        setattr(ssl.SSLContext, name, checks.setter(lambda _context, _wanted: None))
        MENDED.append(f"ssl.SSLContext.{name}")
