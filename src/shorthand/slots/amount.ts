import type { Range, Scene } from '../scene.js';
import { findSums } from './sum.js';
import type { Sum } from './sum.js';
import { roleOf } from './sum-role.js';
import type { SumOptions, SumRole } from './sum-role.js';

const fen = (yuan: number): number => Math.round(yuan * 100);

interface Total extends Range {
  readonly fen: number;
  readonly approx: boolean;
  readonly range: { lowFen: number; highFen: number } | undefined;
}

export interface AmountReading {
  readonly total: Total | undefined;
  readonly change: (Range & { readonly fen: number }) | undefined;
  readonly currency: (Range & { readonly code: string }) | undefined;
  readonly refused: readonly Range[];
  /** All money words, read or not: nothing else may be made of their digits. */
  readonly ranges: readonly Range[];
  /** Several totals that contradict one another were said. */
  readonly unsure: boolean;
}

const NO_AMOUNT: AmountReading = {
  total: undefined,
  change: undefined,
  currency: undefined,
  refused: [],
  ranges: [],
  unsure: false,
};

/** Reads the deal's total or its change from the segment; claims nothing by itself. */
export function readAmount(scene: Scene, options: SumOptions): AmountReading {
  const text = scene.marked;
  const sums = findSums(text).filter((sum) => sum.unit || options.bare);
  if (sums.length === 0) return NO_AMOUNT;
  const roles = sums.map((sum, i) => roleOf(text, sum, sums[i - 1], sums[i + 1], options));
  const having = (role: SumRole): Sum[] => sums.filter((_, i) => roles[i] === role);
  const targets = having('target');
  const stated = targets.length > 0 ? targets : having('total');
  const total = targets.at(-1) ?? stated[0];
  const change = total ? undefined : sums.find((_, i) => roles[i] === 'up' || roles[i] === 'down');
  const money = total ?? change;
  return {
    total: total && totalOf(total),
    change: change && changeOf(change, roles[sums.indexOf(change)] === 'down' ? -1 : 1),
    currency:
      money?.currency === undefined
        ? undefined
        : { start: money.start, end: money.end, code: money.currency },
    refused: having('refused'),
    ranges: sums.filter((sum, i) => sum.unit || roles[i] !== 'ignore'),
    unsure: stated.some((sum) => sum.value !== stated[0]?.value),
  };
}

function totalOf({ start, end, value, approx, low, high }: Sum): Total {
  const range =
    low === undefined || high === undefined ? undefined : { lowFen: fen(low), highFen: fen(high) };
  return { start, end, fen: fen(value), approx, range };
}

function changeOf({ start, end, value }: Sum, sign: 1 | -1): Range & { fen: number } {
  return { start, end, fen: fen(value) * sign };
}
