import { afterEach, expect, test } from '@jest/globals';

import type { WorldState } from '../../src/emulator/index.js';
import { startHarness, type Harness } from '../support/harness.js';

let harness: Harness;
afterEach(() => harness.stop());

const WEBHOOK_KEY = '693a91b2-2f5c-4d1e-9a07-5ec4e7000001';
const PHONES = ['13812345678', '139-8765-4321', '+86 137 0000 1111', '021-62881234', '15900001234'];
/** However they are written. */
const DIGITS = PHONES.map((phone) => phone.replace(/\D/g, '').replace(/^86(?=1)/, ''));
const HOUR_MS = 3_600_000;

/** Every secret there was: ours, and those WeCom has handed out. */
function secretsOf({ keys, wecom }: Harness, handedOut: Set<string>): Record<string, string[]> {
  collect(wecom.snapshot(), handedOut);
  return {
    secret: [keys.secret],
    token: [keys.token],
    encodingAesKey: [keys.encodingAesKey],
    webhookKey: [WEBHOOK_KEY],
    handedOut: [...handedOut],
  };
}

/** Tokens are forgotten when they are revoked, so this is called before. */
function collect(state: WorldState, handedOut: Set<string>): void {
  for (const token of Object.keys(state.tokens)) handedOut.add(token);
  for (const code of Object.keys(state.responseCodes)) handedOut.add(code);
}

test('no log line holds a secret, a token, a response code or a phone number', async () => {
  const handedOut = new Set<string>();
  harness = await startHarness({
    now: '2026-11-18T14:00:00+08:00',
    publicUrl: 'https://assistant.example.com',
    secrets: { SALES_EAST_KEY: WEBHOOK_KEY },
    config: {
      'digest.yaml': [
        [
          'groups: []',
          'groups: [{ id: east, name: 华东销售群, channel: { via: webhook, keyEnv: SALES_EAST_KEY }, departments: [2] }]',
        ],
      ],
    },
  });
  const { wecom, clock } = harness;
  wecom.registerWebhook({ name: '华东销售群', key: WEBHOOK_KEY });
  const zhang = harness.member('zhangsan');
  const li = harness.member('lijingli');

  await zhang.says('新建 华为二期 客户华为 300万 9月底签');
  await zhang.says(`今天电话华为张总 ${PHONES[0]}，嫌贵，下周三再约`);
  await zhang.says(`华为二期 联系人李工 ${PHONES[1]}`);
  await zhang.says(`华为二期 王总 ${PHONES[2]} 座机 ${PHONES[3]}`);
  await zhang.says(`新建 小米园区 客户小米 联系人 雷总 ${PHONES[4]} 80万`);
  await zhang.says(`{"$gt":"${PHONES[0]}"}`);
  await zhang.says('华为二期 赢了');
  await zhang.says('是');

  // What WeCom answers when it is unwell; each kind once where it hurts.
  wecom.faults.add({ kind: 'errcode', errcode: -1 }, { endpoint: 'message/send', times: 2 });
  await zhang.says('我的商机');
  wecom.faults.add({ kind: 'wrong-json' }, { endpoint: 'message/send', times: 1 });
  await zhang.says('华为二期 进展');
  wecom.faults.add(
    // errmsg echoes what was sent, as the real one does.
    { kind: 'errcode', errcode: 60020, errmsg: `not allow, token ${[...handedOut][0] ?? ''}` },
    { endpoint: 'message/send', times: 1 },
  );
  await zhang.says('帮助');
  collect(wecom.snapshot(), handedOut);
  wecom.revokeTokens();
  await zhang.says('今日待办');
  wecom.faults.add({ kind: 'http', status: 502 }, { endpoint: 'webhook/send', times: 1 });
  await li.taps('同意');
  wecom.faults.add({ kind: 'errcode', errcode: 93000 }, { endpoint: 'webhook/send', times: 2 });

  collect(wecom.snapshot(), handedOut);
  wecom.faults.outage(true);
  clock.advance(3 * HOUR_MS);
  await zhang.says(`小米园区 电话 ${PHONES[0]} 聊过`);
  await harness.app.beat();
  clock.advance(60_000);
  await harness.app.beat();
  wecom.faults.clear();
  // The token died meanwhile and is renewed.
  await harness.goTo('2026-11-19', '10:00');

  // Refused callbacks are logged too.
  await wecom.deliver('<xml/>', { retries: 0 });
  await wecom.deliver('<xml/>', {
    retries: 0,
    tamper: ({ query, body }) => ({ query: { ...query, msg_signature: 'no' }, body }),
  });
  await harness.restart();
  await zhang.says('帮助');
  await harness.settle();

  const lines = harness.logLines;
  expect(lines.length).toBeGreaterThan(10);
  for (const level of [30, 40, 50]) {
    expect([level, lines.some((line) => line.includes(`"level":${level}`))]).toEqual([level, true]);
  }
  for (const [kind, secrets] of Object.entries(secretsOf(harness, handedOut))) {
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) {
      const leaking = lines.filter((line) => line.includes(secret));
      expect([kind, leaking]).toEqual([kind, []]);
    }
  }
  for (const line of lines) {
    const digits = line.replace(/[ -]/g, '');
    for (const phone of DIGITS) expect([line, digits.includes(phone)]).toEqual([line, false]);
  }
});
