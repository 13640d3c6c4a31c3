/** A stage's stable English id, checked against pipeline.yaml: `contact`, `qualify`, … */
export type StageId = string;

/** What can be asked of an opportunity before a stage (准入条件). */
export type CriterionCheck =
  | 'amount'
  | 'close-date'
  | 'contact'
  | 'next-follow-up'
  | 'next-step'
  | 'competitor'
  | 'contacted-recently'
  | 'loss-reason';

export interface Criterion {
  check: CriterionCheck;
  /** 已有报价金额 */
  label: string;
  /** Blocks the move when unmet; the others are shown ✓/✗ to the approver. */
  required: boolean;
  /** What to type to meet it: “金额 50万”. */
  hint: string;
}

export interface Stage {
  id: StageId;
  name: string;
  alsoSaid: string[];
  kind: 'open' | 'won' | 'lost';
  /** Default win probability, 0 … 1. */
  probability: number;
  /** Entry criteria. */
  criteria: Criterion[];
  /** Days allowed before it counts as stalled; null never. */
  maxDays: number | null;
}

/** The stages in order; the won and lost ones last. Configured in pipeline.yaml. */
export interface Pipeline {
  stages: Stage[];
  /** 输单原因 to choose from, each with the words that mean it. */
  lossReasons: { name: string; alsoSaid: string[] }[];
}
