/** A port of a service. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP" | "SCTP";
}

/** The variables that Kubernetes sets in every container of a service's namespace. */
export function serviceLinks(service: string, address: string, ports: readonly ServicePort[]): Record<string, string> {
  const prefix = upper(service);
  const host = address.includes(":") ? `[${address}]` : address;
  const url = ({ port, protocol }: ServicePort): string => `${protocol.toLowerCase()}://${host}:${port}`;
  const [first] = ports;
  return {
    [`${prefix}_SERVICE_HOST`]: address,
    ...(first === undefined ? {} : { [`${prefix}_SERVICE_PORT`]: String(first.port), [`${prefix}_PORT`]: url(first) }),
    ...Object.fromEntries(
      ports.flatMap((one) => {
        const numbered = `${prefix}_PORT_${one.port}_${one.protocol}`;
        return [
          [`${prefix}_SERVICE_PORT_${upper(one.name)}`, String(one.port)],
          [numbered, url(one)],
          [`${numbered}_PROTO`, one.protocol.toLowerCase()],
          [`${numbered}_PORT`, String(one.port)],
          [`${numbered}_ADDR`, address],
        ];
      }),
    ),
  };
}

function upper(text: string): string {
  return text.toUpperCase().replaceAll("-", "_");
}
