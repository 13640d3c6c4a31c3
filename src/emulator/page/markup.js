/* global document, DOMParser */

/** Makes an element: `el('b', {class: 'x', onclick: f}, 'text', child)`. Text is never read as HTML. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** A link that opens in a tab of its own; anything but http(s) is shown as plain text. */
export function link(url, text, attributes = {}) {
  if (!/^https?:\/\//i.test(url ?? '')) return el('span', attributes, text);
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', ...attributes }, text);
}

const INLINE_TEXT =
  /<a\s+href="([^"]+)"\s*>(.*?)<\/a>|<@([^>]+)>|(https?:\/\/[^\s<>"'，。；）]+)/gs;

/** A text message: line breaks are kept by the style, `<a href>` and bare addresses become links. */
export function textContent(content, nameOf) {
  return inline(content, INLINE_TEXT, (match) => {
    if (match[1] !== undefined) return link(match[1], match[2]);
    if (match[3] !== undefined) return el('span', { class: 'mention' }, `@${nameOf(match[3])}`);
    return link(match[4], match[4]);
  });
}

/** Cuts `content` at every match and puts what `render` makes of it in its place. */
function inline(content, pattern, render) {
  const parts = [];
  let from = 0;
  for (const match of content.matchAll(pattern)) {
    if (match.index > from) parts.push(content.slice(from, match.index));
    parts.push(render(match));
    from = match.index + match[0].length;
  }
  parts.push(content.slice(from));
  return parts;
}

const INLINE_MARKDOWN =
  /`([^`\n]+)`|\*\*(.+?)\*\*|!\[([^\]]*)\]\(([^)\s]+)\)|\[([^\]]+)\]\(([^)\s]+)\)|<font color="(\w+)">(.*?)<\/font>|<@([^>]+)>|(?<![*\w])\*([^*\n]+)\*(?![*\w])/gs;

function inlineMarkdown(text, options) {
  return inline(text, INLINE_MARKDOWN, (m) => {
    if (m[1] !== undefined) return el('code', {}, m[1]);
    if (m[2] !== undefined) return el('b', {}, ...inlineMarkdown(m[2], options));
    if (m[4] !== undefined) {
      return options.rich ? el('img', { src: m[4], alt: m[3] || '图片' }) : m[0];
    }
    if (m[6] !== undefined) return link(m[6], m[5]);
    if (m[7] !== undefined) {
      return el('span', { class: `font-${m[7]}` }, ...inlineMarkdown(m[8], options));
    }
    if (m[9] !== undefined) return el('span', { class: 'mention' }, `@${options.nameOf(m[9])}`);
    return options.rich ? el('i', {}, m[10]) : m[0];
  });
}

/**
 * Markdown as WeCom shows it: headings, bold, links, inline code, quotes and three font colours.
 * With `rich` (markdown_v2) also lists, tables, rules, italics, images and code blocks.
 */
export function markdown(content, options) {
  const lines = content.split('\n');
  const blocks = [];
  while (lines.length > 0) blocks.push(takeBlock(lines, options));
  return blocks;
}

function takeBlock(lines, options) {
  const line = lines.shift();
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) {
    const level = heading[1].length;
    return el('p', { class: `md-h md-h${level}` }, ...inlineMarkdown(heading[2], options));
  }
  if (/^>\s?/.test(line)) {
    const quoted = [line, ...takeWhile(lines, (next) => /^>\s?/.test(next))];
    return el(
      'blockquote',
      {},
      ...markdown(quoted.map((quote) => quote.replace(/^>\s?/, '')).join('\n'), options),
    );
  }
  const rich = options.rich ? takeRichBlock(line, lines, options) : undefined;
  if (rich) return rich;
  return line.trim() === ''
    ? el('p', { class: 'md-gap' })
    : el('p', {}, ...inlineMarkdown(line, options));
}

function takeRichBlock(line, lines, options) {
  if (/^\s*-{3,}\s*$/.test(line)) return el('hr');
  if (/^```/.test(line)) {
    const code = takeWhile(lines, (next) => !/^```/.test(next));
    lines.shift();
    return el('pre', {}, code.join('\n'));
  }
  if (/^\s*\|.*\|\s*$/.test(line)) {
    return table([line, ...takeWhile(lines, (next) => /^\s*\|.*\|\s*$/.test(next))], options);
  }
  const item = /^\s*([-*+]|\d+\.)\s+(.*)$/.exec(line);
  if (!item) return undefined;
  const rest = takeWhile(lines, (next) => /^\s*([-*+]|\d+\.)\s+/.test(next));
  const items = [line, ...rest].map((text) => text.replace(/^\s*([-*+]|\d+\.)\s+/, ''));
  return el(
    /\d/.test(item[1]) ? 'ol' : 'ul',
    {},
    ...items.map((text) => el('li', {}, ...inlineMarkdown(text, options))),
  );
}

function table(rows, options) {
  const cells = rows.map((row) =>
    row
      .trim()
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  const body = cells.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
  const [head = [], ...rest] = body;
  const tr = (row, tag) =>
    el('tr', {}, ...row.map((cell) => el(tag, {}, ...inlineMarkdown(cell, options))));
  return el(
    'table',
    {},
    el('thead', {}, tr(head, 'th')),
    el('tbody', {}, ...rest.map((row) => tr(row, 'td'))),
  );
}

function takeWhile(lines, isWanted) {
  const taken = [];
  while (lines.length > 0 && isWanted(lines[0])) taken.push(lines.shift());
  return taken;
}

/** A textcard's description: `<div class="gray|normal|highlight">` and `<br>`; other tags are text. */
export function cardDescription(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  return [...parsed.body.childNodes].map(copySafely);
}

function copySafely(node) {
  if (node.nodeName === 'BR') return el('br');
  if (node.nodeName !== 'DIV') return node.textContent;
  const known = ['gray', 'normal', 'highlight'].find((name) => node.className === name);
  return el('div', { class: known && `tc-${known}` }, ...[...node.childNodes].map(copySafely));
}
