export { HELP_PAGES } from './help-pages.js';
export { phrasingPages, shortened } from './phrasing-pages.js';
export type { Corpus, PhrasingPage, PhrasingRow } from './phrasing-pages.js';
export { createReader } from './reader.js';
export type { ReaderParts } from './reader.js';
export { INTENTS } from './reading.js';
export type {
  Alias,
  Candidate,
  Doubt,
  HolidaySpan,
  Intent,
  Known,
  KnownOpportunity,
  Lexicon,
  MatchedHow,
  Mention,
  NameChanges,
  Period,
  QueryKind,
  ReadAmount,
  ReadChannel,
  Reader,
  Reading,
  ReadingCalendar,
  ReadOptions,
  ReadStageId,
  ReadUpdate,
  ReadWhen,
  Refused,
  Slot,
  Span,
  StageWords,
  TimeOfDay,
} from './reading.js';
export { emptyUpdate } from './whole-message.js';
