import { randomBytes } from 'node:crypto';

import type { Department, Person } from '../../src/emulator/index.js';
import type { WecomSettings } from '../../src/settings/index.js';

/** The company of the tests: two teams, their managers, a director above, an administrator beside. */
export const DEPARTMENTS: Department[] = [
  { id: 1, name: '启明软件', parentid: 0, leaders: ['zongjian'] },
  { id: 2, name: '华东销售部', parentid: 1, leaders: ['lijingli'] },
  { id: 3, name: '华南销售部', parentid: 1, leaders: ['wujingli'] },
  { id: 4, name: '销售运营', parentid: 1, leaders: [] },
];

export const PEOPLE: Person[] = [
  { userid: 'zhangsan', name: '张三', department: [2] },
  { userid: 'lisi', name: '李四', department: [2] },
  { userid: 'lijingli', name: '李经理', department: [2], isLeaderIn: [2] },
  { userid: 'wangwu', name: '王五', department: [3] },
  { userid: 'wujingli', name: '吴经理', department: [3], isLeaderIn: [3] },
  { userid: 'zongjian', name: '赵总监', department: [1], isLeaderIn: [1] },
  { userid: 'guanli', name: '管理员', department: [4] },
];

/** What the product and WeCom know in common, different every time. */
export const newKeys = (): Omit<WecomSettings, 'baseUrl'> => ({
  corpId: `ww${randomBytes(8).toString('hex')}`,
  agentId: 1_000_002,
  secret: randomBytes(16).toString('hex'),
  token: randomBytes(8).toString('hex'),
  encodingAesKey: randomBytes(33).toString('base64').replace(/[+/=]/g, 'x').slice(0, 43),
});
