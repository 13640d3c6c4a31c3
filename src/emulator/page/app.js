/* global document, EventSource, fetch, localStorage, clearTimeout */
import { newsCard, templateCard, textCard } from './cards.js';
import { el, markdown, textContent } from './markup.js';

const SHANGHAI = 'Asia/Shanghai';
const DATE = new Intl.DateTimeFormat('zh-CN', { timeZone: SHANGHAI, dateStyle: 'long' });
const DAY = new Intl.DateTimeFormat('zh-CN', {
  timeZone: SHANGHAI,
  month: 'long',
  day: 'numeric',
});
const WEEKDAY = new Intl.DateTimeFormat('zh-CN', { timeZone: SHANGHAI, weekday: 'short' });
const TIME = new Intl.DateTimeFormat('zh-CN', {
  timeZone: SHANGHAI,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const TIME_GAP_MS = 5 * 60_000;
const READ_KEY = 'wecom-emulator-read';

/** 3月11日 周三 10:02 */
const momentOf = (at) => `${DAY.format(at)} ${WEEKDAY.format(at)} ${TIME.format(at)}`;

const byId = (id) => document.getElementById(id);
const page = {
  people: byId('people'),
  groups: byId('groups'),
  messages: byId('messages'),
  composer: byId('composer'),
  toast: byId('toast'),
};

/** Everything the page knows; the emulator tells it what changes. */
const world = {
  appName: '',
  people: [],
  groups: [],
  menu: [],
  timeControls: [],
  conversations: {},
  groupMessages: {},
  log: [],
};
/** What is being looked at: `{kind: 'person' | 'group', id}`. */
let shown = null;
/** Highest seq read, by conversation; kept by the browser. */
const read = loadRead();
const drafts = {};

function loadRead() {
  try {
    return JSON.parse(localStorage.getItem(READ_KEY) ?? '{}');
  } catch {
    // A damaged or foreign entry: everything counts as unread again.
    return {};
  }
}

const nameOf = (userid) =>
  userid === 'all' || userid === '@all'
    ? '所有人'
    : (world.people.find(({ key }) => key === userid.toLowerCase())?.name ?? userid);
const personShown = () =>
  shown?.kind === 'person' ? world.people.find(({ key }) => key === shown.id) : undefined;
const messagesOf = (view) =>
  (view.kind === 'person' ? world.conversations : world.groupMessages)[view.id] ?? [];

// ---------------------------------------------------------------- doing things

async function act(wish) {
  try {
    const response = await fetch('/chat/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    });
    const result = await response.json();
    if (!response.ok) toast(result.error);
    else if (result.httpStatuses?.length && result.httpStatuses.at(-1) !== 200) {
      toast(`应用没有收到：${result.httpStatuses.join('、')}`);
    }
    return result;
  } catch (error) {
    toast(`模拟器没有回应：${error.message}`);
    return {};
  }
}

let toastTimer;
function toast(text) {
  page.toast.textContent = text;
  page.toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (page.toast.hidden = true), 4000);
}

function say(text) {
  const person = personShown();
  if (!person || text.trim() === '') return;
  void act({ do: 'say', userid: person.userid, text });
}

function open(view) {
  if (shown) drafts[shown.id] = page.composer.value;
  shown = view;
  page.composer.value = drafts[view.id] ?? '';
  showAll();
  scrollToEnd();
  const person = personShown();
  if (!person) return;
  page.composer.focus({ preventScroll: true });
  void act({ do: 'open', userid: person.userid });
}

// ---------------------------------------------------------------- showing things

function showAll() {
  markRead();
  showSidebar();
  showHead();
  showMessages();
  showMenu();
  showChips();
}

function markRead() {
  if (!shown) return;
  read[shown.id] = messagesOf(shown).at(-1)?.seq ?? read[shown.id] ?? 0;
  localStorage.setItem(READ_KEY, JSON.stringify(read));
}

function unread(view) {
  const since = read[view.id] ?? 0;
  return messagesOf(view).filter(({ from, seq }) => from === 'app' && seq > since).length;
}

function showSidebar() {
  page.people.replaceChildren(
    ...world.people.map((person) =>
      sidebarItem({ kind: 'person', id: person.key }, person.name, {
        testid: `person-${person.userid}`,
        detail: [person.role, person.department].filter(Boolean).join(' · '),
      }),
    ),
  );
  byId('groups-title').hidden = world.groups.length === 0;
  page.groups.replaceChildren(
    ...world.groups.map((group) =>
      sidebarItem({ kind: 'group', id: group.chatid }, group.name, {
        testid: `group-${group.chatid}`,
        detail: group.kind === 'webhook' ? '群机器人推送' : `${group.members.length} 人`,
      }),
    ),
  );
}

function sidebarItem(view, name, { testid, detail }) {
  const isShown = shown?.kind === view.kind && shown.id === view.id;
  const count = unread(view);
  return el(
    'li',
    {},
    el(
      'button',
      {
        class: 'contact',
        'data-testid': testid,
        'aria-current': isShown ? 'true' : undefined,
        'aria-label': `${name}，${detail}${count > 0 ? `，${count} 条未读` : ''}`,
        onclick: () => open(view),
      },
      avatar(name, view.kind),
      el('span', { class: 'contact-text' }, el('b', {}, name), el('small', {}, detail)),
      count > 0
        ? el(
            'span',
            { class: 'badge', 'data-testid': 'unread' },
            count > 99 ? '99+' : String(count),
          )
        : null,
    ),
  );
}

/** The last two characters of a name on a colour of its own, as WeCom does without a photo. */
function avatar(name, kind) {
  let hue = 0;
  for (const char of name) hue = (hue * 31 + char.codePointAt(0)) % 6;
  const text = kind === 'app' ? '商' : kind === 'group' ? '群' : [...name].slice(-2).join('');
  return el('span', { class: `avatar avatar-${kind} tone-${hue}`, 'aria-hidden': 'true' }, text);
}

function showHead() {
  const group = shown?.kind === 'group' && world.groups.find(({ chatid }) => chatid === shown.id);
  const person = personShown();
  byId('chat-title').textContent = group ? `${group.name}` : world.appName;
  byId('chat-subtitle').textContent = group
    ? `群聊 · ${group.members.map(nameOf).join('、') || '成员未知'}`
    : person
      ? `${person.name}（${person.role}）与应用的会话`
      : '';
  byId('composer-area').hidden = Boolean(group);
  byId('group-hint').hidden = !group;
}

function showMessages() {
  if (!shown) return;
  const atEnd =
    page.messages.scrollHeight - page.messages.scrollTop - page.messages.clientHeight < 120;
  const rendered = [];
  let previous = 0;
  for (const message of messagesOf(shown)) {
    const at = Date.parse(message.at);
    if (at - previous > TIME_GAP_MS) {
      rendered.push(
        el('p', { class: 'time-mark' }, el('time', { datetime: message.at }, momentOf(at))),
      );
    }
    previous = at;
    rendered.push(bubbleOf(message));
  }
  if (rendered.length === 0) {
    rendered.push(el('p', { class: 'empty' }, '还没有消息。说一句话试试。'));
  }
  page.messages.replaceChildren(...rendered);
  if (atEnd) scrollToEnd();
}

/** Unchanged bubbles are kept, so that a half-filled card is not emptied by the next message. */
const bubbles = new WeakMap();
function bubbleOf(message) {
  if (!bubbles.has(message)) bubbles.set(message, bubble(message));
  return bubbles.get(message);
}

function scrollToEnd() {
  page.messages.scrollTop = page.messages.scrollHeight;
}

function bubble(message) {
  const isMine = message.from === 'member';
  const who = isMine ? (personShown()?.name ?? '') : world.appName;
  return el(
    'article',
    {
      class: `message ${isMine ? 'mine' : 'theirs'}`,
      'data-testid': 'message',
      'data-id': message.id,
      'data-kind': message.kind,
      'data-from': message.from,
      'aria-label': `${who} ${momentOf(Date.parse(message.at))}`,
    },
    avatar(who, isMine ? 'person' : 'app'),
    message.recalled ? el('p', { class: 'recalled' }, '此消息已撤回') : body(message),
  );
}

const MEDIA_NAMES = { image: '图片', voice: '语音', video: '视频', file: '文件' };

function body(message) {
  switch (message.kind) {
    case 'text':
      return el(
        'div',
        { class: 'bubble text' },
        ...textContent(message.content, nameOf),
        ...mentions(message.mentioned),
      );
    case 'markdown':
      return el(
        'div',
        { class: 'bubble markdown' },
        ...markdown(message.content, { rich: message.version === 2, nameOf }),
      );
    case 'textcard':
      return textCard(message);
    case 'news':
      return newsCard(message);
    case 'card':
      return templateCard(message, tapOn(message), nameOf);
    case 'location':
      return el('div', { class: 'bubble text' }, `位置：${message.label}`);
    case 'link':
      return el('div', { class: 'bubble text' }, `链接：${message.title}`);
    default:
      return el(
        'div',
        { class: 'bubble text' },
        `［${MEDIA_NAMES[message.kind]}］${message.title ?? ''}`,
      );
  }
}

function mentions(userids = []) {
  return userids.map((userid) => el('span', { class: 'mention' }, ` @${nameOf(userid)}`));
}

function tapOn(message) {
  const person = personShown();
  if (!person) return undefined;
  return (key, select) =>
    void act({ do: 'tap', userid: person.userid, card: message.id, key, select });
}

function showMenu() {
  const person = personShown();
  byId('app-menu').replaceChildren(
    ...(person ? world.menu : []).map((button) => menuButton(button, person)),
  );
}

function menuButton(button, person) {
  if (!button.sub_button?.length) {
    return el('button', { type: 'button', onclick: () => press(button, person) }, button.name);
  }
  const list = el(
    'span',
    { class: 'sub-menu', role: 'menu', hidden: true },
    ...button.sub_button.map((sub) =>
      el(
        'button',
        { type: 'button', role: 'menuitem', onclick: () => press(sub, person) },
        sub.name,
      ),
    ),
  );
  return el(
    'span',
    { class: 'menu-group' },
    el(
      'button',
      { type: 'button', 'aria-haspopup': 'menu', onclick: opens(list) },
      `≡ ${button.name}`,
    ),
    list,
  );
}

/** Opens a small menu; the next click anywhere closes it. */
function opens(list) {
  return (event) => {
    event.stopPropagation();
    list.hidden = !list.hidden;
    document.addEventListener('click', () => (list.hidden = true), { once: true });
  };
}

const ATTACHMENTS = { image: '图片', voice: '语音', video: '视频', location: '位置', link: '链接' };

function showAttachMenu() {
  byId('attach-menu').replaceChildren(
    ...Object.entries(ATTACHMENTS).map(([kind, name]) =>
      el(
        'button',
        {
          type: 'button',
          role: 'menuitem',
          'data-testid': `attach-${kind}`,
          onclick: () => {
            const person = personShown();
            if (person) void act({ do: 'attach', userid: person.userid, kind });
          },
        },
        name,
      ),
    ),
  );
}

function press(button, person) {
  if (button.type === 'view') globalThis.open(button.url, '_blank', 'noopener');
  void act({ do: 'menu', userid: person.userid, key: button.key ?? button.url });
}

function showChips() {
  byId('chips').replaceChildren(
    ...(personShown()?.examples ?? []).map((example) =>
      el(
        'button',
        {
          type: 'button',
          'data-testid': 'chip',
          title: '放进输入框',
          onclick: () => {
            page.composer.value = example;
            page.composer.focus();
          },
        },
        example,
      ),
    ),
  );
}

function showClock(now) {
  const at = Date.parse(now);
  byId('clock').textContent = `${DATE.format(at)} ${WEEKDAY.format(at)} ${TIME.format(at)}`;
}

function showTimeControls() {
  const container = byId('time-controls');
  container.replaceChildren(
    ...world.timeControls.map((label, index) =>
      el(
        'button',
        {
          type: 'button',
          'data-testid': `ff-${index}`,
          onclick: async (event) => {
            container.setAttribute('aria-busy', 'true');
            const pressed = event.currentTarget;
            for (const button of container.children) button.disabled = true;
            pressed.classList.add('busy');
            const result = await act({ do: 'time', index });
            if (result.now) showClock(result.now);
            pressed.classList.remove('busy');
            for (const button of container.children) button.disabled = false;
            container.removeAttribute('aria-busy');
          },
        },
        label,
      ),
    ),
  );
}

function showLog() {
  if (byId('wire-log').hidden) return;
  byId('log-entries').replaceChildren(...world.log.toReversed().map(logLine));
}

/** Lines already shown are kept, so that an opened one stays open. */
const logLines = new Map();
function logLine(entry) {
  if (!logLines.has(entry.seq)) logLines.set(entry.seq, logEntry(entry));
  return logLines.get(entry.seq);
}

function logEntry(entry) {
  const isCall = entry.direction === 'api';
  const head = isCall
    ? `${entry.method} ${entry.path}`
    : `${nameOf(entry.userid)} → ${callbackName(entry.xml)}`;
  const outcome = isCall
    ? `errcode ${entry.errcode ?? entry.httpStatus}`
    : entry.httpStatuses.join(' → ');
  const isBad = isCall ? entry.errcode !== 0 : entry.httpStatuses.at(-1) !== 200;
  const details = isCall
    ? JSON.stringify({ ...entry.query, ...(entry.body ? { body: entry.body } : {}) }, null, 2)
    : [entry.xml, entry.passive && `被动回复：\n${entry.passive}`]
        .filter(Boolean)
        .map((xml) => xml.replaceAll('><', '>\n<'))
        .join('\n\n');
  return el(
    'li',
    { class: isBad ? 'bad' : undefined },
    el(
      'details',
      {},
      el(
        'summary',
        {},
        el('span', { class: `tag ${isCall ? 'call' : 'callback'}` }, isCall ? '接口' : '回调'),
        el('span', { class: 'log-head' }, head),
        el('span', { class: 'log-outcome' }, [outcome, entry.fault].filter(Boolean).join(' · ')),
      ),
      el('pre', {}, details),
    ),
  );
}

function callbackName(xml) {
  const field = (name) => new RegExp(`<${name}><!\\[CDATA\\[([^\\]]*)`).exec(xml)?.[1];
  return field('Event') ?? field('MsgType') ?? '';
}

// ---------------------------------------------------------------- hearing of changes

function put(list, message) {
  const index = list.findIndex(({ id }) => id === message.id);
  if (index >= 0) list[index] = message;
  else list.push(message);
}

const hear = {
  message({ conversation, message }) {
    put((world.conversations[conversation] ??= []), message);
    refresh('person', conversation);
    if (message.from === 'member' && shown?.id === conversation) scrollToEnd();
  },
  'message-changed'({ conversation, message }) {
    put((world.conversations[conversation] ??= []), message);
    refresh('person', conversation);
  },
  'group-message'({ chatid, message }) {
    put((world.groupMessages[chatid] ??= []), message);
    refresh('group', chatid);
  },
  groups({ groups }) {
    world.groups = groups;
    showSidebar();
    showHead();
  },
  menu({ menu }) {
    world.menu = menu;
    showMenu();
  },
  clock({ now }) {
    showClock(now);
  },
  log({ log }) {
    world.log = log;
    showLog();
  },
};

function refresh(kind, id) {
  if (shown?.kind === kind && shown.id === id) {
    markRead();
    showMessages();
  }
  showSidebar();
}

async function load() {
  const response = await fetch('/chat/state');
  const state = await response.json();
  Object.assign(world, state);
  document.title = `${world.appName} · 模拟企业微信`;
  showClock(state.now);
  byId('outage').checked = state.outage;
  showTimeControls();
  showLog();
}

async function start() {
  const events = new EventSource('/chat/events');
  events.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    hear[news.type]?.(news);
  };
  let isFirst = true;
  // Fires on every (re)connection: what happened meanwhile is read from the state.
  events.onopen = async () => {
    await load();
    if (isFirst && world.people[0]) open({ kind: 'person', id: world.people[0].key });
    else showAll();
    isFirst = false;
  };
}

byId('composer-form').addEventListener('submit', (event) => {
  event.preventDefault();
  say(page.composer.value);
  page.composer.value = '';
});
page.composer.addEventListener('keydown', (event) => {
  // During IME composition Enter chooses a candidate and must not send.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId('composer-form').requestSubmit();
});
byId('log-toggle').addEventListener('click', () => {
  const log = byId('wire-log');
  log.hidden = !log.hidden;
  byId('log-toggle').setAttribute('aria-expanded', String(!log.hidden));
  showLog();
});

byId('attach-toggle').addEventListener('click', opens(byId('attach-menu')));
byId('outage').addEventListener('change', ({ target }) => {
  void act({ do: 'outage', on: target.checked });
});

showAttachMenu();
void start();
