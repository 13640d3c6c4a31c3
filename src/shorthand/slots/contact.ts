import { HAN } from '../characters.js';
import type { Found } from '../scene.js';
import { ANY_MARK, matches, overwritten } from '../scene.js';
import { sought } from '../sought.js';

const SURNAMES =
  '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常于傅皮卞齐康伍余卜顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝臧伏成戴谈宋茅庞熊纪舒屈祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯昝卢莫房裘缪丁宣贲邓郁杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲封芮羿储靳汲邴糜松井段富巫焦巴弓牧隗谷侯宓蓬郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎薄印宿白蒲邰鄂索咸籍赖卓蔺屠蒙池乔胥闻莘党翟谭贡劳逄姬申扶冉宰郦雍郤璩桑桂濮牛寿边扈燕冀郏浦农温庄晏柴瞿阎充慕茹宦艾鱼容古易慎戈廖庾衡耿匡文寇禄阙欧殳沃蔚夔隆巩厍聂晁勾敖融冷訾辛阚简饶曾沙鞠丰巢蒯荆竺逯盖楚闫汝鄢涂钦牟佘佴墨谯阳佟肖覃付邸代占战关项单解管应计连向全尚麦芦亓苑植揭展辜岳隋邝迟桓栗冼敬兰帅苟仝';
export const DOUBLE_SURNAMES =
  '欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|夏侯|端木|南宫|独孤|长孙|宇文';
export const SURNAME = `(?:${DOUBLE_SURNAMES}|[${SURNAMES}])`;

/** Said right behind the surname: 刘总, 李工, 王哥. */
const SHORT_ROLES =
  '副总|老总|总(?![监裁经工部量数额价包结共体之归计])|工(?![程厂作业期地会具商艺信人资序时序单])|董(?!事)|处(?![长理于在置])|科(?![长技学研室目])|局(?![长部面里])|部(?![长门署分里队件])|院(?![长里校方士线内外])|行(?![长业里方吗不了政程情动为家走])|校(?![长区园企])|厂(?![长家里房区商内])|哥(?!们)|姐(?!们)|司(?![机法])';
const ROLES =
  '副总裁|总裁|副总经理|总经理|副总监|总监|董事长|总工程师|总工|经理|主任|副主任|处长|副处长|副处|科长|副科长|部长|副部长|局长|副局长|院长|副院长|校长|厂长|副厂长|行长|副行长|站长|所长|书记|秘书|助理|主管|主席|会长|组长|队长|店长|老师|教授|博士|工程师|老板|女士|先生|小姐|师傅|同学|律师|会计|专员|顾问|架构师|院士|馆长|台长|社长|店主';
const DEPARTMENT =
  '技术|采购|信息化?|财务|生产|运营|销售|市场|产品|项目|人事|人力|行政|法务|研发|业务|供应链|it|数字化|数据|工程|设备|安全|质量|品质|商务|战略|分管|常务|执行|大区|区域|厂区|物流|仓储|客服|电商|门店|安环|能源|工艺|制造|渠道|品牌|信息技术|信息中心|基建|后勤|审计|投资';
const TITLES = `(?:(?:${DEPARTMENT})(?:部|中心|处|科)?(?:的)?)?(?:副总裁|总裁|副总经理|总经理|副总监|总监|董事长|副总|总工程师|总工|经理|副经理|主任|副主任|处长|副处长|科长|部长|副部长|局长|院长|副院长|校长|厂长|副厂长|行长|主管|负责人|专员|助理|工程师|老板|一把手|秘书|书记|cto|ceo|cfo|cio|coo|cdo|vp|首席[${HAN}]{1,3}官)`;

/** A person begins at the head of a word: after a mark, a space, a verb or a department. */
const BEGINS = `(?<=^|[^${HAN}]|[和跟给与找约见同问催的到了说是让请对为向陪打访系人由叫回把被及或联部科处组室厂院方户家司面会边位去在来时候购术务息营产发昨今午天晚早心间,]|老大|[换改]成)`;
const CALLED = sought(
  new RegExp(
    `${BEGINS}(?:(?:老|小|阿)(?=${SURNAME}))?(${SURNAME}(?:${SHORT_ROLES}|[${HAN}]{0,2}?(?:${ROLES})))`,
    'gu',
  ),
);
const NICKNAMED = sought(
  new RegExp(
    `(?:^|[\\s,:和跟给与找约见同问催的部处科心室、${ANY_MARK}]|联系|拜访|陪|采购|销售|技术|研发|财务|生产|商务|运营|法务|行政|人事|工程|设备|质量|市场|项目)((?:老|小|阿)${SURNAME}(?<!小单))(?=$|[\\s,、说电微发约见聊沟反回提要想在确那来去的加过])`,
    'gu',
  ),
);
/** Words that begin like a surname and a role and are no person. */
const NO_PERSON =
  /^(?:谢谢|项目|安全|高级|高管|方案|成本|关于|包括|施工|党委|金融|程序|费用|成立|常务|华[东南北中西]|江[苏西]|方面|计划|单位|石[油化]|全[国部]|连锁|应用|向[我他]|单[个位]|管理|解决|计算|关[键注]|成[功为交]|高[层新]|万[一]|安[排装]|文[档员件]|融资|印刷|温[度控]|易[用])/;
