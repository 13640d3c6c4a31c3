import type { Model } from 'mongoose';

import type { Member } from '../domain/index.js';
import { AppError } from '../kernel/index.js';
import type { Directory } from '../usecases/index.js';
import type { MemberDocument } from './documents.js';

/** The colleagues as last polled. userids are found whatever their case, as WeCom compares them. */
export class Members implements Directory {
  constructor(private readonly model: Model<MemberDocument>) {}

  async member(userid: string): Promise<Member | null> {
    const found = await this.model.findById(keyOf(userid)).lean<MemberDocument>();
    return found && fromDocument(found);
  }

  async members(userids: readonly string[]): Promise<Member[]> {
    if (userids.length === 0) return [];
    const found = await this.model
      .find({ _id: { $in: userids.map(keyOf) } })
      .lean<MemberDocument[]>();
    return found.map(fromDocument);
  }

  async everyone(): Promise<Member[]> {
    const found = await this.model.find({ isActive: true }).lean<MemberDocument[]>();
    return found.map(fromDocument);
  }

  /** Those who left are included: what they owned is still their leader's to see. */
  async reportsOf(userid: string): Promise<string[]> {
    const below = await this.model
      .find({ managerIds: userid }, { userid: 1 })
      .lean<MemberDocument[]>();
    return [userid, ...below.map((member) => member.userid)];
  }

  async admins(): Promise<Member[]> {
    const found = await this.model.find({ isAdmin: true, isActive: true }).lean<MemberDocument[]>();
    return found.map(fromDocument);
  }

  /**
   * Writes only what differs: polls mostly find nothing new.
   * An empty list is refused: a company of nobody is a failed poll, and would silence everyone.
   */
  async replaceAll(members: readonly Member[], at: Date): Promise<void> {
    if (members.length === 0) {
      throw new AppError('the contacts came back empty; the directory is kept as it was', {
        code: 'store.empty-directory',
        hint: 'check the visible range (可见范围) of the app',
        retryable: true,
      });
    }
    const known = new Map(
      (await this.model.find({}).sort({ _id: 1 }).lean<MemberDocument[]>()).map((document) => [
        document._id,
        document,
      ]),
    );
    const writes = [];
    for (const member of members) {
      const _id = keyOf(member.userid);
      const before = known.get(_id);
      known.delete(_id);
      if (before && isSame(fromDocument(before), member)) continue;
      writes.push({
        updateOne: {
          filter: { _id },
          update: { $set: { ...member, changedAt: at } },
          upsert: true,
        },
      });
    }
    const gone = [...known.values()].filter(({ isActive }) => isActive).map(({ _id }) => _id);
    if (gone.length > 0) {
      writes.push({
        updateMany: {
          filter: { _id: { $in: gone } },
          update: { $set: { isActive: false, changedAt: at } },
        },
      });
    }
    if (writes.length > 0) await this.model.bulkWrite(writes, { ordered: false });
  }
}

function keyOf(userid: string): string {
  return userid.toLowerCase();
}

function fromDocument(document: MemberDocument): Member {
  return {
    userid: document.userid,
    name: document.name,
    departmentIds: document.departmentIds,
    departmentName: document.departmentName,
    managerIds: document.managerIds,
    isAdmin: document.isAdmin,
    isActive: document.isActive,
  };
}

function isSame(a: Member, b: Member): boolean {
  return (
    a.userid === b.userid &&
    a.name === b.name &&
    a.departmentName === b.departmentName &&
    a.isAdmin === b.isAdmin &&
    a.isActive === b.isActive &&
    a.departmentIds.join() === b.departmentIds.join() &&
    a.managerIds.join() === b.managerIds.join()
  );
}
