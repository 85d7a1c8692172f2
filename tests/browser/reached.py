# SPDX-License-Identifier: EUPL-1.2
"""What must hold on every screen of hers, however large it is and however she reads it.

Knows the criteria of WCAG 2.2 that a program can judge, beside those of axe.
"""

from __future__ import annotations

from collections.abc import Sequence

from playwright.async_api import Page, ViewportSize

from tests.browser.wire import axe_finds

NARROW = ViewportSize(width=320, height=640)
WIDE = ViewportSize(width=1280, height=800)
ZOOMED = ViewportSize(width=640, height=400)
"""A screen of 1280 by 800 at 200 % zoom."""

Sizes = Sequence[tuple[ViewportSize, str]]
"""How large, and `light` or `dark`."""

LOOK = """() => {
  const wrong = [], say = (what, e) => wrong.push(`${what}: ${e.outerHTML.slice(0, 90)}`);
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
  const boxes = [document.scrollingElement, ...document.querySelectorAll('main, .scroll, [role=dialog]')];
  for (const e of boxes.filter(shown)) if (e.scrollWidth - e.clientWidth > 1) say('sideways (1.4.10)', e);
  for (const e of document.querySelectorAll('a[href], button, summary, textarea, input, select')) {
    if (!shown(e)) continue;
    const target = e.closest('label') ?? e;
    const { height } = target.getBoundingClientRect();
    if (height < 43.5) say(`${height.toFixed(1)} px high (2.5.8, ours is 44)`, e);
  }
  const exit = document.querySelector('#exit, .exit');
  const { left, top, width, height } = exit.getBoundingClientRect();
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  if (!exit.contains(over)) say('the way out is not on top', exit);
  return wrong;
}"""

FOCUS = """() => {
  const wrong = [], before = document.activeElement;
  const scrolls = [...document.querySelectorAll('.scroll, .sheet')];
  const at = scrolls.map((e) => e.scrollTop);
  const reached = 'a[href], button, summary, textarea, input, select, [tabindex="0"]';
  for (const e of document.querySelectorAll(reached)) {
    if (!e.checkVisibility({ visibilityProperty: true }) || e.disabled || e.closest('[inert]')) continue;
    e.focus();
    if (document.activeElement !== e) continue;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const room = e.parentElement.closest('.scroll, .sheet')?.getBoundingClientRect();
    const from = Math.max(0, room?.top ?? 0, box.top);
    const y = (from + Math.min(innerHeight, room?.bottom ?? innerHeight, box.bottom)) / 2;
    const seen = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), y);
    if (box.bottom < 0 || box.top > innerHeight || !(e.contains(seen) || seen?.contains(e)))
      wrong.push(`focus hidden (2.4.11): ${e.outerHTML.slice(0, 90)} behind ${seen?.outerHTML.slice(0, 60)}`);
    if (e.matches(':focus-visible') && (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2))
      wrong.push(`focus not seen (2.4.7): ${e.outerHTML.slice(0, 90)}`);
  }
  scrolls.forEach((e, i) => (e.scrollTop = at[i]));
  before instanceof HTMLElement && before !== document.body ? before.focus({ preventScroll: true })
    : document.activeElement?.blur();
  return wrong;
}"""

SPACED = """(on) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = on ? [sheet] : [];
}"""
"""What somebody may do to the spacing of text without losing any of it (1.4.12)."""

CUT = """() => [...document.querySelectorAll('button, a, p, h1, h2, h3, summary, label, span')].filter((e) =>
  e.checkVisibility() && !e.closest('.unseen') && e.clientWidth > 1 && e.scrollWidth - e.clientWidth > 1
  && getComputedStyle(e).overflowX !== 'visible').map((e) => `cut off: ${e.outerHTML.slice(0, 90)}`)"""


async def wrong_on(page: Page, sizes: Sizes) -> list[str]:
    """Return what is wrong on a screen at these sizes, each light or dark; the last of them stays."""
    found: list[str] = []
    for size, scheme in sizes:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        here = [*await axe_finds(page), *await page.evaluate(LOOK)]
        if size is not WIDE:
            here += await page.evaluate(FOCUS)
        if size is NARROW:
            await page.evaluate(SPACED, True)
            here += [f"spaced {line}" for line in await page.evaluate(LOOK) + await page.evaluate(CUT)]
            await page.evaluate(SPACED, False)
        found += [f"{size['width']} {scheme}: {line}" for line in here]
    return found


EVERYWHERE: Sizes = ((NARROW, "light"), (ZOOMED, "light"), (WIDE, "dark"))
"""The sizes and colours in which a screen is looked at."""
ELSEWHERE: Sizes = ((WIDE, "light"), (NARROW, "dark"))
"""Those for what is written from the right, so that every pair is seen once."""
