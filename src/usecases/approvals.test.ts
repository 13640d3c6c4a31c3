import { describe, expect, test } from '@jest/globals';

import type { Patch } from '../domain/index.js';
import { MAX_SETTLED_APPROVALS } from '../domain/index.js';
import { HOUR_MS, MINUTE_MS } from '../kernel/index.js';
import { MEMBERS, Scene, anOpportunity, must, policies, refusalOf } from './testing/index.js';

const WIN: Patch = { outcome: { kind: 'won', reason: null } };
const INTO_NEGOTIATION: Patch = { stage: 'negotiate', amountFen: 800_000_000 };

describe('a yes', () => {
  test('lets the held stage take effect; card, requester and history are told', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', INTO_NEGOTIATION);
    scene.world.clock.advance(HOUR_MS);
    const decided = must(await scene.decide('lei', approvalId, 'approved'));
    expect(decided).toMatchObject({
      requestedByName: '张三',
      won: false,
      settled: { id: approvalId, ref: 1, verdict: 'approved', by: 'lei', reason: null },
    });
    expect(await scene.opportunity()).toMatchObject({
      stage: 'negotiate',
      stageSince: scene.world.clock.now(),
      approval: null,
      lastChange: { by: 'zhangsan', gated: true },
    });
    expect(await scene.told()).toEqual([
      'approval-requested → lei',
      'approval-settled → lei (card)',
      'approval-settled → zhangsan',
    ]);
    expect(await scene.happened()).toEqual([
      'changed',
      'approval-requested',
      'approval-settled',
      'changed',
    ]);
  });

  test('makes a win a win, celebrated in the group; nobody is chased afterwards', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    expect(await scene.told()).not.toContain('won → group east');
    expect(must(await scene.decide('lei', approvalId, 'approved')).won).toBe(true);
    expect(await scene.opportunity()).toMatchObject({
      stage: 'won',
      probability: 1,
      outcome: { kind: 'won', on: '2026-03-11' },
      attention: null,
    });
    expect(await scene.told()).toContain('won → group east');
  });

  test('applies a raised amount', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ stage: 'negotiate' })] });
    const approvalId = await scene.heldAs('zhangsan', { amountFen: 900_000_000 });
    must(await scene.decide('lei', approvalId, 'approved'));
    expect((await scene.opportunity()).amountFen).toBe(900_000_000);
  });

  test('opens a lost one again', async () => {
    const outcome = { kind: 'lost' as const, on: '2026-03-01', reason: '价格' };
    const scene = new Scene({ opportunities: [anOpportunity({ stage: 'lost', outcome })] });
    const approvalId = await scene.heldAs('zhangsan', { stage: 'qualify' });
    must(await scene.decide('lei', approvalId, 'approved'));
    expect(await scene.opportunity()).toMatchObject({ stage: 'qualify', outcome: null });
  });

  test('by number works like by id: the same path for typing and tapping', async () => {
    const scene = new Scene();
    await scene.heldAs('zhangsan', WIN);
    expect(must(await scene.decide('lei', '1', 'approved')).won).toBe(true);
  });
});

test('history names who wanted it, in their words, and who allowed it', async () => {
  const scene = new Scene({ opportunities: [anOpportunity({ stage: 'negotiate' })] });
  const said = '华为二期 900万';
  const approvalId = await scene.heldAs('zhangsan', { amountFen: 900_000_000 }, { said });
  must(await scene.decide('lei', approvalId, 'approved'));
  await scene.verbs.relayAll(10);
  const zhangsan = scene.world.directory.who('zhangsan');
  const { entries } = must(
    await scene.verbs.fieldHistory(zhangsan, anOpportunity().id, 'amountFen'),
  );
  expect(entries).toMatchObject([{ byName: '张三', approvedByName: '雷经理', said }]);
});

