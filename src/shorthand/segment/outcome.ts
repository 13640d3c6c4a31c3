import { isBusiness, PRONOUN } from '../intent.js';
import type { ReadUpdate } from '../reading.js';
import type { Range } from '../scene.js';
import { readReason } from '../slots/reason.js';
import type { Draft } from './draft.js';

/** Weak words of winning and losing: without a name they are small talk (搞定了, 凉了). */
const WEAK_OUTCOME =
  /^(?:搞定了?|成了|飞了|凉了|凉凉|跑了|没了|废了|吹了|到手了?|盖章了?|下单了|泡汤了?|失败了?|没希望了|没机会了|没戏了|黄了|失败|出局了?|淘汰了?|流失了?|败了|丢了|输了|赢了|放弃了|拒绝?了|这[次单回]没赢|收到了?.*|被人?[抢拿挖].*|[输败]在)$/;
/** “今天签了两个单子！” is joy, not the news of one deal. */
const SEVERAL_DEALS =
  /^(?:一|两|三|四|五|几|好几|\d+|个|大)(?:个|单|笔|家|大)|^(?:好多|很多|不少|一?些|一堆|几份|文件|名|字(?!了|完)|收据|快递)/;
/** “丢了，价格太高”: all that is said is the outcome and why. */
const NAMELESS_OUTCOME =
  /^\s*(?:已经?|最终|最后|终于|刚|确定|还是|结果)*(?:赢单|输单|丢单|赢了|输了|丢了|签了|签下|拿下|成交|中标|没中标|没谈成|won|lost|win|lose)(?:[\s,，。!了]|$)/;
/** Words of losing that are the reason, too: 项目取消了. */
const REASON_ITSELF = /取消|砍|放弃|不做|不要|不买|淘汰|没入围|流标|选|抢|不合作/;

/** 韩梅上周签了个200万的: a colleague's deal, told without its customer. */
function isOfColleague(draft: Draft): boolean {
  const [colleague] = draft.knowledge.names.people.fullNames(draft.scene.text);
  return colleague !== undefined && draft.scene.text.slice(0, colleague.start).trim() === '';
}

export function readOutcomeDetails(
  draft: Draft,
  intent: 'win' | 'lose',
  at: Range,
): ReadUpdate | undefined {
  const { text } = draft.scene;
  const named =
    (draft.slots.customer ?? draft.slots.opportunity) !== undefined ||
    draft.isNumbered ||
    PRONOUN.test(text);
  if (
    !named &&
    (WEAK_OUTCOME.test(text.slice(at.start, at.end)) || !isBusiness(draft.businessText())) &&
    !NAMELESS_OUTCOME.test(text)
  )
    return undefined;
  if (!named && isOfColleague(draft)) return undefined;
  if (!named && SEVERAL_DEALS.test(text.slice(at.end))) return undefined;
  const reason =
    readReason(draft.reasonText(), at) ??
    (REASON_ITSELF.test(draft.scene.text.slice(at.start, at.end))
      ? { ...at, value: '' }
      : undefined);
  if (reason) {
    if (intent === 'lose') draft.slots.lossReason = draft.words(reason);
    else if (
      /因为|原因|靠|看中|看好|认可|凭|赢在|多亏|得益|优势|关系|价格|服务|方案|性价比|口碑|案例|响应|品牌|技术|团队|资质|业绩|信任|满意|评分|得分|[最更](?:高|低|好|快|全|省|稳)|第一|老客户/.test(
        draft.scene.text,
      )
    )
      draft.slots.winReason = draft.words(reason);
  }
  draft.slots.probability = undefined;
  draft.slots.closeOn = undefined;
  draft.slots.assignee = undefined;
  if (draft.slots.nextFollowUp?.value.day === draft.moment.today)
    draft.slots.nextFollowUp = undefined;
  return draft.finish(intent);
}
