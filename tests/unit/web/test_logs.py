# SPDX-License-Identifier: EUPL-1.2
"""What gets into a log: fixed names and numbers, and never what somebody wrote, at no level."""

from __future__ import annotations

import ast
import io
import json
import logging
import sys
import threading
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from web import logs

ROOT = Path(__file__).parents[3]
MARKER = "hemlig-9f3a"
LIBRARIES = (
    "uvicorn",
    "uvicorn.error",
    "uvicorn.access",
    "websockets.server",
    "asyncio",
    "sqlalchemy.engine.Engine",
)
LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged at the lowest level; the world is put back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    for name in LIBRARIES:
        logging.getLogger(name).addHandler(logging.NullHandler())
    stream = io.StringIO()
    logs.configure(logging.DEBUG, stream)
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    """Return the lines; every one is JSON."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def raised(error: BaseException) -> BaseException:
    """Return an error that has been raised, with content in the locals of where it was."""

    def fail(words: str) -> None:
        assert words
        raise error

    with pytest.raises(type(error)) as caught:
        fail(MARKER)
    return caught.value


class TestAllowList:
    def test_event_is_one_line(self, written: io.StringIO) -> None:
        """Time, level, logger, event and the fields that are allowed."""
        logging.getLogger("chat.live.timekeeper").info("tick_failed", extra={"port": 8000, "seconds": 0.5})
        (line,) = lines(written)
        assert line.pop("at").endswith("+00:00")
        assert line == {
            "level": "INFO",
            "logger": "chat.live.timekeeper",
            "event": "tick_failed",
            "port": 8000,
            "seconds": 0.5,
        }

    @pytest.mark.parametrize("level", LEVELS)
    def test_words_do_not_get_in(self, written: io.StringIO, level: int) -> None:
        """Not as a message, an argument, a field, a logger's name or a key."""
        log = logging.getLogger("web.visitor")
        log.log(level, MARKER)
        log.log(level, "started %s", MARKER)
        log.log(level, "%(a)s", {"a": MARKER})
        log.log(level, "tick_failed", extra={"count": MARKER, "fault": MARKER, "text": MARKER, MARKER: 1})
        logging.getLogger(f"web.{MARKER} å").log(level, "tick_failed", stack_info=True)
        assert len(lines(written)) == 5
        assert MARKER not in written.getvalue()

    def test_unnamed_event_shows_where_it_came_from(self, written: io.StringIO) -> None:
        """So that somebody can give it a name."""
        logging.getLogger("web.visitor").warning("an event that nobody allowed")
        (line,) = lines(written)
        assert line["event"] == "unnamed"
        assert line["from"].startswith("unit/web/test_logs.py:")

    @pytest.mark.parametrize("fault", ["12ab34cd", "12AB34CD", "12ab34cde", f"{MARKER}", 5])
    def test_fault_has_the_form_of_an_id(self, written: io.StringIO, fault: object) -> None:
        """Eight hexadecimal digits, or it is left out."""
        logging.getLogger("web").error("fault", extra={"fault": fault})
        assert (lines(written)[0].get("fault") == fault) is (fault == "12ab34cd")

    def test_library_shows_only_that_there_was_something(self, written: io.StringIO) -> None:
        """Addresses, paths, parameters and frames: silent below a warning, and unnamed from there."""
        for name in LIBRARIES:
            for level in LEVELS:
                logging.getLogger(name).log(level, "%s GET /chat/%s started", "192.0.2.7", MARKER)
        shown = lines(written)
        assert len(shown) == 3 * len(LIBRARIES)
        assert {line["event"] for line in shown} == {"unnamed"}
        assert "192.0.2.7" not in written.getvalue()
        assert MARKER not in written.getvalue()

    def test_library_cannot_speak_with_our_names(self, written: io.StringIO) -> None:
        """An event is ours only from a logger of ours."""
        logging.getLogger("asyncio").error("tick_failed")
        assert lines(written)[0]["event"] == "unnamed"

    def test_warning_shows_no_text(self, written: io.StringIO) -> None:
        """Python's own warnings go the same way."""
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(capture=True)
            warnings.warn(MARKER, stacklevel=1)
            logging.captureWarnings(capture=False)
        assert len(lines(written)) == 1
        assert MARKER not in written.getvalue()


