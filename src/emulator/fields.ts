import { Errcode, refuse } from './errcodes.js';

/**
 * Something the real WeCom accepts but shows badly or advises against: a text longer than the
 * recommended length (建议不超过 N 个字), an unknown field, a cut content. Tests assert there are none.
 */
export interface Warning {
  /** The API the request went to, e.g. `message/send`, or `callback` for a passive reply. */
  endpoint: string;
  /** Where in the body, e.g. `template_card.main_title.title`. */
  path: string;
  text: string;
}

export type Warn = (path: string, text: string) => void;

/** Length in characters as WeCom counts 字: code points, so an emoji is one. */
export function lengthInChars(text: string): number {
  return Array.from(text).length;
}

export function lengthInBytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The longest prefix of `text` that fits `maxBytes`, never cutting a character in two. */
export function cutToBytes(text: string, maxBytes: number): string {
  let kept = '';
  let used = 0;
  for (const char of text) {
    used += lengthInBytes(char);
    if (used > maxBytes) break;
    kept += char;
  }
  return kept;
}

/**
 * One JSON object of a request, read field by field. A field of the wrong type is refused with
 * 40058 and named by its full path; an absent one reads as empty.
 */
export class Fields {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    readonly path: string,
    private readonly warnTo: Warn,
  ) {}

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  text(name: string): string {
    const value = this.values[name];
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : this.wrongType(name, 'string');
  }

  integer(name: string): number | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    return this.wrongType(name, 'int');
  }

  /** 0 or 1 (or a JSON boolean, which WeCom takes as well). */
  flag(name: string): boolean {
    const value = this.values[name];
    if (value === undefined || value === null) return false;
    if (value === 0 || value === 1 || typeof value === 'boolean') return Boolean(value);
    return this.wrongType(name, '0 or 1');
  }

  object(name: string): Fields | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    return isObject(value) ? this.at(name, value) : this.wrongType(name, 'object');
  }

  list(name: string): Fields[] {
    return this.rawList(name).map((value, index) =>
      isObject(value)
        ? this.at(`${name}[${index}]`, value)
        : this.wrongType(`${name}[${index}]`, 'object'),
    );
  }

  texts(name: string): string[] {
    return this.rawList(name).map((value, index) =>
      typeof value === 'string' ? value : this.wrongType(`${name}[${index}]`, 'string'),
    );
  }

  integers(name: string): number[] {
    return this.rawList(name).map((value, index) =>
      Number.isSafeInteger(Number(value)) && value !== ''
        ? Number(value)
        : this.wrongType(`${name}[${index}]`, 'int'),
    );
  }

  /** Warns when `name` is longer than the recommended number of characters. */
  advise(name: string, maxChars: number): void {
    const length = lengthInChars(this.text(name));
    if (length > maxChars) this.warn(name, `建议不超过 ${maxChars} 个字，实际 ${length}`);
  }

  /** Refuses a `name` longer than `maxBytes` of UTF-8. */
  limitBytes(name: string, maxBytes: number, errcode: number = Errcode.contentTooLong): void {
    const length = lengthInBytes(this.text(name));
    if (length > maxBytes) {
      refuse(errcode, `${this.pathOf(name)} exceed max length ${maxBytes}, got ${length} bytes`);
    }
  }

  /** Warns about fields WeCom does not know and would silently ignore. */
  expectOnly(...names: string[]): void {
    for (const name of Object.keys(this.values)) {
      if (!names.includes(name)) this.warn(name, '企业微信不认识或会忽略这个字段');
    }
  }

  warn(name: string, text: string): void {
    this.warnTo(this.pathOf(name), text);
  }

  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  /** The object as it came; trusted only after it was checked. */
  get raw(): Readonly<Record<string, unknown>> {
    return this.values;
  }

  private rawList(name: string): unknown[] {
    const value = this.values[name];
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : this.wrongType(name, 'array');
  }

  private at(name: string, value: Record<string, unknown>): Fields {
    return new Fields(value, this.pathOf(name), this.warnTo);
  }

  private wrongType(name: string, wanted: string): never {
    return refuse(
      Errcode.invalidParameter,
      `${this.pathOf(name)} type error: ${wanted} expected. invalid Request Parameter`,
    );
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