describe('a no', () => {
  test('changes nothing and says why', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', INTO_NEGOTIATION);
    must(await scene.decide('lei', approvalId, 'rejected', { reason: '价格没谈清' }));
    expect(await scene.opportunity()).toMatchObject({
      stage: 'qualify',
      approval: null,
      settledApprovals: [{ verdict: 'rejected', reason: '价格没谈清' }],
    });
  });

  test('made by tap has no reason; the same person adds it, and the requester hears it', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    must(await scene.decide('lei', approvalId, 'rejected'));
    const explained = await scene.decide('lei', approvalId, 'rejected', { reason: '合同没签' });
    expect(must(explained).settled.reason).toBe('合同没签');
    expect((await scene.opportunity()).settledApprovals).toMatchObject([{ reason: '合同没签' }]);
    const toRep = (await scene.told()).filter((line) => line === 'approval-settled → zhangsan');
    expect(toRep).toHaveLength(2);
  });

  test('a reason is added once, and only by who decided', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    must(await scene.decide('lei', approvalId, 'rejected'));
    const byOther = await scene.decide('zong', approvalId, 'rejected', { reason: '不行' });
    expect(refusalOf(byOther).code).toBe('approval-settled');
    must(await scene.decide('lei', approvalId, 'rejected', { reason: '合同没签' }));
    const again = await scene.decide('lei', approvalId, 'rejected', { reason: '别的' });
    expect(refusalOf(again)).toMatchObject({ settled: { reason: '合同没签' } });
  });

  test('lets the rep ask again', async () => {
    const scene = new Scene();
    const first = await scene.heldAs('zhangsan', WIN);
    must(await scene.decide('lei', first, 'rejected'));
    expect(await scene.heldAs('zhangsan', WIN)).not.toBe(first);
  });
});

describe('who may decide', () => {
  test.each([
    ['the leader who was asked', 'lei', 'ok'],
    ['a leader above, who was not asked', 'zong', 'ok'],
    ['the requester', 'zhangsan', 'own-approval'],
    ['a peer', 'lisi', 'not-allowed'],
    ['another leader', 'nan', 'not-allowed'],
    ['an administrator', 'admin', 'not-allowed'],
  ])('%s', async (_who, userid, expected) => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    const decision = await scene.decide(userid, approvalId, 'approved');
    expect(decision.ok ? 'ok' : decision.refusal.code).toBe(expected);
    expect((await scene.opportunity()).outcome?.kind).toBe(expected === 'ok' ? 'won' : undefined);
  });

  test('a refused stranger does not learn whose it is', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    expect(refusalOf(await scene.decide('nan', approvalId, 'approved'))).toEqual({
      code: 'not-allowed',
      what: 'approve',
      ownerName: null,
    });
    must(await scene.decide('lei', approvalId, 'approved'));
    expect(refusalOf(await scene.decide('nan', approvalId, 'approved'))).toEqual({
      code: 'not-allowed',
      what: 'approve',
      ownerName: null,
    });
  });

  test('held for want of anybody: whoever the company names later may decide', async () => {
    const approval = { ...policies().approval };
    const opportunities = [anOpportunity({ ownerId: 'zong' })];
    const scene = new Scene({ opportunities, policies: { approval } });
    const approvalId = await scene.heldAs('zong', WIN);
    expect(refusalOf(await scene.decide('nan', approvalId, 'approved')).code).toBe('not-allowed');
    Object.assign(approval, { fallbackApprovers: ['nan'] });
    expect(must(await scene.decide('nan', approvalId, 'approved')).won).toBe(true);
  });
});

