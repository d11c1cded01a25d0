// Addresses that come from data: only http, https and places of this interface are followed.

/** The address if it may be a link; null for `javascript:`, `data:` and everything else that could run. */
export function safeHref(address: string): string | null {
  const text = address.trim();
  if (text === '' || hasControlCharacter(text)) return null;
  // A backslash or two slashes at the start would leave this server.
  if (/^[\\/]{2}|^\\/.test(text) || text.startsWith('/\\')) return null;
  if (/^https?:\/\//i.test(text)) return text;
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return null;
  return text;
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) < 32) return true;
  }
  return false;
}

export function isExternal(address: string): boolean {
  return /^https?:\/\//i.test(address);
}