const REAL_AFTER_ALL = new RegExp(
  `^(?:${SURNAME})(?:总|工|经理|主任|处长?|科长|部长|老师|局长?|院长|厂长|行长|姐|哥|总监|董|女士|先生|书记|主管)$`,
  'u',
);

const NAME_END = `(?=$|[\\s,，、;:.。!(\\d${ANY_MARK}]|电话|手机|邮箱|职务|职位|是|的|了|吧|啊|微信|担任|负责|他|她|之前|以后|说|问|要|想|约|让|给|开了|聊|谈|见|打|发|提|来|去|对|在|表示|反馈|回复|沟通|觉得|认为|答应|也|都|还|又|一起)`;
const NAMED_FIELD = sought(
  new RegExp(
    `(?:联系人|对接人|接口人|关键人|决策人|对方负责人|客户联系人|决策者|拍板人|经办人|新负责人|kp|contact(?: person)?)(?:信息(?![部中科处化技])|补充|更新|改成|改为|换成|换为|变更为|变更成|变成|变为|变更|新增|增加|添加|加上?|是|叫|为|:|一下|一?个|一位|→|->|姓名|换|改| )*(?:((?:${DEPARTMENT})部(?:门)?)[ ,的]*)?(?:(${TITLES})[ ,的]*)?((?:[a-z][a-z'-]{1,15}(?: [a-z][a-z'-]{1,15})?)|[${HAN}]{2,4}?)${NAME_END}`,
    'gu',
  ),
);
const NOT_A_NAME =
  /^(?:电话|手机|邮箱|信息|补充|资料|换人|没变|不变|变更|离职|还没|不在|微信|是谁|有变|已|那边|什么|谁|客户|对方|email|phone|mobile|tel|wechat)|.(?:部门?|科室|中心|公司|集团)$/;
const IS_DEPARTMENT = new RegExp(`^(?:${DEPARTMENT})(?:部门?|处|科|室|中心|组)?$`);
/** 信息部张伟, 采购总监刘洋: a name without a role, behind a title. */
const TITLED_NAME = sought(
  new RegExp(`(?:(${TITLES})|(?:${DEPARTMENT})部的?) ?(${SURNAME}[${HAN}]{1,2}?)${NAME_END}`, 'gu'),
);
/** 陈飞 13800000000: a name right before its number or address. */
const BEFORE_NUMBER = sought(
  new RegExp(
    `(?<=^|[\\s,，:：的是叫${ANY_MARK}])(${SURNAME}[${HAN}]{1,2})(?= ?[,，:： ]?(?:的?(?:电话|手机|邮箱|微信|联系方式)(?:号码?)?(?:是|为|:| )*)?\ue009)`,
    'gu',
  ),
);
const FIRST_NAMES = sought(
  /(?<![a-z@.-])(kevin|lily|tom|jack|mike|david|john|lucy|amy|peter|eric|jason|andy|tony|alice|linda|helen|grace|frank|steven|michael|daniel|vivian|cindy|jenny|sam|leo|ben|alex|chris|emma|anna|nancy|rachel|kelly|vincent|jerry|bob|james|sophia|may|ivy|joyce|wendy|sunny|jessica|simon|henry|ryan|mark|paul|robert|sarah|allen|ken|terry|eva|fiona|coco|mary|bill|jim|kate|lisa|george|max|oscar|victor|edward|allan|dennis|raymond|howard|sean|nick|luke|owen|zoe|iris|tina|bella|cherry|candy|yuki|ray|roy|jane|rose|ruby|elsa|ella|jay|tim|will|hans|anderson|stephen|catherine|elaine|christine|joe|dave|matt|karen|susan|diana|judy|angela|crystal|maggie|nicole|stella|olivia|phoebe|carol|shirley|gary|larry|philip|albert|alan|adam|aaron|bruce|charles|charlie|danny|derek|evan|felix|fred|gavin|harry|ian|ivan|jacky|jimmy|johnny|justin|keith|kenny|kyle|lawrence|louis|marco|martin|neil|nelson|oliver|patrick|richard|rick|ronald|samuel|scott|stanley|steve|ted|thomas|timothy|walter|william|wilson)(?![a-z@-])(?! ?\.)/g,
);
const PHONE = sought(
  /(?<![\d.])(?:\+?86[- ]?)?(1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]\d{7,8}(?:-\d{1,5})?|400[- ]?\d{3}[- ]?\d{4})(?!\d)/g,
);
const EMAIL = sought(/[a-z0-9][a-z0-9._%+-]{0,60}@[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,30}){1,4}/g);
/** Whoever leaves is no contact any more once somebody else is named. */
const LEAVES = /^(?:那边)?(?:已经?|要|刚)?(?:离职|走了|调走|调岗|退休|换岗|跳槽|不在了|换成|换为)/;
const TITLE_FIELD = sought(
  new RegExp(
    `(?:职务|职位|头衔|title|岗位|职称)(?:改成|改为|更新为|变更为|变成|升为|升到|是|为|:| )*(${TITLES}|[${HAN}a-z]{2,8}?)(?=$|[\\s,、;.。了\\d])`,
    'u',
  ),
);
/** 采购总监叫Linda, CIO是范总: the title introduces the name. */
const TITLE_CALLED = sought(
  new RegExp(
    `(${TITLES})(?:现在)?(?:名?叫|是|姓名?|换成了?|改成|:)\\s*((?:[a-z][a-z'-]{1,15})|${SURNAME}[${HAN}]{1,2}?)${NAME_END}`,
    'gu',
  ),
);
/** 吐总, alone between two breaks: whatever surname it is. */
const RARE_SURNAME = sought(
  new RegExp(
    `(?<=^|[\\s,，:：${ANY_MARK}])([^\\P{Script=Han}汇副老归加共统]总)(?=$|[\\s,，:：\\d${ANY_MARK}]|电话|手机|微信)`,
    'gu',
  ),
);
const TITLE_ALONE = sought(
  new RegExp(
    `(?:^|[\\s,(:是任为${ANY_MARK}]|升了?|提拔成|新任|调任|担任)(${TITLES})(?=$|[\\s,、;.。)了\\d${ANY_MARK}]|电话|手机)`,
    'u',
  ),
);

