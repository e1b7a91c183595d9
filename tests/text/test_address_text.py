"""No address is shown with what is secret in it."""

import pytest

from video_labeler.text.address_text import encoding_hint, shown_address, without_secrets


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://anna:secret@host:554/a", "rtsp://host:554/a"),
        ("rtsp://anna:se@cr:et@host/a", "rtsp://host/a"),
        ("rtsp://anna:se#cret@127.0.0.1:9/x", "rtsp://127.0.0.1:9/x"),
        ("rtsp://anna:se/cret@127.0.0.1:9/x", "rtsp://127.0.0.1:9/x"),
        ("rtsp://anna:se?c/r#e@t@cam.local/x", "rtsp://cam.local/x"),
        ("rtsp://anna:12/3@cam/x", "rtsp://cam/x"),
        ("rtsp://anna:a@b.cd/x@cam/y", "rtsp://cam/y"),
        ("http://me@mail.com:pw@host/x", "http://host/x"),
        ("http://token@host/x", "http://host/x"),
        ("https://example.com/@anna/x", "https://example.com/@anna/x"),
        ("https://example.com:8080/@anna/x?y=1", "https://example.com:8080/@anna/x?y=1"),
        ("http://10.0.0.1/x?mail=a@b.com", "http://10.0.0.1/x?mail=a@b.com"),
        ("http://h/v.cgi?user=admin&PWD=geheim&channel=1", "http://h/v.cgi?user=***&PWD=***&channel=1"),
        ("http://h/v.cgi?loginuse=a&loginpas=b", "http://h/v.cgi?loginuse=***&loginpas=***"),
        ("http://h/v?p%77d=geheim", "http://h/v?p%77d=***"),
        ("http://h/v?api_key=a#b&x=1", "http://h/v?api_key=***&x=1"),
        ("http://h/v?X-Amz-Signature=ab&X-Amz-Date=1", "http://h/v?X-Amz-Signature=***&X-Amz-Date=1"),
        ("http://h/v#access_token=abc", "http://h/v#access_token=***"),
        ("http://h?sig=abc", "http://h?sig=***"),
        ("srt://h:9000?passphrase=abc&mode=caller", "srt://h:9000?passphrase=***&mode=caller"),
        (
            "rtsp://10.0.0.9:554/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp?real_stream",
            "rtsp://10.0.0.9:554/user=***_password=***_channel=1_stream=0.sdp?real_stream",
        ),
        ("udp://@239.0.0.1:5000", "udp://239.0.0.1:5000"),
        ("/videos/a@b.mp4", "/videos/a@b.mp4"),
    ],
)
def test_secrets_are_left_out_and_the_rest_is_kept(address: str, shown: str) -> None:
    assert shown_address(address) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Opening rtsp://a:b c@h/x again: it failed", "Opening rtsp://h/x again: it failed"),
        ("[Errno 5] error: 'http://u:p@h/x'; last: bad", "[Errno 5] error: 'http://h/x'; last: bad"),
        ("rtsp://a:b@h/x, rtsp://c:d@k/y?token=1 both", "rtsp://h/x, rtsp://k/y?token=*** both"),
        ("see http://h/x and mail me@x.de", "see http://h/x and mail me@x.de"),
        ("one\nhttp://u:p@h/x\ntwo@", "one\nhttp://h/x\ntwo@"),
        (
            "Write it into the address: http://user:password@host.",
            "Write it into the address: http://user:password@host.",
        ),
        ("http://user:password@host.local/x", "http://host.local/x"),
        ("nothing here", "nothing here"),
    ],
)
def test_addresses_in_running_text(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


@pytest.mark.parametrize("part", ["_", "a=", "/a", "a=b&", "http://", "pass=x_a=", ".", ";_", "a.", "@", "%_"])
def test_a_text_may_be_of_any_length(part: str) -> None:
    long = f"http://h/?{part * 200_000}"
    assert "geheim" not in without_secrets(f"{long}\nhttp://h/?token=geheim")
    assert shown_address("http://h/?" + "a=" * 5000 + "token=geheim").endswith("a=token=***")


def test_what_to_write_in_place_of_a_raw_sign() -> None:
    assert "# as %23" in encoding_hint("rtsp://a:b#c@h/x")
    assert encoding_hint("rtsp://a:b/c?d@h/x") == "In a password write / as %2F and ? as %3F."
    assert encoding_hint("rtsp://a:b%23@h/x#y") == ""
