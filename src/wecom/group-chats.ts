import type { GroupChats } from '../usecases/index.js';
import { cutToChars } from './cards/limits.js';
import { errcodeOf } from './client/errcodes.js';
import type { WecomClient } from './client/wecom-client.js';
import { wireChatId } from './sender/chat-id.js';

const NAME_CHARS = 50;
const GROUP_EXISTS = 86215;

/**
 * Groups the app makes (应用群聊). A fresh group shows on older clients only with its first message: the caller
 * sends one at once. The app's visible range must be the whole company (48002).
 * @see https://developer.work.weixin.qq.com/document/path/90245
 */
export function createGroupChats(client: WecomClient): GroupChats {
  const setMembers = async (chatId: string, memberIds: readonly string[]): Promise<void> => {
    const id = wireChatId(chatId);
    const { ownerId, memberIds: present } = await client.getAppchat(id);
    const change = memberChange({ present, ownerId, wanted: memberIds });
    if (change) await client.updateAppchat({ chatId: id, ...change });
  };

  return {
    async create({ chatId, name, ownerId, memberIds }) {
      const members = distinct([ownerId, ...memberIds]);
      try {
        await client.createAppchat({
          chatId: wireChatId(chatId),
          name: cutToChars(name, NAME_CHARS),
          ownerId,
          memberIds: members,
        });
      } catch (error) {
        if (errcodeOf(error) !== GROUP_EXISTS) throw error;
        await setMembers(chatId, members);
      }
    },
    setMembers,
  };
}

/**
 * What to add and remove so that `wanted` are in the group; null when nothing changes. An owner who
 * goes hands the group to the first who is to be in it. An empty wish changes nothing: a group cannot be empty.
 */
export function memberChange(group: {
  present: readonly string[];
  ownerId: string;
  wanted: readonly string[];
}): { addIds: string[]; removeIds: string[]; ownerId?: string } | null {
  const present = distinct(group.present);
  const wanted = distinct(group.wanted);
  const [heir] = wanted;
  if (heir === undefined) return null;

  const addIds = wanted.filter((userid) => !present.includes(userid));
  const removeIds = present.filter((userid) => !wanted.includes(userid));
  if (addIds.length === 0 && removeIds.length === 0) return null;
  const ownerGoes = removeIds.includes(group.ownerId.toLowerCase());
  return { addIds, removeIds, ...(ownerGoes && { ownerId: heir }) };
}

function distinct(userids: readonly string[]): string[] {
  return [...new Set(userids.map((userid) => userid.toLowerCase()))];
}
