import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { createBot, loadScripts } from './bot/index.js';
import {
  apology,
  opportunityShown,
  wordNotice,
  wordUpdate,
  type Card,
  type Recipient,
  type ViewContext,
} from './chat/index.js';
import { keepEmbeddedDb } from './embedded-db/index.js';
import { createInbox } from './inbox/index.js';
import { dayOf, derivedId, HOUR_MS, MINUTE_MS } from './kernel/index.js';
import type { Clock, IdSource, Logger, MovableClock } from './kernel/index.js';
import { createAlarmWebhook, createOutboxWorker } from './notify/index.js';
import { createSchedule, type Heartbeat } from './schedule/index.js';
import {
  openConfig,
  type Config,
  type ServerSettings,
  type WecomSettings,
} from './settings/index.js';
import { createReader } from './shorthand/index.js';
import { connectStore } from './store/index.js';
import { createUseCases, type Policies, type UseCases, type World } from './usecases/index.js';
import {
  CALLBACK_PATH,
  callbackRoutes,
  createOpportunityLinks,
  createWebApp,
  healthRoutes,
  listen,
  opportunityPageRoutes,
} from './web/index.js';
import {
  createCallbackDoor,
  createDispatcher,
  createGroupChats,
  createWecomClient,
  createWecomSender,
  fetchMembers,
  pushMenu,
} from './wecom/index.js';

export interface ComposeOptions {
  server: ServerSettings;
  wecom: WecomSettings;
  clock: Clock;
  log: Logger;
  /** Differs between the instances that share a database. */
  instanceId: string;
  /** Webhook keys, by the name of the variable that holds them. */
  secretOf: (name: string) => string | undefined;
  /** Listen on this address only. */
  host?: string;
  /** Runs when the directory is known and before any heartbeat: the demo lives its history there. */
  prepare?: (world: World) => Promise<void>;
}

/** The running product. */
export interface App {
  readonly port: number;
  readonly callbackUrl: string;
  readonly world: World;
  readonly usecases: UseCases;
  /** Everything the heartbeats do, once. */
  beat(): Promise<void>;
  /** Resolves when all that was accepted is worked and all that may be sent now is sent. */
  settle(): Promise<void>;
  syncDirectory(): Promise<void>;
  /** When something next falls due; null when nothing waits. */
  nextDueAt(): Promise<Date | null>;
  /** Moves `clock` to `until`, stopping at every instant at which something falls due. */
  fastForward(clock: MovableClock, until: Date): Promise<void>;
  stop(): Promise<void>;
}

const SYNC_DIRECTORY_EVERY_MS = 10 * MINUTE_MS;
const KEEP_GROUPS_EVERY_MS = HOUR_MS;
/** The release; shown by /healthz. */
const VERSION = process.env.npm_package_version ?? 'dev';
const ATTEND_AT_ONCE = 200;
const RELAY_AT_ONCE = 500;
/** A due instant that does not clear is stepped over by this much. */
const STUCK_STEP_MS = MINUTE_MS;

