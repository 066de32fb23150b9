import { describe, expect, test } from "vitest";
import { type OutputStream, openIo, type ProcessAround } from "./io.ts";

/** A stream that takes what it is given, until it is broken. */
function memoryStream(): OutputStream & { taken: string; break(code: string): void } {
  const listeners: ((error: Error) => void)[] = [];
  let broken: Error | undefined;
  return {
    taken: "",
    write(text, done) {
      if (broken === undefined) this.taken += text;
      else for (const listener of listeners) listener(broken);
      done?.(broken);
      return true;
    },
    on: (_event, listener) => listeners.push(listener),
    break(code) {
      broken = Object.assign(new Error(`write ${code}`), { code });
    },
  };
}

function around(stdout: OutputStream, stderr: OutputStream): ProcessAround {
  const nothing = (): void => undefined;
  return {
    stdout,
    stderr,
    env: {},
    version: "v20",
    platform: "linux",
    arch: "x64",
    pid: 7,
    cwd: () => "/",
    on: nothing,
    off: nothing,
  };
}

describe("openIo", () => {
  test("writes data and words to their streams", async () => {
    const [out, err] = [memoryStream(), memoryStream()];
    const { io, flush } = openIo(around(out, err), "1.2.3", "/zones");
    io.stdout("data\n");
    io.stderr("words\n");
    expect(await flush()).toBeUndefined();
    expect([out.taken, err.taken, io.runtime]).toEqual(["data\n", "words\n", "node v20 linux x64"]);
  });

  test.each(["EPIPE", "ECONNRESET"])(
    "drops what is written once the reader has gone (%s): nobody is at fault",
    async (code) => {
      const [out, err] = [memoryStream(), memoryStream()];
      const { io, flush } = openIo(around(out, err), "1.2.3", "/zones");
      io.stdout("one\n");
      out.break(code);
      for (let i = 0; i < 1000; i++) io.stdout("more\n");
      io.stderr("still heard\n");
      expect(await flush()).toBeUndefined();
      expect([out.taken, err.taken]).toEqual(["one\n", "still heard\n"]);
    },
  );

  test("tells of any other trouble when it is over", async () => {
    const [out, err] = [memoryStream(), memoryStream()];
    const { io, flush } = openIo(around(out, err), "1.2.3", "/zones");
    out.break("ENOSPC");
    io.stdout("lost\n");
    expect((await flush())?.message).toBe("write ENOSPC");
  });
});
