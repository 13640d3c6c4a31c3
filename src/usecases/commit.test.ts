import { describe, expect, test } from '@jest/globals';

import { MAX_APPLIED } from '../domain/index.js';
import type { Opportunity } from '../domain/index.js';
import { allow, refuse } from '../kernel/index.js';
import { commitChange } from './commit.js';
import type { CommitCause, Planned } from './commit.js';
import { WEDNESDAY, anOpportunity, memoryWorld, must, refusalOf } from './testing/index.js';

const cause = (causeId: string): CommitCause & { opportunityId: string } => ({
  opportunityId: anOpportunity().id,
  causeId,
  by: 'zhangsan',
  at: new Date(WEDNESDAY.getTime() - 5_000),
  said: '等级A',
});

const plan = (next: Opportunity, result: unknown = 'done'): Planned<unknown> => ({
  next: { ...next, closePushes: next.closePushes + 1 },
  result,
  happenings: [{ type: 'changed', changes: [] }],
  notices: [
    {
      to: { kind: 'person', userid: 'lisi' },
      class: 'alert',
      notice: { code: 'admin-alert', title: '', detail: '', action: '' },
    },
  ],
});

function world() {
  const made = memoryWorld();
  made.opportunities.seed(anOpportunity());
  return made;
}

describe('saving', () => {
  test('bumps the revision, looks ahead, and stamps what it caused', async () => {
    const { opportunity } = must(
      await commitChange(world(), cause('m1'), (next) => allow(plan(next))),
    );
    expect(opportunity).toMatchObject({
      rev: 2,
      attention: { kind: 'contact-overdue' },
      applied: [{ causeId: 'm1', at: WEDNESDAY, result: 'done' }],
      pending: [
        {
          kind: 'event',
          event: {
            type: 'changed',
            title: '华为二期',
            customerName: '华为',
            ownerId: 'zhangsan',
            by: 'zhangsan',
            at: WEDNESDAY,
            causeId: 'm1',
            said: '等级A',
          },
        },
        { kind: 'notice', addressed: { causeId: 'm1', causeAt: cause('').at, n: 0 } },
      ],
    });
  });

  test('the same cause gives the same ids, another cause others', async () => {
    const idsOf = async (causeId: string): Promise<string[]> => {
      const saved = await commitChange(world(), cause(causeId), (next) => allow(plan(next)));
      return must(saved).opportunity.pending.map(({ id }) => id);
    };
    const [first, again, other] = [await idsOf('m1'), await idsOf('m1'), await idsOf('m2')];
    expect(again).toEqual(first);
    expect(new Set([...first, ...other]).size).toBe(4);
  });

  test('a replay answers what was answered, and decides nothing', async () => {
    const made = world();
    await commitChange(made, cause('m1'), (next) => allow(plan(next, { amount: 1 })));
    const again = must(
      await commitChange<unknown>(made, cause('m1'), () => {
        throw new Error('decided again');
      }),
    );
    expect(again).toMatchObject({ replayed: true, result: { amount: 1 } });
    expect(made.opportunities.replaces).toBe(1);
  });

  test('what is not to be saved is not', async () => {
    const made = world();
    const seen = await commitChange(made, cause('m1'), () => allow({ unsaved: 'preview' }));
    expect(must(seen)).toMatchObject({ result: 'preview', replayed: false });
    expect(made.opportunities.replaces).toBe(0);
    expect(made.relaysNudged).toEqual([]);
  });

  test('a refusal is handed on', async () => {
    const refused = await commitChange(world(), cause('m1'), () => refuse({ code: 'not-visible' }));
    expect(refusalOf(refused).code).toBe('not-visible');
  });

  test('it remembers the latest causes only', async () => {
    const made = world();
    for (let n = 0; n <= MAX_APPLIED; n++) {
      await commitChange(made, cause(`m${n}`), (next) => allow(plan(next)));
    }
    const saved = await made.opportunities.load(anOpportunity().id);
    expect(saved?.applied).toHaveLength(MAX_APPLIED);
    expect(saved?.applied[0]?.causeId).toBe('m1');
  });
});

describe('when others save in between', () => {
  test('it is decided afresh on what they saved', async () => {
    const made = world();
    made.opportunities.interruptNextReplace(() =>
      commitChange(made, cause('other'), (next) => allow(plan(next))),
    );
    const seen: number[] = [];
    await commitChange(made, cause('m1'), (next) => {
      seen.push(next.rev);
      return allow(plan(next));
    });
    expect(seen).toEqual([1, 2]);
    expect(await made.opportunities.load(anOpportunity().id)).toMatchObject({
      rev: 3,
      closePushes: 2,
    });
  });

  test('the same cause on another instance counts once', async () => {
    const made = world();
    made.opportunities.interruptNextReplace(() =>
      commitChange(made, cause('m1'), (next) => allow(plan(next, 'theirs'))),
    );
    const saved = must(await commitChange(made, cause('m1'), (next) => allow(plan(next, 'ours'))));
    expect(saved).toMatchObject({ replayed: true, result: 'theirs' });
    expect(saved.opportunity.closePushes).toBe(1);
  });

  test('for ever, it gives up and says so', async () => {
    const made = world();
    made.opportunities.replace = async () => false;
    const refused = await commitChange(made, cause('m1'), (next) => allow(plan(next)));
    expect(refusalOf(refused).code).toBe('busy');
  });
});
