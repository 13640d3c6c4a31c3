import { isDoc, isNumeric, toDouble, type Doc } from '../../bson/value.js';
import { DbError } from '../../errors.js';
import { encodeKey } from '../../storage/key.js';
import { compilerFor, followPath, outerVariables } from '../expression.js';
import { collect, filtered, flowOf, forEach, type Flow, type Work } from '../../work.js';
import type { PipelineOptions, Stage, StageContext, StageOperator } from '../pipeline.js';
import { compileMatch } from '../../query/match.js';
import { withPath } from './shaping.js';

function documentsOf(options: PipelineOptions, name: unknown): Flow<Doc> {
  return typeof name === 'string' && options.collection ? options.collection(name) : flowOf([]);
}

const lookup: StageOperator = (operand, context) => {
  if (!isDoc(operand)) throw new DbError(9, 'the $lookup specification must be an object');
  const { from, as, localField, foreignField, pipeline } = operand;
  if (typeof as !== 'string') throw new DbError(9, "must specify 'as' field for a $lookup");
  const joined =
    typeof localField === 'string' && typeof foreignField === 'string'
      ? { localField, foreignField }
      : undefined;
  if (!joined && !Array.isArray(pipeline)) {
    throw new DbError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  const { options } = context;
  const path = as.split('.');
  return function* (docs) {
    const foreign = yield* collect(documentsOf(options, from));
    const match = joined ? yield* equalityJoin(foreign, joined) : () => foreign;
    const refine = Array.isArray(pipeline)
      ? correlated(pipeline, operand['let'], context)
      : undefined;
    for (const batch of docs) {
      const out: Doc[] = [];
      for (const doc of batch ?? []) {
        const matches = match(doc);
        out.push(withPath(doc, path, refine ? yield* refine(doc, matches) : matches));
      }
      yield out;
    }
  };
};

/** The foreign documents by the value of their field, looked up for each local value. */
function* equalityJoin(
  foreign: readonly Doc[],
  { localField, foreignField }: { localField: string; foreignField: string },
): Work<(doc: Doc) => readonly Doc[]> {
  const foreignPath = foreignField.split('.');
  const byKey = new Map<string, Set<number>>();
  let i = 0;
  yield* forEach(flowOf(foreign), (doc) => {
    for (const key of joinKeys(followPath(doc, foreignPath, 0))) {
      let set = byKey.get(key);
      if (!set) byKey.set(key, (set = new Set()));
      set.add(i);
    }
    i++;
  });
  const localPath = localField.split('.');
  return (doc) => {
    const found = new Set<number>();
    for (const key of joinKeys(followPath(doc, localPath, 0))) {
      for (const i of byKey.get(key) ?? []) found.add(i);
    }
    return [...found].sort((a, b) => a - b).map((i) => foreign[i] as Doc);
  };
}

function joinKeys(value: unknown): string[] {
  if (value === undefined) return [encodeKey(null)];
  return Array.isArray(value) ? [...value.map(encodeKey), encodeKey(value)] : [encodeKey(value)];
}

/** A sub-pipeline that sees the variables of `let`, recompiled only for what they change. */
function correlated(
  pipeline: readonly unknown[],
  lets: unknown,
  context: StageContext,
): (doc: Doc, matches: readonly Doc[]) => Work<readonly Doc[]> {
  const compiler = compilerFor(context.options);
  const bindings = Object.entries(isDoc(lets) ? lets : {}).map(
    ([name, expression]) => [name, compiler.compile(expression)] as const,
  );
  const outer = outerVariables(context.options);
  const fixed = bindings.length === 0 ? context.compilePipeline(pipeline) : undefined;
  return function* (doc, matches) {
    if (fixed) return yield* collect(fixed(flowOf(matches)));
    const variables: Doc = { ...context.options.variables };
    for (const [name, evaluate] of bindings) {
      variables[name] = evaluate({ root: doc, variables: outer }) ?? null;
    }
    const refine = context.compilePipeline(pipeline, { variables });
    return yield* collect(refine(flowOf(matches)));
  };
}

const graphLookup: StageOperator = (operand, { options }) => {
  if (!isDoc(operand))
    throw new DbError(40327, 'the $graphLookup stage specification must be an object');
  const { from, startWith, connectFromField, connectToField, as, maxDepth, depthField } = operand;
  if (
    typeof from !== 'string' ||
    typeof connectFromField !== 'string' ||
    typeof connectToField !== 'string' ||
    typeof as !== 'string'
  ) {
    throw new DbError(
      40105,
      "$graphLookup requires 'as', 'startWith', 'from', 'connectFromField', and 'connectToField' to be specified.",
    );
  }
  const start = compilerFor(options).compile(startWith);
  const outer = outerVariables(options);
  const deepest = isNumeric(maxDepth) ? toDouble(maxDepth) : Number.POSITIVE_INFINITY;
  const restrict = isDoc(operand['restrictSearchWithMatch'])
    ? compileMatch(operand['restrictSearchWithMatch'], options)
    : () => true;
  return function* (docs) {
    const foreign = yield* collect(filtered(documentsOf(options, from), restrict));
    const find = yield* equalityJoin(foreign, {
      localField: 'value',
      foreignField: connectToField,
    });
    const next = connectFromField.split('.');
    const reach = (doc: Doc): Doc => {
      const seen = new Map<Doc, number>();
      let frontier: unknown[] = [start({ root: doc, variables: outer })];
      for (let depth = 0; depth <= deepest && frontier.length > 0; depth++) {
        const found = frontier.flatMap((value) => (value === undefined ? [] : find({ value })));
        const fresh = [...new Set(found)].filter((match) => !seen.has(match));
        for (const match of fresh) seen.set(match, depth);
        frontier = fresh.map((match) => followPath(match, next, 0));
      }
      const matches = [...seen].map(([match, depth]) =>
        typeof depthField === 'string' ? { ...match, [depthField]: depth } : match,
      );
      return withPath(doc, as.split('.'), matches);
    };
    for (const batch of docs) for (const doc of batch ?? []) yield [reach(doc)];
  };
};

const unionWith: StageOperator = (operand, { options, compilePipeline }) => {
  const spec: Doc = isDoc(operand) ? operand : { coll: operand };
  const { coll, pipeline } = spec;
  const stage: Stage | undefined = Array.isArray(pipeline) ? compilePipeline(pipeline) : undefined;
  return function* (docs) {
    yield* docs;
    const others = documentsOf(options, coll);
    yield* stage ? stage(others) : others;
  };
};

export const combiningStages: Readonly<Record<string, StageOperator>> = {
  $lookup: lookup,
  $graphLookup: graphLookup,
  $unionWith: unionWith,
};
