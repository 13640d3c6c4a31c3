/**
 * Our group ids as WeCom takes them: a chatid is at most 32 letters and digits, without the `_` of our prefixes.
 * Choosing it ourselves is what makes creating a group repeatable.
 */
export function wireChatId(chatId: string): string {
  return chatId.replace(/[^0-9A-Za-z]/g, '').slice(0, 32);
}
