import { crc32 } from 'node:zlib';

const SEAL_BYTES = 4;

/** A value with its checksum behind it: the storage engine checks blocks only when it feels like it. */
export function seal(value: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(value.length + SEAL_BYTES);
  sealed.set(value);
  sealed.writeUInt32LE(crc32(value), value.length);
  return sealed;
}

/** The value that was sealed, or `undefined` when its bytes are not the ones stored. */
export function unseal(sealed: Buffer): Buffer | undefined {
  const end = sealed.length - SEAL_BYTES;
  if (end < 0) return undefined;
  const value = sealed.subarray(0, end);
  return crc32(value) === sealed.readUInt32LE(end) ? value : undefined;
}
