import { Errcode, refuse } from './errcodes.js';
import type { Fields } from './fields.js';

/**
 * Where the card came from: a fresh card by message/send, a replacement of one (which carries no
 * task_id), or a group webhook, which takes fewer kinds and shorter texts.
 */
export type CardUse = 'send' | 'update' | 'webhook';

/** Keys of buttons, questions and menu items. */
export const KEY_MAX_BYTES = 1024;

/** A link of type 1 needs a url, of type 2 a mini-program's appid. */
export function checkTarget(link: Fields): void {
  const type = link.integer('type') ?? 0;
  const url = link.text('url');
  if (type === 1 && url === '') refuse(Errcode.cardUrlMissing, `${link.pathOf('url')} missing`);
  if (type === 2 && link.text('appid') === '') {
    refuse(Errcode.cardAppidMissing, `${link.pathOf('appid')} missing`);
  }
  if (type === 1 && !/^https?:\/\//.test(url)) link.warn('url', '应以 http:// 或 https:// 开头');
}

export function hasDuplicates(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}
