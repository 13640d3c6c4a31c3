/** Cutting texts to what WeCom shows. Characters (字) are code points: an emoji is one. */

const ELLIPSIS = '…';

/** At most `maxChars` characters; what is cut ends with “…”. */
export function cutToChars(text: string, maxChars: number): string {
  // A UTF-16 length within the limit means the code points are within it too.
  if (text.length <= maxChars) return text;
  const chars = Array.from(text);
  if (chars.length <= maxChars) return text;
  return chars.slice(0, maxChars - 1).join('') + ELLIPSIS;
}

/** The longest beginning of `text` that fits `maxBytes` of UTF-8, whole characters only. */
export function fittingStart(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  // Continuation bytes look like 10xxxxxx: step back to where a character begins.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

/**
 * At most `maxBytes` of UTF-8. A longer text is cut at its last line break, unless that would lose more
 * than half, and `ending` is put on a line of its own.
 */
export function cutToBytes(text: string, maxBytes: number, ending: string): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const tail = `\n${ending}`;
  const kept = fittingStart(text, maxBytes - Buffer.byteLength(tail));
  const lineEnd = kept.lastIndexOf('\n');
  return (lineEnd > kept.length / 2 ? kept.slice(0, lineEnd) : kept) + tail;
}
