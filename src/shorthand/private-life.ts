import { MARK } from './scene.js';
import { sought } from './sought.js';

/**
 * What people talk of beside work, by topic. A name with a sum and a day in such talk (a loan at a
 * bank, a parcel, a lottery ticket) is no deal, unless words of a deal stand beside it.
 *
 * `word!abc` is the word unless one of `abc` follows: 老公 but not 老公司.
 */

/** One's own kin, home and landlord: only plain words of a deal make business of these. */
const OWN_LIFE = [
  // 家人
  '孩子他妈 孩子他爸 孩子妈 孩子爸 娃他妈 娃他爸 我老家 老家屋 洗牙 双胞胎 龙凤胎 二胎 上小学 上初中 上高中 结的婚 我妈 我爸 我娘 我爹 老妈 老爸 爸妈 爹妈 父母 我哥!们 我弟 我姐 我妹 我媳妇 老婆 老公!司 媳妇 我儿 我女儿 我闺女 儿子 女儿 闺女 我娃 带娃 遛娃 接娃 送娃 生娃 娃儿 小孩子 丈母娘 老丈人 岳父 岳母 公婆 婆婆 爷爷 奶奶 姥姥 姥爷 外婆 外公 小舅子 大舅 小姨 姑妈 姑姑 表哥 表弟 表姐 表妹 堂哥 堂弟 堂姐 堂妹 侄子 侄女 外甥 男朋友 女朋友 男友 女友 我对象 找对象 相亲 闺蜜 发小 室友 舍友',
  // 家居、租住
  '家里!面 房子!产 彩礼 交房!付系 我家里 我家楼 我家附近 我家小区 我家孩 我家猫 我家狗 我家门口 我家旁 我家装 我家装 房东 房租 月租!系 租房 合租 整租 押一付 房贷!系业平产中 车贷!系业平产中 月供 还贷 学区房 二手房!系平交 新房子 那套房 这套房 套房子 买房 卖房 公积金!中系管 房产证 搬新家',
  // 子女
  '接孩子 送孩子 带孩子 陪孩子 家长会 辅导班 补习班 兴趣班 夏令营 上幼儿园 产检 预产期 坐月子 月嫂 尿不湿 纸尿裤',
  // 自己的钱
  '份子钱 随份子 压岁钱 零花钱 私房钱 花呗 借呗 年薪 发了offer 发offer 白条 刮刮乐 双色球 大乐透 买彩票 中彩票 彩票中 年终奖 斗地主 炸金花 打麻将 搓麻将 打游戏 看电影!院 健身卡 健身房',
].join(' ');

