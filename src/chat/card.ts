export interface Button {
  /** `verb:argument`; comes back as Incoming.button. */
  key: string;
  /** ≤ 10 字 */
  text: string;
  style: 'primary' | 'danger' | 'plain';
}

/** A card, in the terms WeCom's five kinds share. Lengths are cut by chat/views before they get here. */
export interface Card {
  /** ≤ 20 字, grey, on top: 商机审批. */
  source: string;
  /** ≤ 36 字 */
  title: string;
  /** ≤ 44 字 */
  subtitle?: string;
  /** ≤ 160 字 */
  body?: string;
  /** ≤ 6 rows; label ≤ 5 字, value ≤ 30 字. */
  rows: { label: string; value: string }[];
  /** What the customer last said, in a grey box. */
  quote?: { title: string; text: string };
  /** None: a notice card. */
  buttons: Button[];
  /** A drop-down above the buttons: ≤ 10 options of 16 字. */
  select?: { key: string; title: string; options: { id: string; text: string }[] };
  /** Replaces the buttons by one grey word: who decided, and when. */
  settled?: string;
  /** Where a notice card leads; required by WeCom for those without buttons. */
  link?: string;
}
