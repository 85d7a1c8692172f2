# SPDX-License-Identifier: EUPL-1.2
"""The outermost layer: what every answer carries, and how cookies are set and read."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.unit.web.layer import DEMO, ask, perimeter, scope_of
from web import security
from web.security import (
    content_security_policy,
    read_cookie,
    read_staff_cookie,
)


class TestHeaders:
    def test_every_answer_is_guarded(self) -> None:
        """A page, a refusal and a path that is not there."""
        for headers, path in (
            ([("Host", "chat.example")], "/"),
            ([("Host", "chat.example")], "/nowhere"),
            ([("Host", "chat.example")], "/status"),
            ([("Host", "evil.example")], "/"),
        ):
            answer = ask(perimeter(), scope_of(headers, path=path)).headers
            assert answer["x-content-type-options"] == "nosniff"
            assert answer["referrer-policy"] == "same-origin"
            assert answer["x-frame-options"] == "DENY"
            assert answer["content-security-policy"] == content_security_policy([])
            assert answer["cross-origin-opener-policy"] == "same-origin"
            assert answer["cross-origin-resource-policy"] == "same-origin"
            assert "camera=()" in answer["permissions-policy"]

    def test_pages_are_kept_nowhere(self) -> None:
        """Unless a route says otherwise itself."""
        host = [("Host", "chat.example")]
        assert ask(perimeter(), scope_of(host)).headers["cache-control"] == "no-store"
        assert ask(perimeter(), scope_of(host, path="/status")).headers["cache-control"] == "max-age=5"

    def test_framed_page_can_be_framed(self) -> None:
        """By exactly the origins it names, also where the framing page embeds nothing without consent."""
        headers = ask(perimeter(), scope_of([("Host", "chat.example")], path="/framed")).headers
        assert "x-frame-options" not in headers
        assert "frame-ancestors https://jour.example;" in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == "cross-origin"

    def test_https_is_remembered_where_it_is(self) -> None:
        """HSTS is for https only: for two years, and for every name below the chat's own."""
        remembered = ask(perimeter(), scope_of([("Host", "chat.example")])).headers[
            "strict-transport-security"
        ]
        assert remembered == "max-age=63072000; includeSubDomains"
        demo = ask(perimeter(DEMO), scope_of([("Host", "localhost:8000")]))
        assert "strict-transport-security" not in demo.headers

    def test_policy_allows_our_own_and_nothing_else(self) -> None:
        """No inline, no eval, no other origin, Trusted Types."""
        policy = content_security_policy([], sockets=["wss://chat.example"])
        assert policy.split("; ") == [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self' wss://chat.example",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]

    @pytest.mark.parametrize(
        "origin",
        [
            "*",
            "'self'",
            "https://*",
            "https://a.example; script-src *",
            "https://a.example/x",
            "https://a b",
            "",
            "a\nb",
        ],
    )
    def test_policy_takes_exact_origins_only(self, origin: str) -> None:
        """What could widen the policy does not get in."""
        with pytest.raises(ValueError, match="exact"):
            content_security_policy([origin])
        with pytest.raises(ValueError, match="exact"):
            content_security_policy([], sockets=[origin])


class TestCookies:
    def test_staff_cookie_is_out_of_reach(self) -> None:
        """For this host only, never for scripts, never from another site, gone with the browser."""
        response = Response()
        security.set_staff_cookie(response, "token")
        assert response.headers["set-cookie"] == (
            "__Host-staff=token; HttpOnly; Path=/; SameSite=strict; Secure"
        )
        security.clear_staff_cookie(response)
        gone = response.headers.getlist("set-cookie")[1]
        assert 'staff="";' in gone
        assert "Max-Age=0" in gone
        assert "expires" not in gone, "no date: it would tell the second"

    @pytest.mark.parametrize(
        ("headers", "value"),
        [
            (["__Host-staff=t"], "t"),
            (["a=b; __Host-staff=t; c=d"], "t"),
            (["a=b;__Host-staff=t=="], "t=="),
            ([], None),
            (["__Host-staffs=t; x__Host-staff=t; __host-staff=t"], None),
            (["__Host-staff=planted; __Host-staff=t"], None),
            (["__Host-staff=planted", "__Host-staff=t"], None),
        ],
    )
    def test_staff_cookie_is_read_when_it_is_one(self, headers: list[str], value: str | None) -> None:
        """Two of a name mean that one is planted."""
        scope = scope_of([("Cookie", text) for text in headers])
        assert read_staff_cookie(scope) == value
        assert read_staff_cookie(Request(scope)) == value
        assert read_cookie(scope, "nothing") is None
