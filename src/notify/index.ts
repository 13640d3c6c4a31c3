export { createAlarmWebhook } from './alarm-webhook.js';
export type { Alarm, AlarmChannel } from './alarm-webhook.js';
export { createOutboxWorker } from './outbox-worker.js';
export type { OutboxWorker, OutboxWorkerOptions } from './outbox-worker.js';
export type { DeliveryFailure } from './delivery.js';
export type { NotifyPolicy } from './policy.js';
