"""Fixes of `hashlib` and `binascii`."""

from __future__ import annotations

import binascii
import hashlib
from functools import wraps
from operator import index
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from typing_extensions import Buffer

    Derive = Callable[[bytes, bytes, int, int, int, int], str]
    Digest = Callable[[str, bytes, int, bytes, bytes, bytes], str]

_MIB = 1 << 20
_SCRYPT_MEMORY = 32 * _MIB  # OpenSSL's default for maxmem
_SCRYPT_MOST_MEMORY = 64 * _MIB
_SCRYPT_MOST_WRITTEN = 1024 * _MIB  # takes some seconds and cannot be interrupted
_SCRYPT_MOST_HASHED = 256 * _MIB
# OpenSSL's names of algorithms that GraalPy knows by another name.
_NAMES = {"sha512_256": "SHA-512/256", "sha512_224": "SHA-512/224"}
_LENT = ("shake_128", "shake_256")
# Sizes of BLAKE2: digest and key, then salt and person.
_BLAKE = {"blake2b": (64, 16, 128), "blake2s": (32, 8, 64)}


def mend_names(_module: ModuleType) -> Iterator[str]:
    """Let `hashlib.new` know OpenSSL's names."""
    plain: Any = hashlib.new

    @wraps(plain)
    def new(name: str, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as hashlib has it
        if name in _LENT:
            return getattr(hashlib, name)(*given, **named)
        return plain(_NAMES.get(name.lower(), name), *given, **named)

    hashlib.new = new
    yield "hashlib.new"


def mend_hexlify(module: ModuleType) -> Iterator[str]:
    """Let `hexlify` separate bytes."""
    try:
        binascii.hexlify(b"ab", ":")
    except NotImplementedError:
        plain: Any = binascii.hexlify

        @wraps(plain)
        def hexlify(data: Any, sep: Any = None, bytes_per_sep: int = 1) -> bytes:  # noqa: ANN401
            if sep is None:
                return plain(data)
            return memoryview(data).hex(sep, bytes_per_sep).encode()

        module.hexlify = module.b2a_hex = hexlify  # type: ignore[attr-defined]
        yield "binascii.hexlify"


def lend_scrypt(derive: Derive) -> Iterator[str]:
    """Give `hashlib` its `scrypt`, which the host computes."""
    if hasattr(hashlib, "scrypt"):
        return

    def scrypt(  # noqa: PLR0913 - as hashlib has it
        password: Buffer, *, salt: Buffer, n: int, r: int, p: int, maxmem: int = 0, dklen: int = 64
    ) -> bytes:
        """Scrypt password-based key derivation function."""
        secret, grain = memoryview(password).tobytes(), memoryview(salt).tobytes()
        n, r, p, maxmem, dklen = map(index, (n, r, p, maxmem, dklen))
        check_scrypt(n, r, p, maxmem, dklen, len(grain))
        return derive(secret, grain, n, r, p, dklen).encode("latin-1")

    hashlib.scrypt = scrypt
    yield "hashlib.scrypt"


def check_scrypt(  # noqa: PLR0913, PLR0917
    n: int, r: int, p: int, maxmem: int = 0, dklen: int = 64, salt: int = 0
) -> None:
    """Raise ValueError for numbers that OpenSSL refuses or that would cost the host too much."""
    if n < 2 or n & (n - 1):  # noqa: PLR2004 - the least power of 2
        message = "n must be a power of 2."
        raise ValueError(message)
    if min(r, p, dklen) < 1 or maxmem < 0 or n.bit_length() > 16 * r:
        message = "Invalid parameter combination for n, r, p, maxmem."
        raise ValueError(message)
    needed = 128 * r * (n + 2 * p + 2)
    if needed > (maxmem or _SCRYPT_MEMORY) or needed > _SCRYPT_MOST_MEMORY:
        message = f"memory limit exceeded: {needed} bytes are needed; maxmem may be {_SCRYPT_MOST_MEMORY}"
        raise ValueError(message)
    if 128 * r * n * p > _SCRYPT_MOST_WRITTEN or 4 * r * p * max(salt, dklen) > _SCRYPT_MOST_HASHED:
        message = "p, dklen, or salt is too large"
        raise ValueError(message)


class HostDigest:
    """A digest that the host computes from all data at once."""

    def __init__(self, digest: Digest, name: str, size: int, block: int, *fixed: bytes) -> None:
        """Keep the parameters: key, salt and person."""
        self.name, self.digest_size, self.block_size = name, size, block
        self._digest, self._fixed = digest, fixed
        self._data = bytearray()

    def update(self, data: Buffer, /) -> None:
        """Add data."""
        if isinstance(data, str):
            message = "Strings must be encoded before hashing"
            raise TypeError(message)
        self._data += memoryview(data)

    def copy(self) -> HostDigest:
        """Return an independent copy."""
        other = HostDigest(self._digest, self.name, self.digest_size, self.block_size, *self._fixed)
        other.update(self._data)
        return other

    def digest(self, length: int | None = None, /) -> bytes:
        """Return the digest; SHAKE needs a length."""
        size = self.digest_size if length is None else index(length)
        if size < 0 or (length is None and not size):
            message = "length must be positive" if length else "digest() missing required argument 'length'"
            raise ValueError(message) if length else TypeError(message)
        return self._digest(self.name, bytes(self._data), size, *self._fixed).encode("latin-1")

    def hexdigest(self, length: int | None = None, /) -> str:
        """Return the digest as text."""
        return self.digest(length).hex()


def lend_blake2(digest: Digest, name: str) -> Iterator[str]:
    """Let BLAKE2 take key, salt and person."""
    plain: Any = getattr(hashlib, name)
    most, fixed, block = _BLAKE[name]

    @wraps(plain, updated=())
    def blake2(
        data: Buffer = b"",
        /,
        *,
        digest_size: int = most,
        key: Buffer = b"",
        salt: Buffer = b"",
        person: Buffer = b"",
        **others: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if not (key or salt or person):
            return plain(data, digest_size=digest_size, **others)
        given = [bytes(memoryview(each)) for each in (key, salt, person)]
        for what, value, limit in zip(("key", "salt", "person"), given, (most, fixed, fixed), strict=True):
            if len(value) > limit:
                message = f"maximum {what} length is {limit} bytes"
                raise ValueError(message)
        if not 1 <= digest_size <= most:
            message = f"digest_size for {name} must be between 1 and {most} bytes, here it is {digest_size}"
            raise ValueError(message)
        padded = (given[0], *(value.ljust(fixed, b"\0") for value in given[1:]))
        made = HostDigest(digest, name, digest_size, block, *padded)
        made.update(data)
        return made

    sizes: Any = blake2
    sizes.MAX_DIGEST_SIZE = sizes.MAX_KEY_SIZE = most
    sizes.SALT_SIZE = sizes.PERSON_SIZE = fixed
    setattr(hashlib, name, blake2)
    yield f"hashlib.{name}"


def lend_shake(digest: Digest, name: str, block: int) -> Iterator[str]:
    """Let SHAKE give digests of any length."""
    plain: Any = getattr(hashlib, name)
    try:
        plain(b"").digest(1)
    except ValueError:

        @wraps(plain, updated=())
        def shake(data: Buffer = b"", *, usedforsecurity: bool = True) -> HostDigest:  # noqa: ARG001
            made = HostDigest(digest, name, 0, block, b"", b"", b"")
            made.update(data)
            return made

        setattr(hashlib, name, shake)
        yield f"hashlib.{name}"
