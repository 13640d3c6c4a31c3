import { mentionOf } from '../name-index.js';
import type { NameIndex } from '../name-index.js';
import type { Mention } from '../reading.js';
import { matches } from '../scene.js';
import type { Found, Range } from '../scene.js';
import { syllables } from '../pinyin.js';
import { DOUBLE_SURNAMES, SURNAME } from './contact.js';
import { sought } from '../sought.js';

const HANDS_OVER = sought(
  /(?:转交给|转给|移交给|交接给|移交(?:给|至|到)?|转交(?:给|至)?|转派(?:给)?|指派(?:给)?|改派(?:给)?|分派(?:给)?|交给|分给|分配给|指派给|派给|转派给|划给|归给?|让给|给到|换给|改派给|移给|过给|甩给|丢给|托付给|转手给|转到|移交至|分派给|指给|挂到|挂给|挂在|assign(?:ed)?(?: \S{1,30}){0,4}? to|hand(?:ed)? over to|transfer(?:red)? to|to|give to|负责人(?:改成|改为|换成|换为|变更为|变更成|变更|变成|变为|更新为|调整为|设为|改|换|是|为|:|：| )*|owner(?:改成|改为|换成|:|=| |是|为|to)*|销售(?:改成|改为|换成|换为|负责人?:?)|跟进人(?:改成|改为|换成|换为|是|为|:| )*|所有人(?:改成|改为|换成|为|:| )*|归属(?:改成|改为|换成|到|给|:| )*|(?:由|让|请|安排|换|改由|改成|以后由|后面由|后续由|接下来由|以后归|归|叫|以后让|以后|后续|后面)(?=[^,.。;]{1,6}(?:来跟|跟进?|负责|接手|接管|接|来负责|对接|管|盯|来管|来接|处理|去跟|继续跟|牵头)))\s*@?\s*/g,
);
const AT = sought(/@\s*/g);
const TURNS_TO = sought(/[转归派交换]\s*@?/g);
/** 转给张三，哦不对，李四: the name behind takes the place of the one before. */
const CORRECTED =
  /^[\s,，]*(?:[哦噢啊呃额哎]*不对|[哦噢啊呃]不是?(?=[\s,，])|(?:说|写|打|发|搞|弄)错了?)[\s,，]*(?:应该)?(?:是|给|转给|交给)*\s*@?/;
const TAKES_OVER = sought(
  /(?:来跟进?|跟进?|负责|接手|接管|来负责|来接|来管|接过去|接棒|盯|管|去跟|继续跟)(?:了|吧|一下)?(?=$|[\s,.。;!\ue001])/,
);

export interface AssigneeReading {
  readonly assignee?: Found<Mention>;
  /** The words that hand over, so that they are no note. */
  readonly cue?: { readonly start: number; readonly end: number };
}

/** The colleague something is handed to. Looks only behind words that hand over, or an @. */
export function readAssignee(text: string, people: PeopleIndex): AssigneeReading {
  for (const pattern of [HANDS_OVER, AT]) {
    for (const m of matches(text, pattern)) {
      const at = m.index + m[0].length;
      const said = people.at(text, at);
      const person =
        said && !/不是$/.test(text.slice(0, m.index)) ? corrected(text, said, people) : undefined;
      if (person) return { assignee: person, cue: { start: m.index, end: at } };
    }
  }
  // 转李雷: without 给 only a full name is a person.
  for (const m of matches(text, TURNS_TO)) {
    const at = m.index + m[0].length;
    const person = people.at(text, at);
    const whole = person?.value.kind === 'one' && person.value.how === 'exact';
    if (person && (whole || (person.value.kind !== 'unknown' && UNMISTAKABLE.test(text.slice(at)))))
      return { assignee: person, cue: { start: m.index, end: at } };
  }
  // 天合给陆远: a bare 给 hands over only when nothing but the name follows.
  const given = /给\s*@?(?=(?:[a-z]{2,20}|\S{2,4})\s*(?:吧|了|哈|啦)?[\s,。.!]*$)/.exec(text);
  if (given) {
    const at = given.index + given[0].length;
    const person = people.at(text, at);
    if (
      person &&
      person.value.kind !== 'unknown' &&
      /^(?:吧|了|哈|啦|[\s,。.!])*$/.test(text.slice(person.end))
    ) {
      return { assignee: person, cue: { start: given.index, end: at } };
    }
  }
  const taker = TAKES_OVER.exec(text);
  if (taker) {
    for (let at = Math.max(0, taker.index - 4); at < taker.index; at++) {
      const person = people.at(text, at);
      if (person && person.end === taker.index && person.value.kind !== 'unknown') {
        return {
          assignee: person,
          cue: { start: taker.index, end: taker.index + taker[0].length },
        };
      }
    }
  }
  return {};
}

function corrected(text: string, said: Found<Mention>, people: PeopleIndex): Found<Mention> {
  const slip = CORRECTED.exec(text.slice(said.end));
  const meant = slip ? people.at(text, said.end + slip[0].length) : undefined;
  return meant && meant.value.kind !== 'unknown' ? meant : said;
}

