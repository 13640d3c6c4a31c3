import type { Found } from '../scene.js';
import { ANY_MARK, matches } from '../scene.js';
import { sought } from '../sought.js';

export interface LabelReading {
  readonly priority: Found<'high' | 'medium' | 'low'> | undefined;
  readonly tier: Found<'A' | 'B' | 'C'> | undefined;
  readonly tags: readonly Found<string>[];
}

const PRIORITY = sought(
  /(?:优先级|优先度|重要性|重要程度|紧急程度|priority|级别)(?:改成|改为|调到|调成|调为|设为|设成|提到|提高到|提升到|提升为|降到|降为|升到|升为|是|为|改|调|:|=|→|->| )*(最?高|中等?|普通|一般|最?低|p[0-3]|high|medium|low|紧急)|(高|中|低)优先级?|(?<![a-z\d])p([0-3])(?![a-z\d])|(重点(?:跟进|关注|客户|项目|单子?|商机|盯|对待|推进|保障|攻克|(?=$|[\s,，。;；!]))|紧急|加急|十万火急|特急|urgent|high priority|low priority)|(不着急|不急|优先级?(?:放低|往后放|靠后|降低|降一降|往后排)|缓一缓)|(优先级?(?:提高|拉高|拉满|升高|往前提|最高|提上来|提一下))/g,
);
const NOT_URGENT = /(?:不是?|没那么|不算|别|不用|非|没有?|无)(?:很|太|那么|是)?\s*$/;
const TIER = sought(
  /(?:(?:客户|商机)?(?:等级|级别|分级|分类|类别|评级|tier|层级)(?:改成|改为|调到|调成|调为|设为|设成|升到|升为|提到|降到|降为|定为|评为|是|为|改|调|升|降|:|=|→|->| )*([abc])(?:类|级|档)?|(?:升(?:级)?(?:到|为|成)?|降(?:级)?(?:到|为|成)?|列(?:为|入)|归(?:为|到|入)|定(?:为|成)|改(?:成|为)|调(?:成|为|到|整为)|评(?:为|成)|标(?:为|成)|设(?:为|成)|转(?:为|成)|划(?:为|到)|算|提(?:到|为)|是|转)?\s*([abc])(?:类|级|档)(?:客户|商机|项目|单)?|([abc])类)(?![a-z])/g,
);
const TAG_FIELD = sought(
  /(?:(?:打|贴|加|添加|增加|加上|打上|贴上|标|补|加个|加一个|打个|贴个|新增|补个|挂|挂个|挂上)(?:了)?(?:个|一个|一下|两个|几个|多个|上)*(?:的)?(?:标签|tag(?![a-z])|标记|标(?!书|准|的|段|杆|签))|(?<![a-z])标签(?!删|去|不)(?:加|打|加上|打上|补|改成|改为|更新为|设为|是|为|增加|添加)?|(?<![a-z])tags?(?![a-z])|标记为|标为|标注为?|标记成|标成)(?:是|为|叫|成|上|个| )*[:： "']*((?:[^\s,，;；。.!?"'、:]{1,12})(?:(?:\s*[、,，/和及]\s*|\s+)(?![^\s]{0,3}(?:推进|改|转|报价|签|提醒|跟进|金额|阶段|\d))[^\s,，;；。.!?"'、:]{1,12}){0,4})/g,
);
const BEFORE_TAG = sought(
  /(?:打|贴|加|添加|标)(?:上|个|一个|了)*\s*["']?([\p{Script=Han}a-z0-9]{1,10}?)["']?(?:这个|的)?(?:标签|tag)/gu,
);
/** 别标成赢单: an outcome is no tag. */
const OUTCOME = /^[赢输丢成]单|^(?:赢|输|丢)(?:了|$)/;
const MARKS = new RegExp(`[${ANY_MARK}]`, 'g');
const HASH = sought(/#([\p{Script=Han}a-z][\p{Script=Han}a-z0-9_-]{0,15})#?/gu);

export function readLabels(text: string): LabelReading {
  const tags: Found<string>[] = [];
  for (const m of matches(text, HASH)) {
    const words = m[1] ?? '';
    tags.push({ start: m.index + 1, end: m.index + 1 + words.length, value: words });
  }
  if (tags.length === 0) {
    for (const m of matches(text, TAG_FIELD)) {
      const list = m[1] ?? '';
      // 标签二期: a project of labels.
      if (/^[一二三四五六\d]期/.test(list)) continue;
      if (OUTCOME.test(list) || /(?:别|不要|不用|先不|没)$/.test(text.slice(0, m.index))) continue;
      let at = m.index + m[0].length - list.length;
      for (const piece of list.split(/([、,，/\s]+|(?<=.{2})[和及](?=.{2}))/)) {
        const words = piece.replace(MARKS, '').trim();
        if (words && !/^[、,，/\s和及]+$/.test(words) && !/^(?:标签|的|吧)$/.test(words)) {
          const clean = words.replace(/(?:标签|这个|两个|吧|的标签)$/, '');
          if (clean) tags.push({ start: at, end: at + piece.length, value: clean });
        }
        at += piece.length;
      }
    }
  }
  if (tags.length === 0) {
    for (const m of matches(text, BEFORE_TAG)) {
      const words = m[1] ?? '';
      if (!words || /^(?:个|上|一个|了)$/.test(words)) continue;
      const start = m.index + m[0].indexOf(words);
      tags.push({ start, end: start + words.length, value: words });
    }
  }
  return { tags, priority: readPriority(text), tier: readTier(text) };
}

function readPriority(text: string): Found<'high' | 'medium' | 'low'> | undefined {
  let last: Found<'high' | 'medium' | 'low'> | undefined;
  for (const m of matches(text, PRIORITY)) {
    const range = { start: m.index, end: m.index + m[0].length };
    const [, field, short, p, high, low, raised] = m;
    if (high && NOT_URGENT.test(text.slice(Math.max(0, m.index - 5), m.index))) {
      if (/急/.test(high)) last = { ...range, value: 'low' };
      continue;
    }
    const value =
      high || raised
        ? /low/.test(m[0])
          ? 'low'
          : 'high'
        : low
          ? 'low'
          : level(field ?? short ?? p ?? '');
    last = { ...range, value };
  }
  return last;
}

function level(word: string): 'high' | 'medium' | 'low' {
  if (/高|^p?[01]$|high|紧急/.test(word)) return 'high';
  if (/低|^p?3$|low/.test(word)) return 'low';
  return 'medium';
}

function readTier(text: string): Found<'A' | 'B' | 'C'> | undefined {
  let last: Found<'A' | 'B' | 'C'> | undefined;
  for (const m of matches(text, TIER)) {
    const letter = (m[1] ?? m[2] ?? m[3] ?? '').toUpperCase();
    if (letter !== 'A' && letter !== 'B' && letter !== 'C') continue;
    if (/从$/.test(text.slice(0, m.index)) || /[a-z\d]$/.test(text.slice(0, m.index).slice(-1)))
      continue;
    last = { start: m.index, end: m.index + m[0].length, value: letter };
  }
  return last;
}
