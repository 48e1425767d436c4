from workers._host._lambda import http_answer


def test_a_result_without_status_code_is_answered_as_json() -> None:
    assert http_answer([1, 2]).body == b"[1, 2]"


def test_a_base64_body_is_decoded() -> None:
    answer = http_answer({"statusCode": "200", "body": "AAE=", "isBase64Encoded": True})

    assert answer.body == b"\x00\x01"