describe('the first decision wins', () => {
  test('a second tap is shown what was decided, by whom and when', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    must(await scene.decide('lei', approvalId, 'rejected', { reason: '合同没签' }));
    const late = refusalOf(await scene.decide('zong', approvalId, 'approved'));
    expect(late).toMatchObject({
      code: 'approval-settled',
      byName: '雷经理',
      settled: { verdict: 'rejected', by: 'lei' },
    });
    expect((await scene.opportunity()).outcome).toBeNull();
  });

  test.each(['1', '#1'])('typed by number %s after it was decided: the same', async (ref) => {
    const scene = new Scene();
    must(await scene.decide('lei', await scene.heldAs('zhangsan', WIN), 'rejected'));
    await scene.heldAs('zhangsan', WIN);
    const late = refusalOf(await scene.decide('zong', ref, 'approved'));
    expect(late).toMatchObject({ code: 'approval-settled', settled: { ref: 1 } });
    expect((await scene.opportunity()).approval?.ref).toBe(2);
  });

  test('two at the same moment: one takes effect, the other sees it', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    const decisions = await Promise.all([
      scene.decide('lei', approvalId, 'approved'),
      scene.decide('zong', approvalId, 'rejected'),
    ]);
    expect(decisions.map(({ ok }) => ok).sort()).toEqual([false, true]);
    const lost = decisions.find(({ ok }) => !ok);
    expect(lost && refusalOf(lost).code).toBe('approval-settled');
    const settlings = (await scene.happened()).filter((type) => type === 'approval-settled');
    expect(settlings).toHaveLength(1);
  });

  test('the same tap delivered twice is answered the same, and celebrated once', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    const tap = { causeId: 'tap' };
    const first = must(await scene.decide('lei', approvalId, 'approved', tap));
    const again = must(await scene.decide('lei', approvalId, 'approved', tap));
    expect(again.settled).toEqual(first.settled);
    expect(again.won).toBe(true);
    expect((await scene.told()).filter((line) => line.startsWith('won'))).toHaveLength(1);
  });

  test('a tap on a card older than everything the opportunity remembers still finds the truth', async () => {
    const scene = new Scene();
    const first = await scene.heldAs('zhangsan', WIN);
    must(await scene.decide('lei', first, 'rejected', { reason: '太早' }));
    for (let n = 0; n < MAX_SETTLED_APPROVALS; n++) {
      must(await scene.decide('lei', await scene.heldAs('zhangsan', WIN), 'rejected'));
    }
    expect((await scene.opportunity()).settledApprovals).toHaveLength(MAX_SETTLED_APPROVALS);
    await scene.told();
    const late = refusalOf(await scene.decide('lei', first, 'approved'));
    expect(late).toMatchObject({ code: 'approval-settled', settled: { reason: '太早', ref: 1 } });
    expect(await scene.verbs.approvalState(first)).toMatchObject({
      open: null,
      byName: '雷经理',
      settled: { changes: [{ field: 'stage' }, { field: 'probability' }, { field: 'outcome' }] },
    });
  });

  test('what never was is said so', async () => {
    const scene = new Scene();
    expect(refusalOf(await scene.decide('lei', 'apr_none', 'approved')).code).toBe(
      'no-such-approval',
    );
    expect(await scene.verbs.approvalState('apr_none')).toBeNull();
  });
});

describe('the opportunity changed meanwhile', () => {
  test('in what was asked for: overtaken, nothing is applied, everybody is told', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', INTO_NEGOTIATION);
    await scene.wrote('zhangsan', { stage: 'propose' });
    const decided = must(await scene.decide('lei', approvalId, 'approved'));
    expect(decided.settled.verdict).toBe('overtaken');
    expect((await scene.opportunity()).stage).toBe('propose');
    expect(await scene.told()).toEqual([
      'approval-requested → lei',
      'approval-settled → lei (card)',
      'approval-settled → zhangsan',
    ]);
  });

  test('in what the stage requires: overtaken as well', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', INTO_NEGOTIATION);
    await scene.wrote('zhangsan', { closeOn: null });
    const decided = must(await scene.decide('lei', approvalId, 'approved'));
    expect(decided.settled.verdict).toBe('overtaken');
  });

  test('in other fields: the yes holds, and the card shows the facts as they are', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', INTO_NEGOTIATION);
    await scene.wrote('zhangsan', { closeOn: '2026-04-15', amountFen: 850_000_000 });
    must(await scene.decide('lei', approvalId, 'approved'));
    expect(await scene.opportunity()).toMatchObject({ stage: 'negotiate', closeOn: '2026-04-15' });
    await scene.told();
    const card = scene.world.outbox.all().find(({ updatesCardId }) => updatesCardId !== null);
    expect(card?.content).toMatchObject({ notice: { opportunity: { amountFen: 850_000_000 } } });
  });

  test('a no stays a no', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', INTO_NEGOTIATION);
    await scene.wrote('zhangsan', { stage: 'propose' });
    const decided = must(await scene.decide('lei', approvalId, 'rejected'));
    expect(decided.settled.verdict).toBe('rejected');
  });

  test('in the very moment of the tap', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', INTO_NEGOTIATION);
    scene.world.opportunities.interruptNextReplace(() =>
      scene.wrote('zhangsan', { stage: 'propose' }),
    );
    const decided = must(await scene.decide('lei', approvalId, 'approved'));
    expect(decided.settled.verdict).toBe('overtaken');
  });
});

