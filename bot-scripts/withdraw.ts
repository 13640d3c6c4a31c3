import { z } from 'zod';
import { defineCommand, opportunityRef, pickRequest } from '../src/bot/index.js';
import { decided } from '../src/chat/index.js';
import { factsOf } from '../src/domain/index.js';

export default defineCommand({
  name: '撤回申请',
  rank: 16,
  aliases: ['撤回审批', '撤回'],
  summary: '撤回你提交的、还没批的审批',
  usage: '撤回申请 [<商机>]',
  examples: ['撤回申请', '撤回申请 华为二期'],
  args: z.object({ opportunity: opportunityRef().optional() }),

  async run(context) {
    const { args, usecases, cause, refuse, reply, spokeOf, nameOf, view } = context;
    const opportunityId = args.opportunity?.id ?? (await pickRequest(context));
    if (opportunityId === null) return;
    const decision = await usecases.withdrawApproval({ ...cause(), opportunityId });
    if (args.opportunity) spokeOf(args.opportunity);
    if (!decision.ok) {
      refuse(decision.refusal);
      return;
    }
    const { settled, opportunity: after, ...told } = decision.value;
    spokeOf(after);
    const facts = factsOf(after, nameOf(after.ownerId));
    const byName = nameOf(settled.by);
    reply(decided({ ...settled, opportunity: facts, byName, ...told }, view));
  },
});
