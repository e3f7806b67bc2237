// What mocha prints for people, and its counts in the file ENTERPRISE_COUNTS names.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      if (process.env.ENTERPRISE_COUNTS === undefined) return;
      writeFileSync(process.env.ENTERPRISE_COUNTS, JSON.stringify({ passes, failures, pending }));
    });
  }
}
