import { TestEnvironment } from 'jest-environment-node';

/**
 * Node as it is, except that Agenda's watchdogs do not keep the run alive: beside every job it runs it
 * sets a timer of half the job's lock, and leaves it when the job is done. A server that stops ends its
 * process; jest has to wait for the timers, and would report our own leaks no more.
 */
export default class E2eEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    const { setTimeout: real } = this.global;
    const patient = (run, ms, ...rest) => {
      const timer = real(run, ms, ...rest);
      if (ms >= 1_000 && isAgendas(new Error().stack)) timer.unref();
      return timer;
    };
    this.global.setTimeout = Object.defineProperties(
      patient,
      Object.getOwnPropertyDescriptors(real),
    );
  }
}

function isAgendas(stack = '') {
  return stack.includes('/node_modules/agenda/');
}
