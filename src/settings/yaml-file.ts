import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';

import type { Problem } from './problems.js';

const { localeError: chineseErrors } = z.locales.zhCN();

export type YamlResult<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

/**
 * Reads one YAML text against its schema. All problems come back at once, each with the line it is on;
 * the words are Chinese, since sales operations read them.
 */
export function readYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
): YamlResult<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${file}:${lines.linePos(offset).line}`;

  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) => ({
        where: at(error.pos[0]),
        what: `YAML 写法有误：${error.message}`,
      })),
    };
  }
  const parsed = schema.safeParse(document.toJS() ?? {}, { error: chineseErrors });
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => ({
      where: at(offsetOf(document, placeOf(issue))),
      what: issue.path.length > 0 ? `${issue.path.join('.')}：${issue.message}` : issue.message,
    })),
  };
}

/** An unknown key is pointed at itself, everything else at its own place. */
function placeOf(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === 'unrecognized_keys'
    ? [...issue.path, ...issue.keys.slice(0, 1)]
    : issue.path;
}

/** Where the value at `path` begins; a missing one is pointed at through its nearest parent. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (hasRange(node)) return node.range[0];
  }
  return 0;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
