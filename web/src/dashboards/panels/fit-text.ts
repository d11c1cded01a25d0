// How large a text can be in a box.

/** The widest characters of the interface's font are about this much of its size. */
const CHARACTER_WIDTH = 0.6;

export function fitText(text: string, width: number, height: number, largest: number): number {
  const byWidth = width / Math.max(1, text.length * CHARACTER_WIDTH);
  return Math.max(10, Math.min(largest, byWidth, height * 0.72));
}

/** Rows and columns that give `count` boxes of a wished shape the most room. */
export function gridFor(
  count: number,
  width: number,
  height: number,
  aspect: number,
): { columns: number; rows: number } {
  let best = { columns: 1, rows: count };
  let bestSize = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns / aspect, height / rows);
    if (size > bestSize) [best, bestSize] = [{ columns, rows }, size];
  }
  return best;
}
