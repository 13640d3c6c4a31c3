import { createHmac, timingSafeEqual } from 'node:crypto';

import { DAY_MS } from '../kernel/index.js';

const VALID_MS = 30 * DAY_MS;

export interface OpportunityLinks {
  /** A link to the read-only page of one opportunity, for one person, for 30 days. */
  make(opportunityId: string, userid: string, now: Date): string;
  /** Null when forged or expired. */
  read(token: string, now: Date): { opportunityId: string; userid: string } | null;
}

/** @param secret never leaves the server; links made with another one are refused. */
export function createOpportunityLinks(publicUrl: string, secret: string): OpportunityLinks {
  const key = createHmac('sha256', secret).update('opportunity-link').digest();
  const sign = (payload: string): string =>
    createHmac('sha256', key).update(payload).digest('base64url');
  return {
    make(opportunityId, userid, now) {
      // Rounded to the day, so that the same card built twice has the same link.
      const until = Math.ceil((now.getTime() + VALID_MS) / DAY_MS);
      const payload = Buffer.from(JSON.stringify([opportunityId, userid, until])).toString(
        'base64url',
      );
      return `${publicUrl}/o/${payload}.${sign(payload)}`;
    },
    read(token, now) {
      const [payload = '', signature = ''] = token.split('.');
      const expected = Buffer.from(sign(payload));
      const given = Buffer.from(signature);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      const [opportunityId, userid, until] = JSON.parse(
        Buffer.from(payload, 'base64url').toString(),
      ) as [string, string, number];
      return now.getTime() > until * DAY_MS ? null : { opportunityId, userid };
    },
  };
}
