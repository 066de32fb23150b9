import { describe, expect, test } from "vitest";
import { type FakeScript, type FakeUpstream, type GotQuery, openFakeUpstream } from "../../test/fake-upstream.ts";
import { forwarderOf, promised, realServer, said, wantedOf } from "../../test/forwarding.ts";
import {
  changedReply,
  closeAfterEach,
  constantReply,
  countResources,
  datagramClient,
  freePort,
  here,
  pause,
  until,
} from "../../test/loopback.ts";
import type { CacheRules } from "./cache-rules.ts";
import { LOOK_AGAIN } from "./choose-order.ts";
import type { Forwarder, ForwarderParts } from "./forwarder.ts";

const closeLater = closeAfterEach();
const ANSWER = "192.0.2.1";

async function upstream(script: FakeScript, port?: number): Promise<FakeUpstream> {
  const fake = await openFakeUpstream(script, port);
  closeLater(() => fake.close());
  return fake;
}

function forwarder(parts: Partial<ForwarderParts> = {}, rules: Partial<CacheRules> = {}): Forwarder {
  const made = forwarderOf({ limits: { patienceMs: 1000 }, ...parts }, rules);
  closeLater(() => made.close());
  return made;
}

const answerIt = (got: GotQuery, send: (octets: Uint8Array) => void): void => send(constantReply(got.octets));
const rcode =
  (code: number) =>
  (got: GotQuery, send: (octets: Uint8Array) => void): void =>
    send(
      changedReply(got.octets, (reply) => {
        reply[3] = 0x80 | code;
        reply.set([0, 0], 6);
      }).subarray(0, -16),
    );
const truncateIt = (got: GotQuery, send: (octets: Uint8Array) => void): void =>
  send(changedReply(got.octets, (reply) => (reply[2] = (reply[2] ?? 0) | 0x02)));
const lowerCase = (octets: Uint8Array): Uint8Array =>
  octets.map((octet, i) => (i >= 12 && octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet));

