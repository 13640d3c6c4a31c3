/* global document */
import { cardDescription, el, link } from './markup.js';

const SOURCE_COLOURS = ['grey', 'black', 'red', 'green'];

/**
 * A template card as the WeCom client draws it.
 * @param message the bubble: `card` and, when its buttons are greyed, `greyedWith`
 * @param tap called with the button's key and the chosen answers; absent in groups
 */
export function templateCard(message, tap, nameOf) {
  const { card, greyedWith } = message;
  const form = el('form', {
    class: 'card',
    'data-testid': 'card',
    'data-task-id': card.task_id,
    'data-card-type': card.card_type,
    'aria-label': card.main_title?.title ?? card.sub_title_text ?? '卡片',
    onsubmit: (event) => event.preventDefault(),
  });
  const act = (key) => tap?.(key, answersOf(form));
  form.append(
    ...[
      head(card, act),
      picture(card),
      title(card),
      emphasis(card),
      quote(card.quote_area),
      imageText(card.image_text_area),
      card.sub_title_text ? el('p', { class: 'card-sub' }, card.sub_title_text) : null,
      paragraphs(card.vertical_content_list),
      rows(card.horizontal_content_list, nameOf),
      question(card.button_selection, greyedWith),
      ...(card.select_list ?? []).map((item) => question(item, greyedWith)),
      vote(card.checkbox, greyedWith),
      jumps(card.jump_list),
      buttons(card, greyedWith, act, tap !== undefined),
    ].filter(Boolean),
  );
  return form;
}

function head(card, act) {
  const { source, action_menu: menu } = card;
  if (!source && !menu) return null;
  const colour = SOURCE_COLOURS[source?.desc_color ?? 0] ?? 'grey';
  return el(
    'div',
    { class: 'card-head' },
    source?.icon_url ? el('img', { src: source.icon_url, alt: '' }) : null,
    el('span', { class: `card-source ${colour}` }, source?.desc ?? ''),
    menu ? actionMenu(menu, act) : null,
  );
}

function actionMenu(menu, act) {
  const list = el(
    'div',
    { class: 'card-menu-list', role: 'menu', hidden: true },
    menu.desc ? el('p', {}, menu.desc) : null,
    ...menu.action_list.map(({ text, key }) =>
      el(
        'button',
        {
          type: 'button',
          role: 'menuitem',
          'data-testid': 'card-menu-item',
          'data-key': key,
          onclick: () => {
            list.hidden = true;
            act(key);
          },
        },
        text,
      ),
    ),
  );
  const open = el(
    'button',
    {
      type: 'button',
      class: 'card-menu-button',
      'aria-label': menu.desc || '更多操作',
      'aria-haspopup': 'menu',
      onclick: (event) => {
        event.stopPropagation();
        list.hidden = !list.hidden;
        document.addEventListener('click', () => (list.hidden = true), { once: true });
      },
    },
    '⋯',
  );
  return el('span', { class: 'card-menu' }, open, list);
}

function picture({ card_image: image }) {
  if (!image) return null;
  const style = `aspect-ratio: ${Number(image.aspect_ratio) || 1.3}`;
  const frame = el('div', { class: 'card-image' }, el('img', { src: image.url, alt: '' }));
  frame.style.cssText = style;
  return frame;
}

function title({ main_title: main, card_action: action }) {
  if (!main?.title && !main?.desc) return null;
  const heading = main.title
    ? el('h3', {}, action?.url ? link(action.url, main.title) : main.title)
    : null;
  return el('div', { class: 'card-title' }, heading, main.desc ? el('p', {}, main.desc) : null);
}

function emphasis({ emphasis_content: content }) {
  if (!content) return null;
  return el(
    'div',
    { class: 'card-emphasis' },
    el('b', {}, content.title ?? ''),
    el('span', {}, content.desc ?? ''),
  );
}

function quote(area) {
  if (!area) return null;
  return el(
    'blockquote',
    { class: 'card-quote' },
    area.title ? el('b', {}, area.url ? link(area.url, area.title) : area.title) : null,
    area.quote_text ? el('p', {}, area.quote_text) : null,
  );
}

function imageText(area) {
  if (!area) return null;
  return el(
    'div',
    { class: 'card-image-text' },
    el('img', { src: area.image_url, alt: '' }),
    el('div', {}, el('b', {}, link(area.url, area.title ?? '')), el('p', {}, area.desc ?? '')),
  );
}

