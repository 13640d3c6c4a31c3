import type { Answer, Api, Call, Server } from './call.js';
import { Errcode, refuse } from './errcodes.js';
import type { Fields } from './fields.js';
import { lengthInBytes } from './fields.js';

/** A button of the app's menu, or a group of them. */
export interface MenuButton {
  type?: 'click' | 'view';
  name: string;
  key?: string;
  url?: string;
  sub_button?: MenuButton[];
}

const MAX_TOP = 3;
const MAX_SUB = 5;
const MAX_NAME_BYTES = 16;
const MAX_SUB_NAME_BYTES = 40;
const MAX_KEY_BYTES = 128;
const MAX_URL_BYTES = 1024;

/** menu/*: the buttons under the app's conversation (path 90231), and what the app and WeCom are. */
export const appApis: Api[] = [
  { path: 'menu/create', method: 'POST', access: 'token', handle: createMenu },
  { path: 'menu/get', method: 'GET', access: 'token', handle: getMenu },
  { path: 'menu/delete', method: 'GET', access: 'token', handle: deleteMenu },
  { path: 'agent/get', method: 'GET', access: 'token', handle: getAgent },
  { path: 'getcallbackip', method: 'GET', access: 'token', handle: listIps },
  { path: 'get_api_domain_ip', method: 'GET', access: 'token', handle: listIps },
];

function createMenu(call: Call): Answer {
  checkAgent(call);
  const buttons = call.body.list('button');
  if (buttons.length < 1 || buttons.length > MAX_TOP) {
    refuse(Errcode.menuButtonCount, 'a menu has 1 to 3 buttons');
  }
  const menu = buttons.map(readTopButton);
  setMenu(call.server, menu);
  return {};
}

function readTopButton(button: Fields): MenuButton {
  const subButtons = button.list('sub_button');
  if (subButtons.length === 0) return readButton(button, MAX_NAME_BYTES);
  if (subButtons.length > MAX_SUB) refuse(Errcode.subMenuCount, 'at most 5 sub_button');
  return {
    name: readName(button, MAX_NAME_BYTES),
    sub_button: subButtons.map((sub) => readButton(sub, MAX_SUB_NAME_BYTES)),
  };
}

function readButton(button: Fields, maxNameBytes: number): MenuButton {
  const name = readName(button, maxNameBytes);
  const type = button.text('type');
  if (type === 'click') {
    const key = button.text('key');
    if (key === '' || lengthInBytes(key) > MAX_KEY_BYTES) {
      refuse(Errcode.menuKeyLength, 'invalid button key size');
    }
    return { type, name, key };
  }
  if (type !== 'view') return refuse(Errcode.menuButtonType, 'invalid button type');
  const url = button.text('url');
  if (url === '' || lengthInBytes(url) > MAX_URL_BYTES) {
    refuse(Errcode.menuUrlLength, 'invalid button url size');
  }
  return { type, name, url };
}

function readName(button: Fields, maxBytes: number): string {
  const name = button.text('name');
  if (name === '' || lengthInBytes(name) > maxBytes) {
    const isSub = maxBytes === MAX_SUB_NAME_BYTES;
    refuse(isSub ? Errcode.subMenuNameLength : Errcode.menuNameLength, 'invalid button name size');
  }
  return name;
}

function getMenu(call: Call): Answer {
  checkAgent(call);
  return { button: call.server.world.state.menu ?? [] };
}

function deleteMenu(call: Call): Answer {
  checkAgent(call);
  setMenu(call.server, null);
  return {};
}

function setMenu(server: Server, menu: MenuButton[] | null): void {
  server.world.state.menu = menu;
  server.world.tell({ type: 'menu-changed' });
}

function getAgent(call: Call): Answer {
  checkAgent(call);
  const { app, directory } = call.server;
  const people = directory.all().map(({ userid }) => ({ userid }));
  return {
    agentid: app.agentId,
    name: '商机助手',
    square_logo_url: '',
    description: '',
    allow_userinfos: { user: people },
    allow_partys: { partyid: directory.departments().map(({ id }) => id) },
    close: 0,
    redirect_domain: '',
    report_location_flag: 0,
    isreportenter: 1,
    home_url: '',
  };
}

function listIps(): Answer {
  return { ip_list: ['127.0.0.1'] };
}

/** menu and agent calls name the app in the query. */
function checkAgent({ server, query }: Call): void {
  const agentId = query.get('agentid') ?? '';
  if (!/^\d+$/.test(agentId)) refuse(Errcode.invalidAgentId, 'invalid agentid');
  if (Number(agentId) !== server.app.agentId) {
    refuse(Errcode.tokenOfAnotherApp, 'access_token does not match agentid');
  }
}
