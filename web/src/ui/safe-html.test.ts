// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { safeHref } from './safe-href';
import { sanitize } from './SanitizedHtml';

describe('addresses from data', () => {
  it.each(['https://example.org/a?b=c', 'http://x', '/dashboards/a', '?a=b', '#top', 'd/abc/name'])(
    'follow %s',
    (address) => expect(safeHref(address)).toBe(address),
  );

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil',
    '',
  ])('do not follow %j', (address) => expect(safeHref(address)).toBeNull());
});

describe('HTML from data', () => {
  const clean = (html: string) => {
    const box = document.createElement('div');
    box.append(sanitize(html));
    return box.innerHTML;
  };

  it('keeps structure', () =>
    expect(clean('<h1>A</h1><p>b <b>c</b></p>')).toBe('<h1>A</h1><p>b <b>c</b></p>'));

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)></svg>',
    '<iframe src="https://evil.example"></iframe>',
    '<style>*{display:none}</style>',
    '<form action="https://evil.example"><input></form>',
    '<img src="https://evil.example/pixel.png">',
    '<a href="javascript:alert(1)">x</a>',
    '<div style="background:url(https://evil.example)">x</div>',
    '<base href="https://evil.example">',
  ])('takes the harm out of %s', (html) => {
    expect(clean(html)).not.toMatch(
      /script|onerror|onload|iframe|<style|style=|<form|<input|evil|javascript|<base|<img|<svg/i,
    );
  });

  it('keeps links that are safe, apart from this page', () => {
    expect(clean('<a href="https://example.org">x</a>')).toContain('rel="noreferrer noopener"');
  });
});
