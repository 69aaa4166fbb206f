import { definePipeline, file, load, max, notNull, shell, task } from "sluice";
import { tickets } from "../schemas/index.ts";
import { countPressing, PRESSING, score } from "../tasks/tickets.ts";

const scored = task({
  name: "scored",
  description: "Words and waiting as one number: more than a query says well",
  inputs: { tickets },
  output: { ticket_id: "int64?", score: "float64", words: "list<string>" },
  run: score,
  checks: [notNull("ticket_id")],
});

const pressing = task({
  name: "pressing",
  inputs: { scores: scored.keep(["score"]) },
  value: "int64",
  run: countPressing,
});

const first = shell({
  name: "first",
  description: "The three highest scores, by the tools of the shell",
  command: "sort -t , -k 2,2 -g -r | head -n 3",
  inputs: { scores: { from: scored.keep(["ticket_id", "score"]), header: false } },
  stdin: "scores",
  output: { ticket_id: "int64", score: "float64" },
  header: false,
});

export default definePipeline({
  name: "tickets",
  description: "Which tickets cannot wait",
  steps: [
    pressing,
    load({
      name: "write_first",
      from: first
        .join(tickets, { using: ["ticket_id"] })
        .select((t) => ({ ticket_id: t.ticket_id, customer: t.customer, score: t.score.round(2) }))
        .sort((t) => [t.score.desc(), t.ticket_id]),
      into: file("out/first.csv"),
    }),
    load({
      name: "write_alarm",
      from: scored.filter((s) => s.score.gte(PRESSING)).sort((s) => s.ticket_id),
      into: file("out/alarm.ndjson"),
      when: (x) => x.steps.pressing.value.gt(0),
    }),
    load({
      name: "write_quiet",
      from: tickets.aggregate((t) => ({ last: max(t.opened_at) })),
      into: file("out/quiet.csv"),
      when: (x) => x.steps.pressing.value.eq(0),
    }),
  ],
});
