import type { Member } from '../domain/index.js';
import type { World } from './ports.js';

/** The colleagues a verb has to do with, looked up once. */
export interface People {
  list: Member[];
  find: (userid: string) => Member | null;
  /** Their name; the userid of someone the directory never knew. */
  nameOf: (userid: string) => string;
}

export async function lookUpPeople(
  world: World,
  userids: readonly (string | null | undefined)[],
): Promise<People> {
  const wanted = new Set(userids.filter((userid) => typeof userid === 'string'));
  const list = wanted.size > 0 ? await world.directory.members([...wanted]) : [];
  const find = (userid: string): Member | null =>
    list.find((member) => member.userid === userid) ?? null;
  return { list, find, nameOf: (userid) => find(userid)?.name ?? userid };
}
