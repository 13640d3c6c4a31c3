export interface Image {
  root: string;
  workdir: string;
  env: Record<string, string>;
  user: string;
  cmd: string[];
  healthcheck: string;
}

export function runDockerfile(options: { source: string; target: string; uid: number }): Image;
export function cleanUp(target: string): void;
