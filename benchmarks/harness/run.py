#!/usr/bin/env python3
"""Compares WebSocket echo servers side by side on one machine (see README.md).

Each server is pinned to one core, the load generator to another. For every workload all servers
are started and warmed up, then measured in rounds A B C, B C A, ... so that disturbances of the
machine affect all of them equally; a server that is not being measured is stopped with SIGSTOP.
"""
import argparse
import json
import os
import platform
import resource
import shlex
import signal
import socket
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "out")
WSLOAD = os.path.join(OUT, "wsload")
JVM_LIB = os.path.join(HERE, "peers/jvm/target/classes") + ":" + os.path.join(HERE, "peers/jvm/target/lib/*")
TENON = os.path.join(HERE, "../../ws-cli/target/modules")
MAIN = ["-m", "dev.tenon.ws.cli/dev.tenon.ws.cli.Main"]

# The same flags for every JVM. Throughput: a fixed heap and the parallel collector (one thread on one
# core). Memory: a heap that returns freed memory to the system, so that RSS shows live memory.
THROUGHPUT_FLAGS = ["-Xms1g", "-Xmx1g", "-XX:+UseParallelGC"]
MEMORY_FLAGS = ["-Xms32m", "-Xmx4g", "-XX:+UseSerialGC", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10",
                "-XX:-ShrinkHeapInSteps"]
NETTY = ["-Dio.netty.leakDetection.level=disabled"]

# name -> (description, wsload arguments, kind)
WORKLOADS = {
    "small-echo": ("100 connections, 32 B binary, 1 in flight", "-c 100 -s 32 -p 1 --binary", "echo"),
    "pipelined": ("16 connections, 125 B binary, 64 in flight", "-c 16 -s 125 -p 64 --binary", "echo"),
    "medium": ("32 connections, 1 KiB ASCII text, 4 in flight", "-c 32 -s 1024 -p 4 --text", "echo"),
    "large": ("8 connections, 64 KiB binary, 2 in flight", "-c 8 -s 65536 -p 2 --binary", "echo"),
    "huge": ("2 connections, 4 MiB binary, 1 in flight", "-c 2 -s 4194304 -p 1 --binary", "echo"),
    "text-utf8": ("32 connections, 4 KiB multi-byte UTF-8, 2 in flight", "-c 32 -s 4096 -p 2 --utf8", "echo"),
    "deflate-1k": ("32 connections, 1 KiB JSON-like text, permessage-deflate, 4 in flight",
                   "-c 32 -s 1024 -p 4 --text --deflate", "deflate"),
    "latency-20k": ("100 connections, 125 B binary, open loop at 20000 messages/s in all",
                    "-c 100 -s 125 --binary --rate 20000", "rate"),
    "connect": ("32 at once: connect, upgrade, close handshake", "-c 32 --connect", "connect"),
    "idle-memory": ("10000 connections, each idle after one 125 B echo", "-c 10000 -s 125 --idle", "idle"),
}


def jvm(opts, flags, props=()):
    return [tool(opts, "java"), *flags, *shlex.split(opts.jvm_flags), *props, "--enable-native-access=ALL-UNNAMED"]


def tool(opts, name):
    """A program of the JDK: of --jdk, of JAVA_HOME, or the one on the path."""
    return os.path.join(opts.jdk, "bin", name) if opts.jdk else name


class Spec:
    """How one server is started."""

    def __init__(self, name, kind, argv, deflate=True, raw=False):
        self.name, self.kind, self.argv, self.deflate, self.raw = name, kind, argv, deflate, raw


def java_peer(name, cls, props=(), lib=JVM_LIB, **kw):
    return Spec(name, "jvm", lambda o, fl, port, d: jvm(o, fl, props) + ["-cp", lib, cls, str(port), d], **kw)


def native_peer(name, program, **kw):
    return Spec(name, "native", lambda o, fl, port, d: [os.path.join(OUT, program), str(port), d], **kw)


