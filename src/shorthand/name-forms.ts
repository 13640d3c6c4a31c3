import { fold } from './lexer.js';

/** One way a company or a title is spoken of. */
export interface NameForm {
  readonly form: string;
  readonly how: 'exact' | 'part' | 'short';
}

const REGIONS =
  '中国 北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 ' +
  '深圳 广州 杭州 南京 苏州 无锡 宁波 青岛 济南 烟台 潍坊 厦门 福州 泉州 武汉 长沙 郑州 合肥 南昌 成都 西安 昆明 贵阳 太原 沈阳 大连 长春 哈尔滨 石家庄 唐山 珠海 佛山 东莞 惠州 中山 温州 嘉兴 绍兴 金华 常州 南通 徐州 扬州 兰州 银川 西宁 乌鲁木齐 呼和浩特 南宁 海口 三亚 拉萨 华东 华南 华北 华中 西南 西北 东北';
const LEGAL =
  '股份有限公司 有限责任公司 集团有限公司 控股有限公司 有限公司 总公司 分公司 子公司 公司 集团 控股 股份 总部 总行 分行 支行 厂';
const TRADES =
  '科技 技术 电器 电气 电子 电力 电网 电源 电信 电商 移动 联通 重工 重型 机械 机车 车辆 机床 装备 设备 制造 工业 实业 产业 企业 快递 速运 速递 物流 供应链 汽车 客车 医疗 医药 药业 制药 药玻 生物 ' +
  '银行 农商行 农商银行 证券 保险 人寿 财险 信托 基金 期货 金融 财富 资本 投资 租赁 信息 软件 网络 通讯 通信 互联 数据 数科 智能 智家 智造 云 终端 计算机系统 计算机 系统 能源 绿能 新能源 光伏 矿业 石化 石油 煤业 燃气 水务 ' +
  '高科 创新 国际 发展 服务 食品 乳业 啤酒 饮料 酒业 贡酒 葡萄酿酒 化学 化工 纺织 服饰 服装 鞋业 黄金 钢铁 特钢 铝业 铜业 纸业 轮胎 橡胶 玻璃 水泥 建材 陶瓷 家居 家具 地产 置地 置业 物业 建设 建筑 建工 工程 材料 新材 ' +
  '动力 航空 航天 航运 港口 铁路 高铁 地铁 公交 出行 旅游 酒店 餐饮 超市 百货 零售 商贸 贸易 商业 文化 传媒 影视 教育 学院 大学 医院 研究院 设计院 农业 农牧 牧业 种业 渔业 环保 环境 安防 半导体 微电子 光电 激光 数控 精工 精密 轴承 阀门 电缆 电机 电池 储能 照明 卫浴 印刷 包装 船舶 影业 仪器 仪表 传感 自动化 机器人 易购 找房 时代 世界 在线 乐园 中心 省 市';

const dictionary = (list: string): Set<string> => new Set(list.split(' '));
const REGION = dictionary(REGIONS);
const LEGAL_WORD = dictionary(LEGAL);
const TRADE = dictionary(TRADES);
const LONGEST_WORD = 6;

/** Words that stand for a line of business: 万科地产, 平安银行. */
export function isTradeWord(word: string): boolean {
  return TRADE.has(word);
}

interface Piece {
  readonly kind: 'region' | 'legal' | 'trade' | 'brand';
  readonly text: string;
}

/** The legal form a name ends with, read first so that 软控股份 is not cut 软|控股|份. */
function legalTail(name: string): string {
  for (let size = LONGEST_WORD; size >= 2; size--) {
    const tail = name.slice(-size);
    if (LEGAL_WORD.has(tail)) return tail;
  }
  return '';
}

/** Cuts 浙江吉利控股集团有限公司 into 浙江 | 吉利 | 控股 | 集团 | 有限公司. */
function pieces(name: string): Piece[] {
  const tail = legalTail(name);
  if (tail !== '' && tail.length < name.length - 1) {
    return [...pieces(name.slice(0, -tail.length)), { kind: 'legal', text: tail }];
  }
  const cut: Piece[] = [];
  let brand = '';
  const flush = (): void => {
    if (brand) cut.push({ kind: 'brand', text: brand });
    brand = '';
  };
  for (let i = 0; i < name.length;) {
    const word = dictionaryWordAt(name, i, brand);
    if (word) {
      flush();
      cut.push(word);
      i += word.text.length;
    } else {
      brand += name.charAt(i++);
    }
  }
  flush();
  return cut;
}

