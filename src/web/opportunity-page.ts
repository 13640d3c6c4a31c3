import type { Card } from '../chat/index.js';
import type { Clock } from '../kernel/index.js';
import type { OpportunityLinks } from './opportunity-link.js';
import type { Routes } from './server.js';

export interface OpportunityPageOptions {
  links: OpportunityLinks;
  clock: Clock;
  /** What this person may see of it now, already worded; null when they may not. */
  cardFor: (userid: string, opportunityId: string) => Promise<Card | null>;
}

const MAX_TOKEN_LENGTH = 1_000;

/** The read-only page behind “详情” on a card. Permission is checked when it is opened, not when it was sent. */
export function opportunityPageRoutes({ links, clock, cardFor }: OpportunityPageOptions): Routes {
  return (router) => {
    router.get('/o/:token', async (context) => {
      const token: string = context.params.token ?? '';
      const link = token.length <= MAX_TOKEN_LENGTH ? links.read(token, clock.now()) : null;
      const card = link ? await cardFor(link.userid, link.opportunityId) : null;
      context.set(
        'Content-Security-Policy',
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      );
      context.set('Referrer-Policy', 'no-referrer');
      context.set('Cache-Control', 'no-store');
      context.set('X-Content-Type-Options', 'nosniff');
      context.status = card ? 200 : 404;
      context.type = 'html';
      context.body = page(
        card ? cardHtml(card) : '<h1>链接已失效</h1><p>请回到企业微信，发商机名称重新查看。</p>',
      );
    });
  };
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
const paragraph = (text: string | undefined): string =>
  text ? `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>` : '';

function cardHtml(card: Card): string {
  const rows = card.rows.map(
    ({ label, value }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  const quote = card.quote
    ? `<blockquote><b>${escapeHtml(card.quote.title)}</b>${paragraph(card.quote.text)}</blockquote>`
    : '';
  return `<h1>${escapeHtml(card.title)}</h1>${paragraph(card.subtitle)}<dl>${rows.join('')}</dl>${quote}${paragraph(card.body)}`;
}

function page(body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>商机</title>
<style>
  body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1f2329;background:#f5f6f7;margin:0}
  main{max-width:36rem;margin:1rem auto;padding:1.25rem;background:#fff;border-radius:12px}
  h1{font-size:1.25rem;margin:0 0 .5rem} p{margin:.5rem 0;color:#4e5969}
  dl{display:grid;grid-template-columns:6em 1fr;gap:.4rem .75rem;margin:1rem 0} dt{color:#86909c} dd{margin:0}
  blockquote{margin:1rem 0;padding:.5rem .75rem;background:#f2f3f5;border-radius:8px}
</style>
<main>${body}</main></html>`;
}
