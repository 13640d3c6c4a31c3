import { messageOf } from './kernel/index.js';
import { readConfig, readServerEnv } from './settings/index.js';

/** `npm run config:check`: reads config/ as the server would, and says all that is wrong with it. */
async function check(): Promise<void> {
  const folder = process.argv[2] ?? readServerEnv(process.env).configDir;
  const config = await readConfig(folder);
  const open = config.pipeline.stages.filter(({ kind }) => kind === 'open').map(({ name }) => name);
  process.stdout.write(
    [
      `${folder} 没有问题（版本 ${config.version}）`,
      `  阶段：${open.join(' → ')} → 赢单 / 输单`,
      `  审批规则 ${config.approval.rules.length} 条，日报群 ${config.digest.groups.length} 个`,
      `  每人每天最多 ${config.notify.caps.perDay} 条提醒，每小时 ${config.notify.caps.perHour} 条`,
      '',
    ].join('\n'),
  );
}

check().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
