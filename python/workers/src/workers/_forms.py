"""Forms and their files, named after the Fetch standard (multipart/form-data: RFC 7578)."""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from email.message import Message
from email.parser import HeaderParser
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Blob:
    """Bytes with a media type."""

    def __init__(
        self,
        blob_parts: str | bytes | Blob | Iterable[str | bytes | Blob],
        content_type: str | None = None,
    ) -> None:
        """Join the parts; a single blob brings its type."""
        parts = [blob_parts] if isinstance(blob_parts, str | bytes | Blob) else list(blob_parts)
        inherited = parts[0].content_type if len(parts) == 1 and isinstance(parts[0], Blob) else ""
        self._content = b"".join(_content(part) for part in parts)
        self.content_type = content_type or inherited

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return len(self._content)

    async def bytes(self) -> bytes:
        """Return the bytes."""
        return self._content

    async def text(self) -> str:
        """Return the bytes as UTF-8 text."""
        return self._content.decode("utf-8")

    def slice(self, start: int | None = None, end: int | None = None, content_type: str = "") -> Blob:
        """Return a part."""
        return Blob(self._content[start:end], content_type)

    def encoded(self) -> tuple[str, bytes]:
        """Return type and bytes, as a body needs them."""
        return self.content_type, self._content


class File(Blob):
    """A blob with a name."""

    def __init__(
        self,
        blob_parts: str | bytes | Blob | Iterable[str | bytes | Blob],
        filename: str,
        content_type: str | None = None,
    ) -> None:
        """Join the parts."""
        super().__init__(blob_parts, content_type)
        self.name = filename


def _content(part: str | bytes | Blob) -> bytes:
    if isinstance(part, Blob):
        return part.encoded()[1]
    return part.encode() if isinstance(part, str) else bytes(part)


class FormData(MutableMapping[str, "str | Blob"]):
    """Fields of a form in order; a name may come several times. Files are of the type `File`."""

    def __init__(self, fields: dict[str, str | Blob] | None = None) -> None:
        """Copy the fields."""
        self._fields: list[tuple[str, str | Blob]] = list((fields or {}).items())

    def __getitem__(self, key: str) -> str | Blob:
        """Return the first value of a name; raise KeyError if there is none."""
        for name, value in self._fields:
            if name == key:
                return value
        raise KeyError(key)

    def __setitem__(self, key: str, value: str | Blob) -> None:
        """Replace all values of a name."""
        self.delete(key)
        self.append(key, value)

    def __delitem__(self, key: str) -> None:
        """Remove all values of a name."""
        self.delete(key)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, each once."""
        return iter(dict.fromkeys(name for name, _ in self._fields))

    def __len__(self) -> int:
        """Count the names."""
        return len({name for name, _ in self._fields})

    def append(self, key: str, value: str | Blob, filename: str | None = None) -> None:
        """Add a value, as a file if there is a file's name."""
        if filename is not None and isinstance(value, Blob):
            value = File(value, filename)
        self._fields.append((key, value))

    def delete(self, key: str) -> None:
        """Remove all values of a name, if there are any."""
        self._fields = [field for field in self._fields if field[0] != key]

    def get_all(self, key: str) -> list[str | Blob]:
        """Return each value of a name."""
        return [value for name, value in self._fields if name == key]

    def items(self) -> list[tuple[str, str | Blob]]:  # type: ignore[override]
        """Return all pairs of name and value in order."""
        return list(self._fields)

    def values(self) -> list[str | Blob]:  # type: ignore[override]
        """Return all values in order."""
        return [value for _, value in self._fields]

    def encoded(self) -> tuple[str, bytes]:
        """Return type and bytes of the form as multipart/form-data."""
        boundary = secrets.token_hex(16)
        body = b""
        for name, value in self._fields:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_escape(name)}"'
            if isinstance(value, Blob):
                file = value.name if isinstance(value, File) else "blob"
                kind = value.content_type or "application/octet-stream"
                head += f'; filename="{_escape(file)}"\r\nContent-Type: {kind}'
            body += f"{head}\r\n\r\n".encode() + _content(value) + b"\r\n"
        return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


# As browsers write names (HTML standard, multipart form data).
_ESCAPES = {'"': "%22", "\r": "%0D", "\n": "%0A"}


def _escape(name: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in name)


def read_form(body: bytes, content_type: str) -> FormData:
    """Return the fields of a body; raise TypeError if it is no form, ValueError if it is broken."""
    header = Message()
    header["content-type"] = content_type
    kind = header.get_content_type()
    form = FormData()
    if kind == "application/x-www-form-urlencoded":
        for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
            form.append(name, value)
        return form
    if kind != "multipart/form-data":
        message = f"the body is no form: its content-type is {content_type or 'missing'}"
        raise TypeError(message)
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        message = "the body's content-type names no boundary"
        raise ValueError(message)
    for part in _parts(body, b"--" + boundary.encode("latin-1")):
        _add(form, part)
    return form


def _parts(body: bytes, delimiter: bytes) -> list[bytes]:
    # A line end before the first delimiter makes it like the others.
    pieces = (b"\r\n" + body).split(b"\r\n" + delimiter)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):  # noqa: PLR2004 - what precedes it, and its end
        message = "the form ends before its last boundary"
        raise ValueError(message)
    return [piece.lstrip(b" \t").removeprefix(b"\r\n") for piece in pieces[1:-1]]


def _add(form: FormData, part: bytes) -> None:
    head, _, content = part.partition(b"\r\n\r\n")
    header = HeaderParser().parsestr(head.decode("latin-1"))
    name = _parameter(header, "name")
    if name is None:
        message = "a part of the form has no name"
        raise ValueError(message)
    file = _parameter(header, "filename")
    if file is None:
        form.append(name, content.decode("utf-8", "replace"))
    else:
        form.append(name, File(content, file, header.get("content-type", "application/octet-stream")))


def _parameter(header: Message, name: str) -> str | None:
    """Return a parameter of Content-Disposition; browsers send it as raw UTF-8."""
    value = header.get_param(name, header="content-disposition")
    if value is None:
        return None
    if isinstance(value, tuple):
        charset, _, text = value
        return text.encode("latin-1").decode(charset or "utf-8", "replace")
    text = str(value).encode("latin-1").decode("utf-8", "replace")
    for character, escaped in _ESCAPES.items():
        text = text.replace(escaped, character)
    return text