class TestErrors:
    def test_error_is_its_type_and_place(self, written: io.StringIO) -> None:
        """Without its text, its locals and its source."""
        error = raised(ValueError(MARKER))
        logging.getLogger("web").error("fault", exc_info=error)
        (line,) = lines(written)
        assert [one["type"] for one in line["errors"]] == ["builtins.ValueError"]
        assert line["errors"][0]["trace"][-1].startswith("unit/web/test_logs.py:")
        assert MARKER not in written.getvalue()

    def test_error_names_what_it_came_from(self, written: io.StringIO) -> None:
        """Causes, contexts and the members of a group, each once, also in a circle."""
        cause, other = raised(KeyError(MARKER)), raised(OSError(5, MARKER, MARKER))
        group = raised(ExceptionGroup(MARKER, [ValueError(MARKER), TypeError(MARKER)]))
        group.__cause__, cause.__context__, other.__cause__ = cause, other, group
        logging.getLogger("web").error("fault", exc_info=group)
        types_ = [one["type"].rpartition(".")[2] for one in lines(written)[0]["errors"]]
        assert types_ == ["ExceptionGroup", "KeyError", "ValueError", "TypeError", "OSError"]
        assert MARKER not in written.getvalue()

    def test_context_that_was_hidden_stays_hidden(self, written: io.StringIO) -> None:
        """`from None` is respected."""
        error = raised(ValueError())
        error.__context__, error.__suppress_context__ = KeyError(MARKER), True
        logging.getLogger("web").error("fault", exc_info=error)
        assert len(lines(written)[0]["errors"]) == 1

    def test_what_nobody_catches_shows_no_text(self, written: io.StringIO) -> None:
        """In the main thread, in another, and in a destructor."""
        error = raised(ValueError(MARKER))
        sys.excepthook(type(error), error, error.__traceback__)
        threading.excepthook(threading.ExceptHookArgs((type(error), error, None, None)))
        unraisable = types.SimpleNamespace(exc_value=error, err_msg=MARKER, object=MARKER)
        sys.unraisablehook(unraisable)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        assert [line["event"] for line in lines(written)] == ["crashed"] * 3
        assert MARKER not in written.getvalue()

    def test_line_that_cannot_be_written_is_dropped(
        self, written: io.StringIO, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A full disk prints no arguments anywhere."""
        written.close()
        logging.getLogger("web").error("fault %s", MARKER)
        assert capsys.readouterr() == ("", "")
        logging.getLogger().handlers.clear()


def test_level_leaves_out_lines_and_counts_warnings_all_the_same(written: io.StringIO) -> None:
    """Figures do not follow what is written; of an unnamed line it counts that there was one."""
    stream = io.StringIO()
    logs.configure("ERROR", stream)
    log = logging.getLogger("web")
    log.info("ready")
    log.warning("closing_waits")
    log.error("fault")
    log.warning("something %s", MARKER)
    logging.getLogger("asyncio").error("fault")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["fault", "unnamed"]
    assert logs.counted() == {"closing_waits": 1, "fault": 1, "unnamed": 2}


def test_nothing_is_counted_before_it_is_set_up(written: io.StringIO) -> None:
    """Nobody counts: then there is nothing."""
    logging.getLogger().handlers.clear()
    assert logs.counted() == {}


def test_journal_is_told_the_weight_and_nobody_else(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`journalctl -p warning` finds a warning; a file that is not the journal's gets bare JSON."""
    told = tmp_path / "stderr"
    for journal in (True, False):
        with told.open("w+", encoding="utf-8") as stream:
            there = told.stat()
            name = f"{there.st_dev}:{there.st_ino}" if journal else "1:2"
            monkeypatch.setenv("JOURNAL_STREAM", name)
            logs.configure(logging.INFO, stream)
            for level in (logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
                logging.getLogger("web").log(level, "fault")
            heads = [line.partition("{")[0] for line in told.read_text(encoding="utf-8").splitlines()]
            assert heads == (["<6>", "<4>", "<3>", "<2>"] if journal else [""] * 4)
            logs.configure(logging.INFO, written)


def test_unknown_level_is_refused() -> None:
    """A wrong name of a level is told at once."""
    with pytest.raises(ValueError, match="Unknown level"):
        logs.configure("LOUD", io.StringIO())


def logging_calls() -> Iterator[tuple[str, ast.Call]]:
    """Find every call of a logger in the house."""
    methods = {"debug", "info", "warning", "error", "exception", "critical"}
    for package in sorted(logs.OURS):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in methods
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id in {"_log", "log", "logger", "logging"}
                ):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_house_logs_only_events_of_the_list() -> None:
    """Every message is a name of the list and nothing is put into it; what has no name here is never seen."""
    strange = [
        place
        for place, call in logging_calls()
        if len(call.args) != 1
        or not isinstance(call.args[0], ast.Constant)
        or call.args[0].value not in logs.EVENTS
    ]
    assert strange == []
