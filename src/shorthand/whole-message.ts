import type { Lexed } from './lexer.js';
import { spanOf, wordsAt } from './lexer.js';
import { readApproval, readHelp, readUndo } from './intent.js';
import type { ReadUpdate, Slot } from './reading.js';
import { phraseOf } from './slots/reason.js';

/** An update of which `text` states nothing but its intent. */
export function emptyUpdate(intent: ReadUpdate['intent'], text: string): ReadUpdate {
  return {
    intent,
    certainty: 'high',
    doubts: [],
    span: { start: 0, end: text.length },
    pronoun: false,
    contacts: [],
    competitors: [],
    tags: [],
    refused: [],
    note: '',
    noteSpans: [],
  };
}

/** Past the number and past what is refused (“小米的折扣申请，”): the reason is what follows. */
function reasonStart(text: string, from: number): number {
  const named = /^[^,，。;；:]{0,20}(?:申请|审批|折扣|单子?|商机|请求)[,，。;；:\s]+/.exec(
    text.slice(from),
  );
  const start = from + (named?.[0].length ?? 0);
  return start + (/^[\s#\d号]+(?=\D)/.exec(text.slice(start))?.[0].length ?? 0);
}

/** Messages that are one short order: 帮助, 撤销, 同意 #12, 驳回 毛利太低. */
export function readWholeMessage(lexed: Lexed): ReadUpdate | undefined {
  const { text } = lexed;
  if (text.length > 80) return undefined;
  if (readHelp(text)) return emptyUpdate('help', lexed.source);
  if (readUndo(text)) return emptyUpdate('undo', lexed.source);
  const approval = readApproval(text);
  if (!approval) return undefined;
  const slot = (start: number, end: number): Slot<string> => {
    const span = spanOf(lexed, start, end);
    const words = wordsAt(lexed, span);
    return { value: words, span, words };
  };
  const rest =
    approval.intent === 'reject'
      ? phraseOf(text, { start: reasonStart(text, approval.hit.end), end: text.length })
      : undefined;
  const reason = rest && !/^[\d#号\s]*$/.test(rest.value) ? rest : undefined;
  return {
    ...emptyUpdate(approval.intent, lexed.source),
    ...(approval.ref ? { ref: slot(approval.ref.start, approval.ref.end) } : {}),
    ...(reason ? { reason: slot(reason.start, reason.end) } : {}),
  };
}
