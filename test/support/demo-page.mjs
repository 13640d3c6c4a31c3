// The demo as its user meets it: the program in a process of its own, its page in a headless Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const READY = /http:\/\/127\.0\.0\.1:\d+\/chat/;
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** A slow, busy machine must not fail what works: one effect may take this long. */
const PATIENCE_MS = 20_000;

/**
 * Starts the built demo and waits for the address it prints.
 *
 * @param {{ dataDir: string, program?: string, port?: number }} options `program`: another build's demo.js (or DEMO_PROGRAM)
 * @throws Error with all it printed, when it ends before that.
 */
export async function startDemo({
  dataDir,
  program = process.env.DEMO_PROGRAM ?? path.join(root, 'dist/src/demo.js'),
  port = 0,
}) {
  const child = spawn(process.execPath, [program], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise((resolve, reject) => {
    const look = (chunk) => {
      printed += chunk;
      const found = READY.exec(printed);
      if (found) resolve(found[0]);
    };
    child.stdout.setEncoding('utf8').on('data', look);
    child.stderr.setEncoding('utf8').on('data', look);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${printed}`)));
  });
  return {
    url,
    printed: () => printed,
    /** As Ctrl+C does; resolves to the exit code. */
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      const [code] = await ended;
      return code;
    },
  };
}

/** A Chromium without a window, which talks to nobody but the page. @throws Error when there is none. */
export async function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (!executablePath || !existsSync(executablePath)) {
    throw new Error(
      'The demo page is tested in Chromium, and none was found: install it ' +
        '(apt-get install chromium fonts-noto-cjk), or name one in CHROMIUM.',
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--force-color-profile=srgb',
    ],
  });
}

/** What a person can do on the page and see there. Every step waits for its effect, never for time. */
export class DemoPage {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
  }

  static async open(browser, url) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const demoPage = new DemoPage(page);
    await page.goto(url);
    await page.locator('#people [aria-current]').waitFor();
    return demoPage;
  }

  /** Every bubble of the conversation shown. */
  get bubbles() {
    return this.page.getByTestId('message');
  }

  /** The newest bubble that holds all of `words`. */
  saying(...words) {
    return words.reduce((bubbles, word) => bubbles.filter({ hasText: word }), this.bubbles).last();
  }

  async be(userid) {
    await this.#choose(`person-${userid}`);
  }

  async watch(groupName) {
    const group = this.page.locator('#groups button').filter({ hasText: groupName });
    await group.click();
    await this.page.locator('#groups [aria-current]').filter({ hasText: groupName }).waitFor();
  }

  async #choose(testid) {
    await this.page.getByTestId(testid).click();
    await this.page.locator(`[data-testid="${testid}"][aria-current]`).waitFor();
  }

  /** Types a line and waits until the app has answered it; answers with the answer's bubble. */
  async says(line) {
    const heard = await this.#fromApp();
    await this.page.getByTestId('composer').fill(line);
    await this.page.getByTestId('send').click();
    return this.#next(heard);
  }

  /** Sends a picture, a voice … from the ＋ menu and waits for the answer. */
  async attaches(kind) {
    const heard = await this.#fromApp();
    await this.page.locator('#attach-toggle').click();
    await this.page.getByTestId(`attach-${kind}`).click();
    return this.#next(heard);
  }

  /** Taps a button of the newest card that says all of `words`. */
  async taps(button, ...words) {
    await this.saying(...words)
      .getByTestId('card-button')
      .filter({ hasText: button })
      .first()
      .click();
  }

  /** Waits until the newest bubble that says all of `words` is there; answers with what it says. */
  async sees(...words) {
    const bubble = this.saying(...words);
    await bubble.waitFor();
    return bubble.innerText();
  }

  /** Presses 到明早, 到下次提醒 … and waits until everything on the way has happened. */
  async forwards(label) {
    await this.page.locator('#time-controls button').filter({ hasText: label }).click();
    await this.page.locator('#time-controls:not([aria-busy])').waitFor({ timeout: 60_000 });
  }

  async clock() {
    return this.page.getByTestId('clock').innerText();
  }

  #fromApp() {
    return this.page.locator('[data-testid="message"][data-from="app"]').count();
  }

  async #next(heard) {
    const bubble = this.page.locator('[data-testid="message"][data-from="app"]').nth(heard);
    await bubble.waitFor();
    return bubble;
  }
}
