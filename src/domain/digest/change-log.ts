import type { Fen } from '../../kernel/index.js';
import type { DomainEvent } from '../event.js';
import type { DigestLine, DigestSection } from '../notice/notice.js';
import { changeOf, isPushedOut, sameValue } from '../opportunity/changes.js';
import type { FieldChange, FieldName } from '../opportunity/opportunity.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { directionOf } from '../pipeline/stage.js';

/** What the events alone do not say. */
export interface ChangeLogFacts {
  pipeline: Pipeline;
  nameOf(userid: string): string;
  /** As it is now; null for an amount not yet known. */
  amountOf(opportunityId: string): Fen | null;
}

/** The order in which sections are read: 新增 推进 后退 延期 金额± 赢 输. */
const SECTIONS: readonly DigestSection[] = [
  'created',
  'advanced',
  'backward',
  'postponed',
  'amount',
  'won',
  'lost',
];

type ChangeOf<F extends FieldName> = Extract<FieldChange, { field: F }>;
type ChangeEvent = Extract<DomainEvent, { type: 'created' | 'changed' | 'undone' }>;

/**
 * Tells what happened between two digests, one line per opportunity and section (N14).
 *
 * Several changes of one opportunity become first old → last new; what went there and back is not
 * mentioned, and what was taken back (撤销) never happened. A new opportunity is told once, as it is
 * now, whatever was done to it since. Sections without a line are left out.
 *
 * @param events oldest first.
 */
export function changeLog(
  events: readonly DomainEvent[],
  facts: ChangeLogFacts,
): { section: DigestSection; lines: DigestLine[] }[] {
  const found = SECTIONS.map((section) => ({ section, lines: [] as DigestLine[] }));
  for (const history of histories(events).values()) {
    for (const { section, changes } of sectionsOf(history, facts.pipeline)) {
      found
        .find((candidate) => candidate.section === section)
        ?.lines.push(lineOf(history, changes, facts));
    }
  }
  for (const { lines } of found) lines.sort(byAmount);
  return found.filter(({ lines }) => lines.length > 0);
}

/** What is left of each opportunity's changes once those taken back are gone. */
function histories(events: readonly DomainEvent[]): Map<string, ChangeEvent[]> {
  const found = new Map<string, ChangeEvent[]>();
  for (const event of events) {
    if (event.type !== 'created' && event.type !== 'changed' && event.type !== 'undone') continue;
    const earlier = found.get(event.opportunityId) ?? [];
    const kept = event.type === 'undone' ? takeBack(earlier, event) : [...earlier, event];
    found.set(event.opportunityId, kept);
  }
  for (const [id, history] of found) if (history.length === 0) found.delete(id);
  return found;
}

/** Both the change and its undoing vanish; the undoing of something told in an earlier digest is news itself. */
function takeBack(
  earlier: ChangeEvent[],
  undone: Extract<DomainEvent, { type: 'undone' }>,
): ChangeEvent[] {
  const rest = earlier.filter(({ causeId }) => causeId !== undone.undoneCauseId);
  return rest.length < earlier.length ? rest : [...earlier, undone];
}

/** The sections one opportunity belongs to, each with the change it is about. */
function sectionsOf(
  history: readonly ChangeEvent[],
  pipeline: Pipeline,
): { section: DigestSection; changes: FieldChange[] }[] {
  const stage = merged(history, 'stage');
  const close = merged(history, 'closeOn');
  const amount = merged(history, 'amountFen');
  const outcome = merged(history, 'outcome');
  const ending = outcome?.to ? [{ section: outcome.to.kind, changes: [outcome] }] : [];
  if (history.some(({ type }) => type === 'created')) {
    return [{ section: 'created', changes: [] }, ...ending];
  }
  if (ending.length > 0) return ending;
  const sections: { section: DigestSection; changes: FieldChange[] }[] = [];
  if (stage) {
    const direction = directionOf(pipeline, stage.from, stage.to);
    sections.push({
      section: direction === 'forward' ? 'advanced' : 'backward',
      changes: [stage],
    });
  }
  if (close && isPushedOut(close)) sections.push({ section: 'postponed', changes: [close] });
  if (amount) sections.push({ section: 'amount', changes: [amount] });
  return sections;
}

/** First old → last new of one field; undefined when it did not change, or changed back. */
function merged<F extends FieldName>(
  history: readonly ChangeEvent[],
  field: F,
): ChangeOf<F> | undefined {
  const changes = history.flatMap((event) => changeOf(event.changes, field) ?? []);
  const [first, last] = [changes[0], changes.at(-1)];
  if (!first || !last || sameValue(first.from, last.to)) return undefined;
  return { ...last, from: first.from };
}

function lineOf(
  history: readonly ChangeEvent[],
  changes: FieldChange[],
  facts: ChangeLogFacts,
): DigestLine {
  const latest = history.at(-1);
  if (!latest) throw new RangeError('a digest line needs an event');
  return {
    opportunityId: latest.opportunityId,
    title: latest.title,
    customerName: latest.customerName,
    ownerName: facts.nameOf(latest.ownerId),
    changes,
    amountFen: facts.amountOf(latest.opportunityId),
    reason: changeOf(changes, 'outcome')?.to?.reason ?? null,
  };
}

/** The largest first; those without an amount last. */
function byAmount(a: DigestLine, b: DigestLine): number {
  return (b.amountFen ?? -1) - (a.amountFen ?? -1) || a.title.localeCompare(b.title, 'zh');
}
