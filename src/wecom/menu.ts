import type { MenuButton, WecomClient } from './client/wecom-client.js';

/** Under the app's conversation. A button's key is what one would type instead. */
export const MENU: readonly MenuButton[] = ['我的商机', '今日待办', '帮助'].map((words) => ({
  name: words,
  key: words,
}));

/** Puts the menu up; doing so again changes nothing. */
export async function pushMenu(client: Pick<WecomClient, 'createMenu'>): Promise<void> {
  await client.createMenu(MENU);
}
