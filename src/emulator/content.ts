import { Errcode, refuse } from './errcodes.js';
import type { Fields } from './fields.js';
import { cutToBytes, lengthInBytes, lengthInChars } from './fields.js';
import type { Directory } from './directory.js';
import type { MessageBody, NewsArticle, WorldState } from './world.js';

const TEXT_MAX_BYTES = 2048;
const MEDIA_TTL_MS = 3 * 86_400_000;

/** Reads `text.content`: at most 2048 bytes, the rest is cut as WeCom does it. Warns when it was. */
export function readText(body: Fields): MessageBody {
  const text = body.object('text') ?? refuse(Errcode.emptyText, 'text missing');
  const content = text.text('content');
  if (content === '') refuse(Errcode.emptyText, 'empty text content');
  const bytes = lengthInBytes(content);
  if (bytes > TEXT_MAX_BYTES) text.warn('content', `最长 2048 字节，实际 ${bytes}，已截断`);
  const mentioned = text.texts('mentioned_list');
  return {
    kind: 'text',
    content: cutToBytes(content, TEXT_MAX_BYTES),
    ...(mentioned.length > 0 ? { mentioned } : {}),
  };
}

/** Reads `markdown.content`, refused beyond `maxBytes`. */
export function readMarkdown(body: Fields, maxBytes: number): MessageBody {
  const markdown = body.object('markdown') ?? refuse(Errcode.emptyText, 'markdown missing');
  const content = markdown.text('content');
  if (content === '') refuse(Errcode.emptyText, 'empty markdown content');
  markdown.limitBytes('content', maxBytes);
  if (/^\s*\|.*\|/m.test(content)) markdown.warn('content', 'markdown 不支持表格');
  if (/!\[[^\]]*\]\(/.test(content)) markdown.warn('content', 'markdown 不支持图片');
  return { kind: 'markdown', content };
}

/** Title and description limits are characters for message/send, bytes for appchat/send. */
export function readTextcard(body: Fields, unit: 'chars' | 'bytes'): MessageBody {
  const card = body.object('textcard') ?? refuse(Errcode.invalidParameter, 'textcard missing');
  for (const [name, max] of [
    ['title', 128],
    ['description', 512],
  ] as const) {
    const value = card.text(name);
    if (value === '') refuse(Errcode.invalidParameter, `textcard.${name} missing`);
    const length = unit === 'chars' ? lengthInChars(value) : lengthInBytes(value);
    if (length > max) refuse(Errcode.contentTooLong, `textcard.${name} over ${max} ${unit}`);
  }
  const url = card.text('url');
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    refuse(Errcode.invalidParameter, 'textcard.url missing or without scheme');
  }
  card.limitBytes('url', 2048);
  card.advise('btntxt', 4);
  return {
    kind: 'textcard',
    title: card.text('title'),
    description: card.text('description'),
    url,
    btntxt: card.text('btntxt') || '详情',
  };
}

/** 1 to 8 articles, each with a title and a url (or a mini-program). */
export function readNews(body: Fields): MessageBody {
  const news = body.object('news') ?? refuse(Errcode.invalidParameter, 'news missing');
  const articles = news.list('articles');
  if (articles.length < 1) refuse(Errcode.invalidParameter, 'news.articles empty');
  if (articles.length > 8) refuse(Errcode.tooManyArticles, 'news.articles over 8');
  return { kind: 'news', articles: articles.map(readArticle) };
}

function readArticle(article: Fields): NewsArticle {
  if (article.text('title') === '') refuse(Errcode.invalidParameter, 'article title missing');
  if (article.text('url') === '' && article.text('appid') === '') {
    refuse(Errcode.invalidParameter, 'article url missing');
  }
  article.limitBytes('title', 128);
  article.limitBytes('description', 512);
  article.limitBytes('url', 2048);
  article.limitBytes('picurl', 2048);
  return {
    title: article.text('title'),
    description: article.text('description'),
    url: article.text('url'),
    picurl: article.text('picurl'),
  };
}

export type MediaKind = 'image' | 'voice' | 'video' | 'file';

/** A media message; its media_id must have been uploaded within three days (40007 otherwise). */
export function readMedia(
  body: Fields,
  kind: MediaKind,
  state: WorldState,
  now: Date,
): MessageBody {
  const payload = body.object(kind) ?? refuse(Errcode.invalidMediaId, `${kind} missing`);
  const mediaId = payload.text('media_id');
  const stored = state.media[mediaId];
  if (!stored || stored.webhookKey || now.getTime() - stored.uploadedAt > MEDIA_TTL_MS) {
    refuse(Errcode.invalidMediaId, 'invalid media_id');
  }
  payload.limitBytes('title', 128);
  payload.limitBytes('description', 512);
  const title = payload.text('title') || (kind === 'file' ? (stored?.filename ?? '') : '');
  return { kind, mediaId, ...(title === '' ? {} : { title }) };
}

/**
 * Puts names where `$userName=zhangsan$`, `$userAlias=…$`, `$userAliasOrName=…$` or
 * `$departmentName=2$` stand (id转译); an id WeCom does not know stays as it is.
 */
export function translateIds<Value>(value: Value, directory: Directory): Value {
  if (typeof value === 'string') return translateText(value, directory) as Value;
  if (Array.isArray(value)) {
    return value.map((item: unknown) => translateIds(item, directory)) as Value;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      translateIds(inner, directory),
    ]),
  ) as Value;
}

function translateText(text: string, directory: Directory): string {
  return text
    .replaceAll(
      /\$user(?:Name|Alias|AliasOrName)=([^$]+)\$/g,
      (whole, userid: string) => directory.find(userid)?.name ?? whole,
    )
    .replaceAll(
      /\$departmentName=(\d+)\$/g,
      (whole, id: string) => directory.department(Number(id))?.name ?? whole,
    );
}
