/** Test data: the 49 modules of the curriculum and the cluster manager's target profile, as rows. */

import type { ModuleMode, PlannableModule } from '../curriculum';

/** code | minutes | modes | competency:level | prerequisites */
const MODULE_ROWS = [
  'C01-M1 | 60 | O | STR-01:1 GOV-01:1 MEM-02:1 |',
  'C01-M2 | 60 | O | FAC-01:1 GOV-03:1 | C01-M1',
  'C01-M3 | 120 | L | FAC-05:2 | C01-M2',
  'C02-M1 | 90 | O | GOV-01:2 GOV-02:2 | C01-M1',
  'C02-M2 | 120 | L | GOV-01:3 FAC-03:2 | C02-M1',
  'C02-M3 | 90 | L | GOV-04:3 | C02-M1',
  'C02-M4 | 240 | W+F | GOV-01:4 GOV-02:4 GOV-04:4 | C02-M2 C02-M3',
  'C02-M5 | 90 | L | GOV-03:3 | C01-M2',
  'C03-M1 | 90 | O | STR-01:2 | C01-M1',
  'C03-M2 | 180 | F | STR-01:3 MEM-01:2 | C03-M1',
  'C03-M3 | 120 | L | STR-02:3 | C03-M1',
  'C03-M4 | 240 | W | STR-03:3 FAC-01:2 | C03-M3',
  'C03-M5 | 90 | L | STR-04:3 | C03-M3',
  'C04-M1 | 90 | O | FIN-01:2 | C01-M1',
  'C04-M2 | 120 | L | FIN-01:3 MEM-02:2 | C04-M1',
  'C04-M3 | 120 | L | FIN-02:3 | C04-M1',
  'C04-M4 | 120 | L | FIN-03:3 | C04-M1',
  'C04-M5 | 240 | F | FIN-02:4 FIN-03:4 | C04-M3 C04-M4',
  'C05-M1 | 90 | O | MEM-01:2 | C01-M1',
  'C05-M2 | 240 | W+F | MEM-01:4 FAC-04:2 | C05-M1',
  'C05-M3 | 120 | L | MEM-02:3 | C05-M1',
  'C05-M4 | 120 | L | MEM-04:3 | C05-M1',
  'C05-M5 | 300 | F | MEM-02:4 MEM-04:4 | C05-M3 C05-M4',
  'C06-M1 | 90 | O | MEM-03:2 | C05-M1',
  'C06-M2 | 180 | W | MEM-03:3 | C06-M1',
  'C06-M3 | 90 | O | MEM-05:2 | C05-M1',
  'C06-M4 | 120 | L | MEM-05:3 FIN-02:2 | C06-M3',
  'C07-M1 | 90 | O | STK-01:2 STK-02:2 | C01-M1',
  'C07-M2 | 180 | W | STK-01:3 FAC-04:2 | C07-M1',
  'C07-M3 | 240 | F | STK-01:4 STK-02:4 | C07-M2',
  'C07-M4 | 90 | L | STK-03:3 | C07-M1',
  'C08-M1 | 120 | O | FAC-01:2 FAC-02:1 | C01-M2',
  'C08-M2 | 360 | W | FAC-01:3 FAC-04:3 | C08-M1',
  'C08-M3 | 120 | L | FAC-02:3 | C08-M1',
  'C08-M4 | 240 | W | FAC-03:3 | C08-M1',
  'C08-M5 | 300 | F | FAC-01:4 FAC-02:4 FAC-03:4 FAC-04:4 | C08-M2 C08-M3 C08-M4',
  'C08-M6 | 360 | P | FAC-05:4 | C01-M3',
  'C09-M1 | 60 | O | INT-02:1 INT-01:1 | C01-M1',
  'C09-M2 | 120 | L | INT-01:3 | C09-M1 C03-M1',
  'C09-M3 | 120 | L | INT-02:3 | C09-M2',
  'C09-M4 | 300 | F | INT-01:4 INT-02:4 | C09-M3',
  'C10-M1 | 90 | O | INT-03:2 | C09-M1',
  'C10-M2 | 120 | L | INT-03:3 STK-02:3 | C10-M1',
  'C10-M3 | 120 | L | INT-04:3 | C01-M2',
  'C10-M4 | 90 | O | INT-04:2 FIN-02:2 | C10-M1',
  'C10-M5 | 300 | F | INT-03:4 INT-04:4 MEM-03:4 | C10-M2 C10-M3 C06-M1',
  'C11-M1 | 300 | F+P | STR-01:4 STR-04:4 | C03-M2 C03-M5',
  'C11-M2 | 600 | F | STR-02:4 STR-03:4 FIN-01:4 MEM-05:4 | C11-M1 C03-M4 C04-M2',
  'C11-M3 | 60 | PAN | STR-02:4 STR-03:4 | C11-M2',
];

/** competency:required level/weight */
const MANAGER_ROW =
  'GOV-01:3/2 GOV-02:4/3 GOV-03:3/2 GOV-04:4/2 STR-01:3/2 STR-02:4/3 STR-03:4/3 STR-04:3/2 FIN-01:4/3 FIN-02:3/2 FIN-03:3/1 MEM-01:4/3 MEM-02:4/2 MEM-03:3/2 MEM-04:4/2 MEM-05:3/1 STK-01:4/3 STK-02:4/2 STK-03:3/1 INT-01:2/1 INT-02:3/2 INT-03:3/2 INT-04:3/2 FAC-01:4/3 FAC-02:4/3 FAC-03:4/3 FAC-04:4/2 FAC-05:4/2';

const pairs = (text: string): string[][] =>
  text
    .split(' ')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split(/[:/]/));

export const CURRICULUM: PlannableModule[] = MODULE_ROWS.map((row) => {
  const [code = '', minutes = '', modes = '', levels = '', prerequisites = ''] = row
    .split('|')
    .map((cell) => cell.trim());
  return {
    code,
    minutes: Number(minutes),
    modes: modes.split('+') as ModuleMode[],
    levels: Object.fromEntries(pairs(levels).map(([competency = '', level]) => [competency, Number(level)])),
    prerequisites: prerequisites.split(' ').filter((each) => each !== ''),
  };
});

/** Targets of the cluster manager (CM) without overlays. */
export const MANAGER_TARGETS = pairs(MANAGER_ROW).map(([competency = '', required, weight]) => ({
  competency,
  required: Number(required),
  weight: Number(weight),
}));

/** The ready-made path of the cluster manager (P2), 118 hours. */
export const MANAGER_PATH: string[] = CURRICULUM.map((module) => module.code).filter(
  (code) => !['C04-M5', 'C09-M4', 'C10-M4', 'C10-M5'].includes(code),
);
