import type { AppErrorOptions } from '../../kernel/index.js';
import { AppError } from '../../kernel/index.js';

/**
 * What to do about an errcode:
 * - `token`: get a new access_token, then try once more
 * - `soon`: try again within seconds, a few times
 * - `later`: the same request may work when somebody has fixed the setting, or a limit has passed
 * - `never`: this request stays wrong
 */
export type Remedy = 'token' | 'soon' | 'later' | 'never';

export interface ErrcodeRule {
  meaning: string;
  remedy: Remedy;
  /** Whether an administrator has to act. */
  alarm: boolean;
  /** What to do about it. */
  hint?: string;
}

const never = (meaning: string, hint?: string): ErrcodeRule => ({
  meaning,
  remedy: 'never',
  alarm: false,
  ...(hint !== undefined && { hint }),
});
const bug = (meaning: string): ErrcodeRule => ({
  meaning,
  remedy: 'never',
  alarm: true,
  hint: 'A mistake in this program, or WeCom has changed: report it with the method and errmsg.',
});
const setting = (meaning: string, hint: string): ErrcodeRule => ({
  meaning,
  remedy: 'later',
  alarm: true,
  hint,
});
const passing = (meaning: string): ErrcodeRule => ({ meaning, remedy: 'soon', alarm: false });

const CHECK_SECRET =
  'Check WECOM_CORP_ID and WECOM_SECRET against 我的企业 and 应用管理 → 应用, and that the app is enabled. ' +
  'gettoken is not called for some minutes: WeCom bans an address that repeats a wrong secret.';
const CHECK_RANGE = 'Add the member to the app’s visible range (应用管理 → 应用 → 可见范围).';
const CHECK_APPCHAT =
  'appchat needs the root department in the app’s visible range (可见范围 = 整个企业).';
const CHECK_WEBHOOK =
  'The webhook was removed or switched off: add a new 消息推送 to the group and replace its key.';
const CHECK_AGENT = 'WECOM_AGENT_ID must be the id of the app that WECOM_SECRET belongs to.';

/**
 * The codes worth telling apart (全局错误码); judged by number, never by errmsg. A code not listed stays wrong and alarms.
 * @see https://developer.work.weixin.qq.com/document/path/90313
 */
