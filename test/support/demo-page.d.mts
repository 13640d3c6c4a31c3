import type { Browser, Locator, Page } from 'playwright-core';

export interface Demo {
  url: string;
  printed(): string;
  stop(): Promise<number | null>;
}

export function startDemo(options: {
  dataDir: string;
  program?: string;
  port?: number;
}): Promise<Demo>;
export function startBrowser(): Promise<Browser>;

export class DemoPage {
  constructor(page: Page);
  static open(browser: Browser, url: string): Promise<DemoPage>;
  readonly page: Page;
  readonly bubbles: Locator;
  saying(...words: (string | RegExp)[]): Locator;
  be(userid: string): Promise<void>;
  watch(groupName: string): Promise<void>;
  says(line: string): Promise<Locator>;
  attaches(kind: 'image' | 'voice' | 'video' | 'location' | 'link'): Promise<Locator>;
  taps(button: string, ...words: (string | RegExp)[]): Promise<void>;
  sees(...words: (string | RegExp)[]): Promise<string>;
  forwards(label: string): Promise<void>;
  clock(): Promise<string>;
}
