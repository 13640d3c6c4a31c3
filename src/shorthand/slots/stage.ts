import { Characters } from '../characters.js';
import type { ReadStageId, StageWords } from '../reading.js';
import { ANY_MARK, MARK, matches } from '../scene.js';
import type { Found, Range } from '../scene.js';
import { fold } from '../lexer.js';
import { sought } from '../sought.js';
import { KNOWN_RIVALS } from './rivals.js';

export interface StageReading {
  readonly stage: Found<ReadStageId> | undefined;
  readonly move: Found<'next' | 'prev'> | undefined;
  /** The stage is stated as a field, or named after a movement, as opposed to talked about. */
  readonly ranges: readonly Range[];
}

export interface StageGrammar {
  read(text: string): StageReading;
  /** The stage named anywhere in a question. */
  named(text: string): Found<ReadStageId> | undefined;
}

const MOVES =
  '(?:推进到了?|推进至|推进|推到了?|推到|推至|推|进入到?了?|进到了?|进展到了?|进了|进|转到了?|转入了?|转成|转为|转|来到了?|走到了?|走完进|做到了?|到达了?|到了|到|至|改到|改成|改为|改回|改|更新为|更新到|更新成|更新|调整到|调整为|调整成|调到|调为|调成|设为|设成|变更为|变更到|变更成|变成|变为|变|升级到了?|升级为|升到了?|升至|升|提到|挪到|挪|移到|拉到|拉回|拖到|切到|切换到|切换为|切换成|切|退回到?了?|退到了?|退至|退回|退|打回到?了?|打回|回退到?了?|回退至|回到了?|回到|降到|降回|跳到|跳过到|直接到|开始|启动|标为|标记为|标成|放到|先?挂|置为|走|先按|就按|暂按|算|→|->|=>|>|move to|moved to|to|into|in|at|go to|advance to|现在是|目前是|当前是|现在处于|处于|目前在|现在在|已经在|已在|已是|正在|停在|卡在|还是|应该是|是|在|为)';
/** 试用纷享销客: they try a rival's. */
const RIVAL_NEXT = new RegExp(`^(?:了|着|过)?(?:${KNOWN_RIVALS})`);
const LEAVES = /(?:从|由|离开)\s*$/;
const DONE =
  /^(?:阶段|环节|工作)?(?:都|已经?|就|算是?)?(?:做完了?|完成了?|完了?|结束了?|过了|通过了?|搞完了?|弄完了?|走完了?|搞定了?|没问题了?|不顺利?|不太顺利?|受阻|卡住了?|卡壳|有问题|失败|谈崩|黄了|没过|不行|好了|做好了|ok了?|跑完了?|跑通了?)/;
const NOT_YET =
  /(?:没有?|还没有?|未|尚未|别|不要|不用|先别|先不|暂不|暂时不|不能|不会|没法|不|差点|差一点|快要?|即将|马上要?|准备|打算|想|希望|争取|尽快|下一步|接下来|计划|如果|要是|能不能|可以|何时|什么时候|应该能|可能|也许|等|待|之前|预计|估计|需要|要)(?:再|能|会|就|直接|把[^,]{0,6})?\s*$/;
const STILL = /(?:还|仍|依然|一直|仍然|依旧)\s*(?:停留?|卡|处)?\s*$/;
const SUFFIX = '(?:阶段|环节|的?阶段了?|这个?阶段|期(?![间待权末]))?';

const NEXT = sought(
  /(?:推进?到?|进入?到?|转到?|往|走到?|去|升到?|move to |go to )?(?:了)?下一?(?:个)?(?:阶段|环节|步骤|关)|(?:往前|向前|前进|推进|再推|再进|进|升|晋)(?:推进?|走|进)?(?:了)?(?:一|1)(?:个)?(?:步(?!说|讲|确认|沟通|了解|推进|讨论|跟进)|级|阶段|格|档|环)|next stage|推(?:进)?(?:到)?(?:下一步)(?=$|[\s,.。;!])|进(?:入)?下一步(?=$|[\s,.。;!])|往(?:前|下)推(?:进)?(?:一个?阶段|一步|一格|一级)|往(?:前|下)推(?:一推|一下)?(?=$|[\s,.。;!了])|下一阶段/,
);
const PREV = sought(
  /(?:退回?到?|回退到?|回到|打回到?|倒退?|往后?退|往回退|降回?|撤回到?|改回|拉回|退到)?(?:了)?(?:上|前)一?(?:个)?(?:阶段|环节|步骤|步(?!步))|(?:退回?|回退|往回退|后退|倒退|降)(?:了)?(?:一|1)(?:个)?(?:步|级|阶段|格|档|环)|previous stage|one stage back|stage back|阶段(?:退回|回退)/,
);

