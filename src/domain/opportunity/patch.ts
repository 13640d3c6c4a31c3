import type { Fen } from '../../kernel/index.js';
import type { OpportunityFields } from './opportunity.js';

/** What a sentence wants changed. Differences and “next stage” are resolved against the opportunity. */
export interface Patch extends Partial<
  Omit<OpportunityFields, 'outcome' | 'contacts' | 'competitors' | 'tags'>
> {
  /** 加10万 / 减5万; `amountFen` wins when both are said. */
  amountChangeFen?: Fen;
  stageMove?: 'next' | 'prev';
  /** Added to what is there; a contact of the same name is completed. */
  addContacts?: OpportunityFields['contacts'];
  addCompetitors?: string[];
  addTags?: string[];
  /** 赢单 / 输单. */
  outcome?: { kind: 'won' | 'lost'; reason: string | null };
}
