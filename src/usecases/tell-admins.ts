import { derivedId } from '../kernel/index.js';
import type { World } from './ports.js';
import { outboxRowOf } from './relay.js';

/** Tells every administrator, once per `key` however often it is noticed. */
export async function tellAdmins(
  world: World,
  alert: { key: string; title: string; detail: string; action: string; at: Date },
): Promise<void> {
  const { key, title, detail, action, at } = alert;
  const admins = await world.directory.admins();
  if (admins.length === 0) {
    world.log.warn({ key, title }, 'an alert for administrators, and there are none');
    return;
  }
  const rows = admins.map(({ userid }, n) =>
    outboxRowOf(derivedId('adm', key, userid), {
      to: { kind: 'person', userid },
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
