// SPDX-License-Identifier: EUPL-1.2
// Reads {given, kinds, lines} as JSON and answers what the console sees in each line: what `test_console_seen.py` compares.

import { readFileSync } from "node:fs";

import { seenBy } from "../../web/static/operator/handover_seen.js";

const { given, kinds, lines } = JSON.parse(readFileSync(0, "utf8"));
const seen = seenBy(given, kinds);
process.stdout.write(JSON.stringify(lines.map((line) => ({ names: seen.names(line), masked: seen.masked(line) }))));