/** The grammar for a pipeline's stage words, built once. */
export function createStageGrammar(stages: readonly StageWords[]): StageGrammar {
  const idOf = new Map<string, ReadStageId>();
  for (const stage of stages) {
    for (const words of [stage.name, ...stage.alsoSaid]) idOf.set(fold(words), stage.id);
  }
  const words = [...idOf.keys()]
    .filter((w) => w !== '')
    .sort((a, b) => b.length - a.length)
    .map(escape)
    .join('|');
  /** Without one of these no stage is named; many messages are done here. */
  const heads = new Characters([...idOf.keys()].map((said) => said.charAt(0)));
  const anyStage = new RegExp(`(?:${words})`, 'g');
  const moved = new RegExp(`(${MOVES})\\s*[:"]?\\s*(${words})"?${SUFFIX}(?:了|中)?`, 'g');
  const labelled = new RegExp(
    `(?:阶段|stage|状态)(?:是|为|:|=|→|->|到|改成|改为|更新为|更新成|调整为|变成|\\s)\\s*(${words})${SUFFIX}|(?<![\\u4e00-\\u9fff])阶段(${words})(?=$|[\\s,;.。!、${ANY_MARK}])`,
    'g',
  );
  const phase = new RegExp(`(${words})(?:阶段|环节)(?:了)?`, 'g');
  const bare = new RegExp(
    `(?<=^|[\\s,;:、|/.\\-\\[\\]${ANY_MARK}])(${words})${SUFFIX}(?:了|中)?(?=$|[\\s,;.。!、|/\\]${ANY_MARK}])`,
    'g',
  );

  const candidates = (
    text: string,
  ): { start: number; end: number; id: ReadStageId; sure: boolean }[] => {
    const found: { start: number; end: number; id: ReadStageId; sure: boolean }[] = [];
    if (!heads.isIn(text)) return found;
    const accept = (m: RegExpExecArray, word: string, sure: boolean): void => {
      const id = idOf.get(word);
      const end = m.index + m[0].length;
      const left = text.slice(Math.max(0, m.index - 10), m.index);
      if (RIVAL_NEXT.test(text.slice(end, end + 12))) return;
      if (!id || LEAVES.test(left) || NOT_YET.test(left) || STILL.test(left)) return;
      if (DONE.test(text.slice(end, end + 8)) && !/[了中]$/.test(m[0])) return;
      if (
        DONE.test(text.slice(end - (/了$/.test(m[0]) ? 1 : 0), end + 8)) &&
        !/^了(?:$|[\s,;.。!])/.test(text.slice(end - 1, end + 1))
      )
        return;
      if (
        /^(?:的|书|会|稿|协议|合同|报告|账号|数据|结果|表|里|性|费|员|人|群|价|时|后|前|上|过程|对象|文件|材料|标书|条款|团队|那边|经理|负责|总监|部|给|还|要|没|发|不|写|讲|做|改|有|很|比较|太|挺|需要|得|可以)/.test(
          text.slice(end, end + 4),
        ) &&
        !/(?:阶段|环节)(?:了)?$/.test(m[0])
      )
        return;
      found.push({ start: m.index, end, id, sure });
    };
    for (const m of matches(text, labelled)) accept(m, m[1] ?? m[2] ?? '', true);
    for (const m of matches(text, moved)) {
      // 下周一开始调研 is an appointment; “开始谈判了” a movement.
      if (/^(?:开始|启动)/.test(m[1] ?? '') && text[m.index - 1] === MARK.day) continue;
      accept(m, m[2] ?? '', true);
    }
    for (const m of matches(text, bare)) if (!isAppointment(text, m)) accept(m, m[1] ?? '', false);
    for (const m of matches(text, phase)) accept(m, m[1] ?? '', false);
    return found;
  };

  return {
    read(text) {
      const all = candidates(text);
      const sure = all.filter((candidate) => candidate.sure);
      const chosen = (sure.length > 0 ? sure : all).reduce<(typeof all)[number] | undefined>(
        (last, next) => (!last || next.start >= last.start ? next : last),
        undefined,
      );
      const ranges = chosen ? [{ start: chosen.start, end: chosen.end }] : [];
      if (chosen)
        return {
          stage: { start: chosen.start, end: chosen.end, value: chosen.id },
          move: undefined,
          ranges,
        };
      const move = stageMove(text);
      return { stage: undefined, move, ranges: move ? [move] : ranges };
    },
    named(text) {
      const m = matches(text, anyStage)[0];
      const id = m && idOf.get(m[0]);
      return m && id ? { start: m.index, end: m.index + m[0].length, value: id } : undefined;
    },
  };
}

/** 下周三方案汇报 is an appointment; “12.20 谈判 50万” are fields. */
function isAppointment(text: string, m: RegExpExecArray): boolean {
  const left = text.slice(Math.max(0, m.index - 2), m.index);
  const isActivity = /汇报|讲解|演示|调研|沟通|投标|招标|demo/.test(m[0]);
  const behind = text.slice(m.index + m[0].length);
  if (isActivity && behind.startsWith(MARK.day)) return true;
  // “demo 下周一 3pm” too, unless money beside it shows that fields are listed.
  if (isActivity && /^ \ue003/.test(behind) && !text.includes(MARK.amount)) return true;
  return left.endsWith(MARK.day) || (/\ue003 $/.test(left) && isActivity);
}

function stageMove(text: string): Found<'next' | 'prev'> | undefined {
  for (const [pattern, value] of [
    [PREV, 'prev'],
    [NEXT, 'next'],
  ] as const) {
    const m = pattern.exec(text);
    if (!m) continue;
    const end = m.index + m[0].length;
    const left = text.slice(Math.max(0, m.index - 8), m.index);
    // 可以进下一阶段了: not merely possible, but time.
    const due = /可以$/.test(left) && text[end] === '了';
    if (due || !NOT_YET.test(left)) return { start: m.index, end, value };
  }
  return undefined;
}

function escape(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
