import { compilePipeline } from '../aggregate/pipeline.js';
import { isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { identical } from './modifiers-field.js';
import type { Update, UpdateOptions } from './update.js';

const ALLOWED = new Set([
  '$addFields',
  '$set',
  '$project',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
]);

/** An update written as a pipeline: the document after its stages takes the place of the old one. */
export function compilePipelineUpdate(stages: readonly unknown[], options: UpdateOptions): Update {
  if (options.arrayFilters?.length) {
    throw new DbError(9, 'Cannot specify arrayFilters and a pipeline update');
  }
  for (const stage of stages) {
    const name = isDoc(stage) ? Object.keys(stage)[0] : undefined;
    if (name === undefined)
      throw new DbError(14, "Each element of the 'pipeline' array must be an object");
    if (!ALLOWED.has(name)) {
      throw new DbError(72, `${name} is not allowed to be used within an update`);
    }
  }
  const run = compilePipeline(stages as Doc[], options);
  return {
    isReplacement: false,
    apply: (doc) => {
      const [result] = run([doc]);
      if (!result) return doc;
      const next =
        doc['_id'] === undefined || '_id' in result ? result : { _id: doc['_id'], ...result };
      return identical(doc, next) ? doc : next;
    },
  };
}
