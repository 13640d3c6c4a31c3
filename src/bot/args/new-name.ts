import type { z } from 'zod';
import { MAX_CHOICES, nameTooLong, question } from '../../chat/index.js';
import { knownCustomerLike, newNameIn } from '../naming.js';
import { arg, askedInWords } from '../arg.js';
import type { Ask } from '../turn.js';

/** Longer is no name but something pasted. */
const MAX_NAME = 60;

/** The title and customer of a new opportunity, each asked for when it was not said. */
export function newName(): z.ZodType<{ title: string; customerName: string }> {
  return arg(({ task }) => {
    const { answers, update } = task;
    const said = update.customer?.value;
    const typed = newNameIn(update, task.said);
    const title = answers['title'] ?? typed.title;
    const customerName = answers['customer'] ?? typed.customerName;
    if (!title) return askedInWords('new-title', question({ about: 'title' }));
    if (Math.max(title.length, customerName?.length ?? 0) > MAX_NAME)
      return { say: nameTooLong(MAX_NAME) };
    const known = answers['customer'] === undefined && knownCustomerLike(update, task.said);
    if (known && customerName) return { ask: pickCustomer(customerName, known) };
    if (customerName) return { found: { title, customerName } };
    if (said?.kind === 'several')
      return {
        ask: {
          kind: 'pick',
          about: 'customer',
          words: '客户是哪一家？',
          options: said.candidates
            .slice(0, MAX_CHOICES)
            .map(({ name }) => ({ value: name, label: name })),
        },
      };
    return askedInWords('customer', question({ about: 'customer', title }));
  });
}

const pickCustomer = (typed: string, known: string): Ask => ({
  kind: 'pick',
  about: 'customer',
  words: `客户“${typed}”是哪一家？`,
  options: [
    { value: known, label: known },
    { value: typed, label: `${typed}（新客户）` },
  ],
});
