import { describe, expect, test } from 'vitest';
import { makeSample } from './index.ts';

describe.each(['zh', 'en', 'tiny'] as const)('sample %s', (name) => {
  const report = makeSample(name);

  test('is the same each time', () => {
    expect(JSON.stringify(makeSample(name))).toBe(JSON.stringify(report));
  });

  test('keeps the identity of activity accounting', () => {
    let before = 0;
    for (const month of report.growth) {
      expect(month.new + month.retained + month.resurrected).toBe(month.active);
      expect(before - month.churned + month.new + month.resurrected).toBe(month.active);
      before = month.active;
    }
  });

  test('puts every customer in one segment, one stage and one cohort', () => {
    const total = (rows: { customers: number }[]) => rows.reduce((sum, row) => sum + row.customers, 0);
    expect(total(report.rfm.segments)).toBe(report.customers);
    expect(total(report.stages)).toBe(report.customers);
    expect(report.rfm.grid.flat().reduce((sum, count) => sum + count, 0)).toBe(report.customers);
    expect(report.cohorts.reduce((sum, cohort) => sum + cohort.size, 0)).toBe(report.customers);
  });
});
