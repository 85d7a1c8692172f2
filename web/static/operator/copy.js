// SPDX-License-Identifier: EUPL-1.2
// Copies what a page shows once with one press, where the browser lets it. Without this script the text is marked by hand.

for (const button of document.querySelectorAll("button[data-copies]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  const text = document.getElementById(button.dataset["copies"] ?? "");
  const told = document.getElementById(button.dataset["told"] ?? "");
  if (text === null || told === null) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(text.textContent?.trim() ?? "");
    } catch {
      copied = false;
      getSelection()?.selectAllChildren(text);
    }
    told.textContent = (copied ? button.dataset["copied"] : button.dataset["marked"]) ?? "";
  });
}
