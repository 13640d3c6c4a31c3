import { HAN } from '../characters.js';
import type { Found } from '../scene.js';
import { matches } from '../scene.js';
import { KNOWN_RIVALS } from './rivals.js';
import { sought } from '../sought.js';
import type { Sought } from '../sought.js';

const NAME = `([a-z][a-z0-9+.]{1,20}(?: (?!and|at|in)[a-z][a-z0-9]{1,15})?|[${HAN}a-z0-9]{2,10}?)`;
const END =
  '(?=$|[\\s,，、;；。.!?()和与跟及]|还有|也|都|的|在|这次|报|给|出|比|他们|这边|那边|介入|进来|入场|价格|两家|三家|抢|低价|降价|谈|接触|聊|对接|测试|试用|交流|沟通|已经|退出|最近|最|一起|正在|方案|动作|优势|进场|进了|来了|这家|做|有|提|跟|又|再|来|了)';
const NOT_A_NAME =
  /^(?:谁|哪家|哪些|什么|没有?|无|暂无|不多|情况|分析|还没|那边|他们|我们|客户|价格|报价|友商|对手|竞品|另外|其他|别家|其它|很多|太多|几家|两家|三家|一家|已经|可能|已|也|退出|出局|介入|动作|目前|主要|都|是|这次|的|在|我方|老板|方案|产品|系统|同类|一款|一个|自己|自家|国外|国内|本地|别人|人家|他|它|她|我|你|今天|明天|昨天|下周|上周|竞争|样品|关系|低价|压价|便宜|背景|实力|很[强硬好]|下一步|接下来|后续|接口|比我们|比较|更[低好便强]|抢|报价|太[贵强低]|价格|优势|现场|合同|标书|技术|需求|预算|最新|更新|新增|多了|出现|来了|加|改|[高低贵]了|渠道|代理|集成商|总包|伙伴|供应商|厂家|厂商|经销)/;

const PATTERNS: readonly Sought[] = [
  new RegExp(
    `(?:竞争对手|竞对|竞品|友商|对手|competitor|竞争者|竞争方|竞争厂商)(?:主要|目前|这次|现在|新增|更新|增加|添加|补充|又|还|多了|出现了?|加|改成|改为|换成|变成|就)*(?:一?家[,，] ?)?(?:是|为|有|:|叫|一?个|一?家|了| )*${NAME}${END}`,
    'gu',
  ),
  new RegExp(
    `(?:除了我们(?:家)?,?(?:还|另)有|同时在看|同时也?在?(?:看|评估|接触|谈|对比|测试|试用|考虑|考察)|也在(?:看|评估|接触|谈|对比|比(?!较)|测试|试用|考虑|用|考察|找|询|约)|还在(?:看|评估|接触|谈|对比|测|试用|考虑|考察)|在(?:对比|比较|评估|试用)|正在(?:看|评估|对比|接触)|(?:也|还|同时|一直|正)在(?:跟|和|与)(?!我|咱|他|你|客户|对方|领导|老板|法务|采购|技术|财务|业务)(?=[^,，。;；\\s]{2,12}(?:谈|接触|聊|对接|测试|交流|沟通))|对比了?|在看|还看了|也看了|另外在看|又(?:找|约|看)了|引入了|引进了?|拉了|(?:也|还)(?:约|找|请)了|(?:倾向|偏向)于?(?:用|选|买|上|采用)?|更?看好|考虑用|比较中意)\\s*${NAME}(?:(?:的)?(?:方案|产品|系统|软件|平台|demo|报价)?)${END}`,
    'gu',
  ),
  new RegExp(
    `(?:被|输给了?|败给了?|丢给了?|让|给了|签给了?|签了|选了|选择了|定了|用了|换成了?|改用|采用了|最终选了|最后选了)\\s*${NAME}(?:(?:抢|拿|截|撬|挖|翘|中标|签|做|中|抢先|低价|搞)(?:走|去|了|下|单|胡)*|(?:的)?(?:方案|产品|系统|软件|平台)?)${END}`,
    'gu',
  ),
  new RegExp(
    `(?:^|[\\s,，;。、]|[那这]边|说|好像|听说)${NAME}(?:也)?(?:介入了?|入局|入场了?|进场了?|进来了|在抢|也在跟|也在抢|也在推|也在谈|也在报|也在送样|也在打样|也在试|也在投|也来了|也报了?价?|来抢|也投了标|也参与|参与竞标|也去了|也进来了|也在接触|在搅局|搅局|跟我们抢|在跟我们竞争|也入围|也在围标|也在竞标|掺和进来)`,
    'gu',
  ),
  /(?:^|[\s,，;。、\ue001]|那边)([a-z][a-z0-9]{1,15})也在投(?![产资入])/gu,
].map(sought);
const AND = new RegExp(
  `^(?:(?:和|、|与|跟|以及|及|/|还有) ?| (?=${KNOWN_RIVALS}))${NAME}${END}`,
  'u',
);

