import { AppError, messageOf } from '../kernel/index.js';
import type { Clock } from '../kernel/index.js';
import { errcodeOf, ruleOf } from './client/errcodes.js';
import type { WecomClient } from './client/wecom-client.js';

/** One thing checked against the real WeCom. */
export interface Finding {
  name: string;
  ok: boolean;
  detail: string;
  /** What to do; '' when there is nothing. */
  fix: string;
}

export interface DoctorOptions {
  client: WecomClient;
  clock: Clock;
  /** Gets one short message; without anybody the licence cannot be checked. */
  adminId?: string;
}

/** Callbacks are refused an hour off; a clock wrong by a minute already misdates what people say. */
const MAX_SKEW_S = 60;

/** Checks in an order in which the first failure explains the later ones. Never throws. */
export async function examineWecom(options: DoctorOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const probe of [
    probeCredentials,
    probeTrustedIp,
    probeClock,
    probeVisibleRange,
    probeLicence,
  ]) {
    findings.push(await probe(options));
  }
  return findings;
}

function probeCredentials({ client }: DoctorOptions): Promise<Finding> {
  return finding('credentials', async () => {
    await client.checkCredentials();
    return 'gettoken gave an access_token';
  });
}

/** Any call with a token from an address that is not listed is refused with 60020. */
export function probeTrustedIp({ client }: DoctorOptions): Promise<Finding> {
  return finding('trusted IP', async () => {
    await client.listDepartments();
    return 'WeCom takes calls from this server’s address';
  });
}

export function probeClock({ client, clock }: DoctorOptions): Promise<Finding> {
  return finding('clock', async () => {
    const theirs = await client.serverTime();
    if (!theirs) return 'WeCom did not tell its time';
    const skewS = Math.round((clock.now().getTime() - theirs.getTime()) / 1000);
    const detail = `${Math.abs(skewS)} s ${skewS < 0 ? 'behind' : 'ahead of'} WeCom’s`;
    if (Math.abs(skewS) <= MAX_SKEW_S) return detail;
    throw new AppError(detail, { code: 'doctor.clock', hint: 'Switch on NTP on this machine.' });
  });
}

export function probeVisibleRange({ client }: DoctorOptions): Promise<Finding> {
  return finding('visible range', async () => {
    const departments = await client.listDepartments();
    if (departments.length === 0) {
      throw new AppError('the app sees no department', {
        code: 'doctor.range',
        hint: 'Add departments, not only persons, to 应用管理 → 应用 → 可见范围.',
      });
    }
    const ids = new Set(departments.map(({ id }) => id));
    const tops = departments.filter(({ parentId }) => !ids.has(parentId));
    const isWhole = tops.some(({ parentId }) => parentId === 0);
    const note = isWhole ? '' : '; groups made by 建群 need the whole company (48002)';
    return `${departments.length} departments, ${isWhole ? 'the whole company' : 'a part of it'}${note}`;
  });
}

/** WeCom tells who lacks 基础接口许可 only when a message is sent. */
export function probeLicence({ client, adminId }: DoctorOptions): Promise<Finding> {
  return finding('licence', async () => {
    if (adminId === undefined) {
      throw new AppError('nobody to send a test message to', {
        code: 'doctor.licence',
        hint: 'Set ADMIN_USERIDS.',
      });
    }
    const answer = await client.sendMessage(
      JSON.stringify({
        touser: adminId,
        agentid: client.agentId,
        msgtype: 'text',
        text: { content: '连接检查：收到这条消息，说明商机助手可以发消息给你。' },
      }),
    );
    if (answer.unlicensedUserids.length + answer.invalidUserids.length === 0) {
      return `a test message went to ${adminId}`;
    }
    throw new AppError(`${adminId} cannot get messages`, {
      code: 'doctor.licence',
      hint:
        answer.unlicensedUserids.length > 0
          ? 'Assign 基础接口许可 to the members who use the app.'
          : 'Add the member to the app’s visible range (可见范围).',
    });
  });
}

async function finding(name: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, detail: await check(), fix: '' };
  } catch (error) {
    const errcode = errcodeOf(error);
    const errmsg = error instanceof AppError ? error.details['errmsg'] : undefined;
    const detail = `${messageOf(error)}${typeof errmsg === 'string' ? ` (${errmsg})` : ''}`;
    const hint = error instanceof AppError ? error.hint : undefined;
    const fix = hint ?? (errcode === null ? '' : ruleOf(errcode).hint) ?? '';
    return { name, ok: false, detail, fix };
  }
}
