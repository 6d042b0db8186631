#!/usr/bin/env python3
"""Makes results/*.json, from which the site draws its tables and charts, from the output of run.py, fan.py and tls.py.
The memory of idle connections is not in them.

usage: summary.py servers|fan|tls RUNS.json RESULT.json [--java TEXT] [--date YYYY-MM-DD]
Exits with 1, and names them, if a server had errors or has no figure for a workload; the result then has all other figures.
"""
import argparse, json, os, platform, statistics, sys, time

KINDS = {
    "servers": ("Server CPU for a message", "µs of server CPU for each message, for connect for each connection", "raw-nio"),
    "fan": ("Server CPU for a delivery", "µs of server CPU for each message that a subscriber gets", "netty"),
    "tls": ("Server CPU for a message over TLS 1.3", "µs of server CPU for each message", "netty-jdk"),
}
# name of a workload -> what it is, in words; the same in run.py, fan.py and tls.py as options of the generator
TITLES = {
    "small-echo": "100 connections × 32 B, 1 in flight", "pipelined": "16 × 125 B, 64 in flight",
    "medium": "32 × 1 KiB of text, 4 in flight", "large": "8 × 64 KiB, 2 in flight", "huge": "2 × 4 MiB, 1 in flight",
    "text-utf8": "32 × 4 KiB of multi-byte text, 2 in flight", "deflate-1k": "32 × 1 KiB of JSON, compressed, 4 in flight",
    "latency-20k": "100 × 125 B, 20,000 a second in all", "connect": "connect, upgrade, close; 32 at once",
    "resume": "the same with TLS sessions resumed", "small": "100 connections × 32 B, 1 in flight",
    "room-100": "100 subscribers × 125 B, 4 in flight", "hall-1000": "1,000 × 125 B, 4 in flight",
    "stadium-5000": "5,000 × 125 B, 2 in flight", "hall-1000-1k": "1,000 × 1 KiB, 4 in flight",
    "hall-1000-16k": "1,000 × 16 KiB, 2 in flight", "paced-1000": "1,000 × 125 B, 50 a second",
}


def row(runs):
    """Medians of the rounds of one server on one workload, or None if it has failed."""
    good = [r for r in runs if r.get("cpu_us")]
    if not good:
        return None
    cpu = [r["cpu_us"] for r in good]
    figures = {"cpuMicros": statistics.median(cpu), "lowest": min(cpu), "highest": max(cpu), "rounds": len(good)}
    for name, keys in {"perSecond": ("mps", "deliveries_s"), "p50Micros": ("p50", "p50_us"), "p99Micros": ("p99", "p99_us")}.items():
        values = [r[k] for r in good for k in keys if r.get(k) is not None]
        if values:
            figures[name] = statistics.median(values)
    return {k: v if isinstance(v, int) else float("%.4g" % v) for k, v in figures.items()}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("kind", choices=KINDS)
    p.add_argument("runs")
    p.add_argument("result")
    p.add_argument("--java", default="")
    p.add_argument("--date", default=time.strftime("%Y-%m-%d"))
    o = p.parse_args()
    with open(o.runs) as f:
        data = json.load(f)
    runs = data.get("runs")
    if runs is None:  # fan.py has servers outside, workloads inside
        runs = {}
        for server, loads in data.items():
            for load, rounds in loads.items():
                runs.setdefault(load, {})[server] = rounds
    title, unit, reference = KINDS[o.kind]
    servers, workloads, failed = [], [], []
    for name, by_server in runs.items():
        rows = {s: row(rs) for s, rs in by_server.items()}
        for server, rounds in by_server.items():
            first = next((r["err"] for r in rounds if r.get("err")), "it has not run")
            if not any(r.get("cpu_us") or r.get("rss_kb_per_conn") for r in rounds):
                failed.append("%s has no figure for %s: %s" % (server, name, first))
            elif sum(r.get("errors", 0) for r in rounds):
                failed.append("%s had errors with %s, the first: %s" % (server, name, first))
        rows = {s: r for s, r in rows.items() if r}
        if name == "deflate-1k":
            rows.pop("raw-nio", None), rows.pop("raw-c", None)  # they do not compress
        servers += [s for s in rows if s not in servers]
        if rows:
            workloads.append({"name": name, "title": TITLES.get(name, ""), "rows": rows})
    if not servers:
        sys.exit("summary.py: no server has a figure\n" + "\n".join(failed))
    session = (data.get("sessions") or [{}])[-1]
    java = o.java or " ".join(session.get("java") or [])
    result = {"title": title, "unit": unit, "taken": o.date, "java": java, "cores": session.get("cores", os.cpu_count()),
              "system": session.get("system", platform.system() + " " + platform.machine()),
              "reference": reference if reference in servers else servers[0], "servers": servers, "workloads": workloads}
    with open(o.result, "w") as f:
        json.dump(result, f, indent=1, ensure_ascii=False)
        f.write("\n")
    for line in failed:
        print("summary.py: " + line, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
