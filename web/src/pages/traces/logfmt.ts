// Tags as people type them: `http.response.status_code=500 error=true db.query.text="select 1"`.

export class LogfmtError extends Error {
  readonly start: number;

  constructor(message: string, start: number) {
    super(message);
    this.start = start;
  }
}

export function parseLogfmt(text: string): Record<string, string> {
  const tags: Record<string, string> = {};
  const pair = /\s*([^\s=]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)/y;
  let at = 0;
  while (text.slice(at).trim() !== '') {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null) {
      const word = text.slice(at).trim().split(/\s/)[0] ?? '';
      throw new LogfmtError(`“${word}” is not a tag: write key=value`, at);
    }
    const [, key = '', value = ''] = match;
    tags[key] = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
    at = pair.lastIndex;
  }
  return tags;
}
