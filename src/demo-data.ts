import type { Channel, Patch, Tier } from './domain/index.js';

/**
 * The company the demo shows: two sales teams with their managers, and what they have been working on.
 * All names of customers are invented. Days are counted back from the day the demo is first started.
 */
export const CORP = { corpId: 'wwdemo1234567890ab', agentId: 1000002 };

export const DEPARTMENTS = [
  { id: 1, name: '启明软件', parentId: 0, leaders: ['sunlei'] },
  { id: 2, name: '华东销售部', parentId: 1, leaders: ['chenjing'] },
  { id: 3, name: '华南销售部', parentId: 1, leaders: ['liuyang'] },
  { id: 4, name: '销售运营', parentId: 1, leaders: [] },
];

/** `examples`: what the page suggests to say as this person. */
export const PEOPLE = [
  {
    userid: 'zhangwei',
    name: '张伟',
    department: 2,
    position: '销售代表',
    examples: [
      '新建 华为二期 客户华为 300万 需求确认 9月底签',
      '华为二期 谈判 320万 下周五签',
      '蓝湾 谈判',
      '我的商机',
    ],
  },
  {
    userid: 'lina',
    name: '李娜',
    department: 2,
    position: '销售代表',
    examples: [
      '北辰 加10万',
      '今天电话金穗曹行长，合同还在法务，下周二再约',
      '金穗 赢了',
      '今日待办',
    ],
  },
  {
    userid: 'chenjing',
    name: '陈静',
    department: 2,
    position: '华东销售经理',
    leads: true,
    examples: ['谈判阶段有哪些', '本月预测', '蓝湾进展', '建群 大客户攻坚群 @张伟 @李娜'],
  },
  {
    userid: 'wangqiang',
    name: '王强',
    department: 3,
    position: '销售代表',
    examples: ['我的商机', '本周要跟进的', '提醒我 明天下午三点 给佳禾打电话'],
  },
  {
    userid: 'zhaomin',
    name: '赵敏',
    department: 3,
    position: '销售代表',
    examples: ['今天电话东篱潘总，嫌贵，下周三再约', '东篱 降到120万', '今日待办'],
  },
  {
    userid: 'liuyang',
    name: '刘洋',
    department: 3,
    position: '华南销售经理',
    leads: true,
    examples: ['谈判阶段有哪些', '本月预测', '东篱进展'],
  },
  {
    userid: 'sunlei',
    name: '孙磊',
    department: 1,
    position: '销售总监',
    leads: true,
    examples: ['本月预测', '谈判阶段有哪些', '蓝湾 谁改的金额'],
  },
  {
    userid: 'wudi',
    name: '吴迪',
    department: 4,
    position: '系统管理员',
    examples: ['帮助', '我的商机'],
  },
];

export const ADMINS = ['wudi'];

export const GROUPS = [
  {
    id: 'east',
    name: '华东销售群',
    channel: { via: 'appchat', chatId: 'demoEastSales' },
    departmentIds: [2],
    memberIds: ['zhangwei', 'lina', 'chenjing'],
  },
  {
    id: 'south',
    name: '华南销售群',
    channel: { via: 'webhook', keyEnv: 'DEMO_SOUTH_KEY' },
    departmentIds: [3],
    memberIds: ['wangqiang', 'zhaomin', 'liuyang'],
  },
] as const;

/** Something that was said so many days ago, and what it did. */
export type Step =
  | { ago: number; by?: string; said: string; patch: Patch }
  | {
      ago: number;
      by?: string;
      said: string;
      contact: { channel: Channel; who: string };
      nextIn?: number;
      patch?: Patch;
    }
  | { ago: number; by: string; said: string; decide: 'approved' | 'rejected' };

export interface Story {
  title: string;
  customer: string;
  owner: string;
  tier: Tier;
  /** ¥10,000 (万元); null: not known yet. */
  wan: number | null;
  stage: string;
  /** Days from today; negative has passed. */
  closeIn: number | null;
  ago: number;
  who: string;
  steps: Step[];
}

