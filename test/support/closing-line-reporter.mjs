import { writeSync } from 'node:fs';

/**
 * Ends a run with `N passed, N failed` alone on a line: not every reader knows jest's own closing lines.
 *
 * jest adds its summary after every reporter we name, so ours waits for the process to end.
 */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((file) => file.testExecError).length;
    const failed = results.numFailedTests + broken;
    process.once('exit', () =>
      writeSync(1, `\n${results.numPassedTests} passed, ${failed} failed\n`),
    );
  }
}