describe("a real server that", () => {
  test.each<{ what: string; script: FakeScript; gives: string | RegExp; asked?: string }>([
    { what: "answers", script: { udp: answerIt }, gives: ANSWER, asked: "udp" },
    {
      what: "truncates is asked over TCP",
      script: { udp: truncateIt, tcp: answerIt },
      gives: ANSWER,
      asked: "udp tcp",
    },
    {
      what: "truncates and has no TCP fails, and says both",
      script: { udp: truncateIt },
      gives: /^truncated its reply over UDP, and over TCP refused the connection/,
    },
    {
      what: "refuses EDNS is asked without",
      script: { udp: (got, send) => (got.query.edns === undefined ? answerIt : rcode(1))(got, send) },
      gives: ANSWER,
      asked: "udp udp",
    },
    {
      what: "does not know EDNS is asked without",
      script: { udp: (got, send) => (got.query.edns === undefined ? answerIt : rcode(4))(got, send) },
      gives: ANSWER,
    },
    { what: "refuses everything fails", script: { udp: rcode(1) }, gives: "FORMERR", asked: "udp udp" },
    { what: "says SERVFAIL fails, and is not asked again", script: { udp: rcode(2) }, gives: "SERVFAIL", asked: "udp" },
    { what: "says REFUSED fails", script: { udp: rcode(5) }, gives: "REFUSED" },
    {
      what: "changes letters is asked over TCP, where nobody can forge",
      script: { udp: (got, send) => send(lowerCase(constantReply(got.octets))), tcp: answerIt },
      gives: ANSWER,
      asked: "udp tcp",
    },
    {
      what: "changes letters and has no TCP is asked without random ones",
      script: { udp: (got, send) => send(lowerCase(constantReply(got.octets))) },
      gives: ANSWER,
      asked: "udp udp",
    },
    {
      what: "sends garbage first is waited for",
      script: {
        udp: (got, send) => {
          send(Uint8Array.from({ length: 40 }, (_, i) => i * 7));
          send(changedReply(got.octets, (reply) => (reply[1] = (reply[1] ?? 0) ^ 1)));
          send(changedReply(got.octets, (reply) => (reply[reply.length - 20] = 28)));
          answerIt(got, send);
        },
      },
      gives: ANSWER,
      asked: "udp",
    },
    {
      what: "sends a reply that cannot be read fails",
      script: { udp: (got, send) => send(changedReply(got.octets, (reply) => (reply[7] = 9))) },
      gives: /^sent a malformed reply/,
    },
    {
      what: "answers late is heard",
      script: { udp: (got, send) => void setTimeout(() => answerIt(got, send), 300) },
      gives: ANSWER,
    },
    {
      what: "answers the second query only is heard",
      script: { udp: secondOnly() },
      gives: ANSWER,
      asked: "udp udp",
    },
    { what: "is silent fails in time", script: {}, gives: /^gave no reply in \d+ ms$/, asked: "udp udp" },
    {
      what: "closes TCP half-way is asked once more and fails",
      script: {
        udp: truncateIt,
        tcp: (got, _send, socket) =>
          socket.end(Buffer.concat([Buffer.of(0, 60), constantReply(got.octets).subarray(0, 20)])),
      },
      gives: /and over TCP closed the connection without a reply$/,
      asked: "udp tcp tcp",
    },
    {
      what: "resets TCP fails",
      script: { udp: truncateIt, tcp: (_got, _send, socket) => socket.resetAndDestroy() },
      gives: /and over TCP closed the connection without a reply$/,
    },
    {
      what: "answers another question over TCP is waited for in vain",
      script: { udp: truncateIt, tcp: (got, send) => send(changedReply(got.octets, (reply) => (reply[13] = 0x78))) },
      gives: /^gave no reply in/,
    },
  ])("$what", async ({ script, gives, asked }) => {
    const fake = await upstream(script);
    const heard = said(await forwarder().ask(wantedOf([realServer(fake.at)], "www.example")));
    if (typeof gives === "string") expect(heard).toBe(gives);
    else expect(heard).toMatch(gives);
    if (asked !== undefined) expect(fake.got.map(({ transport }) => transport).join(" ")).toBe(asked);
  });

  test("is answered for by somebody else, from another port, is not believed to have been", async () => {
    const stranger = await datagramClient();
    closeLater(() => stranger.close());
    const fake = await upstream({
      udp: (got) => stranger.send(constantReply(got.octets), here("127.0.0.1", got.port)),
    });
    expect(said(await forwarder().ask(wantedOf([realServer(fake.at)], "www.example")))).toMatch(/^gave no reply/);
  });

  test("is known to take no EDNS, or to change letters, is not tried with them again", async () => {
    const fake = await upstream({
      udp: (got, send) =>
        got.query.edns === undefined ? send(lowerCase(constantReply(got.octets))) : rcode(1)(got, send),
      tcp: answerLower,
    });
    const own = forwarder();
    await own.ask(wantedOf([realServer(fake.at)], "first.example"));
    const before = fake.got.length;
    expect(said(await own.ask(wantedOf([realServer(fake.at)], "second.example")))).toBe(ANSWER);
    const later = fake.got.slice(before);
    expect(later.map(({ transport, query }) => `${transport} ${query.edns === undefined}`)).toEqual(["udp true"]);
  });

  test("nobody listens at is told at once", async () => {
    const nobody = realServer(here("127.0.0.1", await freePort()));
    const start = performance.now();
    const reply = await forwarder().ask(wantedOf([nobody], "www.example"));
    expect(reply).toMatchObject({ kind: "failed", targets: [{ isNetworkError: true }] });
    expect(performance.now() - start).toBeLessThan(800);
  });
});

/** Answers over TCP in lower case, whatever was asked. */
function answerLower(got: GotQuery, send: (octets: Uint8Array) => void): void {
  send(lowerCase(constantReply(got.octets)));
}

function secondOnly(): NonNullable<FakeScript["udp"]> {
  let count = 0;
  return (got, send) => {
    count += 1;
    if (count === 2) answerIt(got, send);
  };
}

