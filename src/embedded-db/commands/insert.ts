import { namespaceOf, ok, type Command } from './command.js';
import { runStatements, statementsOf, withId } from './write.js';

export const insert: Command = async (call) => {
  const namespace = namespaceOf(call);
  const docs = statementsOf(call, 'documents');
  const collection = await call.context.store.findOrCreate(namespace);
  let n = 0;
  const errors = await runStatements(call, docs, (doc) => {
    collection.insert(withId(doc));
    n++;
  });
  return ok({ n, ...errors });
};
