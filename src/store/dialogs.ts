import type { Collection } from 'mongodb';

import { HOUR_MS } from '../kernel/index.js';
import type { Clock } from '../kernel/index.js';
import type { DialogStore } from '../usecases/index.js';
import type { DialogDocument } from './documents.js';
import { DIALOG_HOURS } from './indexes.js';

/** Where each conversation stands; forgotten after a day of silence. Hot: the driver's own calls. */
export class Dialogs implements DialogStore {
  constructor(
    private readonly documents: Collection<DialogDocument>,
    private readonly clock: Clock,
    private readonly machine: Clock,
  ) {}

  /** The database expires by the machine's clock, and late; ours decides. */
  async load(userid: string): Promise<object | null> {
    const found = await this.documents.findOne({ _id: userid });
    if (!found) return null;
    const age = this.clock.now().getTime() - found.savedAt.getTime();
    return age < DIALOG_HOURS * HOUR_MS ? found.state : null;
  }

  async save(userid: string, dialog: object, at: Date): Promise<void> {
    await this.documents.updateOne(
      { _id: userid },
      { $set: { state: dialog, savedAt: at, storedAt: this.machine.now() } },
      { upsert: true },
    );
  }
}