/** 欧阳, 黄lei: a surname of two characters, or a given name in pinyin behind a surname, is nothing else. */
const UNMISTAKABLE = new RegExp(`^(?:(?:${DOUBLE_SURNAMES})|${SURNAME}[a-z]{2})`, 'u');
const HALF_SPELLED = new RegExp(
  `^(?:(${DOUBLE_SURNAMES})|(${SURNAME})([a-z]{2,12}))(?![a-z])`,
  'u',
);

const CALLED = new RegExp(
  `^(?:(?:小|老|阿|大)(${SURNAME})(?!\\p{Script=Han}*(?:总监|经理))|(${SURNAME})(?:哥|姐|总|工|经理|老师|师傅|同学|总监|主管|主任|董|兄|妹|爷|少|队))`,
  'u',
);

/** Colleagues by full name, by surname (小王, 王哥), by given name and by pinyin. */
export interface PeopleIndex {
  /** Every place where a colleague's full name stands. */
  fullNames(text: string): Range[];
  at(text: string, from: number): Found<Mention> | undefined;
  readonly names: ReadonlySet<string>;
}

/** 转欧阳, 交给黄lei: the colleagues of that surname, whose given name sounds so when one is spelled. */
function halfSpelled(
  text: string,
  from: number,
  bySurname: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Found<Mention> | undefined {
  const m = HALF_SPELLED.exec(text.slice(from, from + 16));
  const surname = m?.[1] ?? m?.[2];
  if (!m || !surname) return undefined;
  const given = m[3];
  const candidates = [...(bySurname.get(surname.charAt(0)) ?? [])]
    .map(([id, name]) => ({ id, name }))
    .filter(
      ({ name }) =>
        name.startsWith(surname) &&
        (given === undefined || syllables(name.slice(surname.length)).join('') === given),
    );
  const [only, second] = candidates;
  if (!only) return undefined;
  const how = given === undefined ? 'part' : 'pinyin';
  const range = { start: from, end: from + m[0].length };
  return second
    ? { ...range, value: { kind: 'several', candidates, how } }
    : { ...range, value: { kind: 'one', ...only, how } };
}

/** Looks colleagues up in `index` (full names, given names, pinyin) and in `bySurname`. */
export function peopleIndex(
  index: NameIndex,
  bySurname: ReadonlyMap<string, ReadonlyMap<string, string>>,
  names: ReadonlySet<string>,
): PeopleIndex {
  return {
    names,
    fullNames(text) {
      const found: Range[] = [];
      for (let at = 0; at < text.length; at++) {
        const hit = index.longestAt(text, at);
        if (hit?.how === 'exact') found.push({ start: at, end: hit.end });
      }
      return found;
    },
    at(text, from) {
      const hit = index.longestAt(text, from);
      if (hit) {
        const value = mentionOf(hit.candidates, hit.how);
        const end =
          hit.end + (/^(?:总|哥|姐|经理|老师)/.exec(text.slice(hit.end))?.[0].length ?? 0);
        return { start: from, end, value };
      }
      const half = halfSpelled(text, from, bySurname);
      if (half) return half;
      const called = CALLED.exec(text.slice(from, from + 6));
      const surname = called?.[1] ?? called?.[2];
      if (called && surname) {
        const candidates = [...(bySurname.get(surname) ?? [])].map(([id, name]) => ({ id, name }));
        const [only, second] = candidates;
        const range = { start: from, end: from + called[0].length };
        if (only && !second) return { ...range, value: { kind: 'one', ...only, how: 'part' } };
        if (only) return { ...range, value: { kind: 'several', candidates, how: 'part' } };
        return { ...range, value: { kind: 'unknown', words: called[0] } };
      }
      const latin = /^[a-z]{2,20}(?: [a-z]{2,12})?/.exec(text.slice(from, from + 34))?.[0];
      for (const word of latin ? [latin.replace(' ', ''), latin.split(' ')[0] ?? ''] : []) {
        const spelled = index.byLatin(word);
        const [only, second] = spelled?.candidates ?? [];
        if (spelled && only) {
          const end = from + (word.length === latin?.length ? word.length : (latin ?? '').length);
          return {
            start: from,
            end,
            value: second
              ? { kind: 'several', candidates: spelled.candidates, how: 'pinyin' }
              : { kind: 'one', ...only, how: 'pinyin' },
          };
        }
      }
      const sounding = text.slice(from, from + 3).match(/^\p{Script=Han}{2,3}/u)?.[0];
      for (const size of [3, 2]) {
        const words = sounding?.slice(0, size);
        const heard = words && words.length === size ? index.bySound(words) : undefined;
        const [only, second] = heard?.candidates ?? [];
        if (heard && only && !second)
          return { start: from, end: from + size, value: { kind: 'one', ...only, how: 'typo' } };
      }
      return undefined;
    },
  };
}
