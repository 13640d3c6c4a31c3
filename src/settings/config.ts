import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';

import { createCalendar } from '../domain/index.js';
import type { Calendar, Pipeline } from '../domain/index.js';
import { SettingsError, type Problem } from './problems.js';
import {
  approvalFile,
  cadenceFile,
  calendarFile,
  confirmFile,
  digestFile,
  notifyFile,
  pipelineFile,
} from './schemas.js';
import { readYaml } from './yaml-file.js';

const FILES = {
  pipeline: pipelineFile,
  approval: approvalFile,
  cadence: cadenceFile,
  confirm: confirmFile,
  notify: notifyFile,
  digest: digestFile,
  calendar: calendarFile,
};
type FileName = keyof typeof FILES;
type Parsed = { [F in FileName]: z.output<(typeof FILES)[F]> };

/** What config/ says: one frozen snapshot; decisions record its version. */
export type Config = Readonly<Omit<Parsed, 'calendar' | 'pipeline'>> & {
  readonly pipeline: Pipeline;
  readonly calendar: Calendar;
  /** Hash of all files: two instances with the same one decide alike. */
  readonly version: string;
};

/**
 * Reads and checks every file of `folder`.
 * @throws SettingsError listing all problems of all files, each with file and line.
 */
export async function readConfig(folder: string): Promise<Config> {
  const hash = createHash('sha256');
  const problems: Problem[] = [];
  const parsed: Partial<Record<FileName, unknown>> = {};
  for (const [name, schema] of Object.entries(FILES)) {
    const file = path.join(folder, `${name}.yaml`);
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) {
      problems.push({ where: file, what: '找不到这个文件' });
      continue;
    }
    hash.update(name).update(text);
    const result = readYaml(file, text, schema);
    if (result.ok) parsed[name as FileName] = result.value;
    else problems.push(...result.problems);
  }
  if (problems.length === 0) problems.push(...crossCheck(folder, parsed as Parsed));
  if (problems.length > 0) throw new SettingsError(problems);

  const { calendar, ...files } = parsed as Parsed;
  return Object.freeze({
    ...files,
    calendar: createCalendar(calendar.days),
    version: hash.digest('hex').slice(0, 12),
  });
}

/** What one file says about another. */
function crossCheck(folder: string, { pipeline, approval, cadence }: Parsed): Problem[] {
  const known = new Set(pipeline.stages.map(({ id }) => id));
  const unknown = (file: string, stage: string | undefined): Problem[] =>
    stage === undefined || known.has(stage)
      ? []
      : [{ where: path.join(folder, file), what: `没有这个阶段：${stage}` }];
  return [
    ...approval.rules.flatMap(({ stage }) => unknown('approval.yaml', stage)),
    ...cadence.exceptions.flatMap(({ stage }) => unknown('cadence.yaml', stage)),
  ];
}
