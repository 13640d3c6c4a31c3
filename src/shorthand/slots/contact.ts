import type { Found, Range } from '../scene.js';
import { matches } from '../scene.js';

const SURNAMES =
  '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督晋楚闫法汝鄢涂钦商牟佘佴伯赏墨哈谯笪年爱阳佟肖覃符解付闭尧曲代战邸';
const DOUBLE =
  '欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|夏侯|端木|南宫|独孤|长孙|宇文';
export const SURNAME = `(?:${DOUBLE}|[${SURNAMES}])`;

const ROLES =
  '副总裁|总裁|副总经理|总经理|副总监|总监|董事长|副总|总工程师|总工|老总|总|经理|主任|副主任|处长|副处长|副处|处|科长|副科长|科|部长|副部长|局长|副局长|院长|副院长|校长|厂长|副厂长|行长|副行长|站长|所长|书记|秘书|助理|主管|主席|会长|组长|队长|店长|老师|教授|博士|工程师|董|局|部(?!门|署|分|里)|院(?!里|校|方)|行(?!业|长|里|方|吗|不|了|政)|老板|姐|哥|女士|先生|小姐|师傅|同学|律师|会计|采购|专员|顾问|架构师|院士|校|厂(?!家|里|房|区)|馆长|台长|社长|店主|司(?!机)';
const TITLES =
  '(?:(?:技术|采购|信息|信息化|财务|生产|运营|销售|市场|产品|项目|人事|行政|法务|研发|业务|供应链|IT|it|数字化|工程|设备|安全|质量|品质|商务|战略|分管|常务|执行|大区|区域|厂区|IT部|信息部|采购部|财务部|技术部|设备部|生产部)(?:部|中心|处|科)?(?:的)?)?(?:副总裁|总裁|副总经理|总经理|副总监|总监|董事长|副总|总工程师|总工|经理|主任|处长|科长|部长|局长|院长|校长|厂长|行长|主管|负责人|专员|助理|工程师|老板|一把手|cto|ceo|cfo|cio|coo|cdo|vp|首席\\S{1,3}官)';

/** A person begins at the head of a word: after a mark, a space, a verb or a department. */
const BEGINS = `(?<=^|[^\\p{Script=Han}a-z]|[和跟给与找约见同问催的到了说是让请对为向陪打访系人由叫回把被及或请联部科处室厂院方户家司面会给里边位去在来时候购术务息营产发])`;
const CALLED = new RegExp(
  `${BEGINS}(?:(?:老|小|阿)(?=${SURNAME}(?:${ROLES})))?(${SURNAME}(?:工(?!程师)|[\\p{Script=Han}]{0,2}?(?:${ROLES})))(?!结|共|部署|理解|价|额|计|包|体|是说|经说|程|作|会(?!议室|后|上)|算|之|而|得|能)`,
  'gu',
);
const NICKNAMED = new RegExp(
  `(?:^|[\\s,:和跟给与找约见同问催、]|联系|拜访|陪)((?:老|小|阿)${SURNAME})(?=$|[\\s,、说电微发约见聊沟反回提要想在确那来去的]|总)`,
  'gu',
);
const NAMED_FIELD =
  /(?:联系人|对接人|接口人|关键人|决策人|负责人是?对方|对方负责人|客户联系人|决策者|拍板人|经办人|kp|contact(?: person)?|采购负责人)(?:补充|更新|改成|改为|换成|换为|变更为|变成|变为|新增|增加|添加|加|是|叫|为|:|一下|了|→|->|姓名| )*((?:[a-z][a-z'-]{1,15}(?: [a-z][a-z'-]{1,15})?)|[\p{Script=Han}]{2,4}?)(?=$|[\s,，、;:.。(\d]|电话|手机|邮箱|职务|职位|是|的|微信|1\d{10}|[\ue001-\ue008])/gu;
const LATIN_NAME =
  /(?:跟|和|给|找|约|见|与|同|with|call|联系|拜访|(?<=^|[\s\ue001]))\s?([A-Z][a-z]{1,12}|(?:kevin|lily|tom|jack|mike|david|john|lucy|amy|peter|eric|jason|andy|tony|alice|linda|helen|grace|frank|steven|michael|daniel|vivian|cindy|jenny|sam|leo|ben|alex|chris|emma|anna|nancy|rachel|kelly|vincent|jerry|bob|james|sophia|may|ivy|joyce|wendy|sunny|jessica|simon|henry|ryan|mark|paul|robert|sarah|allen|ken|terry|eva|fiona|coco|mary|bill|jim|kate|lisa|george|max|oscar|victor|edward|allan|dennis|raymond|howard|sean|nick|luke|owen|zoe|iris|tina|bella|cherry|candy|yuki|ray|roy|jane|rose|ruby|elsa|ella|jay|tim|will|hans|anderson|stephen|catherine|elaine|christine|joe|dave|matt|karen|susan|diana|judy|angela|crystal|maggie|nicole|stella|olivia|phoebe|carol|shirley|gary|larry|philip|albert|alan|adam|aaron|bruce|charles|charlie|danny|derek|evan|felix|fred|gavin|harry|ian|ivan|jacky|jimmy|johnny|justin|keith|kenny|kyle|lawrence|louis|marco|martin|neil|nelson|oliver|patrick|richard|rick|ronald|samuel|scott|stanley|steve|ted|thomas|timothy|walter|william|wilson))(?![a-z])/g;
export const PHONE =
  /(?<![\d.])(?:\+?86[- ]?)?(1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]\d{7,8}(?:-\d{1,5})?|400[- ]?\d{3}[- ]?\d{4})(?!\d)/g;
