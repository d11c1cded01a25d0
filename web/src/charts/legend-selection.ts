// Which series are hidden after a click in the legend.

/**
 * A click shows one series alone, or all again when it was alone already; with `add` it shows or hides
 * just that one. The last visible series cannot be hidden.
 */
export function selectSeries(
  hidden: ReadonlySet<string>,
  keys: readonly string[],
  key: string,
  add: boolean,
): ReadonlySet<string> {
  const visible = keys.filter((other) => !hidden.has(other));
  if (!add) {
    const alone = visible.length === 1 && visible[0] === key;
    return new Set(alone ? [] : keys.filter((other) => other !== key));
  }
  const next = new Set(hidden);
  if (next.has(key)) next.delete(key);
  else if (visible.length > 1) next.add(key);
  return next;
}