/** Other talk of the day; a contract, a talk or an appointment beside it is enough to make it business. */
const DAILY_LIFE = [
  // 日常花销
  '分红 求购 转让!费股 车位!系引管 砍一刀 挂了周 预付卡 购物卡 催交 套餐!系 以旧换新 人均 车位贷 没还呢 还没还 还钱 退休金 养老金 奖学金 打赌 物业费!系收 水电费 电费!系管核 话费!系 燃气费 取暖费 宽带费 宽带到期 住宿!系管 出差补贴 差旅补贴 过路费 油费 路桥费 动车!组段所系 打车!系平 打车费 贴单子 单子贴 报销单 发票抬头 打印店 便利店!系连 充会员 视频会员 绕路 等位 客服态度 捐了 捐款!系平 早点下班 准时下班 按时下班 赶紧下班 宽带续费 流量套餐 停车费!系 油价 加满油 违章 驾照 摇号 洗车 代驾 试驾',
  // 理财、股票
  '信用卡!中系业部风 微粒贷 还款日 消费贷!系业平产 网贷 炒股 股票 减持 增持 净利 派息 亏了我 赚了我 股价 涨停 跌停 大盘!点 仓位 加仓 减仓 满仓 空仓 清仓 套牢 割肉 回本 抄底 打新股 新股中 中签了 中签号 定投 买了基金 基金跌 基金涨 基金亏 银行卡!系业 卡里 存款!系业产 取钱 存钱 金价 金条 金镯 项链 戒指 彩票!系中销终 中奖 红包!系营 抢红包 借钱 欠我钱 发工资 工资条 涨薪 涨工资 年包 个税 退税 社保!系局中卡平 五险一金',
  // 喜事、聚会
  '结婚 婚礼 婚宴 婚纱 喜糖 喜酒 喜帖 订婚 领证 离婚 满月酒 百日宴 同学聚会 过生日 生日蛋糕 生日快乐 高考!系阅志 中考!系阅 考研 考公 扫墓 祭祖',
  // 吃喝
  '外卖!系平业柜小 外送 点餐!系平小机 骑手!系调端管平 奶茶!店系 火锅!店 烧烤 撸串 小龙虾 自助餐 夜宵 拼单 拿铁 一杯',
  // 购物、快递
  '优惠券!系平 代金券 购物券 的券 领券 满减 立减 直降 秒杀!系 双11 双十一!大活 买一送一 第二件 预售!系证 包邮 取快递 拿快递 收快递 快递到了 快递员!端 送货!单系 推销 遥控器 工牌 钱包 雨伞 耳机!线 充电器!线 保洁阿姨 物业说 保安!系服设 我的快递 包裹!系分 取件 驿站!系端 派送!系 差评 种草 薅羊毛 羊毛 到手价 折扣码 凑单 年货 代购 网购 购物车 双鞋 球鞋 运动鞋 跑鞋 鞋子 衣服 裤子 羽绒服 外套 口红 面膜 护肤品 手机壳 新手机 换手机',
  // 出行、票
  '机票!系平预业 车票 火车票 高铁票 船票 门票!系平预闸 电影票 演唱会 抢票 退票!系 改签费 的票!据务面源 票改 订房!系 入住!率系 退房!系 一晚!上 民宿 登机!系口 值机!系柜 航班!系调管大动保 托运 签证!中系 护照 旅游!局业集 自驾游 景点 爬山 露营 里程!碑 年卡 月卡',
  // 身体
  '体检!系中平车业部机 挂号!系平机 看病 抓药 吃药 医保!系局平结 拔牙 看牙 补牙 牙疼 牙医 疫苗!系管追冷 感冒 发烧 咳嗽 拉肚子 颈椎 痛风 失眠 减肥 健身!器 跑步!机 马拉松 瑜伽 打针 输液!系泵 针灸 按摩!椅 理发 美甲',
  // 玩乐
  '麻将!机 打牌 扑克 王者荣耀 开黑 上分 排位赛 世界杯 欧冠 英超 中超 nba cba 球赛 看球 打球 踢球 跑团 约跑 小说!平系网 上头了 猫粮 狗粮 班车!平系租管 追剧 综艺 电影!院节集 唱歌 ktv k歌 剧本杀 密室逃脱 羽毛球 篮球 足球 乒乓球 钓鱼 高尔夫!球场系 桌游 下棋 下注 老虎机 抽奖!系活小 蹦迪 酒吧',
  // 求职、办公室
  '校招!系平 社招 春招 秋招 面试!系 跳槽 内推 简历!系筛解 猎头 加班费 团建 卷死 内卷 摸鱼 停电!管系 停水!管系 断网 停气 会议号 会议id 会议密码 入会链接',
].join(' ');

/** What a topic's word names when it is sold: 体检系统, 外卖平台, 信用卡中心 are somebody's business. */
const PRODUCT_BEHIND =
  /^(?:管理|信息化?|数字化|智能|业务|业主|数据|在线|自动)?(?:系统|平台|项目|模块|软件|小程序|app|中心|公司|集团|行业|板块|事业部|部(?![署位])|大屏|中台|后台|设备|二期|一期|改造|升级|管理|业务)/;

/** Words of a deal that outweigh any other topic. */
const PLAIN_DEAL =
  /商机|老板娘|(?<!贴[^,，。;；\n]{0,4})单子(?!贴)|[这那二大小]单|报价|推进|谈判|商务|(?<!装修|婚礼|婚庆|旅游|理财|减肥|健身)方案|客户|甲方|采购|招标|投标|中标|开标|标书|竞标|立项|需求|拜访|跟进|回访|演示|demo|poc|评审|验收|项目|系统|平台|模块|软件|上线(?!了游)|实施|交付|竞品|友商|对手|续约|赢单|输单|丢单|成交|关单|金额|概率|把握|胜算|阶段|决策|信息部|采购部|选型|试用(?!装)|[一二三四五]期(?![间\d])|扩容|改造|线索|合作|意向|签[约单下]|提醒|叫我|喊我|闹钟|(?<![器盘匙伞杯包])转给|接手|的会[改推挪]|\bmes\b|\berp\b|\bcrm\b|\bwms\b|[\p{Script=Han}](?:总(?![共是之算的价额体结部量包行])|总监|经理|主任|处长|科长|院长|部长|局长|书记|董(?!事))|[\p{Script=Han}](?<![代手人员职民施完竣开打化加军])工(?![作程厂资地业商会人具序期])/u;
/** Words that make business of the talk of the day, though not of one's family. */
const SOME_DEAL =
  /(?<![中抽改标书便])签(?![收证名到])|合同|预算|(?<![预大])约(?![会跑球牌饭我\d一二三四五六七八九十])|聊|谈|[见找陪请]\ue001|会议(?!号|id|密)|开会|汇报|答复|回复|反馈|[开出]价|接洽|资料|样品|样机|付款|打款|发票|价格/;