describe("what is sent", () => {
  test("has a random id, random letters and one of many random ports, each for some hundred questions", async () => {
    const fake = await upstream({ udp: answerIt });
    const own = forwarder({}, { keep: false });
    const asked = 3000;
    for (let i = 0; i < asked; i += 100) {
      const batch = Array.from({ length: 100 }, (_, j) =>
        promised(own, wantedOf([realServer(fake.at)], `n${i + j}.example.test`)),
      );
      await Promise.all(batch);
    }
    const perPort = new Map<number, number>();
    for (const { port } of fake.got) perPort.set(port, (perPort.get(port) ?? 0) + 1);
    expect(perPort.size).toBeGreaterThanOrEqual(64);
    expect(Math.max(...perPort.values())).toBeLessThanOrEqual(512);
    expect(new Set(fake.got.map(({ query }) => query.id)).size).toBeGreaterThan(asked * 0.9);
    const spellings = new Set(fake.got.map(({ query }) => query.question.name.labels.slice(1).join(".")));
    expect(spellings.size).toBeGreaterThan(500); // Of 2048 ways to write `example.test`.
  }, 20_000);

  test("passes DO and CD on, asks for AD, and takes 1232 octets", async () => {
    const fake = await upstream({ udp: answerIt });
    await forwarder().ask(wantedOf([realServer(fake.at)], "www.example", { dnssecOk: true, checkingDisabled: true }));
    expect(fake.got[0]?.query).toMatchObject({ rd: true, cd: true, ad: true, edns: { udpSize: 1232, dnssecOk: true } });
  });

  test("is one question, however many clients ask it", async () => {
    const fake = await upstream({ udp: (got, send) => void setTimeout(() => answerIt(got, send), 30) });
    const own = forwarder();
    const askers = Array.from({ length: 500 }, (_, i) =>
      promised(own, wantedOf([realServer(fake.at)], i % 2 === 0 ? "a.example" : "A.EXAMPLE")),
    );
    expect(own.outstanding).toBe(1);
    expect(new Set((await Promise.all(askers)).map(said))).toEqual(new Set([ANSWER]));
    expect(fake.got.length).toBe(1);
    expect(own.outstanding).toBe(0);
  });

  test("goes over one connection while there is one, in any order", async () => {
    const replies: (() => void)[] = [];
    const fake = await upstream({
      udp: truncateIt,
      tcp: (got, send) => {
        replies.push(() => answerIt(got, send));
        if (replies.length === 5) for (const reply of replies.splice(0).toReversed()) reply();
      },
    });
    const own = forwarder();
    for (let round = 0; round < 3; round++) {
      const names = [1, 2, 3, 4, 5].map((i) => `n${round}${i}.example`);
      const heard = await Promise.all(names.map((name) => promised(own, wantedOf([realServer(fake.at)], name))));
      expect(heard.map(said)).toEqual(names.map(() => ANSWER));
    }
    expect(fake.connections()).toBe(1);
  });
});

describe("of several servers", () => {
  test("the next one is asked when one fails, in their order", async () => {
    const bad = await upstream({ udp: rcode(2) });
    const good = await upstream({ udp: answerIt });
    const targets = [realServer(bad.at), realServer(good.at)];
    expect(said(await forwarder().ask(wantedOf(targets, "www.example")))).toBe(ANSWER);
    expect([bad.got.length, good.got.length]).toEqual([1, 1]);
  });

  test("the next one joins when one is silent, and a late reply still counts", async () => {
    const slow = await upstream({ udp: (got, send) => void setTimeout(() => answerIt(got, send), 850) });
    const mute = await upstream({});
    expect(said(await forwarder().ask(wantedOf([realServer(slow.at), realServer(mute.at)], "www.example")))).toBe(
      ANSWER,
    );
    expect(mute.got.length).toBe(1);
  });

  test("NXDOMAIN of the first is final", async () => {
    const first = await upstream({ udp: rcode(3) });
    const second = await upstream({ udp: answerIt });
    expect(said(await forwarder().ask(wantedOf([realServer(first.at), realServer(second.at)], "www.example")))).toBe(
      "nxdomain",
    );
    expect(second.got.length).toBe(0);
  });

  test("one that is down is left out, tried now and then, and back when it replies", async () => {
    const port = await freePort();
    const good = await upstream({ udp: answerIt });
    let now = 0;
    const changes: string[] = [];
    const own = forwarder({ now: () => now, onChange: ({ change }) => changes.push(change) }, { keep: false });
    const targets = [realServer(here("127.0.0.1", port)), realServer(good.at)];
    for (let i = 0; i < 5; i++) {
      expect(said(await own.ask(wantedOf(targets, `n${i}.example`)))).toBe(ANSWER);
      now += 700;
    }
    expect(changes).toEqual(["down"]);
    const back = await upstream({ udp: answerIt }, port);
    expect(said(await own.ask(wantedOf(targets, "soon.example")))).toBe(ANSWER);
    now += 5000;
    expect(said(await own.ask(wantedOf(targets, "later.example")))).toBe(ANSWER);
    await until(() => changes.length === 2, "it is back");
    expect(changes).toEqual(["down", "up"]);
    const before = good.got.length;
    expect(said(await own.ask(wantedOf(targets, "last.example")))).toBe(ANSWER);
    expect([good.got.length, back.got.length > 0]).toEqual([before, true]);
  });
});

