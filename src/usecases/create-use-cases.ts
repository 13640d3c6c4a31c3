import { approvalState } from './approval-state.js';
import { approvalsFor } from './approvals-for.js';
import { changeOpportunity } from './change-opportunity.js';
import { createOpportunity } from './create-opportunity.js';
import { decideApproval } from './decide-approval.js';
import type { World } from './ports.js';
import { relay, relayAll } from './relay.js';
import { tellAdmins } from './tell-admins.js';
import { undoChange } from './undo-change.js';
import type { UseCases } from './verbs.js';
import { withdrawApproval } from './withdraw-approval.js';

/** The verbs, bound to the world they act on. */
export function createUseCases(world: World) {
  return {
    createOpportunity: (command) => createOpportunity(world, command),
    changeOpportunity: (command) => changeOpportunity(world, command),
    undoChange: (command) => undoChange(world, command),
    decideApproval: (command) => decideApproval(world, command),
    withdrawApproval: (command) => withdrawApproval(world, command),
    approvalsFor: (member) => approvalsFor(world, member),
    approvalState: (approvalId) => approvalState(world, approvalId),
    relay: (opportunityId) => relay(world, opportunityId),
    relayAll: (limit) => relayAll(world, limit),
    tellAdmins: (alert) => tellAdmins(world, alert),
  } satisfies Partial<UseCases>;
}