/** 我买的冰箱, 满300减50, 打6折 479, 跌了5个点: how people speak of what they buy, and where kin work. */
const OWN_TALK = sought(
  /我(?:买|点|抢|租|养|炒|借|充)的|(?:花|收|扣|坑|宰|骗)了我[\s\d一二三四五六七八九十]|家的?(?:狗|猫|娃|孩子)|(?:[赔退返补欠奖送]|送给|发给)了?我(?![们司方])|在\ue001{1,20}(?:那边|里)?(?:上班|实习|打工|干了)|\ue001那边?上班|跌了? ?[\d一二三四五六七八九.]{1,5}个?(?:点|%)|[一二两三四\d]件 ?[\d一二三四五六七八九.]{1,3}折|楼下(?:的)?\ue001|约我[^,，。\n]{0,10}面试|买[一二两三\d][^,，。]{0,2}送|满 ?\d{2,4} ?[减送返]|(?:那|这)(?:双|件|条|款|瓶|盒|箱|袋|杯|份)[^,，。]{0,6}(?:打|才|只要|卖|要)|(?<![\d报])打[\d一二三四五六七八九.]{1,3}折 ?\d{2,4}(?![\d万wk])/,
);

/** 何总高尔夫, 陈总家的狗: a title that only says whose life is spoken of. */
const THEIR_TITLE =
  /\p{Script=Han}(?:总监|总|经理|主任|处长|科长|院长|部长|局长|书记|董|工|老板)(?=(?:他|她)?(?:们)?(?:家的?)?(?:儿子|女儿|闺女|老婆|媳妇|夫人|孩子|小孩|娃|双胞胎|龙凤胎|二胎|父母|爸|妈|狗|猫|房子|车位|高尔夫))/gu;
/** What makes a matter of work of their lives: it is put off, or talked of again. */
const PUT_OFF = /再|推迟|延后|延期|等|下周|下个?月|以后|回来|[约聊谈]/;

const CLAUSE_BREAK = /[,，。;；!?\n]/;
const DECIDED = /签(?![收证名到])|合同|[赢丢]了|中标/;

/** Finds any word of a list; one look into a table for each character of the text. */
class WordFinder {
  private readonly byHead = new Map<number, { word: string; unless: string }[]>();

  constructor(list: string) {
    for (const entry of list.split(' ')) {
      const [word = '', unless = ''] = entry.split('!');
      const head = word.charCodeAt(0);
      this.byHead.set(head, [...(this.byHead.get(head) ?? []), { word, unless }]);
    }
  }

  isIn(text: string): boolean {
    for (let at = 0; at + 1 < text.length; at++) {
      for (const { word, unless } of this.byHead.get(text.charCodeAt(at)) ?? []) {
        if (!text.startsWith(word, at)) continue;
        const end = at + word.length;
        if (unless !== '' && unless.includes(text[end] ?? ' ')) continue;
        if (!PRODUCT_BEHIND.test(text.slice(end, end + 8))) return true;
      }
    }
    return false;
  }
}

const ownLife = new WordFinder(OWN_LIFE);
const dailyLife = new WordFinder(DAILY_LIFE);

/** 儿子生日，某某签了50万: a clause of its own, without the topic, tells of a deal that is decided. */
function isSignedElsewhere(text: string): boolean {
  return text
    .split(CLAUSE_BREAK)
    .some(
      (clause) => clause.includes(MARK.customer) && DECIDED.test(clause) && !ownLife.isIn(clause),
    );
}

/** 某某 房贷计算器 15万 …: typed as an entry is, and what is sold may be of private life itself. */
const ENTRY =
  /^\s*\ue001+ +([^\s,，。]{2,12}) +[\d一二两三四五六七八九十百千.]+(?:万|w|亿)(?=$|[\s,，])/;
/** So long a word names a product; a shorter one (房贷) needs words of a deal beside it. */
const LONG_FOR_A_TOPIC = 4;

function isEntry(text: string): boolean {
  const product = ENTRY.exec(text)?.[1];
  return (
    product !== undefined &&
    (product.length >= LONG_FOR_A_TOPIC || /签(?![收证名到])|谈判|方案|需求/.test(text))
  );
}

/** 听说何总高尔夫打了78杆: the life of the customer's people, and nothing else. */
function isTheirLife(text: string): boolean {
  const rest = text.replace(THEIR_TITLE, '');
  return rest !== text && !PLAIN_DEAL.test(rest) && !SOME_DEAL.test(rest) && !PUT_OFF.test(rest);
}

/** Is it talk of private life, whatever names and sums are in it? `text` has customers marked. */
export function isPrivateLife(text: string): boolean {
  if (isEntry(text)) return false;
  const isOwn = ownLife.isIn(text);
  if (!isOwn && !dailyLife.isIn(text) && !OWN_TALK.test(text)) return false;
  if (isTheirLife(text)) return true;
  if (isOwn) return !PLAIN_DEAL.test(text) && !isSignedElsewhere(text);
  return !PLAIN_DEAL.test(text) && !SOME_DEAL.test(text);
}
