import { messageOf, type Logger } from '../kernel/index.js';
import { readConfig, type Config } from './config.js';

export interface LiveConfig {
  /** The snapshot in force. */
  current(): Config;
  /**
   * Looks at the files again. A bad edit keeps the last good snapshot; the complaint is answered once
   * per distinct mistake, so that a heartbeat may call this and pass it on as an alarm.
   */
  refresh(): Promise<{ changed: boolean; complaint: string | null }>;
}

/** @throws SettingsError when the files are wrong at start. */
export async function openConfig(folder: string, log: Logger): Promise<LiveConfig> {
  let config = await readConfig(folder);
  let lastComplaint: string | null = null;
  return {
    current: () => config,
    async refresh() {
      try {
        const next = await readConfig(folder);
        const changed = next.version !== config.version;
        if (changed) {
          log.info({ from: config.version, to: next.version }, 'configuration changed');
          config = next;
        }
        lastComplaint = null;
        return { changed, complaint: null };
      } catch (error) {
        const complaint = messageOf(error);
        const isNew = complaint !== lastComplaint;
        lastComplaint = complaint;
        if (isNew)
          log.error(
            { complaint, kept: config.version },
            'configuration refused; the last good one stays',
          );
        return { changed: false, complaint: isNew ? complaint : null };
      }
    },
  };
}
