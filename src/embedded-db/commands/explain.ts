import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { findEntries, planFind, type FindRequest, type Tally } from '../query/find.js';
import { compileMatch } from '../query/match.js';
import type { Collection } from '../storage/collection.js';
import { collect, counted } from '../work.js';
import { leadingStages, pipelineOptions, runPipeline } from './aggregate.js';
import { collationOf, ok, type Call, type Command } from './command.js';
import { SERVER_VERSION } from './server-info.js';

/** What a command would read, in the terms of {@link FindRequest}. */
interface Reading {
  readonly collectionName: string;
  readonly request: FindRequest;
  readonly stage?: 'COUNT' | 'UPDATE' | 'DELETE' | undefined;
}

/** `explain`: which index a command uses and how much it looks at. Nothing is changed by it. */
export const explain: Command = async (call) => {
  const inner = call.command['explain'];
  if (!isDoc(inner)) throw new DbError(14, 'explain needs a command object');
  const name = Object.keys(inner)[0] ?? '';
  const verbosity = call.command['verbosity'] ?? 'allPlansExecution';
  const explained: Call = { ...call, name, command: inner };
  if (name === 'aggregate') return explainAggregate(explained, verbosity);
  const reading = readingOf(name, inner);
  const namespace = `${call.database}.${reading.collectionName}`;
  const collection = await call.context.store.find(namespace);
  const request = { ...reading.request, collation: collationOf(inner['collation'], collection) };
  const planner = await queryPlanner(
    explained,
    namespace,
    collection,
    request,
    verbosity,
    reading.stage,
  );
  return ok({ explainVersion: '1', ...planner, ...surroundings(explained) });
};

/** `aggregate` with `explain: true` arrives as a plain command as well. */
export async function explainAggregate(call: Call, verbosity: unknown): Promise<Doc> {
  const stages = (Array.isArray(call.command['pipeline']) ? call.command['pipeline'] : []) as Doc[];
  const namespace = `${call.database}.${String(call.command['aggregate'])}`;
  const collection = await call.context.store.find(namespace);
  const options = await pipelineOptions(call, collection, stages);
  const { filter, sort, limit, used } = leadingStages(stages);
  const request: FindRequest = {
    filter,
    sort,
    limit,
    hint: call.command['hint'],
    collation: options.collation,
  };
  const planner = await queryPlanner(call, namespace, collection, request, verbosity);
  // Compiles the other stages, so that what would fail fails here too.
  await call.context.turns.run(collect(runPipeline(call, undefined, stages, options)));
  const rest = stages.slice(used);
  const body = rest.length === 0 ? planner : { stages: [{ $cursor: planner }, ...rest] };
  return ok({ explainVersion: '1', ...body, ...surroundings(call) });
}

function readingOf(name: string, command: Doc): Reading {
  const collectionName = command[name];
  if (typeof collectionName !== 'string') throw new DbError(73, 'collection name has invalid type');
  const { hint, sort } = command;
  const order = isDoc(sort) ? sort : undefined;
  switch (name) {
    case 'find':
      return {
        collectionName,
        request: {
          filter: docOf(command['filter']),
          sort: order,
          hint,
          limit: numberOf(command['limit']),
          skip: numberOf(command['skip']),
        },
      };
    case 'count':
      return { collectionName, stage: 'COUNT', request: { filter: docOf(command['query']), hint } };
    case 'distinct':
      return { collectionName, request: { filter: docOf(command['query']), hint } };
    case 'findAndModify':
    case 'findandmodify':
      return {
        collectionName,
        stage: command['remove'] === true ? 'DELETE' : 'UPDATE',
        request: { filter: docOf(command['query']), sort: order, hint, limit: 1 },
      };
    case 'update':
    case 'delete': {
      const list = command[name === 'update' ? 'updates' : 'deletes'];
      const statement = Array.isArray(list) ? docOf(list[0]) : {};
      return {
        collectionName,
        stage: name === 'update' ? 'UPDATE' : 'DELETE',
        request: { filter: docOf(statement['q']), hint: statement['hint'] },
      };
    }
    default:
      throw new DbError(59, `Explain failed due to unknown command: ${name}`);
  }
}

function docOf(value: unknown): Doc {
  return isDoc(value) ? value : {};
}

function numberOf(value: unknown): number | undefined {
  return isNumeric(value) ? Math.abs(toDouble(value)) : undefined;
}

async function queryPlanner(
  call: Call,
  namespace: string,
  collection: Collection | undefined,
  request: FindRequest,
  verbosity: unknown,
  stage?: string,
): Promise<Doc> {
  compileMatch(request.filter, request);
  const winningPlan = winner(collection, request, stage);
  const planner = {
    queryPlanner: {
      namespace,
      indexFilterSet: false,
      parsedQuery: request.filter,
      maxIndexedOrSolutionsReached: false,
      winningPlan,
      rejectedPlans: [],
    },
  };
  if (verbosity === 'queryPlanner') return planner;
  const tally: Tally = { examined: 0 };
  const startedAt = performance.now();
  const nReturned = collection
    ? await call.context.turns.run(counted(findEntries(collection, request, undefined, tally)))
    : 0;
  const usesIndex = JSON.stringify(winningPlan).includes('IXSCAN');
  return {
    ...planner,
    executionStats: {
      executionSuccess: true,
      nReturned,
      executionTimeMillis: Math.round(performance.now() - startedAt),
      totalKeysExamined: usesIndex ? tally.examined : 0,
      totalDocsExamined: tally.examined,
      executionStages: { ...winningPlan, nReturned, docsExamined: tally.examined },
      ...(verbosity === 'allPlansExecution' ? { allPlansExecution: [] } : {}),
    },
  };
}

/** The plan with what happens to its documents on top: sorting, skipping, limiting, changing. */
function winner(collection: Collection | undefined, request: FindRequest, stage?: string): Doc {
  if (!collection) return { stage: 'EOF' };
  const plan = planFind(collection, request);
  let shown: Doc = plan.explain;
  if (shown['stage'] === 'COLLSCAN' && Object.keys(request.filter).length > 0) {
    shown = { ...shown, filter: request.filter };
  }
  if (!plan.sorted) shown = { stage: 'SORT', sortPattern: request.sort, inputStage: shown };
  if (request.skip) shown = { stage: 'SKIP', skipAmount: request.skip, inputStage: shown };
  if (request.limit) shown = { stage: 'LIMIT', limitAmount: request.limit, inputStage: shown };
  return stage === undefined ? shown : { stage, inputStage: shown };
}

function surroundings(call: Call): Doc {
  return {
    command: { ...call.command, $db: call.database },
    serverInfo: { host: 'embedded', port: 0, version: SERVER_VERSION, gitVersion: 'embedded' },
    serverParameters: {},
  };
}