def specs(opts):
    all_ = [
        native_peer("raw-c", "rawecho", raw=True),
        java_peer("raw-nio", "peers.RawNioEcho", raw=True),
        java_peer("netty-nio", "peers.NettyEcho", NETTY),
        java_peer("netty-epoll", "peers.NettyEcho", NETTY + ["-Dpeers.transport=epoll"]),
        java_peer("netty-nio-str", "peers.NettyEcho", NETTY + ["-Dpeers.string=true"]),
        java_peer("undertow", "peers.UndertowEcho"),
        java_peer("jetty", "peers.JettyEcho"),
        java_peer("java-websocket", "peers.JavaWebSocketEcho"),
        java_peer("vertx", "peers.VertxEcho", NETTY),
        java_peer("tyrus", "peers.TyrusEcho"),
        native_peer("lws", "lws_echo"),
        native_peer("beast", "beast_echo"),
        Spec("node-ws", "node", lambda o, fl, port, d: ["node", os.path.join(HERE, "peers/node/echo.js"), str(port), d]),
    ]
    all_.append(Spec("tenon", "jvm", lambda o, fl, port, d: jvm(o, fl) + [
        "-p", TENON, *MAIN, "echo", "--port", str(port), "--any-path", "--any-origin", "--max-message", "16MiB", "--deflate", d,
        "--loops", "1"]))
    if os.environ.get("UWS"):
        path = os.environ["UWS"]
        all_.append(Spec("uws", "native", lambda o, fl, port, d: [path, "echo", str(port), d]))
    for e in opts.extra:
        name, _, cmd = e.partition("=")

        def argv(o, fl, port, d, cmd=cmd):
            text = cmd.replace("{jvm}", " ".join(map(shlex.quote, jvm(o, fl))))
            return shlex.split(text.replace("{port}", str(port)).replace("{deflate}", d))
        all_.append(Spec(name, "jvm" if "{jvm}" in cmd or "java" in cmd.split()[0] else "native", argv))
    return {s.name: s for s in all_}


def set_niceness(opts):
    """For preexec_fn, in a session of its own: sets the niceness of the process and of its scheduler autogroup."""
    if opts.nice:
        os.nice(opts.nice)
        try:
            with open("/proc/self/autogroup", "w") as f:
                f.write(str(opts.nice))
        except OSError:
            pass


def descendants(pid):
    found, todo = [pid], [pid]
    while todo:
        p = todo.pop()
        try:
            for t in os.listdir(f"/proc/{p}/task"):
                with open(f"/proc/{p}/task/{t}/children") as f:
                    kids = [int(k) for k in f.read().split()]
                found += kids
                todo += kids
        except OSError:
            pass
    return found


class Server:
    """A started server in a process group of its own."""
    next_port = 19400

    def __init__(self, spec, opts, deflate, flags):
        Server.next_port += 1
        self.spec, self.port = spec, Server.next_port
        argv = spec.argv(opts, flags, self.port, "on" if deflate else "off")
        self.log = open(os.path.join(OUT, f"{spec.name}.log"), "ab")
        limit = max(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[0])

        def pre():
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
            except (ValueError, OSError):
                pass
            set_niceness(opts)
        self.proc = subprocess.Popen(["taskset", "-c", opts.server_cpus, *argv], stdin=subprocess.DEVNULL,
                                     stdout=self.log, stderr=self.log, preexec_fn=pre, start_new_session=True)
        self.pids = [self.proc.pid]
        end = time.time() + 90
        while True:
            if self.proc.poll() is not None:
                raise RuntimeError(f"{spec.name} ended with {self.proc.returncode}; see {self.log.name}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                if time.time() > end:
                    self.stop()
                    raise RuntimeError(f"{spec.name} does not listen")
                time.sleep(0.05)
        time.sleep(0.2)
        self.pids = descendants(self.proc.pid)

    def pause(self):
        os.killpg(self.proc.pid, signal.SIGSTOP)

    def go_on(self):
        os.killpg(self.proc.pid, signal.SIGCONT)

    def cpu(self):
        s = 0.0
        for p in self.pids:
            try:
                s += time.clock_gettime((~p << 3) | 2)
            except OSError:
                pass
        return s

    def rss_kb(self):
        s = 0
        for p in self.pids:
            with open(f"/proc/{p}/status") as f:
                s += sum(int(l.split()[1]) for l in f if l.startswith("VmRSS:"))
        return s

    def stop(self):
        if self.proc.poll() is None:
            try:
                self.go_on()
                os.killpg(self.proc.pid, signal.SIGTERM)
                self.proc.wait(4)
            except (subprocess.TimeoutExpired, ProcessLookupError):
                try:
                    os.killpg(self.proc.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                self.proc.wait()
        self.log.close()


def cpu_times():
    """(busy, stolen) seconds of all cores since boot."""
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:]]
    hz = os.sysconf("SC_CLK_TCK")
    return (sum(v[:8]) - v[3] - v[4]) / hz, v[7] / hz


