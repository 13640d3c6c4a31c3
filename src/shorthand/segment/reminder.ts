import type { IntentHit } from '../intent.js';
import type { ReadUpdate } from '../reading.js';
import { MARK } from '../scene.js';
import type { Range } from '../scene.js';
import { followUpDay, whenOf } from '../slots/day.js';
import type { FoundDay } from '../slots/day.js';
import type { Draft } from './draft.js';
import { takeChannel, takeCustomer, takePeople } from './fields.js';

export function readReminder(draft: Draft, cue: IntentHit): ReadUpdate | undefined {
  draft.scene.claim([cue], MARK.other);
  draft.cues.push(cue);
  const day = reminderDay(draft, cue);
  if (day?.day) {
    const when = whenOf(day, followUpDay(day, draft.moment) ?? day.day);
    draft.slots.remindAt = draft.slot(day, { ...when, within: undefined });
  }
  takeCustomer(draft);
  takePeople(draft);
  draft.slots.assignee = undefined;
  draft.slots.probability = undefined;
  takeChannel(draft);
  return draft.finish('remind');
}

/** The day of the clause that asks for the reminder; one with a clock time before others. */
function reminderDay(draft: Draft, cue: Range): FoundDay | undefined {
  const usable = draft.days.filter((day) => day.day && !day.past);
  const { text } = draft.scene;
  const sameClause = usable.filter(
    (day) =>
      !/[,，。;；\n]/.test(text.slice(Math.min(day.end, cue.end), Math.max(day.start, cue.start))),
  );
  const pool = sameClause.length > 0 ? sameClause : usable;
  const before = pool.filter((day) => day.end <= cue.start);
  return before.at(-1) ?? pool[0];
}
