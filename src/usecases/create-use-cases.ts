import { approvalState } from './approval-state.js';
import { approvalsFor } from './approvals-for.js';
import { attendAll } from './attend-all.js';
import { attend } from './attend.js';
import { changeOpportunity } from './change-opportunity.js';
import { createGroup } from './create-group.js';
import { createOpportunity } from './create-opportunity.js';
import { decideApproval } from './decide-approval.js';
import { fieldHistory } from './field-history.js';
import { firstContact } from './first-contact.js';
import { forecastPipeline } from './forecast-pipeline.js';
import { groupDigest } from './group-digest.js';
import { keepGroupsInStep } from './keep-groups-in-step.js';
import { listOpportunities } from './list-opportunities.js';
import { forgetName, nameOpportunity } from './names.js';
import { nextDueAt } from './next-due-at.js';
import type { World } from './ports.js';
import { relay, relayAll } from './relay.js';
import { reviewCadence } from './review-cadence.js';
import { sendDigests } from './send-digests.js';
import { showOpportunity } from './show-opportunity.js';
import { snooze } from './snooze.js';
import { tellAdmins } from './tell-admins.js';
import { todosOf } from './todos.js';
import { undoChange } from './undo-change.js';
import type { UseCases } from './verbs.js';
import { withdrawApproval } from './withdraw-approval.js';

/** The verbs, bound to the world they act on. */
export function createUseCases(world: World): UseCases {
  return {
    createOpportunity: (command) => createOpportunity(world, command),
    changeOpportunity: (command) => changeOpportunity(world, command),
    undoChange: (command) => undoChange(world, command),
    decideApproval: (command) => decideApproval(world, command),
    withdrawApproval: (command) => withdrawApproval(world, command),
    approvalsFor: (member) => approvalsFor(world, member),
    approvalState: (approvalId) => approvalState(world, approvalId),
    snooze: (command) => snooze(world, command),
    createGroup: (command) => createGroup(world, command),
    list: (member, question) => listOpportunities(world, member, question),
    show: (member, opportunityId) => showOpportunity(world, member, opportunityId),
    fieldHistory: (member, opportunityId, field) =>
      fieldHistory(world, member, opportunityId, field),
    forecast: (member, period) => forecastPipeline(world, member, period),
    todosOf: (member, on) => todosOf(world, member, on),
    nameOpportunity: (command) => nameOpportunity(world, command),
    forgetName: (member, key) => forgetName(world, member, key),
    named: async (userid, key) => (await world.aliases.named(userid, key))[0] ?? null,
    namesOf: (userid) => world.aliases.of(userid),
    firstContact: (userid, at) => firstContact(world, userid, at),
    attend: (opportunityId, now) => attend(world, opportunityId, now),
    attendAll: (now, limit) => attendAll(world, now, limit),
    reviewCadence: (now) => reviewCadence(world, now),
    sendDigests: (now) => sendDigests(world, now),
    nextDueAt: (now) => nextDueAt(world, now),
    groupDigest: (groupId, on, since, until) => groupDigest(world, groupId, on, since, until),
    keepGroupsInStep: () => keepGroupsInStep(world),
    relay: (opportunityId) => relay(world, opportunityId),
    relayAll: (limit) => relayAll(world, limit),
    tellAdmins: (alert) => tellAdmins(world, alert),
  };
}
