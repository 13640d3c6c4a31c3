import {
  UNDO_HINT,
  pickList,
  previewJoined,
  previewReplaced,
  previewShown,
  question,
  questionAsked,
  questionWords,
  textMessage,
} from '../chat/index.js';
import type { Message } from '../chat/index.js';
import { derivedId } from '../kernel/index.js';
import type { InboxOutcome } from '../usecases/index.js';
import { settle } from './dialog.js';
import type { Question } from './dialog.js';
import type { Turn } from './turn.js';

/** One reply for the whole message (decisions 39), and the conversation as it is afterwards. */
export function outcomeOf(turn: Turn): InboxOutcome {
  const { dialog } = turn;
  if (turn.written.length > 0)
    dialog.lastWrite = { atMs: turn.incoming.at.getTime(), targets: [...turn.written] };
  const reply = replyOf(turn);
  // Whoever was answered has met us: no welcome later on.
  if (reply) dialog.welcomed = true;
  return {
    reply,
    passive: turn.passive ? { kind: 'card', card: turn.passive } : { kind: 'none' },
    // Plain JSON: absent and undefined are the same, whatever the database makes of them.
    dialog: JSON.parse(JSON.stringify(dialog)) as object,
  };
}

function replyOf(turn: Turn): Message | null {
  askForNextDate(turn);
  if (turn.previews.length > 0) return withPreview(turn);
  if (turn.asked.length > 0) {
    const [first] = keepQuestions(turn);
    if (first && !turn.silent.has(first.id)) return worded(first, besides(turn));
  }
  return merged(turn.parts);
}

/** “下次什么时候联系？” was said with the record, so a day alone is the answer; of several, nobody knows whose. */
function askForNextDate(turn: Turn): void {
  const [task, another] = turn.undated;
  const waits = turn.dialog.questions.some((one) => one.kind === 'pick' || !one.optional);
  const isAlone = !waits && turn.asked.length + turn.previews.length === 0;
  if (!task || another || !isAlone) return;
  const words = question({ about: 'when' });
  turn.ask({ kind: 'open', about: 'when', words, optional: true, silent: true }, task);
}

/** Everything risky of this message in one preview; what is done already is said above it. */
function withPreview(turn: Turn): Message {
  const { dialog, incoming } = turn;
  const above = besides(turn);
  const earlier = dialog.preview?.items ?? [];
  const titles = earlier.map(({ title }) => title);
  if (dialog.preview) {
    settle(dialog, dialog.preview.id, titles.join('、'), turn.joins ? '已并入下一张' : '已作废');
    above.push(turn.joins ? previewJoined(titles) : previewReplaced(titles));
  }
  const id = derivedId('pv', incoming.key);
  dialog.preview = {
    id,
    atMs: incoming.at.getTime(),
    items: [...(turn.joins ? earlier : []), ...turn.previews.map(({ item }) => item)],
  };
  const [question] = keepQuestions(turn);
  if (question) above.push(...questionWords(question.words, optionsOf(question)));
  return previewShown(
    id,
    turn.previews.map(({ facts }) => facts),
    above,
    turn.view,
  );
}

/** The new questions take the place of the old ones. */
function keepQuestions(turn: Turn): Question[] {
  if (turn.asked.length === 0) return [];
  for (const old of turn.dialog.questions) settle(turn.dialog, old.id, old.words, '已作废');
  turn.dialog.questions = [...turn.asked];
  return turn.dialog.questions;
}

const optionsOf = (question: Question): string[] =>
  question.kind === 'pick'
    ? question.options.map(({ label, detail }) => (detail ? `${label}（${detail}）` : label))
    : [];

/** A question as it is put, with what else there is to say. */
export function worded(question: Question, above: readonly string[]): Message {
  if (question.kind === 'pick')
    return pickList(question.id, question.words, question.options, { besides: above });
  return questionAsked(question.words, above);
}

const besides = (turn: Turn): string[] => linesOf(turn.parts);

/** The plain words of several messages, the hint about 撤销 said once at the end. */
function linesOf(parts: readonly Message[]): string[] {
  const lines = parts.flatMap(({ text }) => text.split('\n'));
  const told = lines.filter((line) => line !== UNDO_HINT);
  return told.length < lines.length ? [...told, UNDO_HINT] : told;
}

function merged(parts: readonly Message[]): Message | null {
  const [only] = parts;
  if (!only) return null;
  return parts.length === 1 ? only : textMessage(...linesOf(parts));
}