/** Introduces the rooms to each other and starts them; the only file that knows them all. */
export async function compose(options: ComposeOptions): Promise<App> {
  const { server, wecom, clock, log, instanceId, secretOf } = options;
  const config = await openConfig(server.configDir, log);
  const database = server.mongodbUri
    ? null
    : await keepEmbeddedDb({
        dataDir: path.join(server.dataDir, 'db'),
        onTrouble: (what) => log.error({}, what),
      });
  const store = await connectStore({
    uri: server.mongodbUri ?? `${database?.uri}/opportunity`,
    clock,
    log,
    pipeline: () => config.current().pipeline,
  });
  const dispatcher = createDispatcher(server.proxy);
  const client = createWecomClient({
    ...wecom,
    tokens: store.tokens,
    leases: store.leases,
    instanceId,
    clock,
    log,
    dispatcher,
  });
  const links = server.publicUrl ? createOpportunityLinks(server.publicUrl, wecom.secret) : null;
  const linkFor = (opportunityId: string, userid: string, at: Date): string | null =>
    links?.make(opportunityId, userid, at) ?? null;

  // The verbs wake workers that are made of the verbs: filled in below.
  const wake = {
    inbox: (_sender: string): void => undefined,
    relay: (_opportunityId: string): void => undefined,
    outbox: (_lanes?: readonly string[]): void => undefined,
  };
  const world: World = {
    ...store,
    groupChats: createGroupChats(client),
    hasAlarmChannel: server.alertWebhookUrl !== null,
    policies: () => policiesOf(config.current()),
    clock,
    ids,
    log,
    nudge: {
      inbox: (sender) => wake.inbox(sender),
      relay: (opportunityId) => wake.relay(opportunityId),
      outbox: (lanes) => wake.outbox(lanes),
    },
  };
  const usecases = createUseCases(world);

  const outbox = createOutboxWorker({
    outbox: store.outbox,
    limiter: store.limiter,
    leases: store.leases,
    directory: store.directory,
    instanceId,
    clock,
    log,
    sender: createWecomSender({
      client,
      limiter: store.limiter,
      clock,
      seesCards: (userid) => !config.current().notify.plainText.includes(userid),
      webhookKey: secretOf,
    }),
    word: (notice, row) => {
      const { to, causeAt, updatesCardId } = row;
      const view: ViewContext = {
        pipeline: config.current().pipeline,
        today: dayOf(clock.now()),
        link: (opportunityId) =>
          to.kind === 'person' ? linkFor(opportunityId, to.userid, causeAt) : null,
      };
      const card = updatesCardId === null ? null : wordUpdate(notice, view);
      return card ? { kind: 'card', card, text: '' } : wordNotice(notice, view);
    },
    alarms: server.alertWebhookUrl ? createAlarmWebhook(server.alertWebhookUrl, dispatcher) : null,
    groupChannel: (groupId) => groupChannel(world, groupId),
    policy: () => config.current().notify,
    calendar: () => config.current().calendar,
    onDead: ({ row, why, hint, at }) =>
      usecases.tellAdmins({
        // One a day for each lane: somebody who cannot be reached is one piece of news.
        key: `dead:${row.lane}:${dayOf(at)}`,
        title: '一条消息没有送达',
        detail: `${row.lane}：${why}`,
        action: hint ?? '修好原因后可重新发送',
        at,
      }),
    onStuck: ({ row, why, code, hint, at }) =>
      usecases.tellAdmins({
        // One a day for each cause: whatever it is, it keeps every message waiting.
        key: `stuck:${code}:${dayOf(at)}`,
        title: '消息暂时发不出去，正在重试',
        detail: `${row.lane}：${why}`,
        action: hint ?? '请看企业微信和网络是否正常；恢复后会自动补发',
        at,
      }),
    onUnknown: ({ row, why, at }) =>
      usecases.tellAdmins({
        key: `unknown:${row.id}`,
        title: '一条群消息不确定是否送达',
        detail: `${row.lane}：${why}`,
        action: '请到群里看一眼；系统不会自动重发',
        at,
      }),
  });

  const bot = createBot({
    usecases,
    directory: store.directory,
    dialogs: store.dialogs,
    prompts: store.prompts,
    opportunities: store.opportunities,
    policies: () => world.policies(),
    makeReader: (lexicon, { calendar, pipeline }) =>
      createReader({ lexicon, calendar, stages: pipeline.stages }),
    clock,
    log,
    link: linkFor,
    scripts: await loadScripts([
      OWN_SCRIPTS,
      ...(server.botScriptsDir ? [server.botScriptsDir] : []),
    ]),
  });

  const inbox = createInbox({
    store: store.inbox,
    dialogs: store.dialogs,
    outbox: store.outbox,
    leases: store.leases,
    instanceId,
    clock,
    log,
    handle: (incoming) => bot.handle(incoming),
    apology,
    onReply: (lane) => outbox.kick(lane),
    onFailed: ({ key, from, reference, code, hint, at }) =>
      usecases.tellAdmins({
        key: `failed:${key}`,
        title: '一条消息没有处理成功',
        detail: `${from} 的消息，编号 ${reference}，原因 ${code}`,
        action: hint ?? '按编号查日志',
        at,
      }),
  });

  const relaying = new Set<Promise<void>>();
  wake.inbox = (sender) => inbox.nudge(sender);
  wake.outbox = (lanes) => {
    if (lanes) for (const lane of new Set(lanes)) outbox.kick(lane);
    else outbox.kick();
  };
  wake.relay = (opportunityId) => {
    const run = usecases
      .relay(opportunityId)
      // What stays pending is found by the heartbeat.
      .catch((error: unknown) => log.warn({ error, opportunityId }, 'relay will be tried again'))
      .finally(() => relaying.delete(run));
    relaying.add(run);
  };

  const syncDirectory = async (): Promise<void> => {
    const members = await fetchMembers(client, {
      fallbackManagerIds: config.current().approval.fallbackApprovers,
      adminIds: server.adminUserids,
    });
    await store.directory.replaceAll(members, clock.now());
  };

  // Under which rules this instance last saw every opportunity; at start, possibly none of today's.
  let reviewedVersion: string | null = null;
  const reviewCadence = async (): Promise<void> => {
    const { version } = config.current();
    if (version === reviewedVersion) return;
    await usecases.reviewCadence(clock.now());
    reviewedVersion = version;
  };

  const refreshConfig = async (): Promise<void> => {
    const { complaint } = await config.refresh();
    if (!complaint) return;
    await usecases.tellAdmins({
      key: derivedId('config', complaint),
      title: '配置有误，仍按上一版运行',
      detail: complaint.slice(0, MAX_DETAIL),
      action: '修改后会自动生效；可先用 npm run config:check 检查',
      at: clock.now(),
    });
  };

  const heartbeats: Heartbeat[] = [
    { name: 'inbox', everyMs: 5_000, run: () => inbox.sweep() },
    {
      name: 'relay',
      everyMs: 5_000,
      run: async () => void (await usecases.relayAll(RELAY_AT_ONCE)),
    },
    { name: 'outbox', everyMs: 5_000, run: () => outbox.sweep() },
    {
      name: 'attend',
      everyMs: 10_000,
      run: () => usecases.attendAll(clock.now(), ATTEND_AT_ONCE),
    },
    {
      name: 'digests',
      everyMs: 20_000,
      run: async () => void (await usecases.sendDigests(clock.now())),
    },
    { name: 'config', everyMs: 30_000, run: refreshConfig },
    { name: 'cadence', everyMs: 30_000, run: reviewCadence },
    { name: 'directory', everyMs: SYNC_DIRECTORY_EVERY_MS, run: syncDirectory },
    { name: 'groups', everyMs: KEEP_GROUPS_EVERY_MS, run: () => usecases.keepGroupsInStep() },
  ];
  const schedule = createSchedule({ db: store.connection.db, instanceId, heartbeats, log });

  const web = await listen(
    createWebApp(
      [
        callbackRoutes({ door: createCallbackDoor(wecom), inbox, clock }),
        healthRoutes({
          database: () => store.ping(),
          schedulerRunning: () => schedule.isRunning(),
          hasToken: () => client.hasToken(),
          version: VERSION,
          configVersion: () => config.current().version,
        }),
        ...(links
          ? [opportunityPageRoutes({ links, clock, cardFor: pageCard(world, usecases) })]
          : []),
      ],
      log,
    ),
    server.port,
    options.host,
  );

  const settle = async (): Promise<void> => {
    do {
      await inbox.idle();
      await Promise.all(relaying);
      await outbox.idle();
    } while (relaying.size > 0);
  };
  const beat = async (): Promise<void> => {
    for (const heartbeat of heartbeats) {
      await heartbeat
        .run()
        .catch((error: unknown) =>
          log.error({ error, heartbeat: heartbeat.name }, 'heartbeat failed'),
        );
      await settle();
    }
    // What the later beats caused leaves with this one.
    await usecases.relayAll(RELAY_AT_ONCE);
    await outbox.sweep();
    await settle();
  };

  /** What the last run left. Its heartbeats may still be locked in its name: nobody should wait for that. */
  const pickUp = async (): Promise<void> => {
    try {
      await inbox.sweep();
      await usecases.relayAll(RELAY_AT_ONCE);
      await outbox.sweep();
    } catch (error) {
      log.warn({ error }, 'what was left waiting is looked for by the heartbeats');
    }
  };

  // An unreachable WeCom must not keep the server from starting: callbacks are stored meanwhile.
  await Promise.all([syncDirectory(), pushMenu(client)]).catch((error: unknown) =>
    log.warn({ error }, 'WeCom could not be reached at start; it is tried again'),
  );
  await options.prepare?.(world);
  await pickUp();
  await schedule.start();

  return {
    port: web.port,
    callbackUrl: `http://127.0.0.1:${web.port}${CALLBACK_PATH}`,
    world,
    usecases,
    beat,
    settle,
    syncDirectory,
    nextDueAt: () => usecases.nextDueAt(clock.now()),
    async fastForward(movable, until) {
      for (;;) {
        await beat();
        const now = movable.now();
        const due = await usecases.nextDueAt(now);
        if (!due || due > until || now >= until) break;
        movable.advanceTo(due > now ? due : new Date(now.getTime() + STUCK_STEP_MS));
      }
      movable.advanceTo(until);
      await beat();
    },
    async stop() {
      await web.close();
      await schedule.stop();
      await inbox.stop();
      await Promise.all(relaying);
      await outbox.stop();
      await store.close();
      await database?.stop();
    },
  };
}

