// The queries run last in this browser.
const KEY = 'sightglass.log-queries';
const MAX_KEPT = 30;

export function recentQueries(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((query) => typeof query === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberQuery(query: string): void {
  const text = query.trim();
  if (text === '') return;
  const kept = [text, ...recentQueries().filter((other) => other !== text)].slice(0, MAX_KEPT);
  localStorage.setItem(KEY, JSON.stringify(kept));
}
