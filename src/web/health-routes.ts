import type { Routes } from './server.js';

export interface Health {
  /** Rejects when the database does not answer. */
  database(): Promise<void>;
  schedulerRunning(): boolean;
  /** Reported, not required: an outage of WeCom must not take instances out (decisions 32). */
  hasToken(): Promise<boolean>;
  version: string;
  configVersion(): string;
}

/** `/healthz`: the process lives. `/readyz`: it can do its work. */
export function healthRoutes(health: Health): Routes {
  return (router) => {
    router.get('/healthz', (context) => {
      context.body = { ok: true, version: health.version };
    });
    router.get('/readyz', async (context) => {
      const database = await health.database().then(
        () => true,
        () => false,
      );
      const scheduler = health.schedulerRunning();
      context.status = database && scheduler ? 200 : 503;
      context.body = {
        database,
        scheduler,
        token: database && (await health.hasToken()),
        config: health.configVersion(),
        version: health.version,
      };
    });
  };
}
