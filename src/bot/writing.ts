import {
  changesUndone,
  changesWritten,
  opportunityCreated,
  pickSettledCard,
  previewSettledCard,
  refusalWords,
  refused,
} from '../chat/index.js';
import type { PreviewFacts } from '../chat/index.js';
import type { FieldChange, Opportunity, Patch, Refusal } from '../domain/index.js';
import { emptyUpdate } from '../shorthand/index.js';
import type { UseCases } from '../usecases/index.js';
import type { ChangeWish, CreateWish } from './define.js';
import { settle } from './dialog.js';
import type { PreviewItem, Task } from './dialog.js';
import type { Turn } from './turn.js';

/*
 * The one road of every write, typed or tapped: the verb decides; what it says is worded, previewed or
 * asked about; what was written is remembered for 撤销.
 */

/** `undo:` and what the button takes back. */
function undoKey(targets: readonly { opportunityId: string; causeId: string }[]): string {
  return `undo:${JSON.stringify(targets.map(({ opportunityId, causeId }) => [opportunityId, causeId]))}`;
}

export function undoTargets(argument: string): { opportunityId: string; causeId: string }[] {
  try {
    const parsed: unknown = JSON.parse(argument);
    if (!Array.isArray(parsed)) return [];
    return parsed.flatMap((pair: unknown) =>
      Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string'
        ? [{ opportunityId: pair[0], causeId: pair[1] }]
        : [],
    );
  } catch {
    // A key we did not make: nothing to take back.
    return [];
  }
}

export async function writeChange(
  usecases: UseCases,
  turn: Turn,
  wish: ChangeWish,
  task: Task,
  confirmed = false,
): Promise<void> {
  const { opportunity, stated } = wish;
  const cause = turn.cause(task.said);
  const decision = await usecases.changeOpportunity({
    ...cause,
    opportunityId: opportunity.id,
    patch: stated.patch,
    ...(wish.followUp && { followUp: wish.followUp }),
    confirmed,
    uncertain: stated.uncertain,
    ambiguousDates: stated.ambiguousDates,
  });
  turn.spokeOf(opportunity);
  if (!decision.ok) {
    refuseChange(turn, decision.refusal, stated.remarks, task, opportunity.id);
    return;
  }
  const result = decision.value;
  if (result.kind === 'preview') {
    turn.preview(
      {
        kind: 'change',
        opportunityId: opportunity.id,
        title: result.opportunity.title,
        patch: settledPatch(stated.patch, result.changes),
        followUp: result.followUp,
        said: task.said,
        task: { ...task, answers: { ...task.answers, opportunity: opportunity.id } },
      },
      {
        title: result.opportunity.title,
        creates: false,
        changes: result.changes,
        reasons: result.reasons,
        followUp: result.followUp?.summary ?? null,
        remarks: stated.remarks,
      },
    );
    return;
  }
  if (result.undoable) turn.wrote(opportunity.id, cause.causeId);
  const needsNext = result.followedUp && isUndated(result.opportunity) && !wish.asksMore;
  if (needsNext) turn.undated.push(nextDateTask(turn, opportunity.id));
  turn.reply(
    changesWritten(
      { ...result, needsNext, remarks: stated.remarks },
      undoKey([{ opportunityId: opportunity.id, causeId: cause.causeId }]),
      turn.view,
    ),
  );
}

const isUndated = ({ nextFollowUp, outcome }: Opportunity): boolean =>
  nextFollowUp === null && outcome === null;

/** What a day alone will do once the next date has been asked for. */
function nextDateTask({ incoming }: Turn, opportunityId: string): Task {
  return {
    script: NEXT_DATE_SCRIPT,
    update: emptyUpdate('remind', ''),
    said: '',
    atMs: incoming.at.getTime(),
    answers: { opportunity: opportunityId },
  };
}

/** The script that sets the next date (bot-scripts/remind.ts). */
const NEXT_DATE_SCRIPT = '提醒我';

/** What was previewed is what 是 writes: differences and “next stage” are fixed to what was shown. */
function settledPatch(patch: Patch, changes: readonly FieldChange[]): Patch {
  const { amountChangeFen, stageMove, ...fixed } = patch;
  for (const change of changes) {
    if (change.field === 'amountFen' && amountChangeFen !== undefined && change.to !== null)
      fixed.amountFen = change.to;
    if (change.field === 'stage' && stageMove !== undefined) fixed.stage = change.to;
  }
  return fixed;
}

/** A refusal that an answer can lift becomes a question; the rest is said. */
export function refuseChange(
  turn: Turn,
  refusal: Refusal,
  remarks: readonly string[],
  task: Task,
  opportunityId?: string,
): void {
  const resumed: Task = {
    ...task,
    answers: {
      ...task.answers,
      ...(opportunityId !== undefined && { opportunity: opportunityId }),
    },
  };
  const words = [refusalWords(refusal, turn.view), ...remarks].join('\n');
  if (refusal.code === 'criteria-unmet') {
    turn.ask({ kind: 'open', about: 'slots', words }, resumed);
    return;
  }
  if (refusal.code === 'loss-reason-needed') {
    const options = refusal.reasons.map((name) => ({ value: name, label: name }));
    turn.ask({ kind: 'pick', about: 'loss-reason', words: '输单的原因是？', options }, resumed);
    return;
  }
  turn.reply(refused(refusal, turn.view));
}