describe("the fastest of several servers", () => {
  test("is asked, once all of them are known", async () => {
    const slow = await upstream({ udp: (got, send) => void setTimeout(() => answerIt(got, send), 60) });
    const fast = await upstream({ udp: answerIt });
    const never = (below: number): number => (below === LOOK_AGAIN ? 1 : Math.floor(Math.random() * below));
    const own = forwarder({ random: never }, { keep: false });
    const targets = [realServer(slow.at), realServer(fast.at)];
    for (let i = 0; i < 10; i++) await own.ask(wantedOf(targets, `n${i}.example`, {}, "fastest"));
    expect([slow.got.length, fast.got.length]).toEqual([1, 9]);
  });

  test("is only asked first where that is said", async () => {
    const slow = await upstream({ udp: (got, send) => void setTimeout(() => answerIt(got, send), 60) });
    const fast = await upstream({ udp: answerIt });
    const own = forwarder({}, { keep: false });
    for (let i = 0; i < 4; i++) await own.ask(wantedOf([realServer(slow.at), realServer(fast.at)], `n${i}.example`));
    expect([slow.got.length, fast.got.length]).toEqual([4, 0]);
  });
});

describe("the client's patience", () => {
  test.each([
    { what: "is all there is", alternatives: 0, least: 350, most: 1500 },
    { what: "is shared with the servers that are asked if these fail", alternatives: 1, least: 150, most: 390 },
  ])("$what", async ({ alternatives, least, most }) => {
    const mute = await upstream({});
    const start = performance.now();
    await forwarder().ask({ ...wantedOf([realServer(mute.at)], "www.example", { until: start + 400 }), alternatives });
    expect(performance.now() - start).toBeGreaterThan(least);
    expect(performance.now() - start).toBeLessThan(most);
  });
});

test("a server that lets many questions wait is not sent them a second time", async () => {
  const mute = await upstream({});
  const own = forwarder({ limits: { patienceMs: 1300 } });
  const names = Array.from({ length: 200 }, (_, i) => `n${i}.example`);
  await Promise.all(names.map((name) => promised(own, wantedOf([realServer(mute.at)], name))));
  expect(mute.got.length).toBeGreaterThan(names.length);
  expect(mute.got.length).toBeLessThan(names.length + 40);
}, 10_000);

test("the random letters of a question are not seen in what comes of it", async () => {
  // NXDOMAIN with the SOA of the parent, whose owner points into the question, and mname too.
  const soaAtParent = [
    0xc0,
    0x10,
    0,
    6,
    0,
    1,
    0,
    0,
    0,
    60,
    0,
    24,
    0xc0,
    0x10,
    0xc0,
    0x10,
    ...Array.from({ length: 20 }, () => 1),
  ];
  const fake = await upstream({
    udp: (got, send) => {
      const reply = Buffer.concat([constantReply(got.octets).subarray(0, -16), Buffer.from(soaAtParent)]);
      reply.set([0x81, 0x83, 0, 1, 0, 0, 0, 1, 0, 0], 2);
      send(reply);
    },
  });
  const reply = await forwarder().ask(wantedOf([realServer(fake.at)], "www.Corporation.example"));
  expect(reply).toMatchObject({
    outcome: { kind: "nxdomain", soa: { owner: { labels: ["Corporation", "example"] } } },
  });
});

