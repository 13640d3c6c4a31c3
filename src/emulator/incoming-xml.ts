import { cdata } from './envelope.js';

/** What every callback says about itself. */
export interface Origin {
  corpId: string;
  agentId: number;
  userid: string;
  now: Date;
}

/** What a member sends, by MsgType (2.1, path 90239). */
export type MemberMessage =
  | { type: 'text'; content: string }
  | { type: 'image'; picUrl: string; mediaId: string }
  | { type: 'voice'; mediaId: string; format: string }
  | { type: 'video'; mediaId: string; thumbMediaId: string }
  | { type: 'location'; latitude: number; longitude: number; scale: number; label: string }
  | { type: 'link'; title: string; description: string; url: string; picUrl: string };

/** A tap on a card, as the callback tells it (2.3). */
export interface CardTap {
  event: 'template_card_event' | 'template_card_menu_event';
  eventKey: string;
  taskId: string;
  cardType: string;
  responseCode: string;
  selected: { questionKey: string; optionIds: string[] }[];
}

/** The plaintext XML of a message. */
export function messageXml(origin: Origin, msgId: string, message: MemberMessage): string {
  return wrap(origin, message.type, bodyOf(message) + `<MsgId>${msgId}</MsgId>`);
}

function bodyOf(message: MemberMessage): string {
  switch (message.type) {
    case 'text':
      return cdata('Content', message.content);
    case 'image':
      return cdata('PicUrl', message.picUrl) + cdata('MediaId', message.mediaId);
    case 'voice':
      return cdata('MediaId', message.mediaId) + cdata('Format', message.format);
    case 'video':
      return cdata('MediaId', message.mediaId) + cdata('ThumbMediaId', message.thumbMediaId);
    case 'location':
      return (
        `<Location_X>${message.latitude}</Location_X><Location_Y>${message.longitude}</Location_Y>` +
        `<Scale>${message.scale}</Scale>${cdata('Label', message.label)}${cdata('AppType', 'wxwork')}`
      );
    case 'link':
      return (
        cdata('Title', message.title) +
        cdata('Description', message.description) +
        cdata('Url', message.url) +
        cdata('PicUrl', message.picUrl)
      );
  }
}

/** The plaintext XML of a simple event such as subscribe, enter_agent, click or view. */
export function eventXml(origin: Origin, event: string, eventKey = ''): string {
  return wrap(origin, 'event', cdata('Event', event) + cdata('EventKey', eventKey));
}

/** The plaintext XML of a tap on a card. A menu event carries no SelectedItems. */
export function cardTapXml(origin: Origin, tap: CardTap): string {
  const items = tap.selected.map(
    ({ questionKey, optionIds }) =>
      `<SelectedItem>${cdata('QuestionKey', questionKey)}<OptionIds>` +
      optionIds.map((id) => cdata('OptionId', id)).join('') +
      '</OptionIds></SelectedItem>',
  );
  const selected =
    tap.event === 'template_card_event' && items.length > 0
      ? `<SelectedItems>${items.join('')}</SelectedItems>`
      : '';
  return wrap(
    origin,
    'event',
    cdata('Event', tap.event) +
      cdata('EventKey', tap.eventKey) +
      cdata('TaskId', tap.taskId) +
      cdata('CardType', tap.cardType) +
      cdata('ResponseCode', tap.responseCode) +
      selected,
  );
}

function wrap({ corpId, agentId, userid, now }: Origin, type: string, rest: string): string {
  return (
    `<xml>${cdata('ToUserName', corpId)}${cdata('FromUserName', userid)}` +
    `<CreateTime>${Math.floor(now.getTime() / 1000)}</CreateTime>${cdata('MsgType', type)}` +
    `${rest}<AgentID>${agentId}</AgentID></xml>`
  );
}