/** “客户在对比我们和汉得”, “在我们和汉得之间选” */
const BESIDE_US = sought(new RegExp(`我们(?:家)?(?:和|跟|与|、)${NAME}(?:之间|两家|${END})`, 'gu'));
/** A rival everybody knows, doing what rivals do. */
const RIVAL_ACTS = sought(
  new RegExp(
    `(?<![a-z])(${KNOWN_RIVALS})(?![a-z])(?!的?(?:接口|对接|集成|打通|数据|系统对接))(?=[^,，。;；]{0,10}(?:报|出价|给了|也|在|介入|进来|抢|低|便宜|优势|关系|演示|方案|入围|来|压|竞争|很|跟|参与|投标|更|已经|的|太|贵|价格|又))`,
    'gu',
  ),
);

/** What the customer works with today is what we are up against. */
const RIVAL_USED = sought(
  new RegExp(
    `(?:在用|用的?是|现用|用着|原来用|以前用|一直用)(?:的?是)?(${KNOWN_RIVALS})(?![a-z])`,
    'gu',
  ),
);

const EACH_RIVAL = new RegExp(KNOWN_RIVALS, 'g');

export interface CompetitorReading {
  readonly competitors: readonly Found<string>[];
}

/** Names of rivals, which need not be in any lexicon. `losing` widens the search to who won instead. */
export function readCompetitors(text: string, losing: boolean): CompetitorReading {
  const found: Found<string>[] = [];
  for (const m of matches(text, BESIDE_US)) {
    const name = m[1] ?? '';
    if (!NOT_A_NAME.test(name)) add(found, m.index + m[0].indexOf(name), name);
  }
  PATTERNS.forEach((pattern, i) => {
    if (found.length > 0 || (i === 2 && !losing)) return;
    for (const m of matches(text, pattern)) {
      const name = m[1] ?? '';
      if (NOT_A_NAME.test(name) || /[\ue001-\ue009]/.test(name)) continue;
      if (
        i === 1 &&
        /^(?:在看|在跟|跟|对比|倾向|看好|考虑)/.test(m[0]) &&
        !/[a-z]/.test(name) &&
        !/(?:软件|科技|信息|集团|云|友|蝶)$/.test(name)
      )
        continue;
      const start = m.index + m[0].indexOf(name);
      add(found, start, name);
      let at = start + name.length;
      for (
        let next = AND.exec(text.slice(at));
        next && found.length < 6;
        next = AND.exec(text.slice(at))
      ) {
        const more = next[1] ?? '';
        if (NOT_A_NAME.test(more) || /[\ue001-\ue009]/.test(more)) break;
        const begin = at + next[0].length - more.length;
        add(found, begin, more);
        at = begin + more.length;
      }
    }
  });
  if (found.length === 0)
    for (const pattern of [RIVAL_ACTS, RIVAL_USED])
      for (const m of matches(text, pattern))
        add(found, m.index + m[0].indexOf(m[1] ?? ''), m[1] ?? '');
  return { competitors: found };
}

function add(found: Found<string>[], start: number, words: string): void {
  const known = words.match(EACH_RIVAL);
  if (known && known.length > 1 && known.join('') === words.replace(/[和与跟及、]/g, '')) {
    // 用友金蝶, 用友和金蝶: two rivals in one breath.
    let at = 0;
    for (const rival of known) {
      at = words.indexOf(rival, at);
      add(found, start + at, rival);
      at += rival.length;
    }
    return;
  }
  const value = words.replace(/(?:那边|这边|他们|家)$/, '');
  if (value.length >= 2 && !found.some((other) => other.value === value))
    found.push({ start, end: start + value.length, value });
}
