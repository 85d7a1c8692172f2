# SPDX-License-Identifier: EUPL-1.2
"""The outermost layer: whose Host and Origin are ours, how much is read, and where a request comes from."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.unit.web.layer import DEMO, TLS, Pairs, ask, perimeter, scope_of
from web.security import (
    OwnOrigins,
    Perimeter,
    is_loopback,
    network_prefix,
    own_origin,
)


class TestHost:
    @pytest.mark.parametrize("host", ["chat.example", "CHAT.example", "chat.example:443"])
    def test_our_host_passes(self, host: str) -> None:
        """In any case of letters, with its own port or without."""
        assert ask(perimeter(), scope_of([("Host", host)])).status == 200

    @pytest.mark.parametrize(
        "host",
        [
            "",
            "evil.example",
            "chat.example.",
            "chat.example:80",
            "chat.example:8443",
            "chat.example.evil.example",
            "evil.example/chat.example",
            "x@chat.example",
            "chat.example, evil.example",
            "chat.example evil",
            "[::1",
            "chat.example:99999999999",
        ],
    )
    def test_foreign_host_is_refused(self, host: str) -> None:
        """400, and the answer says nothing of what was sent."""
        answer = ask(perimeter(), scope_of([("Host", host)]))
        assert answer.status == 400
        assert not host or host.encode() not in answer.body

    def test_missing_or_doubled_host_is_refused(self) -> None:
        """One Host is what a request has."""
        assert ask(perimeter(), scope_of([])).status == 400
        twice = [("Host", "chat.example"), ("Host", "chat.example")]
        assert ask(perimeter(), scope_of(twice)).status == 400

    def test_both_demo_hosts_pass(self) -> None:
        """127.0.0.1 and localhost, with the port."""
        for host, passed in (("127.0.0.1:8000", 200), ("localhost:8000", 200), ("localhost", 400)):
            assert ask(perimeter(DEMO), scope_of([("Host", host)])).status == passed

    def test_health_is_asked_by_address(self) -> None:
        """A load balancer knows no name."""
        assert ask(perimeter(), scope_of([("Host", "10.0.0.5")], path="/healthz")).status == 200

    @pytest.mark.parametrize(
        "url", ["chat.example", "ftp://chat.example", "https://", "https://a b", "https://x@y"]
    )
    def test_public_address_must_be_one(self, url: str) -> None:
        """A scheme and a host, nothing else."""
        with pytest.raises(ValueError, match="public address"):
            OwnOrigins.from_urls([url])

    def test_public_addresses_know_their_sockets(self) -> None:
        """The same origins, for a policy; and whether all of them are secure."""
        assert TLS.sockets == ("wss://chat.example",)
        assert DEMO.sockets == ("ws://127.0.0.1:8000", "ws://localhost:8000")
        assert TLS.secure
        assert not DEMO.secure


def handshake(own: OwnOrigins, headers: Pairs) -> bool:
    """Tell whether a WebSocket gets through."""
    passed: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope)

    scope = scope_of(headers, kind="websocket")
    answer: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        answer.append(message)

    asyncio.run(Perimeter(app, own=own)(scope, receive, send))
    assert [message["type"] for message in answer] == ([] if passed else ["websocket.close"])
    return bool(passed)


FOREIGN = [
    "null",
    "",
    "https://evil.example",
    "http://chat.example",
    "https://chat.example:443",
    "https://chat.example:8443",
    "https://chat.example/",
    "https://chat.example.evil.example",
    "https://evil-chat.example",
    "https://chat.example@evil.example",
    "https://chat\u00ad.example",
    "https://CHAT.example",
    "https://chat.example https://chat.example",
]


class TestOrigin:
    def test_socket_from_our_page_passes(self) -> None:
        """Behind a proxy that ends TLS the scope says nothing of https: the public address decides."""
        assert handshake(TLS, [("Host", "chat.example"), ("Origin", "https://chat.example")])
        assert handshake(DEMO, [("Host", "localhost:8000"), ("Origin", "http://localhost:8000")])

    @pytest.mark.parametrize("origin", FOREIGN)
    def test_foreign_origin_is_refused(self, origin: str) -> None:
        """Every look-alike, for a socket and for a form."""
        headers = [("Host", "chat.example"), ("Origin", origin)]
        assert not handshake(TLS, headers)
        assert ask(perimeter(), scope_of(headers, method="POST", path="/form")).status == 403

    def test_missing_or_doubled_origin_is_refused(self) -> None:
        """One Origin is what our pages send."""
        host, ours = ("Host", "chat.example"), ("Origin", "https://chat.example")
        for headers in ([host], [host, ours, ours]):
            assert not handshake(TLS, headers)
            assert ask(perimeter(), scope_of(headers, method="POST", path="/form")).status == 403

    def test_one_demo_host_is_foreign_to_the_other(self) -> None:
        """Origin and Host must be the same one of ours."""
        assert not handshake(DEMO, [("Host", "localhost:8000"), ("Origin", "http://127.0.0.1:8000")])

    def test_socket_to_a_foreign_host_is_refused(self) -> None:
        """Also when Origin and Host agree with each other."""
        assert not handshake(TLS, [("Host", "evil.example"), ("Origin", "https://evil.example")])

    def test_forwarded_host_and_scheme_change_nothing(self) -> None:
        """Whoever sends such headers is not believed, not even a trusted proxy."""
        headers = [
            ("Host", "evil.example"),
            ("Origin", "https://chat.example"),
            ("X-Forwarded-Host", "chat.example"),
            ("X-Forwarded-Proto", "https"),
            ("Forwarded", "host=chat.example;proto=https"),
        ]
        assert not handshake(TLS, headers)

    def test_what_did_not_pass_the_layer_is_foreign(self) -> None:
        """Without the layer nothing is ours."""
        assert not own_origin(scope_of([("Host", "chat.example"), ("Origin", "https://chat.example")]))


OURS = [("Host", "chat.example"), ("Origin", "https://chat.example")]
FORM = [*OURS, ("Content-Type", "application/x-www-form-urlencoded")]


class TestForms:
    def test_form_is_read(self) -> None:
        """Text fields, the last of a doubled one, and broken bytes as replacement characters."""
        answer = ask(
            perimeter(), scope_of(FORM, method="POST", path="/form"), [b"a=1&a=2&", b"b=%C3%A5&c=%ff"]
        )
        assert answer.body == '{"a":"2","b":"å","c":"\ufffd"}'.encode()

    def test_absurd_size_is_refused_unread(self) -> None:
        """413 before a byte is read."""
        for length in (str(17 * 1024 * 1024), "9" * 20, "9" * 5000, "-1", "x"):
            scope = scope_of([*FORM, ("Content-Length", length)], method="POST", path="/form")
            assert ask(perimeter(), scope, []).status == 413

    def test_announced_size_is_thrown_away(self) -> None:
        """Who is still sending hears the answer afterwards: 413, and no route has seen a byte."""
        scope = scope_of([*FORM, ("Content-Length", "80000")], method="POST", path="/form")
        assert ask(perimeter(), scope, [b"a=" + b"x" * 40_000, b"x" * 39_998]).status == 413

    def test_size_without_announcement_is_refused_on_the_way(self) -> None:
        """413 once it is too much; what follows is thrown away, and not without end."""
        megabyte = b"x" * 1024 * 1024
        for pieces in ([b"a=" + b"x" * 40_000, b"x" * 40_000, b"&b=2"], [megabyte] * 100):
            answer = ask(perimeter(), scope_of(FORM, method="POST", path="/form"), pieces)
            assert answer.status == 413
            assert answer.headers["connection"] == "close"

    def test_files_and_many_fields_are_refused(self) -> None:
        """400: no form of ours has any."""
        many = "&".join(f"f{number}=" for number in range(65)).encode()
        assert ask(perimeter(), scope_of(FORM, method="POST", path="/form"), [many]).status == 400
        headers = [*OURS, ("Content-Type", "multipart/form-data; boundary=b")]
        file = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n--b--\r\n'
        assert ask(perimeter(), scope_of(headers, method="POST", path="/form"), [file]).status == 400


class TestNetworks:
    @pytest.mark.parametrize(
        ("address", "prefix"),
        [
            ("192.0.2.7", "c00002"),
            ("192.0.2.250", "c00002"),
            ("::ffff:192.0.2.7", "c00002"),
            ("2001:db8:0:ff01::1", "20010db80000ff"),
            ("2001:db8:0:ffff::1", "20010db80000ff"),
            ("fe80::1%eth0", "fe800000000000"),
            ("nonsense", ""),
            ("", ""),
        ],
    )
    def test_prefix_is_short(self, address: str, prefix: str) -> None:
        """24 bits of IPv4, 56 of IPv6, and nothing of what is no address."""
        assert network_prefix(address).hex() == prefix

    def test_loopback_is_known(self) -> None:
        """Both of them, and nobody else."""
        assert [is_loopback(network_prefix(text)) for text in ("127.0.0.1", "::1", "::ffff:127.0.0.1")] == [
            True
        ] * 3
        assert not any(is_loopback(network_prefix(text)) for text in ("192.0.2.7", "2001:db8::1", ""))

    @pytest.mark.parametrize(
        ("peer", "forwarded", "seen"),
        [
            ("192.0.2.7", ["198.51.100.1"], "c00002"),
            ("10.0.0.5", ["198.51.100.1"], "c63364"),
            ("10.0.0.5", ["203.0.113.9, 198.51.100.1"], "c63364"),
            ("10.0.0.5", ["203.0.113.9, 198.51.100.1, 10.0.0.6"], "c63364"),
            ("10.0.0.5", ["203.0.113.9", "198.51.100.1"], "c63364"),
            ("::ffff:10.0.0.5", ["198.51.100.1"], "c63364"),
            ("10.0.0.5", ["nonsense"], ""),
            ("10.0.0.5", [], "0a0000"),
            (None, ["198.51.100.1"], ""),
        ],
    )
    def test_forwarded_address_counts_from_a_trusted_proxy_only(
        self, peer: str | None, forwarded: list[str], seen: str
    ) -> None:
        """And only the nearest hop that is no proxy itself: before it anybody may have written anything."""
        headers = [("Host", "chat.example"), *(("X-Forwarded-For", value) for value in forwarded)]
        answer = ask(perimeter(proxies=["10.0.0.0/24"]), scope_of(headers, path="/whence", client=peer))
        assert answer.body.decode() == seen

    def test_forwarded_address_is_ignored_without_proxies(self) -> None:
        """The usual case: nobody is believed."""
        headers = [
            ("Host", "chat.example"),
            ("X-Forwarded-For", "198.51.100.1"),
            ("Forwarded", "for=198.51.100.1"),
        ]
        assert ask(perimeter(), scope_of(headers, path="/whence")).body == b"c00002"
