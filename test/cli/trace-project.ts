import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect } from "vitest";
import { type TestProject, testProject } from "./sluice.ts";

export const libsql = createRequire(new URL("../../adapters/sqlite/package.json", import.meta.url))("libsql");

/** The project of the tests below it; made before the first of them, gone after the last. */
export let project: TestProject;

export const CONFIG = `import { csv, defineConfig, sqlite } from "sluice";
export default defineConfig({
  project: "p",
  datasets: {
    orders: csv("data/orders-*", { required: ["id"], types: { amount: "decimal(10,2)", id: "int64" } }),
    customers: csv("data/customers.csv"),
    shops: sqlite("shop").table("shops"),
  },
  connections: { shop: { type: "sqlite", path: "shop.db" }, out: { type: "sqlite", path: "out.db" } },
});
`;
const PIPELINE = `name: sales
parameters: { open: { type: boolean, default: true } }
steps:
  valid:
    transform:
      - from: orders
      - filter: note is distinct from 'test' and amount < 1000
      - dropNulls: [customer]
      - deduplicate: { key: [id], keep: last, by: [day] }
    checks: [{ range: { column: amount, min: 0 }, otherwise: divert }]
  named:
    transform:
      - from: valid
      - join: { with: customers, using: [customer] }
      - join: { with: shops, how: semi, using: [shop] }
      - derive: { name: upper(name), total: amount * 2 }
  by_customer:
    transform: { from: named, aggregate: { by: [customer], columns: { n: count(*) } } }
  top:
    transform:
      - from: named
      - sort: [{ by: id }]
      - limit: 1
  counted:
    transform:
      - sql: { parts: ["select id, count(*) as n from ", { from: orders }, " group by id"] }
  never: { when: $open, transform: { from: named, select: { id: id } } }
  load_named: { load: { from: named, into: sqlite.out.named, mode: replace } }
  load_top: { load: { from: top, into: { file: out/top.csv }, mode: replace } }
  load_by: { load: { from: by_customer, into: { file: out/by.parquet }, mode: replace } }
`;

export function useTraceProject(): void {
  beforeAll(() => {
    project = testProject({
      "sluice.config.ts": CONFIG,
      "pipelines/sales.yaml": PIPELINE,
      "data/orders-1.csv": `id,customer,amount,day,note
1,a,10.00,2024-01-01,"two
lines"
2,b,x,2024-01-02,bad
3,a,5.00,2024-01-03,test
4,zz,7.50,2024-01-04,no customer
5,,1.00,2024-01-05,null customer
`,
      "data/customers.csv": "customer,name,shop\na,Ann,1\nb,Bob,1\nc,Cid,2\nd,Dee,3\n",
    });
    const second = `id,customer,amount,day,note
6,c,20.00,2024-02-01,first
6,c,25.00,2024-02-02,second
7,d,-3.00,2024-02-03,negative
nope,d,3.00,2024-02-03,not an id
9,d,30.00,2024-02-05,it's 'ok'
`;
    writeFileSync(join(project.root, "data/orders-2.csv.gz"), gzipSync(second));
    const shop = new libsql(join(project.root, "shop.db"));
    shop.exec(
      "create table shops(shop integer primary key, town text); insert into shops values (1, 'X'), (2, 'Y'), (30, 'Z')",
    );
    shop.close();
    expect(project.run(["sync"])).toMatchObject({ status: 0 });
  });
  afterAll(() => project[Symbol.dispose]());
}

export interface Told {
  readonly step: string;
  readonly answer: {
    readonly kind: string;
    readonly rows: number;
    readonly by: readonly { readonly operation: string }[];
  };
  readonly sources: readonly {
    readonly dataset: string;
    readonly matched: number;
    readonly narrowing: string;
    readonly records: readonly Readonly<Record<string, unknown>>[];
    readonly rejects: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly steps: readonly { readonly step: string; readonly operations: readonly Operation[] }[];
  readonly rows: readonly unknown[];
  readonly [member: string]: unknown;
}
export interface Operation {
  readonly operation: string;
  readonly before: readonly number[];
  readonly after: number;
  readonly changes: unknown;
  readonly dropped: readonly {
    readonly rows: number;
    readonly examples: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly [member: string]: unknown;
}

export function traced(table: string, condition: string, more: readonly string[] = []): Told {
  const { status, out, error } = project.run(["trace", table, "--where", condition, "--json", ...more]);
  expect([error, status]).toEqual(["", 0]);
  return JSON.parse(out) as Told;
}

export const source = (told: Told, dataset: string) => told.sources.find((one) => one.dataset === dataset);
export const operations = (told: Told): readonly Operation[] => told.steps.flatMap((step) => step.operations);
export const taking = (told: Told): readonly Operation[] =>
  operations(told).filter(({ dropped }) => dropped.length > 0);