const wan = (amount: number): Patch => ({ amountFen: amount * 1_000_000 });
const to = (stage: string): Patch => ({ stage });

export const STORIES: readonly Story[] = [
  // 华东 · 张伟
  {
    title: '远航物流WMS二期',
    customer: '远航物流集团',
    owner: 'zhangwei',
    tier: 'A',
    wan: 260,
    stage: 'qualify',
    closeIn: 21,
    ago: 40,
    who: '何总',
    steps: [
      {
        ago: 33,
        said: '今天拜访远航物流何总，仓库改造明年一季度启动',
        contact: { channel: 'visit', who: '何总' },
        nextIn: 9,
      },
      { ago: 24, said: '远航 推进到方案 280万', patch: { ...to('propose'), ...wan(280) } },
      {
        ago: 12,
        said: '电话远航何总，IT 已评审通过，价格还要再谈',
        contact: { channel: 'call', who: '何总' },
        nextIn: 7,
      },
      { ago: 5, said: '远航 谈判 300万', patch: { ...to('negotiate'), ...wan(300) } },
      {
        ago: 4,
        said: '微信何总，等他们采购委员会，周后再约',
        contact: { channel: 'wechat', who: '何总' },
        nextIn: 5,
      },
    ],
  },
  {
    title: '晨光制造MES',
    customer: '晨光制造股份',
    owner: 'zhangwei',
    tier: 'B',
    wan: 120,
    stage: 'contact',
    closeIn: 45,
    ago: 26,
    who: '罗工',
    steps: [
      {
        ago: 20,
        said: '拜访晨光罗工，三条产线要联网',
        contact: { channel: 'visit', who: '罗工' },
        nextIn: 8,
      },
      { ago: 9, said: '晨光 到需求确认', patch: to('qualify') },
      {
        ago: 8,
        said: '晨光电话会，需求清单已收',
        contact: { channel: 'meeting', who: '罗工' },
        nextIn: 9,
      },
    ],
  },
  {
    title: '蓝湾银行风控平台',
    customer: '蓝湾银行',
    owner: 'zhangwei',
    tier: 'A',
    wan: 620,
    stage: 'propose',
    closeIn: 33,
    ago: 52,
    who: '姚处',
    steps: [
      {
        ago: 45,
        said: '蓝湾银行姚处看了 demo，反馈不错',
        contact: { channel: 'meeting', who: '姚处' },
        nextIn: 14,
      },
      {
        ago: 21,
        said: '姚处来电，要补两个同业案例',
        contact: { channel: 'call', who: '姚处' },
        nextIn: 7,
      },
      {
        ago: 3,
        said: '蓝湾案例已送，姚处本周组织评审',
        contact: { channel: 'email', who: '姚处' },
        nextIn: 6,
      },
    ],
  },
  {
    title: '青禾教育直播系统',
    customer: '青禾教育',
    owner: 'zhangwei',
    tier: 'C',
    wan: 35,
    stage: 'qualify',
    closeIn: 12,
    ago: 18,
    who: '黄老师',
    steps: [
      {
        ago: 11,
        said: '青禾黄老师说寒假前要上线',
        contact: { channel: 'call', who: '黄老师' },
        nextIn: 12,
      },
    ],
  },
  {
    title: '恒拓能源巡检',
    customer: '恒拓能源',
    owner: 'zhangwei',
    tier: 'B',
    wan: 88,
    stage: 'propose',
    closeIn: -2,
    ago: 60,
    who: '石经理',
    steps: [
      { ago: 41, said: '恒拓 80万', patch: wan(80) },
      { ago: 34, said: '电话石经理，流程卡在安环部', contact: { channel: 'call', who: '石经理' } },
    ],
  },
  {
    title: '云帆跨境ERP',
    customer: '云帆跨境电商',
    owner: 'zhangwei',
    tier: 'C',
    wan: 46,
    stage: 'qualify',
    closeIn: 5,
    ago: 48,
    who: 'Kevin',
    steps: [
      { ago: 30, said: '云帆 方案', patch: to('propose') },
      { ago: 6, said: '云帆 赢了', patch: { outcome: { kind: 'won', reason: null } } },
      { ago: 6, by: 'chenjing', said: '同意', decide: 'approved' },
    ],
  },
  {
    title: '松果连锁会员系统',
    customer: '松果连锁',
    owner: 'zhangwei',
    tier: 'C',
    wan: null,
    stage: 'contact',
    closeIn: null,
    ago: 2,
    who: '田店长',
    steps: [],
  },
  {
    title: '海纳医药CRM',
    customer: '海纳医药',
    owner: 'zhangwei',
    tier: 'B',
    wan: 150,
    stage: 'propose',
    closeIn: 8,
    ago: 55,
    who: '苏总监',
    steps: [
      { ago: 16, said: '海纳丢了，价格', patch: { outcome: { kind: 'lost', reason: '价格' } } },
    ],
  },

  // 华东 · 李娜
  {
    title: '北辰汽车数据中台',
    customer: '北辰汽车',
    owner: 'lina',
    tier: 'A',
    wan: 480,
    stage: 'propose',
    closeIn: 28,
    ago: 44,
    who: '魏总',
    steps: [
      {
        ago: 30,
        said: '北辰魏总来访，看了机房',
        contact: { channel: 'visit', who: '魏总' },
        nextIn: 10,
      },
      { ago: 10, said: '北辰 谈判', patch: to('negotiate') },
      {
        ago: 4,
        said: '电话北辰魏总，付款要分三期',
        contact: { channel: 'call', who: '魏总' },
        nextIn: 6,
      },
    ],
  },
  {
    title: '北辰汽车售后知识库',
    customer: '北辰汽车',
    owner: 'lina',
    tier: 'A',
    wan: 65,
    stage: 'contact',
    closeIn: 60,
    ago: 13,
    who: '魏总',
    steps: [
      {
        ago: 7,
        said: '售后部想先看样例',
        contact: { channel: 'wechat', who: '吕经理' },
        nextIn: 10,
      },
    ],
  },
  {
    title: '星野食品供应链',
    customer: '星野食品',
    owner: 'lina',
    tier: 'B',
    wan: 95,
    stage: 'qualify',
    closeIn: 37,
    ago: 29,
    who: '卢总',
    steps: [
      { ago: 22, said: '星野 方案 110万', patch: { ...to('propose'), ...wan(110) } },
      {
        ago: 15,
        said: '微信卢总，方案已发，等反馈',
        contact: { channel: 'wechat', who: '卢总' },
        nextIn: 14,
      },
    ],
  },
  {
    title: '澄江水务物联网',
    customer: '澄江水务',
    owner: 'lina',
    tier: 'B',
    wan: 210,
    stage: 'qualify',
    closeIn: 70,
    ago: 34,
    who: '范主任',
    steps: [
      {
        ago: 27,
        said: '拜访范主任，预算要等明年批',
        contact: { channel: 'visit', who: '范主任' },
        nextIn: 33,
      },
    ],
  },
  {
    title: '拓荒者软件OEM',
    customer: '拓荒者软件',
    owner: 'lina',
    tier: 'C',
    wan: 18,
    stage: 'contact',
    closeIn: 15,
    ago: 8,
    who: '叶总',
    steps: [
      {
        ago: 1,
        said: '叶总来电问价，先报了 18 万',
        contact: { channel: 'call', who: '叶总' },
        nextIn: 4,
      },
    ],
  },
  {
    title: '金穗农商行数据治理',
    customer: '金穗农商行',
    owner: 'lina',
    tier: 'A',
    wan: 340,
    stage: 'propose',
    closeIn: 3,
    ago: 66,
    who: '曹行长',
    steps: [
      { ago: 18, said: '金穗 谈判', patch: to('negotiate') },
      { ago: 7, said: '金穗签约推到下周', patch: { closeOn: '+3' } },
      {
        ago: 5,
        said: '电话曹行长，合同在法务',
        contact: { channel: 'call', who: '曹行长' },
        nextIn: 6,
      },
    ],
  },
  {
    title: '明台建设项目管理',
    customer: '明台建设',
    owner: 'lina',
    tier: 'C',
    wan: 52,
    stage: 'propose',
    closeIn: 20,
    ago: 39,
    who: '邓工',
    steps: [
      {
        ago: 25,
        said: '邓工说要和竞品比一轮',
        contact: { channel: 'meeting', who: '邓工' },
        nextIn: 26,
        patch: { addCompetitors: ['筑云'] },
      },
    ],
  },

  // 华南 · 王强
  {
    title: '鹏程电子ERP升级',
    customer: '鹏程电子',
    owner: 'wangqiang',
    tier: 'A',
    wan: 530,
    stage: 'propose',
    closeIn: 26,
    ago: 50,
    who: '梁总',
    steps: [
      {
        ago: 28,
        said: '鹏程梁总确认了范围',
        contact: { channel: 'meeting', who: '梁总' },
        nextIn: 12,
      },
      { ago: 9, said: '鹏程 谈判', patch: to('negotiate') },
      { ago: 9, by: 'liuyang', said: '同意', decide: 'approved' },
      {
        ago: 2,
        said: '电话梁总，差最后一轮价格',
        contact: { channel: 'call', who: '梁总' },
        nextIn: 5,
      },
    ],
  },
  {
    title: '南溪旅游小程序',
    customer: '南溪旅游',
    owner: 'wangqiang',
    tier: 'C',
    wan: 22,
    stage: 'qualify',
    closeIn: 10,
    ago: 15,
    who: '温经理',
    steps: [
      {
        ago: 6,
        said: '温经理要加会员积分',
        contact: { channel: 'wechat', who: '温经理' },
        nextIn: 8,
        patch: wan(26),
      },
    ],
  },
  {
    title: '锐行出行调度系统',
    customer: '锐行出行',
    owner: 'wangqiang',
    tier: 'B',
    wan: 175,
    stage: 'qualify',
    closeIn: 40,
    ago: 31,
    who: '韩总',
    steps: [
      { ago: 19, said: '锐行 方案', patch: to('propose') },
      {
        ago: 13,
        said: '拜访韩总，试点两个城市',
        contact: { channel: 'visit', who: '韩总' },
        nextIn: 15,
      },
    ],
  },
  {
    title: '佳禾纺织排产',
    customer: '佳禾纺织',
    owner: 'wangqiang',
    tier: 'B',
    wan: 78,
    stage: 'contact',
    closeIn: 55,
    ago: 70,
    who: '谢总',
    steps: [{ ago: 36, said: '谢总出国，回来再谈', contact: { channel: 'call', who: '谢总' } }],
  },
  {
    title: '天璇证券机构端',
    customer: '天璇证券',
    owner: 'wangqiang',
    tier: 'A',
    wan: 410,
    stage: 'propose',
    closeIn: 48,
    ago: 37,
    who: '严总',
    steps: [
      { ago: 8, said: '天璇招标文件下周出', contact: { channel: 'call', who: '严总' }, nextIn: 10 },
    ],
  },
  {
    title: '榕城百货导购',
    customer: '榕城百货',
    owner: 'wangqiang',
    tier: 'C',
    wan: 30,
    stage: 'propose',
    closeIn: 2,
    ago: 42,
    who: '方总',
    steps: [
      { ago: 5, said: '榕城赢了', patch: { outcome: { kind: 'won', reason: '交付快' } } },
      { ago: 4, by: 'liuyang', said: '同意', decide: 'approved' },
    ],
  },
  {
    title: '起点健身门店系统',
    customer: '起点健身',
    owner: 'wangqiang',
    tier: 'C',
    wan: 16,
    stage: 'contact',
    closeIn: 30,
    ago: 6,
    who: '马教练',
    steps: [],
  },

  // 华南 · 赵敏
  {
    title: '越秀港口调度',
    customer: '越秀港口',
    owner: 'zhaomin',
    tier: 'A',
    wan: 760,
    stage: 'propose',
    closeIn: 50,
    ago: 58,
    who: '郭总',
    steps: [
      {
        ago: 35,
        said: '港口郭总安排了现场调研',
        contact: { channel: 'visit', who: '郭总' },
        nextIn: 15,
      },
      {
        ago: 17,
        said: '调研报告已交，领导认可',
        contact: { channel: 'meeting', who: '郭总' },
        nextIn: 18,
      },
    ],
  },
  {
    title: '银杏养老平台',
    customer: '银杏养老',
    owner: 'zhaomin',
    tier: 'C',
    wan: 40,
    stage: 'qualify',
    closeIn: 35,
    ago: 21,
    who: '秦院长',
    steps: [
      {
        ago: 14,
        said: '秦院长要先看一家标杆',
        contact: { channel: 'call', who: '秦院长' },
        nextIn: 16,
      },
    ],
  },
  {
    title: '瀚海科技算力租赁',
    customer: '瀚海科技',
    owner: 'zhaomin',
    tier: 'B',
    wan: 230,
    stage: 'propose',
    closeIn: 18,
    ago: 33,
    who: '程总',
    steps: [
      { ago: 20, said: '瀚海 谈判 250万', patch: { ...to('negotiate'), ...wan(250) } },
      { ago: 6, said: '程总压价，降到 225 万', patch: wan(225) },
      {
        ago: 3,
        said: '微信程总，等董事会',
        contact: { channel: 'wechat', who: '程总' },
        nextIn: 7,
      },
    ],
  },
  {
    title: '白鹭传媒投放系统',
    customer: '白鹭传媒',
    owner: 'zhaomin',
    tier: 'C',
    wan: 28,
    stage: 'qualify',
    closeIn: 24,
    ago: 16,
    who: '段总',
    steps: [
      { ago: 10, said: '段总要周报样例', contact: { channel: 'email', who: '段总' }, nextIn: 13 },
    ],
  },
  {
    title: '东篱乳业溯源',
    customer: '东篱乳业',
    owner: 'zhaomin',
    tier: 'B',
    wan: 132,
    stage: 'propose',
    closeIn: 14,
    ago: 47,
    who: '潘总',
    steps: [
      {
        ago: 23,
        said: '潘总对溯源码很感兴趣',
        contact: { channel: 'visit', who: '潘总' },
        nextIn: 15,
      },
      { ago: 2, said: '东篱签约推到月底', patch: { closeOn: '+14' } },
    ],
  },
  {
    title: '信步鞋业分销',
    customer: '信步鞋业',
    owner: 'zhaomin',
    tier: 'C',
    wan: 33,
    stage: 'propose',
    closeIn: 6,
    ago: 53,
    who: '汪总',
    steps: [
      { ago: 11, said: '信步丢了，选了别家', patch: { outcome: { kind: 'lost', reason: '竞品' } } },
    ],
  },
  {
    title: '长风重工备件',
    customer: '长风重工',
    owner: 'zhaomin',
    tier: 'A',
    wan: 390,
    stage: 'qualify',
    closeIn: 62,
    ago: 24,
    who: '丁部长',
    steps: [
      {
        ago: 9,
        said: '丁部长本月在海外，月底回',
        contact: { channel: 'wechat', who: '丁部长' },
        nextIn: 12,
      },
    ],
  },
  {
    title: '初见咖啡点单',
    customer: '初见咖啡',
    owner: 'zhaomin',
    tier: 'C',
    wan: 12,
    stage: 'contact',
    closeIn: 22,
    ago: 1,
    who: '乔总',
    steps: [],
  },
];