const RULES: Readonly<Record<number, ErrcodeRule>> = {
  [-1]: passing('system busy'),
  6000: passing('data version conflict'),
  40001: setting('wrong secret', CHECK_SECRET),
  40003: never('invalid userid'),
  40007: never('media_id is invalid or expired'),
  40008: bug('invalid message type'),
  40013: setting('wrong corpid', CHECK_SECRET),
  40014: { meaning: 'invalid access_token', remedy: 'token', alarm: false },
  40031: bug('invalid userid list'),
  40032: bug('userid list too long'),
  40035: bug('invalid parameter'),
  40050: never('invalid chatid'),
  40056: setting('invalid agentid', CHECK_AGENT),
  40058: bug('invalid parameter'),
  40063: bug('empty parameter'),
  40091: setting('secret of something else', CHECK_SECRET),
  40145: never('media_id is invalid or expired'),
  40206: bug('request too large'),
  41001: { meaning: 'access_token missing', remedy: 'token', alarm: false },
  42001: { meaning: 'access_token expired', remedy: 'token', alarm: false },
  42014: never('task_id is illegal or was used before'),
  42015: never('the card belongs to another app'),
  42016: never('there is no card with this task_id'),
  42052: never('the message is older than 24 h'),
  43012: setting(
    'the app has no callback URL',
    'Cards with buttons need 接收消息 → 设置API接收 with PUBLIC_URL/wecom/callback.',
  ),
  44004: bug('empty text'),
  45002: bug('text too long'),
  45008: bug('too many articles'),
  45009: {
    meaning: 'called too often',
    remedy: 'later',
    alarm: true,
    hint: 'The limit lifts by itself after its window: a minute, an hour or a day.',
  },
  45033: passing('too many calls at once'),
  45035: passing('conflicting change at the same time'),
  46004: never('no such member'),
  48001: setting('not authorised for this API', 'Grant the app this permission.'),
  48002: setting('no permission for this API', CHECK_APPCHAT),
  48006: setting('permission withdrawn for lack of use', 'Grant the app this permission anew.'),
  50001: setting('redirect domain is not trusted', 'Add the domain of PUBLIC_URL to 可信域名.'),
  50002: never('the member is outside the app’s range', CHECK_RANGE),
  50003: setting('the app is disabled', 'Enable the app in 应用管理.'),
  60003: never('no such department'),
  60011: never('no permission for this member or department', CHECK_RANGE),
  60020: setting(
    'this server’s address is not trusted',
    'Add the address named in errmsg to 应用管理 → 应用 → 企业可信IP; it works a minute later.',
  ),
  60021: never('the member is outside the app’s range', CHECK_RANGE),
  60031: setting('the API is forbidden', 'Ask WeCom’s support why.'),
  60111: never('no such userid'),
  60140: never('response_code was used or is older than 72 h'),
  81012: bug('no receiver'),
  81013: never('none of the receivers can be reached', CHECK_RANGE),
  82001: bug('no receiver'),
  82002: bug('too many departments'),
  82003: bug('too many tags'),
  82004: never('the text may crash clients'),
  82101: never('nobody to update the card for'),
  82102: never('the card was not sent to this member'),
  86001: never('invalid chatid'),
  86003: never('no such group'),
  86004: never('bad group name'),
  86005: never('bad group owner'),
  86006: never('bad number of members'),
  86007: never('bad group members'),
  86008: never('the group was not made by this app'),
  86215: never('the group exists already'),
  86216: never('a member of the list cannot be in the group'),
  92000: never('the member is outside the app’s range', CHECK_RANGE),
  93000: setting('invalid webhook key', CHECK_WEBHOOK),
  93001: setting('the group does not allow webhooks', CHECK_WEBHOOK),
  93004: setting('the webhook is switched off', CHECK_WEBHOOK),
  93008: setting('the webhook is not in the group', CHECK_WEBHOOK),
  93017: bug('empty text'),
  93018: bug('image too large'),
  301002: setting('access_token of another app', CHECK_AGENT),
  301007: setting('the company is banned', 'Ask WeCom’s support why.'),
};

const UNKNOWN = bug('not in our table');
/** Template-card fields that WeCom found wrong. */
const CARD_FIELD = bug('a field of the card is wrong');

export function ruleOf(errcode: number): ErrcodeRule {
  const isCardField = errcode >= 42017 && errcode <= 42051;
  return RULES[errcode] ?? (isCardField ? CARD_FIELD : UNKNOWN);
}

/** gettoken was refused for good: no more calls for a while, or this address is banned for an hour. */
export function isCredentialError(errcode: number): boolean {
  return errcode === 40001 || errcode === 40013 || errcode === 40091;
}

/** The member cannot get messages of this app; the next one can. */
export function isUnreachableMember(errcode: number): boolean {
  return [40003, 46004, 50002, 60011, 60021, 60111, 81013, 92000].includes(errcode);
}

/** The card can no longer be rewritten; a new one can be sent. */
export function isDeadCard(errcode: number): boolean {
  return [42015, 42016, 60140, 82101, 82102].includes(errcode);
}

/** The errcode behind an error thrown by this room; null for any other. */
export function errcodeOf(error: unknown): number | null {
  const errcode = error instanceof AppError ? error.details['errcode'] : null;
  return typeof errcode === 'number' ? errcode : null;
}

/**
 * @param method e.g. `message/send`
 * @param errmsg without secrets
 * @param until when the same call may be tried again, if that is known
 */
export function errcodeError(
  errcode: number,
  method: string,
  errmsg: string,
  until?: Date,
): AppError {
  const { meaning, remedy, alarm, hint } = ruleOf(errcode);
  const options: AppErrorOptions = {
    code: `wecom.${errcode}`,
    retryable: remedy !== 'never',
    details: { errcode, method, errmsg, alarm, ...(until && { until }) },
    ...(hint !== undefined && { hint }),
  };
  return new AppError(`WeCom refused ${method}: ${errcode} ${meaning}`, options);
}
