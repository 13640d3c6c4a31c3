import { AppError } from '../kernel/index.js';

/** One thing wrong with what the operator wrote. */
export interface Problem {
  /** `config/pipeline.yaml:12`, or the name of an environment variable. */
  where: string;
  what: string;
}

/** Everything wrong at once, so that it is mended in one go. */
export class SettingsError extends AppError {
  constructor(
    readonly problems: readonly Problem[],
    hint?: string,
  ) {
    super(
      [
        `${problems.length} setting(s) need attention:`,
        ...problems.map(({ where, what }) => `  ${where}  ${what}`),
        ...(hint ? [hint] : []),
      ].join('\n'),
      { code: 'settings.invalid', ...(hint && { hint }) },
    );
    this.name = 'SettingsError';
  }
}
