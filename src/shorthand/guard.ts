import type { Reading } from './reading.js';
import { sought } from './sought.js';

/** Code, markup, paths and query languages: people who sell do not type these. */
const CODE =
  /(?:&&|\bprint\s*\(|\bdef\s+\w+\s*\(|^\s*echo\s|^\s*if\s[^\n]{0,60}\sthen\s|\.(?:stage|amount|status|owner|customer)\s*=|\]\(https?:|```|\bfetch\s*\(|^\s*[=@]\s*[a-z.]+\s*\(|\/\/\s*(?:todo|fixme|xxx)\b|\.[a-z_]\w*\s*=\s*['"]|\b[a-z_]\w*\.[a-z_]\w*\((?:['"]|\)\s*;)|<\/?[a-z!][^<>\n]{0,200}>|<script|<\?|<img|<svg|<iframe|javascript:|vbscript:|data:text|on(?:error|load|click)\s*=|\$(?:gt|gte|lt|lte|ne|eq|in|nin|where|set|unset|inc|push|pull|regex|or|and|not|expr|function|ref|exists|rename|type|mod|text|all|size|each|lookup|group|match|project)\b|\$\{|#\{|\{\{|\{%|<%|%3c|%27|%00|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|&#x?[0-9a-f]+;|(?:\.\.[/\\]){1,}|\/etc\/|\/bin\/|c:\\|file:\/\/|\bunion\s+(?:all\s+)?select\b|\bselect\s[^\n]{0,80}\sfrom\b|\bdrop\s+(?:table|database|collection)|\bdelete\s+from\b|\binsert\s+into\b|\bupdate\s+\w+\s+set\b|\btruncate\s+table\b|\balter\s+table\b|\bor\s+['"]?1['"]?\s*=\s*['"]?1|['"]\s*or\s*['"]|['"]\s*;\s*--|--\s*$|\bdb\.\w+|\.drop\(|\.find\(|\.remove\(|\.deletemany|\.updatemany|\bprocess\.env|\brequire\(|\bimport\s*\(|\beval\(|\bexec\(|\bsystem\(|function\s*\(|=>\s*\{|\bconsole\.|__proto__|constructor\[|prototype\b|\bwhile\s*\(|\bfor\s*\(;;|\bsleep\(|\brm\s+-rf|\bsudo\b|\bcurl\s|\bwget\s|\bchmod\b|\bcat\s+\/|\$\(|`[^`\n]{1,200}`|\|\|\s*\w+\s*=|&&\s*\w+|;\s*(?:ls|cat|id|whoami)\b|<!--|<!doctype|<!\[cdata|xmlns|\bbase64\b|\{\s*"[^"\n]{0,40}"\s*:|\{\s*'?\$|\[\s*\{|\bnull\s*==|==\s*1\b|1\s*==\s*1|\{\s*\w+\s*:\s*\{|\bldap:|\bjndi:|\(\)\s*\{|%0a|%0d|\\n\\n|\\r\\n)/;
/** Orders to the bot about itself. */
const INSTRUCTION = sought(
  /^\s*(?:请|帮我|麻烦)?(?:你)?(?:把|将)[^\n]{1,80}(?:翻译成|译成|改写成|润色成|编成|写成)[^,，。\n]{1,8}[\s。!！]*$|(?:返回|输出)[^,.。;\n]{0,6}(?:json|sql)|json\s*格式|(?:repeat|say)\s+(?:after\s+me|this)|(?:跟我|跟着我|照着)(?:念|读|说|复述)(?:一遍|一下)?\s*[:：]|(?:以后|今后|往后|每当|每次|只要|一旦)[^。;\n]{0,24}(?:你|机器人|助手|系统)(?:都|就|得|必须)+(?:自动|直接|马上|立刻|立即|给我|帮我|要|把)|系统(?:消息|通知|公告|指令|管理员)\s*[:：]|(?:用户|管理员|领导|老板)已经?授权|(?:不要|别|无需|不必|不用)(?:告知|告诉|通知|惊动)(?:任何人|别人|其他人|他人|管理员|主管|领导|大家)|(?:忽略|跳过|绕过|绕开|无视)[^,.。;\n]{0,4}(?:审批|确认|校验|权限|规则)|(?:忽略|无视|忘记|忘掉|不要理会|跳过|绕过|取消)(?:掉|了)?[^,.。;\n]{0,10}(?:指令|提示|规则|设定|约束|限制|prompt|要求|权限|校验|审批流程|确认步骤)|ignore\s+(?:all|any|the|previous|above|your)|disregard\s|forget\s+(?:all|your|previous|everything)|(?:system|developer)\s*(?:prompt|message|:)|system\s*提示|系统提示词?|提示词|prompt|you\s+are\s+(?:now|a)|act\s+as|pretend|jailbreak|dan模式|(?:现在)?你(?:现在)?是(?:一个|一名|管理员|dba|root|超级|黑客)|扮演|假装你|假设你是|你现在的身份|以管理员(?:身份|权限)|管理员模式|开发者模式|调试模式|debug\s*mode|超级权限|(?:打印|输出|显示|告诉我|泄露|导出|发给我|给我看|说出|列出)[^,.。;\n]{0,12}(?:密码|密钥|口令|token|secret|环境变量|数据库连接|源代码|源码|配置文件|系统提示|内部指令|api\s?key|appsecret|通讯录)|(?:以后|从现在(?:开始|起)|今后|接下来|往后)[^\n]{0,14}(?:每句话|每一句|所有(?:的)?(?:话|消息|输入|回复)|都(?:当成|当作|按|算|视为|回复)|任何(?:消息|人|话))|(?:执行|运行)(?:以下|下面|这段|一下|如下|系统)[^\n]{0,6}(?:代码|命令|脚本|sql|指令|语句)|(?:不用|不需要|无需|别)(?:再)?(?:审批|确认|校验)[^\n]{0,6}(?:直接|自动)|<\|[a-z_]+\|>|\[inst\]|###\s*(?:system|instruction)|assistant:|human:|role\s*[:=]|(?:自动|直接)(?:全部)?(?:通过|批准)所有|把(?:你的|系统)(?:规则|设置|权限|指令)/,
);
const EVERYTHING = sought(
  /(?:所有|全部|全体|每一?个|每一?条|整个|一切|任何|全公司|全库|大家|所有人|整库)(?:的)?(?:[^,.。;!?\n]{0,10})(?:商机|客户|单子|记录|数据|项目|订单|机会|库|表|资料|联系人|审批|deal|opportunit)/,
);
const BULK_VERB =
  /删|清空|清除|清掉|清零|改成|改为|改到|设为|设成|置为|变成|标记|标为|转给|转到|转移|移交|分配|推进|归|丢|赢|输|关|作废|重置|抹|导出|批准|通过|同意|驳回|销毁|drop|delete|remove|update|set|翻倍|乘以|降到|归零|都(?:改|设|转|推|标|给)|调成|调到|更新|撤销|赋|加上|打上|注销|发给|发送|公开/;
const BULK = sought(
  /(?:(?:以外|之外|没动过?|没跟进)|(?:低于|高于|超过|不到|少于|大于|不足)[^,，。;\n]{1,8})的(?:客户|商机|单子?|项目)?(?:都|全部?|统统|一律|通通)(?:给我|帮我)?(?:改成|改为|改到|标|转给|推|删|关|作废|设)|(?:其他|其它|其余|剩下|余下|别的)(?:的)?(?:客户|商机|单子?|项目)?(?:也|就)?(?:都|全部?|统统|一律|通通)(?:给我|帮我|先|直接)*(?:改成|改为|改到|设|转给|推进|推到|标|变成|删|清|关|作废|批|驳|丢|输|赢|算)|(?:阶段的?|我的|名下的?|手上的?|本月的?|这些|那些|[月周]的)(?:商机|单子|客户|项目)?(?:都|全部?|统统|一律)(?:给我?|帮我)?(?:改|设|转|推|标|变|删|清|关|作废|批|驳|赢|输|丢)|(?:删除|清空|删掉|清除|清掉|销毁|格式化|drop|delete|wipe|erase)[^,.。;\n]{0,6}(?:所有|全部|我的|名下|手[上里]|数据库|整个|全体|库|表|一切|all|database|everything|记录|系统|历史|日志)|(?:全部|统统|一律|全都|通通|批量)(?:的|商机|客户|单子)?(?:[^,.。;\n]{0,4})(?:改成|改为|设为|推进|标记|转给|赢单|输单|删除|删掉|清空|作废|关闭|转|归|通过|批准|驳回|同意)|(?:delete|drop|remove|update|close|set|transfer|mark)\s+(?:all|every)|all\s+(?:deals|opportunities|customers|records)/,
);
const QUESTION = /哪|谁|什么|几个|多少|有没有|\?|吗|查|看|列|统计|汇总|预测|漏斗|进展/;

/** Why nothing may be written because of what `text` (uniform) holds; `undefined` for honest text. */
export function findAttack(text: string): Reading['blocked'] {
  // Code is written with these; a line of Chinese and figures is not searched for it.
  if (/[a-z<>{}$'"`|&\\/=%;_[\]]/.test(text) && CODE.test(text)) return 'code';
  if (INSTRUCTION.test(text)) return 'instruction';
  if (BULK.test(text)) return 'bulk';
  const everything = EVERYTHING.exec(text);
  if (everything && BULK_VERB.test(text) && !QUESTION.test(text)) return 'bulk';
  return undefined;
}
