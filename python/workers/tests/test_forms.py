import asyncio

import pytest

from workers import Blob, File, FormData, Request, Response


def form(body: bytes, kind: str = "multipart/form-data; boundary=b") -> FormData:
    return asyncio.run(Request("http://h/", body=body, headers={"content-type": kind}).form_data())


def test_fields_of_a_url_encoded_form() -> None:
    fields = form(b"a=1&b=%C3%A4+x&a=2&empty=", "application/x-www-form-urlencoded; charset=UTF-8")

    assert (fields["a"], fields["b"], fields["empty"]) == ("1", "ä x", "")
    assert fields.get_all("a") == ["1", "2"]
    assert list(fields) == ["a", "b", "empty"]
    assert fields.get("absent") is None


def test_fields_and_files_of_a_multipart_form() -> None:
    content = bytes(range(256)) + b"\r\n--not the boundary\r\n\r\n"
    body = (
        b'preamble\r\n--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nt\xc3\xa4a\r\n'
        b'--b  \r\ncontent-disposition: form-data; name="a%22b"; filename="t\xc3\xa4a.bin"\r\n'
        b"Content-Type: image/png\r\n\r\n" + content + b"\r\n--b--\r\nepilogue"
    )

    fields = form(body)
    file = fields['a"b']

    assert fields["text"] == "täa"
    assert isinstance(file, File)
    assert (file.name, file.content_type, file.size) == ("täa.bin", "image/png", len(content))
    assert asyncio.run(file.bytes()) == content
    assert asyncio.run(file.slice(65, 67).text()) == "AB"


@pytest.mark.parametrize("boundary", ["b", '"a b:c"', "----WebKitFormBoundaryAbC"])
def test_an_empty_form(boundary: str) -> None:
    delimiter = boundary.strip('"').encode()

    assert len(form(b"--" + delimiter + b"--\r\n", f"multipart/form-data; boundary={boundary}")) == 0


@pytest.mark.parametrize(
    ("body", "kind", "error", "message"),
    [
        (b"{}", "application/json", TypeError, "no form: its content-type is application/json"),
        (b"", "", TypeError, "no form: its content-type is missing"),
        (b"", "multipart/form-data", ValueError, "names no boundary"),
        (b"--b\r\n\r\n", "multipart/form-data; boundary=b", ValueError, "before its last boundary"),
        (b"--b\r\nX: y\r\n\r\n\r\n--b--", "multipart/form-data; boundary=b", ValueError, "has no name"),
    ],
)
def test_a_body_that_is_no_form(body: bytes, kind: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        form(body, kind)


def test_a_form_is_a_body() -> None:
    sent = FormData({"a": "1"})
    sent.append("a", "2")
    sent['f"'] = File("content", "x.txt", "text/plain")
    sent.append("blob", Blob(b"{}"), filename="y.json")

    response = Response(sent)
    got = asyncio.run(response.form_data())

    assert [name for name, _ in got.items()] == ["a", "a", 'f"', "blob"]
    assert asyncio.run(got['f"'].text()) == "content"  # type: ignore[union-attr]
    assert got["blob"].name == "y.json"  # type: ignore[union-attr]


def test_a_blob_keeps_its_type_as_a_body() -> None:
    response = Response(Blob(Blob("x", "text/css")))

    assert (response.body, response.headers["content-type"]) == (b"x", "text/css")
    assert asyncio.run(asyncio.run(response.blob()).text()) == "x"
