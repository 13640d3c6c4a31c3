import { createCipheriv } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import fc from 'fast-check';

import { AppError } from '../../kernel/index.js';
import { createEnvelope } from './envelope.js';
import { isSameSignature, signatureOf } from './signature.js';
import { VECTORS } from '../../../test/support/wecom-vectors.js';

const KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const envelope = createEnvelope(KEY);
const RANDOM = Buffer.from('0123456789abcdef');

describe.each(VECTORS)('vector $name', (vector) => {
  const own = createEnvelope(vector.aesKey);

  test('its signature is the one we compute', () => {
    const { token, timestamp, nonce, encrypt: sealed, signature } = vector;
    expect(signatureOf(token, timestamp, nonce, sealed)).toBe(signature);
  });

  test('it opens to its message and receiver', () => {
    expect(own.open(vector.encrypt)).toEqual({
      message: vector.message,
      receiveId: vector.receiveId,
    });
  });

  test('sealing its message with its random bytes gives its ciphertext', () => {
    const random = vector.random || decrypt(vector.aesKey, vector.encrypt).random;
    expect(own.seal(vector.message, vector.receiveId, Buffer.from(random))).toBe(vector.encrypt);
  });
});

test('a nonce that was changed on the way breaks the signature', () => {
  const c = VECTORS.find((vector) => vector.name.startsWith('C'));
  const altered = signatureOf(c?.token ?? '', c?.timestamp ?? '', '437374424', c?.encrypt ?? '');
  expect(isSameSignature(c?.signature ?? '', altered)).toBe(false);
});

test('signatures of another length or case are not the same', () => {
  expect(isSameSignature('abc', 'abc')).toBe(true);
  expect(isSameSignature('abcd', 'abc')).toBe(false);
  expect(isSameSignature('ABC', 'abc')).toBe(false);
  expect(isSameSignature('', 'abc')).toBe(false);
});

// Whole code points only: a lone surrogate has no UTF-8 form.
const text = fc.string({ unit: 'binary', maxLength: 300 });
const ascii16 = fc.string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 16 });

describe('beside Tencent’s own implementation', () => {
  test('it opens what we seal', () => {
    fc.assert(
      fc.property(text, fc.stringMatching(/^[a-z0-9]{0,20}$/), ascii16, (message, id, random) => {
        const opened = decrypt(KEY, envelope.seal(message, id, Buffer.from(random)));
        expect(opened).toMatchObject({ message, id });
      }),
    );
  });

  test('we open what it seals', () => {
    fc.assert(
      fc.property(text, fc.stringMatching(/^[a-z0-9]{0,20}$/), ascii16, (message, id, random) => {
        const opened = envelope.open(encrypt(KEY, message, id, Buffer.from(random)));
        expect(opened).toEqual({ message, receiveId: id });
      }),
    );
  });

  test('it signs as we do', () => {
    fc.assert(
      fc.property(ascii16, fc.nat(), ascii16, ascii16, (token, timestamp, nonce, sealed) => {
        expect(signatureOf(token, String(timestamp), nonce, sealed)).toBe(
          getSignature(token, timestamp, nonce, sealed),
        );
      }),
    );
  });
});

function codeOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

/** Seals a hand-made plaintext, padding included, to try what a correct sealer never sends. */
function sealRaw(plain: Buffer): string {
  const key = Buffer.from(`${KEY}=`, 'base64');
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
}

function plainOf(length: number, message: string, pad: number, padBytes = pad): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32BE(length, 16);
  return Buffer.concat([head, Buffer.from(message), Buffer.alloc(padBytes, pad)]);
}

describe('a broken envelope is refused', () => {
  test.each([
    ['not base64', '####'],
    ['base64url', '-_-_'],
    ['nothing at all', ''],
    ['one block short of 32 bytes', Buffer.alloc(16).toString('base64')],
    ['a length that is no multiple of 32', Buffer.alloc(48).toString('base64')],
    ['padding byte 0', sealRaw(plainOf(12, 'x'.repeat(44), 0, 0).fill(0, 63))],
    ['padding byte 33', sealRaw(plainOf(11, 'x'.repeat(11), 33))],
    ['padding that disagrees with itself', sealRaw(plainOf(3, 'abcdefghij\x01', 2, 1))],
    ['a length past the end', sealRaw(plainOf(12, 'x'.repeat(11), 1))],
    ['a length of four gigabytes', sealRaw(plainOf(0xffffffff, 'x'.repeat(11), 1))],
    ['padding that swallows the header', sealRaw(Buffer.alloc(32, 32))],
  ])('%s', (_name, sealed) => {
    expect(codeOf(() => envelope.open(sealed))).toBe('callback.bad-ciphertext');
  });

  test('any single flipped bit never opens to the same message and receiver', () => {
    const sealed = Buffer.from(envelope.seal('华为二期 300w', 'corp', RANDOM), 'base64');
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const tampered = Buffer.from(sealed);
        tampered.writeUInt8((tampered[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
        let opened;
        try {
          opened = envelope.open(tampered.toString('base64'));
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          return;
        }
        // Bits of the first block change only the 16 random bytes; the signature guards those.
        if (bit >= 256) expect(opened).not.toEqual({ message: '华为二期 300w', receiveId: 'corp' });
      }),
    );
  });
});

test.each(['', 'short', `${KEY}=`, `${KEY.slice(0, 42)}!`])(
  'the key %j is refused when the server starts',
  (key) => {
    expect(() => createEnvelope(key)).toThrow(AppError);
  },
);
