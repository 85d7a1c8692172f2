// SPDX-License-Identifier: EUPL-1.2
// Reads {rules, lines} as JSON and answers the pieces of each line: what `test_identity_in_the_browser.py` compares.

import { readFileSync } from "node:fs";

import { identityFinder } from "../../../web/static/shared/identity.js";

const { rules, lines } = JSON.parse(readFileSync(0, "utf8"));
const find = identityFinder(rules);
process.stdout.write(JSON.stringify(lines.map((line) => find(line))));
