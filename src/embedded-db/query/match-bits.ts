import { Binary, isLong, isNumeric, toDouble } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { ConditionOperator } from './match.js';

const MAX_INT32 = 0x7fffffff;
/** No document is large enough to hold this bit; every bit from here on is as clear as this one. */
const BEYOND_ANY_VALUE = 16 * 1024 * 1024 * 8;

/** Reads the mask of a bit test: a number, a list of positions, or binary data (little-endian). */
function maskOf(name: string, operand: unknown): bigint {
  if (Array.isArray(operand)) {
    return operand.reduce<bigint>((mask, position) => {
      const bit = isNumeric(position) ? toDouble(position) : -1;
      if (!Number.isInteger(bit) || bit < 0 || bit > MAX_INT32) {
        throw new DbError(
          2,
          `Failed to parse bit position. Expected a non-negative 32-bit integer in: ${name}`,
        );
      }
      return mask | (1n << BigInt(Math.min(bit, BEYOND_ANY_VALUE)));
    }, 0n);
  }
  if (operand instanceof Binary) return bitsOfBytes(operand);
  const mask = bitsOf(operand);
  if (mask === undefined || mask < 0n) {
    throw new DbError(
      2,
      `${name} takes an Array, a number, or a BinData but received: ${String(operand)}`,
    );
  }
  return mask;
}

function bitsOf(value: unknown): bigint | undefined {
  if (value instanceof Binary) return bitsOfBytes(value);
  if (isLong(value)) return value.toBigInt();
  if (!isNumeric(value)) return undefined;
  const number = toDouble(value);
  return Number.isInteger(number) && Math.abs(number) < 2 ** 63 ? BigInt(number) : undefined;
}

function bitsOfBytes(value: Binary): bigint {
  const bytes = value.buffer.subarray(0, value.position);
  return bytes.reduceRight((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

function bitTest(
  name: string,
  accepts: (bits: bigint, mask: bigint) => boolean,
): ConditionOperator {
  return (operand) => {
    const mask = maskOf(name, operand);
    return {
      rule: 'each',
      test: (value) => {
        const bits = bitsOf(value);
        return bits !== undefined && accepts(bits, mask);
      },
    };
  };
}

export const bitOperators: Readonly<Record<string, ConditionOperator>> = {
  $bitsAllSet: bitTest('$bitsAllSet', (bits, mask) => (bits & mask) === mask),
  $bitsAllClear: bitTest('$bitsAllClear', (bits, mask) => (bits & mask) === 0n),
  $bitsAnySet: bitTest('$bitsAnySet', (bits, mask) => (bits & mask) !== 0n),
  $bitsAnyClear: bitTest('$bitsAnyClear', (bits, mask) => (bits & mask) !== mask),
};