const ALONE = [RARE_SURNAME, BEFORE_NUMBER, NICKNAMED, FIRST_NAMES];

export interface ContactReading {
  /** A contact was named as such: 联系人换成赵敏, not merely spoken of. */
  readonly stated: boolean;
  readonly contacts: readonly Found<string>[];
  readonly title: Found<string> | undefined;
}

/** E-mail addresses and telephone numbers, to be claimed before any digit is read as money. */
export function findReachable(text: string): { phones: Found<string>[]; emails: Found<string>[] } {
  const emails = matches(text, EMAIL).map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
    value: m[0],
  }));
  const phones = matches(overwritten(text, emails, ' '), PHONE).map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
    value: (m[1] ?? m[0]).replaceAll(' ', ''),
  }));
  return { phones, emails };
}

/** Persons at the customer: 刘总, 李工, 黄经理, a name after 联系人. `colleagues` are no contacts. */
export function findContacts(text: string, colleagues: ReadonlySet<string>): ContactReading {
  const contacts: Found<string>[] = [];
  let title: Found<string> | undefined;
  let stated = false;
  const add = (end: number, words: string): boolean => {
    const start = end - words.length;
    if (words.length < 2 || colleagues.has(words)) return false;
    if (NOT_A_NAME.test(words) || IS_DEPARTMENT.test(words)) return false;
    if (contacts.some((other) => start < other.end && other.start < end)) return false;
    contacts.push({ start, end, value: words });
    return true;
  };
  const titleAt = (m: RegExpExecArray, words: string | undefined): void => {
    if (!words || title) return;
    const start = m.index + m[0].indexOf(words);
    title = { start, end: start + words.length, value: words };
  };
  for (const m of matches(text, NAMED_FIELD))
    if (add(m.index + m[0].length, m[3] ?? '')) {
      titleAt(m, m[2]);
      stated = true;
    }
  for (const m of matches(text, TITLE_CALLED))
    if (add(m.index + m[0].length, m[2] ?? '')) titleAt(m, m[1]);
  for (const m of matches(text, CALLED)) {
    const words = m[1] ?? '';
    if (!NO_PERSON.test(words) || REAL_AFTER_ALL.test(words)) add(m.index + m[0].length, words);
  }
  for (const m of matches(text, TITLED_NAME))
    if (add(m.index + m[0].length, m[2] ?? '')) titleAt(m, m[1]);
  for (const pattern of ALONE)
    for (const m of matches(text, pattern)) add(m.index + m[0].length, m[1] ?? '');
  const staying = contacts.filter(({ end }) => !LEAVES.test(text.slice(end, end + 6)));
  if (staying.length > 0) contacts.splice(0, contacts.length, ...staying);
  contacts.sort((a, b) => a.start - b.start);
  const once = contacts.filter(
    ({ value }, i) => contacts.findIndex((other) => other.value === value) === i,
  );
  contacts.splice(0, contacts.length, ...once);
  if (!title) {
    const alone = TITLE_FIELD.exec(text) ?? TITLE_ALONE.exec(text);
    if (alone) titleAt(alone, alone[1]);
  }
  return { contacts, stated, title };
}
