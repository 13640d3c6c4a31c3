import { KNOWN_RIVALS } from './slots/rivals.js';
import type { Range } from './scene.js';
import { clauseStart, matches } from './scene.js';
import { sought } from './sought.js';

/** An intent and the words it was told by. */
export interface IntentHit extends Range {
  readonly words: string;
}

const hit = (m: RegExpExecArray | null): IntentHit | undefined =>
  m ? { start: m.index, end: m.index + m[0].length, words: m[0] } : undefined;

// ── whole-message orders ────────────────────────────────────────────────────────────────────────

const HELP = sought(
  /^\s*(?:help|\?|\/help|帮助|帮助一下|使用帮助|使用说明|说明书?|怎么用|怎么使用|如何使用|用法|教程|指令(?:列表|大全)?|命令(?:列表)?|功能(?:列表|介绍)?|菜单|你(?:都)?(?:能|会|可以)(?:都)?(?:做|干|帮我做|帮我干)?(?:些|点)?(?:什么|啥|嘛)(?:事|活)?|你有(?:什么|哪些|啥)功能|能(?:做|干)(?:些)?(?:什么|啥)|有(?:什么|哪些|啥)(?:功能|命令|指令)|(?:你(?:这个?)?|(?:这个?|你这个?|咱们?这个?)?(?:机器人|助手|玩意儿?|系统|东西|工具|bot|应用)|这个?)(?:到底|究竟)?(?:要|该|应该)?(?:怎么|如何|咋)(?:用|使用|玩|操作|弄)(?:的)?|(?:怎么|如何|咋)(?:新建|建|创建|更新|改|修改|录入|录|推进|撤销|设置|查询|查|用|使用|操作|赢单|转派|分配|提醒|记录|写|跟你说|给你发|发指令|加)(?:一个|个)?(?:商机|金额|阶段|跟进|提醒|机器人|你|这个|这个机器人|单子|日期|机会|助手|系统|客户)?(?:啊|呢|呀)?|教我(?:怎么用|一下|用|怎么.{1,8})|给(?:我)?(?:个|一个)?(?:例子|示例|帮助)|举个例子|支持(?:哪些|什么)(?:命令|指令|操作|功能)?|我(?:应该|该|要)怎么(?:说|用|输|操作|写).{0,8}|不会用|不知道怎么用|新手(?:指南|引导|教程)|操作(?:手册|指南|说明)|help me|how (?:do|to|can) .{0,30}|what can you do)[\s?!.。,，~啊呢呀吗]*(?:教我?一?下|教教?我|求教)?[\s?!.。~吧呗啊]*$/,
);
/** The same asked in a sentence: how a thing is said, what to do after a slip, where the manual is. */
const HELP_ASKED = sought(
  /^\s*(?:请问|那个?|诶|欸|喂)?[\s,，]*(?:(?:怎么|如何|咋)(?:用|使用|玩|操作)(?:的)?[啊呢呀]*(?:这个?|你)?|(?:我)?(?:想|要|如果想?|要是想?)[^,，。\d]{1,12}?(?:该|应该|要|得|是)?(?:怎么|如何|咋)(?:跟你)?(?:说|写|输入?|打字?|发|操作|弄)|(?:我|要是|如果|万一)?[录写记发输改点弄搞建填]错了?(?:的话|了)?[,，]?(?:该|要|应该)?(?:怎么|如何|咋)(?:撤销|撤回|修改|改|更正|改回来?|办|弄)|(?:使用)?(?:说明书?|教程|手册)(?:发|给)(?:我|一下)(?:一?份|看看|看)?(?:[\s,，]*(?:我)?(?:还)?不(?:太)?会用)?|(?:帮我|给我)?(?:看看?|看下|问下|说说|讲讲|查查?|介绍一?下)?(?:你|这个)?(?:都|目前)?(?:支持|认识|能识别|听得懂)(?:哪些|什么|啥)(?:指令|命令|操作|功能|说法)?)[\s?!.。~啊呢呀吗]*$/,
);
const UNDO_VERB = sought(
  /撤销|撤回|撤消|撤了|undo|回滚|回退(?!到|[上至])|回退一?下?上一步|还原|复原|恢复|rollback|revert|收回|改回(?:去|来|原来)|退回去|取消(?:掉)?(?:刚才|刚刚|上一?[条步个次]|最后)|撤掉|撤(?=一下|下$|吧|$|刚|上一)|当我没说|不算数?|作废|反悔|(?:别|不用|不要)记了?|(?:刚才|刚刚|上一?[条步个次]|最后一?[条步次])(?:那?[条个步])?(?:的)?(?:操作|修改|更新)?[\s,，]*(?:我|给我)?(?:[录写记发输改点弄搞]?错了?)?[\s,，]*(?:就)?(?:取消|删掉?|去掉|不要了?)|(?:删掉?|去掉|取消)(?:刚才|刚刚|上一?|最后)(?:那|一)?[条个步次]/,
);
const NOT_UNDO =
  /不(?:要|用|能|想|准)?撤|别撤|撤(?:标|资|场|单|诉|柜|店|展)|撤回(?:申请|审批|投标)|恢复(?:供货|生产|合作|联系|沟通|正常|谈判|供应)|收回(?:货款|款|成本)|\?|吗$|怎么|如何/;
