import { z } from 'zod';

/** What WeCom answers, parsed at the door. Fields we do not use are let through and dropped. */

/** `a|b` as a list. */
const joined = z
  .string()
  .default('')
  .transform((text) => text.split('|').filter((part) => part !== ''));

export const nothing = z.object({});

export const tokenAnswer = z.object({
  access_token: z.string().min(1).max(512),
  expires_in: z.number().positive(),
});

export const sentAnswer = z
  .object({
    invaliduser: joined,
    unlicenseduser: joined,
    msgid: z.string().optional(),
    response_code: z.string().optional(),
  })
  .transform((answer) => ({
    invalidUserids: answer.invaliduser,
    unlicensedUserids: answer.unlicenseduser,
    messageId: answer.msgid ?? null,
    responseCode: answer.response_code ?? null,
  }));
/** userids are lower-case. */
export type SentAnswer = z.output<typeof sentAnswer>;

export const updatedAnswer = z
  .object({ invaliduser: z.array(z.string()).default([]) })
  .transform((answer) => ({ invalidUserids: answer.invaliduser }));

export const appchatAnswer = z
  .object({
    chat_info: z.object({
      chatid: z.string(),
      name: z.string().default(''),
      owner: z.string().default(''),
      userlist: z.array(z.string()),
    }),
  })
  .transform(({ chat_info: { chatid, name, owner, userlist } }) => ({
    chatId: chatid,
    name,
    ownerId: owner.toLowerCase(),
    memberIds: userlist.map((userid) => userid.toLowerCase()),
  }));
export type Appchat = z.output<typeof appchatAnswer>;

export const mediaAnswer = z
  .object({ media_id: z.string() })
  .transform((answer) => answer.media_id);

const user = z
  .object({
    userid: z.string(),
    name: z.string().default(''),
    department: z.array(z.number()).default([]),
    is_leader_in_dept: z.array(z.number()).default([]),
    direct_leader: z.array(z.string()).default([]),
    main_department: z.number().optional(),
    status: z.number().default(1),
  })
  .transform((raw) => ({
    userid: raw.userid.toLowerCase(),
    name: raw.name || raw.userid,
    departmentIds: raw.department,
    leadsDepartmentIds: raw.department.filter((_, index) => raw.is_leader_in_dept[index] === 1),
    directLeaderIds: raw.direct_leader.map((userid) => userid.toLowerCase()),
    mainDepartmentId: raw.main_department ?? raw.department[0] ?? null,
    /** 1 active, 2 disabled, 4 never signed in, 5 left. */
    status: raw.status,
  }));
/** A colleague as the contacts know them; userids are lower-case. */
export type ContactUser = z.output<typeof user>;

export const userAnswer = user;
export const usersAnswer = z
  .object({ userlist: z.array(user).default([]) })
  .transform((answer) => answer.userlist);

export const departmentIdsAnswer = z
  .object({
    department_id: z
      .array(z.object({ id: z.number(), parentid: z.number().default(0) }))
      .default([]),
  })
  .transform((answer) =>
    answer.department_id.map(({ id, parentid }) => ({ id, parentId: parentid })),
  );

export const departmentAnswer = z
  .object({
    department: z.object({
      id: z.number(),
      name: z.string().default(''),
      parentid: z.number().default(0),
      department_leader: z.array(z.string()).default([]),
    }),
  })
  .transform(({ department }) => ({
    id: department.id,
    name: department.name,
    parentId: department.parentid,
    leaderIds: department.department_leader.map((userid) => userid.toLowerCase()),
  }));
export type ContactDepartment = z.output<typeof departmentAnswer>;

export const ipsAnswer = z
  .object({ ip_list: z.array(z.string()).default([]) })
  .transform((answer) => answer.ip_list);
