import type { z } from 'zod';
import { colleagueUnknown, nothingFound } from '../../chat/index.js';
import { customerKey } from '../../domain/index.js';
import { monthOf, weekOf } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import type { Mention } from '../../shorthand/index.js';
import type { Question } from '../../usecases/index.js';
import { nameKey } from '../name-key.js';
import { nearest } from '../resolve.js';
import { absent, arg } from '../arg.js';
import type { ArgInput, Found } from '../arg.js';
import { pickOpportunity } from './opportunity.js';

const mentionName = (mention: Mention): string | undefined =>
  mention.kind === 'one' ? mention.name : mention.kind === 'unknown' ? mention.words : undefined;

/** What a list shows and how it is headed. */
export type Asked =
  | { list: Question }
  | { forecast: { from: Day; to: Day } }
  /** One opportunity was named after all: 商机 华为二期. */
  | { opportunity: { id: string; title: string } };

export type AskedList = Question;

/** The question the sentence asks. */
export function askedQuestion(): z.ZodType<Asked> {
  return arg(async (input): Promise<Found<Asked>> => {
    const { task, turn } = input;
    const { update } = task;
    const about = task.answers['rest']?.replace(LISTING, '') ?? '';
    if (!update.queryKind && about !== '') return askedAbout(about, input);
    const period = (fallback: { first: Day; last: Day }): { from: Day; to: Day } =>
      update.period
        ? { from: update.period.value.from, to: update.period.value.to }
        : { from: fallback.first, to: fallback.last };
    const kind = update.queryKind?.value ?? 'mine';
    switch (kind) {
      case 'mine':
        return { found: { list: { kind: (await asksForAll(input)) ? 'team' : 'mine' } } };
      case 'stale':
      case 'funnel':
        return { found: { list: { kind } } };
      case 'followups':
        return { found: { list: { kind, ...period(weekOf(turn.today)) } } };
      case 'closing':
      case 'won':
      case 'lost':
        return { found: { list: { kind, ...period(monthOf(turn.today)) } } };
      case 'forecast':
        return { found: { forecast: period(monthOf(turn.today)) } };
      case 'owner':
        return ownerQuestion(update.assignee?.value);
      case 'stage':
        return update.stage
          ? { found: { list: { kind, stage: update.stage.value } } }
          : { found: { list: { kind: 'funnel' } } };
      case 'customer': {
        const name = update.customer && mentionName(update.customer.value);
        return name ? { found: { list: { kind, customerName: name } } } : absent;
      }
    }
  });
}

/** 团队商机; 所有商机 means one's own where that is all one sees. */
async function asksForAll({ task, turn, visible }: ArgInput): Promise<boolean> {
  if (/团队|部门/u.test(task.said)) return true;
  if (!/所有|全部/u.test(task.said)) return false;
  return (await visible()).some(({ ownerId }) => ownerId !== turn.by.userid);
}

/** What is listed anyway. */
const LISTING =
  /有哪些|有什么|一览|列表|清单|全部|所有|商机|看一下|看看|查一下|[\s\p{P}的都呢吗]/gu;

/** What follows the command when no question was read of it: 我的商机 谈判, 商机 本月, 商机 比亚迪. */
async function askedAbout(
  about: string,
  { task, turn, names, visible }: ArgInput,
): Promise<Found<Asked>> {
  const { update } = task;
  const seen = await visible();
  const picked = seen.find(({ id }) => id === task.answers['opportunity']);
  if (picked) return { found: { opportunity: picked } };
  const [person, ...others] = names.peopleCalled(about);
  if (person && others.length === 0)
    return { found: { list: { kind: 'owner', ownerId: person.userid } } };
  const key = nameKey(about);
  const fits = seen.filter(({ title, customerName }) =>
    [title, customerName].some((name) => nameKey(name).includes(key)),
  );
  const [first, second] = fits;
  if (first && !second) return { found: { opportunity: first } };
  if (
    first &&
    fits.every((one) => customerKey(one.customerName) === customerKey(first.customerName))
  )
    return { found: { list: { kind: 'customer', customerName: first.customerName } } };
  if (first) return { ask: pickOpportunity('说的是哪一个？', fits, turn.view) };
  if (update.stage) return { found: { list: { kind: 'stage', stage: update.stage.value } } };
  const days = (update.closeOn ?? update.nextFollowUp)?.value.within;
  if (days) return { found: { list: { kind: 'closing', from: days.from, to: days.to } } };
  return { say: nothingFound(about, nearest(about, seen)) };
}

function ownerQuestion(mention: Mention | undefined): Found<Asked> {
  if (!mention) return { found: { list: { kind: 'mine' } } };
  if (mention.kind === 'one') return { found: { list: { kind: 'owner', ownerId: mention.id } } };
  return {
    say: colleagueUnknown(
      mention.kind === 'unknown'
        ? mention.words
        : mention.candidates.map(({ name }) => name).join('、'),
    ),
  };
}