/** What may stand beside the verb: apologies, which step, fillers. */
const UNDO_FILLER =
  /错(?:客户|金额|阶段|日期|时间|人|单子?)|对于?(?=\s)|回退|撤销|撤回|撤消|撤了|撤|undo|回滚|还原|复原|恢复|rollback|revert|收回|改回|退回去|取消|当我没说|不算数?|作废|反悔|不对|错了|错|算了|哎呀?|啊|额|呃|等等|等下|抱歉|不好意思|sorry|搞|弄|写|输|发|打|说|点|改|记|录|做|混|手滑|手误|刚才|刚刚|刚|我|那个|帮我?|麻烦|请|给我|快|把|上一|上|最后|最近|前|一|条|步|次|个|那|这|面|的|操作|修改|更新|记录|改动|内容|一下|下|掉|了|吧|到|成|为|之|原来|原样|状态|样子|来|去|删|要|不|别|并|就|都|全|呢|说|才|全部|数|last|the|it|that|please/g;
const MISTAKE = sought(
  /^\s*(?:刚才|刚刚|刚|我|哎呀?|啊|抱歉|不好意思)*[\s,，]*(?:不对|错了|搞错了?|弄错了?|写错了?|输错了?|发错了?|打错了?|点错了?|改错了?|记错了?|搞混了?|手滑了?|手误|发错人了|按错了)[\s,，。.!]*(?:不算|不要了|取消|作废|重来|当我没说|忽略|删掉|别记|别记了|不用记)?(?:刚才那条|刚才的|上一条|那条|这条|了)?[\s,，。.!]*$/,
);

