import type { CardType, TemplateCard } from './card.js';
import { CARD_TYPES, isInteractive } from './card.js';
import { checkButtons, checkMultiple, checkVote } from './card-choices.js';
import type { CardUse } from './card-parts.js';
import { checkTarget, hasDuplicates, KEY_MAX_BYTES } from './card-parts.js';
import { Errcode, refuse } from './errcodes.js';
import type { Fields } from './fields.js';

/** Recommended lengths (建议不超过 N 个字): longer texts are accepted and cut by the client. */
interface Advice {
  sourceDesc: number;
  title: number;
  titleDesc: number;
  emphasisTitle: number;
  emphasisDesc: number;
  subTitle: number;
  keyname: number;
  value: number;
  jumpTitle: number;
  verticalTitle: number;
  verticalDesc: number;
}

const APP_ADVICE: Advice = {
  sourceDesc: 20,
  title: 36,
  titleDesc: 44,
  emphasisTitle: 14,
  emphasisDesc: 22,
  subTitle: 160,
  keyname: 5,
  value: 30,
  jumpTitle: 18,
  verticalTitle: 38,
  verticalDesc: 160,
};

const WEBHOOK_ADVICE: Advice = {
  sourceDesc: 13,
  title: 26,
  titleDesc: 30,
  emphasisTitle: 10,
  emphasisDesc: 15,
  subTitle: 112,
  keyname: 5,
  value: 26,
  jumpTitle: 13,
  verticalTitle: 26,
  verticalDesc: 112,
};

const TASK_ID_SHAPE = /^[0-9A-Za-z_\-@]{1,128}$/;

const SHARED = ['card_type', 'source', 'main_title', 'task_id'];
const REPLACEABLE = ['replace_text'];
const NOTICE_ONLY = ['action_menu', 'quote_area', 'horizontal_content_list', 'card_action'];

/** Which fields each kind of card shows; WeCom ignores the others without a word. */
const FIELDS_OF: Record<CardType, string[]> = {
  text_notice: [...SHARED, ...NOTICE_ONLY, 'emphasis_content', 'sub_title_text', 'jump_list'],
  news_notice: [
    ...SHARED,
    ...NOTICE_ONLY,
    'card_image',
    'image_text_area',
    'vertical_content_list',
    'jump_list',
  ],
  button_interaction: [
    ...SHARED,
    ...NOTICE_ONLY,
    ...REPLACEABLE,
    'sub_title_text',
    'button_selection',
    'button_list',
  ],
  vote_interaction: [...SHARED, ...REPLACEABLE, 'checkbox', 'submit_button'],
  multiple_interaction: [...SHARED, ...REPLACEABLE, 'select_list', 'submit_button'],
};

/**
 * Checks a card as WeCom does and returns it typed. Missing or malformed parts are refused with the
 * codes of path 90236; over-long texts only warn, because WeCom merely recommends those lengths.
 */
export function checkCard(card: Fields, use: CardUse): TemplateCard {
  const type = checkType(card, use);
  const advice = use === 'webhook' ? WEBHOOK_ADVICE : APP_ADVICE;
  card.expectOnly(...FIELDS_OF[type]);
  checkTaskId(card, type, use);
  checkSource(card, type, advice);
  checkTitles(card, type, advice);
  checkRows(card, advice);
  checkLinks(card, type, use, advice);
  checkActionMenu(card, type, use);
  if (type === 'news_notice') checkPictures(card, use, advice);
  if (type === 'button_interaction') checkButtons(card, use);
  if (type === 'vote_interaction') checkVote(card, use);
  if (type === 'multiple_interaction') checkMultiple(card, use);
  if (use !== 'update' && card.has('replace_text')) {
    card.warn('replace_text', '只有更新卡片时有效');
  }
  return card.raw as unknown as TemplateCard;
}

function checkType(card: Fields, use: CardUse): CardType {
  const type = CARD_TYPES.find((known) => known === card.text('card_type'));
  if (!type) return refuse(Errcode.cardType, `${card.pathOf('card_type')} invalid`);
  if (use === 'webhook' && isInteractive(type)) {
    refuse(Errcode.cardType, 'a webhook takes text_notice and news_notice only');
  }
  return type;
}

function checkTaskId(card: Fields, type: CardType, use: CardUse): void {
  const taskId = card.text('task_id');
  if (taskId !== '' && !TASK_ID_SHAPE.test(taskId)) {
    refuse(Errcode.cardTaskId, `${card.pathOf('task_id')} illegal`);
  }
  const needsOne = isInteractive(type) || card.has('action_menu');
  if (use === 'send' && needsOne && taskId === '') {
    refuse(Errcode.cardTaskId, `${card.pathOf('task_id')} missing`);
  }
  if (taskId !== '' && (use === 'update' || !needsOne)) {
    card.warn('task_id', '这里不需要 task_id');
  }
}

function checkSource(card: Fields, type: CardType, advice: Advice): void {
  const source = card.object('source');
  if (!source) return;
  source.expectOnly('icon_url', 'desc', 'desc_color');
  source.advise('desc', advice.sourceDesc);
  const color = source.integer('desc_color') ?? 0;
  if (color < 0 || color > 3) source.warn('desc_color', '只能是 0 到 3');
  const colourless = type === 'vote_interaction' || type === 'multiple_interaction';
  if (colourless && source.has('desc_color')) source.warn('desc_color', '投票和多选卡片不支持');
}

