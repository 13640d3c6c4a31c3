import type { ReadChannel } from '../reading.js';
import type { Found } from '../scene.js';
import { sought } from '../sought.js';
import type { Sought } from '../sought.js';

/** In order of weight: a video meeting is a meeting, a call to arrange a visit is a call. */
const CHANNELS: readonly (readonly [ReadChannel, Sought])[] = [
  [
    'meeting',
    sought(
      /视频会议?|视频会|线上会议?|电话会议?|腾讯会议|飞书会议|zoom|teams会|开了?(?:个|一?个?半?小时|半天|两个多?小时|一上午|一下午|了)*(?:的)?[^,.。;\s]{0,6}会(?!员|计)|[^\s,.。;]{0,3}(?:研讨会|启动会|评审会|需求会|沟通会|交流会|协调会|方案会|汇报会|讨论会|例会|晨会|周会|碰头会|评标会|答疑会|推介会|总结会|复盘会)|开完?会|会议|会上|会(?:刚|都|已经)?开(?:完|好|得|了)|meeting|视频(?:沟通|交流|聊|对了)|线上(?:交流|沟通|演示|讲)/,
    ),
  ],
  ['email', sought(/邮件|发邮|回邮|e-?mail|(?<!企业)邮箱(?:回|发|沟通)|\bmail\b/)],
  ['wechat', sought(/微信(?!同号|号)|企微|wechat|\bwx\b|vx(?![a-z])/)],
  [
    'call',
    sought(
      /打(?:了|过)?(?:个|一个|几个|通)?(?:长途)?电话|去(?:了)?(?:个|一个)?电话|来(?:了)?(?:个|一个)?电话|通(?:了|过)?(?:个|一个)?电话|(?<!客户|联系)电话(?!号|会|[:：是为 ]*[\d\ue009]|改|换|更)|致电|来电|去电|回电|通话|打给|打过去|call(?!ing)|phone|语音(?:沟通|聊|通话)/,
    ),
  ],
  [
    'visit',
    sought(
      /拜访|拜会|拜见|造访|上门|现场|走访|登门|去(?:了)?(?:趟|一趟)|去了\ue001|去了[^,.。;]{0,6}(?:工厂|总部|公司|现场|园区|基地|车间)|从[^,.。;]{0,8}(?:总部|公司|厂里?)出来|去[^,.。;]{0,8}待了|到访|来访|(?<!来)回访|visit|当面|面谈|面聊|见面|线下(?:见|聊|沟通|交流|拜访)|跑了?(?:一)?趟|见了|约了?见|(?:去|到)[^,.。;]{0,8}(?:公司|厂里|工厂|总部|园区|办公室|基地|那边)(?:看|聊|谈|见|坐|转|拜)|请[^,.。;]{0,8}吃(?:了)?(?:个|顿)?饭|吃了?(?:个|顿)?饭(?!堂)|去[^,.。;]{0,4}(?:工厂|厂里|厂区|客户那边?|客户公司)了|参观|喝了?(?:个)?茶|面访|到现场|陪同考察|考察/,
    ),
  ],
];

/** 电话里跟我说…: by this it was said, whatever meeting it was about. */
const SAID_BY =
  /电话里|电话[,，]?[他她对客](?:们|方|户)?(?=说)|电话(?:上|中)(?=[^,，。]{0,6}[说讲聊问提沟])|微信(?:里|上)(?=[^,，。]{0,6}[说讲聊问提沟])|邮件(?:里|中)/;

export function readChannel(text: string): Found<ReadChannel> | undefined {
  const said = SAID_BY.exec(text);
  if (said) {
    const value = said[0].startsWith('电') ? 'call' : said[0].startsWith('微') ? 'wechat' : 'email';
    return { start: said.index, end: said.index + said[0].length, value };
  }
  for (const [value, pattern] of CHANNELS) {
    const m = pattern.exec(text);
    if (m) return { start: m.index, end: m.index + m[0].length, value };
  }
  return undefined;
}
