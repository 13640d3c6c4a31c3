/** Ends a run with `N passed, N failed` alone on a line: not every reader knows jest's own closing lines. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((file) => file.testExecError).length;
    const failed = results.numFailedTests + broken;
    process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed\n`);
  }
}
