import type { Member } from '../../domain/index.js';
import { AppError } from '../../kernel/index.js';
import type { ContactDepartment, ContactUser } from '../client/answers.js';
import { errcodeOf } from '../client/errcodes.js';
import type { WecomClient } from '../client/wecom-client.js';
import type { Contacts } from './manager-chain.js';
import { managerChainOf } from './manager-chain.js';

/** Calls at a time; a company of a hundred departments takes some seconds. */
const AT_ONCE = 4;
const ACTIVE = 1;
/** The department went away, or out of the app's range, between two calls. */
const DEPARTMENT_GONE = [60003, 60011];

export interface FetchMembersOptions {
  /** Whose approval is asked for when the contacts name nobody above. */
  fallbackManagerIds: readonly string[];
  adminIds: readonly string[];
}

/**
 * Everybody in the app's visible range (可见范围). The contacts are polled: a self-built app gets no change_contact
 * events. Listings do not descend, so every department is asked by itself.
 *
 * @throws AppError `wecom.empty-contacts` rather than answering an empty company.
 * @see https://developer.work.weixin.qq.com/document/path/95350 departments
 * @see https://developer.work.weixin.qq.com/document/path/90201 members
 */
export async function fetchMembers(
  client: Pick<WecomClient, 'listDepartments' | 'getDepartment' | 'listUsers'>,
  options: FetchMembersOptions,
): Promise<Member[]> {
  const visible = await client.listDepartments();
  const fetched = await inTurns(visible, async ({ id }) => fetchDepartment(client, id));
  const found = fetched.filter((one) => one !== null);
  const contacts: Contacts = {
    departments: new Map(found.map(({ department }) => [department.id, department])),
    users: new Map(found.flatMap(({ users }) => users).map((user) => [user.userid, user])),
  };
  if (contacts.users.size === 0) throw nobodyVisible(visible.length);
  return membersOf(contacts, options);
}

/** Taken for the truth, an empty company would deactivate everybody we know. */
function nobodyVisible(departments: number): AppError {
  return new AppError('the contacts show nobody', {
    code: 'wecom.empty-contacts',
    hint: 'Add departments, not only persons, to the app’s visible range (可见范围).',
    retryable: true,
    details: { departments, alarm: true },
  });
}

/** The contacts in our words. */
export function membersOf(
  contacts: Contacts,
  { fallbackManagerIds, adminIds }: FetchMembersOptions,
): Member[] {
  const admins = new Set(adminIds.map((userid) => userid.toLowerCase()));
  return [...contacts.users.values()].map((user) => ({
    userid: user.userid,
    name: user.name,
    departmentIds: user.departmentIds,
    departmentName: contacts.departments.get(user.mainDepartmentId ?? 0)?.name ?? '',
    managerIds: managerChainOf(user.userid, contacts, fallbackManagerIds),
    isAdmin: admins.has(user.userid),
    isActive: user.status === ACTIVE,
  }));
}

interface Fetched {
  department: ContactDepartment;
  users: ContactUser[];
}

async function fetchDepartment(
  client: Pick<WecomClient, 'getDepartment' | 'listUsers'>,
  id: number,
): Promise<Fetched | null> {
  try {
    return { department: await client.getDepartment(id), users: await client.listUsers(id) };
  } catch (error) {
    if (DEPARTMENT_GONE.includes(errcodeOf(error) ?? 0)) return null;
    throw error;
  }
}

/** Maps with at most AT_ONCE calls under way, keeping the order. */
async function inTurns<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(map))));
  }
  return results;
}
