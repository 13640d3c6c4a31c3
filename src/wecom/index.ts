export {
  createCallbackDoor,
  MAX_BODY_BYTES,
  type CallbackDoor,
  type CallbackDoorOptions,
  type CallbackQuery,
  type CallbackRequest,
} from './callback/callback-door.js';
export type { Appchat, ContactDepartment, ContactUser, SentAnswer } from './client/answers.js';
export { createDispatcher, type ProxySettings } from './client/transport.js';
export {
  createWecomClient,
  type CardUpdate,
  type MediaFile,
  type MenuButton,
  type WecomClient,
  type WecomClientOptions,
} from './client/wecom-client.js';
export { fetchMembers, type FetchMembersOptions } from './contacts/fetch-members.js';
export { examineWecom, type DoctorOptions, type Finding } from './doctor.js';
export { createGroupChats } from './group-chats.js';
export { MENU, pushMenu } from './menu.js';
export { createWecomSender, type WecomSenderOptions } from './sender/wecom-sender.js';