function checkTitles(card: Fields, type: CardType, advice: Advice): void {
  const title = card.object('main_title');
  const hasTitle = title !== undefined && title.text('title') !== '';
  const subTitleWillDo = type === 'text_notice' && card.text('sub_title_text') !== '';
  if (!hasTitle && !subTitleWillDo) {
    refuse(Errcode.invalidParameter, `${card.pathOf('main_title.title')} missing`);
  }
  if (title) {
    title.expectOnly('title', 'desc');
    title.advise('title', type === 'vote_interaction' ? 16 : advice.title);
    const isQuestion = type === 'vote_interaction' || type === 'multiple_interaction';
    title.advise('desc', isQuestion ? 160 : advice.titleDesc);
  }
  card.advise('sub_title_text', advice.subTitle);
  const emphasis = card.object('emphasis_content');
  emphasis?.advise('title', advice.emphasisTitle);
  emphasis?.advise('desc', advice.emphasisDesc);
}

function checkRows(card: Fields, advice: Advice): void {
  const rows = card.list('horizontal_content_list');
  if (rows.length > 6) refuse(Errcode.cardHorizontalLength, 'horizontal_content_list over 6');
  for (const row of rows) {
    row.expectOnly('type', 'keyname', 'value', 'url', 'media_id', 'userid');
    if (row.text('keyname') === '') {
      refuse(Errcode.cardKeynameMissing, `${row.pathOf('keyname')} missing`);
    }
    row.advise('keyname', advice.keyname);
    row.advise('value', advice.value);
    checkRowTarget(row);
  }
}

function checkRowTarget(row: Fields): void {
  const type = row.integer('type') ?? 0;
  if (type === 1 && row.text('url') === '') {
    refuse(Errcode.cardUrlMissing, `${row.pathOf('url')} missing`);
  }
  if (type === 2 && row.text('media_id') === '') {
    refuse(Errcode.cardMediaIdMissing, `${row.pathOf('media_id')} missing`);
  }
  if (type === 3 && row.text('userid') === '') {
    refuse(Errcode.cardHorizontalUserid, `${row.pathOf('userid')} missing`);
  }
  if (type < 0 || type > 3) refuse(Errcode.invalidParameter, `${row.pathOf('type')} invalid`);
}

function checkLinks(card: Fields, type: CardType, use: CardUse, advice: Advice): void {
  const jumps = card.list('jump_list');
  if (jumps.length > 3) refuse(Errcode.cardJumpListLength, 'jump_list over 3');
  for (const jump of jumps) {
    if (jump.text('title') === '') {
      refuse(Errcode.cardTitleMissing, `${jump.pathOf('title')} missing`);
    }
    jump.advise('title', advice.jumpTitle);
    checkTarget(jump);
  }
  const quote = card.object('quote_area');
  if (quote) checkTarget(quote);
  checkCardAction(card, type, use);
}

function checkCardAction(card: Fields, type: CardType, use: CardUse): void {
  const action = card.object('card_action');
  const isNotice = type === 'text_notice' || type === 'news_notice';
  if (!action) {
    if (isNotice) refuse(Errcode.cardAction, `${card.pathOf('card_action')} missing (${use})`);
    return;
  }
  const kind = action.integer('type') ?? 0;
  if (kind < 0 || kind > 2 || (isNotice && kind === 0)) {
    refuse(Errcode.cardAction, `${action.pathOf('type')} invalid`);
  }
  checkTarget(action);
}

function checkActionMenu(card: Fields, type: CardType, use: CardUse): void {
  const menu = card.object('action_menu');
  if (!menu) return;
  if (use === 'webhook') refuse(Errcode.invalidParameter, 'action_menu not supported by webhooks');
  if (!FIELDS_OF[type].includes('action_menu')) return;
  const actions = menu.list('action_list');
  if (actions.length < 1 || actions.length > 3) {
    refuse(Errcode.invalidParameter, `${menu.pathOf('action_list')} needs 1 to 3 items`);
  }
  const keys = actions.map((action) => {
    if (action.text('text') === '')
      refuse(Errcode.cardNameMissing, `${action.pathOf('text')} missing`);
    if (action.text('key') === '')
      refuse(Errcode.cardKeyMissing, `${action.pathOf('key')} missing`);
    action.limitBytes('key', KEY_MAX_BYTES, Errcode.cardKeyIllegal);
    return action.text('key');
  });
  if (hasDuplicates(keys)) refuse(Errcode.cardDuplicateActionKey, 'duplicate action_menu key');
}

function checkPictures(card: Fields, use: CardUse, advice: Advice): void {
  const image = card.object('card_image');
  const area = card.object('image_text_area');
  if (!image && (use === 'webhook' || !area)) {
    refuse(
      use === 'webhook' ? Errcode.cardImageUrl : Errcode.invalidParameter,
      'news_notice needs card_image' + (use === 'webhook' ? '' : ' or image_text_area'),
    );
  }
  if (image && image.text('url') === '') {
    refuse(Errcode.cardImageUrl, `${image.pathOf('url')} missing`);
  }
  const ratio = image?.raw['aspect_ratio'];
  if (ratio !== undefined && !(typeof ratio === 'number' && ratio >= 1.3 && ratio < 2.25)) {
    image?.warn('aspect_ratio', '应大于 1.3、小于 2.25');
  }
  if (area) {
    if (area.text('image_url') === '') {
      refuse(Errcode.cardImageUrl, `${area.pathOf('image_url')} missing`);
    }
    checkTarget(area);
  }
  const paragraphs = card.list('vertical_content_list');
  if (paragraphs.length > 4) refuse(Errcode.cardVerticalLength, 'vertical_content_list over 4');
  for (const paragraph of paragraphs) {
    if (paragraph.text('title') === '') {
      refuse(Errcode.cardTitleMissing, `${paragraph.pathOf('title')} missing`);
    }
    paragraph.advise('title', advice.verticalTitle);
    paragraph.advise('desc', advice.verticalDesc);
  }
}
