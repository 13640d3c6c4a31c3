import { z } from 'zod';

import { fenOfYuan, isDay } from '../kernel/index.js';

/** The shape of every file in config/, and what the product makes of it. */

const id = z.string().regex(/^[a-z][a-z0-9-]*$/, '只能用小写字母、数字和短横线');
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间写成 "09:10"');
const userid = z
  .string()
  .min(1)
  .max(64)
  .transform((text) => text.toLowerCase());
const day = z.string().refine(isDay, '日期写成 "2027-01-04"');
const words = z.array(z.string().min(1)).default([]);

const criterion = z.strictObject({
  check: z.enum([
    'amount',
    'close-date',
    'contact',
    'next-follow-up',
    'next-step',
    'competitor',
    'contacted-recently',
    'loss-reason',
  ]),
  label: z.string().min(1).max(12),
  required: z.boolean().default(false),
  hint: z.string().min(1),
});

const stage = z.strictObject({
  id,
  name: z.string().min(1).max(10),
  alsoSaid: words,
  kind: z.enum(['open', 'won', 'lost']),
  probability: z.number().min(0).max(1),
  maxDays: z.number().int().positive().nullable().default(null),
  criteria: z.array(criterion).max(6, '最多 6 条：审批卡只放得下 6 行').default([]),
});

export const pipelineFile = z
  .strictObject({
    stages: z.array(stage).min(3),
    lossReasons: z
      .array(z.strictObject({ name: z.string().min(1).max(10), alsoSaid: words }))
      .min(1),
  })
  .superRefine(({ stages }, context) => {
    const claimed = new Map<string, string>();
    stages.forEach((one, index) => {
      const say = (message: string) =>
        context.addIssue({ code: 'custom', message, path: ['stages', index] });
      if (stages.findIndex(({ id: other }) => other === one.id) !== index)
        say(`阶段 id 重复：${one.id}`);
      if (one.kind === 'open' && stages.slice(0, index).some(({ kind }) => kind !== 'open'))
        say('进行中的阶段要排在赢单、输单之前');
      for (const word of [one.name, ...one.alsoSaid]) {
        const owner = claimed.get(word);
        if (owner && owner !== one.id) say(`“${word}” 已用于阶段 ${owner}`);
        claimed.set(word, one.id);
      }
    });
    for (const kind of ['won', 'lost'] as const) {
      if (stages.filter((one) => one.kind === kind).length !== 1)
        context.addIssue({
          code: 'custom',
          message: `要有且只有一个 kind: ${kind} 的阶段`,
          path: ['stages'],
        });
    }
  });

export const approvalFile = z.strictObject({
  rules: z.array(
    z
      .strictObject({
        cause: z.enum(['into-stage', 'win', 'backward', 'amount-raised']),
        stage: id.optional(),
        fromYuan: z.union([z.number(), z.string().regex(/^[\d_]+$/)]).default(0),
      })
      .refine(
        ({ cause, stage: gated }) => gated || !['into-stage', 'amount-raised'].includes(cause),
        {
          message: '要写明 stage',
        },
      )
      .transform(({ cause, stage: gated, fromYuan }) => ({
        cause,
        ...(gated && { stage: gated }),
        fromFen: fenOfYuan(Number(String(fromYuan).replaceAll('_', ''))),
      })),
  ),
  raiseAfterWorkdays: z.number().int().min(1).max(10),
  renewCardAfterHours: z.number().min(1).max(71, '企业微信卡片 72 小时后按钮失效，要小于 72'),
  fallbackApprovers: z.array(userid).default([]),
});

const everyDays = z.number().int().min(1).max(365);

export const cadenceFile = z.strictObject({
  contactEveryDays: z.strictObject({ A: everyDays, B: everyDays, C: everyDays }),
  exceptions: z
    .array(
      z
        .strictObject({ tag: z.string().min(1).optional(), stage: id.optional(), everyDays })
        .refine(({ tag, stage: inStage }) => tag ?? inStage, { message: '要写明 tag 或 stage' })
        .transform(({ tag, stage: inStage, everyDays: days }) => ({
          ...(tag && { tag }),
          ...(inStage && { stage: inStage }),
          everyDays: days,
        })),
    )
    .default([]),
  newOpportunityNodes: z.array(z.number().int().min(1).max(90)).default([]),
  ladder: z
    .array(
      z.strictObject({
        afterWorkdays: z.number().int().min(1).max(30),
        tell: z.enum(['owner', 'leader']),
      }),
    )
    .default([]),
  remindFrom: timeOfDay,
  jitterMinutes: z.number().int().min(0).max(120),
});

export const confirmFile = z.strictObject({
  preview: z.strictObject({
    'amount-down': z.boolean(),
    'close-pushed': z.boolean(),
    backward: z.boolean(),
    win: z.boolean(),
    lose: z.boolean(),
    owner: z.boolean(),
    uncertain: z.boolean(),
    'ambiguous-date': z.boolean(),
    'recent-other': z.boolean(),
  }),
  recentMinutes: z.number().int().min(0).max(1440),
  undoHours: z.number().min(1).max(168),
});

export const notifyFile = z.strictObject({
  quiet: z.strictObject({ from: timeOfDay, to: timeOfDay, nonWorkdays: z.boolean() }),
  caps: z.strictObject({ perDay: z.number().int().min(1), perHour: z.number().int().min(1) }),
  paused: z.strictObject({ all: z.boolean().default(false), people: z.array(userid).default([]) }),
  pilotDepartments: z.array(z.number().int()).default([]),
  plainText: z.array(userid).default([]),
});

const channel = z.discriminatedUnion('via', [
  z.strictObject({ via: z.literal('appchat'), chatId: z.string().regex(/^[0-9a-zA-Z]{1,32}$/) }),
  z.strictObject({
    via: z.literal('webhook'),
    keyEnv: z.string().regex(/^[A-Z][A-Z0-9_]*$/, '写环境变量的名字，密钥本身不要写在配置里'),
  }),
]);

export const digestFile = z.strictObject({
  at: timeOfDay,
  until: timeOfDay,
  limit: z.number().int().min(1).max(20),
  personal: z.boolean(),
  groups: z
    .array(
      z
        .strictObject({
          id,
          name: z.string().min(1).max(50),
          channel,
          departments: z.array(z.number().int()).default([]),
          members: z.array(userid).default([]),
        })
        .transform(({ departments, members, ...group }) => ({
          ...group,
          departmentIds: departments,
          memberIds: members,
        })),
    )
    .default([]),
});

export const calendarFile = z.strictObject({
  days: z
    .array(
      z.strictObject({ date: day, kind: z.enum(['holiday', 'workday']), name: z.string().min(1) }),
    )
    .default([]),
});