function paragraphs(list) {
  if (!list?.length) return null;
  return el(
    'div',
    { class: 'card-paragraphs' },
    ...list.map(({ title: text, desc }) =>
      el('div', {}, el('b', {}, text), el('p', {}, desc ?? '')),
    ),
  );
}

function rows(list, nameOf) {
  if (!list?.length) return null;
  return el(
    'dl',
    { class: 'card-rows' },
    ...list.flatMap((row) => [el('dt', {}, row.keyname), el('dd', {}, rowValue(row, nameOf))]),
  );
}

function rowValue(row, nameOf) {
  if (row.type === 1) return link(row.url, row.value ?? row.url);
  if (row.type === 3) {
    return el('span', { class: 'mention' }, row.value || nameOf(row.userid));
  }
  return row.value ?? '';
}

function question(item, greyedWith) {
  if (!item) return null;
  const select = el(
    'select',
    {
      'data-testid': 'card-select',
      'data-question': item.question_key,
      disabled: item.disable || greyedWith !== undefined,
      'aria-label': item.title ?? '选择',
    },
    ...item.option_list.map(({ id, text }) =>
      el('option', { value: id, selected: id === item.selected_id }, text),
    ),
  );
  return el('label', { class: 'card-question' }, el('span', {}, item.title ?? '请选择'), select);
}

function vote(checkbox, greyedWith) {
  if (!checkbox) return null;
  return el(
    'fieldset',
    { class: 'card-vote', disabled: checkbox.disable || greyedWith !== undefined },
    ...checkbox.option_list.map(({ id, text, is_checked: isChecked }) =>
      el(
        'label',
        {},
        el('input', {
          type: checkbox.mode === 1 ? 'checkbox' : 'radio',
          name: checkbox.question_key,
          value: id,
          checked: isChecked,
          'data-question': checkbox.question_key,
        }),
        text,
      ),
    ),
  );
}

function jumps(list) {
  if (!list?.length) return null;
  return el(
    'div',
    { class: 'card-jumps' },
    ...list.map((jump) => link(jump.url, jump.title, { class: 'card-jump' })),
  );
}

function buttons(card, greyedWith, act, canTap) {
  if (greyedWith !== undefined) {
    const grey = el('button', { type: 'button', disabled: true, 'data-testid': 'card-replaced' });
    grey.append(greyedWith);
    return el('div', { class: 'card-buttons' }, grey);
  }
  const list = card.button_list ?? [];
  const submit = card.submit_button;
  if (list.length === 0 && !submit) return null;
  const all = submit ? [{ text: submit.text || '提交', key: submit.key, style: 1 }] : list;
  return el(
    'div',
    { class: `card-buttons count-${all.length}` },
    ...all.map((button) => cardButton(button, act, canTap)),
  );
}

function cardButton(button, act, canTap) {
  const style = `style-${button.style ?? 1}`;
  if (button.type === 1) return link(button.url, button.text, { class: `card-button ${style}` });
  return el(
    'button',
    {
      type: 'button',
      class: style,
      'data-testid': 'card-button',
      'data-key': button.key,
      disabled: !canTap,
      onclick: () => act(button.key),
    },
    button.text,
  );
}

/** What is chosen in the card now, by question_key. */
function answersOf(form) {
  const answers = {};
  for (const select of form.querySelectorAll('select[data-question]')) {
    answers[select.dataset.question] = select.value;
  }
  for (const input of form.querySelectorAll('input[data-question]')) {
    answers[input.dataset.question] ??= [];
    if (input.checked) answers[input.dataset.question].push(input.value);
  }
  return answers;
}

/** A textcard: a title, a few lines and one link. */
export function textCard({ title: heading, description, url, btntxt }) {
  return el(
    'div',
    { class: 'card textcard', 'data-testid': 'textcard' },
    el('h3', {}, heading),
    el('div', { class: 'textcard-body' }, ...cardDescription(description)),
    link(url, btntxt, { class: 'card-jump' }),
  );
}

/** One article or several. */
export function newsCard({ articles }) {
  return el(
    'div',
    { class: 'card news', 'data-testid': 'news' },
    ...articles.map((article) =>
      el(
        'div',
        { class: 'article' },
        article.picurl ? el('img', { src: article.picurl, alt: '' }) : null,
        el('b', {}, link(article.url, article.title)),
        article.description ? el('p', {}, article.description) : null,
      ),
    ),
  );
}