export async function writeCreation(
  usecases: UseCases,
  turn: Turn,
  wish: CreateWish,
  task: Task,
  confirmed = false,
): Promise<void> {
  const { title, customerName, stated } = wish;
  const cause = turn.cause(task.said);
  const decision = await usecases.createOpportunity({
    ...cause,
    title,
    customerName,
    fields: stated.patch,
    confirmed,
    uncertain: stated.uncertain,
    ambiguousDates: stated.ambiguousDates,
  });
  if (!decision.ok) {
    refuseChange(turn, decision.refusal, stated.remarks, task);
    return;
  }
  const result = decision.value;
  if (result.kind === 'preview') {
    turn.preview(
      { kind: 'create', title, customerName, patch: stated.patch, said: task.said, task },
      {
        title,
        creates: true,
        changes: [
          { field: 'customerName', from: '', to: customerName },
          ...result.changes.filter(({ field }) => field !== 'customerName' && field !== 'title'),
        ],
        reasons: result.reasons,
        followUp: null,
        remarks: stated.remarks,
      },
    );
    return;
  }
  const { opportunity } = result;
  turn.wrote(opportunity.id, cause.causeId);
  turn.spokeOf(opportunity);
  turn.reply(
    opportunityCreated(
      {
        opportunity,
        ownerName: turn.view.nameOf?.(opportunity.ownerId) ?? opportunity.ownerId,
        held: result.held,
        remarks: stated.remarks,
      },
      undoKey([{ opportunityId: opportunity.id, causeId: cause.causeId }]),
      turn.view,
    ),
  );
}

/** 是: writes everything that was shown. */
export async function confirmPreview(usecases: UseCases, turn: Turn): Promise<void> {
  const { preview } = turn.dialog;
  if (!preview) return;
  for (const item of preview.items) await writePreviewed(usecases, turn, item, true);
  closePreview(turn, '已确认');
}

/** Writes an item of a preview, or previews it again after it was edited. */
export async function writePreviewed(
  usecases: UseCases,
  turn: Turn,
  item: PreviewItem,
  confirmed: boolean,
): Promise<void> {
  const stated = { patch: item.patch, uncertain: false, ambiguousDates: [], remarks: [] };
  if (item.kind === 'create') {
    const { title, customerName } = item;
    await writeCreation(usecases, turn, { title, customerName, stated }, item.task, confirmed);
    return;
  }
  await writeChange(
    usecases,
    turn,
    {
      opportunity: { id: item.opportunityId, title: item.title },
      stated,
      ...(item.followUp && { followUp: item.followUp }),
    },
    item.task,
    confirmed,
  );
}

export function closePreview(turn: Turn, outcome: string): void {
  const { preview } = turn.dialog;
  if (!preview) return;
  const title = preview.items.map((item) => item.title).join('、');
  settle(turn.dialog, preview.id, title, outcome);
  turn.dialog.preview = null;
}

export function closeQuestions(turn: Turn, outcome: string): void {
  for (const question of turn.dialog.questions)
    settle(turn.dialog, question.id, question.words, outcome);
  turn.dialog.questions = [];
}

/** The face of a preview or pick list that is over. */
export function settledFace(
  turn: Turn,
  id: string,
  kind: 'preview' | 'pick',
): ReturnType<typeof previewSettledCard> {
  const past = turn.dialog.settled.find((one) => one.id === id);
  const title = past?.title ?? (kind === 'preview' ? '这次确认' : '这次选择');
  const outcome = past?.outcome ?? '已失效';
  return kind === 'preview' ? previewSettledCard(title, outcome) : pickSettledCard(title, outcome);
}

/** Takes back all that one message changed; true when it did. */
export async function takeBack(
  usecases: UseCases,
  turn: Turn,
  targets: { opportunityId: string; causeId: string }[],
): Promise<boolean> {
  const decision = await usecases.undoChange({ ...turn.cause('撤销'), targets });
  if (!decision.ok) {
    turn.reply(refused(decision.refusal, turn.view));
    return false;
  }
  turn.reply(changesUndone(decision.value, turn.view));
  // Nobody waits for the next date of a contact that is gone.
  turn.dialog.questions = turn.dialog.questions.filter(
    (one) => one.kind === 'pick' || !one.optional,
  );
  const taken = new Set(targets.map(({ causeId }) => causeId));
  if (turn.dialog.lastWrite?.targets.some(({ causeId }) => taken.has(causeId)))
    turn.dialog.lastWrite = null;
  return true;
}

/** The facts of a preview, for asking how to change it. */
export const titlesOf = (items: readonly PreviewItem[]): { title: string }[] =>
  items.map(({ title }) => ({ title }));

export type { PreviewFacts };
