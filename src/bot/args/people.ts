import type { z } from 'zod';
import { MAX_CHOICES, colleaguesAlike, colleagueUnknown } from '../../chat/index.js';
import { arg } from '../arg.js';

/** The colleague it is handed to. */
export function colleague(): z.ZodType<{ userid: string; name: string }> {
  return arg(({ task, names }) => {
    const picked = task.answers['person'];
    if (picked !== undefined) return { found: { userid: picked, name: names.nameOf(picked) } };
    const mention = task.update.assignee?.value;
    if (!mention) return { absent: true, say: colleagueUnknown('') };
    if (mention.kind === 'one') return { found: { userid: mention.id, name: mention.name } };
    if (mention.kind === 'unknown') return { say: colleagueUnknown(mention.words) };
    return {
      ask: {
        kind: 'pick',
        about: 'person',
        words: '是哪位同事？',
        options: mention.candidates.slice(0, MAX_CHOICES).map(({ id, name }) => ({
          value: id,
          label: [name, names.person(id)?.departmentName].filter(Boolean).join(' '),
        })),
      },
    };
  });
}

/** Colleagues named with @ after the command: 建群 华东销售群 @张三 @李四. */
export function colleagues(): z.ZodType<{ userid: string; name: string }[]> {
  return arg(({ task, names }) => {
    const said = [...(task.answers['rest'] ?? '').matchAll(/[@＠]([^\s@＠,，、]+)/gu)].map(
      ([, name]) => name ?? '',
    );
    const found: { userid: string; name: string }[] = [];
    for (const name of said) {
      const people = names.peopleCalled(name);
      const [one] = people;
      if (!one) return { say: colleagueUnknown(name, '建群 华东销售群 @张三 @李四') };
      if (people.length > 1) return { say: colleaguesAlike(name, people) };
      found.push({ userid: one.userid, name: one.name });
    }
    return { found };
  });
}