/** Our own conversations: beside this file, built or not. */
const OWN_SCRIPTS = fileURLToPath(new URL('../bot-scripts', import.meta.url));
const MAX_DETAIL = 1_000;

const ids: IdSource = { fresh: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '')}` };

function policiesOf(config: Config): Policies {
  const { pipeline, approval, cadence, confirm, digest, calendar, version } = config;
  return { pipeline, approval, cadence, confirm, digest, calendar, version };
}

/** Groups of digest.yaml first, then those made in chat. */
async function groupChannel(world: World, groupId: string): Promise<Recipient | null> {
  const groups = [...world.policies().digest.groups, ...(await world.groups.all())];
  const channel = groups.find(({ id }) => id === groupId)?.channel;
  if (!channel) return null;
  return channel.via === 'appchat'
    ? { kind: 'appchat', chatId: channel.chatId }
    : { kind: 'webhook', keyEnv: channel.keyEnv };
}

/** What the read-only page shows: the same words as in chat, permission checked when it is opened. */
function pageCard(world: World, usecases: UseCases) {
  return async (userid: string, opportunityId: string): Promise<Card | null> => {
    const member = await world.directory.member(userid);
    const shown = member?.isActive ? await usecases.show(member, opportunityId) : null;
    if (!shown?.ok) return null;
    const message = opportunityShown(shown.value, {
      pipeline: world.policies().pipeline,
      today: dayOf(world.clock.now()),
      // With somewhere to lead, the words come as a card; the page leads nowhere itself.
      link: () => '/',
    });
    return message.kind === 'card' ? message.card : null;
  };
}
