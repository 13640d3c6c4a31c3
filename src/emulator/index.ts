export { startEmulator } from './emulator.js';
export type { Emulator, EmulatorOptions, GroupView } from './emulator.js';
export type { Member, TapOptions, Tapped } from './member.js';
export type { Department, Person } from './directory.js';
export type {
  CallbackTiming,
  Delivered,
  DeliverOptions,
  Outcome,
  SentCallback,
} from './callbacks.js';
export type { Passive } from './passive-reply.js';
export type { CardMessage, MessageBody, ShownMessage, WorldState } from './world.js';
export type { TemplateCard } from './card.js';
export type { Fault, Faults, FaultScope } from './faults.js';
export type { LoggedCallback, LoggedRequest } from './wire-log.js';
export type { Warning } from './fields.js';
