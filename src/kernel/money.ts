/** Money is integer fen (分): ¥1 = 100 fen. */
export type Fen = number;

/** Anything larger is a slip of the finger: ¥100 billion. Also keeps sums far from 2^53. */
export const MAX_AMOUNT_FEN: Fen = 100_000_000_000_00;

export function fenOfYuan(yuan: number): Fen {
  return Math.round(yuan * 100);
}

/** `300000000` → `¥3,000,000`; fen are shown only when there are some. */
export function formatYuan(fen: Fen): string {
  const sign = fen < 0 ? '-' : '';
  const yuan = Math.floor(Math.abs(fen) / 100).toLocaleString('en-US');
  const cents = Math.abs(fen) % 100;
  return `${sign}¥${yuan}${cents ? `.${String(cents).padStart(2, '0')}` : ''}`;
}