def wsload_argv(opts, server, args, secs, warm):
    a = ["taskset", "-c", opts.client_cpus, WSLOAD, "127.0.0.1", str(server.port), "/", *shlex.split(args),
         "-d", str(secs), "-w", str(warm), "--json"]
    if server.spec.raw:
        a.append("-T")
    for p in server.pids:
        a += ["--cpu-pid", str(p)]
    return a


def load(opts, server, args, secs, warm):
    """Runs the generator once; returns its JSON, with the CPU time that other processes took meanwhile."""
    busy0, stolen0 = cpu_times()
    own0, wall0 = server.cpu(), time.time()
    r0 = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(wsload_argv(opts, server, args, secs, warm), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=secs + warm + 60, start_new_session=True, preexec_fn=lambda: set_niceness(opts))
    r1 = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy1, stolen1 = cpu_times()
    wall = time.time() - wall0
    try:
        r = json.loads(p.stdout)
    except ValueError:
        r = {"errors": 1, "bad": 0, "mps": 0, "msgs": 0, "err": (p.stderr or p.stdout).decode(errors="replace")[-300:]}
    own = server.cpu() - own0 + (r1.ru_utime + r1.ru_stime - r0.ru_utime - r0.ru_stime)
    r["stolen_pct"] = 100 * (stolen1 - stolen0) / wall
    r["foreign_pct"] = max(0.0, 100 * (busy1 - busy0 - (stolen1 - stolen0) - own) / wall)
    if r.get("msgs"):
        r["cpu_us"] = r["srv_cpu"] * 1e6 / r["msgs"]
        r["cli_pct"] = 100 * r["cli_cpu"] / r["secs"]
        r["srv_pct"] = 100 * r["srv_cpu"] / r["secs"]
    return r


def say(*a):
    print(*a, file=sys.stderr, flush=True)


def measure(opts, workload, chosen):
    """All chosen servers on one throughput workload; name -> list of runs."""
    _, args, kind = WORKLOADS[workload]
    deflate = kind == "deflate"
    servers, runs = [], {}
    try:
        for spec in chosen:
            if deflate and not spec.deflate:
                continue
            try:
                s = Server(spec, opts, deflate, THROUGHPUT_FLAGS)
            except (RuntimeError, OSError) as e:
                say(f"  {e}")
                runs[spec.name] = [{"errors": 1, "bad": 0, "mps": 0, "msgs": 0, "err": str(e)}]
                continue
            servers.append(s)
            warm = opts.warm if spec.kind != "native" else min(1.0, opts.warm)
            if kind == "rate":  # closed loop warms up sooner
                w = load(opts, s, "-c 100 -s 125 --binary", warm, 0)
                w = load(opts, s, args, 1, 0.2)
            else:
                w = load(opts, s, args, warm, 0)
            s.pause()
            say(f"  {spec.name:15} warm-up {w.get('mps', 0):10.0f}/s  {w.get('err', '')}")
        for i in range(-opts.discard, opts.rounds):
            for k in range(len(servers)):
                s = servers[(k + i) % len(servers)]
                s.go_on()
                for _ in range(opts.retries + 1):
                    r = load(opts, s, args, opts.seconds, opts.settle)
                    if r["foreign_pct"] + r["stolen_pct"] <= opts.max_foreign:
                        break
                s.pause()
                if i >= 0:
                    runs.setdefault(s.spec.name, []).append(r)
            if i >= 0:
                say(f"  round {i + 1}: " + " ".join(f"{n}={rs[-1].get('mps', 0):.0f}" for n, rs in runs.items()))
    finally:
        for s in servers:
            s.stop()
    return runs


