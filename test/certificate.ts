import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./loopback.ts";

/** A key and a certificate that its owner signed, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

let made: Promise<Certificate> | undefined;

/** A certificate for dns.example and 192.0.2.53, made once: it takes a while. Needs `openssl`. */
export function certificateOfDnsExample(): Promise<Certificate> {
  made ??= makeCertificate();
  return made;
}

async function makeCertificate(): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "privlink-tls-"));
  const [keyFile, certificateFile] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const names = "subjectAltName=DNS:dns.example,IP:192.0.2.53";
  const files = ["-keyout", keyFile, "-out", certificateFile, "-subj", "/CN=dns.example", "-addext", names];
  await run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...files);
  const [key, certificate] = await Promise.all([readFile(keyFile, "utf8"), readFile(certificateFile, "utf8")]);
  await rm(folder, { recursive: true });
  return { key, certificate };
}
