import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * Carries out a Dockerfile's steps in plain folders, where no Docker engine is to be had: every stage is a
 * folder, COPY copies (respecting .dockerignore), RUN runs in WORKDIR, as the user of USER from then on.
 * Understands just the instructions ours uses and refuses the rest.
 *
 * @returns {{ root: string, workdir: string, env: Record<string,string>, user: string, cmd: string[], healthcheck: string }}
 *   the last stage.
 */
export function runDockerfile({ source, target, uid }) {
  const ignored = readFileSync(path.join(source, '.dockerignore'), 'utf8')
    .split('\n')
    .filter(Boolean);
  const stages = new Map();
  let stage;
  for (const { name, rest } of instructionsOf(path.join(source, 'Dockerfile'))) {
    switch (name) {
      case 'FROM': {
        const label = / AS (\S+)$/i.exec(rest)?.[1] ?? `stage-${stages.size}`;
        stage = {
          root: path.join(target, label),
          workdir: '/',
          env: {},
          user: 'root',
          cmd: [],
          healthcheck: '',
        };
        mkdirSync(stage.root, { recursive: true });
        stages.set(label, stage);
        break;
      }
      case 'WORKDIR':
        stage.workdir = rest;
        mkdirSync(inside(stage, '.'), { recursive: true });
        break;
      case 'ENV':
        for (const [, key, value] of rest.matchAll(/(\w+)=(\S+)/g)) stage.env[key] = value;
        break;
      case 'COPY': {
        const from = /--from=(\S+)/.exec(rest)?.[1];
        const words = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
        const to = words.pop();
        for (const word of words) {
          if (!from && ignored.includes(word)) throw new Error(`COPY of an ignored path: ${word}`);
          const origin = from ? path.join(stages.get(from).root, word) : path.join(source, word);
          const place = to.endsWith('/') ? path.join(to, path.basename(word)) : to;
          cpSync(origin, inside(stage, place), { recursive: true });
        }
        break;
      }
      case 'RUN':
        execFileSync('sh', ['-ec', withoutChown(rest, stage, uid)], {
          cwd: inside(stage, '.'),
          env: { PATH: process.env.PATH, HOME: target, ...stage.env },
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        break;
      case 'USER':
        stage.user = rest;
        break;
      case 'HEALTHCHECK':
        stage.healthcheck = rest.slice(rest.indexOf('CMD ') + 4);
        break;
      case 'CMD':
        stage.cmd = JSON.parse(rest);
        break;
      case 'EXPOSE':
      case 'VOLUME':
        break;
      default:
        throw new Error(`run-dockerfile does not know ${name}`);
    }
  }
  return stage;
}

function inside(stage, place) {
  return path.join(stage.root, path.resolve(stage.workdir, place));
}

/** The image's user does not exist here: what would be theirs is given to `uid`. */
function withoutChown(command, stage, uid) {
  return command
    .split(' && ')
    .filter((part) => {
      const owned = /^chown \S+ (\S+)$/.exec(part)?.[1];
      if (!owned) return true;
      const place = inside(stage, owned);
      if (!existsSync(place)) mkdirSync(place);
      if (process.getuid?.() === 0) chownSync(place, uid, uid);
      return false;
    })
    .map((part) => part.replace(/^mkdir /, 'mkdir -p '))
    .join(' && ');
}

function instructionsOf(file) {
  return readFileSync(file, 'utf8')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const [, name, rest] = /^(\w+)\s+(.*)$/.exec(line);
      return { name: name.toUpperCase(), rest };
    });
}

export function cleanUp(target) {
  rmSync(target, { recursive: true, force: true });
}