def jcmd(opts, pid, *words):
    return subprocess.run([tool(opts, "jcmd"), str(pid), *words],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60).stdout.decode()


def settled(opts, server):
    """(RSS in KiB, live heap in KiB or None) after collections."""
    heap = None
    if server.spec.kind == "jvm":
        for _ in range(3):
            jcmd(opts, server.pids[-1], "GC.run")
            time.sleep(0.3)
        text = jcmd(opts, server.pids[-1], "GC.heap_info")
        used = [l.split("used ")[1].split("K")[0] for l in text.splitlines()
                if "used " in l and ("generation" in l or "DefNew" in l or "Tenured" in l)]
        heap = sum(int(u) for u in used) if used else None
    time.sleep(1.0)
    return server.rss_kb(), heap


def measure_idle(opts, chosen):
    _, args, _ = WORKLOADS["idle-memory"]
    n = opts.idle
    args = args.replace("-c 10000", f"-c {n}")
    runs = {}
    for spec in chosen:
        if spec.raw and spec.kind == "native":
            continue
        for _ in range(min(opts.rounds, opts.idle_rounds)):
            try:
                s = Server(spec, opts, False, MEMORY_FLAGS)
            except (RuntimeError, OSError) as e:
                runs.setdefault(spec.name, []).append({"errors": 1, "err": str(e)})
                break
            try:
                load(opts, s, "-c 200 -s 125 --binary", 2, 0)  # classes loaded, hot paths compiled
                time.sleep(0.5)
                rss0, heap0 = settled(opts, s)
                p = subprocess.Popen(wsload_argv(opts, s, args, 90, 0), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     start_new_session=True)
                line = p.stdout.readline()
                if b"READY" not in line:
                    p.wait(60)
                    raise RuntimeError((p.stderr.read() + line).decode(errors="replace")[-200:])
                rss1, heap1 = settled(opts, s)
                p.terminate()
                r = json.loads(p.stdout.read())
                p.wait(30)
                r["rss_kb_per_conn"] = (rss1 - rss0) / n
                r["heap_kb_per_conn"] = (heap1 - heap0) / n if heap0 is not None and heap1 is not None else None
                r["rss0_mb"] = rss0 / 1024
                runs.setdefault(spec.name, []).append(r)
                say(f"  {spec.name:15} {r['rss_kb_per_conn']:8.2f} KiB RSS per connection, "
                    f"heap {r['heap_kb_per_conn'] or 0:.2f}, base {rss0 / 1024:.0f} MiB, opened {r['opened']} {r['err']}")
            except (RuntimeError, subprocess.TimeoutExpired, ValueError) as e:
                say(f"  {spec.name}: {e}")
                runs.setdefault(spec.name, []).append({"errors": 1, "err": str(e)})
            finally:
                s.stop()
    return runs


def med(rs, key):
    v = [r[key] for r in rs if r.get(key) is not None]
    return statistics.median(v) if v else None


def fmt(v, spec):
    return "-" if v is None else format(v, spec)


