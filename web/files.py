# SPDX-License-Identifier: EUPL-1.2
"""The files of the pages: templates, scripts, styles, pictures; and what is compressed on its way.

Owns how they are sent, which of them a browser may keep, and which other sites may load. They are read once,
at the start, without the comments on lines of their own (`docs/decisions/0013-comments-stay-here.md`). Knows
no page and nobody.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import BaseLoader, FunctionLoader
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.lighten import lightened

ROOT = Path(__file__).parent / "static"
TELLING = ("visitor/consent/", "visitor/warm", "visitor/ask.", "visitor/asked.")
"""How the paths begin of what asks her for a yes, and is fetched only then: that it lies in a cache would
tell that she was asked. Chromium keeps the names of scripts that have run (`docs/threat-model.md`)."""
EMBEDDED = ("embed/", "visitor/exit.js")
"""What runs in the pages of others: the loader's later part, and the way out that it shares with the chat."""
ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_NOTHING_RUNS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
"""Stricter than that of a page, for who opens a file by itself; and shorter, which a dozen files feel."""
_WORTH_BYTES = 500
"""What is smaller goes as it is."""


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent."""

    kind: str
    plain: bytes
    gzipped: bytes
    mark: str
    """Its ETag: another when a byte of it is another."""


@cache
def files() -> Mapping[str, File]:
    """Return what is sent, by its path below `ROOT`.

    Raises:
        ValueError: a script or style whose comments cannot be told from its code.
    """
    return {
        path.relative_to(ROOT).as_posix(): _read(path)
        for path in sorted(ROOT.rglob("*"))
        if path.suffix in _KINDS
    }


async def static(request: Request) -> Response:
    """Answer with a file. A browser asks each time whether it is the same: never half an old version."""
    path = request.path_params["path"]
    found = files().get(path)
    if found is None:
        raise HTTPException(404)
    kept = "no-store" if path.startswith(TELLING) else "no-cache"
    return send(request, found, kept, ANYWHERE if path.startswith(EMBEDDED) else None)


def send(request: Request, file: File, kept: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with one file; `kept` is its Cache-Control."""
    told = {**(headers or {}), **_NOTHING_RUNS, "Cache-Control": kept, "ETag": file.mark}
    asked = (mark.strip() for mark in request.headers.get("if-none-match", "").split(","))
    if file.mark in asked:
        return Response(status_code=304, headers=told | {"Vary": "Accept-Encoding"})
    return _compressed(request, Response(file.plain, headers=told, media_type=file.kind), file.gzipped)


def compressed(request: Request, response: Response) -> Response:
    """Return an answer compressed, where the browser takes that.

    Only what is the same for everybody goes this way. The size of what is compressed tells of what is in
    it: so never a page or an answer with somebody's words, a token or a secret.
    """
    return _compressed(request, response, gzip.compress(bytes(response.body), mtime=0))


def _compressed(request: Request, response: Response, gzipped: bytes) -> Response:
    response.headers["Vary"] = "Accept-Encoding"
    if len(response.body) >= _WORTH_BYTES and _takes_gzip(request):
        response.body = gzipped
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(gzipped))
    return response


def templates(root: Path) -> BaseLoader:
    """Return the templates below a directory as they are now, whatever becomes of the files.

    An update lays new files under a server that still runs; they belong to the code that comes with them.
    """
    read = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    texts = {name: (path.read_text(encoding="utf-8"), str(path), None) for name, path in read.items()}
    return FunctionLoader(texts.get)


def _takes_gzip(request: Request) -> bool:
    for offer in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = offer.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _read(path: Path) -> File:
    if path.suffix == ".svg":
        plain = path.read_bytes()
    else:
        try:
            text = lightened(path.read_text(encoding="utf-8"), script=path.suffix == ".js")
        except ValueError as error:
            raise ValueError(f"{path.relative_to(ROOT)}, {error}") from error
        plain = text.encode()
    mark = f'W/"{hashlib.sha256(plain).hexdigest()[:22]}"'
    return File(_KINDS[path.suffix], plain, gzip.compress(plain, 9, mtime=0), mark)
