# judge.sh OUT SERVER…: in a network namespace of its own, gives this machine the addresses of the name servers in world/, starts
# the server there (a command; `nsd` stands for two of them), lets dnsviz and Zonemaster judge, and leaves what they found in OUT.
set -eu
out=$1
shift
world=$(cd "$(dirname "$0")/world" && pwd)
ip link set lo up
for address in 192.0.2.1 192.0.2.2 198.51.100.1 203.0.113.1; do ip address add $address/32 dev lo; done
ip route add default dev lo src 198.51.100.1 # Judges look whether there is an internet: nothing leaves this namespace.

# nsd_at NAME "ADDRESS…" "ZONE=FILE…": one NSD, as a background job.
nsd_at() {
  {
    printf 'server:\n username: ""\n zonesdir: "%s"\n database: ""\n server-count: 1\n pidfile: ""\n' "$world"
    printf ' xfrdfile: "%s.state"\n zonelistfile: "%s.list"\n xfrdir: "%s"\n' "$out/$1" "$out/$1" "$out"
    for address in $2; do printf ' ip-address: %s\n' "$address"; done
    printf 'remote-control:\n control-enable: no\n'
    for zone in $3; do printf 'zone:\n name: "%s"\n zonefile: "%s"\n' "${zone%=*}" "${zone#*=}"; done
  } >"$out/$1.conf"
  nsd -d -c "$out/$1.conf" >"$out/$1.log" 2>&1 &
}

if [ "$1" = nsd ]; then
  sub=sub.judged.example
  nsd_at parents "192.0.2.1 192.0.2.2" ".=root.zone example=example.zone"
  nsd_at first 198.51.100.1 "judged.example=judged.example.zone $sub=$sub.zone"
  nsd_at second 203.0.113.1 "judged.example=judged.example.zone"
else
  "$@" >"$out/server.log" 2>&1 &
fi
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT

for address in 192.0.2.1 192.0.2.2 198.51.100.1 203.0.113.1; do
  for try in $(seq 100); do
    dig "@$address" judged.example SOA +tries=1 +timeout=1 >/dev/null 2>&1 && break
    [ "$try" != 100 ] || { echo "nobody answers at $address"; cat "$out"/*.log; exit 1; }
    sleep 0.1
  done
done

dnsviz probe -4 -A -E -a . -x .+:ns1.example=192.0.2.1,ns2.example=192.0.2.2 judged.example www.judged.example \
  x.moved.judged.example x.wild.judged.example nobody.judged.example www.sub.judged.example >"$out/probe.json" 2>"$out/dnsviz.log"
dnsviz grok -r "$out/probe.json" >"$out/dnsviz.json"
zonemaster-cli --no-ipv6 --hints "$world/hints" --json --level INFO judged.example >"$out/zonemaster.json" 2>"$out/zonemaster.log"
