import type { Audience } from '../domain/index.js';
import { derivedId } from '../kernel/index.js';
import type { World } from './ports.js';
import { outboxRowOf } from './relay.js';

/**
 * Tells every administrator, once per `key` however often it is noticed; and the channel that is not WeCom,
 * for the day WeCom itself is the trouble (decisions 30).
 */
export async function tellAdmins(
  world: World,
  alert: { key: string; title: string; detail: string; action: string; at: Date },
): Promise<void> {
  const { key, title, detail, action, at } = alert;
  const audience: [id: string, Audience][] = (await world.directory.admins()).map(({ userid }) => [
    derivedId('adm', key, userid),
    { kind: 'person', userid },
  ]);
  if (world.hasAlarmChannel) audience.push([derivedId('alarm', key), { kind: 'alarm' }]);
  if (audience.length === 0) {
    world.log.warn({ key, title }, 'an alert for administrators, and there are none');
    return;
  }
  const rows = audience.map(([id, to], n) =>
    outboxRowOf(id, {
      to,
      class: 'admin',
      notice: { code: 'admin-alert', title, detail, action },
      causeAt: at,
      causeId: `admin:${key}`,
      n,
    }),
  );
  await world.outbox.put(rows, world.clock.now());
  world.nudge.outbox();
}
