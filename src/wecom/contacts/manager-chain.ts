import type { ContactDepartment, ContactUser } from '../client/answers.js';

/** The company as the contacts tell it; userids lower-case. */
export interface Contacts {
  users: ReadonlyMap<string, ContactUser>;
  departments: ReadonlyMap<number, ContactDepartment>;
}

const ACTIVE = 1;

/**
 * Everyone above `userid`, nearest first. Step by step upwards: the direct leader (直属上级), else the leaders of the
 * main department (部门负责人), else those of the departments above it. Whoever cannot act (disabled, left) is
 * passed over, not a dead end. Nobody found: `fallbackIds`.
 *
 * @returns never the person, never anyone twice, however the contacts run in circles.
 */
export function managerChainOf(
  userid: string,
  contacts: Contacts,
  fallbackIds: readonly string[],
): string[] {
  const seen = new Set([userid]);
  const chain: string[] = [];
  let level = leadersOf(userid, contacts);
  while (level.length > 0) {
    const fresh = level.filter((leader) => !seen.has(leader));
    fresh.forEach((leader) => seen.add(leader));
    chain.push(...fresh.filter((leader) => contacts.users.get(leader)?.status === ACTIVE));
    const [nearest] = fresh;
    level = nearest === undefined ? [] : leadersOf(nearest, contacts);
  }
  if (chain.length > 0) return chain;
  return [...new Set(fallbackIds.map((id) => id.toLowerCase()))].filter((id) => id !== userid);
}

/** One step up; empty at the top. */
function leadersOf(userid: string, contacts: Contacts): string[] {
  const user = contacts.users.get(userid);
  if (!user) return [];
  const known = (leader: string): boolean => leader !== userid && contacts.users.has(leader);

  const direct = user.directLeaderIds.filter(known);
  if (direct.length > 0) return direct;
  for (const department of upwards(user.mainDepartmentId, contacts)) {
    const leaders = departmentLeaders(department, contacts);
    // Who leads a department is not managed by its other leaders, but from above.
    if (leaders.includes(userid)) continue;
    const others = leaders.filter(known);
    if (others.length > 0) return others;
  }
  return [];
}

function departmentLeaders(department: ContactDepartment, { users }: Contacts): string[] {
  if (department.leaderIds.length > 0) return department.leaderIds;
  return [...users.values()]
    .filter((user) => user.leadsDepartmentIds.includes(department.id))
    .map((user) => user.userid);
}

/** The department and those above it. */
function upwards(id: number | null, { departments }: Contacts): ContactDepartment[] {
  const path: ContactDepartment[] = [];
  let department = id === null ? undefined : departments.get(id);
  while (department && !path.includes(department)) {
    path.push(department);
    department = departments.get(department.parentId);
  }
  return path;
}
