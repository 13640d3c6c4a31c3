import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';

import { AppError } from '../../kernel/index.js';

const KEY_SHAPE = /^[A-Za-z0-9+/]{43}$/;
const BASE64_SHAPE = /^[A-Za-z0-9+/]+={0,2}$/;
/** WeCom pads to 32 bytes although an AES block has 16. */
const PAD_TO_BYTES = 32;
const RANDOM_BYTES = 16;
const HEADER_BYTES = RANDOM_BYTES + 4;

export interface Opened {
  message: string;
  /** Whom the sealer meant: the CorpID for a self-built app, '' for a smart bot. */
  receiveId: string;
}

/** The AES envelope of callbacks and passive replies. */
export interface Envelope {
  /**
   * Seals `message` for `receiveId`, answering base64.
   * @param random 16 unguessable bytes; the IV is fixed by the protocol, so they carry the chance.
   */
  seal(message: string, receiveId: string, random: Buffer): string;
  /** Opens what `seal` made. The caller compares `receiveId`. Throws `callback.bad-ciphertext`. */
  open(encrypt: string): Opened;
}

/**
 * AES-256-CBC as WeCom specifies it (加解密方案): key from the 43 characters of EncodingAESKey, IV = its first
 * 16 bytes, plaintext = random(16) | length(4, big-endian) | message | receiveId, PKCS#7 padded to 32 bytes.
 *
 * @throws AppError `wecom.bad-aes-key` when the key is not 43 base64 characters.
 * @see https://developer.work.weixin.qq.com/document/path/90968
 */
export function createEnvelope(encodingAesKey: string): Envelope {
  const keyBytes = decodeKey(encodingAesKey);
  const key = createSecretKey(keyBytes);
  const iv = Buffer.from(keyBytes.subarray(0, 16));

  return {
    seal(message, receiveId, random) {
      if (random.length !== RANDOM_BYTES) throw new RangeError('random must have 16 bytes');
      // OpenSSL pads to 16 bytes only, so padding is done by hand.
      const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
      const plain = padded(message, receiveId, random);
      return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
    },

    open(encrypt) {
      const sealed = decodeCiphertext(encrypt);
      const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
      // Without automatic padding every whole block comes out of update(); final() adds nothing.
      const plain = decipher.update(sealed);
      decipher.final();
      return unpack(plain);
    },
  };
}

function decodeKey(encodingAesKey: string): Buffer {
  if (!KEY_SHAPE.test(encodingAesKey)) {
    throw new AppError('EncodingAESKey must be 43 letters and digits', {
      code: 'wecom.bad-aes-key',
      hint: 'Copy EncodingAESKey from 应用管理 → 应用 → 接收消息 into WECOM_ENCODING_AES_KEY.',
    });
  }
  // The 43rd character may carry spare bits: strict decoders refuse even published keys, Buffer does not.
  return Buffer.from(`${encodingAesKey}=`, 'base64');
}

function padded(message: string, receiveId: string, random: Buffer): Buffer {
  const messageBytes = Buffer.byteLength(message);
  const bytes = HEADER_BYTES + messageBytes + Buffer.byteLength(receiveId);
  const pad = PAD_TO_BYTES - (bytes % PAD_TO_BYTES);
  const plain = Buffer.alloc(bytes + pad, pad);
  random.copy(plain);
  plain.writeUInt32BE(messageBytes, RANDOM_BYTES);
  plain.write(message, HEADER_BYTES);
  plain.write(receiveId, HEADER_BYTES + messageBytes);
  return plain;
}

function decodeCiphertext(encrypt: string): Buffer {
  if (encrypt.length % 4 !== 0 || !BASE64_SHAPE.test(encrypt)) throw bad('not base64');
  const sealed = Buffer.from(encrypt, 'base64');
  if (sealed.length % PAD_TO_BYTES !== 0) throw bad(`${sealed.length} bytes are not whole blocks`);
  return sealed;
}

function unpack(plain: Buffer): Opened {
  const end = plain.length - paddingOf(plain);
  if (end < HEADER_BYTES) throw bad('too short for its header');
  const messageEnd = HEADER_BYTES + plain.readUInt32BE(RANDOM_BYTES);
  if (messageEnd > end) throw bad('the message is longer than its envelope');
  return {
    message: plain.toString('utf8', HEADER_BYTES, messageEnd),
    receiveId: plain.toString('utf8', messageEnd, end),
  };
}

/** The number of padding bytes. Called only for signed ciphertext, so its errors are no oracle. */
function paddingOf(plain: Buffer): number {
  const pad = plain[plain.length - 1] ?? 0;
  if (pad < 1 || pad > PAD_TO_BYTES) throw bad(`padding byte ${pad}`);
  for (let at = plain.length - pad; at < plain.length; at++) {
    if (plain[at] !== pad) throw bad('uneven padding');
  }
  return pad;
}

function bad(reason: string): AppError {
  return new AppError(`callback cannot be decrypted: ${reason}`, {
    code: 'callback.bad-ciphertext',
    hint: 'EncodingAESKey here and in 接收消息 must be the same.',
    details: { status: 400, reason },
  });
}
