import { Parser } from 'xml2js';

import { AppError } from '../../kernel/index.js';

/** What stands in an element: text, further elements, or several of the same name. */
export type XmlNode = string | XmlFields | XmlNode[];
export interface XmlFields {
  [name: string]: XmlNode | undefined;
}

const DECLARATION = /<!(?:DOCTYPE|ENTITY)/i;
const ROOT_START = /^\s*<xml>/;
const SPACE = /[ \t\r\n]*/y;
const ELEMENT_START = /<([A-Za-z]\w*)>/y;
const CDATA_START = '<![CDATA[';
const CDATA_END = ']]>';
const ROOT_END = '</xml>';

/**
 * Reads the fields under the root element. Text is kept as it stands: no trimming, no numbers made of
 * digits (MsgId needs 64 bits).
 *
 * Most callbacks are one level deep; those are read by `readFlat` in a tenth of xml2js's time, the others by xml2js.
 * Document type and entity declarations are refused before parsing. The one place they may stand is
 * inside CDATA of a flat document: somebody may well type “<!DOCTYPE html>”.
 *
 * @throws AppError `callback.unsafe-xml` or `callback.malformed`.
 */
export function readXml(xml: string): XmlFields {
  const flat = readFlat(xml);
  if (flat) return flat;
  refuseDeclarations(xml);
  return readNested(xml);
}

/** @throws AppError `callback.unsafe-xml` when `xml` declares a document type or an entity. */
export function refuseDeclarations(xml: string): void {
  if (!DECLARATION.test(xml)) return;
  throw new AppError('callback declares a document type or entity', {
    code: 'callback.unsafe-xml',
    details: { status: 400 },
  });
}

/**
 * Reads `<xml>` with elements of plain text or CDATA, every name once. Null for
 * anything else: nesting, attributes, comments, entities, repeated names. Takes linear time whatever it is given.
 */
export function readFlat(xml: string): XmlFields | null {
  const start = ROOT_START.exec(xml);
  if (!start) return null;
  const fields = Object.create(null) as XmlFields;
  let at = skipSpace(xml, start[0].length);
  while (!xml.startsWith(ROOT_END, at)) {
    const element = readElement(xml, at);
    if (!element || element.name in fields) return null;
    fields[element.name] = element.text;
    at = skipSpace(xml, element.end);
  }
  return skipSpace(xml, at + ROOT_END.length) === xml.length ? fields : null;
}

function skipSpace(xml: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.test(xml);
  return SPACE.lastIndex;
}

interface Slice {
  text: string;
  /** Where what follows begins. */
  end: number;
}

function readElement(xml: string, at: number): (Slice & { name: string }) | null {
  ELEMENT_START.lastIndex = at;
  const name = ELEMENT_START.exec(xml)?.[1];
  if (name === undefined) return null;
  const inside = ELEMENT_START.lastIndex;
  const content = xml.startsWith(CDATA_START, inside)
    ? readCdata(xml, inside)
    : readPlain(xml, inside);
  if (!content) return null;
  const close = `</${name}>`;
  if (!xml.startsWith(close, content.end)) return null;
  return { name, text: content.text, end: content.end + close.length };
}

/** One section after the other: a `]]>` that somebody typed is split between two. */
function readCdata(xml: string, at: number): Slice | null {
  let text = '';
  let from = at;
  do {
    const to = xml.indexOf(CDATA_END, from + CDATA_START.length);
    if (to < 0) return null;
    text += xml.slice(from + CDATA_START.length, to);
    from = to + CDATA_END.length;
  } while (xml.startsWith(CDATA_START, from));
  return { text, end: from };
}

/** Entities and blank text follow rules of their own: left to xml2js. */
function readPlain(xml: string, at: number): Slice | null {
  const to = xml.indexOf('<', at);
  if (to < 0) return null;
  const text = xml.slice(at, to);
  return text !== '' && (text.includes('&') || text.trim() === '') ? null : { text, end: to };
}

/** Reads anything with xml2js. Repeated elements become a list, an element without content ''. */
export function readNested(xml: string): XmlFields {
  const root = parseNested(xml);
  if (typeof root !== 'object' || root === null) throw malformed('no elements');
  return root as XmlFields;
}

function parseNested(xml: string): unknown {
  const parser = new Parser({ explicitArray: false, explicitRoot: false, trim: false });
  let root: unknown;
  let failure: unknown = null;
  try {
    // It calls back before it returns, with an error or not, perhaps twice; some garbage makes it throw as well.
    parser.parseString(xml, (error: Error | null, result: unknown) => {
      failure ??= error;
      root = result;
    });
  } catch (error) {
    failure ??= error;
  }
  if (failure !== null) throw malformed('not well-formed XML', failure);
  return root;
}

/** The text of an element; '' when it is missing, repeated or has elements inside. */
export function textOf(fields: XmlFields, name: string): string {
  const node = fields[name];
  return typeof node === 'string' ? node : '';
}

/** The elements inside an element; none when it is missing or holds text only. */
export function fieldsOf(fields: XmlFields, name: string): XmlFields {
  const node = fields[name];
  return typeof node === 'object' && !Array.isArray(node) ? node : {};
}

/** All elements of that name: none, one or many. */
export function listOf(fields: XmlFields, name: string): XmlNode[] {
  const node = fields[name];
  if (node === undefined) return [];
  return Array.isArray(node) ? node : [node];
}

export function malformed(reason: string, cause?: unknown): AppError {
  return new AppError(`callback is malformed: ${reason}`, {
    code: 'callback.malformed',
    details: { status: 400, reason },
    cause,
  });
}