export const EMAIL = /[a-z0-9][a-z0-9._%+-]{0,60}@[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,30}){1,4}/g;
const TITLE_FIELD = new RegExp(
  `(?:职务|职位|头衔|title|岗位|职称)(?:改成|改为|更新为|变更为|变成|升为|是|为|:| )*(${TITLES}|[\\p{Script=Han}a-z]{2,8}?)(?=$|[\\s,、;.。\\d])`,
  'u',
);
const TITLE_ALONE = new RegExp(
  `(?:^|[\\s,(:是任为]|升了?|提拔成|新任)(${TITLES})(?=$|[\\s,、;.。)\\d]|电话|手机)`,
  'u',
);

/** Words that begin with a surname's character and are no person. */
const NO_PERSON =
  /^(?:和|方|时|单|成|关|于|应|从|连|那|别|都|年|能|通|全|后|家|向|易|段|经|计|管|解|干|强|明|平|万|水|高层|高管|华总部|安全总|项目总|项总|程总|路总共|金总共|任总|有总|项目经|项目部|计划部|单老|经理$|车总共|国总部|商部|公|司总|相|师|包|包总|江总部|成总|成本总|单总|应总|付总额|计总|时经|后总|从总|平总|都总|家总|年总|能总|万总|通总|水总|那总|向总|全总|高总监|关总部)/;

export interface ContactReading {
  readonly contacts: readonly Found<string>[];
  readonly title?: Found<string>;
  readonly phone?: Found<string>;
  readonly email?: Found<string>;
}

/** E-mail addresses and telephone numbers, to be claimed before any digit is read as money. */
export function findReachable(text: string): { phones: Found<string>[]; emails: Found<string>[] } {
  const emails = matches(text, EMAIL).map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
    value: m[0],
  }));
  const free = blank(text, emails);
  const phones = matches(free, PHONE).map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
    value: (m[1] ?? m[0]).replace(/[ ]/g, ''),
  }));
  return { phones, emails };
}

function blank(text: string, ranges: readonly Range[]): string {
  return ranges.reduce(
    (rest, { start, end }) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end),
    text,
  );
}

/** Persons at the customer: 刘总, 李工, 黄经理, a name after 联系人. `colleagues` are no contacts. */
export function findContacts(
  text: string,
  colleagues: ReadonlySet<string>,
): { contacts: Found<string>[]; title?: Found<string> } {
  const contacts: Found<string>[] = [];
  const add = (start: number, words: string): void => {
    const end = start + words.length;
    if (
      words.length < 2 ||
      colleagues.has(words) ||
      contacts.some((other) => start < other.end && other.start < end)
    )
      return;
    contacts.push({ start, end, value: words });
  };
  for (const m of matches(text, NAMED_FIELD)) {
    const words = m[1] ?? '';
    if (
      !/^(?:电话|手机|邮箱|信息|补充|资料|换人|没变|不变|变更|离职|还没|不在|微信|是谁)|(?:部|科|处|中心|公司|集团)$/.test(
        words,
      )
    )
      add(m.index + m[0].length - words.length, words);
  }
  for (const m of matches(text, CALLED)) {
    const words = m[1] ?? '';
    if (
      NO_PERSON.test(words) &&
      !/^(?:方|高|万|成|平|易|段|关|于|应|年|连|全|向|强|明|通|时|单|管|计|水|解|经|家)(?:总|工|经理|主任|处|处长|科长|部长|老师|局|院长|厂长|行长|姐|哥|总监|董|女士|先生|书记|主管)$/.test(
        words,
      )
    )
      continue;
    const offset = m[0].length - words.length;
    add(m.index + offset, words);
  }
  for (const m of matches(text, NICKNAMED)) {
    const words = m[1] ?? '';
    add(m.index + m[0].lastIndexOf(words), words);
  }
  for (const m of matches(text, LATIN_NAME)) {
    const words = m[1] ?? '';
    add(m.index + m[0].lastIndexOf(words), words);
  }
  const titled = TITLE_FIELD.exec(text) ?? TITLE_ALONE.exec(text);
  const title = titled?.[1];
  contacts.sort((a, b) => a.start - b.start);
  if (!titled || !title) return { contacts };
  const start = titled.index + titled[0].lastIndexOf(title);
  return { contacts, title: { start, end: start + title.length, value: title } };
}