describe('taking a request back (撤回申请)', () => {
  test.each([
    ['the requester', 'zhaoliu', 'ok'],
    ['the owner', 'zhangsan', 'ok'],
    ['another collaborator', 'lisi', 'not-allowed'],
    ['the approver', 'nan', 'not-allowed'],
    ['a stranger', 'wangwu', 'not-visible'],
  ])('%s', async (_who, userid, expected) => {
    const collaborators = { collaboratorIds: ['zhaoliu', 'lisi'] };
    const scene = new Scene({ opportunities: [anOpportunity(collaborators)] });
    await scene.heldAs('zhaoliu', WIN);
    const decision = await scene.verbs.withdrawApproval({
      ...scene.cause(userid),
      opportunityId: anOpportunity().id,
    });
    expect(decision.ok ? 'ok' : decision.refusal.code).toBe(expected);
  });

  test("settles every approver's card, and a later tap sees it", async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    const command = { ...scene.cause('zhangsan'), opportunityId: anOpportunity().id };
    const decided = must(await scene.verbs.withdrawApproval(command));
    expect(decided.settled).toMatchObject({ verdict: 'withdrawn', by: 'zhangsan' });
    expect(must(await scene.verbs.withdrawApproval(command)).settled).toEqual(decided.settled);
    expect(await scene.told()).toEqual([
      'approval-requested → lei',
      'approval-settled → lei (card)',
    ]);
    expect(refusalOf(await scene.decide('lei', approvalId, 'approved'))).toMatchObject({
      code: 'approval-settled',
      settled: { verdict: 'withdrawn' },
    });
  });

  test('with nothing asked for there is nothing to take back', async () => {
    const scene = new Scene();
    const command = { ...scene.cause('zhangsan'), opportunityId: anOpportunity().id };
    expect(refusalOf(await scene.verbs.withdrawApproval(command)).code).toBe('no-such-approval');
  });
});

describe('looking at approvals', () => {
  test('the approver and the requester find it; others do not', async () => {
    const scene = new Scene();
    await scene.heldAs('zhangsan', WIN);
    const found = await Promise.all(
      MEMBERS.map(async (member) => [
        member.userid,
        (await scene.verbs.approvalsFor(member)).length,
      ]),
    );
    expect(found.filter(([, count]) => count === 1)).toEqual([
      ['lei', 1],
      ['zhangsan', 1],
    ]);
  });

  test('the state of an open one shows the criteria as they are now', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', INTO_NEGOTIATION);
    scene.world.clock.advance(MINUTE_MS);
    await scene.wrote('zhangsan', { addContacts: [{ name: '张总' }] });
    expect(await scene.verbs.approvalState(approvalId)).toMatchObject({
      open: { id: approvalId },
      settled: null,
      requestedByName: '张三',
      criteria: [{ met: true }, { met: true }, { met: true, evidence: '张总' }],
    });
  });

  test('a settled one is found before and after the relay has run', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', WIN);
    must(await scene.decide('lei', approvalId, 'approved'));
    const expected = { open: null, byName: '雷经理', settled: { verdict: 'approved' } };
    expect(await scene.verbs.approvalState(approvalId)).toMatchObject(expected);
    await scene.told();
    expect(await scene.verbs.approvalState(approvalId)).toMatchObject(expected);
  });
});
