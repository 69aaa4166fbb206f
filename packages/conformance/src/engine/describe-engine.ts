import { afterAll } from "vitest";
import { describeSuite } from "../suite.ts";
import { acceptanceCases } from "./acceptance-cases.ts";
import { closeShared, type EngineHarness } from "./bench.ts";
import { failureCases } from "./failure-cases.ts";
import { functionCases } from "./function-cases.ts";
import { lawCases } from "./law-cases.ts";
import { outputCases } from "./output-cases.ts";
import { relationCases } from "./relation-cases.ts";
import { splitCases } from "./split-cases.ts";
import { tableCases } from "./table-cases.ts";
import { typeCases } from "./type-cases.ts";
import { vectorCases } from "./vector-cases.ts";

/** The cases that every engine passes. */
export function describeEngine(harness: EngineHarness): void {
  afterAll(() => closeShared(harness));
  describeSuite("engine", harness.name, harness.gaps ?? {}, (declare) => {
    relationCases(harness, declare);
    functionCases(harness, declare);
    vectorCases(harness, declare);
    lawCases(harness, declare);
    typeCases(harness, declare);
    acceptanceCases(harness, declare);
    splitCases(harness, declare);
    outputCases(harness, declare);
    tableCases(harness, declare);
    failureCases(harness, declare);
  });
}
