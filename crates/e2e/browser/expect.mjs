// Conditions that the flows wait for, with what was seen instead when they do not come true.
import assert from 'node:assert/strict';
import { DEADLINE } from './browser.mjs';

export { assert };

const PAUSE = 100;

/** Reads a value again and again until it fits. */
export async function until(what, read, fits = Boolean, deadline = DEADLINE) {
  const end = performance.now() + deadline;
  for (;;) {
    const value = await read();
    if (fits(value)) return value;
    if (performance.now() > end) {
      throw new Error(`${what}: not within ${deadline / 1000} s, last ${JSON.stringify(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Waits for a locator's first match to be seen. */
export async function seen(locator, timeout = DEADLINE) {
  await locator.first().waitFor({ state: 'visible', timeout });
  return locator.first();
}

/** Writes into a query editor, which is no ordinary text field, and runs it. */
export async function query(page, text) {
  await (await seen(page.locator('.cm-content'))).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
}

/** The time range of the story, as the address has it. */
export const rangeOf = ({ startMs, endMs }) => `from=${startMs}&to=${endMs}`;
