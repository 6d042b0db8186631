#!/usr/bin/env python3
"""wss: echo and connect over TLS 1.3 or 1.2, servers interleaved as in run.py (see README.md, "TLS").

usage: tls.py --server NAME='COMMAND with {jvm}, {port}, {key} (PEM), {cert} (PEM), {p12}, {password}' [--server ...]
Known without a command: netty-jdk, netty-boring (run.py --build first). Figures: server CPU per message, medians of rounds.
"""
import argparse, json, os, shlex, statistics, subprocess
import run as B

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = os.path.join(HERE, "out", "keys")
WORKLOADS = {
    "small": "-c 100 -s 32 -p 1 --binary",
    "pipelined": "-c 16 -s 125 -p 64 --binary",
    "medium": "-c 32 -s 1024 -p 4 --text",
    "large": "-c 8 -s 65536 -p 2 --binary",
    "connect": "-c 32 --connect",
    "resume": "-c 32 --connect --resume",
}
NETTY = "{jvm} -cp %s peers.NettyTlsEcho {port} %%s {key} {cert}" % B.JVM_LIB
KNOWN = {"netty-jdk": NETTY % "jdk", "netty-boring": NETTY % "openssl"}


def make_keys(kind):
    os.makedirs(KEYS, exist_ok=True)
    base = os.path.join(KEYS, kind)
    if not os.path.exists(base + ".p12"):
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "ec" else ["-newkey", "rsa:2048"]
        subprocess.check_call(["openssl", "req", "-x509", *new, "-nodes", "-days", "3650", "-subj", "/CN=localhost", "-addext",
                               "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", base + ".key", "-out", base + ".crt"],
                              stderr=subprocess.DEVNULL)
        with open(os.path.join(KEYS, "password"), "w") as f:
            f.write("changeit\n")
        subprocess.check_call(["openssl", "pkcs12", "-export", "-inkey", base + ".key", "-in", base + ".crt", "-out", base + ".p12",
                               "-passout", "pass:changeit"])
    return {"key": base + ".key", "cert": base + ".crt", "p12": base + ".p12", "password": os.path.join(KEYS, "password")}


def spec(name, command, keys):
    def argv(o, flags, port, deflate):
        text = command.replace("{jvm}", " ".join(map(shlex.quote, B.jvm(o, flags, B.NETTY)))).replace("{port}", str(port))
        for k, v in keys.items():
            text = text.replace("{%s}" % k, v)
        return shlex.split(text)
    return B.Spec(name, "jvm" if "{jvm}" in command else "native", argv)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--server", action="append", required=True, metavar="NAME[=COMMAND]")
    p.add_argument("--workloads", default="small,pipelined,medium,large,connect,resume")
    p.add_argument("--tls", default="1.3")
    p.add_argument("--key", default="ec", help="ec or rsa")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--warm", type=float, default=8, help="seconds; connect needs 30 and more")
    p.add_argument("--nice", type=int, default=0)
    p.add_argument("--json", help="write every run to this file")
    o = p.parse_args()
    vars(o).update(seconds=2.0, settle=0.3, discard=1, jdk=os.environ.get("JAVA_HOME", ""), jvm_flags="", server_cpus="0", client_cpus="1", retries=0,
                   max_foreign=1e9, extra=[], ref="")
    keys = make_keys(o.key)
    specs = [spec(*((s.split("=", 1)) if "=" in s else (s, KNOWN[s])), keys) for s in o.server]

    def load(opts, server, args, secs, warm):
        argv = ["taskset", "-c", opts.client_cpus, B.WSLOAD, "127.0.0.1", str(server.port), "/", *shlex.split(args), "-d", str(secs),
                "-w", str(warm), "--json", "--tls", opts.tls]
        for pid in server.pids:
            argv += ["--cpu-pid", str(pid)]
        return argv
    B.wsload_argv = load
    seen = {}
    for w in o.workloads.split(","):
        B.WORKLOADS[w] = ("", WORKLOADS[w], "connect" if "connect" in WORKLOADS[w] else "echo")
        runs = seen[w] = B.measure(o, w, specs)
        print("\n### %s (%s), TLS %s, %s key\n\n| server | msgs/s | CPU us | x first | errors |\n|---|---:|---:|---:|---:|"
              % (w, WORKLOADS[w], o.tls, o.key))
        first = runs[specs[0].name]
        for name, rows in runs.items():
            if not any(r.get("cpu_us") for r in rows):
                print("| %s | failed: %s | | | |" % (name, rows[-1].get("err", "")[:80]), flush=True)
                continue
            ratio = statistics.median([b["cpu_us"] / a["cpu_us"] for a, b in zip(first, rows) if a.get("cpu_us") and b.get("cpu_us")] or [0])
            print("| %s | %.0f | %.3f | %.2f | %d |" % (name, statistics.median(r["mps"] for r in rows),
                  statistics.median(r["cpu_us"] for r in rows if r.get("cpu_us")), ratio, sum(r.get("errors", 0) for r in rows)), flush=True)
    if o.json:
        with open(o.json, "w") as f:
            json.dump({"runs": seen}, f, indent=1)


if __name__ == "__main__":
    main()