def table(workload, runs, ref):
    text = [f"\n### {workload}: {WORKLOADS[workload][0]}\n"]
    kind = WORKLOADS[workload][2]
    good = {n: [r for r in rs if r.get("msgs") or "rss_kb_per_conn" in r] for n, rs in runs.items()}
    if kind == "idle":
        text += ["| server | RSS KiB/conn | live heap KiB/conn | base RSS MiB | opened | errors |",
                 "|---|---:|---:|---:|---:|---:|"]
        for n, rs in sorted(good.items(), key=lambda i: med(i[1], "rss_kb_per_conn") or 1e9):
            if rs:
                text.append(f"| {n} | {fmt(med(rs, 'rss_kb_per_conn'), '.2f')} | {fmt(med(rs, 'heap_kb_per_conn'), '.2f')} "
                            f"| {fmt(med(rs, 'rss0_mb'), '.0f')} | {fmt(med(rs, 'opened'), '.0f')} | {sum(r['errors'] for r in rs)} |")
            else:
                text.append(f"| {n} | failed: {runs[n][-1].get('err', '')[:80]} | | | | |")
        return "\n".join(text)
    unit = "connects" if kind == "connect" else "msgs"
    text += [f"| server | {unit}/s | x {ref} | of raw-c | of raw-nio | spread | server CPU us | x {ref} | MB/s | p50 us | p99 us "
             "| p99.9 us | gen CPU % | srv CPU % | foreign % | errors |",
             "|---|" + "---:|" * 15]
    base = {n: med(good.get(n, []), "mps") for n in (ref, "raw-c", "raw-nio")}
    base_cpu = med(good.get(ref, []), "cpu_us")

    def ratio(v, b):
        return "-" if not v or not b else f"{v / b:.2f}"
    for n, rs in sorted(good.items(), key=lambda i: -(med(i[1], "mps") or 0)):
        if not rs:
            text.append(f"| {n} | failed: {runs[n][-1].get('err', '')[:90]} |" + " |" * 14)
            continue
        m, c = med(rs, "mps"), med(rs, "cpu_us")
        lo, hi = min(r["mps"] for r in rs), max(r["mps"] for r in rs)
        text.append(
            f"| {n} | {m:.0f} | {ratio(m, base[ref])} | {ratio(m, base['raw-c'])} | {ratio(m, base['raw-nio'])} "
            f"| {100 * (hi - lo) / m:.0f}% | {c:.3f} | {ratio(c, base_cpu)} | {med(rs, 'mbps'):.0f} | {med(rs, 'p50'):.0f} "
            f"| {med(rs, 'p99'):.0f} | {med(rs, 'p999'):.0f} | {med(rs, 'cli_pct'):.0f} | {med(rs, 'srv_pct'):.0f} "
            f"| {med(rs, 'foreign_pct'):.0f}+{med(rs, 'stolen_pct'):.0f} | {sum(r['errors'] + r['bad'] for r in rs)} |")
    return "\n".join(text)


def verify(opts, chosen):
    """Every echoed byte of every workload's messages is compared."""
    bad = 0
    for deflate in (False, True):
        for spec in chosen:
            if deflate and (not spec.deflate or spec.raw):
                continue
            try:
                s = Server(spec, opts, deflate, THROUGHPUT_FLAGS)
            except (RuntimeError, OSError) as e:
                say(f"{spec.name:15} {e}")
                bad += 1
                continue
            try:
                for w, (_, args, kind) in WORKLOADS.items():
                    if kind in ("connect", "idle", "rate") or (kind == "deflate") != deflate:
                        continue
                    r = load(opts, s, args + " --verify", 1.0, 0.1)
                    ok = not r["errors"] and not r["bad"] and r["msgs"]
                    bad += not ok
                    print(f"{spec.name:15} {w:12} {'ok ' if ok else 'BAD'} {r['msgs']:8} messages, "
                          f"{r.get('compressed', 0)} compressed {r['err']}", flush=True)
            finally:
                s.stop()
    return bad


