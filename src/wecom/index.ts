export {
  createCallbackDoor,
  MAX_BODY_BYTES,
  type CallbackDoor,
  type CallbackDoorOptions,
  type CallbackQuery,
  type CallbackRequest,
} from './callback/callback-door.js';
export { MAX_TEXT_CHARS } from './callback/incoming.js';