function dictionaryWordAt(name: string, at: number, brand: string): Piece | undefined {
  for (let size = Math.min(LONGEST_WORD, name.length - at); size >= 1; size--) {
    const text = name.slice(at, at + size);
    if (LEGAL_WORD.has(text) && at > 0) return { kind: 'legal', text };
    if (REGION.has(text)) return { kind: 'region', text };
    // A lone brand character takes what follows with it: 万|科技 is 万科|技, not a brand 万.
    if (
      TRADE.has(text) &&
      brand.length !== 1 &&
      (size > 1 || at + size === name.length || brand === '')
    ) {
      return { kind: 'trade', text };
    }
  }
  return undefined;
}

const MOST_FORMS = 60;
/** 第一 of 第一医院: the word of any sentence. */
const ORDINAL = /^第[一二三四五六七八九十百千\d]+$/;
/** 联通 is 中国联通 wherever it stands; 移动 and 人寿 are words as well. */
const SAID_ALONE = dictionary('联通 电信');

/**
 * How a company is spoken of, beside its full name: without region and legal form (吉利), by the front
 * of a long brand (字节), by region and brand in either order (江苏国网, 国网江苏), and by its clipped
 * name (招行, 国网, 青啤). The name itself comes first.
 */
export function companyForms(name: string): NameForm[] {
  const full = fold(name).replace(/[()[\]（）]/g, '');
  const forms = new Map<string, NameForm['how']>();
  const add = (form: string, how: NameForm['how']): void => {
    if (form.length < 2 || forms.has(form) || forms.size >= MOST_FORMS) return;
    if (ORDINAL.test(form)) return;
    if (
      how !== 'exact' &&
      !(how === 'short' && form.length >= 3) &&
      !(SAID_ALONE.has(form) && full.startsWith('中国')) &&
      (REGION.has(form) || TRADE.has(form) || LEGAL_WORD.has(form))
    )
      return;
    forms.set(form, how);
  };
  add(full, 'exact');
  // 一汽-大众 is said 一汽 as well.
  if (full.includes('-')) for (const part of full.split('-')) add(part, 'part');
  if (/^[\p{Script=Han}]/u.test(full) || /[\p{Script=Han}]/u.test(full)) addChineseForms(full, add);
  else for (const word of full.split(/[^a-z0-9]+/)) if (word.length >= 3) add(word, 'part');
  return [...forms].map(([form, how]) => ({ form, how }));
}

function addChineseForms(full: string, add: (form: string, how: NameForm['how']) => void): void {
  const all = pieces(full).filter((piece) => piece.text !== '省' && piece.text !== '市');
  const kept = all.filter((piece) => piece.kind !== 'legal');
  const join = (list: readonly Piece[]): string => list.map((piece) => piece.text).join('');
  add(join(kept), 'part');
  // 余杭区教育局 is said 余杭教育局.
  add(full.replace(/(?<=^.{2,3})[省市区县州](?=.{2})/, ''), 'part');
  const unplaced = kept.filter((piece) => piece.kind !== 'region');
  const brands = kept.filter((piece) => piece.kind === 'brand');
  if (brands.length > 0) {
    add(join(unplaced), 'part');
    // Everything up to and including the first trade word: 腾讯计算机系统 → 腾讯.
    for (let size = 1; size <= unplaced.length; size++) add(join(unplaced.slice(0, size)), 'part');
    for (const { text } of brands) addBrand(text, add);
  } else if (unplaced.length > 0 && join(unplaced).length >= 3) {
    add(join(unplaced), 'short');
  }
  // 中国移动 stands for every provincial company of that name.
  const [country, trade] = kept;
  if (country?.text === '中国' && trade?.kind === 'trade') {
    add(country.text + trade.text, 'short');
    add(trade.text, 'short');
  }
  addClipped(kept, add);
  addUniversity(full, add);
  addBureau(full, add);
  addPlaced(all, add);
}

