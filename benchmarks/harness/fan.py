#!/usr/bin/env python3
"""Compares what a broadcast costs: one publisher, many subscribers (see README.md, "Fan-out").

usage: fan.py --server NAME='COMMAND with {port} and {jvm}' [--server ...] [--rounds N] [--json FILE]
A server listens on 127.0.0.1:{port}, prints 'listening' when ready, and sends each binary message that it receives on
/ws to every connection there. Servers are started one after the other in every round, pinned to core 0; the load runs
on core 1. The figure is server CPU per delivery; compare within one run only.
"""
import argparse, json, os, shlex, signal, socket, statistics, subprocess, sys, threading

HERE = os.path.dirname(os.path.abspath(__file__))
WSFAN = os.path.join(HERE, "out", "wsfan")
JVM = (os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java") + (" -Xms1g -Xmx1g -XX:+UseParallelGC -Dio.netty.leakDetection.level=disabled "
       "--enable-native-access=ALL-UNNAMED")
LOADS = {  # name -> wsfan arguments
    "room-100": "-c 100 -s 125 -p 4",
    "hall-1000": "-c 1000 -s 125 -p 4",
    "stadium-5000": "-c 5000 -s 125 -p 2",
    "hall-1000-1k": "-c 1000 -s 1024 -p 4",
    "hall-1000-16k": "-c 1000 -s 16384 -p 2",
    "paced-1000": "-c 1000 -s 125 --rate 50",
}


def build():
    os.makedirs(os.path.dirname(WSFAN), exist_ok=True)
    subprocess.check_call(["gcc", "-O3", "-march=native", "-Wall", "-o", WSFAN, os.path.join(HERE, "wsfan.c")])


def pinned(cpu, argv, nice):
    return (["nice", "-n", str(nice)] if nice else []) + ["taskset", "-c", str(cpu)] + argv


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run(name, command, loads, opts):
    port = free_port()
    argv = shlex.split(command.replace("{jvm}", JVM).replace("{port}", str(port)))
    server = subprocess.Popen(pinned(0, argv, opts.nice), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              start_new_session=True)
    out = {}
    try:
        for line in server.stdout:
            if "listening" in line:
                break
        else:
            sys.exit("%s did not start" % name)
        threading.Thread(target=lambda: [None for _ in server.stdout], daemon=True).start()  # a full pipe would stop it
        for load in loads:
            argv = [WSFAN, "127.0.0.1", str(port), "/ws", *LOADS[load].split(), "-d", str(opts.seconds), "-w", str(opts.warm),
                    "--cpu-pid", str(server.pid), "--json"]
            try:
                done = subprocess.run(pinned(1, argv, opts.nice), capture_output=True, text=True, timeout=60)
            except subprocess.TimeoutExpired:
                print("  %s %s: no end within 60 s" % (name, load), file=sys.stderr)
                break
            if done.returncode:
                print("  %s %s: %s" % (name, load, done.stderr.strip()), file=sys.stderr)
            else:
                out[load] = json.loads(done.stdout)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--server", action="append", required=True, metavar="NAME=COMMAND")
    p.add_argument("--loads", default=",".join(LOADS))
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--seconds", type=int, default=4)
    p.add_argument("--warm", type=int, default=4)
    p.add_argument("--nice", type=int, default=0)
    p.add_argument("--json")
    opts = p.parse_args()
    build()
    servers = dict(s.split("=", 1) for s in opts.server)
    loads = opts.loads.split(",")
    seen = {s: {l: [] for l in loads} for s in servers}
    for r in range(opts.rounds):
        for s in list(servers)[r % len(servers):] + list(servers)[:r % len(servers)]:
            for load, figures in run(s, servers[s], loads, opts).items():
                seen[s][load].append(figures)
                print("round %d %-14s %-14s %s" % (r + 1, s, load, figures), file=sys.stderr)
    if opts.json:
        json.dump(seen, open(opts.json, "w"), indent=1)
    print("| load | " + " | ".join("%s: CPU us, p99 us" % s for s in servers) + " |\n|---|" + "---:|" * len(servers))
    for load in loads:
        cells = []
        for s in servers:
            rows = seen[s][load]
            cells.append("%.2f, %.0f" % (statistics.median(x["cpu_us"] for x in rows), statistics.median(x["p99_us"] for x in rows))
                         if rows else "failed")
        print("| %s (%s) | %s |" % (load, LOADS[load], " | ".join(cells)))


if __name__ == "__main__":
    main()
