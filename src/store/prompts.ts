import type { Model } from 'mongoose';

import type { Clock } from '../kernel/index.js';
import type { Prompt, PromptStore } from '../usecases/index.js';
import type { PromptDocument } from './documents.js';

/** What we asked and a short reply may answer. */
export class Prompts implements PromptStore {
  constructor(
    private readonly model: Model<PromptDocument>,
    private readonly machine: Clock,
  ) {}

  /** Idempotent by id: the relay may repeat itself after an answer was noted. */
  async put({ id, ...prompt }: Prompt): Promise<void> {
    await this.model.updateOne(
      { _id: id },
      { $setOnInsert: { ...prompt, storedAt: this.machine.now() } },
      { upsert: true },
    );
  }

  async find(id: string): Promise<Prompt | null> {
    const found = await this.model.findById(id, { storedAt: 0 }).lean<Stored>();
    return found && fromDocument(found);
  }

  async openFor(userid: string, since: Date): Promise<Prompt[]> {
    const found = await this.model
      .find({ userid, answeredAt: null, at: { $gte: since } }, { storedAt: 0 })
      .sort({ at: -1 })
      .lean<Stored[]>();
    return found.map(fromDocument);
  }

  /** The first answer stands. */
  async answered(id: string, at: Date): Promise<void> {
    await this.model.updateOne({ _id: id, answeredAt: null }, { $set: { answeredAt: at } });
  }
}

type Stored = Omit<Prompt, 'id'> & { _id: string };

const fromDocument = ({ _id, ...prompt }: Stored): Prompt => ({ ...prompt, id: _id });
