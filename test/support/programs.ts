/**
 * A suite that needs a program which a machine may lack. Without it the suite is skipped and says so by name; where CI is
 * set the program must be there, so its absence is a failure.
 */
export function describeWith(name: string, program: string, installed: boolean, suite: () => void): void {
  if (process.env['CI']) {
    it(`finds ${program}, which CI must have`, () => {
      expect(installed).toBe(true);
    });
  }
  if (installed) {
    describe(name, suite);
    return;
  }
  const reason = `${name} — skipped: ${program} is not installed`;
  // Jest does not name a file of which everything is skipped.
  process.stderr.write(`${reason}\n`);
  describe.skip(reason, suite);
}