/** 字节跳动 is said 字节, 科大讯飞 讯飞; three characters are not shortened (海底捞). */
function addBrand(brand: string, add: (form: string, how: NameForm['how']) => void): void {
  if (!/^\p{Script=Han}+$/u.test(brand)) {
    const latin = /[a-z0-9]{2,}/.exec(brand)?.[0];
    if (latin) add(latin, 'part');
    const han = brand.replace(/[^\p{Script=Han}]/gu, '');
    if (han.length >= 2) add(han, 'part');
    return;
  }
  add(brand, 'part');
  // 招商局 is said 招商 as well.
  if (brand.length === 3 && /[局厂社]$/.test(brand)) add(brand.slice(0, 2), 'part');
  if (brand.length < 4) return;
  add(brand.slice(0, 2), 'part');
  add(brand.slice(0, 3), 'part');
  add(brand.slice(-2), 'part');
}

/** Airlines are called by their clipped names as often as by any other: 南航, 国航. */
const HOUSEHOLD = /航$/;

/** 电子科技大学 → 电子科大, 西南财经大学 → 西南财大, 东北农业大学 → 东北农大. */
const UNIVERSITY =
  /^(.{2,4}?)(科技|财经|师范|农业|交通|医科|工业|理工|海洋|民族|政法|林业|石油|传媒)大学/;

function addUniversity(full: string, add: (form: string, how: NameForm['how']) => void): void {
  const [, place, field] = UNIVERSITY.exec(full) ?? [];
  if (place && field) add(`${place}${field.charAt(0)}大`, 'part');
}

/** 中国建筑第三工程局 → 中建三局. */
const BUREAU = /^中国(.).{1,4}第([一二三四五六七八九十]{1,3})工程局/;

function addBureau(full: string, add: (form: string, how: NameForm['how']) => void): void {
  const [, trade, number] = BUREAU.exec(full) ?? [];
  if (trade && number) add(`中${trade}${number}局`, 'part');
}

/** 招商银行 → 招行, 国家电网 → 国网, 青岛啤酒 → 青啤: two characters of a four-character pair. */
function addClipped(
  kept: readonly Piece[],
  add: (form: string, how: NameForm['how']) => void,
): void {
  for (let i = 0; i + 1 < kept.length; i++) {
    for (const clip of clips(kept[i], kept[i + 1]))
      add(clip, HOUSEHOLD.test(clip) && kept[i]?.kind === 'brand' ? 'part' : 'short');
  }
}

function clips(head: Piece | undefined, tail: Piece | undefined): string[] {
  if (!head || !tail || head.text.length > 3 || tail.text.length < 2) return [];
  const front = head.text.charAt(0);
  // 青岛啤酒 is 青啤 and 中国移动 中移, never 中动: behind a region the first character stands.
  const clipped = front + tail.text.charAt(0);
  // 中国石油 and 中国石化 are both 中石; 中石油 tells them apart.
  if (head.text === '中国') return [clipped, `中${tail.text}`];
  if (head.kind === 'region') return [clipped];
  return tail.text.length > 3
    ? [front + tail.text.charAt(0)]
    : [front + tail.text.slice(-1), front + tail.text.charAt(0)];
}

/** Region and brand in both orders: 国网江苏, 江苏国网, 浙江移动, 中车青岛, 中车四方. */
function addPlaced(all: readonly Piece[], add: (form: string, how: NameForm['how']) => void): void {
  const kept = all.filter((piece) => piece.kind !== 'legal').slice(0, 6);
  const regions = kept.filter((piece) => piece.kind === 'region' && piece.text !== '中国');
  const firstWords = kept.filter((piece) => piece.kind !== 'region');
  if (firstWords.length >= 2) {
    for (let i = 0; i < firstWords.length; i++) {
      for (let j = i + 1; j < firstWords.length; j++) {
        const a = firstWords[i]?.text ?? '';
        const b = firstWords[j]?.text ?? '';
        add(a + b, 'short');
        if (b.length > 2) add(a + b.slice(0, 2), 'short');
      }
    }
  }
  for (const { text: region } of regions) {
    const rest = kept.filter((piece) => piece.text !== region);
    const heads = new Set<string>();
    for (let i = 0; i < rest.length; i++) {
      const piece = rest[i];
      if (!piece) continue;
      heads.add(piece.text);
      if (piece.text.length > 2) heads.add(piece.text.slice(0, 2));
      const next = rest[i + 1];
      if (next) {
        heads.add(piece.text + next.text);
        for (const clip of clips(piece, next)) heads.add(clip);
      }
    }
    for (const head of heads) {
      add(head + region, 'short');
      add(region + head, 'short');
    }
  }
}
