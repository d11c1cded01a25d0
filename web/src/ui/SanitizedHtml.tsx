// The one place where HTML from data reaches the page: markdown and HTML of text panels, made harmless first.
import DOMPurify from 'dompurify';
import { marked } from 'marked';
import { useEffect, useRef } from 'react';
import { safeHref } from './safe-href';

const FORBIDDEN_TAGS = [
  'style',
  'form',
  'input',
  'button',
  'textarea',
  'select',
  'iframe',
  'object',
  'embed',
  'link',
  'meta',
  'base',
  'svg',
  'math',
  'video',
  'audio',
  'source',
];

interface SanitizedHtmlProps {
  text: string;
  format: 'markdown' | 'html';
  className?: string | undefined;
}

/** Keeps structure and emphasis; drops scripts, styles, forms, foreign pictures and links that are not http. */
export function sanitize(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, {
    FORBID_TAGS: FORBIDDEN_TAGS,
    FORBID_ATTR: ['style', 'srcset', 'ping', 'id', 'name'],
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll('a')) {
    const href = safeHref(link.getAttribute('href') ?? '');
    if (href === null) link.removeAttribute('href');
    else link.setAttribute('rel', 'noreferrer noopener');
  }
  // The page loads nothing from elsewhere: a picture stays only if it is in the text itself.
  for (const image of fragment.querySelectorAll('img')) {
    if (!/^data:image\/(png|jpeg|gif|webp);/i.test(image.getAttribute('src') ?? '')) image.remove();
  }
  return fragment;
}

export function SanitizedHtml({ text, format, className }: SanitizedHtmlProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const html = format === 'markdown' ? marked.parse(text, { async: false, gfm: true }) : text;
    box.current?.replaceChildren(sanitize(html));
  }, [text, format]);
  return <div ref={box} className={className} />;
}
