import type { Card } from '../../chat/index.js';
import { cardToUpdate } from './template-card.js';

export interface Addressing {
  /** Who tapped; only this person's card changes. */
  userid: string;
  corpId: string;
  /** Unix seconds. */
  createTime: number;
}

/** Names whose PascalCase is not the snake_case one with capitals. */
const IRREGULAR: Record<string, string> = { keyname: 'KeyName', userid: 'UserId' };

/** What XML 1.0 cannot hold, not even in CDATA: most control characters and lone surrogates. */
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/**
 * The plaintext of a passive update_template_card: the same card as in JSON, with PascalCase names and lists as
 * repeated elements.
 * @see https://developer.work.weixin.qq.com/document/path/90241
 */
export function passiveUpdateXml(card: Card, { userid, corpId, createTime }: Addressing): string {
  const reply = {
    to_user_name: userid,
    from_user_name: corpId,
    create_time: createTime,
    msg_type: 'update_template_card',
    template_card: cardToUpdate(card),
  };
  return `<xml>${elements(reply)}</xml>`;
}

/** User text as a CDATA section that it cannot end. */
export function cdata(text: string): string {
  const safe = text.replace(UNPRINTABLE, '').replaceAll(']]>', ']]]]><![CDATA[>');
  return `<![CDATA[${safe}]]>`;
}

function elements(fields: object): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const tag = pascalCase(name);
      const list: unknown[] = Array.isArray(value) ? value : [value];
      return list.map((item) => `<${tag}>${content(item)}</${tag}>`).join('');
    })
    .join('');
}

function content(value: unknown): string {
  if (typeof value === 'string') return cdata(value);
  return typeof value === 'object' && value !== null ? elements(value) : String(value);
}

function pascalCase(name: string): string {
  const regular = (): string =>
    name
      .split('_')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('');
  return IRREGULAR[name] ?? regular();
}
