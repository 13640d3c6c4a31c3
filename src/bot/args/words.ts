import type { z } from 'zod';
import { absent, arg } from '../arg.js';
import type { Found } from '../arg.js';

/** The words after the command, without any @colleague. */
export function plainWords(): z.ZodType<string> {
  return arg(({ task }) => {
    const words = (task.answers['rest'] ?? '').replace(/[@＠][^\s@＠,，、]+/gu, '').trim();
    return words ? { found: words.replace(/[,，、\s]+$/u, '') } : absent;
  });
}

/** The number of an approval as typed (#12), or the picked approval's id. */
export function approvalRef(): z.ZodType<{ ref: number } | { id: string }> {
  return arg(({ task }): Found<{ ref: number } | { id: string }> => {
    const id = task.answers['approval'];
    if (id !== undefined) return { found: { id } };
    const typed = task.update.ref?.value ?? /#\s*(\d{1,9})/u.exec(task.said)?.[1];
    const ref = Number(typed);
    return typed !== undefined && Number.isInteger(ref) ? { found: { ref } } : absent;
  });
}

/** Why it was turned down, in the decider's words. */
export function reason(): z.ZodType<string> {
  return arg(({ task }) => {
    const words = task.answers['reason'] ?? task.update.reason?.value;
    return words ? { found: words } : absent;
  });
}

/** One of the answers given since, by what was asked. */
export function answered(about: string): z.ZodType<string> {
  return arg(({ task }) => {
    const words = task.answers[about];
    return words === undefined ? absent : { found: words };
  });
}
