import type { z } from 'zod';
import {
  MAX_CHOICES,
  nothingFound,
  opportunityChoices,
  question,
  refused,
} from '../../chat/index.js';
import type { ViewContext } from '../../chat/index.js';
import type { ReadUpdate } from '../../shorthand/index.js';
import type { NameAlias, OpportunityName } from '../../usecases/index.js';
import { wordsFor } from '../naming.js';
import { unknownName } from '../patch.js';
import { resolveOpportunity } from '../resolve.js';
import type { Resolution } from '../resolve.js';
import { absent, arg, askedInWords } from '../arg.js';
import type { Found } from '../arg.js';
import type { Ask } from '../turn.js';

/** An opportunity the asker may see: named, picked, or the one spoken of. */
export function opportunityRef(): z.ZodType<{ id: string; title: string }> {
  return arg(async ({ task, turn, visible, meantBy }) => {
    const names = await visible();
    const picked = task.answers['opportunity'];
    if (picked !== undefined) {
      const name = names.find(({ id }) => id === picked);
      return name
        ? { found: { id: name.id, title: name.title } }
        : { say: refused({ code: 'not-visible' }, turn.view) };
    }
    const resolution = resolveOpportunity(task.update, task.said, names);
    if (resolution.kind === 'one') return { found: titled(resolution.opportunity) };
    const words = wordsFor(task.update, task.said);
    const alias = words === '' ? null : await meantBy(words);
    const meant = alias && names.find(({ id, open }) => open && id === alias.opportunityId);
    if (meant && mayStillMean(alias, resolution)) return { found: titled(meant) };
    switch (resolution.kind) {
      case 'several':
        return { ask: pickOpportunity('说的是哪一个？', resolution.opportunities, turn.view) };
      case 'unknown':
        return {
          say: nothingFound(resolution.words, resolution.suggestions, saidOf(task.update, names)),
        };
      case 'unnamed': {
        const it = names.find(({ id }) => id === task.answers['it']);
        if (it) return { found: titled(it) };
        const own = names.filter(({ ownerId, open }) => open && ownerId === turn.by.userid);
        return unnamed(own, words, turn.view);
      }
    }
  });
}

/** What a new opportunity would take over from the sentence; a customer only others have is not known here. */
function saidOf(
  { customer, amount }: ReadUpdate,
  visible: readonly OpportunityName[],
): Parameters<typeof nothingFound>[2] {
  const name = customer?.value.kind === 'one' ? customer.value.name : undefined;
  return {
    customer: visible.some(({ customerName }) => customerName === name) ? name : undefined,
    amountFen: amount?.value.fen,
  };
}

const titled = ({ id, title }: OpportunityName): { id: string; title: string } => ({ id, title });

/** A pick settles the words only among what they could mean then; a newer namesake is asked about. */
function mayStillMean({ among }: NameAlias, resolution: Resolution): boolean {
  if (!among || resolution.kind !== 'several') return true;
  return resolution.opportunities.every(({ id }) => among.includes(id));
}

function unnamed(own: readonly OpportunityName[], called: string, view: ViewContext): Found<never> {
  if (own.length === 0)
    return askedInWords('opportunity-words', question({ about: 'opportunity' }));
  const which = called ? `“${called}”说的是哪个商机？` : '说的是哪个商机？';
  return { absent: true, ask: pickOpportunity(which, own, view) };
}

/** The most recently touched first; what does not fit is said more fully by the person. */
export function pickOpportunity(
  words: string,
  names: readonly OpportunityName[],
  view: ViewContext,
): Ask {
  const sorted = [...names].sort(
    (a, b) => b.updatedAt.getTime() - a.updatedAt.getTime() || a.id.localeCompare(b.id),
  );
  const rest = sorted.length - MAX_CHOICES;
  const shown = sorted.slice(0, MAX_CHOICES);
  return {
    kind: 'pick',
    about: 'opportunity',
    words: rest > 0 ? `${words}（还有 ${rest} 个，可直接说全名）` : words,
    options: opportunityChoices(shown, view).map((choice, index) => ({
      ...choice,
      value: shown[index]?.id ?? '',
    })),
  };
}

export type NameOrder =
  | { does: 'name'; words: string; shared: boolean; opportunity: { id: string; title: string } }
  | { does: 'share' | 'forget'; words: string };

const NAMES = /^(.{1,20}?)\s*(?:就?是指?|指的?是|叫做?|等于|[=＝:：]|→|->)\s*(.{2,40})$/u;
const SHARES = /^(.{1,20}?)\s*(?:共享|分享|公开)$|^(?:共享|分享|公开)\s*(.{1,20})$/u;
const FORGETS =
  /^(.{1,20}?)\s*(?:取消|删除|删掉|不要了?|忘掉)$|^(?:取消|删除|删掉|忘掉)\s*(.{1,20})$/u;

/** “老王那单 是 华为二期”, “老王那单 共享”, “老王那单 取消”. */
export function nameOrder(): z.ZodType<NameOrder> {
  return arg(async ({ task, visible }): Promise<Found<NameOrder>> => {
    const rest = (task.answers['rest'] ?? '').trim();
    const forgets = FORGETS.exec(rest);
    if (forgets) return { found: { does: 'forget', words: forgets[1] ?? forgets[2] ?? '' } };
    const shares = SHARES.exec(rest);
    const said = shares?.[1] ?? shares?.[2] ?? rest;
    const [, words = '', target = ''] = NAMES.exec(said) ?? [];
    if (words === '') return shares ? { found: { does: 'share', words: said } } : absent;
    const resolution = resolveOpportunity(unknownName(target), target, await visible());
    if (resolution.kind === 'one') {
      const opportunity = titled(resolution.opportunity);
      return { found: { does: 'name', words, shared: shares !== null, opportunity } };
    }
    const fitting = resolution.kind === 'several' ? resolution.opportunities : [];
    const suggestions =
      resolution.kind === 'unknown' ? resolution.suggestions : fitting.map(({ title }) => title);
    return { say: nothingFound(target, suggestions.slice(0, MAX_CHOICES)) };
  });
}
