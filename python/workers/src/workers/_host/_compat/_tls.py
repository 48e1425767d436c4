"""Fixes of `ssl`."""

from __future__ import annotations

import os
import re
import ssl
from functools import wraps
from typing import TYPE_CHECKING

from workers._host._compat._added import add
from workers._host._compat._system import ignore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

# Words of OpenSSL's names of ciphers and groups.
_WORDS = re.compile(
    r"\d{3}|3DES|AES(128|256|CCM|GCM)?|ALL|ARIA|CAMELLIA|CBC3?|CCM8?|CHACHA20|COMPLEMENTOF(ALL|DEFAULT)|DEFAULT|DES|"
    r"EXPORT|GCM|HIGH|IDEA|LOW|MD5|MEDIUM|POLY1305|RC4|SECLEVEL|SEED|SHA(1|256|384)?|SSLv3|STRENGTH|TLS|"
    r"TLSv1(\.2)?|[aek]?(NULL|RSA|DSS|ECDSA|PSK|SRP|E?DHE?|E?ECDHE?)"
)


def mend_ssl(module: ModuleType) -> Iterator[str]:
    """Mend `ssl`."""
    # urllib3 imports the first and has no TLS without it. The values are those of OpenSSL.
    yield from add(
        module,
        VERIFY_X509_PARTIAL_CHAIN=0x80000,
        OP_CIPHER_SERVER_PREFERENCE=0x400000,
        OP_ENABLE_KTLS=0x8,
        OP_ENABLE_MIDDLEBOX_COMPAT=0x100000,
        OP_IGNORE_UNEXPECTED_EOF=0x80,
        OP_NO_RENEGOTIATION=0x40000000,
        OP_SINGLE_DH_USE=0,
        OP_SINGLE_ECDH_USE=0,
    )
    name = "hostname_checks_common_name"
    checks: property = vars(ssl.SSLContext)[name]
    if checks.fset is None:
        # urllib3 sets it, and checks names itself if ssl.HAS_NEVER_CHECK_COMMON_NAME is false, as here.
        setattr(ssl.SSLContext, name, checks.setter(lambda _context, _wanted: None))
        yield f"ssl.SSLContext.{name}"
    try:
        ssl.RAND_bytes(1)
    except NotImplementedError:
        ssl.RAND_bytes = os.urandom
        ssl.RAND_status = lambda: True
        ssl.RAND_add = ignore
        yield "ssl.RAND_bytes"
    ssl.SSLContext.set_ciphers = keeping_defaults(ssl.SSLContext.set_ciphers)  # type: ignore[method-assign]
    yield "ssl.SSLContext.set_ciphers"


def keeping_defaults(plain: Callable[[ssl.SSLContext, str], None]) -> Callable[[ssl.SSLContext, str], None]:
    """Return a `set_ciphers` that keeps the default for names that OpenSSL knows and GraalPy does not."""

    @wraps(plain)
    def set_ciphers(self: ssl.SSLContext, cipherlist: str, /) -> None:
        try:
            plain(self, cipherlist)
        except ssl.SSLError:
            words = re.split(r"[-_+!@:, ]|=\d", cipherlist)
            if not cipherlist or not all(_WORDS.fullmatch(word) for word in words if word):
                raise

    return set_ciphers
