import { expect, test } from '@jest/globals';

import { createLogger, redact } from './index.js';

test.each([
  [
    'https://x/cgi-bin/message/send?access_token=AbC-1_2&debug=0',
    'https://x/cgi-bin/message/send?access_token=[redacted]&debug=0',
  ],
  [
    'https://x/cgi-bin/gettoken?corpid=ww1&corpsecret=hush',
    'https://x/cgi-bin/gettoken?corpid=ww1&corpsecret=[redacted]',
  ],
  ['webhook/send?key=693a-91b2', 'webhook/send?key=[redacted]'],
  ['{"path":"/o/WyJvcHBfMSJd.q-1_z"}', '{"path":"/o/[redacted]"}'],
  ['mongodb://bot:pa55@db:27017/x', 'mongodb://bot:[redacted]@db:27017/x'],
  ['张总 13812345678 说', '张总 [phone] 说'],
  ['+86 138-1234-5678', '[phone]'],
  ['{"access_token":"AbC","expires_in":7200}', '{"access_token":"[redacted]","expires_in":7200}'],
])('%s is redacted', (line, expected) => {
  expect(redact(line)).toBe(expected);
});

test.each([
  'amount 300000000 fen',
  'MsgId 4561255354251345929',
  'opp_13812345678912345',
  'at 1763780000000',
])('%s is left alone', (line) => {
  expect(redact(line)).toBe(line);
});

test('what is logged through an error and its cause is redacted too', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', write: (line) => lines.push(line) });
  log.error(
    { error: new Error('GET /gettoken?corpsecret=hush', { cause: new Error('tel 13912345678') }) },
    'failed',
  );
  expect(lines.join('')).not.toMatch(/hush|13912345678/);
  expect(lines.join('')).toContain('[phone]');
});