def build(names):
    """Builds the generator, and what these servers need."""
    os.makedirs(OUT, exist_ok=True)

    def sh(cmd, **kw):
        say("+ " + cmd)
        subprocess.run(cmd, shell=True, check=True, cwd=HERE, **kw)
    sh("gcc -O3 -march=native -Wall -Wextra -o out/wsload wsload.c -lz -lssl -lcrypto -lpthread")
    commands = {
        "raw-c": "gcc -O3 -march=native -Wall -o out/rawecho native/rawecho.c",
        "lws": "gcc -O3 -march=native -Wall -o out/lws_echo native/lws_echo.c -lwebsockets",
        "beast": "g++ -O3 -march=native -std=c++17 -o out/beast_echo native/beast_echo.cpp -lpthread",
        "node-ws": "cd peers/node && npm install --no-audit --no-fund",
    }
    for name in names:
        if name in commands:
            sh(commands[name])
    sh("mvn -q -B -ntp -f peers/pom.xml package")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--servers", help="comma-separated names (default: all but netty-nio-str)")
    p.add_argument("--without", default="", help="comma-separated names to leave out")
    p.add_argument("--workloads", help="comma-separated names (default: all)")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--restarts", type=int, default=1, help="the whole of it so many times, each time in fresh processes")
    p.add_argument("--seconds", type=float, default=2.0, help="measured per run")
    p.add_argument("--settle", type=float, default=0.4, help="unmeasured start of each run")
    p.add_argument("--warm", type=float, default=10.0, help="warm-up per server and workload (native: 1 s)")
    p.add_argument("--discard", type=int, default=1, help="rounds before the counted ones")
    p.add_argument("--ref", default="netty-nio", help="the server that ratios are against")
    p.add_argument("--jdk", default=os.environ.get("JAVA_HOME", ""), help="a JDK (default: JAVA_HOME, or the one on the path)")
    p.add_argument("--jvm-flags", default="", help="further flags for every JVM")
    p.add_argument("--extra", action="append", default=[], metavar="NAME=COMMAND",
                   help="a further server; {port}, {deflate} (on or off) and {jvm} (java with the common flags) are filled in")
    p.add_argument("--server-cpus", default="0")
    p.add_argument("--client-cpus", default="1")
    p.add_argument("--nice", type=int, default=0, help="niceness of servers and generator; root may give a negative one, to be measured beside other work")
    p.add_argument("--max-foreign", type=float, default=15, help="repeat a run that saw more foreign CPU use than this, in %% of a core")
    p.add_argument("--retries", type=int, default=1)
    p.add_argument("--idle", type=int, default=10000, help="connections of idle-memory")
    p.add_argument("--idle-rounds", type=int, default=1)
    p.add_argument("--json", help="write every run to this file (merged by workload and server into an existing one)")
    p.add_argument("--show", metavar="JSON", help="only print the tables of an earlier run")
    p.add_argument("--verify", action="store_true", help="check the servers' echoes instead of measuring")
    p.add_argument("--build", action="store_true", help="build generator and peers first")
    p.add_argument("--list", action="store_true")
    o = p.parse_args()
    if o.show:
        with open(o.show) as f:
            data = json.load(f)
        for w in WORKLOADS:
            if w in data["runs"]:
                print(table(w, data["runs"][w], o.ref))
        return 0
    all_ = specs(o)
    if o.list:
        print("servers:  ", " ".join(all_))
        print("workloads:", " ".join(WORKLOADS))
        return 0
    names = o.servers.split(",") if o.servers else [n for n in all_ if n != "netty-nio-str"]
    names += [e.partition("=")[0] for e in o.extra if e.partition("=")[0] not in names]
    left_out = set(o.without.split(","))
    for n in names:
        if n not in all_:
            p.error(f"no server {n}; there are {' '.join(all_)}")
    chosen = [all_[n] for n in names if n not in left_out]
    if o.build:
        build([s.name for s in chosen])
    work = o.workloads.split(",") if o.workloads else list(WORKLOADS)
    for w in work:
        if w not in WORKLOADS:
            p.error(f"no workload {w}; there are {' '.join(WORKLOADS)}")
    os.makedirs(OUT, exist_ok=True)
    if not os.path.exists(WSLOAD):
        p.error("not built; run with --build")
    if o.verify:
        return 1 if verify(o, chosen) else 0
    data = {"runs": {}}
    if o.json and os.path.exists(o.json):
        with open(o.json) as f:
            data = json.load(f)
    java = subprocess.run([tool(o, "java"), "-version"], stderr=subprocess.PIPE)
    data.setdefault("sessions", []).append({
        "time": time.strftime("%Y-%m-%d %H:%M:%S"), "system": platform.system() + " " + platform.machine(), "cores": os.cpu_count(), "args": sys.argv[1:],
        "java": java.stderr.decode().splitlines()[1:2], "load": os.getloadavg()})
    for w in work:
        say(f"{time.strftime('%H:%M:%S')} {w}: {WORKLOADS[w][0]}  (load {os.getloadavg()[0]:.2f})")
        if WORKLOADS[w][2] == "idle":
            runs = measure_idle(o, chosen)
        else:
            runs = {}
            for _ in range(o.restarts):
                for name, rs in measure(o, w, chosen).items():
                    runs.setdefault(name, []).extend(rs)
        data["runs"].setdefault(w, {}).update(runs)
        if o.json:
            with open(o.json + ".part", "w") as f:
                json.dump(data, f, indent=1)
            os.replace(o.json + ".part", o.json)
        print(table(w, data["runs"][w], o.ref), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