describe("what is known", () => {
  test("is answered at once, without a promise", async () => {
    const fake = await upstream({ udp: answerIt });
    const own = forwarder();
    await own.ask(wantedOf([realServer(fake.at)], "www.example"));
    expect(own.ask(wantedOf([realServer(fake.at)], "www.example"))).not.toBeInstanceOf(Promise);
    expect(fake.got.length).toBe(1);
  });

  test("to have failed is not asked for again within a second, and says so", async () => {
    const fake = await upstream({ udp: rcode(2) });
    const own = forwarder();
    await own.ask(wantedOf([realServer(fake.at)], "www.example"));
    expect(await own.ask(wantedOf([realServer(fake.at)], "www.example"))).toMatchObject({
      targets: [{ why: "SERVFAIL", isRemembered: true }],
    });
    expect(fake.got.length).toBe(1);
    own.flush(wantedOf([], "www.example").question.name);
    await own.ask(wantedOf([realServer(fake.at)], "www.example"));
    expect(fake.got.length).toBe(2);
  });

  test("is fetched anew before it ends, where that is wished", async () => {
    let now = 0;
    const fake = await upstream({ udp: answerIt });
    const own = forwarder({ now: () => now }, { prefetch: true });
    await own.ask(wantedOf([realServer(fake.at)], "www.example"));
    now = 9500; // The TTL is 10 s.
    expect(own.ask(wantedOf([realServer(fake.at)], "www.example"))).not.toBeInstanceOf(Promise);
    await until(() => fake.got.length === 2, "it is asked again");
    await until(() => own.outstanding === 0, "it is answered");
    now = 12_000;
    expect(own.ask(wantedOf([realServer(fake.at)], "www.example"))).not.toBeInstanceOf(Promise);
  });

  test.each([
    { what: "fails", script: rcode(2) },
    { what: "is silent for too long", script: () => {} },
  ])("and past its time is given where the server $what", async ({ script }) => {
    let now = 0;
    let isIll = false;
    const fake = await upstream({ udp: (got, send) => (isIll ? script : answerIt)(got, send) });
    const own = forwarder({ now: () => now, limits: { patienceMs: 60_000 } }, { stale: 3600 });
    await own.ask(wantedOf([realServer(fake.at)], "www.example"));
    isIll = true;
    now = 20_000;
    expect(await own.ask(wantedOf([realServer(fake.at)], "www.example"))).toMatchObject({
      outcome: { kind: "answer", rrsets: [{ ttl: 10 }] },
      marks: { isStale: true },
    });
  });
});

describe("what it costs is bounded", () => {
  test("questions that wait, and clients that do, however many come", async () => {
    const fake = await upstream({});
    const own = forwarder({ limits: { patienceMs: 300, outstanding: 20, waiting: 30 } });
    const asked = Array.from({ length: 60 }, (_, i) =>
      promised(own, wantedOf([realServer(fake.at)], `n${i % 25}.example`)),
    );
    expect(own.outstanding).toBe(20);
    const heard = (await Promise.all(asked)).map(said);
    expect(heard.filter((text) => text === "20 questions are under way already").length).toBeGreaterThan(0);
    expect(heard.filter((text) => text === "30 clients wait for real servers already").length).toBeGreaterThan(0);
    expect(heard.filter((text) => text.startsWith("gave no reply")).length).toBe(30);
  });

  test("nothing is left of it, whatever the end", async () => {
    const leftOver = countResources();
    const fine = await openFakeUpstream({ udp: answerIt });
    const cut = await openFakeUpstream({ udp: truncateIt, tcp: answerIt });
    const mute = await openFakeUpstream({});
    const own = forwarderOf();
    const asked = [fine, cut, mute].map((fake) => promised(own, wantedOf([realServer(fake.at)], "www.example")));
    await pause(100);
    own.close();
    expect((await Promise.all(asked)).map(said)).toEqual([ANSWER, ANSWER, expect.stringMatching(/^gave no reply/)]);
    await Promise.all([fine.close(), cut.close(), mute.close()]);
    expect(await leftOver()).toEqual([]);
  });
});
