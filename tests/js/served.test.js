// SPDX-License-Identifier: EUPL-1.2
/** What is served is what was reviewed: without its comments, and nothing else is another. */

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const STATIC = join(ROOT, "web/static");
const OWN = join(ROOT, ".venv/bin/python");
const BLANK = `
import json, sys
from web.comments import blank_comments
files = json.load(sys.stdin)
print(json.dumps({path: blank_comments(text, script=path.endswith(".js")) for path, text in files.items()}))`;

const scripts = readdirSync(STATIC, { recursive: true, encoding: "utf-8" }).filter((path) => path.endsWith(".js"));
const source = Object.fromEntries(scripts.map((path) => [path, readFileSync(join(STATIC, path), "utf-8")]));

/** @param {{ [path: string]: string }} files */
function asServed(files) {
  const python = existsSync(OWN) ? OWN : "python3";
  return JSON.parse(execFileSync(python, ["-c", BLANK], { cwd: ROOT, input: JSON.stringify(files), encoding: "utf-8" }));
}

/**
 * The programs as the compiler writes them, without any comment.
 * @param {string} place
 * @param {{ [path: string]: string }} files
 */
function compiled(place, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, "in", path)), { recursive: true });
    writeFileSync(join(place, "in", path), text);
  }
  const only = ["--allowJs", "--noCheck", "--noResolve", "--removeComments", "--target", "esnext", "--module", "esnext"];
  const here = ["--ignoreConfig", "--rootDir", join(place, "in"), "--outDir", join(place, "out")];
  const tsc = join(ROOT, "node_modules/typescript/lib/tsc.js");
  execFileSync(process.execPath, [tsc, ...only, ...here, ...Object.keys(files).map((path) => join(place, "in", path))]);
  return Object.fromEntries(Object.keys(files).map((path) => [path, readFileSync(join(place, "out", path), "utf-8")]));
}

describe("served scripts", () => {
  const place = mkdtempSync(join(tmpdir(), "served-"));
  /** @type {{ [path: string]: string }} */
  let served;
  before(() => (served = asServed(source)));
  after(() => rmSync(place, { recursive: true }));

  it("are the same programs as their sources, line by line", () => {
    assert.ok(scripts.length > 50, relative(ROOT, STATIC));
    assert.deepEqual(compiled(join(place, "served"), served), compiled(join(place, "source"), source));
    for (const path of scripts) {
      const lines = served[path]?.split("\n") ?? [];
      source[path]?.split("\n").forEach((line, at) => assert.ok(lines[at] === line || lines[at] === "", `${path}:${at + 1}`));
    }
  });

  it("would be found out, were code taken for a comment", () => {
    const [was, is] = ["const a = `\n// words\n`;\n", "const a = `\n\n`;\n"];
    assert.notDeepEqual(compiled(join(place, "was"), { "a.js": was }), compiled(join(place, "is"), { "a.js": is }));
  });
});