const APPROVE = sought(
  /^\s*(?:这个?|这单|该申请)?(?:好的?|行|嗯|可以|没问题|ok)?[\s,，、!！]*(?:(?:我)?(?:同意|批准|批了?(?:批了?)?|准了|准|核准|通过|审批通过|批准通过|approve[d]?|agree[d]?|lgtm|pass|可以批|没意见|放行|给过|过了|予以通过|准许|照准|批给他|同意通过)(?:同意|批准|准了|通过)?(?:了|吧|的|啦|!|审批|申请|这个|这单|该|此|它|他|这条|一下)*)[\s,，。.!！~]*(?:(?:审批单?|申请单?|单号|编号)?\s*#?\s*\d{1,8}(?:\s*号)?)?[\s,，]*(?:可以|没问题|抓紧|赶紧|尽快|继续|正常|直接|往下|那就|就|按|走|去|办|签|发|下单|流程|推进|执行|安排|一下|吧|了|辛苦|谢谢|thanks?|加油|[\s,，!！。])*$/,
);
const APPROVE_REF = sought(
  /^\s*(?:(?:审批|申请|单号|编号|ref)?\s*#?\s*(\d{1,8})\s*(?:号)?(?:的)?(?:审批|申请|单|那个|这个)?[\s,，:]*(?:同意|批准|通过|批了|准了|approve[d]?|ok|可以))[\s!！。.]*$/,
);
const APPROVE_ANY = sought(
  /^\s*(?:行|好的?|可以|嗯|ok)[,，!]?[^,，。;；\n?？吗没不]{0,8}[,，](?:就)?(?:同意|批了|通过|准了)(?:吧|了)?[\s!！。.]*$|^\s*(?:ok|好的?|行|嗯|可以)?[\s,，]*(?:同意|批准|通过|批了|approve)(?:[^,，。;；\n?？吗没]{0,16})(?:的?(?:审批|申请|商机|推进|请求|赢单|折扣|报价|单子|改价))[\s!！。.了吧]*$/,
);
const REJECT = sought(
  /^\s*(?:这个?|该)?(?:折扣|价格?|申请|单子?|报价)[^,，。;；]{0,4}(?:不批(?!评)|不同意|驳回|批不了)|^\s*(?:这个|这单|该|此|不好意思|抱歉|嗯|额|no)?[\s,，]*(?:我(?:这边|这里)?)?(?:驳回|拒绝|不同意|不批准?|不准|不予通过|不予批准|不通过|退回(?!到|上|需|方|初|商|谈)|打回(?!到|上|需|方|初|商|谈)|否决|否了?(?=$|[\s,，])|拒了(?=吧|$|[\s,，])|reject(?:ed)?|decline[d]?|deny|denied|不行(?=$|[\s,，。])|不可以(?=$|[\s,，。])|不能批|没法批|批不了|先不批|暂不批准?|暂不通过|不给过|毙了|不认可)/,
);
const REJECT_REF = sought(
  /^\s*(?:审批|申请|单号|编号|第)?\s*#?\s*(\d{1,8})\s*(?:号|个|条)?(?:的)?(?:审批|申请|单)?[\s,，:]*(?:驳回|拒绝|不同意|不批|不通过|reject|打回|退回)/,
);
const REF = sought(
  /(?:#|no\.?|编号|单号|审批单?|申请单?|第)\s*[:]?\s*#?(\d{1,8})|^\s*(?:同意|批准|通过|驳回|拒绝|不同意|approve|reject|批了|准了|不批|打回)\s*[#:,，]?\s*(\d{1,8})(?!\d|\.|万|w|%|个|天)/,
);

/** 比如某某改成50万要怎么说: asked with an example, which is no order. */
const HELP_BY_EXAMPLE = sought(
  /^(?!.{0,40}(?:客户|对方|他们|[老领]|[总经主]))[^\n]{2,60}(?:要|该|应该|得|是)(?:怎么|如何|咋)(?:跟你)?(?:说|写|输入?|打字?|发(?:指令)?|录入?)(?:才对|合适)?[\s?!.。~啊呢呀吗]*$/,
);
export function readHelp(text: string): IntentHit | undefined {
  return hit(HELP.exec(text) ?? HELP_ASKED.exec(text) ?? HELP_BY_EXAMPLE.exec(text));
}
export function readUndo(text: string): IntentHit | undefined {
  if (text.length > 40) return undefined;
  const verb = UNDO_VERB.exec(text);
  if (!verb) return hit(MISTAKE.exec(text));
  const rest = text.replace(UNDO_FILLER, '').replace(/[\s\p{P}\p{S}]/gu, '');
  if (rest === '' && !NOT_UNDO.test(text)) return hit(verb);
  return hit(MISTAKE.exec(text));
}
export function readApproval(
  text: string,
): { intent: 'approve' | 'reject'; hit: IntentHit; ref?: IntentHit } | undefined {
  const refMatch = REF.exec(text);
  const digits = refMatch?.[1] ?? refMatch?.[2];
  const ref =
    refMatch && digits
      ? {
          start: refMatch.index + refMatch[0].lastIndexOf(digits),
          end: refMatch.index + refMatch[0].lastIndexOf(digits) + digits.length,
          words: digits,
        }
      : undefined;
  const withRef = (m: RegExpExecArray): IntentHit | undefined => {
    const number = m[1];
    if (!number) return ref;
    const start = m.index + m[0].indexOf(number);
    return { start, end: start + number.length, words: number };
  };
  const rejected = REJECT.exec(text) ?? REJECT_REF.exec(text);
  if (rejected) {
    const found = hit(rejected);
    const number = withRef(rejected);
    return found && { intent: 'reject', hit: found, ...(number ? { ref: number } : {}) };
  }
  const approved = APPROVE.exec(text) ?? APPROVE_REF.exec(text) ?? APPROVE_ANY.exec(text);
  if (!approved || /\?|吗|没$|了没/.test(text)) return undefined;
  const found = hit(approved);
  const number = withRef(approved);
  return found && { intent: 'approve', hit: found, ...(number ? { ref: number } : {}) };
}

// ── orders about one opportunity ────────────────────────────────────────────────────────────────

const CREATE = sought(
  /(?:帮我|帮忙|帮|麻烦|请|给我)?(?:新建(?<!重新建)|新增|创建|新开|建立|新录|录入|登记|新加|添加)(?:了|一?个|一?条|一下|一笔|下)*(?:新的?)?(?:客户)?(?:商机(?!\d{1,4}(?:$|[\s,，]))|机会|单子|项目|opp(?:ortunity)?|deal|销售机会|线索)|(?:商机|机会|单子)(?:新建|建|录|加|开)(?:一?个|一?条|一下)|(?:建|录|加|开|记)(?:了)?(?:一?个|一?条|一?笔|下|一下)(?:新的?)?(?:商机|机会|单子|项目|opp(?:ortunity)?|deal|线索)|(?:新建|新增|创建|登记|录入|建|录|加|开)(?:了)?(?:一?个|一?条|一?笔)(?=[^,，。;；\s]{2,12}的新?(?:商机|机会|单子|线索)(?:$|[\s,，:：]))|(?:新[建增开录加]|再[开录加建]|[建录加])(?:了|个)?一?单(?=$|[\s:：,，])|(?:建|录|加|开|报)(?:新)?(?:商机|机会|opp)|(?:新建|新增|创建)(?<=(?:^|[\s,，。;；:：!！]|帮我|给我|帮忙|麻烦|请|再|也|先|下|要)..)(?!立|筑|设|成|了?(?:联系人|标签|竞争|竞品|门店|需求|产线|工厂|厂房|项目部|一条产线|产能|部门|岗位|团队|功能|\d|[一二三四五六七八九十]))|(?:帮我|帮忙|麻烦|请|给我)(?:新?[建录加开]|新增)一?个(?=[:：])|立一?个项(?=[\s,，:：]|$)|(?:新建|新增|创建)(?<=\ue001..)(?=[\s:：,，])|(?:新[建增]|建|录)(?<=(?:^|[\s,，。;；先再]|帮我|给我|麻烦)(?:新[建增]|建|录))(?:一?个|一?条|一下)(?=$|[\s,，:：])|又(?:来|有|冒出|接)了?(?:一?个|一?条|一?笔)新?(?:单子?|商机|机会|项目)|new opp(?:ortunity)?|new deal|create(?: an?| new)?(?: opp(?:ortunity)?| deal)?|add(?: an?)?(?: new)? (?:opp(?:ortunity)?|deal)|(?:^|[\s,，。;])新(?:商机|机会|单子?|客户|项目|线索)(?=$|[\s:：,，])|新(?:接触|认识|聊|开发|拓展|拜访|对接)(?:了|到|的)?(?:一?个|一?家)?(?:新)?客户|(?:来了|有了?|来|有|谈了|挖到|发现|接到|拿到|冒出来?)(?:一?个|一?条)新(?:的)?(?:商机|机会|单子|线索|项目)|来了(?:一?个|一?家)新客户(?=[\s,，:：])/,
);
const NOT_CREATE =
  /(?:对手|竞品|友商|竞对|联系人|标签|今年|客户|他们|对方|需求|产能|门店|数量|部门|怎么|如何|咋|不要|别|先不|不用|没|要不要|是否)\s*$/;

export function readCreate(text: string): IntentHit | undefined {
  const m = CREATE.exec(text);
  if (!m) return undefined;
  const asked = /^(?:帮|麻烦|请|给我)/.test(m[0]);
  if (!asked && NOT_CREATE.test(text.slice(Math.max(0, m.index - 5), m.index))) return undefined;
  return hit(m);
}

const REMIND = sought(
  /提醒(?!大家|各位|一下大家|所有人)(?:我们?|一下我?|下我?|一声)?|叫我(?!们?(?:去|过|报|做|给|发|把|先|等|再|改|提供|降|配|补|出|帮|准备|写|派|联系他|找他|别))|喊我(?!们?(?:去|过来|报))|remind(?: me)?|闹钟|设(?:个|一个)?(?:提醒|闹铃)|到时候?(?:提醒|叫|喊)|别忘了?提醒|记得提醒|通知我(?=[^,。]{0,6}(?:跟进|联系|打|去|催|问|签|开|给))|call me(?= at)/,
);
/** 下午4点叫我, 元旦前叫我…: a time right before makes it a wish to be called, whatever follows. */
const CALL_AT = /\ue003\s*(?:记得|一定要?|务必)?(?:叫|喊)我/;
const REMINDED_ALREADY = sought(
  /(?:提醒了|提醒过|客户提醒|对方提醒|被提醒|提醒他|提醒她|提醒客户|提醒对方|不用提醒|别提醒|不要提醒|取消提醒|提醒功能|提醒(?:的)?(?:设置|列表)|已提醒)/,
);

export function readRemind(text: string): IntentHit | undefined {
  if (REMINDED_ALREADY.test(text)) return undefined;
  return hit(REMIND.exec(text));
}

/** Asked once the days of the sentence are marked. */
export function readCallAt(marked: string): IntentHit | undefined {
  return hit(CALL_AT.exec(marked));
}

// ── won and lost ────────────────────────────────────────────────────────────────────────────────

const WIN = sought(
  /(?:closed?[ -]?won|close win|\bwon\b|\bwin\b(?! rate)|\bsigned\b|赢单(?!率|概率|可能|希望|几率|把握|机会)|赢[了啦]|赢下(?:来|了)*|拿下(?:来|了|啦)*|签下(?:来|了)*|签单了?(?!日|时间|计划|前|率)|签约了|签约(?:完成|成功)|(?:正式|顺利|成功)签约(?=$|[\s,，。!\d])|签好了?|签完(?:[了啦]|字|合同)+|签回来[了啦]|签成了?|签妥了?|签定了|签[了啦]|签字[了啦]|签字盖章|已经?签(?!收|到|批|呈)(?:了|约|单|完|好|字|合同)*|成交了?(?!日期?|时间|价|概率|可能|希望|额|计划|前|预)|成单了?|(?<![没集命选看其价判研试通洽认行批审])中了(?=$|[\s,，。!])|中标了?(?!候选|通知|公示|公告|结果公|率|概率|价|方|单位|结果|的是)|搞定了?|拿到(?:了)?(?:合同|订单|中标通知书?|po\b)|合同(?:已经?|都|今天|刚|也|终于|正式)?(?:签了?|签好了?|签完了?|盖章了?|回来了?|到手了?|签下来了?|下来了|生效了?|盖好章了?|双签了?)|谈成了?|谈下来了?|打下来了?|啃下来了?|做成了|做下来了?|定下来了|(?<![没不换变改完达形组造促生当])成了(?!解|立|本)|到手了?|(?:单子|订单|合同)(?:到手|落地|落袋|下来)了?|落单了?|下单了|落袋(?:为安)?|落定了?|签下|收单了|关单了?(?!日|时间|原因)|po(?:已经?)?(?:到了|下了|来了|收到了?|下来了)|收到了?(?:客户|对方)?的?(?:po|中标通知书?|订单)(?![^,。]{0,3}[前后])|(?:推进|推|改|转|进入?|更新|调整?|变|标记?|设|切)?(?:到|至|成|为)?了?赢单|盖章(?:了|完成)|盖(?:完|好|了)章了?|花落我家|归我们了|我们(?:赢|中)了|定我们了|选(?:了|定)?我们了?|选定我们|签给我们了?|拿下这单|开单了?)/g,
);
const LOSE = sought(
  /(?:closed?[ -]?lost|close lost|\blost\b|\blose\b|丢单了?|丢了(?!面子|东西|钱包|手机)|丢掉了?|丢标了?|投标失利|失利了?(?=$|[\s,，。!])|输单了?|输了|输掉了?|[输败]在(?<!没有?[输败]在)(?!即)|输给|败给|这[次单回]没赢(?!面)|放弃了(?=$|[\s,，。!])|战败|败了|没中标?了?(?!间|午|断)|未中标?|没拿下来?|没签成功?|没签下来?|没谈成|没谈下来|没搞定|没做成|(?:最终|最后|还是|终究|结果)没(?:成|签)(?!熟|立|功能)|没成(?!熟|立|功能|本|交的)|没戏了|没希望了|没机会了|黄了|黄掉了?|吹了|凉了|凉凉|泡汤了?|废了|死单|跑单了?|跑了(?<=(?:^|[\s,，。;；\ue001]|单子?|客户|项目|商机|机会|又|还是|最后|最终|结果|直接|被|也)跑了)(?=$|[^\p{Script=Han}a-z\d]|[啊呀哦吧哎啦])|飞了(?<=(?:^|[\s,，。;；\ue001]|单子?|客户|项目|商机|机会|又|还是|最后|最终|结果|直接|鸭子)飞了)(?=$|[^\p{Script=Han}a-z\d]|[啊呀哦吧哎啦])|丢给了?|被[^,，。;；\s]{1,10}?(?:抢走?|截胡|拿走?|撬走?|撬|挖走?|翘走?|拿下|签走?|抢单|拿了|中标|中了|签了|截|做了)(?:了|走|单)*|(?:选|定|签|用|找|给)了?(?:别家|别人|其他家|其它家|另外一家|另一家|竞品|对手|友商|竞争对手|人家|其他供应商|别的(?:家|供应商|公司|厂商))(?:的)?了?|(?:中标|定标|开标|评标|结果|公示|选型|入围)[^,。;!?\n]{0,8}[,\s]?不是(?:咱们?|我们)家?(?=$|[\s,，。!])|(?:流标|废标)了?(?![^。;!?\n]{0,8}(?:重新|重招|再招|二次|二招|择日))|(?:项目|需求|立项|采购|招标)(?:已经?|被|都|整个|也)?(?:取消|砍掉?|终止|叫停|下马|不做|不搞|撤销|黄|停掉|撤)了|(?:客户|对方|他们|甲方|老板)(?:已经?|最终|最后|决定|说|直接)?(?:不做了|不要了|放弃了?|不搞了|不买了|不采购了|不考虑了|选了别家|不合作了|拒绝了?(?!见|沟通))|(?:决定|明确|最终|最后|已经?)(?:不做了?|不买了?|不用我们了?|不合作了?|不考虑我们了?|不采购了?)|不做了$|没了$|关掉(?:了|吧)?|关闭商机|出局了?|被人?抢(?:了|走)(?:单)?了?|拒(?:绝)?了(?=$|[\s,，。!])|被淘汰了?|淘汰了?|被刷了?|落标了?|落选了?|谈崩了|(?:最终|最后|客户|他们|还是)?选(?:择)?了(?!我们|型|址|的|咱)(?:[a-z][a-z0-9]{1,15}|[\p{Script=Han}]{2,4})(?=$|[\s,，。!])|没入围|未入围|陪跑了?|陪标了|失败了?|失单了?|流失了?|签给(?:了)?(?!我们)[^,，。;；\s]{2,8}|(?:推进|推|改|转|进入?|更新|调整?|变|标记?|设|切)?(?:到|至|成|为)?了?输单)/gu,
);

/** Before the words of an outcome: it has not happened. */
const UNREAL_BEFORE =
  /(?:还没有?|尚未|没有|没|未|未能|别|不要|不用|不必|无需|不急着?|不能|不会|不可能|没法|能不能|能否|会不会|是否|是不是|要不要|可不可以|有没有|如果|要是|假如|若|万一|一旦|只要|除非|等(?!了)|等到|可能|也许|或许|估计|应该|大概率?|预计|恐怕|怕|担心|感觉|看样子|看起来|似乎|好像|希望|有希望|争取|力争|期望|想要?|打算|准备|计划|快要?|即将|马上要?|马上|就要|就差|差点|差一点|险些|几乎|差不多|快|要|将|会|能|肯定能?|一定能?|必须|务必|努力|有机会|有可能|有望|可以|目标|为了|别写|别标|别记|别算|确保|冲|得|后天|明天|下周|下个?月|月底前?|年底前?|周[一二三四五六日末]|本周|这周内?|否则|不然|要不然?|再不|离|距离|谁|何时|什么时候|几时|一[旦但]|说不定|没准|搞不好|弄不好|八成|九成|多半|十有八九|去年|前年|往年|上一单|据说|听说|说是|传|喊|不确定|怎么|为什么没|差|最好|快点|尽快|赶紧|早点|预备|怎样才能|难|很难|不好|不一定|不见得|未必|不至于|不想|还能|才能|才会|才|拟|待|假设|倘若|保证|提前|的话|该|以为|别人家?都?|隔壁|不(?:[签定做给降跟谈改]|降价|跟进|推进)了?)(?:是|把|将|给|被|能|会|要|就|再|都|真的?|直接|这个|这单|它|的|到|也|还|顺利|一下|我们|客户|合同|单子|这次|在|真|全部|在月底|把它|完全|最终|最后|内|前|之前|年底|月底|单|可以|可能|可|大概|被人|被对手|被抢|签|赢|输|丢|着|这个单子|你|我|他们|该){0,3}\s*$/;
/** Before 没签成 and its like: not yet, or asked. */
const NOT_LOST_YET = /(?:还|尚|暂时?|一直|仍|目前|至今|到现在|迟迟|[成中签拿谈赢输丢搞])\s*$/;
const UNSURE_AFTER =
  /^[^,，。;；]{0,6}(?:还不清楚|不清楚|不知道|还不知道|不确定|不好说|难说|没定|待定|说不准|两说|悬)/;
/** Behind them: it is a question, a condition, or something smaller. */
const UNREAL_AFTER =
  /^(?:\ue001+[^,，。;；\s]{0,3}就|吗|么|没有?(?=$|[?？\s])|嘛\?|\?|？|的话|就好|才|之后|以后|后(?!悔|面)|前|之前|再(?!接再厉)|时(?!代)|的可能|的希望|的概率|的机会|的几率|的把握|的时候|的(?:商机|单子|客户|项目)?(?:有|都)?(?:哪|几|多少)|几个|多少|哪|率|概率|可能|有望|在望|希望|没问题|不难|难度|还是|了吗|了没|了吧\?|不下来|不了|不成|不下|没戏|指日可待|的日子|日期|时间|不?是问题|与否|也?(?:没关系|无所谓|不怕|没事)|怎么办|咋办|不太可能|有点悬|悬|的风险|风险|就.{0,6}(?:庆祝|请|给你|发|好了|奖))/;
/** “成交 12.20”, “签单预计10月”: a field with its day, not an outcome. */
const FOLLOWED_BY_DAY =
  /^\s*(?:日期?|时间|预计|估计|大概|可能|计划|要等|得等|推迟|延期|顺延|[:在于到])+\s*/;
/** Whoever fails after these is not us. */
const RIVAL_LOSES = new RegExp(
  `(?:友商|竞品|竞对|对手|别家|(?<![a-z])(?:${KNOWN_RIVALS})(?![a-z]))(?:那边)?(?:已经?|也|都|被|直接|好像|应该|自己)*$`,
);
/** A day that has come: 今天赢单 happened, 月中关单 is planned. */
const OVER = /今|刚|昨|前天|上(?:个|午|周|月|星期|礼拜)|早上?$/;
/** Signed, but not the deal: an NDA, a letter of intent. */
const SMALLER =
  /^(?:了|下|好|完|订)*(?:个|一个|一份|份|的|双方|了)*(?:nda|保密|意向|备忘|框架|mou|loi|试用|战略|合作意向|谅解|廉洁|承诺书|到|收|字样|poc|补充协议|保密协议|测试协议|授权|委托|名|字表|三方协议)/;
const ONLY_PARTIAL =
  /(?:nda|保密协议?|意向书?|意向协议|备忘录?|框架协议?|mou|loi|试用协议|战略协议|战略合作|poc协议?|测试协议|立项|内部流程|审批|预算|试点|样机|第一轮|初审|初选|资质|入围)(?:都|已经?|也|刚|今天|昨天|终于)?\s*$/;
/** 签字了，但签的只是测试协议: said of the signing in the next clause. */
const SMALLER_AFTER_ALL = new RegExp(
  `签的?(?:也|都|还|就|只|仅|其实|不过)*是(?:一?[个份])?${SMALLER.source.slice(SMALLER.source.indexOf('(?:nda'))}`,
);
/** 别打标签赢单, 先不要标成输单: an order not to. */
const FORBIDDEN = /(?:别(?![的人家])|不要|不用|先不)[^,;。!?]{0,8}$/;
const NOT_LOST = /(?:没|没有|未|不会|别|不能|还没|并没有?|不可|绝不能?|别再|不算|不是)\s*$/;

/** Agreed on, which may yet have to be signed: 定下来了，九月签合同. */
const AGREED = /^(?:定下来了|谈成了?|谈下来了|搞定了?|成了)$/;
const TO_BE_SIGNED = /\ue003(?:之?前|再|去|来|双方|正式)*(?:签|盖章|成交)/;

export interface Outcome {
  readonly intent: 'win' | 'lose';
  readonly hit: IntentHit;
}
export interface OutcomeReading {
  readonly outcome?: Outcome;
  /** Words of winning or losing were said of something that has not happened. */
  readonly unreal: boolean;
}

/** Is the deal won or lost, by what is said to have happened? Hopes, doubts and plans are not. */
export function readOutcome(text: string, marked: string): OutcomeReading {
  let unreal = false;
  const real = (m: RegExpExecArray, losing: boolean): boolean => {
    const start = m.index;
    const end = start + m[0].length;
    const from = clauseStart(text, start, Math.max(0, start - 14));
    const left = text.slice(from, start);
    const leftMarked = marked.slice(from, start);
    const right = text.slice(end);
    const inWords = m[0];
    const statesPast = /了$/.test(inWords) || /^了/.test(right);
    const hedged =
      UNREAL_BEFORE.test(left) ||
      UNREAL_BEFORE.test(leftMarked.replace(/[\ue001-\ue009\s]+/g, '')) ||
      (/[前内]把[^,，]{0,8}$/.test(left) && !OVER.test(left)) ||
      UNREAL_AFTER.test(right) ||
      (!losing &&
        (SMALLER.test(right) || ONLY_PARTIAL.test(left) || SMALLER_AFTER_ALL.test(right))) ||
      NOT_LOST.test(left) ||
      UNSURE_AFTER.test(right) ||
      (/[赢输丢]单/.test(inWords) && FORBIDDEN.test(left)) ||
      (!losing && /不$/.test(left)) ||
      (losing && /^[没未]/.test(inWords) && (NOT_LOST_YET.test(left) || /^[呢还]/.test(right)));
    const dayBefore = /(\ue003+)\s*(?:能|可以|要|就|前|之前|内)?$/.exec(leftMarked);
    // A day to come before a bare verb is a plan: 下周三签下. A past one with 了 is not.
    const planned =
      (!statesPast && !losing && FOLLOWED_BY_DAY.test(marked.slice(end, end + 8))) ||
      (losing && RIVAL_LOSES.test(left)) ||
      (AGREED.test(inWords) && TO_BE_SIGNED.test(marked.slice(end, end + 40))) ||
      (!statesPast &&
        dayBefore !== null &&
        !OVER.test(left.slice(dayBefore.index, dayBefore.index + (dayBefore[1]?.length ?? 0))) &&
        !losing);
    if (hedged || planned) unreal = true;
    return !hedged && !planned;
  };
  const lost = matches(text, LOSE).find((m) => real(m, true));
  const won = matches(text, WIN).find((m) => real(m, false)) ?? signedThen(marked, text);
  const inside = lost && won && won.index >= lost.index && won.index < lost.index + lost[0].length;
  const chosen =
    lost && (!won || inside || !/(?:差点|险些|几乎)/.test(text))
      ? { intent: 'lose' as const, m: lost }
      : won
        ? { intent: 'win' as const, m: won }
        : undefined;
  if (!chosen) return { unreal };
  const found = hit(chosen.m);
  return found ? { outcome: { intent: chosen.intent, hit: found }, unreal } : { unreal };
}

const SIGNED_THEN =
  /(?:昨天|昨晚|昨日|昨儿|今儿|前天|上周[一二三四五六日天]?|上个?月\S{0,3}|今天|今早|上午|下午|刚才|刚刚|刚|周[一二三四五六日天]|礼拜[一二三四五六日天]|\d{1,2}[号日])\s*(?:才|就|已经)?签的(?=$|[\s,.。!]|合同)/;
/** “昨晚签的”: signed, though without 了. */
function signedThen(marked: string, text: string): RegExpExecArray | undefined {
  return /\ue003/.test(marked) || /刚|午/.test(text)
    ? (SIGNED_THEN.exec(text) ?? undefined)
    : undefined;
}

// ── hypotheticals, reports, small talk ──────────────────────────────────────────────────────────

const HYPOTHESIS = sought(
  /是说如果|假如说|能[^,，。\ue002]{0,4}[签成做批]不[啊呢]?\s*[?？]?\s*$|转不转|推不推|改不改|派不派|到底[^,，。]{0,8}[没不][^,，。]{0,4}$|^\s*(?:\ue001+\s*)?(?:谁(?:把|给|能|又|敢)|怎[么样]才能|如何才能|为什么|为啥|为何|凭什么)|(?:^|[\s,，。;；:："\ue001]|[你我他]们|咱们?)要能(?!力|源)|(?<!不)是\ue002+还是\ue002+\s*$|什么(?:情况|时候|样)?(?:才|就)?[算叫]|(?:^|[\s,，。;；\ue001])(?:如果|要是|假如|假设|倘若|万一|若是?|假使|倘使|设想)|(?:要是|如果)[^,，。]{1,24}就好了|^\s*(?:真|只|就)?(?:希望|祈祷|盼着?)\ue001+[^,，。]{0,12}能|(?:该|那该)多好|(?<!(?:关心|问|担心|确认|了解|讨论|纠结|琢磨|想知道)[^,，。]{0,8})(?:要不要|该不该|是不是(?:该|要|可以)|可不可以|能不能|能否|是否(?:要|该|可以|需要)|可以不可以|行不行|好不好|会不会)[^,，。]{0,24}(?:\?|？|呢|$|啊|吗)|(?:呢|吗|吧|么)\s*[?？]\s*$/,
);
const POLITE =
  /(?:能不能|能否|可以|可不可以|麻烦|请|帮忙?|劳烦|辛苦|劳驾|方便的话)(?:你)?(?:帮我|帮忙|给我|帮|请|替我)?(?:把|将|给|改|更新|记|录|推|转|设|加|建|新|撤|分|标|调|换|新建|提醒|登记|查)/;

/** Does it open with 如果, 要是 …? What follows is neither said nor asked. */
export function isConditional(text: string): boolean {
  return /^\s*(?:如果|要是|假如|假设|倘若|万一|若是?)/.test(text);
}

/** “能不能帮我把…？” is an order for all its question mark. */
export function isPolite(text: string): boolean {
  return /(?:能不能|能否|可不可以|可以|方便|麻烦)(?:你)?(?:帮我|帮忙|给我|替我|帮)(?:把|将|改|更新|记|推|转|设|标|调|换)/.test(
    text,
  );
}

/** A condition, a wish or a question about what to do: nothing to be written. */
export function isHypothesis(text: string): boolean {
  return HYPOTHESIS.test(text) && !POLITE.test(text);
}

const REPORTS =
  /(?:了(?!解|吧|吗)|过(?!来|去|会|年|完|两|几|程|于|高|低)|说|讲|表示|反馈|回复|回信|答复|告诉|提到|提出|反映|要求|希望|担心|顾虑|觉得|认为|同意|答应|认可|感兴趣|有意向|不满|投诉|催|卡在|等(?:着|待)?|还没|没有|暂时|暂停|搁置|推迟|延期|沟通|拜访|交流|聊|谈(?!判)|见面|开会|会议|演示|汇报|调研|考察|走访|电话|微信|邮件|跟进|进展|确认|通过|完成|启动|立项|测试|试用|反应|态度|对接|讨论|评估|比价|对比|竞争|发给|发了|寄|提交|收到|回访|约|进度|在看|在走|在做|正在|审批|换人|离职|调岗|没戏|够呛|有戏|悬|估计|可能|应该|大概|预计|好像|感觉|看样子|不确定|难说|不清楚|先别|不急|再看看|备注|记一下|记录|纪要|跟客户|今天|昨天|刚才|刚刚)/;

/** Does the sentence tell of something done or said? */
export function isReport(text: string): boolean {
  return REPORTS.test(text);
}

const STORY = sought(
  /\ue007(?:那边)?约(?:了?我|咱)|(?<![先再来接])说(?![明错反漏岔])|表示|反馈|回复|答复|告诉|提到(?![\ue001-\ue009\d])|聊(?:了|过|到|得)|谈了(?!价)|沟通(?:了|过|完|得)|拜访|见了|开了|[发寄送去催问做交演示汇报看试递讲](?:了|过)(?!去)|收到|来电|催|参观|来访|换人|离职|立项|没回|在等|要我们|让我们|要求我们|希望我们|感兴趣|认可|答应|介绍了?|调研|考察|参观|走访|对接了|确认了|评审|开会|吃饭|出差|沟通顺利|比较满意|不满|投诉|顾虑|犹豫|纠结|启动了|正式启动|投产了|上线了|停工了|换了/,
);
/** Are there words of a report besides the slots? */
export function isStory(marked: string): boolean {
  return STORY.test(marked);
}

const TO_CUSTOMER = sought(
  /(?:您好|你好|尊敬的|请查收|请您|烦请|敬请|祝好|此致|顺祝|商祺|随时联系我|麻烦您|谢谢您|期待您)/,
);
/** A letter to the customer pasted into the chat. */
export function isLetter(text: string): boolean {
  return (
    TO_CUSTOMER.test(text) &&
    /(?:总|经理|主任|工|先生|女士|老师|您)/.test(text) &&
    !/(?:拜访|沟通了|说了|回复了|记一下)/.test(text)
  );
}

const NEWS =
  /同比|环比|净利润|营收|财报|年报|季报|中报|分析师|股价|涨停|跌停|市值|快讯|研报|据(?:报道|悉|了解)|记者|行业新闻|财经|活跃用户|港交所|上交所|深交所|公告称/g;
const OURS = /我们|咱们|约了|拜访|沟通|见了|聊了|推进|报价|跟进|合同/;
const FORWARDED = sought(
  /^\s*(?:转发|转载|转|分享|[^,，。:：\n]{0,4}(?:快讯|新闻|头条|早报|晚报|资讯))[:：[]/,
);

/** What companies do in the papers: a capital round, a listing, an agreement with 某大厂. */
const NEWS_EVENT =
  /某[^,，。\n]{0,6}(?:公司|厂商|企业|集团|巨头|大厂|银行|车企|品牌)|(?:签署|签订|达成|宣布|官宣)[^,，。;\n]{0,16}(?:协议|合作|收购|裁员|融资|上市)|[a-e]轮融资|(?:天使|战略)轮|(?:拟|宣布|完成|斥资)[^,，。\n]{0,10}(?:收购|融资|上市|募资)|上市(?:敲钟|首日|申请)|招股书|发布会上宣布|热搜/;

/** 头条：…, 新闻说 …: it says itself where it comes from. */
const PRESS = sought(
  /^\s*(?:\[(?:链接|公众号|视频号|小程序|文章)\]|[^,，。:：\n]{0,4}(?:快讯|新闻|头条|要闻|早报|晚报|资讯)[:：\]])|(?:新闻|网上|电视|公众号|抖音|微博|头条|朋友圈)(?:里|上)?(?:都|在|有人)?(?:说|讲|看到|看见|刷到|报道|爆料)|发了?公告(?!牌)|公告(?:说|称|显示|了)/,
);

/** Something from the papers: its figures are no deal of ours. */
export function isNews(text: string): boolean {
  const words = new Set(text.match(NEWS));
  if (PRESS.test(text) && !OURS.test(text)) return true;
  if (FORWARDED.test(text) && NEWS_EVENT.test(text) && !OURS.test(text)) return true;
  if (words.size === 0) return false;
  return FORWARDED.test(text) || (words.size >= 2 && !OURS.test(text));
}

const BUSINESS =
  /报价|价格|合同|方案|需求|预算|采购|招标|投标|标书|立项|谈判|商务|客户|演示|demo|poc|试用|测试|上线|交付|实施|系统|项目|平台|供应商|竞品|对手|友商|签|回款|付款|发票|开票|样品|选型|参数|技术|功能|对接|拜访|跟进|沟通|汇报|评审|审批|法务|比价|折扣|条款|决策|领导|老板|验收|有戏|没戏|定了|没定|放弃|打算|差不多|把握|胜算|十拿九稳|赢面|够呛|悬|难说|不好说|有谱|没谱|靠谱|竞对|退出|答复|要求|启动|暂停|搁置|给结果|出结果|要黄|会黄|参观|来访|拜会|[七八九]折|希望|调研|考察|资料|案例|资质|开标|中标|合作|意向|成交|推进|进展|接口|部署|升级|扩容|续约|续费|订单|下单|产线|信息部|采购部|电话|微信|邮件|开会|会议|约|见|联系|回复|反馈|聊|谈|催|出差|视频/;
/** Does the text speak of business at all? */
export function isBusiness(text: string): boolean {
  return BUSINESS.test(text);
}

/** Words too common to make a deal of a message by themselves; behind a customer's name they do. */
const TALK = sought(
  /推迟|改期|延期|首付|预付|到账|开完?标|公示|评标|述标|撞单|串标|围标|接(?:电话|手)?$|没人接|不接|联系不上|找不到人|失联|试点|试运行|故障|问题|验证|投诉|培训|进场|施工|勘[察查]|样机|样品|安装|调试|报告|文件|盖章|用印|核价|议价|询价|额度|入库|备案|流程|董事会|高层|换人|离职|调走|调岗|停产|裁员|重组|组织架构|竞标|谈崩|谈妥|僵住|卡住|没动静|没消息|流标|废标|取消|接洽|阶段|[赢输]|丢(?![脸人三])|争取|尽调|尽职|调查|背调|内部|审计|研究|上会|过会|考虑|申请|对账|结算|发函|律师|政策|补贴|退货|退款|赔|罚|索赔|维保|维护|巡检|返修|缺货|断货|排产|量产|接触|不跟了|算了|陪标|[先再]放|放一放|搁|打样|封样|送检|检测|认证|竞争|在抢|搅局|施压|沉默|冷淡|热情|积极|拖着|压价|杀价|砍价|还价|同意|点头|松口|拍板|的会[改推挪提延]|\ue001[改推挪延]到|也在投|\ue001(?:那边|他们)?(?:还)?(?:要|想|打算|准备)(?:再)?[买订租]/,
);
/** Is something said of the deal with a customer that was named? */
export function isTalkOfDeal(text: string): boolean {
  return BUSINESS.test(text) || TALK.test(text);
}

export const PRONOUN =
  /(?:^|[\s,，。;；把将给对])(?:它|这单子?|这个单子?|这个商机|这个项目|这家|这个客户|该商机|该项目|刚才那个|刚才那单|刚刚那个|刚说的那?个?|上面那个|那单子?|那个单子?|那个商机|此单|上一个|刚才的|这个|那个)(?=$|[\s,，。的推进到转改丢输赢拿签报金阶谈也先再要给下加减降涨调])/;
