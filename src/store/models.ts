import { Schema } from 'mongoose';
import type { Connection, Model, SchemaDefinition } from 'mongoose';

import type {
  AliasDocument,
  CounterDocument,
  DialogDocument,
  DigestDocument,
  EventDocument,
  GroupDocument,
  InboxDocument,
  LeaseDocument,
  MemberDocument,
  MetaDocument,
  OpportunityDocument,
  OutboxDocument,
  PromptDocument,
  TokenDocument,
  WindowsDocument,
} from './documents.js';

const { Mixed } = Schema.Types;
const text = { type: String, required: true } as const;
const optionalText = { type: String, default: undefined } as const;
const instant = { type: Date, required: true } as const;
const optionalInstant = { type: Date, default: undefined } as const;
const count = { type: Number, required: true } as const;
const texts = { type: [String], required: true, default: undefined } as const;
const flag = { type: Boolean, required: true } as const;

/**
 * Our ids are texts, our documents carry no version of mongoose's own, and a field nobody declared
 * is a mistake: writing it throws, searching by it throws.
 */
function schemaOf(fields: SchemaDefinition, collection: string): Schema {
  return new Schema(
    { _id: text, ...fields },
    {
      collection,
      strict: 'throw',
      strictQuery: 'throw',
      versionKey: false,
      minimize: false,
      id: false,
      autoIndex: false,
      autoCreate: false,
    },
  );
}

const opportunity = schemaOf(
  {
    rev: count,
    title: text,
    customerName: text,
    stage: text,
    amountFen: { type: Number },
    closeOn: optionalText,
    nextFollowUp: Mixed,
    probability: { type: Number },
    ownerId: text,
    collaboratorIds: texts,
    contacts: [Mixed],
    competitors: texts,
    nextStep: optionalText,
    priority: optionalText,
    tier: text,
    tags: texts,
    outcome: Mixed,
    createdAt: instant,
    createdBy: text,
    stageSince: instant,
    lastContactAt: optionalInstant,
    lastFollowUp: Mixed,
    chase: Mixed,
    snoozedUntil: optionalInstant,
    nodesDone: { type: [Number], default: undefined },
    closePushes: count,
    approval: Mixed,
    settledApprovals: [Mixed],
    lastChange: Mixed,
    archivedAt: optionalInstant,
    attention: Mixed,
    applied: [Mixed],
    pending: [Mixed],
    lookup: {
      state: text,
      seenBy: texts,
      customer: { type: String },
      closeOn: text,
      followUpOn: text,
      contactAt: instant,
      updatedAt: instant,
      pendingAt: optionalInstant,
    },
  },
  'opportunities',
);

const event = schemaOf(
  {
    type: text,
    opportunityId: text,
    title: text,
    customerName: text,
    ownerId: text,
    by: text,
    at: instant,
    causeId: text,
    said: { type: String },
    // Of one kind of event or another.
    changes: { type: [Mixed], default: undefined },
    followUp: Mixed,
    ref: { type: Number },
    approvalId: optionalText,
    approverIds: { type: [String], default: undefined },
    verdict: optionalText,
    reason: optionalText,
    requestedBy: optionalText,
    undoneCauseId: optionalText,
    key: optionalText,
    step: { type: Number },
    until: optionalInstant,
  },
  'events',
);

const member = schemaOf(
  {
    userid: text,
    name: text,
    departmentIds: { type: [Number], required: true },
    departmentName: { type: String },
    managerIds: texts,
    isAdmin: flag,
    isActive: flag,
    changedAt: instant,
  },
  'members',
);

const inbox = schemaOf(
  {
    v: count,
    sender: text,
    at: instant,
    seq: { type: String },
    receivedAt: instant,
    incoming: Mixed,
    state: text,
    attempts: count,
    retryAt: optionalInstant,
    outcome: Mixed,
    storedAt: instant,
  },
  'inbox',
);

const outbox = schemaOf(
  {
    v: count,
    lane: text,
    to: { kind: String, userid: String, groupId: String },
    class: text,
    content: Mixed,
    updatesCardId: optionalText,
    causeAt: instant,
    causeId: text,
    causeSeq: text,
    n: count,
    state: text,
    attempts: count,
    notBefore: instant,
    body: optionalText,
    sentAt: optionalInstant,
    receipt: Mixed,
    why: optionalText,
    storedAt: instant,
    queued: flag,
    settledAt: optionalInstant,
  },
  'outbox',
);

const prompt = schemaOf(
  {
    userid: text,
    kind: text,
    at: instant,
    opportunityIds: texts,
    answeredAt: optionalInstant,
    storedAt: instant,
  },
  'prompts',
);

const alias = schemaOf(
  {
    userid: { type: String, default: null },
    words: text,
    key: text,
    opportunityId: text,
    among: { type: [String], default: null },
    by: text,
    at: instant,
  },
  'aliases',
);

const dialog = schemaOf({ state: Mixed, savedAt: instant, storedAt: instant }, 'dialogs');

const group = schemaOf(
  {
    name: text,
    channel: { via: String, chatId: String, keyEnv: String },
    departmentIds: { type: [Number], required: true },
    memberIds: texts,
  },
  'groups',
);

const digest = schemaOf({ reader: text, on: text, until: instant }, 'digests');
const counter = schemaOf({ count }, 'counters');
const lease = schemaOf({ owner: optionalText, token: count, expiresAt: instant }, 'leases');
const token = schemaOf({ value: text, expiresAt: instant }, 'tokens');
const window = schemaOf({ rev: count, places: [Mixed], storedAt: instant }, 'windows');
const meta = schemaOf({ version: count, changedAt: instant }, 'meta');

/** The models of one connection. Hot paths use their `collection`, the driver's own, instead. */
export interface Models {
  opportunities: Model<OpportunityDocument>;
  events: Model<EventDocument>;
  members: Model<MemberDocument>;
  inbox: Model<InboxDocument>;
  outbox: Model<OutboxDocument>;
  prompts: Model<PromptDocument>;
  aliases: Model<AliasDocument>;
  dialogs: Model<DialogDocument>;
  groups: Model<GroupDocument>;
  digests: Model<DigestDocument>;
  counters: Model<CounterDocument>;
  leases: Model<LeaseDocument>;
  tokens: Model<TokenDocument>;
  windows: Model<WindowsDocument>;
  meta: Model<MetaDocument>;
}

/** The models on `connection`. Registering them costs no round trip. */
export function modelsOn(connection: Connection): Models {
  return {
    opportunities: connection.model<OpportunityDocument>('Opportunity', opportunity),
    events: connection.model<EventDocument>('Event', event),
    members: connection.model<MemberDocument>('Member', member),
    inbox: connection.model<InboxDocument>('Inbox', inbox),
    outbox: connection.model<OutboxDocument>('Outbox', outbox),
    prompts: connection.model<PromptDocument>('Prompt', prompt),
    aliases: connection.model<AliasDocument>('Alias', alias),
    dialogs: connection.model<DialogDocument>('Dialog', dialog),
    groups: connection.model<GroupDocument>('Group', group),
    digests: connection.model<DigestDocument>('Digest', digest),
    counters: connection.model<CounterDocument>('Counter', counter),
    leases: connection.model<LeaseDocument>('Lease', lease),
    tokens: connection.model<TokenDocument>('Token', token),
    windows: connection.model<WindowsDocument>('Window', window),
    meta: connection.model<MetaDocument>('Meta', meta),
  };
}
