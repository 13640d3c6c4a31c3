import type { Member, Opportunity, Refusal } from '../domain/index.js';
import { allow, derivedId } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import type { NameAlias, World } from './ports.js';
import { seeOpportunity } from './show-opportunity.js';
import type { NameCommand } from './verbs.js';

/** Remembers what a person calls an opportunity they may see (N7); shared, it means the same to all who may. */
export async function nameOpportunity(
  world: World,
  { by, at, words, key, opportunityId, among, shared }: NameCommand,
): Promise<Decision<Opportunity, Refusal>> {
  const seen = await seeOpportunity(world, by, opportunityId);
  if (!seen.ok) return seen;
  const userid = shared ? null : by.userid;
  const id = derivedId('alias', userid ?? '*', key);
  await world.aliases.put({ id, userid, words, key, opportunityId, among, by: by.userid, at });
  return allow(seen.value.opportunity);
}

/** Own names go first; a shared one goes by whoever shared it, and by administrators. */
export async function forgetName(
  world: World,
  member: Member,
  key: string,
): Promise<NameAlias | null> {
  const known = await world.aliases.named(member.userid, key);
  const alias = known.find(
    ({ userid, by }) => userid !== null || by === member.userid || member.isAdmin,
  );
  if (!alias) return null;
  await world.aliases.drop(alias.id);
  return alias;
}
